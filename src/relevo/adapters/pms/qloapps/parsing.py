"""What QloApps says, as our own small types. Pure: no network, no clock.

Its JSON changes shape with its contents (an empty map is a list, ids are now numbers, now text), so everything is read
through the few functions here, and whatever does not fit is ``NotReady("pms_failed")``, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import IntEnum
from typing import Any, TypeVar

from relevo.kit.errors import NotReady
from relevo.kit.money import Money

Found = TypeVar("Found")
SOURCE = "relevo-"
"""What our code begins with in the ``source`` of an order."""


class RoomStatus(IntEnum):
    ACTIVE = 1
    INACTIVE = 2
    INACTIVE_ON_DATES = 3
    STAY_LIMITS = 4
    """Only said of a search: the stay is too short or too long for the type."""


@dataclass(frozen=True, slots=True)
class Line:
    """Nights of one room in one order, or in none (a block)."""

    id: int
    order: int
    room: int
    check_in: date
    check_out: date
    live: bool
    """Neither given back nor a back order: a line of a cancelled order, or of a ghost, has no room."""

    def meets(self, check_in: date, check_out: date) -> bool:
        return self.check_in < check_out and check_in < self.check_out


@dataclass(frozen=True, slots=True)
class Order:
    id: int
    reference: str
    source: str
    total: Decimal

    @property
    def code(self) -> str | None:
        """Our code, where we made it."""
        return self.source.removeprefix(SOURCE) if self.source.startswith(SOURCE) else None


@dataclass(frozen=True, slots=True)
class TypeAri:
    """What one room type answers to a search: its rooms by id, its price for all the nights."""

    room_type: int
    total_net: Decimal
    total_gross: Decimal
    available: frozenset[int]
    booked: frozenset[int]
    unavailable: Mapping[int, frozenset[int]]
    """With the reasons (``RoomStatus``)."""
    partial: frozenset[int]
    blocked: Mapping[int, tuple[tuple[date, date], ...]]
    """Days of rooms that are out of service on dates."""

    @property
    def refuses_the_stay(self) -> bool:
        return bool(self.unavailable) and any(
            RoomStatus.STAY_LIMITS in reasons for reasons in self.unavailable.values()
        )


@dataclass(frozen=True, slots=True)
class Ari:
    currency: str
    types: Mapping[int, TypeAri]


def fits(read: Callable[[Any], Found]) -> Callable[[Any], Found]:
    """What is missing or of another kind is the PMS's failure, not ours."""

    def checked(row: Any) -> Found:
        try:
            return read(row)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
            raise NotReady("pms_failed") from None

    return checked


@fits
def line(row: Any) -> Line:
    return Line(
        id=int(row["id"]),
        order=int(row["id_order"]),
        room=int(row["id_room"]),
        check_in=day(row["date_from"]),
        check_out=day(row["date_to"]),
        live=not (int(row["is_refunded"]) or int(row["is_back_order"]) or int(row.get("is_cancelled") or 0)),
    )


@fits
def order(row: Any) -> Order:
    return Order(
        id=int(row["id"]),
        reference=str(row["reference"]),
        source=str(row.get("source") or ""),
        total=Decimal(str(row.get("total_paid_tax_incl") or 0)),
    )


@fits
def ari(answer: Any) -> Ari:
    """A search without a type that fits has no ``room_types`` at all, which is no error."""
    found = answer["hotel_ari"]
    return Ari(str(found["currency"]), {each.room_type: each for each in map(_type_ari, found.get("room_types") or [])})


def _type_ari(row: Any) -> TypeAri:
    rooms = row["rooms"]
    unavailable = dict(_rooms(rooms.get("unavailable")))
    return TypeAri(
        room_type=int(row["id_room_type"]),
        total_net=Decimal(str(row["total_price"])),
        total_gross=Decimal(str(row["total_price_with_tax"])),
        available=frozenset(room for room, _ in _rooms(rooms.get("available"))),
        booked=frozenset(room for room, _ in _rooms(rooms.get("booked"))),
        unavailable={
            room: frozenset(int(detail["id_status"]) for detail in found["detail"])
            for room, found in unavailable.items()
        },
        partial=frozenset(room for room, _ in _rooms(rooms.get("partially_available"))),
        blocked={
            room: tuple(
                (day(detail["date_from"]), day(detail["date_to"]))
                for detail in found["detail"]
                if int(detail["id_status"]) == RoomStatus.INACTIVE_ON_DATES and detail["date_from"]
            )
            for room, found in unavailable.items()
        },
    )


def _rooms(found: Any) -> Iterable[tuple[int, Any]]:
    """A map by room id when there is something in it, ``[]`` when there is not."""
    rows = found.items() if isinstance(found, dict) else enumerate(found or [])
    return [(int(row["id_room"]), row) for _, row in rows]


@dataclass(frozen=True, slots=True)
class Created:
    """A sale as its own answer tells it; whether it keeps the room is another question."""

    order: int
    rooms: tuple[int, ...]


def created(answer: Any) -> Created | None:
    """None if the answer is none of a sale that was made."""
    try:
        booking = answer["booking"]
        rooms = [room for kind in booking["associations"]["room_types"] for room in kind["rooms"]]
        made = Created(int(booking["id"]), tuple(int(room["id_room"]) for room in rooms))
    except (KeyError, TypeError, ValueError):
        return None
    return made if made.order and made.rooms else None


def day(text: str) -> date:
    """``2027-04-01 00:00:00`` and ``2027-04-01``."""
    return date.fromisoformat(text[:10])


def moment(text: str) -> datetime:
    """The shop's own time, without an offset."""
    return datetime.fromisoformat(text)


def minor(amount: Decimal, currency: str) -> Money:
    """Prices come with up to six places; what is paid has two."""
    return Money(int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP)), currency)


def plain(money: Money) -> str:
    """``4235.00``, the way QloApps takes amounts."""
    return str(Decimal(money.amount).scaleb(-2).quantize(Decimal("0.01")))


def in_language(value: Any, language: int | None) -> str:
    """A text that is one string, or one per language."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        texts = {int(each["id"]): str(each["value"]) for each in value}
        return texts.get(language or 0) or next(iter(texts.values()))
    return ""
