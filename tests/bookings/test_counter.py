"""Holds that staff make for somebody at the counter: whose thread they belong to, that asking twice makes one, and that
a room is held once however many ask at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from relevo.adapters.channels.webchat import Webchat
from relevo.bookings.counter import CHANNEL, Asked, Counter
from relevo.bookings.models import BookingRow, RoomNightRow
from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.service import Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict, Invalid
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.people.rules import Identity, IdentityKind, Role, Staff
from relevo.people.service import People
from relevo.texts import Texts
from tests.bookings.road import Road

IN = date(2027, 6, 12)
LUZ = Staff("stf_1", "luz@x.com", "Luz", Role.AGENT)
ASKED = Asked("doble", "203", IN, IN + timedelta(days=3), 2, 0, 0, "Ana Paz", "11 5555-0101", None)


class Reach(Webchat):
    """A channel that reaches the customer at an address."""

    fetched = False


@pytest.fixture
def people(road: Road, clock: FixedClock) -> People:
    return People(road.db, clock, RandomIds())


@pytest.fixture
def conversations(road: Road, live: Live, people: People, clock: FixedClock) -> Conversations:
    return Conversations(road.db, live, road.work, people, clock, RandomIds(), Texts("es"), {"whatsapp": Reach()})


@pytest.fixture
def counter(road: Road, people: People, conversations: Conversations) -> Counter:
    return Counter(road.bookings, people, conversations, country="AR")


async def channel_of(road: Road, booking: Booking) -> str:
    async with road.db.read() as session:
        row = await session.get(ConversationRow, booking.conversation_id)
    assert row is not None
    return row.channel


async def test_the_room_that_was_pointed_at_is_held_and_the_deposit_goes_its_road(road: Road, counter: Counter) -> None:
    booking = await counter.hold(ASKED, staff=LUZ, client_id="a")
    assert (booking.status, booking.room_number, booking.guest_phone) == (BookingStatus.HOLD, "203", "+5491155550101")
    assert await channel_of(road, booking) == CHANNEL
    assert ("created", "stf_1", None) in await road.audit(booking.id)
    async with road.db.read() as session:
        said = (await session.execute(select(MessageRow.text).where(MessageRow.kind == "event"))).scalars().all()
    assert said == [f"Luz bloqueó una habitación en recepción: {booking.code}"]
    file = await road.file("money", booking.conversation_id)
    assert (await road.deposits.attach(booking.code, file, by=LUZ.id)).booking.deposit_status is DepositStatus.RECEIVED
    await road.deposits.confirm(booking.code, by=LUZ.id)
    await road.work.drain()
    assert (await road.now(booking)).status is BookingStatus.CONFIRMED
    assert await road.sales() == [booking.code]
    again = await counter.hold(ASKED, staff=LUZ, client_id="a")
    assert (again.id, again.status) == (booking.id, BookingStatus.CONFIRMED)


async def test_the_guests_own_thread_is_taken_where_it_reaches_them_and_has_no_hold(
    road: Road, counter: Counter, people: People, conversations: Conversations
) -> None:
    async with road.db.write() as tx:
        ana = await people.find_or_create(tx, [Identity(IdentityKind.PHONE, "+5491155550101")], name="Ana")
        thread = await conversations.open(
            tx, channel="whatsapp", person_id=ana.id, account="1", address="5491155550101"
        )
    first = await counter.hold(ASKED, staff=LUZ, client_id="a")
    second = await counter.hold(replace(ASKED, room="204"), staff=LUZ, client_id="b")
    assert (first.conversation_id, first.person_id) == (thread.id, ana.id)
    assert second.person_id == ana.id
    assert await channel_of(road, second) == CHANNEL
    assert {first.room_number, second.room_number} == {"203", "204"}


async def test_of_twenty_who_want_one_room_one_gets_it(road: Road, counter: Counter) -> None:
    async def ask(number: int) -> Booking:
        wanted = replace(ASKED, name=f"Huésped {number}", phone=f"11 5555-02{number:02}")
        return await counter.hold(wanted, staff=LUZ, client_id=f"race-{number}")

    found = await asyncio.gather(*(ask(number) for number in range(20)), return_exceptions=True)
    held = [each for each in found if isinstance(each, Booking)]
    lost = [each for each in found if isinstance(each, Conflict) and each.code == "no_room"]
    assert (len(held), len(lost)) == (1, 19)
    async with road.db.read() as session:
        nights = (await session.execute(select(func.count()).select_from(RoomNightRow))).scalar_one()
        opened = select(func.count()).select_from(ConversationRow).where(ConversationRow.channel == CHANNEL)
        assert (nights, (await session.execute(opened)).scalar_one()) == (3, 1)


async def test_twenty_times_the_same_wish_is_one_hold(road: Road, counter: Counter) -> None:
    wanted = replace(ASKED, room=None)
    found = await asyncio.gather(*(counter.hold(wanted, staff=LUZ, client_id="same") for _ in range(20)))
    assert len({each.id for each in found}) == 1
    async with road.db.read() as session:
        assert (await session.execute(select(func.count()).select_from(BookingRow))).scalar_one() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"phone": None}, {"phone": "  ", "email": " "}, {"phone": "12"}, {"phone": None, "email": "nadie"},
        {"phone": None, "email": "a@b"},
    ],
)  # fmt: skip
async def test_somebody_who_cannot_be_reached_gets_no_hold(
    road: Road, counter: Counter, given: dict[str, str | None]
) -> None:
    with pytest.raises(Invalid, match="guest_contact"):
        await counter.hold(replace(ASKED, **given), staff=LUZ, client_id="a")  # type: ignore[arg-type]
    assert await road.nights() == {}


async def test_nobody_is_left_over_from_a_hold_that_was_refused(road: Road, counter: Counter) -> None:
    await counter.hold(ASKED, staff=LUZ, client_id="a")
    with pytest.raises(Conflict, match="no_room"):
        await counter.hold(replace(ASKED, phone="11 5555-0199"), staff=LUZ, client_id="b")
    with pytest.raises(Invalid, match="party_too_big"):
        await counter.hold(replace(ASKED, guests=9), staff=LUZ, client_id="c")
    async with road.db.read() as session:
        opened = select(func.count()).select_from(ConversationRow).where(ConversationRow.channel == CHANNEL)
        assert (await session.execute(opened)).scalar_one() == 1
