"""The sale in the PMS when the PMS is slow, wrong, untruthful or away, and what becomes of guest and money."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from relevo.bookings import confirming
from relevo.bookings.events import BookingConfirmed
from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.kit.clock import FixedClock
from relevo.kit.errors import BadCredentials
from relevo.kit.work import Job
from tests.bookings.road import IN, OUT, Road, broken, down, full

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def test_down_for_an_hour_loses_nothing_and_says_so_once(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    road.moods.all_fail(down)
    await road.deposits.confirm(booking.code, by="stf_1")
    for _ in range(60):
        await road.work.drain()
        clock.advance(MINUTE)
    assert (await road.now(booking)).status is BookingStatus.CONFIRMING
    assert len([text for text in await road.said() if "tarda en responder" in text]) == 1
    assert road.needs() == ["pms_waiting"]
    assert set((await road.nights()).values()) == {booking.id}
    road.moods.faults.clear()
    clock.advance(2 * MINUTE)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert len(road.events(BookingConfirmed)) == 1
    assert await road.wrong() == []


async def test_a_short_trouble_is_nobodys_business(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    road.moods.all_fail(down)
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    road.moods.faults.clear()
    clock.advance(2 * SECOND)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert road.needs() == []
    assert len(await road.said()) == 1


async def test_slow_is_waited_for(road: Road) -> None:
    booking = await road.paid()
    road.moods.gate = asyncio.Event()
    await road.deposits.confirm(booking.code, by="stf_1")
    road.work.start()
    await road.moods.selling.wait()
    assert (await road.deposits.confirm(booking.code, by="stf_2")).status is BookingStatus.CONFIRMING
    assert (await road.bookings.availability(IN, OUT, guests=5)) == ()
    road.moods.gate.set()
    await road.work.idle()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert road.moods.asked.count("book") == 1


async def test_one_that_never_answers_is_asked_again(
    road: Road, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "PATIENCE", 0.01)
    booking = await road.paid()
    road.moods.gate = asyncio.Event()
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMING
    road.moods.gate.set()
    monkeypatch.undo()
    clock.advance(MINUTE)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.wrong() == []


async def test_a_sale_that_was_made_although_it_said_no_is_found(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    await road.deposits.confirm(booking.code, by="stf_1")
    road.moods.faults["find"] = down
    await road.work.drain()
    # It was sold behind our back: the answer was lost.
    road.moods.faults.clear()
    await road.moods.book(booking)
    road.moods.asked.clear()
    clock.advance(MINUTE)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.sales() == [booking.code]
    assert await road.wrong() == []


async def test_a_lie_is_found_out(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    road.moods.lies = 2
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMING
    for _ in range(3):
        clock.advance(MINUTE)
        await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.sales() == [booking.code]


async def test_one_that_goes_on_lying_is_given_to_a_person_with_its_nights(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    road.moods.lies = 5
    await road.deposits.confirm(booking.code, by="stf_1")
    for _ in range(8):
        await road.work.drain()
        clock.advance(5 * MINUTE)
    refused = await road.now(booking)
    assert (refused.status, refused.needs) == (BookingStatus.NEEDS_STAFF, "pms_refused")
    assert refused.deposit_status is DepositStatus.CONFIRMED
    assert set((await road.nights()).values()) == {booking.id}
    assert (await road.control())[0] == "queued"
    await road.changes.retry(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.wrong() == []


async def test_a_refusal_for_good_is_given_to_a_person(road: Road) -> None:
    booking = await road.paid()
    road.moods.faults["book"] = broken
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).needs == "pms_refused"
    assert "persona del equipo termina" in (await road.said())[-1]
    assert road.needs() == ["pms_refused"]


async def test_a_wrong_key_waits_for_the_owner(road: Road, clock: FixedClock) -> None:
    def locked_out() -> None:
        raise BadCredentials("pms_key")

    booking = await road.paid()
    road.moods.all_fail(locked_out)
    await road.deposits.confirm(booking.code, by="stf_1")
    for _ in range(20):
        await road.work.drain()
        clock.advance(2 * MINUTE)
    assert (await road.now(booking)).status is BookingStatus.CONFIRMING
    road.moods.faults.clear()
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED


async def test_paid_and_sold_to_somebody_else_meanwhile_gets_another_room_of_the_type(road: Road) -> None:
    booking = await road.paid("cnv_1", "doble")
    rival = await road.held("cnv_2", "doble")
    await road.bookings.release(rival.code, by="stf_1", reason="staff")
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.moods.book(_as(rival, booking.room_number))
    await road.work.drain()
    done = await road.now(booking)
    assert done.status is BookingStatus.CONFIRMED
    assert done.room_number != booking.room_number
    assert "other_room" in await road.steps(booking)


async def test_paid_and_lost_the_only_room(road: Road) -> None:
    booking = await road.paid()
    rival = await road.held("cnv_2", "doble")
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.moods.book(_as(rival, booking.room_number))
    await road.work.drain()
    lost = await road.now(booking)
    assert (lost.status, lost.deposit_status, lost.refund, lost.needs) == (
        BookingStatus.NEEDS_STAFF, DepositStatus.REFUND_DUE, booking.deposit.amount, "no_room",
    )  # fmt: skip
    told = await road.said()
    assert "se ocupó mientras tanto" in told[0]
    assert "Doble" in told[1]
    assert await road.control() == ("queued", f"Pagó la reserva {booking.code} y la habitación se ocupó")
    assert road.needs() == ["no_room"]
    assert booking.id not in (await road.nights()).values()
    assert road.events(BookingConfirmed) == []


async def test_alternatives_wait_for_the_pms(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    road.moods.faults["book"] = full
    await road.deposits.confirm(booking.code, by="stf_1")
    calls = iter([lambda: None, down])
    road.moods.faults["occupied"] = lambda: next(calls, down)()
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.NEEDS_STAFF
    assert len(await road.said()) == 1
    road.moods.faults.clear()
    clock.advance(MINUTE)
    await road.work.drain()
    assert len(await road.said()) == 2


async def test_cancelled_while_the_pms_is_being_told_leaves_nothing_there(road: Road) -> None:
    booking = await road.paid()
    road.moods.gate = asyncio.Event()
    await road.deposits.confirm(booking.code, by="stf_1")
    road.work.start()
    await road.moods.selling.wait()
    await road.changes.cancel(booking.code, by="stf_1", reason="guest")
    road.moods.gate.set()
    await road.work.idle()
    assert (await road.now(booking)).status is BookingStatus.CANCELLED
    assert await road.sales() == []
    assert await road.nights() == {}
    assert road.events(BookingConfirmed) == []


async def test_a_job_that_is_out_of_date_does_nothing(road: Road) -> None:
    booking = await road.confirmed()
    road.moods.asked.clear()
    payload = {"booking_id": booking.id, "turn": 1, "failures": 0}
    for run in road.confirming.jobs.values():
        await run(Job(99, "any", "any", payload, 1, road.work))
    assert set(road.moods.asked) <= {"occupied"}
    assert await road.now(booking) == booking


async def test_a_job_that_was_lost_is_promised_anew(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    await road.deposits.confirm(booking.code, by="stf_1")
    handlers = vars(road.work)["_handlers"]
    handlers["bookings.confirm"], real = _parks, handlers["bookings.confirm"]
    await road.work.drain()
    handlers["bookings.confirm"] = real
    assert await road.confirming.sweep() == 0
    clock.advance(11 * MINUTE)
    assert await road.confirming.sweep() == 1
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.confirming.sweep() == 0


async def _parks(_job: Job) -> None:
    raise BadCredentials("parked")


def _as(rival: Booking, room: str) -> Booking:
    """What the front desk sold to somebody else."""
    return replace(rival, code="RL-FRONT", room_number=room)
