"""What specialists ask beside rooms: excursions, agencies and what they brought, what comes before and after a stay.

Only words and facts, as in ``steps``; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

from relevo.bot.ports import Reminded
from relevo.bot.rules.dialogue import Guest
from relevo.tours.rules import Attributed, Departure, Partner, Place


@dataclass(frozen=True, slots=True)
class FindDepartures:
    """Of one excursion, or of all, from day to day, both included."""

    first: date
    last: date
    excursion: str | None = None


@dataclass(frozen=True, slots=True)
class BookPlaces:
    excursion: str
    day: date
    adults: int
    children: int
    guest: Guest


@dataclass(frozen=True, slots=True)
class FindPlaces:
    """The customer's own places on excursions, the latest first."""


@dataclass(frozen=True, slots=True)
class CancelPlaces:
    code: str


@dataclass(frozen=True, slots=True)
class IdentifyPartner:
    code: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class FindBrought:
    """The agency whose conversation this is, and what it brought."""


@dataclass(frozen=True, slots=True)
class RateStay:
    """``text`` is added to a score that is there already."""

    code: str
    score: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PlanReminder:
    code: str
    said: str
    """The customer's words, which are the proof of their consent."""


@dataclass(frozen=True, slots=True)
class StopReminders:
    said: str


@dataclass(frozen=True, slots=True)
class Brought:
    partner: Partner
    stays: tuple[Attributed, ...]


TouringRequest = (
    FindDepartures | BookPlaces | FindPlaces | CancelPlaces | IdentifyPartner | FindBrought | RateStay | PlanReminder
    | StopReminders
)  # fmt: skip
ALL = (
    FindDepartures, BookPlaces, FindPlaces, CancelPlaces, IdentifyPartner, FindBrought, RateStay, PlanReminder,
    StopReminders,
)  # fmt: skip
WRITES = (BookPlaces, CancelPlaces, IdentifyPartner, RateStay, PlanReminder, StopReminders)
OWN = (FindPlaces, FindBrought)


def find_departures(
    first: date, last: date, excursion: str | None = None
) -> Generator[FindDepartures, tuple[Departure, ...], tuple[Departure, ...]]:
    return (yield FindDepartures(first, last, excursion))


def book_places(
    excursion: str, day: date, adults: int, children: int, guest: Guest
) -> Generator[BookPlaces, Place, Place]:
    """Raises ``Conflict("places_taken")`` where fewer are left."""
    return (yield BookPlaces(excursion, day, adults, children, guest))


def find_places() -> Generator[FindPlaces, tuple[Place, ...], tuple[Place, ...]]:
    return (yield FindPlaces())


def cancel_places(code: str) -> Generator[CancelPlaces, Place, Place]:
    return (yield CancelPlaces(code))


def identify_partner(
    code: str, phone: str | None, email: str | None
) -> Generator[IdentifyPartner, Partner | None, Partner | None]:
    """The agency whose code and contact these are; nobody learns which of them was wrong. ``TooMany`` tries end."""
    return (yield IdentifyPartner(code, phone, email))


def find_brought() -> Generator[FindBrought, Brought | None, Brought | None]:
    return (yield FindBrought())


def rate_stay(code: str, score: int, text: str | None = None) -> Generator[RateStay, bool, bool]:
    """False: the stay has its score already."""
    return (yield RateStay(code, score, text))


def plan_reminder(code: str, said: str) -> Generator[PlanReminder, Reminded, Reminded]:
    return (yield PlanReminder(code, said))


def stop_reminders(said: str) -> Generator[StopReminders, int, int]:
    """How many of theirs were still to come."""
    return (yield StopReminders(said))
