"""Stretches of time with a name: weekends, weeks, fortnights, months, Holy Week, Carnival, long weekends.

Those with more than one fair reading say so; the first reading is the commonest one.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from relevo.adapters.understanding.spanish.days import ORDINALS, month_after, read_day, read_year
from relevo.adapters.understanding.spanish.feasts import long_weekends, observed, public_holidays
from relevo.adapters.understanding.spanish.weeks import (
    Period,
    day_in_month_said,
    read_coming,
    read_fortnight,
    read_month,
    read_rest,
    read_season,
    read_week,
    word_before,
    words_at,
)
from relevo.adapters.understanding.spanish.words import MONTHS, Token
from relevo.bookings.rules import easter_sunday

_DAY = timedelta(days=1)
_MOVABLE = {"semanasanta", "pascua", "pascuas", "carnaval", "carnavales"}


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
    if (coming := read_coming(tokens, at, today) or read_rest(tokens, at, today)) is not None:
        return coming
    if word in ("semana", "semanas"):
        return read_week(tokens, at, today)
    if word in ("quincena", "mitad"):
        return read_fortnight(tokens, at, today)
    if (
        word in ("primera", "segunda", "1", "2")
        and (word_before(tokens, at) == "la" or (at == 0 and word.isalpha()))
        and words_at(tokens, at + 1, 1) == ["de"]
    ):
        return read_fortnight(tokens, at, today, named=False)
    if word in ("semanasanta", "pascua", "pascuas"):
        return _holy_week(tokens, at, today)
    if word in ("carnaval", "carnavales"):
        return _carnival(tokens, at, today)
    if word in ("feriado", "puente", "festivo"):
        return _holiday(tokens, at, today, country)
    if word in MONTHS or (
        word == "mes" and words_at(tokens, at + 1, 1)[:1] in (["que"], ["proximo"], ["entrante"], ["siguiente"])
    ):
        return read_month(tokens, at, today)
    if word == "proximo" and words_at(tokens, at + 1, 1) == ["mes"]:
        return read_month(tokens, at, today)
    return read_season(tokens, at, today, country)


def _weekend_of(friday: date) -> tuple[date, date]:
    return friday, friday + 2 * _DAY


def _weekend(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    start, end = at, at + 1
    if (
        word_before(tokens, at) in ("este", "el", "un", "proximo", "siguiente", "otro")
        or word_before(tokens, at) in ORDINALS
    ):
        start = at - 1
    tail = words_at(tokens, end, 2)
    if tail[:1] in (["de"], ["del"]) and len(tail) == 2 and tail[1] in _MOVABLE:
        feast = _read(tokens, end + 1, today, country)
        return replace(feast, start=start) if feast is not None else None
    if tail[:1] in (["de"], ["del"]) and tail[1:] in (["puente"], ["feriado"], ["festivo"]):
        bridge = _holiday(tokens, end + 1, today, country)
        return replace(bridge, start=start) if bridge is not None and not bridge.vague else None
    if tail[:1] == ["largo"]:
        return _long_weekend(tokens, start, end + 1, today, country)
    month = month_after(tokens, end, today)
    if month is not None:
        which = ORDINALS.get(word_before(tokens, at), 1)
        fridays = [
            day for number in range(1, monthrange(month[0], month[1])[1] + 1)
            if (day := date(month[0], month[1], number)).weekday() == 4
        ]  # fmt: skip
        chosen = fridays[which if which < 0 else min(which, len(fridays)) - 1]
        if chosen >= today:
            return Period(*_weekend_of(chosen), start, end + month[2])
    if tail[:1] == ["del"] or tail[:1] == ["de"]:
        said = day_in_month_said(tokens, end + 1, today)
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
    if tail == ["despues", "de"] or tail == ["despues", "del"]:
        used = 3 + (words_at(tokens, end + 2, 2)[:1] == ["el"])
        friday = this[0] + 7 * _DAY if this == later else later[0]
        return Period(*_weekend_of(friday), start, min(end + used, len(tokens)))
    if tail == ["que", "viene"] or tail[:1] in (["siguiente"], ["entrante"]):
        used = 2 if tail == ["que", "viene"] else 1
        return Period(*later, start, end + used, twofold=(this,) if this != later else ())
    if tail[:1] == ["proximo"]:
        if today.weekday() >= 4:
            return Period(*later, start, end + 1, twofold=(this,))
        return Period(*this, start, end + 1, twofold=(later,) if this != later else ())
    if word_before(tokens, at) in ("proximo", "otro", "siguiente"):
        near = word_before(tokens, at) == "proximo" and today.weekday() < 4
        first, other = (this, later) if near else (later, this)
        return Period(*first, start, end, twofold=(other,) if first != other else ())
    return Period(*this, start, end)


def _long_weekend(
    tokens: list[Token], start: int, end: int, today: date, country: str, *, bridged: bool = False
) -> Period | None:
    """The next one, that of a month, or that of a day or feast (``el finde largo del 9 de julio``)."""
    month = month_after(tokens, end, today)
    if words_at(tokens, end, 1) in (["de"], ["del"]) and month is None:
        feast = _read(tokens, end + 1, today, country) if words_at(tokens, end + 1, 1)[:1] else None
        if feast is not None and words_at(tokens, end + 1, 1)[0] in _MOVABLE:
            return replace(feast, start=start)
        said = read_day(tokens, end + 1, today, bare=True)
        named = said.resolve(today) if said is not None else None
        if said is not None and named is not None:
            return _around(named, start, end + 1 + said.size, today, country, bridged=bridged)
    if month is None and (said_before := _day_before(tokens, start, today)) is not None:
        return _around(said_before, start, end, today, country, bridged=bridged)
    for first, last in long_weekends(country, today, bridged=bridged):
        if month is not None and (first.year, first.month) != month[:2] and (last.year, last.month) != month[:2]:
            continue
        eve = first - _DAY
        return Period(max(eve, today), last, start, end + (month[2] if month else 0), twofold=((first, last),))
    if month is not None and not bridged:
        return _long_weekend(tokens, start, end, today, country, bridged=True)
    free = sorted(day for day in public_holidays(country, month[0]) if day.month == month[1]) if month else []
    if month is not None and free and free[0] >= today:
        return _around(free[0], start, end + month[2], today, country, bridged=bridged)
    return None


def _day_before(tokens: list[Token], start: int, today: date) -> date | None:
    """``25 de mayo finde largo``."""
    start -= word_before(tokens, start) == ","
    for size in (3, 2, 5, 1):
        day = read_day(tokens, start - size, today) if start >= size else None
        if day is not None and day.size == size and (day.month is not None or day.exact is not None):
            return day.resolve(today)
    return None


def _around(named: date, start: int, end: int, today: date, country: str, *, bridged: bool) -> Period:
    named = observed(named, country)
    for first, last in long_weekends(country, today, bridged=bridged):
        if first - _DAY <= named <= last + _DAY:
            return Period(max(first - _DAY, today), last, start, end, twofold=((first, last),))
    # A bridge: from the feast to the weekend next to it.
    friday = named + ((4 - named.weekday()) % 7) * _DAY
    if named.weekday() >= 5:
        friday = named - (named.weekday() - 4) * _DAY
        return Period(friday, friday + 2 * _DAY, start, end)
    if named.weekday() <= 1:
        return Period(named - (named.weekday() + 3) * _DAY, named, start, end)
    return Period(min(named, friday), friday + 2 * _DAY, start, end)


def _holiday(tokens: list[Token], at: int, today: date, country: str) -> Period | None:
    if tokens[at].word == "feriado" and read_day(tokens, at + 2, today, bare=True) is not None:
        return None
    if word_before(tokens, at) in ("es", "sea", "era", "son") or words_at(tokens, at + 1, 1) == ["que"]:
        return None
    bridge, told = tokens[at].word == "puente", words_at(tokens, at + 1, 1)[:1]
    if bridge or told == ["largo"]:
        more = told in (["largo"], ["festivo"], ["feriado"])
        return _long_weekend(tokens, at, at + 1 + more, today, country, bridged=bridge)
    month = month_after(tokens, at + 1, today)
    days = sorted(
        day for year in (today.year, today.year + 1) for day in public_holidays(country, year) if day >= today
    )
    for day in days:
        if month is None or (day.year, day.month) == month[:2]:
            return Period(day, day + _DAY, at, at + 1 + (month[2] if month else 0), vague=True)
    return None


def _movable(tokens: list[Token], at: int, today: date, first: int, last: int) -> tuple[date, date, int]:
    year, used = read_year(tokens, at, today)
    for candidate in (year,) if year else (today.year, today.year + 1):
        begin, end = easter_sunday(candidate) + first * _DAY, easter_sunday(candidate) + last * _DAY
        if year or end > today:
            return begin, end, used
    return begin, end, used


def _holy_week(tokens: list[Token], at: int, today: date) -> Period:
    begin, end, used = _movable(tokens, at + 1, today, -3, 0)
    return Period(begin, end, at, at + 1 + used, twofold=((begin - _DAY, end), (begin - 4 * _DAY, end)))


def _carnival(tokens: list[Token], at: int, today: date) -> Period:
    begin, end, used = _movable(tokens, at + 1, today, -50, -47)
    return Period(begin, end, at, at + 1 + used, twofold=((begin, end + _DAY),))
