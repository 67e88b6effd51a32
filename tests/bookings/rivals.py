"""Rivals who fight for a few rooms, the ledger of what each believed to own, and the checker that reads it.

A rival owns a night from the moment its hold was answered until it begins to let go, or until the hold's time is over.
These intervals lie inside the true ones, so any overlap in the ledger is a night sold twice. Time is a fast clock over
CLOCK_MONOTONIC, which all processes of a machine share: twenty minutes pass in less than a second.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from relevo.bookings.rules import Booking
from relevo.kit.errors import Conflict
from tests.bookings.world import HOTEL, Hotel

T = TypeVar("T")
FIRST_NIGHT = date(2027, 6, 1)
NIGHTS = 8
DOUBLE = HOTEL.room_type("doble")
SMALL = replace(HOTEL, room_types=(replace(DOUBLE, rooms=DOUBLE.rooms[:2]),))
"""A hot calendar: two rooms and a few nights."""
SPEED = 1500


class FastClock:
    """Runs ``speed`` times faster than the world."""

    def __init__(self, origin: float, speed: int = SPEED) -> None:
        self._origin = origin
        self._speed = speed

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(
            seconds=(time.monotonic() - self._origin) * self._speed
        )


@dataclass(frozen=True, slots=True)
class Owned:
    room: str
    night: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Held:
    """What a rival believes to have."""

    code: str
    room: str
    nights: tuple[str, ...]
    expires_at: datetime


class Desk(Protocol):
    """Whoever gives out rooms: the real hotel, or a broken one that the checker has to catch."""

    async def hold(self, who: str, check_in: date, check_out: date) -> Held | None: ...
    async def extend(self, held: Held) -> Held | None: ...
    async def release(self, held: Held) -> None: ...
    async def sweep(self) -> None: ...


def overlaps(ledger: Iterable[Owned]) -> int:
    """How often a night of a room had a second owner."""
    by_night: defaultdict[tuple[str, str], list[Owned]] = defaultdict(list)
    for owned in ledger:
        by_night[(owned.room, owned.night)].append(owned)
    found = 0
    for owners in by_night.values():
        last = float("-inf")
        for owned in sorted(owners, key=lambda each: each.since):
            found += owned.since < last
            last = max(last, owned.until)
    return found


@dataclass
class Rival:
    """One guest who holds, changes, extends and lets go, as chance has it."""

    who: str
    desk: Desk
    clock: FastClock
    chance: random.Random
    ledger: list[Owned] = field(default_factory=list)
    held: Held | None = None
    since: float = 0.0
    holds: int = 0

    async def step(self) -> None:
        draw = self.chance.random()
        if self.held is None or draw < 0.5:
            await self._hold()
        elif draw < 0.8:
            self.stop()
            await self.desk.release(self.held)
            self.held = None
        elif draw < 0.95:
            self.stop()
            self._own(await self.desk.extend(self.held))
        else:
            await self.desk.sweep()

    def stop(self) -> None:
        """Write down what was owned up to now."""
        if self.held is None:
            return
        until = min(self.clock.now(), self.held.expires_at).timestamp()
        if until > self.since:
            self.ledger += [Owned(self.held.room, night, self.since, until) for night in self.held.nights]

    async def _hold(self) -> None:
        first = FIRST_NIGHT + timedelta(days=self.chance.randrange(NIGHTS))
        # A swap may free the earlier nights at any moment of the call; if it fails they are still this rival's.
        self.stop()
        new = await self.desk.hold(self.who, first, first + timedelta(days=self.chance.randint(1, 3)))
        self.holds += new is not None
        self._own(new or self.held)

    def _own(self, held: Held | None) -> None:
        self.held, self.since = held, self.clock.now().timestamp()


async def fight(players: Sequence[Rival], rounds: int) -> tuple[list[Owned], int]:
    """All play at once, round after round; their ledger, and how many holds they got.

    The rounds make the checker sharp: what one has won it keeps while the others still try.
    """
    for _ in range(rounds):
        await asyncio.gather(*(player.step() for player in players))
    for player in players:
        player.stop()
    return [owned for player in players for owned in player.ledger], sum(player.holds for player in players)


class RealDesk:
    def __init__(self, hotel: Hotel) -> None:
        self._hotel = hotel

    async def hold(self, who: str, check_in: date, check_out: date) -> Held | None:
        try:
            return _held(await self._hotel.hold(who, "doble", check_in, check_out))
        except Conflict as refused:
            return expected(refused, "no_room", None)

    async def extend(self, held: Held) -> Held | None:
        try:
            return _held(await self._hotel.bookings.extend(held.code, by="stf_1"))
        except Conflict as refused:
            return expected(refused, "hold_expired hold_extensions_spent", held)

    async def release(self, held: Held) -> None:
        await self._hotel.bookings.release(held.code, by="stf_1", reason="staff")

    async def sweep(self) -> None:
        await self._hotel.bookings.sweep()


class KeyPerRange:
    """The broken control: a lock per room and exact range, so that two overlapping ranges are two different locks."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock
        self._locks: set[tuple[str, date, date]] = set()

    async def hold(self, who: str, check_in: date, check_out: date) -> Held | None:
        for room in SMALL.room_types[0].rooms:
            if (room, check_in, check_out) not in self._locks:
                self._locks.add((room, check_in, check_out))
                nights = tuple(str(check_in + timedelta(days=day)) for day in range((check_out - check_in).days))
                return Held(f"{room} {check_in} {check_out}", room, nights, self._clock.now() + timedelta(minutes=20))
        return None

    async def extend(self, held: Held) -> Held | None:
        return held

    async def release(self, held: Held) -> None:
        room, check_in, check_out = held.code.split()
        self._locks.discard((room, date.fromisoformat(check_in), date.fromisoformat(check_out)))

    async def sweep(self) -> None:
        return


def expected(refused: Conflict, codes: str, answer: T) -> T:
    """``answer`` if the refusal is one that a rival has to live with."""
    if refused.code not in codes.split():
        raise refused
    return answer


def _held(booking: Booking) -> Held:
    nights = tuple(str(booking.check_in + timedelta(days=day)) for day in range(booking.nights))
    return Held(booking.code, booking.room_number, nights, booking.hold_expires_at)
