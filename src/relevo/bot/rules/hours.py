"""Hours of the day as customers say them: ``a las 5 y media``, ``15:30``, ``a la tarde``. Reads; decides nothing."""

from __future__ import annotations

import re
from datetime import time

from relevo.appointments.rules import Part
from relevo.bot.rules.reading import fold

_WORDS = {
    "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12,
}  # fmt: skip
_PARTS = (
    (
        re.compile(r"\b(de|por|a|en) la manana\b|\b(?<!pasado )(tempran\w+|mananita)\b|\bal mediodia temprano\b"),
        Part.MORNING,
    ),
    (re.compile(r"\b(de|por|a|en) la tarde\b|\b(tardecita|despues de (comer|almorzar)|siesta)\b"), Part.AFTERNOON),
    (re.compile(r"\b(de|por|a|en) la noche\b|\b(nochecita|ultima hora)\b"), Part.EVENING),
)
_HALF = {"y media": 30, "y cuarto": 15, "menos cuarto": -15, "y diez": 10, "y veinte": 20}
_SAID = re.compile(
    rf"\blas?\s+(?P<word>{'|'.join(_WORDS)}|\d{{1,2}})(?:[ :.h]+(?P<min>[0-5]\d))?\b"
    r"(?:\s+(?P<half>y media|y cuarto|menos cuarto|y diez|y veinte))?(?P<tail>.{0,24})"
)
_CLOCK = re.compile(
    r"(?<![\d/.,-])(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<min>[0-5]\d)|\s*(?P<unit>hs?|horas|am|pm|a\.m|p\.m)\b)"
    r"(?P<tail>.{0,24})"
)
_AMOUNT = re.compile(r"\$\s*[\d.,]+")
_NOON = re.compile(r"\b(al |a )?mediodia\b")
_LATE = re.compile(r"^\W*(pm|p m|p\.m|(de|por|a|en) la (tarde|noche))")
_EARLY = re.compile(r"^\W*(am|a m|a\.m|(de|por|a|en) la manana)")


def said_hours(text: str) -> tuple[time, ...]:
    """The time that is meant: none, one, or two where it may be either half of the day."""
    plain = _plain(_AMOUNT.sub(" ", text))
    if found := _CLOCK.search(plain):
        unit = found["unit"] or ""
        return _either(int(found["hour"]), int(found["min"] or 0), unit + found["tail"], exact=bool(found["min"]))
    if found := _SAID.search(plain):
        word = found["word"]
        hour = _WORDS.get(word) or int(word)
        minutes = int(found["min"] or 0) + _HALF.get(found["half"] or "", 0)
        return _either(hour, minutes, found["tail"], exact=False)
    if _NOON.search(plain):
        return (time(12),)
    return ()


def said_part(text: str) -> Part | None:
    folded = fold(text)
    return next((part for pattern, part in _PARTS if pattern.search(folded)), None)


def _either(hour: int, minutes: int, tail: str, *, exact: bool) -> tuple[time, ...]:
    hour, minutes = (hour - 1, minutes + 60) if minutes < 0 else (hour, minutes)
    if not 0 <= hour <= 23:
        return ()
    if _LATE.match(tail):
        return (time(hour + 12 if hour < 12 else hour, minutes),)
    if _EARLY.match(tail) or hour > 12 or hour == 0 or (exact and hour >= 10):
        return (time(0 if hour == 12 and _EARLY.match(tail) else hour, minutes),)
    if hour == 12:
        return (time(12, minutes),)
    return (time(hour, minutes), time(hour + 12, minutes))


def _plain(text: str) -> str:
    """Folded, with the marks that separate hours from minutes."""
    marks = {":": "\x01", ".": "\x02"}
    kept = re.sub(r"(?<=\d)([:.])(?=\d)", lambda found: marks[found[1]], text)
    folded = "".join(fold(part) if part not in marks.values() else part for part in re.split("([\x01\x02])", kept))
    return folded.replace("\x01", ":").replace("\x02", ".")
