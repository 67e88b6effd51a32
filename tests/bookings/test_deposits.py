"""Receipts and what a person says about them: on time, twice, late, too little, too much, for nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from relevo.bookings.deposits import TakenAs
from relevo.bookings.events import BookingConfirmed, DepositReceived
from relevo.bookings.rules import BookingStatus, DepositStatus
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict, Invalid, NotFound
from tests.bookings.road import IN, OUT, Road, down

MINUTE = timedelta(minutes=1)


async def test_the_main_road(road: Road) -> None:
    booking = await road.held()
    file = await road.file("a")
    attached = await road.deposits.attach(booking.code, file, by="cnv_1")
    assert (attached.taken, attached.booking.deposit_status) == (TakenAs.IN_TIME, DepositStatus.RECEIVED)
    confirming = await road.deposits.confirm(booking.code, by="stf_1")
    assert (confirming.status, confirming.deposit_status) == (BookingStatus.CONFIRMING, DepositStatus.CONFIRMED)
    assert await road.sales() == []
    await road.work.drain()
    done = await road.now(booking)
    assert (done.status, done.paid, done.needs) == (BookingStatus.CONFIRMED, booking.deposit.amount, None)
    assert done.pms_number is not None
    assert road.events(BookingConfirmed) == [BookingConfirmed(booking.id, booking.code, "cnv_1", 1)]
    assert await road.sales() == [booking.code]
    assert (await road.said())[-1].startswith("¡Reserva confirmada!")
    assert {step.what for step in await road.deposits.history(booking.code)} == {
        "created", "receipt", "extended", "confirmed", "booked", "sold",
    }  # fmt: skip
    assert await road.wrong() == []


async def test_a_receipt_gives_the_hold_more_time_once(road: Road, clock: FixedClock) -> None:
    booking = await road.held()
    clock.advance(19 * MINUTE)
    first = await road.deposits.attach(booking.code, await road.file("a"), by="cnv_1")
    clock.advance(MINUTE)
    second = await road.deposits.attach(booking.code, await road.file("b"), by="cnv_1")
    assert first.booking.extensions == second.booking.extensions == 1
    assert second.booking.hold_expires_at == first.booking.hold_expires_at
    assert len(road.events(DepositReceived)) == 2


async def test_the_same_file_again_is_the_same_receipt(road: Road) -> None:
    booking = await road.held()
    first = await road.deposits.attach(booking.code, await road.file("a"), by="cnv_1")
    again = await road.deposits.attach(booking.code, await road.file("a"), by="cnv_1")
    assert again.taken is TakenAs.AGAIN
    assert again.receipt == first.receipt
    (case,) = await road.deposits.listing(state="received")
    assert len(case["receipts"]) == 1


async def test_a_file_that_paid_another_booking_is_seen(road: Road) -> None:
    first = await road.held("cnv_1", "doble")
    other = await road.held("cnv_2", "doble")
    await road.deposits.attach(first.code, await road.file("a"), by="cnv_1")
    attached = await road.deposits.attach(other.code, await road.file("a", "cnv_2"), by="cnv_2")
    assert attached.taken is TakenAs.DUPLICATE
    assert attached.receipt.duplicate_of == first.code
    assert attached.booking.extensions == 0
    assert road.needs() == ["duplicate"]
    with pytest.raises(Conflict) as refused:
        await road.deposits.confirm(other.code, by="stf_1")
    assert refused.value.code == "receipt_duplicate"
    assert (await road.deposits.confirm(first.code, by="stf_1")).status is BookingStatus.CONFIRMING
    assert (await road.deposits.confirm(other.code, by="stf_1", force=True)).status is BookingStatus.CONFIRMING
    await road.work.drain()
    assert await road.wrong() == []


async def test_a_file_sent_for_two_bookings_at_once_belongs_to_one(road: Road) -> None:
    bookings = [await road.held(f"cnv_{number}", "doble") for number in (1, 2, 3)]
    files = [await road.file("a", booking.conversation_id) for booking in bookings]
    taken = await asyncio.gather(
        *(road.deposits.attach(booking.code, file, by="stf_1") for booking, file in zip(bookings, files, strict=True))
    )
    assert sorted(each.taken for each in taken) == [TakenAs.DUPLICATE, TakenAs.DUPLICATE, TakenAs.IN_TIME]


async def test_a_late_receipt_finds_its_room_free(road: Road, clock: FixedClock) -> None:
    booking = await road.held()
    clock.advance(21 * MINUTE)
    await road.work.drain()
    attached = await road.deposits.attach_to_conversation("cnv_1", await road.file("a"), by="cnv_1")
    assert attached.taken is TakenAs.LATE_HELD
    assert attached.booking.id == booking.id
    held = await road.now(booking)
    assert (held.status, held.hold_expires_at) == (BookingStatus.HOLD, clock.now() + 20 * MINUTE)
    assert "guardada de nuevo" in (await road.said())[-1]
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.wrong() == []


async def test_a_late_receipt_whose_room_is_gone(road: Road, clock: FixedClock) -> None:
    late = await road.held("cnv_1")
    clock.advance(21 * MINUTE)
    quick = await road.held("cnv_2")
    attached = await road.deposits.attach(late.code, await road.file("a"), by="cnv_1")
    assert attached.taken is TakenAs.LATE_LOST
    lost = await road.now(late)
    assert (lost.status, lost.deposit_status, lost.needs) == (
        BookingStatus.NEEDS_STAFF, DepositStatus.RECEIVED, "late_receipt",
    )  # fmt: skip
    assert (await road.now(quick)).status is BookingStatus.HOLD
    await road.work.drain()
    told = await road.said()
    assert "se ocupó mientras tanto" in told[0]
    assert "esto está libre" in told[1]
    assert (await road.control())[0] == "queued"
    assert road.needs() == ["no_room"]
    assert await road.wrong() == []


async def test_money_of_a_lost_room_is_owed_and_can_buy_another(road: Road, clock: FixedClock) -> None:
    late = await road.held("cnv_1")
    clock.advance(21 * MINUTE)
    await road.held("cnv_2")
    await road.deposits.attach(late.code, await road.file("a"), by="cnv_1")
    owed = await road.deposits.confirm(late.code, by="stf_1")
    assert (owed.status, owed.deposit_status, owed.refund) == (
        BookingStatus.NEEDS_STAFF, DepositStatus.REFUND_DUE, late.deposit.amount,
    )  # fmt: skip
    await road.work.drain()
    offer = await road.changes.propose_change(late.code, room_type="suite")
    await road.changes.change(late.code, offer, by="stf_1")
    await road.work.drain()
    done = await road.now(late)
    assert (done.status, done.room_type, done.deposit_status) == (
        BookingStatus.CONFIRMED, "suite", DepositStatus.CONFIRMED,
    )  # fmt: skip
    assert await road.sales() == [late.code]
    assert await road.wrong() == []


async def test_a_late_receipt_while_the_pms_is_away_is_settled_later(road: Road, clock: FixedClock) -> None:
    booking = await road.held()
    clock.advance(21 * MINUTE)
    road.moods.all_fail(down)
    attached = await road.deposits.attach(booking.code, await road.file("a"), by="cnv_1")
    assert attached.taken is TakenAs.LATE
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.EXPIRED
    road.moods.faults.clear()
    clock.advance(MINUTE)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.HOLD
    assert len(await road.said()) == 1


async def test_a_stranger_cannot_hold_a_room_for_ever_with_files(road: Road, clock: FixedClock) -> None:
    booking = await road.held()
    for number in range(6):
        clock.advance(45 * MINUTE)
        await road.work.drain()
        await road.deposits.attach(booking.code, await road.file(f"{number}"), by="cnv_1")
    assert (await road.now(booking)).status is BookingStatus.NEEDS_STAFF


async def test_a_receipt_for_a_cancelled_hold_is_for_a_person(road: Road) -> None:
    booking = await road.held()
    await road.bookings.release(booking.code, by="stf_1", reason="staff")
    attached = await road.deposits.attach(booking.code, await road.file("a"), by="cnv_1")
    assert attached.taken is TakenAs.LATE_LOST
    assert (attached.booking.status, attached.booking.needs) == (BookingStatus.NEEDS_STAFF, "paid_after_cancel")
    assert (await road.control())[0] == "queued"


async def test_a_receipt_after_everything_is_paid_is_kept(road: Road) -> None:
    booking = await road.confirmed()
    attached = await road.deposits.attach(booking.code, await road.file("again"), by="cnv_1")
    assert (attached.taken, attached.receipt.problem) == (TakenAs.AGAIN, "extra")
    assert attached.booking == booking
    assert road.needs() == ["extra_receipt"]


async def test_a_conversation_without_a_booking_has_no_receipt(road: Road) -> None:
    with pytest.raises(NotFound):
        await road.deposits.attach_to_conversation("cnv_1", await road.file("a"), by="cnv_1")


async def test_too_little_is_noted_and_the_rest_asked_for(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    clock.advance(10 * MINUTE)
    half = booking.deposit.amount // 2
    short = await road.deposits.confirm(booking.code, by="stf_1", amount=half)
    assert (short.status, short.deposit_status, short.paid) == (BookingStatus.HOLD, DepositStatus.RECEIVED, half)
    assert short.hold_expires_at == clock.now() + 20 * MINUTE
    assert "Faltan" in (await road.said())[-1]
    (case,) = await road.deposits.listing(state="received")
    assert (case["problem"], case["receipts"][0]["amount"]) == ("amount", half)
    whole = await road.deposits.confirm(booking.code, by="stf_1", amount=booking.deposit.amount)
    assert whole.status is BookingStatus.CONFIRMING


async def test_too_little_may_be_enough_for_a_person(road: Road) -> None:
    booking = await road.paid()
    done = await road.deposits.confirm(booking.code, by="stf_1", amount=1, force=True)
    assert (done.status, done.paid) == (BookingStatus.CONFIRMING, 1)


async def test_too_much_is_taken_and_noted(road: Road) -> None:
    booking = await road.paid()
    done = await road.deposits.confirm(booking.code, by="stf_1", amount=booking.deposit.amount + 5)
    assert (done.status, done.paid) == (BookingStatus.CONFIRMING, booking.deposit.amount + 5)
    (case,) = await road.deposits.listing(state="confirmed")
    assert case["problem"] == "amount"
    with pytest.raises(Invalid):
        await road.deposits.confirm(booking.code, by="stf_1", amount=0)


async def test_two_clicks_confirm_once(road: Road) -> None:
    booking = await road.paid()
    answers = await asyncio.gather(*(road.deposits.confirm(booking.code, by=f"stf_{n}") for n in range(6)))
    assert {answer.status for answer in answers} == {BookingStatus.CONFIRMING}
    await road.work.drain()
    again = await road.deposits.confirm(booking.code, by="stf_1")
    assert again.status is BookingStatus.CONFIRMED
    assert (await road.steps(booking)).count("confirmed") == 1
    assert len(road.events(BookingConfirmed)) == 1
    assert await road.wrong() == []


async def test_a_rejected_receipt_may_be_followed_by_another(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    clock.advance(10 * MINUTE)
    back = await road.deposits.reject(booking.code, by="stf_1", reason="no se lee")
    assert (back.status, back.deposit_status) == (BookingStatus.HOLD, DepositStatus.REQUESTED)
    assert back.hold_expires_at == clock.now() + 20 * MINUTE
    assert "no se lee" in (await road.said())[-1]
    again = await road.deposits.reject(booking.code, by="stf_2", reason="no se lee")
    assert again == back
    assert len(await road.said()) == 1
    await road.deposits.attach(booking.code, await road.file("better"), by="cnv_1")
    await road.deposits.confirm(booking.code, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED


async def test_rejecting_what_came_too_late_ends_it(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    clock.advance(50 * MINUTE)
    await road.work.drain()
    over = await road.deposits.reject(booking.code, by="stf_1", reason="no llegó")
    assert (over.status, over.deposit_status) == (BookingStatus.EXPIRED, DepositStatus.REJECTED)
    with pytest.raises(Invalid):
        await road.deposits.reject(booking.code, by="stf_1", reason="  ")
    assert await road.wrong() == []


async def test_a_receipt_that_nobody_looked_at_is_not_forgotten_with_the_hold(road: Road, clock: FixedClock) -> None:
    booking = await road.paid()
    clock.advance(50 * MINUTE)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.EXPIRED
    assert road.needs() == ["receipt_waiting"]
    assert len(await road.deposits.listing(state="received")) == 1
    assert (await road.deposits.confirm(booking.code, by="stf_1")).status is BookingStatus.CONFIRMING
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.wrong() == []


async def test_confirming_after_the_room_went_to_another_guest(road: Road, clock: FixedClock) -> None:
    slow = await road.paid("cnv_1")
    clock.advance(50 * MINUTE)
    quick = await road.paid("cnv_2")
    lost = await road.deposits.confirm(slow.code, by="stf_1")
    assert (lost.status, lost.deposit_status) == (BookingStatus.NEEDS_STAFF, DepositStatus.REFUND_DUE)
    await road.deposits.confirm(quick.code, by="stf_1")
    await road.work.drain()
    assert await road.sales() == [quick.code]
    assert (await road.control("cnv_1"))[0] == "queued"
    refunded = await road.deposits.refunded(slow.code, by="stf_1")
    assert (refunded.status, refunded.deposit_status) == (BookingStatus.CANCELLED, DepositStatus.REFUNDED)
    assert await road.wrong() == []


async def test_a_guest_who_paid_and_wants_another_room_takes_the_money_along(road: Road) -> None:
    first = await road.paid("cnv_1", "doble")
    second = await road.hold("cnv_1", "suite", IN, OUT, guests=2)
    assert second.deposit_status is DepositStatus.RECEIVED
    assert (await road.now(first)).deposit_status is DepositStatus.REQUESTED
    (case,) = await road.deposits.listing(state="received")
    assert case["booking"]["code"] == second.code
    assert len(case["receipts"]) == 1


async def test_letting_a_paid_hold_go_owes_the_money(road: Road) -> None:
    booking = await road.paid()
    gone = await road.bookings.release(booking.code, by="cnv_1", reason="guest")
    assert gone.deposit_status is DepositStatus.REFUND_DUE
    assert road.needs() == ["refund"]


async def test_the_feed_hears_of_deposits(road: Road) -> None:
    await road.paid()
    case = (await road.announced("bookings"))[-1]
    assert case["deposit"]["status"] == "received"  # type: ignore[index]
    (receipt,) = case["receipts"]  # type: ignore[misc]
    assert (receipt["media_type"], receipt["problem"]) == ("image/jpeg", None)


async def test_only_lists_that_exist(road: Road) -> None:
    with pytest.raises(Invalid):
        await road.deposits.listing(state="lost")
    assert await road.deposits.listing(state="all") == []
