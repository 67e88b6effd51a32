"""Days and stretches with a name: Christmas, Easter, patron days, long weekends, by country.

Feasts that fall on another day elsewhere are read for the country of the business; an unknown country has the common
ones only.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from relevo.bookings.rules import easter_sunday

_DAY = timedelta(days=1)
FIXED = {
    "reyes": (1, 6), "sanvalentin": (2, 14), "navidad": (12, 25), "navidades": (12, 25), "nochebuena": (12, 24),
    "anonuevo": (1, 1), "findeano": (12, 31), "nochevieja": (12, 31), "diadeltrabajo": (5, 1), "halloween": (10, 31),
    "todoslossantos": (11, 1), "diademuertos": (11, 2), "inmaculada": (12, 8), "diadelaraza": (10, 12),
    "diadelamujer": (3, 8), "sanjuan": (6, 24),
}  # fmt: skip
_BY_COUNTRY = {
    "AR": {"independencia": (7, 9), "diadelabandera": (6, 20), "fiestaspatrias": (7, 9), "diadelavirgen": (12, 8)},
    "ES": {"diadelpadre": (3, 19), "diadelaconstitucion": (12, 6), "elpilar": (10, 12), "pilar": (10, 12),
        "constitucion": (12, 6), "sanjuan": (6, 24), "sanfermin": (7, 7)},
    "MX": {"independencia": (9, 16), "diadelamadre": (5, 10), "fiestaspatrias": (9, 16), "revolucion": (11, 20),
        "grito": (9, 15),
        "diadelabandera": (2, 24),
           "diadelavirgen": (12, 12)},
    "CL": {"independencia": (9, 18), "fiestaspatrias": (9, 18), "sanpedroysanpablo": (6, 29),
        "virgendelcarmen": (7, 16), "elcarmen": (7, 16)},
    "CO": {"independencia": (7, 20), "fiestaspatrias": (7, 20), "velitas": (12, 7), "sanpedroysanpablo": (6, 29)},
    "PE": {"independencia": (7, 28), "fiestaspatrias": (7, 28), "sanpedroysanpablo": (6, 29),
        "intiraymi": (6, 24)},
    "UY": {"independencia": (8, 25), "fiestaspatrias": (8, 25)},
}  # fmt: skip
_SUNDAYS = {
    "AR": {"diadelamadre": (10, 3), "diadelpadre": (6, 3), "diadelnino": (8, 3)},
    "ES": {"diadelamadre": (5, 1)},
    "MX": {"diadelpadre": (6, 3)},
    "CL": {"diadelamadre": (5, 2), "diadelpadre": (6, 3), "diadelnino": (8, 2)},
    "CO": {"diadelamadre": (5, 2), "diadelpadre": (6, 3)},
    "PE": {"diadelamadre": (5, 2), "diadelpadre": (6, 3)},
    "UY": {"diadelamadre": (5, 2), "diadelpadre": (7, 2)},
}
"""Month and which Sunday of it."""
FROM_EASTER = {
    "domingoderamos": -7, "juevessanto": -3, "viernessanto": -2, "sabadosanto": -1, "domingodepascua": 0,
    "lunesdepascua": 1, "corpus": 60, "sabadodecarnaval": -50, "domingodecarnaval": -49,
    "lunesdecarnaval": -48, "martesdecarnaval": -47, "miercolesdeceniza": -46,
    "lunessanto": -6, "martessanto": -5, "miercolessanto": -4,
}  # fmt: skip
NAMES = {
    ("ano", "nuevo"): "anonuevo", ("fin", "de", "ano"): "findeano", ("semana", "santa"): "semanasanta",
    ("noche", "buena"): "nochebuena", ("noche", "vieja"): "nochevieja", ("san", "valentin"): "sanvalentin",
    ("dia", "de", "los", "enamorados"): "sanvalentin", ("dia", "de", "reyes"): "reyes",
    ("noche", "de", "reyes"): "reyes", ("reyes", "magos"): "reyes", ("semana", "de", "pascua"): "semanasanta",
    ("semana", "mayor"): "semanasanta", ("jueves", "santo"): "juevessanto", ("viernes", "santo"): "viernessanto",
    ("sabado", "santo"): "sabadosanto", ("sabado", "de", "gloria"): "sabadosanto",
    ("domingo", "de", "pascua"): "domingodepascua", ("domingo", "de", "pascuas"): "domingodepascua",
    ("domingo", "de", "resurreccion"): "domingodepascua", ("domingo", "de", "ramos"): "domingoderamos",
    ("sabado", "de", "carnaval"): "sabadodecarnaval", ("domingo", "de", "carnaval"): "domingodecarnaval",
    ("lunes", "de", "carnaval"): "lunesdecarnaval", ("martes", "de", "carnaval"): "martesdecarnaval",
    ("miercoles", "de", "carnaval"): "miercolesdeceniza", ("miercoles", "de", "ceniza"): "miercolesdeceniza",
    ("san", "pedro", "y", "san", "pablo"): "sanpedroysanpablo", ("inti", "raymi"): "intiraymi",
    ("virgen", "del", "carmen"): "virgendelcarmen", ("grito", "de", "independencia"): "grito",
    ("san", "fermin"): "sanfermin",
    ("lunes", "santo"): "lunessanto", ("martes", "santo"): "martessanto", ("miercoles", "santo"): "miercolessanto",
    ("lunes", "de", "pascua"): "lunesdepascua", ("corpus", "christi"): "corpus",
    ("dia", "del", "trabajador"): "diadeltrabajo", ("dia", "del", "trabajo"): "diadeltrabajo",
    ("dia", "de", "los", "trabajadores"): "diadeltrabajo", ("todos", "los", "santos"): "todoslossantos",
    ("dia", "de", "muertos"): "diademuertos", ("dia", "de", "los", "muertos"): "diademuertos",
    ("dia", "de", "la", "raza"): "diadelaraza", ("dia", "de", "la", "hispanidad"): "diadelaraza",
    ("el", "pilar"): "elpilar", ("dia", "de", "la", "madre"): "diadelamadre", ("dia", "del", "padre"): "diadelpadre",
    ("dia", "del", "nino"): "diadelnino", ("dia", "de", "la", "mujer"): "diadelamujer",
    ("dia", "de", "la", "bandera"): "diadelabandera", ("dia", "de", "la", "virgen"): "diadelavirgen",
    ("dia", "de", "la", "constitucion"): "diadelaconstitucion", ("dia", "de", "la", "independencia"): "independencia",
    ("fiestas", "patrias"): "fiestaspatrias", ("noche", "de", "san", "juan"): "sanjuan",
}  # fmt: skip
"""Feasts of several words, under one token."""


def feast(name: str, year: int, country: str) -> date | None:
    """The day of a feast in ``year``; None for what is no feast there."""
    if name in FROM_EASTER:
        return easter_sunday(year) + FROM_EASTER[name] * _DAY
    if sunday := _SUNDAYS.get(country, {}).get(name):
        first = date(year, sunday[0], 1)
        return first + ((6 - first.weekday()) % 7 + 7 * (sunday[1] - 1)) * _DAY
    fixed = _BY_COUNTRY.get(country, {}).get(name) or FIXED.get(name)
    return date(year, *fixed) if fixed else None


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=64)
def long_weekends(country: str, start: date, *, bridged: bool = False) -> tuple[tuple[date, date], ...]:
    """Blocks of three and more days without work in the year after ``start``: (first, last).

    ``bridged``: the day between a feast and the weekend is taken off, as ``puente`` says.
    """
    free = public_holidays(country, start.year) | public_holidays(country, start.year + 1)
    if bridged:
        free |= {day - _DAY for day in free if day.weekday() == 1} | {day + _DAY for day in free if day.weekday() == 3}
    blocks: list[tuple[date, date]] = []
    day = start
    while day < start + 370 * _DAY:
        last = day
        while last.weekday() >= 5 or last in free:
            last += _DAY
        if last - day >= 3 * _DAY and any(day + step * _DAY in free for step in range((last - day).days)):
            blocks.append((day, last - _DAY))
        day = max(last, day) + _DAY
    return tuple(blocks)


def observed(named: date, country: str) -> date:
    """The Monday on which a feast is kept where the law moves it; else the day itself."""
    free = public_holidays(country, named.year)
    if named in free or named.weekday() == 0:
        return named
    mondays = (named + ahead * _DAY for ahead in (7 - named.weekday(), -named.weekday()))
    return next((monday for monday in mondays if monday in free and abs(monday - named) < 6 * _DAY), named)
