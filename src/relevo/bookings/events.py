"""What the bookings room announces."""

from __future__ import annotations

from dataclasses import dataclass

from relevo.bookings.rules import BookingStatus
from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class BookingChanged(Event):
    """A booking was made or changed its state. Published inside the transaction that does it."""

    booking_id: str
    code: str
    conversation_id: str
    status: BookingStatus


@dataclass(frozen=True, slots=True)
class DepositReceived(Event):
    """A receipt was laid beside a booking. Published inside the transaction, like all that follow here."""

    booking_id: str
    receipt_id: str


@dataclass(frozen=True, slots=True)
class BookingConfirmed(Event):
    """Paid, and sold in the PMS."""

    booking_id: str
    code: str
    conversation_id: str
    version: int


@dataclass(frozen=True, slots=True)
class BookingChangedStay(Event):
    """A confirmed booking has other dates, another room or other guests; the PMS has them too."""

    booking_id: str
    version: int


@dataclass(frozen=True, slots=True)
class BookingCancelled(Event):
    """A booking whose deposit was confirmed is off."""

    booking_id: str


@dataclass(frozen=True, slots=True)
class NeedsStaff(Event):
    """A person has to look: ``reason`` is one of ``rules.road.Needs``."""

    kind: str
    booking_id: str
    conversation_id: str
    reason: str
