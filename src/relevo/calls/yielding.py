"""Our side gives way to the customer, or does not: one call's barge-in, from the detector's figures to our sound.

It holds our sound, lets it go on or has it dropped, as ``rules.interruptions`` decides, all within the tick in which
something becomes known. It neither recognises words nor answers them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.listened import Utterance
from relevo.calls.media.playout import Playout
from relevo.calls.ports import Transcript
from relevo.calls.rules.interruptions import Interruptions, Manners, Nearness, Verdict, asked


class Yielding:
    """``may_hold``: our side is one that gives way now; ``give_way`` drops what is left of it."""

    def __init__(
        self,
        may_hold: Callable[[], bool],
        give_way: Callable[[], None],
        manners: Manners | None = None,
    ) -> None:
        self._may_hold = may_hold
        self._give_way = give_way
        self._rule = Interruptions(manners)
        self._near = Nearness()
        self._asked = False
        self._said = ""
        self._loudest = 0.0
        self._early = False
        """Our sound was held before it was sure that they take a turn."""
        self._current = 0
        self._gave = 0
        """The utterance that our side gave way to."""
        self._during: set[int] = set()
        """Utterances that our sound was held for and that are not settled yet."""
        self._playout: Playout

    def attach(self, playout: Playout) -> None:
        self._playout = playout

    def weigh(self, probability: float, window: bytes, speaking: bool) -> float:
        """The next 32 ms of the customer's line: how probably they speak themselves. Holds our sound if they do."""
        loud = False
        if probability < Nearness.DOUBTED:
            if self._rule.idle:
                return probability
        else:
            sound = mulaw.TO_FLOAT[np.frombuffer(window, np.uint8)]
            level = float(np.sqrt(np.dot(sound, sound) / len(sound)))
            loud = self._near.loud(probability, level)
            audible = self._playout.busy and not self._playout.held
            probability = self._near.believed(probability, level, speaking=speaking, ours=audible)
            self._loudest = max(self._loudest, level) if speaking else level
            if speaking and not audible:
                self._near.learn(probability, level)
        ours = self._playout.busy and self._may_hold()
        self._act(self._rule.hear(probability, ours=ours, speaking=speaking, loud=loud), speaking=speaking)
        return probability

    def started(self, utterance: Utterance) -> None:
        self._current = utterance.number
        if self._early and self._rule.open:
            self._during.add(self._current)
        self._early = False

    def judge(self, utterance: Utterance, transcript: Transcript) -> None:
        """Words in a pause."""
        if utterance.number == self._current and self._concerns_us(utterance):
            self._act(self._words(transcript.text, transcript.confidence))

    def settle(self, utterance: Utterance, transcript: Transcript | None) -> bool:
        """The turn is over. Whether it was said into our speech and was nothing: then nobody has to answer it."""
        during = self._concerns_us(utterance)
        self._during.discard(utterance.number)
        text, confidence = (transcript.text, transcript.confidence) if transcript is not None else ("", 0.0)
        if utterance.number == self._gave:
            # Decided in a pause: who was given the word is answered, if only with a question.
            self._act(self._rule.over())
            return False
        nothing = self._rule.is_nothing(text, confidence=confidence, asked=self._asked, said=self._said)
        if utterance.number == self._current:
            nothing = nothing or not self._near.theirs(self._loudest)
            if during:
                self._act(self._words(text, confidence))
            self._act(self._rule.over())
        elif during and not nothing:
            self._give_way()
        return during and nothing

    def _words(self, text: str, confidence: float) -> Verdict | None:
        return self._rule.words(
            text, confidence=confidence, asked=self._asked, said=self._said, theirs=self._near.theirs(self._loudest)
        )

    def _concerns_us(self, utterance: Utterance) -> bool:
        if utterance.number in self._during:
            return True
        if self._rule.wary and self._playout.busy and self._may_hold():
            self._asked, self._said = asked(*self._playout.left()), self._playout.saying()
            return True
        return False

    def _act(self, verdict: Verdict | None, *, speaking: bool = True) -> None:
        if verdict is Verdict.HOLD:
            self._asked, self._said = asked(*self._playout.left()), self._playout.saying()
            self._early = not speaking
            if speaking:
                self._during.add(self._current)
            self._playout.hold()
        elif verdict is Verdict.GO_ON:
            self._playout.go_on()
        elif verdict is Verdict.GIVE_WAY:
            self._gave = self._current
            self._give_way()
