"""A call that we placed, once somebody or something takes it: a person is greeted, a mailbox gets a message.

Fed within the tick; it decides nothing itself (``rules.machines`` does) and speaks through whom it is given. Until it
is known who is there nobody is answered: what a person says first is only a greeting.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_SAMPLES, Transcript
from relevo.calls.rules.machines import Answered, LeaveMessage, Tone, WhoAnswers, by_words


class Stage(StrEnum):
    LISTENING = "listening"
    """Who is there?"""
    PERSON = "person"
    WAITING = "waiting"
    """A mailbox: its tone is waited for."""
    DONE = "done"
    """The message is being left, or nothing is."""


class Outbound:
    """``greet`` a person; ``leave_message`` after the tone, or ``give_up`` where that is not wanted or not possible."""

    def __init__(
        self,
        *,
        leaves_messages: bool,
        greet: Callable[[], None],
        silence: Callable[[], object],
        leave_message: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        self.stage = Stage.LISTENING
        self._leaves_messages = leaves_messages
        self._greet = greet
        self._silence = silence
        self._leave_message = leave_message
        self._give_up = give_up
        self._who = WhoAnswers()
        self._tone = Tone()
        self._leave = LeaveMessage()
        self._sound = b""
        self._corrigible = True
        self._number = 0
        """Of the utterance that is being said."""
        self._greeted = 0
        """Utterances up to this one were said before the greeting: they are not answered."""

    def started(self, number: int) -> None:
        self._number = number

    def answers(self, number: int) -> bool:
        """Whether this utterance is a person's who has been greeted. From then on it is a call like any other."""
        if self.stage is not Stage.PERSON or number <= self._greeted:
            return False
        self._corrigible = False
        return True

    def hear(self, probability: float, window: bytes) -> None:
        """The next 32 ms of the line."""
        if self.stage is Stage.DONE or (self.stage is Stage.PERSON and not self._corrigible):
            return
        toned = self._toned(window)
        if self.stage is Stage.LISTENING:
            self._found(self._who.hear(probability))
            if toned:
                self._found(self._who.tone())
        if self.stage is Stage.WAITING:
            speak = self._leave.hear(probability, toned=toned)
            if speak is not None:
                self.stage = Stage.DONE
                (self._leave_message if speak else self._give_up)()

    def words(self, transcript: Transcript | None) -> None:
        """What was said so far, in a pause or at the end of a turn."""
        if transcript is None or not transcript.text:
            return
        if self.stage is Stage.LISTENING:
            self._found(self._who.words(transcript.text))
        elif self.stage is Stage.WAITING:
            # A long hello looks like a mailbox until its owner speaks again.
            if by_words(transcript.text) is Answered.PERSON:
                self._found(Answered.PERSON)
        elif self.stage is Stage.PERSON and self._corrigible:
            self._found(self._who.corrected(transcript.text))

    def carrier(self, answered_by: str) -> None:
        """The carrier's own opinion."""
        if self.stage is Stage.LISTENING:
            self._found(self._who.carrier(answered_by))

    def _found(self, found: Answered | None) -> None:
        if found is None:
            return
        if found in (Answered.PERSON, Answered.UNKNOWN):
            self.stage, self._greeted = Stage.PERSON, self._number
            self._greet()
            return
        self._silence()
        if found is Answered.MENU or not self._leaves_messages:
            self.stage = Stage.DONE
            self._give_up()
        else:
            self.stage = Stage.WAITING

    def _toned(self, window: bytes) -> bool:
        """Whether a tone is over within this window."""
        self._sound += window
        ended = False
        while len(self._sound) >= FRAME_SAMPLES:
            frame = mulaw.decode(self._sound[:FRAME_SAMPLES])
            self._sound = self._sound[FRAME_SAMPLES:]
            ended |= self._tone.ended(np.asarray(frame, np.int16))
        return ended
