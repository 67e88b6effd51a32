"""Stretches of time with a name: weekends, weeks, fortnights, months, Holy Week, Carnival, long weekends.

Those with more than one fair reading say so; the first reading is the commonest one.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import holidays

from relevo.adapters.understanding.spanish.days import add_months, easter, made, read_day, read_year
from relevo.adapters.understanding.spanish.words import MONTHS, Token

_ORDINALS = {
    "primer": 1, "primera": 1, "1": 1, "segundo": 2, "segunda": 2, "2": 2, "tercer": 3, "tercera": 3, "3": 3,
    "cuarto": 4, "cuarta": 4, "4": 4, "ultimo": -1, "ultima": -1,
}  # fmt: skip
_DAY = timedelta(days=1)
_MOVABLE = {"semanasanta", "pascua", "pascuas", "carnaval", "carnavales"}


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


def read_periods(tokens: list[Token], today: date, country: str) -> list[Period]:
    """Every named stretch, in the order said."""
    found: list[Period] = []
    at = 0
    while at < len(tokens):
        period = _read(tokens, at, today, country)
        if period is not None and (not found or period.start >= found[-1].end):
            found.append(period)
            at = period.end
        else:
            at += 1
    return found


def _read(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    word = tokens[at].word
    if word == "finde":
        return _weekend(tokens, at, today, country)
    if word in ("semana", "semanas"):
        return _week(tokens, at, today)
    if word == "quincena":
        return _fortnight(tokens, at, today)
    if word in ("primera", "segunda", "1", "2") and _before(tokens, at) == "la" and _words(tokens, at + 1, 1) == ["de"]:
        return _fortnight(tokens, at, today, named=False)
    if word in ("semanasanta", "pascua", "pascuas"):
        return _holy_week(tokens, at, today)
    if word in ("carnaval", "carnavales"):
        return _carnival(tokens, at, today)
    if word in ("feriado", "puente", "festivo"):
        return _holiday(tokens, at, today, country)
    if word in MONTHS or (word == "mes" and _words(tokens, at + 1, 2) == ["que", "viene"]):
        return _month(tokens, at, today)
    if word == "proximo" and _words(tokens, at + 1, 1) == ["mes"]:
        return _month(tokens, at, today)
    return None


def _words(tokens: list[Token], at: int, count: int) -> list[str]:
    return [token.word for token in tokens[max(at, 0) : max(at, 0) + count]]


def _before(tokens: list[Token], at: int, back: int = 1) -> str:
    return tokens[at - back].word if at >= back else ""


def _month_after(tokens: list[Token], at: int, today: date) -> tuple[int, int, int] | None:
    """``de octubre``, ``de enero de 2027``, ``del mes que viene`` -> (year, month, tokens used)."""
    used = 0
    while _words(tokens, at + used, 1)[:1] in (["de"], ["del"], ["mes"]) and used < 3:
        used += 1
    word = (_words(tokens, at + used, 1) or [""])[0]
    if used and word in MONTHS:
        month = MONTHS.index(word) + 1
        year, more = read_year(tokens, at + used + 1, today)
        if year is None:
            year = today.year if month >= today.month else today.year + 1
        return year, month, used + 1 + more
    if used and _words(tokens, at + used, 2) == ["que", "viene"] and _before(tokens, at + used) == "mes":
        coming = add_months(today.replace(day=1), 1)
        return coming.year, coming.month, used + 2
    return None


def _weekend_of(friday: date) -> tuple[date, date]:
    return friday, friday + 2 * _DAY


def _weekend(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    start, end = at, at + 1
    if _before(tokens, at) in ("este", "el", "un", "proximo", "siguiente", "otro") or _before(tokens, at) in _ORDINALS:
        start = at - 1
    tail = _words(tokens, end, 2)
    if tail[:1] in (["de"], ["del"]) and len(tail) == 2 and tail[1] in _MOVABLE:
        feast = _read(tokens, end + 1, today, country)
        return replace(feast, start=start) if feast is not None else None
    if tail[:1] == ["largo"]:
        return _long_weekend(tokens, start, end + 1, today, country)
    month = _month_after(tokens, end, today)
    if month is not None:
        which = _ORDINALS.get(_before(tokens, at), 1)
        fridays = [
            day for number in range(1, monthrange(month[0], month[1])[1] + 1)
            if (day := date(month[0], month[1], number)).weekday() == 4
        ]  # fmt: skip
        chosen = fridays[which if which < 0 else min(which, len(fridays)) - 1]
        if chosen >= today:
            return Period(*_weekend_of(chosen), start, end + month[2])
    if tail[:1] == ["del"] or tail[:1] == ["de"]:
        said = read_day(tokens, end + 1, today, bare=True)
        named = said.resolve(today) if said is not None else None
        if said is not None and named is not None:
            back = {6: 2, 5: 1}.get(named.weekday(), 0)
            friday = named - back * _DAY if back else named + ((4 - named.weekday()) % 7) * _DAY
            return Period(*_weekend_of(friday), start, end + 1 + said.size)
    if tail[:1] in (["pasado"], ["anterior"]):
        friday = today - ((today.weekday() - 4) % 7 or 7) * _DAY
        return Period(*_weekend_of(friday), start, end + 1)
    this = _weekend_of(today + ((4 - today.weekday()) % 7) * _DAY)
    if today.weekday() == 5:
        this = (today, today + _DAY)
    later = _weekend_of(
        today + ((4 - today.weekday()) % 7 or 7) * _DAY + (7 * _DAY if today.weekday() < 4 else 0 * _DAY)
    )
    if tail == ["que", "viene"] or tail[:1] in (["siguiente"], ["entrante"]):
        used = 2 if tail == ["que", "viene"] else 1
        return Period(*later, start, end + used, twofold=(this,) if this != later else ())
    if tail[:1] == ["proximo"]:
        if today.weekday() >= 4:
            return Period(*later, start, end + 1, twofold=(this,))
        return Period(*this, start, end + 1, twofold=(later,) if this != later else ())
    if _before(tokens, at) in ("proximo", "otro", "siguiente"):
        near = _before(tokens, at) == "proximo" and today.weekday() < 4
        first, other = (this, later) if near else (later, this)
        return Period(*first, start, end, twofold=(other,) if first != other else ())
    return Period(*this, start, end)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year).items())
    except NotImplementedError:
        return {}


def _free_days(country: str, start: date) -> list[tuple[date, date]]:
    """Blocks of three and more days without work in the year after ``start``: (first, last)."""
    free = {day for year in (start.year, start.year + 1) for day in _holidays(country, year)}
    blocks: list[tuple[date, date]] = []
    day = start
    while day < start + timedelta(days=370):
        last = day
        while last.weekday() >= 5 or last in free:
            last += _DAY
        if last - day >= timedelta(days=3) and any(day + step * _DAY in free for step in range((last - day).days)):
            blocks.append((day, last - _DAY))
        day = max(last, day) + _DAY
    return blocks


def _long_weekend(tokens: list[Token], start: int, end: int, today: date, country: str) -> Period | None:
    month = _month_after(tokens, end, today)
    for first, last in _free_days(country, today):
        if month is not None and (first.year, first.month) != month[:2] and (last.year, last.month) != month[:2]:
            continue
        eve = first - _DAY
        return Period(max(eve, today), last, start, end + (month[2] if month else 0), twofold=((first, last),))
    return None


def _holiday(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    if tokens[at].word == "feriado" and read_day(tokens, at + 2, today, bare=True) is not None:
        return None
    if _before(tokens, at) in ("es", "sea", "era", "son") or _words(tokens, at + 1, 1) == ["que"]:
        return None
    if tokens[at].word == "puente" or _words(tokens, at + 1, 1) == ["largo"]:
        return _long_weekend(tokens, at, at + 1 + (_words(tokens, at + 1, 1) == ["largo"]), today, country)
    month = _month_after(tokens, at + 1, today)
    days = sorted(day for year in (today.year, today.year + 1) for day in _holidays(country, year) if day >= today)
    for day in days:
        if month is None or (day.year, day.month) == month[:2]:
            return Period(day, day + _DAY, at, at + 1 + (month[2] if month else 0), vague=True)
    return None


def _week(tokens: list[Token], at: int, today: date) -> Period | None:
    monday = today - today.weekday() * _DAY
    previous, tail = _before(tokens, at), _words(tokens, at + 1, 2)
    if tail == ["que", "viene"]:
        return Period(monday + 7 * _DAY, monday + 14 * _DAY, at, at + 3)
    if tail[:1] in (["proximo"], ["siguiente"], ["entrante"]):
        return Period(monday + 7 * _DAY, monday + 14 * _DAY, at, at + 2)
    if previous in ("proximo", "siguiente", "otra"):
        return Period(monday + 7 * _DAY, monday + 14 * _DAY, at - 1, at + 1)
    if tail[:1] in (["pasada"], ["anterior"]):
        return Period(monday - 7 * _DAY, monday, at, at + 2)
    if previous == "esta":
        return Period(today, monday + 7 * _DAY, at - 1, at + 1, vague=True)
    month = _month_after(tokens, at + 1, today)
    if month is not None and previous in _ORDINALS:
        first, days = date(month[0], month[1], 1), monthrange(month[0], month[1])[1]
        which = _ORDINALS[previous]
        begin = first + ((which - 1) * 7 if which > 0 else days - 7) * _DAY
        return Period(begin, begin + 7 * _DAY, at - 1, at + 1 + month[2])
    if tail[:1] == ["del"]:
        day = read_day(tokens, at + 2, today, bare=True)
        named = day.resolve(today) if day is not None else None
        if day is not None and named is not None:
            return Period(named, named + 7 * _DAY, at, at + 2 + day.size)
    return None


def _fortnight(tokens: list[Token], at: int, today: date, *, named: bool = True) -> Period | None:
    """``la segunda quincena de enero``; ``la segunda de enero`` for short (not ``named``)."""
    month = _month_after(tokens, at + 1, today)
    which = _ORDINALS.get(_before(tokens, at) if named else tokens[at].word)
    if which is None or (not named and month is None):
        return None
    year, number, used = month or (today.year, today.month, 0)
    first = date(year, number, 1)
    if which == 1:
        return Period(first, first + 14 * _DAY, at - 1, at + 1 + used)
    return Period(first + 15 * _DAY, date(year, number, monthrange(year, number)[1]), at - 1, at + 1 + used)


def _movable(tokens: list[Token], at: int, today: date, first: int, last: int) -> tuple[date, date, int]:
    year, used = read_year(tokens, at, today)
    for candidate in (year,) if year else (today.year, today.year + 1):
        begin, end = easter(candidate) + first * _DAY, easter(candidate) + last * _DAY
        if year or end > today:
            return begin, end, used
    return begin, end, used


def _holy_week(tokens: list[Token], at: int, today: date) -> Period:
    begin, end, used = _movable(tokens, at + 1, today, -3, 0)
    return Period(begin, end, at, at + 1 + used, twofold=((begin - _DAY, end), (begin - 4 * _DAY, end)))


def _carnival(tokens: list[Token], at: int, today: date) -> Period:
    begin, end, used = _movable(tokens, at + 1, today, -50, -47)
    return Period(begin, end, at, at + 1 + used, twofold=((begin, end + _DAY),))


def _month(tokens: list[Token], at: int, today: date) -> Period | None:
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
    start = at
    while start > 0 and tokens[start - 1].word in (
        "en",
        "todo",
        "durante",
        "para",
        "el",
        "mes",
        "de",
        "del",
        "por",
        "a",
    ):
        start -= 1
    part = {"principios": (0, 10), "comienzos": (0, 10), "inicios": (0, 10), "mediados": (9, 20), "fines": (20, 99),
            "finales": (20, 99), "fin": (20, 99)}.get(_before(tokens, start))  # fmt: skip
    after = add_months(first, 1)
    if part is not None:
        begin, stop = first + part[0] * _DAY, min(first + part[1] * _DAY, after)
        return Period(max(begin, today), stop, start - 1, end, vague=True)
    return Period(max(first, today), after, start, end, vague=True)
