"""One speaker who is listened to: their sound cut into utterances, and told when one begins, pauses and ends.

Laid out for speed. The customer is always listened to, an agent while they hold the call. It neither recognises words
nor decides what to say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from relevo.calls.media import mulaw
from relevo.calls.media.ears import Ears
from relevo.calls.media.rates import doubled
from relevo.calls.ports import Pcm
from relevo.calls.rules import WINDOW_MS, Signal, TurnPolicy, TurnTaking
from relevo.calls.rules.turns import enough_quiet_ms

PREROLL = 10
"""Windows kept from before the detector was sure (320 ms): the first consonant counts."""
SURE = 0.85
"""From this probability on it is a voice and not noise."""


@dataclass(slots=True, eq=False)
class Utterance:
    """What somebody said in one turn, as sound."""

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


Tell = Callable[[Signal, Utterance], None]
Weigh = Callable[[float, bytes, bool], float]
"""Given the detector's probability for a window, and whether they are inside a turn: how much of it to believe."""


class Listened:
    def __init__(
        self,
        ears: Ears,
        now_ms: Callable[[], int],
        tell: Tell,
        policy: TurnPolicy | None = None,
        weigh: Weigh | None = None,
    ) -> None:
        self._ears = ears
        self._now_ms = now_ms
        self._report = tell
        self._weigh = weigh
        self._turns = TurnTaking(policy)
        self._preroll: deque[bytes] = deque(maxlen=PREROLL)
        self._count = 0
        self.utterance: Utterance | None = None
        self._ear = ears.open(self._heard)
        self.push = self._ear.push
        """Mu-law of theirs, any number of bytes."""

    @property
    def speaking(self) -> bool:
        """Inside a turn, pauses included."""
        return self._turns.speaking

    def judge(self, utterance: Utterance, text: str, done: float | None) -> None:
        """The words of ``utterance`` so far, and the probability that its melody is at its end."""
        if utterance is not self.utterance:
            return
        signal = self._turns.judge(enough_ms=enough_quiet_ms(text, done, self._turns.policy))
        if signal is not None:
            self._tell(signal)

    def close(self) -> None:
        self._ears.close(self._ear)

    def _heard(self, probability: float, window: bytes) -> None:
        utterance = self.utterance
        if self._weigh is not None:
            probability = self._weigh(probability, window, utterance is not None)
        if utterance is not None:
            utterance.windows.append(window)
            if probability >= SURE:
                utterance.voiced_ms += WINDOW_MS
        else:
            self._preroll.append(window)
        signal = self._turns.hear(probability)
        if signal is None:
            return
        if signal is Signal.STARTED:
            self._count += 1
            began = self._now_ms() - WINDOW_MS * len(self._preroll)
            self.utterance = Utterance(self._count, max(0, began), windows=list(self._preroll))
            self._preroll.clear()
        self._tell(signal)

    def _tell(self, signal: Signal) -> None:
        utterance = self.utterance
        if utterance is None:
            return
        if signal is Signal.PAUSED:
            utterance.ended_ms = self._now_ms() - self._turns.quiet_ms
        elif signal is Signal.ENDED:
            utterance.ended_ms = utterance.ended_ms or self._now_ms()
            utterance.turn_ms = self._now_ms()
            self.utterance = None
        self._report(signal, utterance)
