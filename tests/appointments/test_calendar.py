"""Both calendars, the house's and one behind a socket: nothing twice, nothing half, whoever asks at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from relevo.adapters.appointments.loopback import Faults
from relevo.adapters.appointments.rest import RestCalendar
from relevo.appointments.forgetting import forget_customers
from relevo.appointments.ports import Calendar
from relevo.appointments.rules import Appointment, Slot, Status
from relevo.appointments.service import HouseCalendar
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import BadCredentials, Conflict, Invalid, NotFound, NotReady, ProviderError
from tests.appointments.test_rules import MONDAY, at


async def book(calendar: Calendar, key: str, *, service: str = "masaje", hour: int = 10) -> Appointment:
    return await calendar.book(
        service, at(hour), person_id="per_1", conversation_id="cnv_1", name="Ana", phone="+5493415550000", key=key
    )


def bare(made: Appointment) -> Appointment:
    """Without what only the house knows: which place of a resource, and which conversation."""
    return replace(made, place=0, conversation_id=None)


async def test_an_appointment_from_first_to_last(calendar: Calendar) -> None:
    made = bare(await book(calendar, "a"))
    assert made.code.startswith("CT-")
    assert (made.end - made.start, made.status, made.price.amount) == (timedelta(minutes=50), Status.BOOKED, 3_000_000)
    assert bare(await book(calendar, "a", hour=16)) == made, "the same key makes no second one"
    found = await calendar.find(made.code.lower())
    assert found
    assert bare(found) == made
    assert [bare(each) for each in await calendar.of("per_1")] == [made]
    gone = await calendar.cancel(made.code, by="per_1")
    assert gone.status is Status.CANCELLED
    with pytest.raises(Conflict, match="appointment_over"):
        await calendar.cancel(made.code, by="per_1")
    with pytest.raises(NotFound):
        await calendar.cancel("CT-NADA1", by="per_1")


async def test_two_resources_and_then_no_more(calendar: Calendar) -> None:
    first, second = await book(calendar, "a"), await book(calendar, "b")
    assert {first.resource, second.resource} == {"ana", "luz"}
    with pytest.raises(Conflict, match="slot_taken"):
        await book(calendar, "c")
    free = await calendar.free("masaje", MONDAY)
    assert at(10) not in [slot.start for slot in free]
    await calendar.cancel(second.code, by="per_1")
    assert (await book(calendar, "c")).resource == second.resource


async def test_it_is_too_late_for_the_customer_and_not_for_the_house(calendar: Calendar, clock: FixedClock) -> None:
    made = await book(calendar, "a")
    clock.advance(made.start - clock.now() - timedelta(hours=3))
    with pytest.raises(Conflict, match="appointment_late"):
        await calendar.cancel(made.code, by="per_1")
    assert (await calendar.cancel(made.code, by="stf_1", by_staff=True)).status is Status.CANCELLED


async def test_impossible_wishes_change_nothing(calendar: Calendar, db: Database) -> None:
    with pytest.raises(Invalid, match="no_service"):
        await book(calendar, "a", service="tatuaje")
    with pytest.raises(Invalid, match="slot_closed"):
        await book(calendar, "b", hour=14)
    async with db.read() as session:
        assert (await session.execute(text("select count(*) from appointment_cell"))).scalar_one() == 0


async def test_packages_are_bought_once_and_paid_when_somebody_has_seen_it(calendar: Calendar) -> None:
    made = await calendar.buy("relax", person_id="per_1", key="a")
    assert (made.sessions, made.paid) == (4, False)
    assert await calendar.buy("relax", person_id="per_1", key="a") == made
    assert await calendar.bought("per_1") == (made,)
    with pytest.raises(Invalid, match="no_package"):
        await calendar.buy("todo", person_id="per_1", key="b")


async def test_fifty_at_once_for_a_day_get_no_cell_twice(
    calendar: Calendar, house: HouseCalendar, db: Database
) -> None:
    rng, refusals = random.Random(7), set[str]()
    free = {service: await calendar.free(service, MONDAY) for service in ("masaje", "piedras", "yoga")}

    async def one(number: int) -> bool:
        service = rng.choice(list(free))
        slot: Slot = rng.choice(free[service])
        try:
            await calendar.book(
                service, slot.start, person_id="per_1", conversation_id=None, name=None, phone=None, key=f"k{number}"
            )
        except Conflict as refused:
            refusals.add(refused.code)
            return False
        return True

    won = sum(await asyncio.gather(*(one(number) for number in range(50))))
    day = await house.days(MONDAY, 1)
    assert won == len(day) > 10
    assert refusals <= {"slot_taken"}
    for each in day:
        for other in day:
            if each.id < other.id and (each.resource, each.place) == (other.resource, other.place):
                assert each.end <= other.start or other.end <= each.start
    async with db.read() as session:
        cells = (await session.execute(text("select count(*) from appointment_cell"))).scalar_one()
    assert cells >= sum(4 for _ in day)


async def test_an_answer_that_was_lost_is_looked_up(
    elsewhere: RestCalendar, house: HouseCalendar, faults: Faults
) -> None:
    faults.lose_answer = 1
    made = await book(elsewhere, "a")
    assert [each.code for each in await house.days(MONDAY, 1)] == [made.code]
    assert (await book(elsewhere, "a")).code == made.code


async def test_what_the_other_side_does_wrong_has_a_name(elsewhere: RestCalendar, faults: Faults) -> None:
    await elsewhere.agenda()
    faults.down = True
    with pytest.raises(NotReady, match="appointments_unreachable"):
        await elsewhere.free("masaje", MONDAY)
    faults.down, faults.garbage = False, True
    with pytest.raises(ProviderError, match="appointments_refused"):
        await elsewhere.find("CT-AAAAA")
    faults.garbage = False
    elsewhere._http.headers["Authorization"] = "Bearer otra"
    with pytest.raises(BadCredentials):
        await elsewhere.of("per_1")
    assert "clave" not in repr(elsewhere)


async def test_the_same_purchase_at_once_is_one(house: HouseCalendar) -> None:
    bought = await asyncio.gather(*(house.buy("relax", person_id="per_1", key="same") for _ in range(6)))
    assert len({each.code for each in bought}) == 1


async def test_who_cancelled_long_ago_is_forgotten_unless_the_law_holds_them(
    house: HouseCalendar, db: Database, clock: FixedClock
) -> None:
    cancelled, kept = await book(house, "a"), await book(house, "b", hour=16)
    await house.cancel(cancelled.code, by="per_1")

    async def held(_session: object, people: Collection[str]) -> frozenset[str]:
        return frozenset(people)

    async def nobody(_session: object, _people: Collection[str]) -> frozenset[str]:
        return frozenset()

    later = clock.now() + timedelta(days=1)
    assert await forget_customers(db, clock.now(), held=nobody, rule="r", at=later) == 0, "too early"
    assert await forget_customers(db, later, held=held, rule="r", at=later) == 0
    assert await forget_customers(db, later, held=nobody, rule="r", at=later) == 1
    known = [await house.find(each.code) for each in (cancelled, kept)]
    assert [(each.name, each.phone) for each in known if each] == [(None, None), ("Ana", "+5493415550000")]
