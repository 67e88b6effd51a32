"""Fifty guests, in several processes, want the last room of a type at the same moment, for the same nights.

Run as ``python -m tests.bookings.last_room <database> <folder> <processes> <guests> <rounds> <seed>``: every process
writes what its guests were told, round by round. Between the rounds the winner lets go, so that every round is fair.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from relevo.bookings.rules import Booking
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict
from tests.bookings.processes import NOW, fork, open_hotel, wait
from tests.bookings.world import Hotel

ROOT = Path(__file__).parents[2]
TYPE = "departamento"
"""The demo hotel has one."""
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Told:
    """What the guests were told in one round."""

    codes: tuple[str, ...] = ()
    refused: int = 0
    with_alternatives: int = 0
    slowest_ms: int = 0

    def __add__(self, other: Told) -> Told:
        return Told(
            self.codes + other.codes, self.refused + other.refused, self.with_alternatives + other.with_alternatives,
            max(self.slowest_ms, other.slowest_ms),
        )  # fmt: skip


def stays(rounds: int, seed: int) -> list[tuple[date, date]]:
    """The same dates in every process."""
    chance = random.Random(seed)
    firsts = [date(2027, 1, 10) + timedelta(days=chance.randrange(300)) for _ in range(rounds)]
    return [(first, first + timedelta(days=chance.randint(1, 7))) for first in firsts]


async def ask(hotel: Hotel, guest: str, check_in: date, check_out: date) -> tuple[Booking | None, Told]:
    """One guest asks, and if the room has gone, what else there is."""
    since = time.monotonic()
    try:
        booking = await hotel.hold(guest, TYPE, check_in, check_out, guests=2)
    except Conflict as refused:
        if refused.code != "no_room":
            raise
    else:
        return booking, Told(codes=(booking.code,), slowest_ms=round(1_000 * (time.monotonic() - since)))
    others = await hotel.bookings.alternatives(check_in, check_out, guests=2, room_type=TYPE, holder=guest)
    stay = (TYPE, check_in, check_out)
    helpful = bool(others) and all((o.room_type, o.quote.check_in, o.quote.check_out) != stay for o in others)
    return None, Told(refused=1, with_alternatives=helpful, slowest_ms=round(1_000 * (time.monotonic() - since)))


async def play(url: str, out: Path, guests: list[str], rounds: int, seed: int, together: Barrier) -> None:
    hotel = open_hotel(url, FixedClock(NOW), chance=random.Random(guests[0]).random)
    told: list[Told] = []
    for check_in, check_out in stays(rounds, seed):
        together.wait(PATIENCE)
        answers = await asyncio.gather(*(ask(hotel, guest, check_in, check_out) for guest in guests))
        told.append(sum((answer for _, answer in answers), Told()))
        together.wait(PATIENCE)
        for booking, _ in answers:
            if booking is not None:
                await hotel.bookings.release(booking.code, by="stf_1", reason="staff")
    await hotel.db.close()
    save(out, told)


def save(out: Path, told: list[Told]) -> None:
    out.write_text(json.dumps([asdict(each) for each in told]))


def saved(folder: str) -> list[list[Told]]:
    parts = [json.loads(file.read_text()) for file in Path(folder).glob("*.json")]
    return [[Told(**{**each, "codes": tuple(each["codes"])}) for each in part] for part in parts]


async def fifty_for_one(url: str, *, rounds: int, seed: int, processes: int = 4, guests: int = 50) -> list[Told]:
    """All rounds, and what all guests together were told in each."""
    with tempfile.TemporaryDirectory() as folder:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bookings.last_room", url, folder, str(processes), str(guests), str(rounds),
            str(seed), cwd=ROOT,
        )  # fmt: skip
        if await running.wait() != 0:
            raise RuntimeError("a process of guests failed")
        parts = saved(folder)
    return [sum(round_, Told()) for round_ in zip(*parts, strict=True)]


def main(url: str, folder: str, processes: str, guests: str, rounds: str, seed: str) -> None:
    together = multiprocessing.get_context("fork").Barrier(int(processes))
    everybody = [f"cnv_{number}" for number in range(1, int(guests) + 1)]
    children = [
        fork(
            play(url, Path(folder, f"{each}.json"), everybody[each :: int(processes)], int(rounds), int(seed), together)
        )
        for each in range(int(processes))
    ]
    sys.exit(max(abs(wait(child)) for child in children))


if __name__ == "__main__":
    main(*sys.argv[1:])
