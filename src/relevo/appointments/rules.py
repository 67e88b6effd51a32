"""What a business that takes appointments offers and when: services, resources, hours, and the slots that are free.

A slot lies on a grid of ``GRID``; an appointment takes every cell of one place (a resource has as many places as it can
serve people at once) from its start to its end, the pause after it included. Two appointments that share a cell of a
place cannot both be written; everything here only proposes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from relevo.kit.errors import Conflict, Invalid
from relevo.kit.money import Money

GRID = timedelta(minutes=15)


class Part(StrEnum):
    """Parts of a day, as people name them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_PARTS = {
    Part.MORNING: (time(0), time(13)),
    Part.AFTERNOON: (time(13), time(19)),
    Part.EVENING: (time(19), time(23, 59)),
}


class Status(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: str
    minutes: int
    price: Money
    pause: int = 0
    """Minutes after it in which its place is not free."""
    words: tuple[str, ...] = ()
    """What customers call it."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody or something that serves."""

    code: str
    name: str
    services: frozenset[str]
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Package:
    """Several sessions for one price."""

    code: str
    name: str
    services: tuple[str, ...]
    sessions: int
    price: Money
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a customer is called and how they are reached, where appointments live."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The facts that appointments are made from."""

    timezone: ZoneInfo
    services: tuple[Service, ...]
    resources: tuple[Resource, ...]
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    """By weekday (Monday is 0), local."""
    packages: tuple[Package, ...] = ()
    closed: frozenset[date] = frozenset()
    lead: timedelta = timedelta(hours=1)
    """How soon the next appointment may be."""
    ahead: timedelta = timedelta(days=60)
    free_until: timedelta = timedelta(hours=24)
    """Until how long before it an appointment is cancelled by its customer."""
    profiles: bool = False
    """Whether customers' own data is kept there too."""

    def service(self, code: str) -> Service:
        for service in self.services:
            if service.code == code:
                return service
        raise Invalid("no_service")

    def package(self, code: str) -> Package:
        for package in self.packages:
            if package.code == code:
                return package
        raise Invalid("no_package")

    def serving(self, service: str) -> tuple[Resource, ...]:
        return tuple(resource for resource in self.resources if service in resource.services)


Places = Mapping[tuple[str, int], Collection[datetime]]
"""Cells that are taken, by resource and place."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A start at which a service is free, with one of the places that could serve it."""

    start: datetime
    resource: str
    place: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Appointment:
    id: str
    code: str
    person_id: str
    conversation_id: str | None
    service: str
    resource: str
    place: int
    start: datetime
    end: datetime
    status: Status
    price: Money
    name: str | None
    phone: str | None
    created_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """A package somebody wants. It is paid when a person has seen the money."""

    id: str
    code: str
    person_id: str
    package: str
    name: str
    sessions: int
    price: Money
    paid: bool
    at: datetime


def length(service: Service) -> timedelta:
    """How long it keeps its place."""
    return timedelta(minutes=service.minutes + service.pause)


def cells(start: datetime, service: Service) -> tuple[datetime, ...]:
    """Every cell it needs, in order."""
    count = -(-length(service) // GRID)
    return tuple(start + index * GRID for index in range(count))


def starts(agenda: Agenda, service: Service, day: date) -> Iterator[datetime]:
    """Starts on ``day`` within the hours, in UTC. An hour that the clocks skip does not exist; one they repeat is used
    once."""
    if day in agenda.closed:
        return
    for opens, closes in agenda.hours.get(day.weekday(), ()):
        at, end = _utc(day, opens, agenda.timezone), _utc(day, closes, agenda.timezone)
        while at + timedelta(minutes=service.minutes) <= end:
            yield at
            at += GRID


def free(
    agenda: Agenda, service: Service, day: date, taken: Places, *, now: datetime, part: Part | None = None
) -> tuple[Slot, ...]:
    """Free slots of a day, one per start, by time."""
    first, last = now + agenda.lead, now + agenda.ahead
    found = []
    for start in starts(agenda, service, day):
        if not first <= start <= last or (part and not _within(start, part, agenda.timezone)):
            continue
        place = next(places(agenda, service, start, taken), None)
        if place is not None:
            found.append(Slot(start, *place))
    return tuple(found)


def places(agenda: Agenda, service: Service, start: datetime, taken: Places) -> Iterator[tuple[str, int]]:
    """Places that could serve from ``start`` on."""
    needed = cells(start, service)
    for resource in agenda.serving(service.code):
        for place in range(resource.capacity):
            busy = taken.get((resource.code, place), ())
            if not any(cell in busy for cell in needed):
                yield resource.code, place


def check_start(agenda: Agenda, service: Service, start: datetime, *, now: datetime) -> None:
    """Raises ``Invalid`` with what a customer can do about it."""
    if start < now + agenda.lead:
        raise Invalid("slot_too_soon")
    if start > now + agenda.ahead:
        raise Invalid("slot_too_far", days=agenda.ahead.days)
    if start not in set(starts(agenda, service, start.astimezone(agenda.timezone).date())):
        raise Invalid("slot_closed")


def check_cancel(agenda: Agenda, appointment: Appointment, *, now: datetime, by_staff: bool) -> None:
    if appointment.status is not Status.BOOKED:
        raise Conflict("appointment_over")
    if not by_staff and now > appointment.start - agenda.free_until:
        raise Conflict("appointment_late", hours=int(agenda.free_until.total_seconds() // 3600))


def named(agenda: Agenda, folded: str) -> Service | None:
    """The service that a text names, in folded words (lower case, no accents); the longest name wins."""
    words = [(word, service) for service in agenda.services for word in (*service.words, service.code)]
    found = [(word, service) for word, service in words if f" {word} " in f" {folded} "]
    return max(found, key=lambda each: len(each[0]))[1] if found else None


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _within(start: datetime, part: Part, zone: ZoneInfo) -> bool:
    first, last = _PARTS[part]
    return first <= start.astimezone(zone).time() < last
