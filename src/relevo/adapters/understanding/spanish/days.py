"""One day as a guest names it: ``el 5``, ``viernes 12``, ``20/7``, ``pasado mañana``, ``Reyes``, ``dentro de 10 días``.

``Day`` keeps what was said; ``resolve`` makes a date of it. A day without a year is the next one to come.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from relevo.adapters.understanding.spanish.people_words import ADULTS, CHILDREN, PAIRS, PERSONS
from relevo.adapters.understanding.spanish.words import MONTHS, WEEKDAYS, Token

ORDINALS = {
    "primer": 1, "primera": 1, "1": 1, "segundo": 2, "segunda": 2, "2": 2, "tercer": 3, "tercera": 3, "3": 3,
    "cuarto": 4, "cuarta": 4, "4": 4, "ultimo": -1, "ultima": -1, "primero": 1, "tercero": 3,
}  # fmt: skip
_NEXT = ("proximo", "siguiente")
_ARTICLES = {"el", "dia", "la", "los", "este", "esta", "fecha"}


@dataclass(frozen=True, slots=True)
class Day:
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    exact: date | None = None
    """Said in full, or relative to today."""
    following: bool = False
    """``que viene``, ``próximo``: this one, or the one after?"""
    strict: bool = False
    """Said with something (an article, a month) that makes it a day, not just any number."""
    size: int = 0
    """Tokens used."""

    @property
    def lone(self) -> bool:
        """A number, and nothing of its month."""
        return self.exact is None and self.month is None and self.weekday is None

    def resolve(self, today: date, *, after: date | None = None) -> date | None:
        """The date meant, today or later; with ``after``, later than that. None when there is no such day."""
        if self.exact is not None:
            return self.exact
        floor = after + timedelta(days=1) if after else today
        if self.day is not None and self.month is not None:
            return self._in_a_year(floor)
        if self.day is not None:
            return self._in_a_month(floor)
        if self.weekday is not None:
            start = floor if after else today + timedelta(days=1)
            return start + timedelta(days=(self.weekday - start.weekday()) % 7)
        return None

    def _in_a_year(self, floor: date) -> date | None:
        if self.year is not None:
            return made(self.year, self.month or 1, self.day or 1)
        for year in range(floor.year, floor.year + 9):
            found = made(year, self.month or 1, self.day or 1)
            if found is not None and found >= floor:
                return found
        return None

    def _in_a_month(self, floor: date) -> date | None:
        for ahead in range(14):
            year, month = divmod(floor.year * 12 + floor.month - 1 + ahead, 12)
            found = made(year, month + 1, self.day or 1)
            if found is not None and found >= floor and self.weekday in (None, found.weekday()):
                return found
        # A weekday that fits no such day is a slip of the tongue; the number counts.
        return Day(day=self.day).resolve(floor) if self.weekday is not None else None


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_day(tokens: list[Token], at: int, today: date, *, bare: bool = False) -> Day | None:
    """The day that begins at ``at``, or None. ``bare``: a lone number counts."""
    lead = at
    while lead < len(tokens) and tokens[lead].word in _ARTICLES and lead - at < 3:
        lead += 1
    if lead >= len(tokens):
        return None
    said = [token.word for token in tokens[at:lead]]
    found = (
        _relative(tokens, lead, today)
        or _nth_weekday(tokens, lead, today)
        or _numeric(tokens[lead].word, today)
        or _weekday(tokens, lead, today, before=said)
        or _numbered(tokens, lead, today)
    )
    if found is None:
        return None
    lone = found.exact is None and found.month is None and found.weekday is None
    if lone and not bare and not ({"el", "dia"} & set(said)):
        return None
    return Day(
        found.day, found.month, found.year, found.weekday, found.exact, found.following, not lone or bool(said),
        found.size + lead - at,
    )  # fmt: skip


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _number(tokens: list[Token], at: int) -> int | None:
    return tokens[at].number if 0 <= at < len(tokens) else None


def _relative(tokens: list[Token], at: int, today: date) -> Day | None:
    word, second = _word(tokens, at), _word(tokens, at + 1)
    if word == "misma" and second in ("noche", "tarde"):
        return Day(exact=today, size=2)
    now = word in ("ahora", "ahorita") and (second == "mismo" or _word(tokens, at - 1) in ("para", "desde"))
    if word == "hoy" or now or (word in ("noche", "tarde") and _word(tokens, at - 1) == "esta"):
        if word == "hoy" and second == "en" and (week := _idiom(tokens, at + 2)):
            return Day(exact=today + timedelta(days=week), size=3)
        if word == "hoy" and second == "en" and (days := _span(tokens, at + 2, today)) is not None:
            return Day(exact=days[0], size=2 + days[1])
        return Day(exact=today, size=1)
    if word == "pasado":
        if second == "manana":
            return Day(exact=today + timedelta(days=2), size=2)
        behind = _word(tokens, at - 1) in (*WEEKDAYS, "mes", "ano", "semana", "finde", "ha", "verano", "dia")
        counted = _number(tokens, at + 1) is not None
        if not behind and (counted or second in ("", ",", ".", "?", "y", "!", "por", "para", "hasta", "al")):
            return Day(exact=today + timedelta(days=2), size=1)
    if word == "manana" and _word(tokens, at - 1) not in ("la", "esta", "por"):
        return Day(exact=today + timedelta(days=1), size=1)
    if word in ("siguiente", "proximo") and ("dia" in (second, _word(tokens, at - 1))):
        return Day(exact=today + timedelta(days=1), size=2 if second == "dia" else 1)
    if word == "despues" and second == "de" and _word(tokens, at + 2) == "manana" and _word(tokens, at - 1) == "dia":
        return Day(exact=today + timedelta(days=2), size=3)
    if word == "ayer":
        return Day(exact=today - timedelta(days=1), size=1)
    if word in ("anteayer", "antier", "antes") and (word != "antes" or second == "ayer"):
        return Day(exact=today - timedelta(days=2), size=1 if word != "antes" else 2)
    if word in ("en", "dentro", "de", "a"):
        skip = {"en": 1, "dentro": 2}.get(word, 0)
        if word == "de" and second in ("aca", "aqui", "hoy") and _word(tokens, at + 2) in ("a", "en"):
            skip = 3
        if skip and (span := _span(tokens, at + skip, today)) is not None:
            return Day(exact=span[0], size=skip + span[1])
    if word == "hace" and (count := _number(tokens, at + 1)) is not None:
        return Day(exact=_shift(today, -count, _word(tokens, at + 2)), size=3)
    return None


def _span(tokens: list[Token], at: int, today: date) -> tuple[date, int] | None:
    count = _number(tokens, at)
    unit = _word(tokens, at + 1)
    if count is None and unit and _word(tokens, at) in ("un", "una"):
        count = 1
    if count is None or count > 400:
        return None
    shifted = _shift(today, count, unit)
    return (shifted, 2) if shifted is not None else None


def _idiom(tokens: list[Token], at: int) -> int | None:
    """``de hoy en ocho``: in a week; a number of days with nothing after it."""
    return {8: 7, 15: 14}.get(_number(tokens, at) or 0) if _word(tokens, at + 1) not in ("dias", "horas") else None


def _shift(today: date, count: int, unit: str) -> date | None:
    if unit in ("dia", "dias"):
        return today + timedelta(days=count)
    if unit in ("semana", "semanas"):
        return today + timedelta(weeks=count)
    if unit in ("mes", "meses"):
        return add_months(today, count)
    if unit in ("ano", "anos"):
        return add_months(today, 12 * count)
    return None


def _nth_weekday(tokens: list[Token], at: int, today: date) -> Day | None:
    """``el primer viernes de julio``, ``último domingo del mes que viene``."""
    which = ORDINALS.get(_word(tokens, at))
    if which is None or _word(tokens, at + 1) not in WEEKDAYS:
        return None
    month = month_after(tokens, at + 2, today)
    if month is None:
        return None
    weekday = WEEKDAYS.index(_word(tokens, at + 1))
    first, days = date(month[0], month[1], 1), monthrange(month[0], month[1])[1]
    found = first + timedelta(days=(weekday - first.weekday()) % 7)
    found += timedelta(weeks=which - 1 if which > 0 else (days - found.day) // 7)
    return Day(exact=found, size=2 + month[2]) if found.month == month[1] else None


def month_after(tokens: list[Token], at: int, today: date) -> tuple[int, int, int] | None:
    """``de octubre``, ``de enero de 2027``, ``del mes que viene`` -> (year, month, tokens used)."""
    used = 0
    while _word(tokens, at + used) in ("de", "del", "mes") and used < 3:
        used += 1
    word, after = _word(tokens, at + used), _word(tokens, at + used + 1)
    if used and word in MONTHS:
        month = MONTHS.index(word) + 1
        year, more = read_year(tokens, at + used + 1, today)
        if year is None:
            year = today.year if month >= today.month else today.year + 1
        return year, month, used + 1 + more
    coming = add_months(today.replace(day=1), 1)
    if used and word == "este" and after == "mes":
        return today.year, today.month, used + 2
    if used and word == "proximo" and after == "mes":
        return coming.year, coming.month, used + 2
    if used and _word(tokens, at + used - 1) == "mes":
        if (word, after) == ("que", "viene"):
            return coming.year, coming.month, used + 2
        if word in ("proximo", "entrante", "siguiente"):
            return coming.year, coming.month, used + 1
    return None


def _numeric(word: str, today: date) -> Day | None:
    """``2026-07-20``, ``20/7``, ``20-07-26``, ``01.09.2026``; day before month."""
    for mark in ("/", "-", "."):
        parts = word.split(mark)
        if len(parts) < 2 or not all(part.isdigit() for part in parts):
            continue
        if len(parts[0]) == 4 and len(parts) == 3:
            return Day(exact=made(*map(int, parts)), size=1) if made(*map(int, parts)) else None
        day, month = int(parts[0]), int(parts[1])
        if len(parts) == 2 and mark == "/" and day <= 12 < month:
            day, month = month, day
        year = _full_year(int(parts[2]), today) if len(parts) == 3 else None
        if made(year or 2024, month, day) is None:
            return None
        return Day(day, month, year, size=1)
    return None


_COUNTED = ADULTS | CHILDREN | PERSONS | PAIRS | {
    "noche", "noches", "dias", "dia", "semana", "semanas", "dobles", "triples", "habitaciones", "camas",
}  # fmt: skip
_ONE_ROOM = {
    "simple", "single", "doble", "triple", "suite", "cuadruple", "matrimonial", "habitacion", "cuarto", "departamento",
    "cabana", "cama", "individual",
}  # fmt: skip


def _counts(number: int | None, unit: str) -> bool:
    """Whether ``unit`` says that the number before it is no day."""
    return unit in _COUNTED or (number == 1 and unit in _ONE_ROOM)


def _weekday(tokens: list[Token], at: int, today: date, *, before: list[str]) -> Day | None:
    following = _word(tokens, at) in _NEXT
    if following:
        at += 1
    if _word(tokens, at) not in WEEKDAYS:
        return None
    weekday, size = WEEKDAYS.index(_word(tokens, at)), 1 + following
    gap = 0
    while _word(tokens, at + 1 + gap) in (",", "dia", "el") and gap < 3:
        gap += 1
    beyond = _numbered(tokens, at + 1 + gap, today)
    if gap and beyond is not None and not _counts(beyond.day, _word(tokens, at + 1 + gap + beyond.size)):
        at, size = at + gap, size + gap
    numbered = _numeric(_word(tokens, at + 1), today) or _numbered(tokens, at + 1, today)
    if numbered is not None and not _counts(numbered.day, _word(tokens, at + 1 + numbered.size)):
        return Day(numbered.day, numbered.month, numbered.year, weekday, numbered.exact, size=size + numbered.size)
    tail = [_word(tokens, at + ahead) for ahead in range(1, 6)]
    if tail[:1] == ["pasado"] and tail[1:2] != ["manana"]:
        back = (today.weekday() - weekday - 1) % 7 + 1
        return Day(exact=today - timedelta(days=back), size=size + 1)
    if tail[:2] == ["que", "viene"] or tail[:1] in (["proximo"], ["siguiente"]):
        used = 2 if tail[0] == "que" else 1
        return Day(exact=_coming(weekday, today, near=2), following=True, size=size + used)
    week = _which_week(tail)
    if week is not None:
        monday = today - timedelta(days=today.weekday())
        return Day(exact=monday + timedelta(weeks=week[0], days=weekday), size=size + week[1])
    if following and "este" not in before:
        return Day(exact=_coming(weekday, today, near=4), following=True, size=size)
    return Day(weekday=weekday, size=size)


def _coming(weekday: int, today: date, *, near: int) -> date:
    """The next one, unless it is so near that one would have called it by another name."""
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead if ahead >= near else ahead + 7)


def _which_week(tail: list[str]) -> tuple[int, int] | None:
    if tail[:3] == ["de", "esta", "semana"]:
        return 0, 3
    if tail[:1] in (["de"], ["en"]) and tail[1:5] == ["la", "semana", "que", "viene"]:
        return 1, 5
    if tail[:3] == ["de", "proximo", "semana"]:
        return 1, 3
    if tail[:2] == ["de", "la"] and tail[2] in (*_NEXT, "otra") and tail[3] == "semana":
        return 1, 4
    if tail[:3] == ["de", "la", "semana"] and tail[3] in ("proximo", "siguiente", "entrante"):
        return 1, 4
    if tail[:4] == ["de", "la", "semana", "pasada"]:
        return -1, 4
    return None


def _numbered(tokens: list[Token], at: int, today: date) -> Day | None:
    """``5``, ``5 de mayo``, ``mayo 5``, ``5 de mayo de 2027``, ``5 del mes que viene``."""
    word = _word(tokens, at)
    if word in MONTHS and (day := _number(tokens, at + 1)) is not None and 1 <= day <= 31:
        unit = _word(tokens, at + 2)
        if _counts(day, unit):
            return None
        year, used = read_year(tokens, at + 2, today)
        return Day(day, MONTHS.index(word) + 1, year, size=2 + used)
    if word == "primer" and _word(tokens, at + 1) == "dia" and (month := month_after(tokens, at + 2, today)):
        return Day(1, month[1], month[0], size=2 + month[2])
    day = _number(tokens, at)
    if word == "segundo" and _word(tokens, at + 1) == "de" and _word(tokens, at + 2) in MONTHS:
        day = 2
    if day is None or not 1 <= day <= 31:
        return None
    ahead = at + 1
    if _word(tokens, ahead) == "del" and (spoken := _spoken_month(tokens, at)) is not None:
        year, used = read_year(tokens, at + 3, today)
        return Day(day, spoken, year, size=3 + used)
    while _word(tokens, ahead) in ("de", "del", "mes", "-") and ahead - at < 4:
        if _word(tokens, ahead) == "-" and _word(tokens, ahead + 1) not in MONTHS:
            break
        ahead += 1
    if _word(tokens, ahead) in MONTHS:
        year, used = read_year(tokens, ahead + 1, today)
        return Day(day, MONTHS.index(_word(tokens, ahead)) + 1, year, size=ahead + 1 - at + used)
    if ahead > at + 1:
        tail = [_word(tokens, ahead - 1), _word(tokens, ahead), _word(tokens, ahead + 1)]
        if tail[0] == "mes" and tail[1] == "que":
            coming = add_months(today.replace(day=1), 1)
            return Day(day, coming.month, coming.year, size=ahead + 2 - at)
        if "proximo" in tail[1:2] or tail[1:3] == ["proximo", "mes"]:
            coming = add_months(today.replace(day=1), 1)
            return Day(day, coming.month, coming.year, size=ahead + (2 if tail[2] == "mes" else 1) - at)
        if tail[1:3] == ["este", "mes"] or tail[1:2] in (["corriente"], ["presente"]):
            return Day(day, today.month, size=ahead + (2 if tail[1] == "este" else 1) - at)
        if tail[1:2] == ["entrante"]:
            coming = add_months(today.replace(day=1), 1)
            return Day(day, coming.month, coming.year, size=ahead + 1 - at)
    return Day(day, size=1)


def _spoken_month(tokens: list[Token], at: int) -> int | None:
    """``quince del siete``: the seventh month, unless a range or a count goes on from there."""
    month = _number(tokens, at + 2)
    led = _word(tokens, at - 1) in ("el", "al", "dia", "del", "desde", "hasta", "para", "")
    goes_on = _word(tokens, at + 3) in ("al", "a", "hasta", "de", "del", "-", "noches", "dias", "personas", "y")
    if _word(tokens, at + 3) in ("al", "hasta") and _word(tokens, at + 5) == "del" and _number(tokens, at + 6) == month:
        goes_on = False
    if (
        month is None
        or not 1 <= month <= 12
        or not led
        or (goes_on and _word(tokens, at + 3) not in ("de", "del", "y"))
    ):
        return None
    return None if _word(tokens, at + 3) in ("de", "del") and _word(tokens, at + 4) in (*MONTHS, "mes") else month


def read_year(tokens: list[Token], at: int, today: date) -> tuple[int | None, int]:
    """``2027``, ``de 2027``, ``del 27``, ``del año que viene``; (year, tokens used)."""
    used = 0
    while _word(tokens, at + used) in ("de", "del", ",", "ano", "-", "en") and used < 3:
        used += 1
    number = _number(tokens, at + used)
    if number is not None and 1900 <= number <= 2200:
        return number, used + 1
    said_year = any(_word(tokens, at + each) == "ano" for each in range(used))
    if said_year and _word(tokens, at + used) == "que":
        return today.year + 1, used + 2
    if used and _word(tokens, at + used) == "proximo" and _word(tokens, at + used + 1) == "ano":
        return today.year + 1, used + 2
    if used and _word(tokens, at + used) == "este" and _word(tokens, at + used + 1) == "ano":
        return today.year, used + 2
    return None, 0


def _full_year(year: int, today: date) -> int:
    """Two digits: this century unless that is more than twenty years ahead."""
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 20 else century - 100 + year
