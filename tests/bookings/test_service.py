"""Holding rooms on a real database: what a guest, the console and the clock may do to a hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from relevo.bookings.events import BookingChanged
from relevo.bookings.rules import Booking, BookingStatus
from relevo.bookings.service import TOPIC
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from tests.bookings.world import Hotel, hotel_on

IN, OUT = date(2027, 6, 12), date(2027, 6, 14)
DAY = timedelta(days=1)


async def free(hotel: Hotel, room_type: str, *, holder: str | None = None) -> int:
    offers = await hotel.bookings.availability(IN, OUT, holder=holder)
    return next((offer.free for offer in offers if offer.room_type == room_type), 0)


async def test_a_hold_takes_one_room_for_its_nights_and_no_more(hotel: Hotel, clock: FixedClock) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2, guest_name="Ana Paz")
    assert booking.code == "RL-22223"
    assert (booking.status, booking.room_number, booking.guest_name) == (BookingStatus.HOLD, "201", "Ana Paz")
    assert (booking.total.amount, booking.deposit.amount) == (13600000, 4080000)
    assert booking.hold_expires_at == clock.now() + timedelta(minutes=20)
    assert await hotel.nights() == {("201", IN): booking.id, ("201", IN + DAY): booking.id}
    assert await hotel.bookings.find("rl 22223") == booking
    assert await hotel.bookings.live_hold("cnv_1") == booking
    assert await hotel.audit(booking.id) == [("created", "cnv_1", None)]
    assert await hotel.problems() == []


async def test_the_same_stay_again_is_the_same_booking(hotel: Hotel) -> None:
    first = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    again = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2, guest_name="Ana Paz")
    assert again == replace(first, guest_name="Ana Paz")
    assert len(await hotel.bookings.listing()) == 1


async def test_a_new_stay_replaces_the_old_hold(hotel: Hotel) -> None:
    first = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    second = await hotel.hold("cnv_1", "doble", IN + DAY, OUT + DAY, guests=2)
    assert set((await hotel.nights()).values()) == {second.id}
    assert await hotel.audit(first.id) == [("created", "cnv_1", None), ("released", "cnv_1", "replaced")]
    assert [booking.status for booking in await hotel.bookings.listing(conversation_id="cnv_1")] == [
        BookingStatus.HOLD,
        BookingStatus.CANCELLED,
    ]


async def test_a_change_of_mind_may_keep_the_only_room(hotel: Hotel) -> None:
    await hotel.hold("cnv_1", "departamento", IN, OUT, guests=4)
    longer = await hotel.hold("cnv_1", "departamento", IN, OUT + DAY, guests=4)
    assert (longer.room_number, longer.nights) == ("501", 3)


async def test_a_change_that_fails_loses_nothing(hotel: Hotel) -> None:
    mine = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    await hotel.hold("cnv_2", "departamento", IN, OUT, guests=4)
    told = len(await hotel.announced(TOPIC))
    with pytest.raises(Conflict) as full:
        await hotel.hold("cnv_1", "departamento", IN, OUT, guests=2)
    assert full.value.code == "no_room"
    assert await hotel.bookings.live_hold("cnv_1") == mine
    assert len(await hotel.announced(TOPIC)) == told
    assert await hotel.problems() == []


async def test_rooms_run_out_and_come_back(hotel: Hotel) -> None:
    held = [await hotel.hold(f"cnv_{number}", "triple", IN, OUT, guests=3) for number in (1, 2)]
    assert {booking.room_number for booking in held} == {"301", "302"}
    with pytest.raises(Conflict):
        await hotel.hold("cnv_3", "triple", IN, OUT, guests=3)
    await hotel.hold("cnv_4", "triple", OUT, OUT + DAY, guests=3)
    await hotel.bookings.release(held[0].code, by="cnv_1", reason="guest")
    assert (await hotel.hold("cnv_3", "triple", IN, OUT, guests=3)).room_number == held[0].room_number


async def test_availability_counts_holds_and_the_pms_but_not_ones_own(hotel: Hotel) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    assert await free(hotel, "doble") == 4
    assert await free(hotel, "doble", holder="cnv_1") == 5
    assert await free(hotel, "doble", holder="cnv_2") == 4
    await hotel.pms.book(replace(booking, code="RL-AAAAA", room_number="202"))
    assert await free(hotel, "doble", holder="cnv_1") == 4


async def test_what_the_pms_sold_is_not_held(hotel: Hotel) -> None:
    mine = await hotel.hold("cnv_1", "simple", IN, OUT)
    await hotel.pms.book(replace(mine, code="RL-AAAAA", room_type="departamento", room_number="501"))
    with pytest.raises(Conflict):
        await hotel.hold("cnv_2", "departamento", IN, OUT, guests=3)
    assert await free(hotel, "departamento") == 0


async def test_alternatives_do_not_count_ones_own_hold(hotel: Hotel) -> None:
    await hotel.hold("cnv_1", "departamento", IN, OUT, guests=4)
    found = await hotel.bookings.alternatives(IN, OUT, guests=4, room_type="departamento")
    assert [(offer.room_type, offer.quote.check_in) for offer in found] == [
        ("departamento", IN + 2 * DAY),
        ("departamento", IN - 2 * DAY),
        ("departamento", IN + 3 * DAY),
    ]
    own = await hotel.bookings.alternatives(IN, OUT, guests=4, room_type="departamento", holder="cnv_1")
    assert own[0].quote.check_in == IN + DAY


@pytest.mark.parametrize(
    ("room_type", "guests", "code"),
    [("triple", 4, "party_too_big"), ("palacio", 1, "unknown_room_type"), ("doble", 0, "party_empty")],
)
async def test_impossible_wishes_are_refused_before_anything_is_written(
    hotel: Hotel, room_type: str, guests: int, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await hotel.hold("cnv_1", room_type, IN, OUT, guests=guests)
    assert refused.value.code == code
    assert await hotel.bookings.listing() == ()


async def test_a_baby_sleeps_between_its_parents(hotel: Hotel) -> None:
    booking = await hotel.bookings.hold(
        conversation_id="cnv_1", person_id="per_1", room_type="doble", check_in=IN, check_out=OUT, guests=3, children=1,
        babies=1,
    )  # fmt: skip
    assert (booking.guests, booking.children, booking.babies) == (3, 1, 1)
    offers = await hotel.bookings.availability(IN, OUT, guests=3, children=1, babies=1)
    assert [offer.room_type for offer in offers] == ["doble", "triple", "suite", "departamento"]


async def test_guest_data_is_completed_and_told(hotel: Hotel) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2, guest_name="Ana")
    done = await hotel.bookings.complete_guest(booking.id, phone="+5493415550000", email="ana@example.com")
    assert (done.guest_name, done.guest_phone, done.guest_email) == ("Ana", "+5493415550000", "ana@example.com")
    assert (await hotel.announced("conversation:cnv_1"))[-1]["guest_phone"] == "+5493415550000"
    with pytest.raises(NotFound):
        await hotel.bookings.complete_guest("bkg_none", name="Ana")


async def test_every_change_is_announced_and_published(hotel: Hotel, events: Events) -> None:
    heard: list[BookingChanged] = []
    events.on_at_once(BookingChanged, heard.append)
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    await hotel.bookings.extend(booking.code, by="stf_1")
    released = await hotel.bookings.release(booking.code, by="stf_1", reason="staff")
    told = await hotel.announced(TOPIC)
    assert told == await hotel.announced("conversation:cnv_1")
    assert [data["status"] for data in told] == ["hold", "hold", "cancelled"]
    assert [event.status for event in heard] == [BookingStatus.HOLD, BookingStatus.HOLD, BookingStatus.CANCELLED]
    assert told[-1] == hotel.bookings.json(released)


async def test_a_hold_is_extended_twice_at_most(hotel: Hotel, clock: FixedClock) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    for times in (1, 2):
        clock.advance(timedelta(minutes=19))
        extended = await hotel.bookings.extend(booking.code, by="stf_1")
        assert (extended.extensions, extended.hold_expires_at) == (times, clock.now() + timedelta(minutes=20))
    clock.advance(timedelta(minutes=19))
    with pytest.raises(Conflict) as spent:
        await hotel.bookings.extend(booking.code, by="stf_1")
    assert spent.value.code == "hold_extensions_spent"
    await hotel.work.drain()
    assert await hotel.bookings.live_hold("cnv_1") is not None
    clock.advance(timedelta(minutes=1))
    await hotel.work.drain()
    assert await hotel.audit(booking.id) == [
        ("created", "cnv_1", None),
        ("extended", "stf_1", None),
        ("extended", "stf_1", None),
        ("expired", "system", None),
    ]


async def test_a_hold_is_over_at_its_time_before_anybody_sweeps(hotel: Hotel, clock: FixedClock) -> None:
    booking = await hotel.hold("cnv_1", "departamento", IN, OUT, guests=4)
    clock.advance(timedelta(minutes=20))
    assert await hotel.bookings.live_hold("cnv_1") is None
    assert await free(hotel, "departamento") == 1
    found = await hotel.bookings.find(booking.code)
    assert found is not None
    assert found.status is BookingStatus.EXPIRED
    assert await hotel.bookings.listing(status="hold") == ()
    assert [each.id for each in await hotel.bookings.listing(status="expired")] == [booking.id]
    with pytest.raises(Conflict):
        await hotel.bookings.extend(booking.code, by="stf_1")
    assert (await hotel.bookings.release(booking.code, by="stf_1", reason="staff")).status is BookingStatus.EXPIRED


async def test_nights_of_a_hold_that_ran_out_are_taken_over(hotel: Hotel, clock: FixedClock) -> None:
    late = await hotel.hold("cnv_1", "departamento", IN, OUT, guests=4)
    clock.advance(timedelta(minutes=20))
    quick = await hotel.hold("cnv_2", "departamento", IN, OUT, guests=4)
    assert set((await hotel.nights()).values()) == {quick.id}
    await hotel.work.drain()
    assert await hotel.bookings.live_hold("cnv_2") == quick
    assert [(await hotel.audit(booking.id))[-1][0] for booking in (late, quick)] == ["expired", "created"]
    assert await hotel.problems() == []


async def test_part_of_a_hold_that_ran_out_may_be_taken_over(hotel: Hotel, clock: FixedClock) -> None:
    late = await hotel.hold("cnv_1", "departamento", IN, OUT, guests=4)
    clock.advance(timedelta(minutes=20))
    quick = await hotel.hold("cnv_2", "departamento", IN + DAY, OUT + DAY, guests=4)
    assert await hotel.nights() == {("501", IN): late.id, ("501", IN + DAY): quick.id, ("501", OUT): quick.id}
    assert await hotel.bookings.sweep() == 1
    assert set((await hotel.nights()).values()) == {quick.id}


async def test_asking_again_after_the_time_makes_a_new_booking(hotel: Hotel, clock: FixedClock) -> None:
    first = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    clock.advance(timedelta(minutes=20))
    second = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    assert second.code != first.code
    assert await hotel.audit(first.id) == [("created", "cnv_1", None), ("expired", "system", None)]


async def test_the_timer_expires_a_hold_and_tells(hotel: Hotel, clock: FixedClock) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    await hotel.work.drain()
    assert len(await hotel.nights()) == 2
    clock.advance(timedelta(minutes=20))
    await hotel.work.drain()
    assert await hotel.nights() == {}
    last = (await hotel.announced(TOPIC))[-1]
    assert (last["code"], last["status"], last["actions"]) == (booking.code, "expired", [])


async def test_holds_that_ran_out_while_nobody_ran_are_swept_at_start(hotel: Hotel, clock: FixedClock) -> None:
    old = [await hotel.hold(f"cnv_{number}", "doble", IN, OUT, guests=2) for number in (1, 2)]
    clock.advance(timedelta(minutes=10))
    young = await hotel.hold("cnv_3", "doble", IN, OUT, guests=2)
    clock.advance(timedelta(minutes=10))
    assert await hotel.bookings.sweep() == 2
    assert await hotel.bookings.sweep() == 0
    assert set((await hotel.nights()).values()) == {young.id}
    for booking in old:
        assert (await hotel.audit(booking.id))[-1] == ("expired", "system", None)


async def test_releasing_twice_is_releasing_once(hotel: Hotel) -> None:
    booking = await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    first = await hotel.bookings.release(booking.code, by="stf_1", reason="staff")
    assert await hotel.bookings.release(booking.code, by="stf_2", reason="staff") == first
    assert await hotel.audit(booking.id) == [("created", "cnv_1", None), ("released", "stf_1", "staff")]
    with pytest.raises(NotFound):
        await hotel.bookings.release("RL-ZZZZZ", by="stf_1", reason="staff")


async def test_listing_is_newest_first_and_bounded(hotel: Hotel, clock: FixedClock) -> None:
    made: list[Booking] = []
    for number in (1, 2, 3):
        made.append(await hotel.hold(f"cnv_{number}", "doble", IN, OUT, guests=2))
        clock.advance(timedelta(seconds=1))
    assert [booking.id for booking in await hotel.bookings.listing(limit=2)] == [made[2].id, made[1].id]
    assert await hotel.bookings.listing(status="confirmed") == ()


async def test_a_code_that_exists_is_not_given_again(
    hotel: Hotel, live: Live, clock: FixedClock, ids: CountingIds
) -> None:
    class Stuttering(CountingIds):
        codes = iter(["22223", "22223", "33333"])

        def new(self, prefix: str) -> str:
            return ids.new(prefix)

        def code(self, length: int) -> str:
            return next(self.codes)

    await hotel.hold("cnv_1", "doble", IN, OUT, guests=2)
    other = hotel_on(hotel.db, live, Work(hotel.db, clock, ids), clock, Stuttering())
    assert (await other.hold("cnv_2", "doble", IN, OUT, guests=2)).code == "RL-33333"
