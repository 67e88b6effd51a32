"""Every sentence that a person reads or hears, and how dates and money are written, per locale.

A key names file and path: ``bot.greeting`` is ``greeting`` in ``<locale>/bot.toml``. A locale lays over its language
and that over Spanish (``es_AR`` over ``es``), so an overlay holds only what differs. Sentences are looked up and filled
in; nothing is composed here that depends on the business.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from importlib.resources import files
from typing import Any

from relevo.kit.money import Money
from relevo.texts.reader import current

SOURCE = "es"
NEAR = 300
"""Days within which a day without its year is this one."""
_NO_CENTS = frozenset({"CLP", "PYG", "JPY"})
"""Currencies whose minor unit is the unit itself."""


class Texts:
    """The sentences of one locale (``es_AR``). An unknown one falls back to its language, then to Spanish."""

    def __init__(self, locale: str = SOURCE, today: date | None = None) -> None:
        self.locale = locale.replace("-", "_")
        self.today = today
        self._entries = _layered(self.locale)

    def other(self, locale: str | None) -> Texts:
        """The same in another locale; ``None`` keeps this one."""
        return self if locale is None or locale.replace("-", "_") == self.locale else Texts(locale, self.today)

    @property
    def here(self) -> Texts:
        """In the language of whoever reads the answer that is being made, in the house's way where it is that."""
        language = current()
        return self if language is None or self.locale.split("_")[0] == language else self.other(language)

    def on(self, today: date) -> Texts:
        """The same as it is said on that day: days far from it are named with their year."""
        return Texts(self.locale, today)

    def has(self, key: str) -> bool:
        return key in self._entries

    def say(self, key: str, **params: object) -> str:
        """The sentence ``key`` with its placeholders filled; dates and money are written the way the locale does."""
        return self.raw(key).format_map({name: self._written(value) for name, value in params.items()})

    def raw(self, key: str) -> str:
        """The sentence as it stands in the file."""
        found = self._entries.get(key)
        if not isinstance(found, str):
            raise KeyError(key)
        return found

    def words(self, key: str) -> tuple[str, ...]:
        """A list, such as the names of the months."""
        found = self._entries.get(key)
        if not isinstance(found, tuple):
            raise KeyError(key)
        return found

    def every_key(self) -> Iterator[str]:
        return iter(self._entries)

    def money(self, money: Money) -> str:
        """``$ 136.000``; centavos only where there are any."""
        cents = 0 if money.currency in _NO_CENTS else 2
        whole, rest = divmod(abs(money.amount), 10**cents)
        digits = f"{whole:,}".replace(",", self.raw("format.thousands"))
        if rest:
            digits += f"{self.raw('format.decimal')}{rest:0{cents}d}"
        key = f"format.currency.{money.currency}"
        sign = self.raw(key) if self.has(key) else money.currency
        return f"{'-' if money.amount < 0 else ''}{sign} {digits}"

    def day(self, day: date, *, weekday: bool = True, month: bool = True, year: bool | None = None) -> str:
        """``viernes 12 de junio``; with its year where that could be meant of another."""
        if year is None:
            year = month and self._is_far(day)
        text = self.say(
            f"format.{'day_month' if month else 'day_only'}{'_year' if year else ''}",
            day=str(day.day),
            month=self.words("format.months")[day.month - 1],
            year=str(day.year),
        )
        if not weekday:
            return text
        return self.say("format.weekday", weekday=self.words("format.weekdays")[day.weekday()], day=text)

    def stay(self, check_in: date, check_out: date, *, weekdays: bool = False) -> str:
        """``del 12 al 15 de junio``, naming month and year no more often than needed."""
        same_year = check_in.year == check_out.year
        same_month = same_year and check_in.month == check_out.month
        from_ = self.day(
            check_in, weekday=weekdays, month=not same_month or self.locale[:2] == "en", year=not same_year
        )
        until = self.day(check_out, weekday=weekdays, year=not same_year or self._is_far(check_out))
        return self.say("format.stay", check_in=from_, check_out=until)

    def _is_far(self, day: date) -> bool:
        return self.today is not None and abs((day - self.today).days) > NEAR

    def time(self, at: time) -> str:
        return f"{at:%H:%M}"

    def count(self, key: str, number: int, **params: object) -> str:
        """``1 noche`` or ``3 noches``: picks ``<key>.one`` or ``<key>.many``."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", n=str(number), **params)

    def _written(self, value: object) -> str:
        match value:
            case Money():
                return self.money(value)
            case date():
                return self.day(value)
            case time():
                return self.time(value)
            case None:
                return ""
            case _:
                return str(value)


def locales() -> tuple[str, ...]:
    """The locales that have files."""
    return tuple(
        sorted(entry.name for entry in files(__name__).iterdir() if entry.is_dir() and not entry.name.startswith("_"))
    )


def layers(locale: str) -> tuple[str, ...]:
    """From the ground up: Spanish, the language, the locale."""
    language = locale.split("_")[0]
    return tuple(dict.fromkeys((SOURCE, language, locale)))


@lru_cache(maxsize=32)
def entries(locale: str) -> Mapping[str, str | tuple[str, ...]]:
    """What one locale's own files say, without what lies beneath."""
    folder = files(__name__).joinpath(locale)
    if not locale.replace("_", "").isalnum() or not folder.is_dir():
        return {}
    found: dict[str, str | tuple[str, ...]] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            found.update(_flat(tomllib.loads(file.read_text(encoding="utf-8")), file.name.removesuffix(".toml")))
    return found


@lru_cache(maxsize=32)
def _layered(locale: str) -> Mapping[str, str | tuple[str, ...]]:
    return {key: text for layer in layers(locale) for key, text in entries(layer).items()}


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            yield from _flat(value, key)
        elif isinstance(value, list):
            yield key, tuple(str(item) for item in value)
        else:
            yield key, str(value)
