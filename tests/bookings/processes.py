"""Other processes of the races and crashes, run as ``python -m tests.bookings.processes <part> <database> ...``.

``rivals`` forks several sides of the fight, ``victims`` forks guests who die at given points of a hold, ``busy`` holds
without end until somebody kills it and prints each code.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from relevo.bookings import store
from relevo.bookings.events import BookingChanged
from relevo.bookings.rules import BookingStatus
from relevo.kit.clock import Clock, FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from tests.bookings.rivals import SMALL, FastClock, RealDesk, Rival, fight
from tests.bookings.world import HOTEL, Hotel, hotel_on

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def open_hotel(url: str, clock: Clock, *, business: Any = HOTEL, chance: Callable[[], float]) -> Hotel:
    db, ids = Database(url, Events(Tasks())), RandomIds()
    return hotel_on(db, Live(db, clock), make_work(db, clock, ids), clock, ids, business=business, chance=chance)


async def play(url: str, out: Path, first: int, count: int, rounds: int, origin: float) -> None:
    clock = FastClock(origin)
    hotel = open_hotel(url, clock, business=SMALL, chance=random.Random(first).random)
    players = [
        Rival(f"cnv_{first + number}", RealDesk(hotel), clock, random.Random(f"{first}/{number}"))
        for number in range(count)
    ]
    ledger, holds = await fight(players, rounds)
    await hotel.db.close()
    save(out, {"holds": holds, "ledger": [asdict(owned) for owned in ledger]})


def save(out: Path, played: dict[str, Any]) -> None:
    out.write_text(json.dumps(played))


async def change_and_die(url: str, conversation: str, point: str) -> None:
    """Change the conversation's hold to a suite, and die on the way."""
    clock = FixedClock(NOW + timedelta(minutes=5))
    hotel = open_hotel(url, clock, chance=die if point == "old hold ended" else lambda: 0.0)
    if point == "nights written":
        vars(store)["add"] = die
    elif point == "before the commit":
        hotel.db.events.on_within(BookingChanged, die_when_made)
    elif point == "after the commit":
        hotel.db.events.on_at_once(BookingChanged, die)
    await hotel.hold(conversation, "suite", date(2027, 6, 12), date(2027, 6, 14), guests=2)


def die(*_: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")


async def die_when_made(_tx: object, event: BookingChanged) -> None:
    if event.status is BookingStatus.HOLD:
        die()


async def hold_for_ever(url: str) -> None:
    chance = random.Random(3)
    hotel = open_hotel(url, FixedClock(NOW), chance=chance.random)
    while True:
        first = date(2027, 6, 1) + timedelta(days=chance.randrange(30))
        last = first + timedelta(days=chance.randint(1, 14))
        try:
            booking = await hotel.hold(f"cnv_{chance.randint(1, 20)}", "doble", first, last, guests=2)
        except Conflict:
            continue
        sys.stdout.write(f"{booking.code}\n")
        sys.stdout.flush()


def fork(run: Coroutine[Any, Any, None]) -> int:
    """A process of its own for ``run``; forking spares it the imports."""
    child = os.fork()
    if child:
        run.close()
        return child
    asyncio.run(run)
    os._exit(0)


def wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def rivals(url: str, out: str, origin: str, *first: str) -> None:
    """A side for each ``first``; its ledger goes to ``<out>/<first>.json``."""
    children = [fork(play(url, Path(out, f"{each}.json"), int(each), 10, 6, float(origin))) for each in first]
    sys.exit(max(abs(wait(child)) for child in children))


def victims(url: str, *points: str) -> None:
    """One after the other; the exit codes are printed."""
    codes = [wait(fork(change_and_die(url, f"cnv_{number}", point))) for number, point in enumerate(points, 1)]
    sys.stdout.write(json.dumps(codes))


def busy(url: str) -> None:
    asyncio.run(hold_for_ever(url))


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"rivals": rivals, "victims": victims, "busy": busy}
    parts[sys.argv[1]](*sys.argv[2:])
