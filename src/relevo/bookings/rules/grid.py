"""Who is in which room on which night, as one picture. Pure.

What is written here comes first; what the PMS says beside it shows only where nobody of ours is, and where it says
somebody else has a night of ours, that stay is marked. Nothing is decided from this picture: a hold asks again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from relevo.bookings.rules.booking import Booking
from relevo.bookings.rules.house import MAX_AHEAD, RoomType
from relevo.bookings.rules.prices import nights_of, stretches
from relevo.bookings.rules.road import BookingStatus, DepositStatus
from relevo.kit.errors import Invalid
from relevo.kit.money import Money

if TYPE_CHECKING:
    from relevo.bookings.ports import Reservation

MOST_NIGHTS = 62
BACK = timedelta(days=366)
"""How far the picture goes back."""


class What(StrEnum):
    HOLD = "hold"
    """Held here, and nothing was paid yet."""
    PENDING = "pending"
    """Ours, and somebody has something to do: a receipt to look at, the PMS being told, a case for staff."""
    CONFIRMED = "confirmed"
    PMS = "pms"
    """Sold in the PMS by others."""
    CLOSED = "closed"
    """Out of service."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A bar over the nights of one room, from ``first`` to before ``last``, both within the picture."""

    room: str
    first: date
    last: date
    what: What
    check_in: date
    check_out: date
    booking: Booking | None = None
    number: str | None = None
    code: str | None = None
    contested: bool = False
    """The PMS has somebody else there."""


@dataclass(frozen=True, slots=True)
class Total:
    """One night of the whole house, or of a part of it. ``percent`` is of the rooms that are in service."""

    night: date
    rooms: int
    sold: int
    held: int
    closed: int

    @property
    def free(self) -> int:
        return self.rooms - self.sold - self.held - self.closed

    @property
    def percent(self) -> int:
        open_ = self.rooms - self.closed
        return (200 * self.sold + open_) // (2 * open_) if open_ > 0 else 0


Nights = Mapping[tuple[str, date], str]
"""Who has a night: a booking's id, or what the mirror of the PMS wrote there."""


def check_window(first: date, nights: int, today: date) -> None:
    """Raises ``Invalid`` for a picture that nobody can want."""
    if not 1 <= nights <= MOST_NIGHTS:
        raise Invalid("grid_nights", maximum=MOST_NIGHTS)
    if not today - BACK <= first <= today + MAX_AHEAD:
        raise Invalid("grid_from")


def what_of(booking: Booking) -> What:
    if booking.status is BookingStatus.CONFIRMED:
        return What.CONFIRMED
    waiting = booking.deposit_status is not DepositStatus.RECEIVED
    return What.HOLD if booking.status is BookingStatus.HOLD and waiting else What.PENDING


def picture(
    first: date, last: date, own: Nights, bookings: Mapping[str, Booking], beside: Iterable[Reservation]
) -> list[Stay]:
    """Every bar between two dates, by room and night."""
    held: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for (room, night), owner in own.items():
        if owner in bookings:
            held[room, owner].append(night)
    there: defaultdict[tuple[str, date], list[Reservation]] = defaultdict(list)
    for each in beside:
        for night in nights_of(max(each.check_in, first), min(each.check_out, last)):
            there[each.room, night].append(each)
    found = []
    for (room, owner), nights in held.items():
        booking = bookings[owner]
        others = {night for night in nights if any(each.code != booking.code for each in there.get((room, night), ()))}
        found += [
            Stay(room, begin, end, what_of(booking), booking.check_in, booking.check_out, booking, booking.pms_number,
                 booking.code, contested=not others.isdisjoint(nights_of(begin, end)))
            for begin, end in stretches(nights)
        ]  # fmt: skip
    taken = {(room, night) for (room, _owner), nights in held.items() for night in nights}
    seen: set[tuple[str, str]] = set()
    for each in (one for some in there.values() for one in some):
        if (each.room, each.line) in seen:
            continue
        seen.add((each.room, each.line))
        left = [
            night
            for night in nights_of(max(each.check_in, first), min(each.check_out, last))
            if (each.room, night) not in taken
        ]
        what = What.PMS if each.number else What.CLOSED
        found += [
            Stay(each.room, begin, end, what, each.check_in, each.check_out, None, each.number or None, each.code)
            for begin, end in stretches(left)
        ]
        taken |= {(each.room, night) for night in left}
    return sorted(found, key=lambda stay: (stay.room, stay.first))


def mirrored(own: Nights, bookings: Collection[str], closed: Collection[tuple[str, date]]) -> list[Reservation]:
    """What was known of the PMS when it was last asked, in the shape in which it answers."""
    from relevo.bookings.ports import Reservation

    lines: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for (room, night), owner in own.items():
        if owner not in bookings:
            lines[room, owner].append(night)
    for room, night in closed:
        if (room, night) not in own:
            lines[room, ""].append(night)
    return [
        Reservation(owner and "?", f"{owner}:{begin}", None, room, begin, end, live=True)
        for (room, owner), nights in lines.items()
        for begin, end in stretches(nights)
    ]


def totals(rooms: Collection[str], first: date, last: date, stays: Iterable[Stay]) -> list[Total]:
    """Per night: what is sold (here or in the PMS), only held, out of service."""
    wanted = set(rooms)
    nights = {night: Total(night, len(wanted), 0, 0, 0) for night in nights_of(first, last)}
    for stay in stays:
        if stay.room not in wanted:
            continue
        for night in nights_of(stay.first, stay.last):
            now = nights[night]
            if stay.what is What.CLOSED:
                nights[night] = replace(now, closed=now.closed + 1)
            elif stay.booking is not None and stay.booking.status is BookingStatus.HOLD:
                nights[night] = replace(now, held=now.held + 1)
            else:
                nights[night] = replace(now, sold=now.sold + 1)
    return list(nights.values())


def averages(kinds: Iterable[RoomType], found: Mapping[str, Money], nights: int) -> dict[str, Money]:
    """The price of a night where the PMS told that of the whole window."""
    return {
        kind.code: Money((found[kind.code].amount + nights // 2) // nights, found[kind.code].currency)
        for kind in kinds
        if kind.code in found
    }
