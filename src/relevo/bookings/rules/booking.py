"""A booking and what may become of it: its states, how long a hold lasts, how it looks to clients.

A hold lasts ``hold_minutes``; each extension gives that long again from the moment it is asked for, at most
``hold_extensions`` times. Its end is a comparison of times, so nobody has to be awake for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from relevo.bookings.rules.house import Business
from relevo.bookings.rules.road import BookingStatus, DepositStatus
from relevo.kit.errors import Conflict, Invalid
from relevo.kit.money import Money

LONGEST: Mapping[str, int] = {"guest_name": 120, "guest_phone": 20, "guest_email": 254}


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
    babies: int = 0
    pms_number: str | None = None
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    needs: str | None = None
    """Why a person is needed (``road.Needs``)."""
    version: int = 1
    """Grows with each change of the stay."""
    locale: str | None = None
    paid: int = 0
    """What was seen of the deposit, in minor units."""
    refund: int = 0
    """What is to be given back of it."""

    @property
    def nights(self) -> int:
        return (self.check_out - self.check_in).days

    def is_live(self, now: datetime) -> bool:
        """Whether it keeps its nights: a hold that has not run out, or anything firmer."""
        if self.status is BookingStatus.HOLD:
            return now < self.hold_expires_at
        return self.status in (BookingStatus.CONFIRMING, BookingStatus.CONFIRMED)

    def as_of(self, now: datetime) -> Booking:
        """How it stands now: a hold whose time is over has expired, swept or not."""
        ran_out = self.status is BookingStatus.HOLD and not self.is_live(now)
        return replace(self, status=BookingStatus.EXPIRED) if ran_out else self

    def is_same_stay(self, other: Booking) -> bool:
        """Whether asking for one again means the other."""
        return _stay_of(self) == _stay_of(other)


def _stay_of(booking: Booking) -> tuple[object, ...]:
    return (
        booking.room_type, booking.check_in, booking.check_out, booking.guests, booking.children, booking.babies
    )  # fmt: skip


def expires_at(business: Business, now: datetime) -> datetime:
    return now + timedelta(minutes=business.hold_minutes)


def extend(booking: Booking, business: Business, now: datetime) -> datetime:
    """When an extended hold ends. Raises ``Conflict`` when there is nothing left to extend."""
    status = booking.as_of(now).status
    if status is BookingStatus.EXPIRED:
        raise Conflict("hold_expired")
    if status is not BookingStatus.HOLD:
        raise Conflict("not_held")
    if booking.extensions >= business.hold_extensions:
        raise Conflict("hold_extensions_spent", maximum=business.hold_extensions)
    return expires_at(business, now)


def clean_guest(name: str | None, phone: str | None, email: str | None) -> dict[str, str]:
    """What is worth keeping of a guest's data, by column. Raises ``Invalid`` for what cannot be a name or a contact."""
    given = {"guest_name": name, "guest_phone": phone, "guest_email": email}
    known = {key: " ".join(value.split()) for key, value in given.items() if value and value.strip()}
    if any(len(value) > LONGEST[key] for key, value in known.items()):
        raise Invalid("guest_data")
    return known


def as_json(booking: Booking, business: Business, now: datetime) -> dict[str, Any]:
    """The ``Booking`` of docs/api.md."""

    def money(value: Money) -> dict[str, Any]:
        return {"amount": value.amount, "currency": value.currency}

    def moment(at: datetime) -> str:
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")

    booking = booking.as_of(now)
    held = booking.status is BookingStatus.HOLD
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
        "deposit": {
            **money(booking.deposit),
            "status": booking.deposit_status.value,
            "paid": booking.paid,
            "refund": booking.refund,
        },
        "hold_expires_at": moment(booking.hold_expires_at) if held else None,
        "hold_extensions_left": left,
        "conversation_id": booking.conversation_id,
        "created_at": moment(booking.created_at),
        "pms_number": booking.pms_number,
        "confirmed_at": moment(booking.confirmed_at) if booking.confirmed_at else None,
        "cancelled_at": moment(booking.cancelled_at) if booking.cancelled_at else None,
        "needs": booking.needs,
        "version": booking.version,
        "actions": (["extend"] if left else []) + ["release"] if held else [],
    }
