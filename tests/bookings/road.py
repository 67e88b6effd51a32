"""The whole road on a given database, with a PMS that can be slow, wrong, untruthful or away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from relevo.adapters.channels.webchat import Webchat
from relevo.adapters.pms.embedded import Embedded, ReservationRow, ReservedNightRow, Settings
from relevo.bookings.changes import Changes
from relevo.bookings.confirming import Confirming
from relevo.bookings.deposits import Deposits
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed, DepositReceived, NeedsStaff
from relevo.bookings.models import BookingRow, DepositAuditRow, RoomNightRow
from relevo.bookings.notices import Notices
from relevo.bookings.rules import Booking, Business
from relevo.bookings.service import EXPIRE, Bookings
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import StoredFile, key_of
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.service import DELIVER, Conversations
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotReady, ProviderError
from relevo.kit.events import Event
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import JobRow, Work
from relevo.people.service import People
from relevo.texts import Texts
from tests.bookings.world import HOTEL, Hotel

IN, OUT = date(2027, 6, 12), date(2027, 6, 15)
Fault = Callable[[], None]


def down() -> None:
    raise NotReady("pms_down")


def broken() -> None:
    raise ProviderError("pms_broken")


def full() -> None:
    raise Conflict("no_room")


class MovablePms(Embedded):
    """The embedded PMS; each call can be told to fail, and ``book`` to lie."""

    def __init__(self, db: Database) -> None:
        super().__init__(Settings(), db)
        self.faults: dict[str, Fault] = {}
        self.lies = 0
        """How many sales it will say to have made without making them."""
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None
        """Nothing is sold before it is set."""
        self.selling = asyncio.Event()

    def all_fail(self, fault: Fault) -> None:
        self.faults = dict.fromkeys(("occupied", "book", "find", "modify", "cancel"), fault)

    def _meet(self, call: str) -> None:
        self.asked.append(call)
        if call in self.faults:
            self.faults[call]()

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        self._meet("occupied")
        return await super().occupied(check_in, check_out)

    async def book(self, booking: Booking) -> str:
        self._meet("book")
        self.selling.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.lies:
            self.lies -= 1
            return "4711"
        return await super().book(booking)

    async def modify(self, booking: Booking) -> str:
        self._meet("modify")
        return await super().modify(booking)

    async def find(self, code: str) -> str | None:
        self._meet("find")
        return await super().find(code)

    async def cancel(self, code: str) -> bool:
        self._meet("cancel")
        return await super().cancel(code)


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        self._kept[key] = content

    def read(self, key: str) -> bytes:
        if key not in self._kept:
            raise FileNotFoundError(key)
        return self._kept[key]

    def keys(self) -> Iterator[str]:
        return iter(list(self._kept))

    def remove(self, key: str, *, untouched_since: datetime) -> bool:
        return self._kept.pop(key, None) is not None


@dataclass
class Road(Hotel):
    """The hotel of the other tests, and the road on top of it."""

    deposits: Deposits
    changes: Changes
    confirming: Confirming
    attachments: Attachments
    moods: MovablePms
    heard: list[Event] = field(default_factory=list)

    async def file(self, content: str, conversation: str = "cnv_1") -> str:
        """A receipt in a conversation; the same content is the same file."""
        sha256 = f"{content:0<64}"[:64]
        async with self.db.write() as tx:
            stored = StoredFile(sha256, 100, "image/jpeg")
            assert key_of(sha256)
            return (await self.attachments.add(tx, conversation, name=f"{content}.jpg", stored=stored)).id

    async def held(self, conversation: str = "cnv_1", room_type: str = "departamento", **given: Any) -> Booking:
        """A hold of the house's only apartment."""
        return await self.hold(
            conversation, room_type, given.pop("check_in", IN), given.pop("check_out", OUT), guests=2
        )

    async def paid(self, conversation: str = "cnv_1", room_type: str = "departamento") -> Booking:
        """A hold whose receipt has come."""
        booking = await self.held(conversation, room_type)
        file = await self.file(f"{conversation}-{booking.code}", conversation)
        return (await self.deposits.attach(booking.code, file, by=conversation)).booking

    async def confirmed(self, conversation: str = "cnv_1", room_type: str = "departamento") -> Booking:
        booking = await self.paid(conversation, room_type)
        await self.deposits.confirm(booking.code, by="stf_1")
        await self.work.drain()
        return await self.now(booking)

    async def now(self, booking: Booking) -> Booking:
        found = await self.bookings.find(booking.code)
        assert found is not None
        return found

    async def said(self, conversation: str = "cnv_1") -> list[str]:
        """What the house told the guest."""
        async with self.db.read() as session:
            query = select(MessageRow.text).where(
                MessageRow.conversation_id == conversation, MessageRow.author == "system", MessageRow.kind == "text"
            )
            return list((await session.execute(query.order_by(MessageRow.seq))).scalars())

    async def control(self, conversation: str = "cnv_1") -> tuple[str, str | None]:
        async with self.db.read() as session:
            row = await session.get(ConversationRow, conversation)
            assert row is not None
            return row.control, row.reason

    async def sales(self) -> list[str]:
        """Codes that the PMS has sold."""
        async with self.db.read() as session:
            return list((await session.execute(select(ReservationRow.code))).scalars())

    async def steps(self, booking: Booking) -> list[str]:
        async with self.db.read() as session:
            query = select(DepositAuditRow.what).where(DepositAuditRow.booking_id == booking.id)
            return list((await session.execute(query.order_by(DepositAuditRow.id))).scalars())

    def needs(self) -> list[str]:
        return [event.reason for event in self.heard if isinstance(event, NeedsStaff)]

    def events(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.heard if isinstance(event, kind)]

    async def wrong(self) -> list[str]:
        """What may never be: a night twice, a booking without its nights, a sale without a booking or the reverse, or
        work that nobody will do."""
        async with self.db.read() as session:
            rows = (await session.execute(select(BookingRow))).scalars().all()
            nights = (await session.execute(select(RoomNightRow))).scalars().all()
            sold = dict((await session.execute(select(ReservationRow.code, ReservationRow.room))).all())
            twice = select(ReservedNightRow.room).group_by(ReservedNightRow.room, ReservedNightRow.night)
            overlaps = (await session.execute(twice.having(func.count() > 1))).all()
            parked = (await session.execute(select(JobRow.key).where(JobRow.state == "parked"))).scalars().all()
        found = [f"{room} sold twice" for (room,) in overlaps] + [f"{key} is parked" for key in parked]
        for row in rows:
            mine = {(night.room, night.night, night.status) for night in nights if night.booking_id == row.id}
            days = range(row.check_in.toordinal(), row.check_out.toordinal())
            as_what = {"hold": "hold", "confirming": "booked", "confirmed": "booked"}.get(row.status)
            wanted = {(row.room_number, date.fromordinal(day), as_what) for day in days} if as_what else set()
            if mine != wanted:
                found.append(f"{row.code} is {row.status} with {sorted(mine)}")
            if (row.status == "confirmed") != (row.code in sold):
                found.append(f"{row.code} is {row.status} and in the PMS: {row.code in sold}")
            if row.status == "confirmed" and sold[row.code] != row.room_number:
                found.append(f"{row.code} has another room in the PMS")
            if row.due_at is not None and row.status not in ("confirming", "cancelled"):
                found.append(f"{row.code} is {row.status} and waits for a job")
        return found


def road_on(
    db: Database,
    live: Live,
    work: Work,
    clock: Clock,
    ids: Ids,
    *,
    business: Business = HOTEL,
    pms: Any = None,
    handle: bool = True,
) -> Road:
    """``pms`` instead of the movable one."""
    texts = Texts("es")
    people = People(db, clock, ids)
    conversations = Conversations(db, live, work, people, clock, ids, texts, {"webchat": Webchat()})
    attachments = Attachments(Shelf(), clock, ids)
    pms = pms or MovablePms(db)
    bookings = Bookings(db, live, work, pms, business, clock, ids, lambda: 0.0)
    notices = Notices(conversations, bookings.rooms, texts)
    deposits = Deposits(db, bookings.rooms, notices, attachments, pms, clock, ids)
    confirming = Confirming(db, bookings, deposits, notices, pms, clock, texts)
    changes = Changes(db, bookings, deposits, notices, people, pms, clock, ids, country="AR")
    road = Road(db, bookings, pms, work, deposits, changes, confirming, attachments, pms)
    if handle:
        work.handle(EXPIRE, bookings.expire_job)
        work.handle(DELIVER, conversations.deliver_job)
        for kind, run in confirming.jobs.items():
            work.handle(kind, run)

    async def listen(_tx: Tx, event: Event) -> None:
        road.heard.append(event)

    for kind_of in (BookingConfirmed, BookingChangedStay, BookingCancelled, DepositReceived, NeedsStaff):
        db.events.on_within(kind_of, listen)
    return road
