"""Weeks, fortnights, months and seasons as guests name them, and parts of them.

Those with more than one fair reading say so; those too wide for a stay are vague.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from relevo.adapters.understanding.spanish.days import ORDINALS, Day, add_months, made, month_after, read_day, read_year
from relevo.adapters.understanding.spanish.words import MONTHS, Token

_DAY = timedelta(days=1)
_BEGINS = {"empieza", "inicia", "comienza", "arranca", "partir", "empezando", "comenzando"}
_WEEK_STARTS = {"del", "de", "que", "el", "a", "dia", *_BEGINS}
_MONTH_LEADS = {"en", "todo", "durante", "para", "el", "mes", "de", "del", "por", "a"}
_SEASONS = {"invierno": 12, "primavera": 3, "verano": 6, "otono": 9}
"""The month in which they begin north of the equator."""
_NORTHERN = {"ES", "MX", "US", "GT", "CR", "PA", "DO", "CU", "SV", "HN", "NI", "PR"}


@dataclass(frozen=True, slots=True)
class Period:
    check_in: date
    check_out: date
    start: int
    end: int
    """Tokens ``start`` to ``end`` (exclusive) say it."""
    vague: bool = False
    """The days still have to be asked."""
    twofold: tuple[tuple[date, date], ...] = ()
    """Other fair readings."""


def words_at(tokens: list[Token], at: int, count: int) -> list[str]:
    return [token.word for token in tokens[max(at, 0) : max(at, 0) + count]]


def word_before(tokens: list[Token], at: int, back: int = 1) -> str:
    return tokens[at - back].word if at >= back else ""


def read_week(tokens: list[Token], at: int, today: date) -> Period | None:
    monday = today - today.weekday() * _DAY
    previous, tail = word_before(tokens, at), words_at(tokens, at + 1, 2)
    if tail == ["despues", "de"] and words_at(tokens, at + 3, 2) == ["la", "proximo"]:
        return Period(monday + 14 * _DAY, monday + 21 * _DAY, at, at + 5)
    named = _week_named(at, monday, previous, tail)
    if named is not None:
        return _part_of_week(tokens, named, today)
    if previous == "esta" or tail[:1] == ["actual"] or (previous == "la" and word_before(tokens, at, 3) == "resto"):
        return Period(today, monday + 7 * _DAY, at - 1, at + 1, vague=True)
    month = month_after(tokens, at + 1, today) or (
        _month_elsewhere(tokens, today) if previous in ORDINALS and previous.isalpha() else None
    )
    if month is None and tail == ["del", "ano"] and ORDINALS.get(previous) in (1, -1):
        last = ORDINALS[previous] == -1
        begin = date(today.year, 12, 25) if last else date(today.year + 1, 1, 1)
        return Period(begin, begin + 7 * _DAY, at - 1, at + 3)
    if month is None and tail == ["del", "mes"] and previous in ORDINALS:
        # This month's where it is still to come.
        coming = add_months(today.replace(day=1), 1)
        here = today if ORDINALS[previous] == -1 or (ORDINALS[previous] - 1) * 7 >= today.day else coming
        month = (here.year, here.month, 2)
    if month is not None and previous in ORDINALS:
        first, days = date(month[0], month[1], 1), monthrange(month[0], month[1])[1]
        which = ORDINALS[previous]
        begin = first + ((which - 1) * 7 if which > 0 else days - 7) * _DAY
        other = _or_another(tokens, at - 1)
        if other:
            # The one said first is read first.
            also, begin = begin, first + (other - 1) * 7 * _DAY
            return Period(begin, begin + 7 * _DAY, at - 1, at + 1 + month[2], twofold=((also, also + 7 * _DAY),))
        return Period(max(begin, today) if which < 0 else begin, begin + 7 * _DAY, at - 1, at + 1 + month[2])
    return _week_of_day(tokens, at, today)


def _or_another(tokens: list[Token], at: int) -> int | None:
    """``la primera o la segunda semana``: which one is said before ``o``."""
    while word_before(tokens, at) == "la":
        at -= 1
    return ORDINALS.get(word_before(tokens, at, 2)) if word_before(tokens, at) == "o" else None


def _month_elsewhere(tokens: list[Token], today: date) -> tuple[int, int, int] | None:
    """``en febrero, la segunda semana``."""
    said = [MONTHS.index(token.word) + 1 for token in tokens if token.word in MONTHS]
    return (today.year + (said[0] < today.month), said[0], 0) if len(said) == 1 else None


def day_in_month_said(tokens: list[Token], at: int, today: date) -> Day | None:
    """``en julio, la semana del 12``: a bare day belongs to the one month of the message."""
    day, month = read_day(tokens, at, today, bare=True), _month_elsewhere(tokens, today)
    if day is None or month is None or not day.lone:
        return day
    return replace(day, month=month[1])


def _week_named(at: int, monday: date, previous: str, tail: list[str]) -> Period | None:
    coming = (monday + 7 * _DAY, monday + 14 * _DAY)
    if tail == ["que", "viene"]:
        return Period(*coming, at, at + 3)
    if tail[:1] in (["proximo"], ["siguiente"], ["entrante"]):
        return Period(*coming, at, at + 2)
    if previous in ("proximo", "siguiente", "otra"):
        return Period(*coming, at - 1, at + 1)
    if tail[:1] in (["pasada"], ["anterior"]):
        return Period(monday - 7 * _DAY, monday, at, at + 2)
    return None


def _part_of_week(tokens: list[Token], week: Period, today: date) -> Period:
    """``principios de la semana que viene``: its first days; ``fines``: its last."""
    at = week.start
    while word_before(tokens, at) in ("la", "de", "dias", "el") and at:
        at -= 1
    part = {
        "principios": (0, 3), "comienzos": (0, 3), "inicios": (0, 3), "principio": (0, 3), "comienzo": (0, 3),
        "primeros": (0, 3), "mediados": (1, 5), "fines": (3, 7), "finales": (3, 7), "fin": (3, 7), "final": (3, 7),
    }.get(word_before(tokens, at))  # fmt: skip
    if part is None or week.check_in < today:
        return week
    begin = week.check_in
    return Period(begin + part[0] * _DAY, begin + part[1] * _DAY, at - 1, week.end, vague=True)


def _week_of_day(tokens: list[Token], at: int, today: date) -> Period | None:
    """``la semana del 20 de julio`` is the week it lies in; ``la semana que empieza el 20`` begins there."""
    ahead, begins = at + 1, False
    while words_at(tokens, ahead, 1)[:1] and words_at(tokens, ahead, 1)[0] in _WEEK_STARTS and ahead - at < 4:
        begins = begins or words_at(tokens, ahead, 1)[0] in _BEGINS
        ahead += 1
    if words_at(tokens, at + 1, 1) not in (["del"], ["de"]) and not begins:
        return None
    day = day_in_month_said(tokens, ahead, today)
    named = day.resolve(today) if day is not None else None
    if day is None or named is None:
        return None
    monday = named - named.weekday() * _DAY
    end = ahead + day.size
    if begins or monday == named or monday < today:
        return Period(named, named + 7 * _DAY, at, end)
    return Period(monday, monday + 7 * _DAY, at, end, twofold=((named, named + 7 * _DAY),))


def read_coming(tokens: list[Token], at: int, today: date) -> Period | None:
    """``los próximos 3 días``, ``las dos semanas que vienen``: from tomorrow, or from Monday, on."""
    start = end = at
    if tokens[at].word in ("proximo", "siguiente"):
        number, unit, end = at + 1, at + 2, at + 3
    elif tokens[at].number is not None and words_at(tokens, at + 1, 1) in (["proximo"], ["siguiente"]):
        number, unit, end = at, at + 2, at + 3
    elif tokens[at].number is not None and (
        words_at(tokens, at + 2, 1) == ["siguiente"] or words_at(tokens, at + 2, 2) == ["que", "vienen"]
    ):
        number, unit, end = at, at + 1, at + (3 if words_at(tokens, at + 2, 1) == ["siguiente"] else 4)
    else:
        return None
    count = tokens[number].number if number < len(tokens) else None
    what = words_at(tokens, unit, 1)
    if count is None or not 1 <= count <= 60 or not what:
        return None
    tomorrow, monday = today + _DAY, today + (7 - today.weekday()) * _DAY
    if what[0] in ("dias", "dia", "noches", "noche"):
        return Period(tomorrow, tomorrow + count * _DAY, start, end)
    if what[0] in ("semanas", "semana"):
        return Period(monday, monday + 7 * count * _DAY, start, end)
    if what[0] in ("meses", "mes"):
        first = add_months(today.replace(day=1), 1)
        return Period(first, add_months(first, count), start, end, vague=True)
    return None


def read_season(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    """``este verano``, ``la primavera``: by the almanac of the country's half of the world."""
    season = _SEASONS.get(tokens[at].word)
    if season is None or word_before(tokens, at) not in ("este", "esta", "el", "la", "en", "proximo", "del"):
        return None
    if word_before(tokens, at) in ("el", "la", "del") and word_before(tokens, at, 2) in ("de", "temporada", "horario"):
        return None
    month = season if country in _NORTHERN else (season + 5) % 12 + 1
    begin = date(today.year, month, 21)
    while add_months(begin, 3) <= today:
        begin = add_months(begin, 12)
    if add_months(begin, -12) <= today < add_months(begin, -9):
        begin = add_months(begin, -12)
    return Period(max(begin, today), add_months(begin, 3), at, at + 1, vague=True)


def read_fortnight(tokens: list[Token], at: int, today: date, *, named: bool = True) -> Period | None:
    """``la segunda quincena de enero``; ``la segunda de enero`` for short (not ``named``)."""
    month = month_after(tokens, at + 1, today)
    which = ORDINALS.get(word_before(tokens, at) if named else tokens[at].word)
    month = month or (_month_elsewhere(tokens, today) if named else None)
    if which is None or (not named and month is None):
        return None
    here = today if which == 2 or today.day <= 15 else add_months(today.replace(day=1), 1)
    year, number, used = month or (here.year, here.month, 0)
    first = date(year, number, 1)
    if which == 1:
        return Period(first, first + 14 * _DAY, at - 1, at + 1 + used)
    return Period(first + 15 * _DAY, date(year, number, monthrange(year, number)[1]), at - 1, at + 1 + used)


def read_month(tokens: list[Token], at: int, today: date) -> Period | None:
    """A month by itself. Beginnings, middles and ends of it are as vague as the whole."""
    if tokens[at].word in MONTHS:
        month = MONTHS.index(tokens[at].word) + 1
        year, used = read_year(tokens, at + 1, today)
        year = year or (today.year if month >= today.month else today.year + 1)
        end = at + 1 + used
    else:
        coming = add_months(today.replace(day=1), 1)
        year, month, end = coming.year, coming.month, at + (3 if tokens[at].word == "mes" else 2)
    first = made(year, month, 1)
    if first is None:
        return None
    until = _until_month(tokens, end, year, month)
    if until is not None:
        return Period(max(first, today), until[0], at, until[1], vague=True)
    start = at
    while start > 0 and tokens[start - 1].word in _MONTH_LEADS:
        start -= 1
    if word_before(tokens, start) == "dias" and word_before(tokens, start, 2) in ("primeros", "ultimos"):
        start -= 1
    part = {"principios": (0, 10), "comienzos": (0, 10), "inicios": (0, 10), "mediados": (9, 20), "fines": (20, 99),
            "finales": (20, 99), "fin": (20, 99), "primeros": (0, 10), "ultimos": (24, 99),
            }.get(word_before(tokens, start))  # fmt: skip
    after = add_months(first, 1)
    if part is not None:
        begin, stop = first + part[0] * _DAY, min(first + part[1] * _DAY, after)
        return Period(max(begin, today), stop, start - 1, end, vague=True)
    return Period(max(first, today), after, start, end, vague=True)


def _until_month(tokens: list[Token], at: int, year: int, month: int) -> tuple[date, int] | None:
    """``de marzo a mayo``."""
    if words_at(tokens, at, 1) not in (["a"], ["hasta"], ["y"]) or not words_at(tokens, at + 1, 1):
        return None
    word = words_at(tokens, at + 1, 1)[0]
    if word not in MONTHS or tokens[at + 1].number is not None or (len(tokens) > at + 2 and tokens[at + 2].number):
        return None
    last = MONTHS.index(word) + 1
    return add_months(date(year + (last < month), last, 1), 1), at + 2


def read_rest(tokens: list[Token], at: int, today: date) -> Period | None:
    """``fin de mes``, ``a fines de mes``, ``el resto del mes``: the month that runs."""
    words = words_at(tokens, at, 3)
    after = add_months(today.replace(day=1), 1)
    if words[0] in ("fin", "fines", "finales") and words[1:3] == ["de", "mes"]:
        begin = max(after - 10 * _DAY, today)
        return Period(begin, after, at, at + 3, vague=True)
    if words[0] == "resto" and words[1:3] == ["del", "mes"]:
        return Period(today, after, at, at + 3, vague=True)
    if words[0] in ("principio", "principios") and words[1:3] == ["de", "mes"]:
        return Period(after, after + 10 * _DAY, at, at + 3, vague=True)
    return None
