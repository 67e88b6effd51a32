"""What a stay costs and what can be offered.

A night belongs to the date it begins on; the night of departure is not slept. Money is in minor units; a night's price
and the deposit are rounded to one, halves up. Where seasons overlap the highest multiplier counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta

from relevo.bookings.rules.house import MAX_AHEAD, Business, RoomType, places
from relevo.kit.money import Money

ROOMS_TO_TRY = 5
MOST_ALTERNATIVES = 3
NEARBY = timedelta(days=7)
"""How far from the wanted dates other dates are offered."""
Busy = Mapping[str, AbstractSet[date]]
"""Nights per room number that are not for sale."""


@dataclass(frozen=True, slots=True)
class NightPrice:
    night: date
    price: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What a stay costs. ``price_per_night`` is every night's price, or the rounded average when they differ."""

    room_type: str
    type_name: str
    check_in: date
    check_out: date
    guests: int
    children: int
    nightly: tuple[NightPrice, ...]
    price_per_night: Money
    uniform: bool
    total: Money
    deposit: Money

    @property
    def nights(self) -> int:
        return len(self.nightly)

    @property
    def currency(self) -> str:
        return self.total.currency


@dataclass(frozen=True, slots=True)
class Offer:
    room_type: str
    name: str
    capacity: int
    free: int
    quote: Quote


def nights_of(check_in: date, check_out: date) -> list[date]:
    return [check_in + timedelta(days=day) for day in range((check_out - check_in).days)]


def stretches(nights: Iterable[date]) -> list[tuple[date, date]]:
    """The nights as stays without a gap, each with its day of departure, in order."""
    found: list[tuple[date, date]] = []
    for night in sorted(set(nights)):
        after = night + timedelta(days=1)
        if found and found[-1][1] == night:
            found[-1] = (found[-1][0], after)
        else:
            found.append((night, after))
    return found


def nearby_stays(check_in: date, check_out: date, today: date) -> list[tuple[date, date]]:
    """Stays of the same length around these dates, the nearest first, the later one first of two equals."""
    shifts = [timedelta(days=sign * step) for step in range(1, NEARBY.days + 1) for sign in (1, -1)]
    moved = [(check_in + shift, check_out + shift) for shift in shifts]
    return [(first, last) for first, last in moved if today <= first <= today + MAX_AHEAD]


def night_price(business: Business, room_type: RoomType, night: date) -> Money:
    percent = max([season.multiplier_percent for season in business.seasons if season.covers(night)], default=100)
    return room_type.price_per_night.percent(percent)


def quote(
    business: Business, room_type: RoomType, check_in: date, check_out: date, *, guests: int, children: int = 0
) -> Quote:
    nightly = tuple(
        NightPrice(night, night_price(business, room_type, night)) for night in nights_of(check_in, check_out)
    )
    total = Money(sum(each.price.amount for each in nightly), business.currency)
    uniform = len({each.price for each in nightly}) == 1
    average = Money((total.amount + len(nightly) // 2) // len(nightly), business.currency)
    return Quote(
        room_type=room_type.code,
        type_name=room_type.name,
        check_in=check_in,
        check_out=check_out,
        guests=guests,
        children=children,
        nightly=nightly,
        price_per_night=nightly[0].price if uniform else average,
        uniform=uniform,
        total=total,
        deposit=business.deposit_of(room_type, total),
    )


def priced_as(business: Business, quote: Quote, total: Money) -> Quote:
    """The same stay at the total that somebody else reckoned: nights as equal as they can be, the first ones dearer."""
    each, rest = divmod(total.amount, quote.nights)
    nightly = tuple(
        NightPrice(one.night, Money(each + (index < rest), total.currency)) for index, one in enumerate(quote.nightly)
    )
    return replace(
        quote,
        nightly=nightly,
        price_per_night=Money((total.amount + quote.nights // 2) // quote.nights, total.currency),
        uniform=rest == 0,
        total=total,
        deposit=total.percent(business.deposit_percent),
    )


def free_rooms(room_type: RoomType, nights: Iterable[date], busy: Busy) -> list[str]:
    """Rooms of a type that nobody has on any of the nights."""
    wanted = set(nights)
    return [room for room in room_type.rooms if wanted.isdisjoint(busy.get(room, ()))]


def in_turn(rooms: Sequence[str], start: float) -> list[str]:
    """The rooms to try, beginning at a random place (``start`` from 0 to below 1) so that rivals do not collide."""
    first = math.floor(start * len(rooms))
    return [*rooms[first:], *rooms[:first]][:ROOMS_TO_TRY]


def together(*parts: Busy) -> Busy:
    """What any of them says is not for sale."""
    rooms = {room for part in parts for room in part}
    return {room: frozenset().union(*(part.get(room, ()) for part in parts)) for room in rooms}


def offers(
    business: Business,
    check_in: date,
    check_out: date,
    *,
    guests: int,
    children: int = 0,
    babies: int = 0,
    busy: Busy,
) -> tuple[Offer, ...]:
    """Types with beds for everybody and a room free on all the nights, cheapest first."""
    nights = nights_of(check_in, check_out)
    found = []
    for kind in business.room_types:
        free = len(free_rooms(kind, nights, busy))
        if free and kind.capacity >= places(guests, babies):
            price = quote(business, kind, check_in, check_out, guests=guests, children=children)
            found.append(Offer(kind.code, kind.name, kind.capacity, free, price))
    return tuple(sorted(found, key=lambda offer: (offer.quote.total.amount, offer.capacity, offer.room_type)))


def alternatives(
    business: Business,
    check_in: date,
    check_out: date,
    *,
    guests: int,
    babies: int = 0,
    room_type: str | None,
    today: date,
    busy: Busy,
) -> tuple[Offer, ...]:
    """At most three: two other types on these dates, then the wanted type (or the cheapest) on the nearest dates."""
    here = [
        offer
        for offer in offers(business, check_in, check_out, guests=guests, babies=babies, busy=busy)
        if offer.room_type != room_type
    ]
    found = here[:2]
    for first, last in nearby_stays(check_in, check_out, today):
        around = offers(business, first, last, guests=guests, babies=babies, busy=busy)
        found += [offer for offer in around if room_type in (None, offer.room_type)][:1]
    return tuple((found + here[2:])[:MOST_ALTERNATIVES])
