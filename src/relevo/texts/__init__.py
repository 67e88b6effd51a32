"""Every sentence that a person reads or hears, by key and locale. ``es`` is the source; overlays change what differs.

Texts live in TOML, one file per room: ``es/bot.toml`` holds the keys ``bot.*``. A missing key is a bug and raises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from relevo.kit.money import Money

SOURCE = "es"
_SYMBOLS = {"ARS": "$", "MXN": "$", "CLP": "$", "COP": "$", "UYU": "$", "PEN": "S/", "EUR": "€", "USD": "US$"}


class Texts:
    """The texts of one locale such as ``es_AR``: its own overlay, then its language, then Spanish."""

    def __init__(self, locale: str = SOURCE) -> None:
        self.locale = known(locale)
        self._texts = _merged(self.locale)

    def say(self, key: str, **params: object) -> str:
        """The sentence under ``key`` with its placeholders filled."""
        return self._texts[key].format_map(_Params(params))

    def has(self, key: str) -> bool:
        return key in self._texts

    def names(self, key: str) -> list[str]:
        """A list kept under ``key`` (days, months)."""
        return self._texts[key].split("|")

    def money(self, money: Money) -> str:
        """``$ 136.000`` in Spanish, ``$ 136,000`` in English; cents only when there are some."""
        whole, cents = divmod(abs(money.amount), 100)
        grouped = f"{whole:,}"
        english = self.locale.startswith("en")
        number = f"{grouped}.{cents:02d}" if cents else grouped
        if not english:
            number = number.translate(str.maketrans(",.", ".,"))
        sign = "-" if money.amount < 0 else ""
        return f"{sign}{_SYMBOLS.get(money.currency, money.currency)} {number}"

    def day(self, day: date, *, weekday: bool = True, year: bool = False) -> str:
        """``viernes 12 de junio`` (``de 2027`` when ``year``)."""
        name = self.names("dates.weekdays")[day.weekday()]
        month = self.names("dates.months")[day.month - 1]
        text = self.say("dates.day", day=day.day, month=month)
        if year:
            text = self.say("dates.with_year", day=text, year=day.year)
        return self.say("dates.with_weekday", weekday=name, day=text) if weekday else text

    def stay(self, check_in: date, check_out: date) -> str:
        """``del viernes 12 al lunes 15 de junio``; the month is said once when it is the same."""
        if (check_in.year, check_in.month) == (check_out.year, check_out.month):
            first = self.say(
                "dates.short_day", weekday=self.names("dates.weekdays")[check_in.weekday()], day=check_in.day
            )
        else:
            first = self.day(check_in)
        return self.say("dates.stay", check_in=first, check_out=self.day(check_out))


class _Params(dict[str, object]):
    def __missing__(self, key: str) -> str:
        raise KeyError(f"text needs {key}")


def known(locale: str) -> str:
    """The best locale there is for what was asked: ``es-AR`` -> ``es_AR``, ``pt`` -> ``es``."""
    wanted = locale.replace("-", "_")
    language = wanted.split("_")[0]
    for candidate in (wanted, language):
        if resources.files(__name__).joinpath(candidate).is_dir() and candidate:
            return candidate
    return SOURCE


@cache
def _merged(locale: str) -> Mapping[str, str]:
    language = locale.split("_")[0]
    merged: dict[str, str] = {}
    for each in dict.fromkeys((SOURCE, language, locale)):
        merged |= _load(each)
    return merged


@cache
def _load(locale: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in resources.files(__name__).joinpath(locale).iterdir():
        if file.name.endswith(".toml"):
            found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), file.name.removesuffix(".toml"))
    return found


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}.{key}")
        else:
            found[f"{prefix}.{key}"] = "|".join(value) if isinstance(value, list) else str(value)
    return found
