"""What a voucher says: pure data from a confirmed booking and the facts of the house, in the guest's language.

It states only what is true of this version of the stay. How it looks is the printer's matter; whether and to whom it
goes is decided in ``vouchers``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Protocol

from relevo.bookings.rules import Booking, Business
from relevo.kit.money import Money


@dataclass(frozen=True, slots=True)
class Voucher:
    booking_id: str
    code: str
    version: int
    """Of the stay; a later one replaces those before."""
    locale: str
    house: str
    city: str
    phone: str
    email: str
    guest: str | None = field(repr=False)
    room: str
    check_in: date
    check_out: date
    opens: str
    """From when the room is there, as the house writes it: ``14:00``."""
    closes: str
    begin: datetime
    end: datetime
    guests: int
    children: int
    total: Money
    paid: Money
    rules: tuple[str, ...]
    """What the house asks and offers, in its own words."""
    issued: datetime
    issued_on: date

    @property
    def nights(self) -> int:
        return (self.check_out - self.check_in).days

    @property
    def left(self) -> Money:
        """What is paid at the house."""
        rest = self.total - self.paid
        return rest if rest.amount > 0 else Money(0, rest.currency)

    @property
    def stem(self) -> str:
        """The name of its files, without the ending."""
        return f"voucher-{self.code}" if self.version == 1 else f"voucher-{self.code}-{self.version}"


class Printer(Protocol):
    """Turns a voucher into files. The same voucher makes the same bytes."""

    def pdf(self, voucher: Voucher) -> bytes: ...

    def calendar(self, voucher: Voucher) -> bytes: ...


def voucher_of(booking: Booking, business: Business, issued: datetime) -> Voucher:
    return Voucher(
        booking_id=booking.id,
        code=booking.code,
        version=booking.version,
        locale=booking.locale or business.locale,
        house=business.name,
        city=business.city,
        phone=business.phone,
        email=business.email,
        guest=booking.guest_name,
        room=booking.type_name,
        check_in=booking.check_in,
        check_out=booking.check_out,
        opens=business.check_in,
        closes=business.check_out,
        begin=_moment(booking.check_in, business.check_in, business),
        end=_moment(booking.check_out, business.check_out, business),
        guests=booking.guests,
        children=booking.children,
        total=booking.total,
        paid=Money(booking.paid, booking.total.currency),
        rules=tuple(business.policies.values()),
        issued=issued,
        issued_on=issued.astimezone(business.timezone).date(),
    )


def _moment(day: date, written: str, business: Business) -> datetime:
    return datetime.combine(day, time.fromisoformat(written), business.timezone).astimezone(UTC)
