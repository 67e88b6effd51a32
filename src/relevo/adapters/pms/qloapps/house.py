"""The house that a QloApps describes: its room types, rooms and hours, read at start and remembered on disk.

What QloApps does not know (policies, bank, deposit, how long a hold lasts) and how the house calls itself come from the
hotel file; a type there with ``pms_id`` gives a type of QloApps our code and name. A QloApps that is down at start is
no reason not to answer the telephone: the last reading serves until the next start.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from relevo.adapters.pms.qloapps import bodies, parsing
from relevo.adapters.pms.qloapps.client import Question, Settings, read_now, read_rows
from relevo.bookings.rules import Business, RoomType
from relevo.kit import log
from relevo.kit.errors import Misconfigured, NotReady

_log = log.get("pms.qloapps")

ROOM_LENGTH = 12
PROBE = timedelta(days=30)
"""A night far enough away to have a usual price."""
FULL = {"display": "full"}


@dataclass(frozen=True, slots=True)
class House:
    """The business, and which of QloApps' ids its words stand for."""

    business: Business
    hotel: int
    types: Mapping[str, int]
    rooms: Mapping[str, int]
    names: Mapping[int, str]
    """Room id to our room number."""

    def type_code(self, room_type: int) -> str | None:
        return next((code for code, id_ in self.types.items() if id_ == room_type), None)


def questions(settings: Settings, today: date) -> list[Question]:
    night = today + PROBE
    search = bodies.search(settings.hotel, night, night + timedelta(days=1))
    return [
        Question("hotels", "hotels", FULL),
        Question("room_types", "room_types", FULL),
        Question("limits", "hotel_room_types", FULL),
        Question("rooms", "hotel_rooms", FULL),
        Question("currencies", "currencies", FULL),
        Question("languages", "languages", FULL),
        Question("prices", "hotel_ari", {}, search),
    ]


def read_house(settings: Settings, facts: Business, today: date, *, kept: Path, named: Mapping[int, RoomType]) -> House:
    """From QloApps, or from ``kept`` when it does not answer. Raises ``Misconfigured`` for what cannot be sold."""
    try:
        answers = read_now(settings, questions(settings, today))
    except NotReady:
        if not kept.is_file():
            raise
        _log.warning("not reachable at start; the house is as it was read last")
        answers = json.loads(kept.read_text(encoding="utf-8"), parse_float=Decimal)
        return understood(settings, facts, answers, named)
    house = understood(settings, facts, answers, named)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    fresh.write_text(json.dumps(answers, default=str), encoding="utf-8")
    fresh.replace(kept)
    return house


def understood(settings: Settings, facts: Business, answers: Any, named: Mapping[int, RoomType]) -> House:
    try:
        return _understood(settings, facts, answers, named)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotReady("pms_failed") from None


def _understood(settings: Settings, facts: Business, answers: Any, named: Mapping[int, RoomType]) -> House:
    hotel = next((row for row in read_rows(answers["hotels"], "hotels") if int(row["id"]) == settings.hotel), None)
    if hotel is None:
        raise Misconfigured("pms_hotel", hotel=settings.hotel)
    currency = _currency(settings, read_rows(answers["currencies"], "currencies"))
    prices = parsing.ari(answers["prices"])
    language = _language(facts.locale, read_rows(answers["languages"], "languages"))
    rows = [row for row in read_rows(answers["rooms"], "rooms") if int(row["id_hotel"]) == settings.hotel]
    names = room_names({int(row["id"]): str(row["room_num"]) for row in rows})
    limits = {int(row["id_product"]): row for row in read_rows(answers["limits"], "hotel_room_types")}
    kinds, types = [], {}
    for row in read_rows(answers["room_types"], "room_types"):
        id_ = int(row["id"])
        rooms = tuple(names[int(room["id"])] for room in rows if int(room["id_product"]) == id_)
        if not int(row["active"]) or id_ not in limits or id_ not in prices.types or not rooms:
            continue
        limit, ours = limits[id_], named.get(id_)
        code = ours.code if ours else str(id_)
        places = min(int(limit["max_guests"]), int(limit["max_adults"]) + int(limit["max_children"]))
        kinds.append(
            RoomType(
                code=code,
                name=ours.name if ours else parsing.in_language(row["name"], language)[:80],
                capacity=ours.capacity if ours else places,
                rooms=rooms,
                price_per_night=parsing.minor(prices.types[id_].total_gross, currency),
            )
        )
        types[code] = id_
    if not kinds:
        raise Misconfigured("pms_hotel", hotel=settings.hotel)
    business = replace(
        facts,
        currency=currency,
        check_in=str(hotel["check_in"])[:5],
        check_out=str(hotel["check_out"])[:5],
        room_types=tuple(kinds),
        seasons=(),
    )
    return House(business, settings.hotel, types, {name: id_ for id_, name in names.items()}, names)


def room_names(numbers: Mapping[int, str]) -> dict[int, str]:
    """Room numbers by id, short and unique even where QloApps' are not."""
    times = Counter(numbers.values())
    return {
        id_: number if 0 < len(number) <= ROOM_LENGTH and times[number] == 1 else f"#{id_}"
        for id_, number in numbers.items()
    }


def _currency(settings: Settings, rows: list[dict[str, Any]]) -> str:
    codes = [str(row["iso_code"]) for row in rows if int(row["active"]) and not int(row["deleted"])]
    if settings.currency in codes:
        return str(settings.currency)
    if settings.currency is not None or not codes:
        raise Misconfigured("pms_currency")
    return codes[0]


def _language(locale: str, rows: list[dict[str, Any]]) -> int | None:
    return next((int(row["id"]) for row in rows if str(row["iso_code"]) == locale[:2]), None)
