"""The fact guard: finds every amount, date, hour, code, number and name in a text that nobody gave as a fact.

Facts are collected from what tools returned, from the business and from what the customer said; the text is then read
like a suspicious clerk would. It errs on the side of refusing. It does not judge tone or grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

from relevo.bot.rules.reading import fold
from relevo.kit.money import Money
from relevo.texts import Texts

_CODE = re.compile(r"\b[A-Z]{2,4}-[A-Z0-9]{4,6}\b")
_ID = re.compile(r"[a-z]{3}_[0-9a-z]+")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TIME = re.compile(r"\b(\d{1,2})[:.h](\d{2})\b(?!\.?\d)")
_AMOUNT = re.compile(
    r"(?:US\$|R\$|S/|\$|€|\b(?:ARS|USD|EUR)\b)\s*(\d[\d.,]*)|(\d[\d.,]*)\s*(?:pesos|d[oó]lares|euros|dollars|US\$|€)"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?\b")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_LIST_MARK = re.compile(r"(?m)^\d{1,2}\) |\b(Opci[oó]n|Option) \d{1,2}:")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MARKUP = re.compile(r"https?:|www\.|[<>{}\[\]`|\\]|\*\*")


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be said: amounts in minor units, dates, hours, codes, bare numbers, and the words of names."""

    amounts: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()
    times: frozenset[tuple[int, int]] = frozenset()
    numbers: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    """Codes, e-mails: whole or not at all."""
    words: frozenset[str] = frozenset()

    def __or__(self, other: Facts) -> Facts:
        return Facts(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))


@dataclass(slots=True)
class _Bag:
    zone: ZoneInfo
    amounts: set[int] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    times: set[tuple[int, int]] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def add(self, value: object) -> None:
        match value:
            case None | bool() | ZoneInfo():
                pass
            case Money(amount=amount):
                self.amounts.add(abs(amount))
            case datetime():
                local = value.astimezone(self.zone)
                self.dates.add(local.date())
                self.times.add((local.hour, local.minute))
            case date():
                self.dates.add(value)
            case time():
                self.times.add((value.hour, value.minute))
            case Enum():
                pass
            case int():
                self.numbers.add(str(value))
            case str():
                self._text(value)
            case Mapping():
                for each in value.values():
                    self.add(each)
            case _ if is_dataclass(value) and not isinstance(value, type):
                for each in fields(value):
                    self.add(getattr(value, each.name))
                if (nights := getattr(value, "nights", None)) is not None:
                    self.add(nights)
            case Iterable():
                for each in value:
                    self.add(each)

    def _text(self, text: str) -> None:
        if _ID.fullmatch(text):
            return
        self.tokens.update(_CODE.findall(text))
        self.tokens.update(mail.lower() for mail in _EMAIL.findall(text))
        text = _EMAIL.sub(" ", _CODE.sub(" ", text))
        self.times.update((int(hour), int(minute)) for hour, minute in _TIME.findall(text))
        for written in _AMOUNT.finditer(text):
            self.amounts.add(_minor(written[1] or written[2]))
        for number in _NUMBER.findall(text):
            self.numbers.add(number.strip(".,"))
            self.numbers.add(re.sub(r"\D", "", number))
        self.words.update(fold(word) for word in _WORD.findall(text))


def facts(*sources: object, zone: ZoneInfo) -> Facts:
    """Everything that ``sources`` (bookings, offers, the business, texts the customer wrote...) allow to be said."""
    bag = _Bag(zone)
    for source in sources:
        bag.add(source)
    return Facts(
        frozenset(bag.amounts),
        frozenset(bag.dates),
        frozenset(bag.times),
        frozenset(bag.numbers),
        frozenset(bag.tokens),
        frozenset(bag.words),
    )


def unseemly(line: str) -> bool:
    """Links, markup, code and hidden signs have no place in an answer, whatever they say."""
    return _MARKUP.search(line) is not None or not line.isprintable()


def invented(text: str, known: Facts, texts: Texts) -> tuple[str, ...]:
    """What ``text`` states and ``known`` does not hold, as it is written; empty where all is well."""
    wrong: list[str] = []
    rest = _LIST_MARK.sub(" ", text)

    def take(pattern: re.Pattern[str], good: object) -> None:
        nonlocal rest
        for found in pattern.finditer(rest):
            if not good(found):  # type: ignore[operator]
                wrong.append(found[0].strip(".,"))
        rest = pattern.sub(" · ", rest)

    take(_EMAIL, lambda found: found[0].lower() in known.tokens)
    take(_CODE, lambda found: found[0] in known.tokens)
    take(_AMOUNT, lambda found: _minor(found[1] or found[2]) in known.amounts)
    take(_ISO, lambda found: found[0] in {day.isoformat() for day in known.dates})
    wrong += _days(rest, known, texts)
    take(_SLASHED, lambda found: any((day.day, day.month) == (int(found[1]), int(found[2])) for day in known.dates))
    take(_TIME, lambda found: (int(found[1]), int(found[2])) in known.times)
    numbers = known.numbers | {str(part) for day in known.dates for part in (day.day, day.year)}
    take(_NUMBER, lambda found: found[0].strip(".,") in numbers or re.sub(r"\D", "", found[0]) in numbers)
    wrong += _numerals(rest, numbers)
    wrong += _names(rest, known, texts)
    return tuple(wrong)


def _minor(written: str) -> int:
    digits = written.strip(".,")
    cents = re.search(r"[.,](\d{2})$", digits)
    whole = digits[: cents.start()] if cents else digits
    return int(re.sub(r"\D", "", whole) or 0) * 100 + (int(cents[1]) if cents else 0)


def _days(text: str, known: Facts, texts: Texts) -> list[str]:
    """Days with their month, and weekdays with their day, must be those of a known date."""
    folded, wrong = fold(text), []
    months = {fold(name): number for number, name in enumerate(texts.words("format.months"), 1)}
    weekdays = {fold(name): number for number, name in enumerate(texts.words("format.weekdays"))}
    day_of_month = re.compile(rf"\b(\d{{1,2}}) (?:de )?({'|'.join(months)})\b")
    for found in day_of_month.finditer(folded):
        if not any((day.day, day.month) == (int(found[1]), months[found[2]]) for day in known.dates):
            wrong.append(found[0])
    for found in re.finditer(rf"\b({'|'.join(weekdays)}) (\d{{1,2}})\b", folded):
        if not any((day.weekday(), day.day) == (weekdays[found[1]], int(found[2])) for day in known.dates):
            wrong.append(found[0])
    named = {months[word] for word in re.findall(rf"\b({'|'.join(months)})\b", folded)}
    wrong += [texts.words("format.months")[month - 1] for month in named - {day.month for day in known.dates}]
    return wrong


_NUMERALS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
    "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "cien": 100, "mil": 1000, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "twenty": 20, "hundred": 100, "thousand": 1000,
}  # fmt: skip


def _numerals(text: str, numbers: frozenset[str] | set[str]) -> list[str]:
    return [word for word in fold(text).split() if word in _NUMERALS and str(_NUMERALS[word]) not in numbers]


def _names(text: str, known: Facts, texts: Texts) -> list[str]:
    """A capitalised word that is neither in the facts nor in any template counts as a name, wherever it stands."""
    fixed = _fixed_words(texts.locale) | known.words
    return [word for word in _WORD.findall(text) if len(word) > 1 and word[0].isupper() and fold(word) not in fixed]


@lru_cache(maxsize=8)
def _fixed_words(locale: str) -> frozenset[str]:
    """The words of the templates themselves and of the calendar."""
    texts, words = Texts(locale), set[str]()
    for key in texts.every_key():
        if key.startswith(("bot.", "trade.")):
            words.update(fold(word) for word in _WORD.findall(re.sub(r"\{\w+\}", " ", texts.raw(key))))
    for key in ("format.months", "format.weekdays"):
        words.update(fold(word) for word in texts.words(key))
    return frozenset(words)
