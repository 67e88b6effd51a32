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
