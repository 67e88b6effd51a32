"""A hotel with guests who have booked, a mailbox, and the outreach room over a real database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from relevo.adapters.channels.webchat import Webchat
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed
from relevo.bookings.models import BookingRow
from relevo.bookings.rules import Booking
from relevo.conversations.events import MessageReceived
from relevo.conversations.models import MessageRow
from relevo.conversations.rules import Message
from relevo.conversations.service import DELIVER, Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import ProviderError
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds, Ids
from relevo.kit.live import Live
from relevo.kit.work import JobRow, Work
from relevo.outreach import store
from relevo.outreach.consents import Consents
from relevo.outreach.events import LowFeedback, ReminderUnsent
from relevo.outreach.feedback import Feedbacks
from relevo.outreach.models import ReminderRow
from relevo.outreach.ports import Mailer, Templates
from relevo.outreach.service import REMIND, Reminders
from relevo.outreach.store import Reminder
from relevo.outreach.wording import Links, Wording
from relevo.people.rules import Identity, IdentityKind
from relevo.people.service import People
from relevo.texts import Texts
from tests.bookings.world import HOTEL, Hotel, hotel_on


class Killed(BaseException):
    """The process is gone: nothing that follows is run, and nobody handles it."""


@dataclass
class Mailbox:
    """Letters by the key that makes their Message-ID: a mail program shows a repeated one once."""

    on: bool = True
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    posted: int = 0
    failing: ProviderError | None = None
    after: Callable[[], None] = lambda: None

    async def send(self, **letter: Any) -> None:
        if self.failing is not None:
            raise self.failing
        self.letters[letter["key"]] = letter
        self.posted += 1
        self.after()


@dataclass
class Carrier:
    """WhatsApp templates that were sent, by key."""

    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    posted: int = 0
    after: Callable[[], None] = lambda: None

    async def find(self, key: str) -> str | None:
        return f"wa_{key}" if key in self.sent else None

    async def send(self, **message: Any) -> str:
        self.sent[message["key"]] = message
        self.posted += 1
        self.after()
        return f"wa_{message['key']}"


@dataclass
class World:
    db: Database
    events: Events
    work: Work
    clock: FixedClock
    ids: Ids
    hotel: Hotel
    people: People
    conversations: Conversations
    consents: Consents
    reminders: Reminders
    feedbacks: Feedbacks
    mail: Any
    links: Links
    live: Live
    low: list[LowFeedback] = field(default_factory=list)
    unsent: list[ReminderUnsent] = field(default_factory=list)

    async def booked(
        self,
        check_in: date,
        check_out: date,
        *,
        channel: str = "webchat",
        phone: str | None = "+5491145678901",
        email: str | None = "ana@example.com",
        locale: str | None = None,
        said: str | None = "hola",
    ) -> Booking:
        """A guest wrote, booked and paid: the stay is confirmed now."""
        async with self.db.write() as tx:
            identities = [Identity(IdentityKind.PHONE, phone)] if phone else []
            person = await self.people.find_or_create(tx, identities, name="Ana Paz", locale=locale)
            conversation = await self.conversations.open(tx, channel=channel, person_id=person.id)
            if said:
                await self.conversations.receive(tx, conversation.id, text=said)
        booking = await self.hotel.bookings.hold(
            conversation_id=conversation.id, person_id=person.id, room_type="doble", check_in=check_in,
            check_out=check_out, guests=2, guest_name="Ana Paz", guest_phone=phone, guest_email=email,
        )  # fmt: skip
        async with self.db.write() as tx:
            await self.set(tx, booking.id, status="confirmed", deposit_status="confirmed")
            await tx.publish(BookingConfirmed(booking.id, booking.code, conversation.id, booking.version))
        return booking

    async def moved(self, booking: Booking, check_in: date, check_out: date) -> None:
        version = booking.version + 1
        async with self.db.write() as tx:
            await self.set(tx, booking.id, check_in=check_in, check_out=check_out, version=version)
            await tx.publish(BookingChangedStay(booking.id, version))

    async def cancelled(self, booking: Booking) -> None:
        async with self.db.write() as tx:
            await self.set(tx, booking.id, status="cancelled")
            await tx.publish(BookingCancelled(booking.id))

    async def says(self, conversation_id: str, text: str) -> Message:
        async with self.db.write() as tx:
            return (await self.conversations.receive(tx, conversation_id, text=text)).message

    async def thread(self, conversation_id: str) -> list[tuple[str, str, str]]:
        """(author, kind, text) of every message."""
        async with self.db.read() as session:
            rows = await session.execute(
                select(MessageRow).where(MessageRow.conversation_id == conversation_id).order_by(MessageRow.seq)
            )
            return [(row.author, row.kind, row.text) for row in rows.scalars()]

    async def of(self, booking: Booking) -> dict[str, Reminder]:
        """By kind, of the latest version."""
        async with self.db.read() as session:
            return {each.kind.value: each for each in await store.of_booking(session, booking.id)}

    async def states(self, booking: Booking) -> dict[str, str]:
        return {kind: each.state.value for kind, each in (await self.of(booking)).items()}

    async def until(self, moment: datetime) -> None:
        """Time goes by, stopping at every job that is due on the way."""
        while True:
            async with self.db.read() as session:
                due = (
                    await session.execute(
                        select(JobRow.run_at)
                        .where(JobRow.kind == REMIND, JobRow.state == "waiting", JobRow.run_at > self.clock.now())
                        .order_by(JobRow.run_at)
                        .limit(1)
                    )
                ).scalar_one_or_none()
            if due is None or due > moment:
                break
            self.clock.advance(due - self.clock.now())
            await self.work.drain()
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        await self.work.drain()

    async def all_sent(self) -> list[tuple[str, str]]:
        async with self.db.read() as session:
            rows = await session.execute(
                select(ReminderRow.kind, ReminderRow.channel)
                .where(ReminderRow.state == "sent")
                .order_by(ReminderRow.sent_at)
            )
            return [(kind, channel) for kind, channel in rows]

    async def set(self, tx: Tx, booking_id: str, **values: Any) -> None:
        await tx.session.execute(update(BookingRow).where(BookingRow.id == booking_id).values(**values))


@pytest.fixture
def mail() -> Mailbox:
    return Mailbox()


@pytest.fixture
def carrier() -> Carrier | None:
    return None


@pytest.fixture
async def world(
    db: Database,
    live: Live,
    work: Work,
    events: Events,
    clock: FixedClock,
    ids: CountingIds,
    mail: Mailbox,
    carrier: Carrier | None,
) -> World:
    return world_on(db, live, work, events, clock, ids, mail, carrier)


def world_on(
    db: Database,
    live: Live,
    work: Work,
    events: Events,
    clock: FixedClock,
    ids: Ids,
    mail: Mailer,
    carrier: Templates | None = None,
) -> World:
    texts, people = Texts("es"), People(db, clock, ids)
    hotel = hotel_on(db, live, work, clock, ids, chance=lambda: 0.0)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {"webchat": Webchat()})
    consents = Consents(db, people, conversations, clock, texts, zone=HOTEL.timezone, country="AR")
    links = Links("secret", "https://hotel.example")
    reminders = Reminders(
        db, live, work, people, conversations, consents, HOTEL, Wording(texts, HOTEL, links), texts, mail, clock, ids,
        carrier,
    )  # fmt: skip
    feedbacks = Feedbacks(db, conversations, clock, texts)
    made = World(
        db, events, work, clock, ids, hotel, people, conversations, consents, reminders, feedbacks, mail, links, live
    )

    async def hear(tx: Tx, event: MessageReceived) -> None:
        message = await conversations.message(tx.session, event.message_id)
        assert message is not None
        _ = await consents.hear(tx, event, message) or await feedbacks.hear(tx, event, message)

    async def low(_tx: Tx, event: LowFeedback) -> None:
        made.low.append(event)

    async def unsent(_tx: Tx, event: ReminderUnsent) -> None:
        made.unsent.append(event)

    events.on_within(BookingConfirmed, reminders.on_confirmed)
    events.on_within(BookingChangedStay, reminders.on_changed)
    events.on_within(BookingCancelled, reminders.on_cancelled)
    events.on_within(MessageReceived, hear)
    events.on_within(LowFeedback, low)
    events.on_within(ReminderUnsent, unsent)
    work.handle(DELIVER, conversations.deliver_job)
    work.handle(REMIND, reminders.remind_job)
    return made
