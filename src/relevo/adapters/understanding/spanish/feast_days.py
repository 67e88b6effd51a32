"""Named days within a sentence: the date a feast falls on next, and the bare days that are said beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from relevo.adapters.understanding.spanish.days import Day, add_months, made, read_year
from relevo.adapters.understanding.spanish.feasts import feast
from relevo.adapters.understanding.spanish.ranges import Hit
from relevo.adapters.understanding.spanish.words import Token

_DAY = timedelta(days=1)
_DATED = re.compile(r"\d{4}-\d\d-\d\d")


def dated_feasts(tokens: list[Token], today: date, country: str) -> list[Token]:
    """Named days as the day they fall on next, or in the year that is said."""
    dated: list[Token] = []
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        day = feast(token.word, today.year, country)
        if day is None:
            dated.append(token)
            continue
        year, skip = read_year(tokens, at + 1, today)
        if year is not None:
            day = feast(token.word, year, country) or day
        elif day < today:
            day = feast(token.word, today.year + 1, country) or day
        dated.append(Token(day.isoformat(), token.start, tokens[at + skip].end))
    return dated


def around_a_feast(tokens: list[Token], hits: list[Hit], today: date) -> list[Hit]:
    """``para Navidad, del 24 al 26``: bare days beside a named day are the days around it."""
    named = [hit.first.exact for hit in hits if hit.second is None and hit.first.exact is not None]
    feasts = [hit for hit in hits if hit.second is None and _DATED.fullmatch(tokens[hit.end - 1].word)]
    placed: list[Hit] = []
    for hit in hits:
        first, second = hit.first, hit.second
        if named and second is not None and first.day and second.day and first.lone and second.lone:
            for month in (add_months(named[0].replace(day=1), -1), named[0].replace(day=1)):
                start = made(month.year, month.month, first.day)
                after = month if second.day > first.day else add_months(month, 1)
                end = made(after.year, after.month, second.day)
                if start and end and start - timedelta(days=3) <= named[0] <= end + timedelta(days=3):
                    hit = replace(hit, first=replace(first, exact=start), second=replace(second, exact=end))
        elif second is None and feasts and first.day and first.lone:
            near = _near_feast(first.day, feasts[0].first.resolve(today) or today)
            if near is not None and near >= today:
                hit = replace(hit, first=replace(first, exact=near))
        placed.append(hit)
    return placed


def around_an_occasion(hits: list[Hit], arrive: Hit | None, leave: Hit | None, today: date) -> list[Hit]:
    """``tenemos una boda el 18 de julio, llegamos el viernes``, ``en dos semanas, de viernes a domingo``: weekdays are
    those around a day that is said for what happens on it."""
    said = [hit for hit in hits if hit.second is None and hit not in (arrive, leave) and _dated(hit.first)]
    occasion = said[0].first.resolve(today) if len(said) == 1 else None
    coming = next((hit for hit in hits if hit.second is not None and _bare(hit.first) and _bare(hit.second)), None)
    if occasion is None or not ((arrive is not None and _bare(arrive.first)) or coming is not None):
        return hits
    placed: list[Hit] = []
    for hit in hits:
        if hit is coming and hit.second is not None:
            start = _stretch_at(occasion, hit.first.weekday or 0, hit.second.weekday or 0)
            hit = replace(hit, first=replace(hit.first, exact=start)) if start >= today else hit
        elif hit is arrive and _bare(hit.first):
            before = occasion - ((occasion.weekday() - (hit.first.weekday or 0)) % 7) * _DAY
            hit = replace(hit, first=replace(hit.first, exact=before)) if before >= today else hit
        elif hit is leave and _bare(hit.first):
            after = occasion + (((hit.first.weekday or 0) - occasion.weekday()) % 7) * _DAY
            hit = replace(hit, first=replace(hit.first, exact=after))
        elif hit is said[0]:
            continue
        placed.append(hit)
    return placed


def _bare(day: Day) -> bool:
    """A weekday, and nothing of its date."""
    return day.weekday is not None and day.day is None and day.exact is None


def _dated(day: Day) -> bool:
    return day.month is not None or (day.exact is not None and not day.following)


def _stretch_at(occasion: date, first: int, last: int) -> date:
    """Where a stretch of weekdays begins that holds the day; without one, that of its week."""
    length = (last - first) % 7 or 7
    start = occasion - ((occasion.weekday() - first) % 7) * _DAY
    if occasion <= start + length * _DAY:
        return start
    return occasion + (first - occasion.weekday()) * _DAY


def _near_feast(day: int, feast_day: date) -> date | None:
    """``fin de año, entramos el 30``: the 30th that lies within ten days of it."""
    days = (feast_day + timedelta(days=ahead) for ahead in range(-10, 11))
    return next((each for each in days if each.day == day), None)
