"""What specialists ask of a calendar: free slots, appointments, packages. Only words and facts, as in ``steps``."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime

from relevo.appointments.rules import Appointment, Part, Profile, Purchase, Slot
from relevo.bot.rules.dialogue import Guest


@dataclass(frozen=True, slots=True)
class FindSlots:
    service: str
    day: date
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class BookSlot:
    service: str
    start: datetime
    guest: Guest


@dataclass(frozen=True, slots=True)
class FindVisits:
    """The customer's own appointments, the latest first."""


@dataclass(frozen=True, slots=True)
class CancelVisit:
    code: str


@dataclass(frozen=True, slots=True)
class BuyPackage:
    code: str


@dataclass(frozen=True, slots=True)
class FindPurchases:
    """The packages this customer has asked for, the latest first."""


@dataclass(frozen=True, slots=True)
class FindProfile:
    """What the customer is called and how they are reached, where appointments live."""


@dataclass(frozen=True, slots=True)
class SaveProfile:
    new: Profile


VisitingRequest = (
    FindSlots | BookSlot | FindVisits | CancelVisit | BuyPackage | FindPurchases | FindProfile | SaveProfile
)
WRITES = (BookSlot, CancelVisit, BuyPackage, SaveProfile)
OWN = (FindVisits, FindPurchases, FindProfile)


def find_slots(
    service: str, day: date, part: Part | None = None
) -> Generator[FindSlots, tuple[Slot, ...], tuple[Slot, ...]]:
    return (yield FindSlots(service, day, part))


def book_slot(service: str, start: datetime, guest: Guest) -> Generator[BookSlot, Appointment, Appointment]:
    """Raises ``Conflict("slot_taken")`` where somebody was faster."""
    return (yield BookSlot(service, start, guest))


def find_profile() -> Generator[FindProfile, Profile | None, Profile | None]:
    return (yield FindProfile())


def save_profile(new: Profile) -> Generator[SaveProfile, Profile, Profile]:
    """All that is known then."""
    return (yield SaveProfile(new))


def find_visits() -> Generator[FindVisits, tuple[Appointment, ...], tuple[Appointment, ...]]:
    return (yield FindVisits())


def cancel_visit(code: str) -> Generator[CancelVisit, Appointment, Appointment]:
    return (yield CancelVisit(code))


def buy_package(code: str) -> Generator[BuyPackage, Purchase, Purchase]:
    return (yield BuyPackage(code))


def find_purchases() -> Generator[FindPurchases, tuple[Purchase, ...], tuple[Purchase, ...]]:
    return (yield FindPurchases())
