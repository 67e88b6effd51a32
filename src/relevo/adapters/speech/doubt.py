"""When not to believe a transcript. Whisper was trained on subtitles: over silence, noise or music it writes credits
and thanks, or goes round in circles. These are rules about text and two figures of the model; they never change a word.
"""

from __future__ import annotations

import re

LEAST_CONFIDENCE = 0.3
"""exp of the mean log-probability. Wrong but honest transcripts of bad lines lie above it, gibberish below."""
SILENT = 0.6
"""Probability of "no speech" above which only a confident text is believed."""
SURE = 0.45

_CREDITS = re.compile(
    r"amara\.?\s?org|subt[ií]tul|suscr[ií]b|gracias por ver|m[aá]s informaci[oó]n www|alimmenta|dale (?:a )?like"
    r"|(?:hasta|nos vemos en) (?:el|la) pr[oó]xim[oa](?: v[ií]deo)?[.!]*$|transcrip\w* (?:por|de)\b|closed caption",
    re.IGNORECASE,
)
_STAGE = re.compile(r"^[\[(♪¡]*\s*(?:m[uú]sica|aplausos|risas|silencio|ruido|suspiro)\w*\s*[\])♪!.]*$", re.IGNORECASE)
_LONGEST_UNIT = 12


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def loops(text: str) -> bool:
    """Whether a phrase of three words or more is said twice in a row, or a shorter one four times."""
    return _unit(words(text)) is not None


def collapsed(text: str) -> str:
    """A text that only repeats a phrase, with the phrase once; the rest of any other."""
    found = _unit(words(text))
    if found is None:
        return text
    begin, size = found
    spans = [match.span() for match in re.finditer(r"\w+", text)]
    return text[: spans[begin + size - 1][1]]


def _unit(said: list[str]) -> tuple[int, int] | None:
    """Where the repetition begins and how many words it has."""
    for size in range(1, min(_LONGEST_UNIT, len(said) // 2) + 1):
        times = 2 if size >= 3 else 5 if size == 1 else 4
        for begin in range(len(said) - size * times + 1):
            unit = said[begin : begin + size]
            # A telephone number repeats digits and means it.
            if all(word.isdigit() for word in unit):
                continue
            if all(said[begin + size * turn : begin + size * (turn + 1)] == unit for turn in range(1, times)):
                return begin, size
    return None


def made_up(text: str, confidence: float, no_speech: float) -> bool:
    """Whether the text is most likely not what somebody said."""
    if not words(text) or confidence < LEAST_CONFIDENCE or (no_speech > SILENT and confidence < SURE):
        return True
    return _CREDITS.search(text) is not None or _STAGE.match(text.strip()) is not None
