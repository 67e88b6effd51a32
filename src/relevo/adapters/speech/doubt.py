"""When not to believe a transcript. Whisper was trained on subtitles: over silence, noise or music it writes credits
and thanks, or goes round in circles. These are rules about text and two figures of the model; they never change a word.
"""

from __future__ import annotations

import re
import unicodedata

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
_TAIL = 3
"""Words of a phrase said again that make a repetition which is cut off at the end."""


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def loops(text: str) -> bool:
    """Whether it goes round in circles: a phrase again, whole or cut off at the end, or short words without end."""
    return _circle(text) is not None


def collapsed(text: str) -> str:
    """The text up to where it begins to repeat itself."""
    found = _circle(text)
    return text if found is None else text[:found].rstrip(" ¿¡,;-")


def _circle(text: str) -> int | None:
    """Where the first repetition begins, as a position in the text."""
    spans = [match.span() for match in re.finditer(r"\w+", text)]
    said = [_plain(text[begin:end]) for begin, end in spans]
    for period in range(1, len(said) // 2 + 1 + _TAIL):
        # Somebody may well say "no, no, no", and twice "sí, dale".
        again = {1: 4, 2: 6}.get(period, max(_TAIL, period // 2))
        for begin in range(len(said) - period - again + 1):
            same = 0
            while begin + period + same < len(said) and said[begin + same] == said[begin + period + same]:
                same += 1
            # A telephone number repeats digits and means it.
            spoken = any(not word.isdigit() for word in said[begin : begin + period])
            cut_off = begin + period + same == len(said)
            if spoken and (same >= max(again, period) or (cut_off and same >= again)):
                return spans[begin + period][0]
    return None


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in folded if not unicodedata.combining(char))


def made_up(text: str, confidence: float, no_speech: float) -> bool:
    """Whether the text is most likely not what somebody said."""
    if not words(text) or confidence < LEAST_CONFIDENCE or (no_speech > SILENT and confidence < SURE):
        return True
    return _CREDITS.search(text) is not None or _STAGE.match(text.strip()) is not None
