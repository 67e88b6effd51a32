"""The sound of one call: the customer's voice in, our side's voice out, both onto the recording, every 20 ms.

Laid out for speed. The customer's leg is joined once and never changes; who is on our side is a matter of which source
is played (the bot's and typed speech through ``Playout`` today). It cuts the customer's voice into utterances and tells
when one begins, pauses and ends; it neither recognises words nor decides what to say.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from relevo.calls.media import mulaw
from relevo.calls.media.clock import MediaClock
from relevo.calls.media.ears import Ears
from relevo.calls.media.playout import Playout, Speech
from relevo.calls.media.rates import doubled
from relevo.calls.media.recorder import Recorder
from relevo.calls.ports import Line, Pcm
from relevo.calls.rules import WINDOW_MS, Signal, TurnPolicy, TurnTaking

PREROLL = 10
"""Windows kept from before the detector was sure (320 ms): the first consonant counts."""
SURE = 0.85
"""From this probability on it is a voice and not noise."""
MISSING = 10
"""Ticks without a packet before their silence is heard as silence."""


@dataclass(slots=True, eq=False)
class Utterance:
    """What the customer said in one turn, as sound."""

    number: int
    began_ms: int
    ended_ms: int = 0
    """When the voice fell silent."""
    words_ms: int = 0
    """When its words were known."""
    turn_ms: int = 0
    """When it was taken for a whole turn."""
    voiced_ms: int = 0
    """How much of it was surely a voice."""
    windows: list[bytes] = field(default_factory=list)
    """Mu-law, 32 ms each."""

    def pcm(self) -> Pcm:
        """As recognisers take it: 16 kHz."""
        return doubled(mulaw.decode(b"".join(self.windows)))


class Conductor(Protocol):
    """Who decides. Called inside the tick: must return at once."""

    def on_signal(self, signal: Signal, utterance: Utterance) -> None: ...

    def on_said(self, speech: Speech) -> None:
        """The customer has heard all of it."""
        ...

    def on_tick(self) -> None: ...

    def on_fault(self, error: Exception) -> None: ...


class Bridge:
    def __init__(
        self,
        line: Line,
        clock: MediaClock,
        ears: Ears,
        recorder: Recorder | None,
        conductor: Conductor,
        policy: TurnPolicy | None = None,
    ) -> None:
        self._clock = clock
        self._ears = ears
        self._recorder = recorder
        self._conductor = conductor
        self._turns = TurnTaking(policy)
        self._preroll: deque[bytes] = deque(maxlen=PREROLL)
        self._arrived: list[bytes] = []
        self._missing = 0
        self._count = 0
        self.utterance: Utterance | None = None
        self.playout = Playout(line, conductor.on_said)
        self._ear = ears.open(self._heard)
        clock.join(self._tick, conductor.on_fault)

    @property
    def now_ms(self) -> int:
        return self.playout.now_ms

    @property
    def customer_speaks(self) -> bool:
        return self._turns.speaking

    def sound(self, sound: bytes, position: int) -> None:
        """Customer's sound, from the line's reader."""
        self._arrived.append(sound)
        if self._recorder is not None:
            self._recorder.customer(sound, position)

    def judge(self, utterance: Utterance, *, finished: bool) -> None:
        """The words of ``utterance`` so far look like a whole sentence, or not."""
        if utterance is self.utterance and (signal := self._turns.judge(finished=finished)) is not None:
            self._tell(signal)

    def close(self) -> None:
        self._clock.leave(self._tick)
        self._ears.close(self._ear)

    def _tick(self) -> None:
        if self._arrived:
            self._missing = 0
            for sound in self._arrived:
                self._ear.push(sound)
            self._arrived.clear()
        else:
            self._missing += 1
            if self._missing > MISSING:
                self._ear.push(mulaw.QUIET)
        now = self.playout.tick()
        if self._recorder is not None:
            self._recorder.tick(now)
        self._conductor.on_tick()

    def _heard(self, probability: float, window: bytes) -> None:
        if self.utterance is not None:
            self.utterance.windows.append(window)
            self.utterance.voiced_ms += WINDOW_MS if probability >= SURE else 0
        else:
            self._preroll.append(window)
        signal = self._turns.hear(probability)
        if signal is Signal.STARTED:
            self._count += 1
            began = self.now_ms - WINDOW_MS * len(self._preroll)
            self.utterance = Utterance(self._count, max(0, began), windows=list(self._preroll))
            self._preroll.clear()
        if signal is not None:
            self._tell(signal)

    def _tell(self, signal: Signal) -> None:
        utterance = self.utterance
        if utterance is None:
            return
        if signal is Signal.PAUSED:
            utterance.ended_ms = self.now_ms - self._turns.quiet_ms
        elif signal is Signal.ENDED:
            utterance.ended_ms = utterance.ended_ms or self.now_ms
            utterance.turn_ms = self.now_ms
            self.utterance = None
        self._conductor.on_signal(signal, utterance)
