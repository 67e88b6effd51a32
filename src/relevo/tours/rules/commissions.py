"""What an agency earns: a part of every stay that it brought, once the stay is over, and not a day before.

A booking belongs to the agency that was known in its conversation when it was held, at the rate of that day. The rate
is kept in hundredths of a per cent. What was earned is an entry of a ledger; a cancellation adds the opposite entry and
changes nothing that was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from relevo.kit.errors import Invalid
from relevo.kit.money import Money

HIGHEST_RATE = 5_000
"""Half of a stay."""
KNOWN_FOR = timedelta(hours=12)
"""How long a conversation in which an agency has said who it is holds rooms for it."""
MOST_TRIES, TRIES_WINDOW = 5, timedelta(hours=1)
"""Wrong codes or contacts of one conversation."""


@dataclass(frozen=True, slots=True)
class Partner:
    id: str
    code: str
    name: str
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    rate: int
    """Hundredths of a per cent."""
    active: bool = True


class Title(StrEnum):
    """How a commission stands."""

    HELD = "held"
    """The room is only held."""
    BOOKED = "booked"
    """The stay is confirmed, and not over."""
    EARNED = "earned"
    LOST = "lost"
    """It ran out or was cancelled before it was earned."""
    REVERSED = "reversed"
    """It was cancelled after it was earned."""


class EntryKind(StrEnum):
    ACCRUAL = "accrual"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class StayNow:
    """A stay as the bookings have it."""

    booking_id: str
    code: str
    check_in: date
    check_out: date
    total: Money
    confirmed: bool
    held: bool
    """Kept, and not paid for yet."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A booking of a partner."""

    id: str
    partner_id: str
    booking_id: str
    code: str
    conversation_id: str
    rate: int
    title: Title
    check_in: date
    check_out: date
    total: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a partner's statement."""

    id: str
    partner_id: str
    code: str
    kind: EntryKind
    amount: Money
    """Negative for a reversal."""
    base: Money
    rate: int
    check_in: date
    check_out: date
    at: datetime


def earned(total: Money, rate: int) -> Money:
    """Halves are rounded up, in favour of who sold the stay."""
    return Money((total.amount * rate + 5_000) // 10_000, total.currency)


def is_over(stay: StayNow, today: date) -> bool:
    return stay.confirmed and stay.check_out <= today


def standing(title: Title, stay: StayNow | None, today: date) -> Title:
    """How a commission stands after a look at its stay. What was reversed stays so."""
    if title is Title.REVERSED:
        return title
    gone = stay is None or not (stay.confirmed or stay.held)
    if title is Title.EARNED:
        return Title.REVERSED if gone else title
    if stay is None or gone:
        return Title.LOST
    if is_over(stay, today):
        return Title.EARNED
    return Title.BOOKED if stay.confirmed else Title.HELD


def rate_of(percent: Decimal | int | str) -> int:
    """``12.5`` per cent in hundredths. Raises ``Invalid``."""
    hundredths = Decimal(percent) * 100
    if hundredths != hundredths.to_integral_value() or not 0 <= hundredths <= HIGHEST_RATE:
        raise Invalid("bad_rate", maximum=HIGHEST_RATE // 100)
    return int(hundredths)


def percent_of(rate: int) -> str:
    """``1250`` as ``12.5``."""
    return f"{Decimal(rate) / 100:f}".rstrip("0").rstrip(".") if rate % 100 else str(rate // 100)


def month_of(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a month of the house (``2026-12``) begins and ends. Raises ``Invalid``."""
    try:
        year, number = (int(part) for part in month.split("-"))
        first = datetime(year, number, 1, tzinfo=zone)
        last = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    except ValueError:
        raise Invalid("bad_month") from None
    return first, last
