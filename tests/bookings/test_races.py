"""Nothing is sold twice: many tasks, several processes, and a checker that is shown to catch what is broken."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store
from relevo.bookings.models import RoomNightRow
from relevo.bookings.rules import Booking
from relevo.kit.db import Database, upsert
from relevo.kit.errors import Conflict
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.work import make_work
from tests.bookings.rivals import SMALL, Desk, FastClock, KeyPerRange, Owned, RealDesk, Rival, expected, fight, overlaps
from tests.bookings.world import Hotel, hotel_on, open_conversations

ROOT = Path(__file__).parents[2]
IN, OUT = date(2027, 6, 12), date(2027, 6, 14)


@pytest.fixture
def fast() -> FastClock:
    return FastClock(time.monotonic())


@pytest.fixture
def slow() -> FastClock:
    """For what is broken: nothing runs out, so every overlap is its own doing."""
    return FastClock(time.monotonic(), speed=1)


async def small_hotel(db: Database, clock: FastClock) -> Hotel:
    await open_conversations(db, clock, 100)
    ids = RandomIds()
    return hotel_on(db, Live(db, clock), make_work(db, clock, ids), clock, ids, business=SMALL)


@pytest.fixture
async def small(db: Database, fast: FastClock) -> Hotel:
    """Two rooms, and a clock that makes holds run out while the fight goes on."""
    return await small_hotel(db, fast)


def rivals(desk: Desk, clock: FastClock, count: int) -> list[Rival]:
    return [Rival(f"cnv_{n + 1}", desk, clock, random.Random(n)) for n in range(count)]


def test_the_checker_sees_an_overlap_and_nothing_else() -> None:
    first, touching = Owned("1", "n", 0, 2), Owned("1", "n", 2, 3)
    assert overlaps([first, touching, Owned("2", "n", 0, 9), Owned("1", "m", 0, 9)]) == 0
    assert overlaps([touching, first, Owned("1", "n", 1, 1.5)]) == 1
    assert overlaps([Owned("1", "n", 0, 9), Owned("1", "n", 1, 2), Owned("1", "n", 3, 4)]) == 2


async def test_fifty_rivals_never_own_one_night_together(small: Hotel, fast: FastClock) -> None:
    ledger, holds = await fight(rivals(RealDesk(small), fast, 50), 6)
    assert holds >= 15
    assert overlaps(ledger) == 0
    await small.bookings.sweep()
    assert await small.problems() == []


async def test_the_checker_catches_a_lock_per_exact_range(slow: FastClock) -> None:
    ledger, _ = await fight(rivals(KeyPerRange(slow), slow, 50), 10)
    assert overlaps(ledger) > 100


async def test_the_checker_catches_this_very_hotel_without_its_guard(
    db: Database, slow: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_is_taken(*_: object, **__: object) -> dict[str, set[date]]:
        return {}

    async def overwrite(session: AsyncSession, booking_id: str, room: str, nights: list[date], **_: object) -> bool:
        key = {"property": "main", "room": room, "booking_id": booking_id, "status": "booked"}
        write = upsert(session, RoomNightRow).values([{**key, "night": night} for night in nights])
        free = write.on_conflict_do_update(
            index_elements=["property", "room", "night"], set_={"booking_id": write.excluded.booking_id}
        )
        await session.execute(free)
        return True

    monkeypatch.setattr(store, "taken", nothing_is_taken)
    monkeypatch.setattr(store, "take_nights", overwrite)
    hotel = await small_hotel(db, slow)
    ledger, _ = await fight(rivals(RealDesk(hotel), slow, 20), 3)
    assert overlaps(ledger) > 10


async def test_the_database_alone_is_guard_enough(
    small: Hotel, fast: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_is_taken(*_: object, **__: object) -> dict[str, set[date]]:
        return {}

    monkeypatch.setattr(store, "taken", nothing_is_taken)
    ledger, holds = await fight(rivals(RealDesk(small), fast, 30), 5)
    assert holds >= 12
    assert overlaps(ledger) == 0


async def test_of_fifty_guests_for_the_last_room_one_gets_it(hotel: Hotel) -> None:
    async def ask(number: int) -> Booking | None:
        try:
            return await hotel.hold(f"cnv_{number}", "departamento", IN, OUT, guests=4)
        except Conflict as refused:
            return expected(refused, "no_room", None)

    answers = await asyncio.gather(*(ask(number) for number in range(1, 51)))
    won = [booking for booking in answers if booking is not None]
    assert len(won) == 1
    assert set((await hotel.nights()).values()) == {won[0].id}
    others = await hotel.bookings.alternatives(IN, OUT, guests=4, room_type="departamento", holder="cnv_99")
    assert len(others) == 3


async def test_of_five_rooms_five_guests_get_one_each(hotel: Hotel) -> None:
    def ask(number: int) -> Awaitable[Booking]:
        return hotel.hold(f"cnv_{number}", "doble", IN, OUT, guests=2)

    answers = await asyncio.gather(*(ask(number) for number in range(1, 21)), return_exceptions=True)
    won = [answer for answer in answers if isinstance(answer, Booking)]
    assert {booking.room_number for booking in won} == {"201", "202", "203", "204", "205"}
    assert len(won) == 5
    assert all(isinstance(answer, Booking | Conflict) for answer in answers)


async def test_one_guest_who_asks_ten_times_at_once_has_one_booking(hotel: Hotel) -> None:
    answers = await asyncio.gather(*(hotel.hold("cnv_1", "doble", IN, OUT, guests=2) for _ in range(10)))
    assert len({booking.id for booking in answers}) == 1
    assert len(await hotel.nights()) == 2


async def test_one_guest_with_two_wishes_at_once_keeps_one_of_them(hotel: Hotel) -> None:
    wishes: list[Callable[[], Awaitable[Booking]]] = [
        lambda: hotel.hold("cnv_1", "doble", IN, OUT, guests=2),
        lambda: hotel.hold("cnv_1", "suite", IN, OUT, guests=2),
    ]
    await asyncio.gather(*(wish() for wish in wishes))
    assert len(await hotel.bookings.listing(status="hold")) == 1
    assert len(await hotel.nights()) == 2


def written(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


async def test_four_processes_never_own_one_night_together(small: Hotel, tmp_path: Path) -> None:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bookings.processes", "rivals", small.db.url, str(tmp_path), str(time.monotonic()),
        "1", "26", "51", "76", cwd=ROOT,
    )  # fmt: skip
    assert await running.wait() == 0
    played = [json.loads(file.read_text()) for file in written(tmp_path)]
    assert len(played) == 4
    assert sum(each["holds"] for each in played) >= 15
    assert overlaps(Owned(**owned) for each in played for owned in each["ledger"]) == 0
