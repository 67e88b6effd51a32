"""From utterances to words. Recognition begins at the first pause and is thrown away if the customer goes on.

It keeps turns in the order in which they were spoken and shows what it has as captions. A little later in the pause a
model is asked whether the melody sounds like the end; both only ever tell, nobody waits for them. What the words mean,
and whether anybody answers, is not its business.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from relevo.calls.media.listened import Utterance
from relevo.calls.ports import Pcm, Recognizer, Transcript, TurnEndModel
from relevo.calls.rules import Signal
from relevo.kit import log
from relevo.kit.tasks import Tasks

_log = log.get("calls.listening")

Judge = Callable[[Utterance, Transcript, float | None], None]
"""Told in a pause what the words are so far, and the probability that the melody is at its end (None: not known)."""
Heard = Callable[[Utterance, Transcript | None], None]


class _Hearing:
    """The recognition of one utterance."""

    def __init__(self, utterance: Utterance) -> None:
        self.utterance = utterance
        self.task: asyncio.Task[None] | None = None
        self.melody: asyncio.Task[None] | None = None
        self.transcript: Transcript | None = None
        self.done: float | None = None
        self.ended = False

    def forget(self) -> None:
        for task in (self.task, self.melody):
            if task is not None:
                task.cancel()
        self.task = self.melody = self.transcript = self.done = None


class Listening:
    """``judge`` tells the turn taking, ``caption`` shows words so far, ``turn`` gets every finished turn in order."""

    def __init__(
        self,
        recognizer: Recognizer,
        tasks: Tasks,
        *,
        language: str,
        names: Callable[[], Sequence[str]],
        judge: Judge,
        caption: Callable[[str], None],
        turn: Heard,
        turn_end: TurnEndModel | None = None,
    ) -> None:
        self.language = language
        self._recognizer = recognizer
        self._tasks = tasks
        self._names = names
        self._judge = judge
        self._caption = caption
        self._turn = turn
        self._turn_end = turn_end
        self._hearings: deque[_Hearing] = deque()

    @property
    def busy(self) -> bool:
        return bool(self._hearings)

    def signal(self, signal: Signal, utterance: Utterance) -> None:
        if signal is Signal.STARTED:
            self._hearings.append(_Hearing(utterance))
            return
        hearing = next((known for known in self._hearings if known.utterance is utterance), None)
        if hearing is None:
            return
        if signal is Signal.PAUSED:
            self._begin(hearing)
        elif signal is Signal.QUIET:
            if self._turn_end is not None:
                work = self._hear_melody(hearing, self._turn_end, utterance.pcm())
                hearing.melody = self._tasks.start(work, name="turn end")
        elif signal is Signal.RESUMED:
            hearing.forget()
        else:
            hearing.ended = True
            if hearing.melody is not None:
                hearing.melody.cancel()
            if hearing.task is None:
                self._begin(hearing)
            self._deliver()

    def _begin(self, hearing: _Hearing) -> None:
        hearing.forget()
        work = self._recognize(hearing, hearing.utterance.pcm())
        hearing.task = self._tasks.start(work, name="recognise")

    async def _recognize(self, hearing: _Hearing, sound: Pcm) -> None:
        try:
            transcript = await self._recognizer.transcribe(sound, language=self.language, names=self._names())
        except Exception:
            _log.exception("recognising failed")
            hearing.task = None
            if hearing.ended:
                self._hearings.remove(hearing)
                self._turn(hearing.utterance, None)
            return
        hearing.transcript = transcript
        if hearing.ended:
            self._deliver()
            return
        if transcript.text:
            self._caption(transcript.text)
        self._judge(hearing.utterance, transcript, hearing.done)

    async def _hear_melody(self, hearing: _Hearing, model: TurnEndModel, sound: Pcm) -> None:
        try:
            hearing.done = await model.finished(sound)
        except Exception:
            _log.exception("the turn-end model failed")
            return
        if hearing.transcript is not None and not hearing.ended:
            self._judge(hearing.utterance, hearing.transcript, hearing.done)

    def _deliver(self) -> None:
        while self._hearings and self._hearings[0].ended and self._hearings[0].transcript is not None:
            hearing = self._hearings.popleft()
            self._turn(hearing.utterance, hearing.transcript)
