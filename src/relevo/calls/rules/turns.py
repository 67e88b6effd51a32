"""Turn taking: when the customer has begun and ended speaking, when silence is too long, what a pause may be cut into.

Pure: time comes in as milliseconds of sound, nothing here waits or writes. How well the words were understood is not
its business, only whether they look like the end of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE

WINDOW_MS = DETECTOR_WINDOW * 1_000 // LINE_RATE


class Signal(StrEnum):
    """What listening tells about the customer's turn."""

    STARTED = "started"
    PAUSED = "paused"
    """Quiet for a moment: a good time to begin recognising what there is."""
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
    pause_ms: int = 160
    finished_ms: int = 320
    unfinished_ms: int = 960
    longest_ms: int = 25_000


class TurnTaking:
    """When the customer begins, pauses and ends. Fed with one probability per 32 ms and the recogniser's verdicts."""

    def __init__(self, policy: TurnPolicy | None = None) -> None:
        self._policy = policy or TurnPolicy()
        self._voiced = 0
        self._quiet = 0
        self._length = 0
        self._finished: bool | None = None
        self.speaking = False
        """Inside a turn, pauses included."""

    @property
    def quiet_ms(self) -> int:
        """How long it has been quiet inside the turn."""
        return self._quiet

    def hear(self, probability: float) -> Signal | None:
        policy = self._policy
        voiced, silent = probability >= policy.speech_above, probability < policy.silence_below
        if not self.speaking:
            return self._before(voiced, silent)
        self._length += WINDOW_MS
        paused = self._quiet >= policy.pause_ms
        if voiced:
            self._quiet, self._finished = 0, None
            if paused:
                return Signal.RESUMED
        elif silent or self._quiet:
            self._quiet += WINDOW_MS
            if self._over():
                return self._end()
            if not paused and self._quiet >= policy.pause_ms:
                return Signal.PAUSED
        return self._end() if self._length >= policy.longest_ms else None

    def judge(self, *, finished: bool) -> Signal | None:
        """The words so far look like a whole sentence, or not. Only good until speech goes on."""
        if not self.speaking or self._quiet < self._policy.pause_ms:
            return None
        self._finished = finished
        return self._end() if self._over() else None

    def _before(self, voiced: bool, silent: bool) -> Signal | None:
        if voiced:
            self._voiced, self._quiet = self._voiced + WINDOW_MS, 0
            if self._voiced >= self._policy.start_ms:
                self.speaking, self._length = True, self._voiced
                self._finished = None
                return Signal.STARTED
        elif silent:
            self._quiet += WINDOW_MS
            if self._quiet >= self._policy.gap_ms:
                self._voiced = 0
        return None

    def _over(self) -> bool:
        enough = self._policy.finished_ms if self._finished else self._policy.unfinished_ms
        return self._quiet >= enough

    def _end(self) -> Signal:
        self.speaking, self._voiced, self._quiet, self._length, self._finished = False, 0, 0, 0, None
        return Signal.ENDED


_LEADS_ON = frozenset(
    (
        "a", "al", "ante", "aunque", "como", "con", "cuando", "de", "del", "desde", "durante", "e", "el",
        "ella", "em", "en", "entre", "es", "esta", "este", "esto", "hasta", "hay", "la", "las", "lo", "los",
        "me", "mi", "mis", "mmm", "ni", "o", "para", "pero", "por", "porque", "que", "quería", "quiero",
        "quisiera", "se", "si", "sin", "sobre", "somos", "son", "su", "sus", "te", "tu", "tus", "u", "un",
        "una", "unas", "uno", "unos", "y", "ya", "eh", "digamos",
    )
)  # fmt: skip
_BACKCHANNEL = frozenset(
    (
        "ah", "aja", "ajá", "ajam", "eh", "ehm", "hm", "hmm", "mhm", "mm", "mmm", "oh", "uh", "uhum", "ujum",
    )
)  # fmt: skip
_WORD = re.compile(r"\w+")
_DICTATED = range(3, 10)


def looks_finished(text: str) -> bool:
    """Whether a transcript reads like a whole sentence. Recognisers end almost anything with a full stop."""
    text = text.strip().lower()
    words = _WORD.findall(text)
    if not words or text.endswith((",", "...", "…", "-")):
        return False
    if words[-1] in _LEADS_ON and not text.endswith("?"):
        return False
    digits = "".join(words)
    return not (digits.isdigit() and len(digits) in _DICTATED)


def is_backchannel(text: str) -> bool:
    """``Ajá`` and the like: I am listening, go on."""
    words = _WORD.findall(text.lower())
    return bool(words) and len(words) <= 3 and all(word in _BACKCHANNEL for word in words)


def is_echo(text: str, said: str) -> bool:
    """The words are our own question: heard back from the customer's loudspeaker, or made up from the hint."""
    heard = _WORD.findall(text.lower())
    return len(heard) > 1 and heard == _WORD.findall(said.lower())


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
