"""The sound of one call: the customer's voice in, our side's voice out, both onto the recording, every 20 ms.

Laid out for speed. The customer's leg is joined once and never changes; who is on our side is a matter of which source
is played: the bot's and typed speech through ``Playout``, people through the ``Floor``. What is only passed on stays
mu-law bytes; samples are computed only while somebody of our staff is in the call.
"""

from __future__ import annotations

from typing import Protocol

from relevo.calls.media.clock import MediaClock
from relevo.calls.media.ears import Ears
from relevo.calls.media.floor import Floor
from relevo.calls.media.listened import Listened, Tell, Utterance
from relevo.calls.media.mulaw import QUIET
from relevo.calls.media.playout import Playout, Speech
from relevo.calls.media.recorder import Recorder
from relevo.calls.ports import Line
from relevo.calls.rules import Signal, TurnPolicy

MISSING = 10
"""Ticks without a packet before their silence is heard as silence."""


class Conductor(Protocol):
    """Who decides. Called inside the tick: must return at once."""

    def on_signal(self, signal: Signal, utterance: Utterance) -> None: ...

    def weigh(self, probability: float, window: bytes, speaking: bool) -> float:
        """How much to believe of what the detector says about the customer's next 32 ms; ``speaking``: in a turn."""
        ...

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
        self._recorder = recorder
        self._conductor = conductor
        self._ears = ears
        self._policy = policy
        self._arrived: list[bytes] = []
        self._missing = 0
        self._deaf = False
        self.playout = Playout(line, conductor.on_said)
        self.floor = Floor()
        self.customer = Listened(ears, lambda: self.playout.now_ms, conductor.on_signal, policy, conductor.weigh)
        clock.join(self._tick, conductor.on_fault)

    @property
    def now_ms(self) -> int:
        return self.playout.now_ms

    def sound(self, sound: bytes, position: int) -> None:
        """Customer's sound, from the line's reader."""
        self._arrived.append(sound)
        if self._recorder is not None:
            self._recorder.customer(sound, position)

    def listen_to(self, tell: Tell) -> Listened:
        """Cut somebody else's voice into utterances too (an agent's); to be closed by who asked."""
        return Listened(self._ears, lambda: self.playout.now_ms, tell, self._policy)

    def deafen(self, on: bool) -> None:
        """Nothing that is said is recognised, by whomever: card data is being told."""
        self._deaf = self.floor.deaf = on

    def marker(self, kind: str, name: str = "") -> None:
        """Note on the recording what happens now (a takeover, a hold), and who did it."""
        if self._recorder is not None:
            self._recorder.marker(kind, name)

    def pause(self, on: bool, name: str = "") -> None:
        """Card data is silence on the recording."""
        if self._recorder is not None:
            (self._recorder.pause if on else self._recorder.resume)(name)

    def discard_recording(self) -> None:
        if self._recorder is not None:
            self._recorder.stop(discard=True)

    def close(self) -> None:
        self._clock.leave(self._tick)
        self.customer.close()
        self.floor.close()

    def _tick(self) -> None:
        arrived = self._arrived
        if arrived:
            self._missing = 0
            for sound in arrived:
                self.customer.push(QUIET if self._deaf else sound)
        else:
            self._missing += 1
            if self._missing > MISSING:
                self.customer.push(QUIET)
        if self.floor.busy:
            ours = self.playout.tick(self.floor.speak(arrived))
            self.floor.listen(ours, self.playout.voice)
        else:
            ours = self.playout.tick()
        arrived.clear()
        if self._recorder is not None:
            self._recorder.tick(ours)
        self._conductor.on_tick()
