"""What excursions a house sells and when they leave; what places cost, and until when they can be given back.

A departure is an excursion on a day. It has numbered seats, and a booking takes as many of them as people come: two
bookings that share a seat cannot both be written. Everything here only proposes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from relevo.kit.errors import Conflict, Invalid
from relevo.kit.money import Money

MOST_PLACES = 20
"""People of one booking; more than these are a group, and groups talk to a person."""


class Status(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Excursion:
    code: str
    name: str
    description: str
    hour: time
    """Local, when it leaves."""
    minutes: int
    adult: Money
    child: Money
    capacity: int
    meeting: str
    weekdays: frozenset[int] = frozenset()
    """On which it leaves every week (Monday is 0)."""
    dates: frozenset[date] = frozenset()
    """Days on which it leaves besides."""
    words: tuple[str, ...] = ()
    """What customers call it."""

    def leaves_on(self, day: date) -> bool:
        return day in self.dates or day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The facts that excursions are sold from."""

    timezone: ZoneInfo
    excursions: tuple[Excursion, ...]
    lead: timedelta = timedelta(hours=2)
    """How long before it leaves a place can still be had."""
    ahead: timedelta = timedelta(days=90)
    free_until: timedelta = timedelta(hours=24)
    """Until how long before it leaves its customer can give a place back."""
    closed: frozenset[date] = frozenset()

    def excursion(self, code: str) -> Excursion:
        for excursion in self.excursions:
            if excursion.code == code:
                return excursion
        raise Invalid("no_excursion")


@dataclass(frozen=True, slots=True, order=True)
class Departure:
    """An excursion on a day, with the places that are left of it."""

    start: datetime
    excursion: str
    day: date = field(compare=False)
    left: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Places of one customer on a departure."""

    id: str
    code: str
    person_id: str
    conversation_id: str | None
    excursion: str
    name: str
    """Of the excursion, as it was called when it was sold."""
    day: date
    start: datetime
    adults: int
    children: int
    price: Money
    status: Status
    guest_name: str | None = field(repr=False)
    guest_phone: str | None = field(repr=False)
    created_at: datetime
    cancelled_at: datetime | None = None

    @property
    def people(self) -> int:
        return self.adults + self.children


def start_of(catalogue: Catalogue, excursion: Excursion, day: date) -> datetime:
    return datetime.combine(day, excursion.hour, catalogue.timezone).astimezone(UTC)


def days_of(catalogue: Catalogue, excursion: Excursion, first: date, last: date, *, now: datetime) -> Iterator[date]:
    """Days from ``first`` to ``last`` on which it leaves and can still be booked."""
    day = max(first, now.astimezone(catalogue.timezone).date())
    while day <= last:
        start = start_of(catalogue, excursion, day)
        leaves = excursion.leaves_on(day) and day not in catalogue.closed
        if leaves and now + catalogue.lead <= start <= now + catalogue.ahead:
            yield day
        day += timedelta(days=1)


def check_day(catalogue: Catalogue, excursion: Excursion, day: date, *, now: datetime) -> None:
    """Raises ``Invalid`` with what a customer can do about it."""
    start = start_of(catalogue, excursion, day)
    if not excursion.leaves_on(day) or day in catalogue.closed:
        raise Invalid("no_departure")
    if start < now + catalogue.lead:
        raise Invalid("departure_too_soon")
    if start > now + catalogue.ahead:
        raise Invalid("departure_too_far", days=catalogue.ahead.days)


def check_party(adults: int, children: int) -> None:
    if adults < 1 or children < 0:
        raise Invalid("places_nobody")
    if adults + children > MOST_PLACES:
        raise Invalid("places_too_many", maximum=MOST_PLACES)


def price(excursion: Excursion, adults: int, children: int) -> Money:
    return excursion.adult.times(adults) + excursion.child.times(children)


def check_cancel(catalogue: Catalogue, place: Place, *, now: datetime, by_staff: bool) -> None:
    if place.status is not Status.BOOKED:
        raise Conflict("places_over")
    if not by_staff and now > place.start - catalogue.free_until:
        raise Conflict("places_late", hours=int(catalogue.free_until.total_seconds() // 3600))


def named(catalogue: Catalogue, folded: str) -> Excursion | None:
    """The excursion that a text names, in folded words (lower case, no accents); the longest name wins."""
    words = [(word, excursion) for excursion in catalogue.excursions for word in (*excursion.words, excursion.code)]
    found = [(word, excursion) for word, excursion in words if f" {word} " in f" {folded} "]
    return max(found, key=lambda each: len(each[0]))[1] if found else None
