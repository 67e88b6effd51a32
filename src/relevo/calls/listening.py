"""From utterances to words. Recognition begins at the first pause and is thrown away if the customer goes on.

It keeps turns in the order in which they were spoken and shows what it has as captions; what the words mean, and
whether anybody answers, is not its business.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from relevo.calls.media.listened import Utterance
from relevo.calls.ports import Pcm, Recognizer, Transcript
from relevo.calls.rules import Signal, looks_finished
from relevo.kit import log
from relevo.kit.tasks import Tasks

_log = log.get("calls.listening")


class _Hearing:
    """The recognition of one utterance."""

    def __init__(self, utterance: Utterance) -> None:
        self.utterance = utterance
        self.task: asyncio.Task[None] | None = None
        self.transcript: Transcript | None = None
        self.ended = False
        self.failed = False
        """The whole of it could not be recognised."""

    @property
    def known(self) -> bool:
        return self.failed or self.transcript is not None

    def forget(self) -> None:
        if self.task is not None:
            self.task.cancel()
        self.task = self.transcript = None


class Listening:
    """``judge`` tells the turn taking, ``caption`` shows words so far, ``turn`` gets every finished turn in order."""

    def __init__(
        self,
        recognizer: Recognizer,
        tasks: Tasks,
        *,
        language: str,
        names: Callable[[], Sequence[str]],
        judge: Callable[[Utterance, bool], None],
        caption: Callable[[str], None],
        turn: Callable[[Utterance, Transcript | None], None],
    ) -> None:
        self._recognizer = recognizer
        self._tasks = tasks
        self._language = language
        self._names = names
        self._judge = judge
        self._caption = caption
        self._turn = turn
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
        elif signal is Signal.RESUMED:
            hearing.forget()
        elif signal is Signal.ENDED:
            hearing.ended = True
            if hearing.task is None:
                self._begin(hearing)
            self._deliver()

    def _begin(self, hearing: _Hearing) -> None:
        hearing.forget()
        work = self._recognize(hearing, hearing.utterance.pcm())
        hearing.task = self._tasks.start(work, name="recognise")

    async def _recognize(self, hearing: _Hearing, sound: Pcm) -> None:
        try:
            transcript = await self._recognizer.transcribe(sound, language=self._language, names=self._names())
        except Exception:
            _log.exception("recognising failed")
            hearing.task = None
            hearing.failed = hearing.ended
            self._deliver()
            return
        hearing.transcript = transcript
        if hearing.ended:
            self._deliver()
            return
        if transcript.text:
            self._caption(transcript.text)
        self._judge(hearing.utterance, looks_finished(transcript.text))

    def _deliver(self) -> None:
        while self._hearings and self._hearings[0].ended and self._hearings[0].known:
            hearing = self._hearings.popleft()
            self._turn(hearing.utterance, hearing.transcript)
