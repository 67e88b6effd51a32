"""What the PMS has against what is known here: every difference by name. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from relevo.bookings.rules.booking import Booking
from relevo.bookings.rules.prices import nights_of
from relevo.bookings.rules.road import BookingStatus

if TYPE_CHECKING:
    from relevo.bookings.ports import Reservation


class Difference(StrEnum):
    MISSING = "missing"
    """Confirmed here, and the PMS knows nothing of it."""
    STAY = "stay"
    """Other nights or another room there."""
    PRICE = "price"
    """Another total there."""
    SURPLUS = "surplus"
    """Live there under our code, and not standing here."""
    DUPLICATE = "duplicate"
    """Sold there twice under one code."""
    DOUBLE = "double"
    """One room and night, two live sales there."""
    HELD = "held"
    """Sold there while it is held or booked for somebody else here."""


@dataclass(frozen=True, slots=True, order=True)
class Discrepancy:
    what: Difference
    room: str
    check_in: date
    check_out: date
    code: str | None = None
    number: str | None = None

    def json(self) -> dict[str, Any]:
        return {
            "what": self.what.value,
            "room": self.room,
            "check_in": self.check_in.isoformat(),
            "check_out": self.check_out.isoformat(),
            "code": self.code,
            "number": self.number,
        }


STANDING = (BookingStatus.CONFIRMING, BookingStatus.CONFIRMED)


def compare(
    reservations: Sequence[Reservation], bookings: Mapping[str, Booking], *, skip: Collection[str], today: date
) -> list[Discrepancy]:
    """``bookings``: those that stand here, by code. ``skip``: codes that are in motion."""
    live = [each for each in reservations if each.live]
    sold: defaultdict[str, list[Reservation]] = defaultdict(list)
    for each in live:
        if each.code is not None:
            sold[each.code].append(each)
    found: list[Discrepancy] = []
    for code, some in sold.items():
        if code in skip:
            continue
        booking = bookings.get(code)
        if booking is None:
            found += [_of(Difference.SURPLUS, each) for each in some]
        elif len({each.number for each in some}) > 1:
            found += [_of(Difference.DUPLICATE, each) for each in some]
        else:
            found += _same(booking, some)
    for code, booking in bookings.items():
        over = booking.check_out <= today
        if code not in sold and code not in skip and booking.status is BookingStatus.CONFIRMED and not over:
            found.append(
                Discrepancy(Difference.MISSING, booking.room_number, booking.check_in, booking.check_out, code)
            )
    return sorted(found + _doubles(live), key=lambda each: (each.check_in, each.room, each.what, each.number or ""))


def _same(booking: Booking, sold: list[Reservation]) -> Iterable[Discrepancy]:
    one = sold[0]
    stay = (one.room, one.check_in, one.check_out)
    if len(sold) > 1 or stay != (booking.room_number, booking.check_in, booking.check_out):
        yield _of(Difference.STAY, one)
    if one.total is not None and one.total != booking.total:
        yield _of(Difference.PRICE, one)


def _doubles(live: list[Reservation]) -> list[Discrepancy]:
    by_room: defaultdict[str, list[Reservation]] = defaultdict(list)
    for each in sorted(live, key=lambda each: each.check_in):
        by_room[each.room].append(each)
    found = []
    for some in by_room.values():
        until = date.min
        for each in some:
            if each.check_in < until:
                found.append(_of(Difference.DOUBLE, each))
            until = max(until, each.check_out)
    return found


def _of(what: Difference, each: Reservation) -> Discrepancy:
    return Discrepancy(what, each.room, each.check_in, each.check_out, each.code, each.number)


def nights_sold(reservations: Iterable[Reservation], today: date) -> dict[tuple[str, date], Reservation]:
    """Who has which night in the PMS, from today on."""
    return {
        (each.room, night): each
        for each in reservations
        if each.live
        for night in nights_of(each.check_in, each.check_out)
        if night >= today
    }
