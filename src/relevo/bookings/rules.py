"""Rooms, prices and holds as pure rules: what a stay costs, what may become of a booking, when a hold ends.

A night belongs to the date it begins on; the night of departure is not slept. Money is in minor units. Percentages
round halves up. Where two seasons cover a night the dearer one counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from relevo.kit.errors import Conflict, Invalid
from relevo.kit.money import Money

MAX_NIGHTS = 60
MAX_AHEAD = timedelta(days=548)
"""Eighteen months."""
CODE_LENGTH = 5


class BookingStatus(StrEnum):
    HOLD = "hold"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NEEDS_STAFF = "needs_staff"


class DepositStatus(StrEnum):
    REQUESTED = "requested"
    RECEIVED = "received"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


_MOVES: Mapping[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.HOLD: frozenset({BookingStatus.CONFIRMING, BookingStatus.EXPIRED, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMING: frozenset({BookingStatus.CONFIRMED, BookingStatus.NEEDS_STAFF}),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.CANCELLED}),
    BookingStatus.EXPIRED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.NEEDS_STAFF: frozenset({BookingStatus.CONFIRMING, BookingStatus.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class RoomType:
    code: str
    name: str
    capacity: int
    rooms: tuple[str, ...]
    price_per_night: Money


@dataclass(frozen=True, slots=True)
class Season:
    """A dearer time: from day to day of every year (``12-20`` to ``02-28`` wraps), or Holy Week by its rule."""

    name: str
    multiplier_percent: int
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None

    def covers(self, night: date) -> bool:
        if self.first is None or self.last is None:
            easter = easter_sunday(night.year)
            return easter - timedelta(days=3) <= night <= easter
        day = (night.month, night.day)
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


@dataclass(frozen=True, slots=True)
class Business:
    """Facts of the house. Whatever the bot states about it comes from here."""

    name: str
    city: str
    timezone: ZoneInfo
    currency: str
    locale: str
    phone: str
    email: str
    check_in: str
    check_out: str
    deposit_percent: int
    hold_minutes: int
    hold_extensions: int
    code_prefix: str
    bank: Mapping[str, str]
    room_types: tuple[RoomType, ...]
    seasons: tuple[Season, ...]
    policies: Mapping[str, str]
    services: Mapping[str, str]

    def room_type(self, code: str) -> RoomType:
        for each in self.room_types:
            if each.code == code:
                return each
        raise Invalid("unknown_room_type", room_type=code)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.timezone).date()


@dataclass(frozen=True, slots=True)
class NightPrice:
    night: date
    price: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What a stay costs. ``price_per_night`` is every night's price, or the rounded average when they differ."""

    room_type: str
    type_name: str
    check_in: date
    check_out: date
    guests: int
    children: int
    nightly: tuple[NightPrice, ...]
    price_per_night: Money
    uniform: bool
    total: Money
    deposit: Money

    @property
    def nights(self) -> int:
        return len(self.nightly)

    @property
    def currency(self) -> str:
        return self.total.currency


@dataclass(frozen=True, slots=True)
class Offer:
    room_type: str
    name: str
    capacity: int
    free: int
    quote: Quote


@dataclass(frozen=True, slots=True)
class Booking:
    id: str
    code: str
    status: BookingStatus
    room_number: str
    room_type: str
    type_name: str
    check_in: date
    check_out: date
    guests: int
    children: int
    guest_name: str | None = field(repr=False)
    guest_phone: str | None = field(repr=False)
    guest_email: str | None = field(repr=False)
    total: Money
    deposit: Money
    deposit_status: DepositStatus
    hold_expires_at: datetime
    extensions: int
    conversation_id: str
    person_id: str
    created_at: datetime

    @property
    def nights(self) -> int:
        return (self.check_out - self.check_in).days

    def is_live(self, now: datetime) -> bool:
        """Whether it keeps its nights: a hold that has not run out, or anything firmer."""
        if self.status is BookingStatus.HOLD:
            return now < self.hold_expires_at
        return self.status in (BookingStatus.CONFIRMING, BookingStatus.CONFIRMED, BookingStatus.NEEDS_STAFF)


def easter_sunday(year: int) -> date:
    """Gregorian Easter (anonymous algorithm, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * el) // 433
    month = (h + el - 7 * m + 90) // 25
    return date(year, month, (h + el - 7 * m + 33 * month + 19) % 32)


def nights_of(check_in: date, check_out: date) -> list[date]:
    return [check_in + timedelta(days=day) for day in range((check_out - check_in).days)]


def check_stay(business: Business, check_in: date, check_out: date, *, now: datetime) -> None:
    """Raises ``Invalid`` with the reason a guest can act on."""
    today = business.today(now)
    if check_out <= check_in:
        raise Invalid("dates_order")
    if check_in < today:
        raise Invalid("dates_past")
    if (check_out - check_in).days > MAX_NIGHTS:
        raise Invalid("stay_too_long", maximum=MAX_NIGHTS)
    if check_in > today + MAX_AHEAD:
        raise Invalid("too_far")


def check_party(business: Business, guests: int, children: int = 0) -> None:
    largest = max(each.capacity for each in business.room_types)
    if guests < 1 or children < 0 or children >= guests:
        raise Invalid("party_empty")
    if guests > largest:
        raise Invalid("party_too_big", maximum=largest)


def night_price(business: Business, room_type: RoomType, night: date) -> Money:
    percent = max([season.multiplier_percent for season in business.seasons if season.covers(night)], default=100)
    return room_type.price_per_night.percent(percent)


def quote(
    business: Business, room_type: RoomType, check_in: date, check_out: date, *, guests: int, children: int = 0
) -> Quote:
    nightly = tuple(
        NightPrice(night, night_price(business, room_type, night)) for night in nights_of(check_in, check_out)
    )
    total = Money(sum(each.price.amount for each in nightly), business.currency)
    uniform = len({each.price for each in nightly}) == 1
    average = Money((total.amount + len(nightly) // 2) // len(nightly), business.currency)
    return Quote(
        room_type=room_type.code,
        type_name=room_type.name,
        check_in=check_in,
        check_out=check_out,
        guests=guests,
        children=children,
        nightly=nightly,
        price_per_night=nightly[0].price if uniform else average,
        uniform=uniform,
        total=total,
        deposit=total.percent(business.deposit_percent),
    )


def move(status: BookingStatus, to: BookingStatus) -> BookingStatus:
    if to not in _MOVES[status]:
        raise Conflict("booking_state", status=status.value)
    return to


def expires_at(business: Business, now: datetime) -> datetime:
    return now + timedelta(minutes=business.hold_minutes)


def extend(booking: Booking, business: Business, now: datetime) -> datetime:
    """When an extended hold ends. Raises ``Conflict`` when there is nothing left to extend."""
    if booking.status is not BookingStatus.HOLD or not booking.is_live(now):
        raise Conflict("hold_expired")
    if booking.extensions >= business.hold_extensions:
        raise Conflict("hold_extensions_spent", maximum=business.hold_extensions)
    return expires_at(business, now)


def nearby_stays(check_in: date, check_out: date, today: date, *, reach: int = 7) -> list[tuple[date, date]]:
    """Stays of the same length around these dates, the nearest first, the later one first of two equals."""
    shifts = [sign * step for step in range(1, reach + 1) for sign in (1, -1)]
    moved = [(check_in + timedelta(days=shift), check_out + timedelta(days=shift)) for shift in shifts]
    return [(first, last) for first, last in moved if first >= today]


def candidate_rooms(rooms: Sequence[str], taken: set[str], start: float) -> list[str]:
    """Free rooms of a type in the order to try them, from a random place (``start`` in 0..1) to spread contention."""
    free = [room for room in rooms if room not in taken]
    turn = math.floor(start * len(free)) if free else 0
    return free[turn:] + free[:turn]


def as_json(booking: Booking, business: Business, now: datetime) -> dict[str, Any]:
    """The ``Booking`` of docs/api.md."""

    def money(value: Money) -> dict[str, Any]:
        return {"amount": value.amount, "currency": value.currency}

    def moment(at: datetime) -> str:
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")

    held = booking.status is BookingStatus.HOLD and booking.is_live(now)
    left = max(business.hold_extensions - booking.extensions, 0)
    return {
        "id": booking.id,
        "code": booking.code,
        "status": booking.status.value,
        "room": {"number": booking.room_number, "type": booking.room_type, "type_name": booking.type_name},
        "check_in": booking.check_in.isoformat(),
        "check_out": booking.check_out.isoformat(),
        "nights": booking.nights,
        "guests": booking.guests,
        "children": booking.children,
        "guest_name": booking.guest_name,
        "guest_phone": booking.guest_phone,
        "guest_email": booking.guest_email,
        "total": money(booking.total),
        "deposit": {**money(booking.deposit), "status": booking.deposit_status.value},
        "hold_expires_at": moment(booking.hold_expires_at) if booking.status is BookingStatus.HOLD else None,
        "hold_extensions_left": left,
        "conversation_id": booking.conversation_id,
        "created_at": moment(booking.created_at),
        "actions": (["extend"] if left else []) + ["release"] if held else [],
    }
