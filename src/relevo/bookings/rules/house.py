"""The house and what may be asked of it: room types, seasons, which stays and parties it takes.

``guests`` counts everybody, ``children`` are among them, and ``babies`` (under three) are among the children and need
no place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from relevo.kit.errors import Invalid
from relevo.kit.money import Money

MAX_NIGHTS = 60
MAX_AHEAD = timedelta(days=548)
"""Eighteen months."""
CODE_LENGTH = 5


@dataclass(frozen=True, slots=True)
class RoomType:
    code: str
    name: str
    capacity: int
    rooms: tuple[str, ...]
    price_per_night: Money
    deposit_percent: int | None = None
    """Where it is another than the house's."""


@dataclass(frozen=True, slots=True)
class Season:
    """A time with other prices: from day to day of every year, both included (``12-20`` to ``02-28`` wraps round), or,
    without days, Holy Week: Thursday before Easter to Easter Sunday."""

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
class Loyalty:
    """What the house gives who comes again: from which stay on, how much, and how it says so."""

    stays: int
    percent: int
    text: str


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
    cancel_free_hours: int = 0
    """Until how long before the arrival a cancellation gives the deposit back."""
    area: Mapping[str, str] = field(default_factory=dict)
    """What is near, by topic."""
    extras: tuple[str, ...] = ()
    """Keys of the services that are sold beside the room."""
    loyalty: Loyalty | None = None

    def deposit_of(self, room_type: RoomType, total: Money) -> Money:
        percent = self.deposit_percent if room_type.deposit_percent is None else room_type.deposit_percent
        return total.percent(percent)

    def room_type(self, code: str) -> RoomType:
        for each in self.room_types:
            if each.code == code:
                return each
        raise Invalid("unknown_room_type", room_type=code)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.timezone).date()


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


def check_party(
    business: Business, guests: int, children: int = 0, babies: int = 0, *, room_type: RoomType | None = None
) -> None:
    """At least one adult, and no more people than fit in ``room_type`` (or in the largest one)."""
    if not 0 <= babies <= children < guests:
        raise Invalid("party_empty")
    largest = room_type.capacity if room_type else max(each.capacity for each in business.room_types)
    if places(guests, babies) > largest:
        raise Invalid("party_too_big", maximum=largest)


def places(guests: int, babies: int) -> int:
    """Beds that a party needs."""
    return guests - babies


def code_of(business: Business, heard: str) -> str:
    """A booking code the way it is stored, however it was typed or said: ``rl 4k7q2``, ``4K7Q2``."""
    letters = "".join(char for char in heard.upper() if char.isalnum())
    if len(letters) > CODE_LENGTH:
        letters = letters.removeprefix(business.code_prefix)
    return f"{business.code_prefix}-{letters}"
