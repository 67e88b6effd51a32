"""What a voucher says: pure data from a confirmed booking and the facts of the house, in the guest's language.

It states only what is true of this version of the stay. How it looks is the printer's matter; whether and to whom it
goes is decided in ``vouchers``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from relevo.bookings.rules import Booking, Business
from relevo.kit.money import Money
from relevo.texts import SOURCE, Texts

MAIL_TRIES = 30


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


@dataclass(frozen=True, slots=True)
class Made:
    """A voucher that was made: where its files are, and how far it went."""

    booking_id: str
    version: int
    attachment_id: str
    calendar_id: str
    made_at: datetime
    sent: int
    sent_at: datetime | None
    mailed_at: datetime | None
    mail_error: str | None


class Printer(Protocol):
    """Turns a voucher into files. The same voucher makes the same bytes."""

    def pdf(self, voucher: Voucher) -> bytes: ...

    def calendar(self, voucher: Voucher) -> bytes: ...


def voucher_of(booking: Booking, business: Business, *, locale: str, issued: datetime) -> Voucher:
    return Voucher(
        booking_id=booking.id,
        code=booking.code,
        version=booking.version,
        locale=locale,
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


def retry_mail_after(tries: int) -> timedelta | None:
    """The pause after the nth failure of the post: 1, 2, 4 ... at most 60 minutes, for a day; then None."""
    return timedelta(minutes=min(2 ** (tries - 1), 60)) if tries < MAIL_TRIES else None


def sum_of(money: Money, texts: Texts) -> str:
    """Guests from elsewhere take a bare ``$`` for their own."""
    said = texts.money(money)
    return said if texts.locale.startswith(SOURCE) else f"{said} {money.currency}"


def people(voucher: Voucher, texts: Texts) -> str:
    said = texts.count("voucher.guests", voucher.guests)
    return f"{said} ({texts.count('voucher.children', voucher.children)})" if voucher.children else said


def letter(voucher: Voucher) -> tuple[str, str]:
    """Subject and words of the letter that carries it."""
    texts = Texts(voucher.locale)
    words: dict[str, object] = {
        "code": voucher.code, "house": voucher.house, "room": voucher.room, "opens": voucher.opens,
        "closes": voucher.closes, "phone": voucher.phone, "email": voucher.email, "name": voucher.guest,
        "total": sum_of(voucher.total, texts), "paid": sum_of(voucher.paid, texts),
        "left": sum_of(voucher.left, texts), "people": people(voucher, texts),
        "check_in": texts.day(voucher.check_in, year=True), "check_out": texts.day(voucher.check_out, year=True),
    }  # fmt: skip
    parts = (
        f"greeting.{'named' if voucher.guest else 'plain'}",
        f"mail.{'confirmed' if voucher.version == 1 else 'changed'}",
        "mail.stay",
        "mail.money",
        "mail.files",
        "mail.contact",
    )
    text = "\n\n".join(texts.say(f"voucher.{part}", **words) for part in parts)
    return texts.say("voucher.subject", **words), f"{text}\n"
