"""Changes and cancellations: whose booking it is, the price before anything is done, and what the PMS says to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relevo.bookings.events import BookingCancelled, BookingChangedStay
from relevo.bookings.rules import BookingStatus, DepositStatus
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict, Invalid, NotFound, TooMany
from tests.bookings.road import IN, OUT, Road, broken, down, full

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def test_a_price_is_stated_before_anything_is_done(road: Road) -> None:
    booking = await road.confirmed(room_type="doble")
    offer = await road.changes.propose_change(booking.code, check_in=IN, check_out=OUT + DAY)
    assert offer.before == booking
    assert offer.after.amount == booking.total.amount * 4 // 3
    assert offer.difference == offer.after - booking.total
    assert offer.policy
    assert await road.now(booking) == booking
    moved = await road.changes.propose_change(booking.code, check_in=IN + DAY)
    assert (moved.quote.check_out, moved.difference.amount) == (OUT + DAY, 0)


async def test_a_sold_stay_changes_once_the_pms_has_it(road: Road) -> None:
    booking = await road.confirmed(room_type="doble")
    offer = await road.changes.propose_change(booking.code, check_in=IN + DAY, check_out=OUT + 2 * DAY)
    asked = await road.changes.change(booking.code, offer, by="cnv_1")
    assert (asked.check_in, asked.version) == (IN, 1)
    assert {night for _, night in await road.nights()} == {IN + n * DAY for n in range(5)}
    await road.work.drain()
    done = await road.now(booking)
    assert (done.check_in, done.check_out, done.version, done.total) == (IN + DAY, OUT + 2 * DAY, 2, offer.after)
    assert done.room_number == booking.room_number
    assert done.paid == booking.paid
    assert road.events(BookingChangedStay) == [BookingChangedStay(booking.id, 2)]
    sold = await road.pms.occupied(IN - DAY, OUT + 5 * DAY)
    assert sold[done.room_number] == {IN + n * DAY for n in (1, 2, 3, 4)}
    assert "ahora es" in (await road.said())[-1]
    assert await road.wrong() == []


async def test_a_change_waits_for_a_pms_that_is_down(road: Road, clock: FixedClock) -> None:
    booking = await road.confirmed(room_type="doble")
    offer = await road.changes.propose_change(booking.code, room_type="suite")
    await road.changes.change(booking.code, offer, by="stf_1")
    road.moods.all_fail(down)
    for _ in range(10):
        await road.work.drain()
        clock.advance(2 * MINUTE)
    assert (await road.now(booking)).room_type == "doble"
    road.moods.faults.clear()
    other = await road.changes.propose_change(booking.code, check_in=IN + DAY)
    with pytest.raises(Conflict) as busy:
        await road.changes.change(booking.code, other, by="stf_1")
    assert busy.value.code == "change_pending"
    await road.work.drain()
    assert (await road.now(booking)).room_type == "suite"
    assert await road.wrong() == []


@pytest.mark.parametrize("fault", [full, broken])
async def test_a_change_that_the_pms_refuses_leaves_the_stay(road: Road, fault: object) -> None:
    booking = await road.confirmed(room_type="doble")
    offer = await road.changes.propose_change(booking.code, room_type="suite")
    await road.changes.change(booking.code, offer, by="cnv_1")
    road.moods.faults["modify"] = fault  # type: ignore[assignment]
    await road.work.drain()
    assert await road.now(booking) == booking
    assert "queda como estaba" in (await road.said())[-1]
    assert (await road.control())[0] == "queued"
    assert len(await road.nights()) == 3
    road.moods.faults.clear()
    await road.changes.change(booking.code, offer, by="stf_1")
    await road.work.drain()
    assert (await road.now(booking)).room_type == "suite"
    assert await road.wrong() == []


async def test_an_offer_holds_only_while_the_booking_is_as_it_was(road: Road) -> None:
    booking = await road.confirmed(room_type="doble")
    offers = [await road.changes.propose_change(booking.code, check_in=IN + n * DAY) for n in (1, 2)]
    await road.changes.change(booking.code, offers[0], by="cnv_1")
    await road.work.drain()
    with pytest.raises(Conflict) as old:
        await road.changes.change(booking.code, offers[1], by="cnv_1")
    assert old.value.code == "offer_changed"


async def test_a_hold_changes_at_once(road: Road) -> None:
    booking = await road.held(room_type="doble")
    offer = await road.changes.propose_change(booking.code, room_type="suite", check_in=IN + DAY)
    done = await road.changes.change(booking.code, offer, by="cnv_1")
    assert (done.status, done.room_type, done.total, done.deposit) == (
        BookingStatus.HOLD, "suite", offer.after, offer.quote.deposit,
    )  # fmt: skip
    assert {room for room, _ in await road.nights()} == {done.room_number}
    assert await road.wrong() == []


async def test_what_is_full_or_over_is_not_offered(road: Road) -> None:
    booking = await road.confirmed("cnv_1", "doble")
    await road.held("cnv_2", "departamento")
    with pytest.raises(Conflict) as taken:
        await road.changes.propose_change(booking.code, room_type="departamento")
    assert taken.value.code == "no_room"
    with pytest.raises(Invalid):
        await road.changes.propose_change(booking.code, check_in=OUT, check_out=IN)
    await road.changes.cancel(booking.code, by="cnv_1", reason="guest")
    with pytest.raises(Conflict):
        await road.changes.propose_change(booking.code, check_in=IN + DAY)


async def test_cancelling_in_time_gives_the_deposit_back(road: Road) -> None:
    booking = await road.confirmed()
    priced = await road.changes.price_cancelling(booking.code)
    assert (priced.refund.amount, priced.paid.amount) == (booking.paid, booking.paid)
    done = await road.changes.cancel(booking.code, by="stf_1", reason="no viene")
    assert (done.booking.status, done.booking.deposit_status) == (BookingStatus.CANCELLED, DepositStatus.REFUND_DUE)
    assert await road.nights() == {}
    assert await road.sales() == [booking.code]
    await road.work.drain()
    assert await road.sales() == []
    assert road.events(BookingCancelled) == [BookingCancelled(booking.id)]
    again = await road.changes.cancel(booking.code, by="stf_1", reason="otra vez")
    assert again.refund == done.refund
    assert len([text for text in await road.said() if "cancelada" in text]) == 1
    assert road.needs() == ["refund"]
    assert (await road.deposits.refunded(booking.code, by="stf_1")).deposit_status is DepositStatus.REFUNDED
    assert await road.wrong() == []


async def test_cancelling_late_costs_the_deposit(road: Road, clock: FixedClock) -> None:
    booking = await road.confirmed()
    clock.advance(IN - clock.now().date() - 2 * DAY)
    done = await road.changes.cancel(booking.code, by="cnv_1", reason="guest")
    assert (done.refund.amount, done.booking.deposit_status) == (0, DepositStatus.CONFIRMED)
    assert road.needs() == []


async def test_a_pms_that_is_down_is_told_of_the_cancellation_later(road: Road, clock: FixedClock) -> None:
    booking = await road.confirmed()
    road.moods.all_fail(down)
    await road.changes.cancel(booking.code, by="stf_1", reason="x")
    for _ in range(30):
        await road.work.drain()
        clock.advance(2 * MINUTE)
    assert (await road.now(booking)).status is BookingStatus.CANCELLED
    road.moods.faults.clear()
    await road.work.drain()
    assert await road.sales() == []
    assert await road.wrong() == []


async def test_cancelling_in_the_middle_of_a_change(road: Road) -> None:
    booking = await road.confirmed(room_type="doble")
    offer = await road.changes.propose_change(booking.code, room_type="suite")
    await road.changes.change(booking.code, offer, by="cnv_1")
    await road.changes.cancel(booking.code, by="cnv_1", reason="guest")
    await road.work.drain()
    assert (await road.sales(), await road.nights()) == ([], {})
    assert road.events(BookingChangedStay) == []
    assert await road.wrong() == []


async def test_a_hold_is_cancelled_like_a_release(road: Road) -> None:
    booking = await road.held()
    done = await road.changes.cancel(booking.code, by="cnv_1", reason="guest")
    assert (done.booking.status, done.refund.amount) == (BookingStatus.CANCELLED, 0)
    assert road.moods.asked.count("cancel") == 0


async def test_it_is_theirs_who_know_the_code_and_the_contact(road: Road) -> None:
    booking = await road.held()
    await road.bookings.complete_guest(booking.id, phone="0341 15-555-0000", email="Ana@Example.com")
    for known in ({"phone": "+54 9 341 555 0000"}, {"phone": "3415550000"}, {"email": " ana@example.com"}):
        found = await road.changes.identify(booking.code.lower(), conversation_id="cnv_2", **known)
        assert found.id == booking.id


async def test_guessing_has_an_end_and_tells_nothing(road: Road, clock: FixedClock) -> None:
    booking = await road.held()
    await road.bookings.complete_guest(booking.id, email="ana@example.com")
    refusals = []
    for code, email in ((booking.code, "eva@example.com"), ("RL-ZZZZZ", "ana@example.com"), (booking.code, "")):
        with pytest.raises(NotFound) as refused:
            await road.changes.identify(code, conversation_id="cnv_2", email=email)
        refusals.append((refused.value.code, refused.value.params))
    assert len({str(refusal) for refusal in refusals}) == 1
    for _ in range(2):
        with pytest.raises(NotFound):
            await road.changes.identify(booking.code, conversation_id="cnv_2")
    with pytest.raises(TooMany):
        await road.changes.identify(booking.code, conversation_id="cnv_2", email="ana@example.com")
    found = await road.changes.identify(booking.code, conversation_id="cnv_3", email="ana@example.com")
    assert found.id == booking.id
    clock.advance(61 * MINUTE)
    await road.changes.identify(booking.code, conversation_id="cnv_2", email="ana@example.com")
