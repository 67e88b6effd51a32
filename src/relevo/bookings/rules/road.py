"""The road of a booking: hold -> deposit asked -> receipt -> deposit confirmed -> sold in the PMS -> confirmed.

This is the one state machine. A booking and its deposit move only along ``MOVES`` and ``DEPOSIT_MOVES``; what happens
to a receipt that arrives, and to money that is confirmed, is decided here from the booking and the time alone.

    hold -> confirming -> confirmed            the main road
    hold -> expired -> hold | needs_staff      a receipt that came late: the room was free, or it was gone
    confirming -> needs_staff -> confirming    paid and lost the room: another one, agreed with a person
    any that stands -> cancelled               money that is to be given back is ``refund_due``
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from relevo.kit.errors import Conflict

if TYPE_CHECKING:
    from relevo.bookings.rules.booking import Booking


class BookingStatus(StrEnum):
    HOLD = "hold"
    CONFIRMING = "confirming"
    """The deposit is confirmed; the PMS is being told."""
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NEEDS_STAFF = "needs_staff"


class DepositStatus(StrEnum):
    REQUESTED = "requested"
    RECEIVED = "received"
    """There is a receipt; nobody has looked at the money yet."""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REFUND_DUE = "refund_due"
    """The money came and the room does not: it is to be given back, or kept for another stay."""
    REFUNDED = "refunded"


class Needs(StrEnum):
    """Why a booking needs a person. Texts: ``desk.why.*`` for staff, ``bookings.needs.*`` for the thread."""

    NO_ROOM = "no_room"
    LATE_RECEIPT = "late_receipt"
    AMOUNT = "amount"
    DUPLICATE = "duplicate"
    PMS_REFUSED = "pms_refused"
    PMS_WAITING = "pms_waiting"
    EXTRA_RECEIPT = "extra_receipt"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    RECEIPT_WAITING = "receipt_waiting"
    CHANGE_REFUSED = "change_refused"
    REFUND = "refund"
    TELL_GUEST = "tell_guest"
    CANCELLED_IN_PMS = "cancelled_in_pms"


class Problem(StrEnum):
    """What is odd about a receipt, or about the deposit it is for."""

    DUPLICATE = "duplicate"
    """The same file was sent for another booking."""
    LATE = "late"
    AMOUNT = "amount"
    EXTRA = "extra"
    """It came when nothing was to be paid any more."""
    REJECTED = "rejected"


class Arrival(StrEnum):
    """What a receipt means to the booking it is for, at the moment it comes."""

    IN_TIME = "in_time"
    LATE = "late"
    EXTRA = "extra"
    AFTER_CANCEL = "after_cancel"
    ORPHAN = "orphan"
    """A person has the booking already, for want of a room."""


MOVES: Mapping[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.HOLD: frozenset(
        {BookingStatus.CONFIRMING, BookingStatus.EXPIRED, BookingStatus.CANCELLED, BookingStatus.NEEDS_STAFF}
    ),
    BookingStatus.CONFIRMING: frozenset({BookingStatus.CONFIRMED, BookingStatus.NEEDS_STAFF, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.CANCELLED}),
    BookingStatus.EXPIRED: frozenset(
        {BookingStatus.HOLD, BookingStatus.CONFIRMING, BookingStatus.NEEDS_STAFF, BookingStatus.CANCELLED}
    ),
    BookingStatus.CANCELLED: frozenset({BookingStatus.NEEDS_STAFF}),
    BookingStatus.NEEDS_STAFF: frozenset({BookingStatus.CONFIRMING, BookingStatus.CANCELLED}),
}
DEPOSIT_MOVES: Mapping[DepositStatus, frozenset[DepositStatus]] = {
    DepositStatus.REQUESTED: frozenset(
        {DepositStatus.RECEIVED, DepositStatus.CONFIRMED, DepositStatus.REJECTED, DepositStatus.REFUND_DUE}
    ),
    DepositStatus.RECEIVED: frozenset(
        {DepositStatus.CONFIRMED, DepositStatus.REQUESTED, DepositStatus.REJECTED, DepositStatus.REFUND_DUE}
    ),
    DepositStatus.CONFIRMED: frozenset({DepositStatus.REFUND_DUE}),
    DepositStatus.REJECTED: frozenset({DepositStatus.RECEIVED, DepositStatus.CONFIRMED, DepositStatus.REFUND_DUE}),
    DepositStatus.REFUND_DUE: frozenset({DepositStatus.REFUNDED, DepositStatus.CONFIRMED}),
    DepositStatus.REFUNDED: frozenset(),
}
UNSETTLED = frozenset({DepositStatus.REQUESTED, DepositStatus.RECEIVED, DepositStatus.REJECTED})
"""Nobody has said yet that the money is there."""
TELL_AFTER = 4
"""How often the PMS may fail before guest and staff are told (about ten seconds)."""
GIVE_UP_LIES = 5
"""How often the PMS may say that it has sold without having done it, before a person looks."""
MOST_TRIES = 5
TRIES_WINDOW = timedelta(hours=1)
"""Wrong codes or contacts that one conversation may give within an hour."""
LATE_FOR = timedelta(days=7)
"""How long after a hold ran out a file in its conversation may still be the receipt for it."""


def check_move(status: BookingStatus, to: BookingStatus) -> None:
    if to not in MOVES[status]:
        raise Conflict("booking_state", status=status.value)


def check_deposit_move(status: DepositStatus, to: DepositStatus) -> None:
    if to is not status and to not in DEPOSIT_MOVES[status]:
        raise Conflict("deposit_state", status=status.value)


def arrival(booking: Booking, now: datetime) -> Arrival:
    """What a receipt that comes now is to this booking."""
    match booking.as_of(now).status:
        case BookingStatus.HOLD:
            return Arrival.IN_TIME
        case BookingStatus.EXPIRED:
            return Arrival.LATE
        case BookingStatus.CANCELLED:
            return Arrival.AFTER_CANCEL
        case BookingStatus.NEEDS_STAFF:
            return Arrival.ORPHAN
    return Arrival.EXTRA


def check_confirm(booking: Booking) -> None:
    """Raises ``Conflict`` where there is no deposit to be confirmed any more."""
    ended = booking.status in (BookingStatus.CANCELLED, BookingStatus.CONFIRMED, BookingStatus.CONFIRMING)
    if ended or booking.deposit_status not in UNSETTLED:
        raise Conflict("deposit_state", status=booking.deposit_status.value)


def is_short(booking: Booking, paid: int) -> bool:
    return paid < booking.deposit.amount


def pause(tries: int) -> timedelta:
    """The pause after the nth failure of the PMS: 1, 2, 4 ... at most 120 seconds, without end."""
    return timedelta(seconds=min(2 ** min(tries - 1, 10), 120))
