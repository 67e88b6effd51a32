"""Excursions: no seat is sold twice, whoever asks at once; what is asked twice is booked once."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.tours.forgetting import forget_travellers
from relevo.tours.rules import Place, Status, named, price
from relevo.tours.service import Tours
from tests.tours.conftest import CATALOGUE, SATURDAY, ars

ROOT = Path(__file__).parents[2]


async def book(tours: Tours, key: str, *, adults: int = 1, children: int = 0, day: date = SATURDAY) -> Place:
    return await tours.book(
        "islas", day, adults=adults, children=children, person_id="per_1", conversation_id="cnv_1", name="Ana",
        phone="+5493415550000", key=key,
    )  # fmt: skip


async def left(tours: Tours, day: date = SATURDAY) -> int:
    (only,) = await tours.departures(day, day, excursion="islas")
    return only.left


async def seats(db: Database) -> int:
    async with db.read() as session:
        return int((await session.execute(text("select count(*) from tour_seat"))).scalar_one())


async def test_places_from_first_to_last(tours: Tours, db: Database) -> None:
    made = await book(tours, "a", adults=2, children=1)
    assert made.code.startswith("EX-")
    assert made.price == ars(70_000)
    assert await book(tours, "a", adults=5) == made, "the same key makes no second booking"
    assert await tours.find(made.code.lower()) == made
    assert await tours.of(["per_1"]) == (made,)
    assert await tours.day(SATURDAY) == (made,)
    assert (await left(tours), await seats(db)) == (7, 3)
    gone = await tours.cancel(made.code, by="per_1")
    assert gone.status is Status.CANCELLED
    assert (await left(tours), await seats(db)) == (10, 0)
    with pytest.raises(Conflict, match="places_over"):
        await tours.cancel(made.code, by="per_1")
    with pytest.raises(NotFound):
        await tours.cancel("EX-NADA1", by="per_1")


async def test_the_last_places_and_one_too_many(tours: Tours) -> None:
    await book(tours, "a", adults=9)
    with pytest.raises(Conflict, match="places_taken"):
        await book(tours, "b", adults=2)
    assert (await book(tours, "c", adults=1)).people == 1
    assert await left(tours) == 0


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 23), "no_departure"),
        (date(2026, 11, 21), "departure_too_soon"),
        (date(2027, 3, 2), "departure_too_far"),
    ],
)
async def test_days_that_cannot_be(tours: Tours, db: Database, clock: FixedClock, day: date, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        await book(tours, "a", day=day)
    assert await seats(db) == 0


async def test_parties_that_cannot_be(tours: Tours) -> None:
    with pytest.raises(Invalid, match="places_nobody"):
        await book(tours, "a", adults=0, children=2)
    with pytest.raises(Invalid, match="places_too_many"):
        await book(tours, "b", adults=19, children=2)
    with pytest.raises(Invalid, match="no_excursion"):
        await tours.departures(SATURDAY, SATURDAY, excursion="luna")


async def test_too_late_for_the_traveller_and_not_for_the_house(tours: Tours, clock: FixedClock) -> None:
    made = await book(tours, "a")
    clock.advance(made.start - clock.now() - timedelta(hours=3))
    with pytest.raises(Conflict, match="places_late"):
        await tours.cancel(made.code, by="per_1")
    assert (await tours.cancel(made.code, by="stf_1", by_staff=True)).status is Status.CANCELLED


async def test_departures_of_a_week_with_a_single_date(tours: Tours) -> None:
    found = await tours.departures(date(2026, 11, 28), date(2026, 12, 4))
    assert [(each.excursion, each.day.day) for each in found] == [
        ("islas", 28), ("islas", 29), ("islas", 1), ("islas", 3), ("cielo", 4),
    ]  # fmt: skip


async def test_sixty_travellers_at_once(tours: Tours, db: Database) -> None:
    refusals = set[str]()

    async def one(number: int) -> int:
        try:
            return (await book(tours, f"k{number}", adults=1 + number % 3)).people
        except Conflict as refused:
            refusals.add(refused.code)
            return 0

    won = await asyncio.gather(*(one(number) for number in range(60)))
    assert sum(won) == await seats(db) == 10
    assert refusals == {"places_taken"}
    assert await left(tours) == 0


async def test_travellers_of_two_processes(tours: Tours, db: Database) -> None:
    async def process(first: int) -> dict[str, int]:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.tours.processes", db.url, str(first), "12", cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await running.communicate()
        assert running.returncode == 0
        told: dict[str, int] = json.loads(out)
        return told

    one, two = await asyncio.gather(process(0), process(100))
    assert one["places"] + two["places"] == await seats(db) <= 10
    assert await left(tours) == 10 - await seats(db)
    assert one["refused"] + two["refused"] > 0


async def test_the_same_request_at_once_is_one(tours: Tours, db: Database) -> None:
    made = await asyncio.gather(*(book(tours, "same", adults=2) for _ in range(6)))
    assert len({each.code for each in made}) == 1
    assert await seats(db) == 2


async def test_who_cancelled_long_ago_is_forgotten_unless_the_law_holds_them(
    tours: Tours, db: Database, clock: FixedClock
) -> None:
    cancelled, kept = await book(tours, "a"), await book(tours, "b")
    await tours.cancel(cancelled.code, by="per_1")

    async def held(_session: object, people: Collection[str]) -> frozenset[str]:
        return frozenset(people)

    async def nobody(_session: object, _people: Collection[str]) -> frozenset[str]:
        return frozenset()

    later = clock.now() + timedelta(days=1)
    assert await forget_travellers(db, clock.now(), held=nobody, rule="r", at=later) == 0, "too early"
    assert await forget_travellers(db, later, held=held, rule="r", at=later) == 0
    assert await forget_travellers(db, later, held=nobody, rule="r", at=later) == 1
    known = [await tours.find(each.code) for each in (cancelled, kept)]
    assert [(each.guest_name, each.guest_phone) for each in known if each] == [(None, None), ("Ana", "+5493415550000")]


def test_the_longest_name_wins_and_children_may_be_free() -> None:
    assert named(CATALOGUE, "quiero el paseo en lancha") == CATALOGUE.excursion("islas")
    assert named(CATALOGUE, "una habitacion") is None
    assert price(CATALOGUE.excursion("cielo"), 2, 3) == ars(18_000)
