"""Days and ranges of days in the order they are said: ``del 5 al 8``, ``viernes y sábado``, ``el 12``.

Hours, ages and house numbers are set aside first. Which day is arrival and which departure is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from relevo.adapters.understanding.spanish.days import Day, made, read_day
from relevo.adapters.understanding.spanish.words import MONTHS, Token

_LIST_LEADS = {"los", "las", "dias", "noches", "el", "del", "noche", "la", "este", "para"}
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_PEOPLE = {"personas", "persona", "adultos", "adulto", "noches", "noche", "dias", "pax", "huespedes", "habitaciones",
           "dia", "semana", "semanas",
           "nenes", "ninos", "chicos", "menores", "camas", "anos",
           "horas", "hs", "hrs", "km", "kg", "pasajeros", "habitacion", "cuarto", "simple", "single", "doble", "dobles",
           "dbl", "triple", "triples", "cuadruple", "suite", "suites", "departamento", "depto", "matrimonial", "cama",
           "individual", "sencilla"}  # fmt: skip
_WE_ARE = {"somos", "seriamos", "seremos", "vamos", "serian", "son", "seran"}
_LONGEST_LIST = 31
_HOURS = ("reloj", "am", "pm", "hs", "hrs", "horas", "h")
_JOINS = {"al", "a", "hasta", "-", "y"}


@dataclass(frozen=True, slots=True)
class Hit:
    start: int
    end: int
    first: Day
    second: Day | None = None
    inclusive: bool = False
    """``sábado y domingo``: the second day is slept too."""


def without_times(tokens: list[Token]) -> list[Token]:
    """Hours of the clock and ages are not days: their numbers become words."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        previous = [each.word for each in tokens[max(at - 2, 0) : at]]
        following = [each.word for each in tokens[at + 1 : at + 4]]
        clock = (bool(_CLOCK.fullmatch(token.word)) and not _dotted_day(tokens, at, previous)) or (
            token.number is not None
            and (
                previous[-1:] == ["las"]
                or following[:1] in (["am"], ["pm"], ["hs"], ["hrs"], ["horas"], ["h"], ["anos"], ["kg"], ["km"])
                or (following[:2] == ["de", "la"] and following[2:] in (["manana"], ["tarde"], ["noche"]))
            )
        )
        if token.word == "manana" and previous in (["de", "la"], ["por", "la"], ["a", "la"], ["en", "la"]):  # noqa: S105
            clock = True
        kept.append(Token("reloj", token.start, token.end) if clock else token)
    return kept


def _dotted_day(tokens: list[Token], at: int, previous: list[str]) -> bool:
    """``15.08`` after ``del`` or ``al`` is a day, after ``las`` an hour."""
    day, _, month = tokens[at].word.partition(".")
    return _dotted_pair(tokens, at) or (
        bool(month)
        and made(2024, int(month), int(day)) is not None
        and previous[-1:] != ["las"]
        and (bool({"del", "al", "desde", "hasta", "el", "entre", "-"} & set(previous[-1:])) or month.startswith("0"))
    )


def _dotted_pair(tokens: list[Token], at: int) -> bool:
    """``24.12 - 27.12``: two days with a dash between them."""
    for other in (at - 2, at + 2):
        between = word_at(tokens, (at + other) // 2)
        pair = [word_at(tokens, each).partition(".") for each in (at, other)]
        if between in _JOINS and all(a.isdigit() and b.isdigit() and made(2024, int(b), int(a)) for a, _, b in pair):
            return True
    return False


def split_ranges(tokens: list[Token]) -> list[Token]:
    """``12-15 de agosto`` is a range, ``17-2`` a date."""
    split: list[Token] = []
    for at, token in enumerate(tokens):
        match = re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})", token.word)
        if match is None:
            split.append(token)
            continue
        first, second = int(match[1]), int(match[3])
        ahead = [each.word for each in tokens[at + 1 : at + 3]]
        led = at > 0 and tokens[at - 1].word in ("del", "dias", "de", *MONTHS)
        # "14/17 de agosto" is a range, "14/8" a day.
        named = ahead[:1] == ["de"] and len(ahead) > 1 and ahead[1] in MONTHS
        named = named or (match[2] == "-" and any(word in MONTHS for word in ahead))
        dashed = led or second > 12 or made(2024, second, first) is None
        if named or (dashed and match[2] == "-"):
            split += [
                Token(match[1], token.start, token.start + len(match[1]), first),
                Token("-", token.start, token.end),
                Token(match[3], token.end - len(match[3]), token.end, second),
            ]
        else:
            split.append(token)
    return split


def word_at(tokens: list[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def read_hits(tokens: list[Token], today: date, *, bare: bool) -> list[Hit]:
    """Ranges and single days, from left to right."""
    found: list[Hit] = []
    at = 0
    while at < len(tokens):
        hit = (
            _listed(tokens, at, today) or _range(tokens, at, today, bare=bare) or _single(tokens, at, today, bare=bare)
        )
        if hit is None:
            at += 1
        else:
            found.append(hit)
            at = hit.end
    return found


def _listed(tokens: list[Token], at: int, today: date) -> Hit | None:
    """Nights told one by one: ``viernes, sábado y domingo``, ``los días 12, 13 y 14 de noviembre``."""
    start = at
    while word_at(tokens, at) in _LIST_LEADS and at - start < 4:
        at += 1
    days: list[Day] = []
    join = ""
    while True:
        day = read_day(tokens, at, today, bare=True)
        if day is None or len(days) == _LONGEST_LIST:
            return None
        days.append(day)
        at += day.size
        if join == "y" or word_at(tokens, at) not in (",", "y"):
            break
        join = word_at(tokens, at)
        at += 1
        while (
            word_at(tokens, at) in ("la", "noche", "del", "el", "y") and read_day(tokens, at, today, bare=False) is None
        ):
            join = "y" if word_at(tokens, at) == "y" else join
            at += 1
    led = start < at and (word_at(tokens, start) in _LIST_LEADS or all(absolute(day) for day in days) or days[-1].month)
    if join != "y" or len(days) < 2 or not led:
        return None
    last = days[-1]
    if last.month is not None:
        days = [replace(day, month=day.month or last.month, year=day.year or last.year) for day in days]
    days = [_led_to(day, after, today) for day, after in pairwise(days)] + [last]
    resolved: list[date] = []
    for day in days:
        found = day.resolve(today, after=resolved[-1] if resolved else None)
        if found is None or (resolved and found != resolved[-1] + timedelta(days=1)):
            return None
        resolved.append(found)
    return Hit(start, at, Day(exact=resolved[0]), Day(exact=resolved[-1]), True)


def _range(tokens: list[Token], at: int, today: date, *, bare: bool) -> Hit | None:
    start, lead = at, word_at(tokens, at)
    if lead in ("del", "de", "desde", "entre", "dias"):
        at += 1
    first = read_day(tokens, at, today, bare=True)
    if first is None:
        return None
    join_at = at + first.size
    while word_at(tokens, join_at) in (",", "(") and join_at - at - first.size < 2:
        join_at += 1
    join = word_at(tokens, join_at)
    if join not in _JOINS:
        return None
    second_at = join_at + 1
    while word_at(tokens, second_at) in ("el", "dia", "al") and second_at - join_at < 3:
        second_at += 1
    second = read_day(tokens, second_at, today, bare=True)
    if second is None:
        return None
    end = second_at + second.size
    if join == "y" and lead != "entre" and not (absolute(first) and absolute(second)):
        return None
    loose = first.month is None and second.month is None and not absolute(first) and not absolute(second)
    if loose and lead not in ("del", "de", "desde", "entre", "dias") and join in ("a", "-", "y") and not bare:
        return None
    if loose and lead == "de" and join == "a" and not bare:
        # Opening hours sound so, days take articles.
        return None
    if loose and (word_at(tokens, end) in _PEOPLE or word_at(tokens, start - 1) in _WE_ARE):
        return None
    first = _led_to(first, second, today)
    month_first = word_at(tokens, second_at) not in MONTHS and word_at(tokens, at) in MONTHS
    if month_first and second.month is None and second.day is not None and first.month is not None:
        second = replace(second, month=first.month) if second.day > (first.day or 0) else second
    return Hit(start, end, first, second)


def _led_to(first: Day, second: Day, today: date) -> Day:
    """``de jueves a Domingo de Pascua``: the Thursday before it."""
    if first.weekday is None or first.exact is not None or first.day is not None or second.exact is None:
        return first
    before = second.exact - timedelta(days=(second.exact.weekday() - first.weekday) % 7 or 7)
    return replace(first, exact=before) if before >= today else first


def absolute(day: Day) -> bool:
    return day.exact is not None or day.weekday is not None


def _single(tokens: list[Token], at: int, today: date, *, bare: bool) -> Hit | None:
    previous = word_at(tokens, at - 1)
    loose = bare or previous in ("hasta", "desde", "al", "dia", "partir", "sino", "entrada", "salida", "ckin", "ckout")
    if previous == "sino" and word_at(tokens, at - 3) in _WE_ARE:
        return None
    loose = loose or (previous == ":" and word_at(tokens, at - 2) in ("entrada", "salida", "ckin", "ckout"))
    if previous == "del" and word_at(tokens, at - 2) in ("partir", "noche", "noches", "mejor", *_HOURS):
        loose = True
    day = read_day(tokens, at, today, bare=loose)
    if day is None:
        return None
    end = at + day.size
    lone = day.month is None and not absolute(day)
    if lone and word_at(tokens, end) in _PEOPLE:
        return None
    return Hit(at, end, day)
