"""What the front desk does in a QloApps shows here: nights sold and given back, sales cancelled, differences named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from relevo.adapters.channels.webchat import Webchat
from relevo.bookings import store
from relevo.bookings.events import BookingCancelled
from relevo.bookings.mirror import MIRROR, Mirror
from relevo.bookings.models import BookingRow
from relevo.bookings.notices import Notices
from relevo.bookings.rules import Booking, BookingStatus, nights_of
from relevo.bookings.service import Bookings
from relevo.conversations.service import Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.money import Money
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.texts import Texts
from tests.bookings.qloapps import Place, place, stay
from tests.bookings.world import open_conversations

IN, OUT = date(2027, 5, 1), date(2027, 5, 3)
DAY = timedelta(days=1)


@dataclass
class Watching:
    db: Database
    place: Place
    mirror: Mirror
    bookings: Bookings
    work: Work
    clock: FixedClock
    cancelled: list[str]

    async def taken(self, room: str) -> set[date]:
        async with self.db.read() as session:
            found = await store.taken(session, IN - 20 * DAY, OUT + 20 * DAY, now=self.clock.now())
        return found.get(room, set())

    async def confirmed(self, code: str = "RL-4K7Q2", room: str = "GR-101", conversation: str = "cnv_1") -> Booking:
        """A sale that went all the way: in the PMS, and here."""
        booking = replace(
            stay(code, room, "1", IN, OUT), id=f"bkg_{code}", status=BookingStatus.CONFIRMED,
            conversation_id=conversation, total=Money(302_500, "EUR"),
        )  # fmt: skip
        await self.place.adapters[0].book(booking)
        async with self.db.write() as tx:
            await store.add(tx.session, booking)
            nights = nights_of(IN, OUT)
            await store.take_nights(tx.session, booking.id, room, nights, expires_at=None, now=self.clock.now())
        return booking

    async def differences(self) -> list[tuple[str, str | None]]:
        await self.mirror.look(complete=True)
        return [(each["what"], each["code"]) for each in (await self.mirror.report())["items"]]

    async def status(self, booking: Booking) -> BookingStatus:
        async with self.db.read() as session:
            found = await store.by_id(session, booking.id)
        assert found is not None
        return found.status


@pytest.fixture
async def watching(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> AsyncIterator[Watching]:
    await open_conversations(db, clock, 3)
    async with place(tmp_path) as hotel:
        texts, people = Texts("es"), People(db, clock, ids)
        conversations = Conversations(db, live, work, people, clock, ids, texts, {"webchat": Webchat()})
        pms = hotel.adapter(settle=0)
        bookings = Bookings(db, live, work, pms, hotel.house.business, clock, ids, lambda: 0.0)
        notices = Notices(conversations, bookings.rooms, texts)
        mirror = Mirror(db, work, bookings.rooms, notices, pms, clock)
        work.handle(MIRROR, mirror.job)
        heard: list[str] = []

        async def cancelled(_tx: Tx, event: BookingCancelled) -> None:
            heard.append(event.booking_id)

        db.events.on_within(BookingCancelled, cancelled)
        yield Watching(db, hotel, mirror, bookings, work, clock, heard)


async def test_what_the_front_desk_sells_and_gives_back_shows_here(watching: Watching) -> None:
    order = watching.place.sell(stay("RL-DESK0", "GR-103", "1", IN, OUT), source="reception")
    await watching.mirror.look()
    assert await watching.taken("GR-103") == {IN, IN + DAY}
    watching.place.shop.set_state(order, 4)
    await watching.mirror.look()
    assert await watching.taken("GR-103") == set()
    assert await watching.differences() == []


async def test_a_sale_of_ours_that_the_front_desk_cancels_is_off_here(watching: Watching) -> None:
    booking = await watching.confirmed()
    await watching.mirror.look()
    assert await watching.status(booking) is BookingStatus.CONFIRMED
    watching.place.shop.set_state(1, 4)
    await watching.mirror.look()
    assert await watching.status(booking) is BookingStatus.CANCELLED
    assert watching.cancelled == [booking.id]
    assert await watching.taken("GR-101") == set()
    await watching.mirror.look()
    assert watching.cancelled == [booking.id]


async def test_a_sale_that_the_pms_does_not_mention_is_not_cancelled_for_that(watching: Watching) -> None:
    booking = await watching.confirmed()
    await watching.mirror.look()
    watching.place.shop.orders.clear()
    watching.place.shop.lines.clear()
    assert await watching.differences() == [("missing", booking.code)]
    assert await watching.status(booking) is BookingStatus.CONFIRMED


async def test_all_is_well_is_no_difference(watching: Watching) -> None:
    await watching.confirmed()
    watching.place.sell(stay("RL-DESK0", "GR-101", "1", OUT, OUT + DAY), source="reception")
    assert await watching.differences() == []


async def test_two_sales_with_one_code_become_one(watching: Watching) -> None:
    booking = await watching.confirmed()
    watching.place.sell(replace(booking, room_number="GR-102"), source="relevo-RL-4K7Q2")
    assert await watching.differences() == []
    assert watching.place.live(2, IN, OUT) == 0
    assert watching.place.live(1, IN, OUT) == 1


async def test_every_other_difference_is_named(watching: Watching) -> None:
    booking = await watching.confirmed()
    watching.place.sell(stay("RL-NOBOD", "GR-104", "1", IN, OUT), source="relevo-RL-NOBOD")
    watching.place.sell(stay("RL-DESK0", "GR-105", "1", IN, OUT), source="reception")
    watching.place.sell(stay("RL-DESK1", "GR-105", "1", IN + DAY, OUT + DAY), source="reception")
    line = watching.place.shop.live(1, IN, OUT)[0]
    line.room, line.net = 2, line.net + 1
    assert sorted(await watching.differences()) == [
        ("double", None), ("price", booking.code), ("stay", booking.code), ("surplus", "RL-NOBOD"),
    ]  # fmt: skip


async def test_a_sale_over_a_hold_is_named_and_leaves_the_hold(watching: Watching) -> None:
    held = await watching.bookings.hold(
        conversation_id="cnv_2", person_id="per_1", room_type="1", check_in=IN, check_out=OUT, guests=2
    )
    watching.place.sell(replace(held, code="RL-DESK0"), source="reception")
    assert await watching.differences() == [("held", held.code)]
    assert await watching.status(held) is BookingStatus.HOLD


async def test_what_is_in_motion_is_left_alone(watching: Watching) -> None:
    booking = await watching.confirmed()
    await watching.mirror.look()
    async with watching.db.write() as tx:
        await tx.session.execute(update(BookingRow).values(due_at=watching.clock.now()))
    watching.place.shop.set_state(1, 4)
    assert await watching.differences() == []
    assert await watching.status(booking) is BookingStatus.CONFIRMED


async def test_a_pms_that_is_away_is_noted_and_caught_up_with(watching: Watching) -> None:
    booking = await watching.confirmed()
    await watching.mirror.look()
    watching.place.faults.down = True
    watching.place.shop.set_state(1, 4)
    await watching.mirror.look()
    assert (await watching.mirror.report())["error"] == "pms_failed"
    assert await watching.taken("GR-101") == {IN, IN + DAY}
    watching.place.faults.down = False
    await watching.mirror.look()
    report = await watching.mirror.report()
    assert report["error"] is None
    assert await watching.status(booking) is BookingStatus.CANCELLED


async def test_the_job_promises_the_next_one_and_there_is_one(watching: Watching) -> None:
    for _ in range(3):
        await watching.mirror.promise()
    for _ in range(3):
        await watching.work.drain()
        assert (await watching.work.counts()).get("waiting") == 1
        watching.clock.advance(timedelta(seconds=30))
    assert (await watching.work.counts())["done"] >= 2


async def test_offers_and_holds_are_at_the_price_of_the_pms_and_within_its_limits(watching: Watching) -> None:
    offers = await watching.bookings.availability(IN, OUT, guests=2)
    assert [offer.quote.total.amount for offer in offers] == [302_500, 423_500, 544_500, 665_500]
    held = await watching.bookings.hold(
        conversation_id="cnv_2", person_id="per_1", room_type="1", check_in=IN, check_out=OUT, guests=2
    )
    assert held.total == Money(302_500, "EUR")
    assert held.deposit == held.total.percent(watching.bookings.business.deposit_percent)
    watching.place.shop.kinds[3].min_nights = 5
    later = IN + 30 * DAY
    offers = await watching.bookings.availability(later, later + DAY, guests=2)
    assert "3" not in {offer.room_type for offer in offers}
    with pytest.raises(Conflict):
        await watching.bookings.quote("3", later, later + DAY, guests=2)
