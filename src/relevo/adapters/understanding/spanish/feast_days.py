"""Named days within a sentence: the date a feast falls on next, and the bare days that are said beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from relevo.adapters.understanding.spanish.days import add_months, made, read_year
from relevo.adapters.understanding.spanish.feasts import feast
from relevo.adapters.understanding.spanish.ranges import Hit
from relevo.adapters.understanding.spanish.words import Token

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


def _near_feast(day: int, feast_day: date) -> date | None:
    """``fin de año, entramos el 30``: the 30th that lies within ten days of it."""
    days = (feast_day + timedelta(days=ahead) for ahead in range(-10, 11))
    return next((each for each in days if each.day == day), None)
