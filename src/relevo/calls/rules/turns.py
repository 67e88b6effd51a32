"""Turn taking: when the customer has begun and ended speaking, and when silence is too long.

Pure: time comes in as milliseconds of sound, nothing here waits or writes. How well the words were understood is not
its business, only whether they look like the end of a turn (``words``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE
from relevo.calls.rules.words import Shape, is_backchannel, is_echo, looks_finished, shape

__all__ = [
    "WINDOW_MS", "Nudge", "Patience", "Signal", "TurnPolicy", "TurnTaking", "clauses", "enough_quiet_ms",
    "is_backchannel", "is_echo", "looks_finished",
]  # fmt: skip
WINDOW_MS = DETECTOR_WINDOW * 1_000 // LINE_RATE


class Signal(StrEnum):
    """What listening tells about the customer's turn."""

    STARTED = "started"
    PAUSED = "paused"
    """Quiet for a moment: a good time to begin recognising what there is."""
    QUIET = "quiet"
    """Still quiet: worth asking a model whether that was all."""
    RESUMED = "resumed"
    """It was only a pause."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TurnPolicy:
    """Milliseconds of sound, and the probabilities between which the detector is not believed either way."""

    speech_above: float = 0.5
    silence_below: float = 0.35
    start_ms: int = 96
    gap_ms: int = 64
    resume_ms: int = 64
    """Voice in a pause that is more than a click."""
    pause_ms: int = 160
    model_ms: int = 224
    finished_ms: int = 320
    doubtful_ms: int = 640
    """The words are a whole sentence, the melody goes on."""
    unfinished_ms: int = 960
    thinking_ms: int = 1_440
    """Somebody dictates or looks for a word."""
    longest_ms: int = 25_000


DONE, NOT_DONE = 0.9, 0.3
"""Probabilities of a turn-end model from which and below which it has a say against the words."""


def enough_quiet_ms(text: str | None, done: float | None, policy: TurnPolicy) -> int:
    """How long it must be quiet for the turn to be over, by its words (None: not known yet) and the melody's verdict.

    The words say more than the melody where they say anything: ``para el`` is not the end however it falls, and a
    telephone number is dictated in groups that each sound like one.
    """
    if text is None:
        return policy.unfinished_ms
    sure, doubtful = done is not None and done >= DONE, done is not None and done < NOT_DONE
    match shape(text):
        case Shape.WHOLE:
            return policy.doubtful_ms if doubtful else policy.finished_ms
        case Shape.NUMBER:
            return policy.thinking_ms if doubtful else policy.unfinished_ms
        case Shape.DICTATES | Shape.HESITATES:
            return policy.unfinished_ms if sure else policy.thinking_ms
        case Shape.LEADS_ON:
            return policy.thinking_ms if doubtful else policy.unfinished_ms
        case Shape.NOTHING:
            return policy.doubtful_ms if sure else policy.unfinished_ms


class TurnTaking:
    """When the customer begins, pauses and ends. Fed with one probability per 32 ms and with what enough quiet is."""

    def __init__(self, policy: TurnPolicy | None = None) -> None:
        self.policy = policy or TurnPolicy()
        self._voiced = 0
        self._quiet = 0
        self._again = 0
        self._length = 0
        self._enough = self.policy.unfinished_ms
        self.speaking = False
        """Inside a turn, pauses included."""

    @property
    def quiet_ms(self) -> int:
        """How long it has been quiet inside the turn."""
        return self._quiet

    def hear(self, probability: float) -> Signal | None:
        policy = self.policy
        voiced, silent = probability >= policy.speech_above, probability < policy.silence_below
        if not self.speaking:
            return self._before(voiced, silent)
        self._length += WINDOW_MS
        if self._length >= policy.longest_ms:
            return self._end()
        if voiced and (self._quiet < policy.pause_ms or self._again + WINDOW_MS >= policy.resume_ms):
            paused = self._quiet >= policy.pause_ms
            self._quiet, self._again, self._enough = 0, 0, policy.unfinished_ms
            return Signal.RESUMED if paused else None
        if voiced:
            self._again += WINDOW_MS
            return None
        if not (silent or self._quiet):
            return None
        before = self._quiet
        self._quiet, self._again = before + WINDOW_MS + self._again, 0
        if self._quiet >= self._enough:
            return self._end()
        if before < policy.pause_ms <= self._quiet:
            return Signal.PAUSED
        return Signal.QUIET if before < policy.model_ms <= self._quiet else None

    def judge(self, *, enough_ms: int) -> Signal | None:
        """By what is known of the words, so much quiet is enough. Only good until speech goes on."""
        if not self.speaking or self._quiet < self.policy.pause_ms:
            return None
        self._enough = enough_ms
        return self._end() if self._quiet >= enough_ms and not self._again else None

    def _before(self, voiced: bool, silent: bool) -> Signal | None:
        if voiced:
            self._voiced, self._quiet = self._voiced + WINDOW_MS, 0
            if self._voiced >= self.policy.start_ms:
                self.speaking, self._length = True, self._voiced
                self._enough = self.policy.unfinished_ms
                return Signal.STARTED
        elif silent:
            self._quiet += WINDOW_MS
            if self._quiet >= self.policy.gap_ms:
                self._voiced = 0
        return None

    def _end(self) -> Signal:
        self.speaking, self._voiced, self._quiet, self._length, self._again = False, 0, 0, 0, 0
        return Signal.ENDED


class Nudge(StrEnum):
    ASK = "ask"
    GOODBYE = "goodbye"


class Patience:
    """Counts quiet time while it is the customer's turn: first asks, then says goodbye."""

    def __init__(self, *, ask_ms: int = 8_000, goodbye_ms: int = 8_000) -> None:
        self._ask_ms = ask_ms
        self._goodbye_ms = goodbye_ms
        self._quiet = 0
        self._asked = False

    def activity(self, *, customer: bool) -> None:
        """Somebody spoke. Only the customer's voice makes us forget that we already asked."""
        self._quiet = 0
        if customer:
            self._asked = False

    def wait(self, ms: int) -> Nudge | None:
        self._quiet += ms
        if not self._asked and self._quiet >= self._ask_ms:
            self._quiet, self._asked = 0, True
            return Nudge.ASK
        if self._asked and self._quiet >= self._goodbye_ms:
            self._quiet = 0
            return Nudge.GOODBYE
        return None


_BREAK = re.compile(r"(?<=[.!?;:…])\s+|\n+")
_COMMA = re.compile(r"(?<=,)\s+")
LONG_CLAUSE = 80


def clauses(text: str) -> list[str]:
    """The text in pieces that can be spoken one after the other, the first one short so that sound starts early."""
    pieces: list[str] = []
    for sentence in filter(None, (part.strip() for part in _BREAK.split(text))):
        if len(sentence) <= LONG_CLAUSE:
            pieces.append(sentence)
            continue
        piece = ""
        for part in _COMMA.split(sentence):
            piece = f"{piece} {part}".strip()
            if len(piece) >= LONG_CLAUSE // 2:
                pieces.append(piece)
                piece = ""
        if piece:
            pieces.append(piece)
    return pieces
