"""Holds per second with fifty guests at a time, on SQLite and on PostgreSQL, and whether a night was ever sold twice.

The same guests, rooms and dates are then served by a naive read-then-insert and by the seed's Redis key per range, in
the same run and under the same checker, which has to catch both. In the end fifty guests in four processes want the
last room, a hundred times with random dates. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text

from bench.seed_lock import CREATE, KeyPerRange, ReadThenInsert, locks
from relevo.app import migrate
from relevo.kit.clock import SystemClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from relevo.settings import Settings
from tests import postgres
from tests.bookings.last_room import Told, fifty_for_one
from tests.bookings.rivals import Owned, overlaps
from tests.bookings.world import HOTEL, Hotel, hotel_on, open_conversations

GUESTS, ROOMS, NIGHTS = 50, 20, 120
FIRST = date.today() + timedelta(days=30)
DOUBLE = HOTEL.room_type("doble")
HOUSE = replace(HOTEL, room_types=(replace(DOUBLE, rooms=tuple(f"{number:03}" for number in range(1, ROOMS + 1))),))


class Way(Protocol):
    """A way of holding rooms."""

    async def hold(self, guest: str, check_in: date, check_out: date) -> str | None: ...
    async def release(self, guest: str, room: str, check_in: date, check_out: date) -> None: ...


class Ours:
    def __init__(self, hotel: Hotel) -> None:
        self._hotel = hotel
        self._codes: dict[str, str] = {}

    async def hold(self, guest: str, check_in: date, check_out: date) -> str | None:
        try:
            booking = await self._hotel.hold(guest, "doble", check_in, check_out, guests=2)
        except Conflict as refused:
            if refused.code != "no_room":
                raise
            return None
        self._codes[guest] = booking.code
        return booking.room_number

    async def release(self, guest: str, room: str, check_in: date, check_out: date) -> None:  # noqa: ARG002
        await self._hotel.bookings.release(self._codes.pop(guest), by="stf_1", reason="bench")


@dataclass
class Tally:
    """What the guests of one way did."""

    tries: int = 0
    delays: list[float] = field(default_factory=list)
    owned: list[Owned] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


async def guest(name: str, way: Way, tally: Tally, until: float) -> None:
    """Hold a random stay, keep it for a moment, let it go, again."""
    chance = random.Random(name)
    while time.monotonic() < until:
        check_in = FIRST + timedelta(days=chance.randrange(NIGHTS))
        check_out = check_in + timedelta(days=chance.randint(1, 7))
        since = time.monotonic()
        tally.tries += 1
        try:
            room = await way.hold(name, check_in, check_out)
            held = time.monotonic()
            if room is None:
                continue
            tally.delays.append(held - since)
            await asyncio.sleep(chance.uniform(0, 0.05))
            nights = [str(check_in + timedelta(days=day)) for day in range((check_out - check_in).days)]
            tally.owned += [Owned(room, night, held, time.monotonic()) for night in nights]
            await way.release(name, room, check_in, check_out)
        except Exception as error:
            tally.errors[type(error).__name__] += 1


async def measure(label: str, way: Way, seconds: float) -> tuple[float, int]:
    tally, begun = Tally(), time.monotonic()
    guests = [f"cnv_{number}" for number in range(1, GUESTS + 1)]
    await asyncio.gather(*(guest(name, way, tally, begun + seconds) for name in guests))
    rate, delays = len(tally.delays) / (time.monotonic() - begun), sorted(tally.delays) or [0.0]
    p50, p95, p99 = (1_000 * delays[int(len(delays) * part)] for part in (0.5, 0.95, 0.99))
    sold_twice = overlaps(tally.owned)
    print(
        f"{label:34} {rate:7.1f} holds/s  p50/p95/p99 {p50:5.0f}/{p95:5.0f}/{p99:5.0f} ms  "
        f"nights sold twice {sold_twice}  errors {dict(tally.errors) or 'none'}",
        flush=True,
    )
    return round(rate, 1), sold_twice


async def on(engine: str, url: str, seconds: float, rounds: int) -> dict[str, Any]:
    clock, ids, db = SystemClock(), RandomIds(), Database(url, Events(Tasks()))
    await open_conversations(db, clock, 100)
    async with db.write() as tx:
        await tx.session.execute(text(CREATE))
    hotel = hotel_on(db, Live(db, clock), make_work(db, clock, ids), clock, ids, business=HOUSE)
    rooms = list(HOUSE.room_types[0].rooms)
    found: dict[str, Any] = {}
    found["holds_per_s"], found["overlaps"] = await measure(f"{engine}: ours", Ours(hotel), seconds)
    _, found["naive_overlaps"] = await measure(f"{engine}: read, then insert", ReadThenInsert(db, rooms), seconds)
    async with locks() as keys:
        label = f"{engine}: the seed's key ({keys.name})"
        _, found["seed_key_overlaps"] = await measure(label, KeyPerRange(db, rooms, keys), seconds)
    await db.close()
    told = await fifty_for_one(url, rounds=rounds, seed=random.randrange(10**6))
    right = [round_ for round_ in told if round_ == Told(round_.codes[:1], 49, 49, round_.slowest_ms)]
    found["last_room"] = {"rounds": rounds, "right": len(right), "slowest_ms": max(t.slowest_ms for t in told)}
    print(f"{engine}: the last room, 50 guests in 4 processes: {len(right)} of {rounds} rounds right", flush=True)
    return found


@contextmanager
def database(engine: str) -> Iterator[str]:
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{Path(folder) / 'relevo.db'}"
            asyncio.run(migrate(Settings(data_dir=Path(folder), database_url=url)))
            yield url
        return
    # The disk is waited for, as in production.
    with postgres.running(durable=True) as server:
        server.make_template()
        with server.database() as url:
            yield url


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10, help="per engine and way")
    arguments.add_argument("--rounds", type=int, default=100, help="fights for the last room, per engine")
    given = arguments.parse_args()
    by_engine: dict[str, dict[str, Any]] = {}
    for engine in ("sqlite", "postgresql"):
        with database(engine) as url:
            by_engine[engine] = asyncio.run(on(engine, url, given.seconds, given.rounds))
    names = ("holds_per_s", "overlaps", "naive_overlaps", "seed_key_overlaps", "last_room")
    result = {name: {engine: found[name] for engine, found in by_engine.items()} for name in names}
    print(json.dumps(result))
    rooms = result["last_room"].values()
    sys.exit(any(result["overlaps"].values()) or any(room["right"] != room["rounds"] for room in rooms))


if __name__ == "__main__":
    main()
