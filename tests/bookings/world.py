"""The demo hotel on a given database: what tests, rival processes and their victims all build the same way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from relevo.adapters.pms.embedded import Embedded, Settings, read_business
from relevo.bookings.models import BookingRow, HoldAuditRow, RoomNightRow
from relevo.bookings.rules import Booking, Business
from relevo.bookings.service import EXPIRE, Bookings
from relevo.conversations.models import ConversationRow
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.ids import Ids
from relevo.kit.live import EventRow, Live
from relevo.kit.work import JobRow, Work
from relevo.people.models import PersonRow

HOTEL = read_business(None)


@dataclass
class Hotel:
    """The bookings room with what surrounds it."""

    db: Database
    bookings: Bookings
    pms: Embedded
    work: Work

    async def hold(
        self,
        conversation: str,
        room_type: str,
        check_in: date,
        check_out: date,
        *,
        guests: int = 1,
        guest_name: str | None = None,
    ) -> Booking:
        return await self.bookings.hold(
            conversation_id=conversation,
            person_id="per_1",
            room_type=room_type,
            check_in=check_in,
            check_out=check_out,
            guests=guests,
            guest_name=guest_name,
        )

    async def nights(self) -> dict[tuple[str, date], str]:
        async with self.db.read() as session:
            rows = await session.execute(select(RoomNightRow.room, RoomNightRow.night, RoomNightRow.booking_id))
            return {(room, night): booking_id for room, night, booking_id in rows}

    async def audit(self, booking_id: str) -> list[tuple[str, str, str | None]]:
        async with self.db.read() as session:
            query = select(HoldAuditRow).where(HoldAuditRow.booking_id == booking_id).order_by(HoldAuditRow.id)
            return [(row.what, row.by, row.reason) for row in (await session.execute(query)).scalars()]

    async def announced(self, topic: str) -> list[dict[str, object]]:
        async with self.db.read() as session:
            query = select(EventRow).where(EventRow.topic == topic).order_by(EventRow.seq)
            return [row.data for row in (await session.execute(query)).scalars()]

    async def problems(self) -> list[str]:
        """What would be wrong after any crash: a hold without just its nights, its audit and its timer, or nights
        without a booking."""
        async with self.db.read() as session:
            rows = (await session.execute(select(BookingRow))).scalars().all()
            nights = (await session.execute(select(RoomNightRow))).scalars().all()
            created = set((await session.execute(select(HoldAuditRow.booking_id))).scalars())
            timers = set((await session.execute(select(JobRow.key).where(JobRow.kind == EXPIRE))).scalars())
        found = []
        for row in rows:
            held = {(night.room, night.night) for night in nights if night.booking_id == row.id}
            wanted = {(row.room_number, night) for night in _nights(row)} if row.status == "hold" else set()
            if held != wanted:
                found.append(f"{row.id} is {row.status} with {len(held)} of {len(wanted)} nights")
            if row.id not in created or f"expire:{row.id}:0" not in timers:
                found.append(f"{row.id} has no audit or no timer")
        known = {row.id for row in rows}
        return found + [
            f"{night.room} {night.night} has no booking" for night in nights if night.booking_id not in known
        ]


def _nights(row: BookingRow) -> Iterable[date]:
    return [date.fromordinal(day) for day in range(row.check_in.toordinal(), row.check_out.toordinal())]


def hotel_on(
    db: Database,
    live: Live,
    work: Work,
    clock: Clock,
    ids: Ids,
    *,
    business: Business = HOTEL,
    chance: Callable[[], float] | None = None,
) -> Hotel:
    pms = Embedded(Settings(), db)
    bookings = Bookings(db, live, work, pms, business, clock, ids, chance or random.Random(7).random)
    work.handle(EXPIRE, bookings.expire_job)
    return Hotel(db, bookings, pms, work)


async def open_conversations(db: Database, clock: Clock, count: int) -> list[str]:
    """``count`` conversations of one person; only their ids matter here."""
    now = clock.now()
    ids = [f"cnv_{number}" for number in range(1, count + 1)]
    async with db.write() as tx:
        await tx.session.execute(insert(PersonRow).values(id="per_1", name="Ana", created_at=now))
        await tx.session.execute(
            insert(ConversationRow),
            [
                {
                    "id": id_, "channel": "webchat", "person_id": "per_1", "control": "bot", "control_version": 1,
                    "unread": 0, "messages": 0, "meta": {}, "created_at": now,
                }
                for id_ in ids
            ],
        )  # fmt: skip
    return ids
