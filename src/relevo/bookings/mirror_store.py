"""Queries of the mirror of the PMS."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store
from relevo.bookings.models import PROPERTY, BookingRow, MirrorRow, RoomNightRow
from relevo.kit.db import upsert

PMS = "pms:"
"""What the owner of a night begins with that the PMS has and nobody here."""
AT_ONCE = 300

Night = tuple[str, date]


async def state(session: AsyncSession) -> MirrorRow | None:
    return await session.get(MirrorRow, PROPERTY, populate_existing=True)


async def keep_state(session: AsyncSession, **values: Any) -> None:
    changed = await session.execute(
        update(MirrorRow).where(MirrorRow.id == PROPERTY).values(**values).returning(MirrorRow.id)
    )
    if changed.first() is None:
        blank: dict[str, Any] = {"asked_until": None, "complete_at": None, "error": None, "found": []}
        await session.execute(insert(MirrorRow).values({"id": PROPERTY, **blank, **values}))


async def with_job(session: AsyncSession) -> set[str]:
    """Codes of bookings that the PMS is being told about right now."""
    return set((await session.execute(select(BookingRow.code).where(BookingRow.due_at.is_not(None)))).scalars())


async def owners(session: AsyncSession, since: date, now: datetime) -> dict[Night, str]:
    """Who has which night: a booking here, or ``pms:...``. Holds that ran out have none."""
    query = select(RoomNightRow).where(RoomNightRow.property == PROPERTY, RoomNightRow.night >= since)
    rows = (await session.execute(query)).scalars()
    return {(row.room, row.night): row.booking_id for row in rows if row.expires_at is None or row.expires_at > now}


async def codes(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """Codes of bookings by their ids."""
    found: dict[str, str] = {}
    for some in _portions(sorted(ids)):
        rows = await session.execute(select(BookingRow.id, BookingRow.code).where(BookingRow.id.in_(some)))
        found |= {row[0]: row[1] for row in rows}
    return found


async def mirror_nights(session: AsyncSession, wanted: Mapping[Night, str], now: datetime, today: date) -> None:
    """Nights that the PMS has become booked here, unless somebody here has them; nights it gave back become free.
    Nights that are over stay as they were."""
    await store.take_turn(session, moves=True)
    mirrored = select(RoomNightRow).where(
        RoomNightRow.property == PROPERTY, RoomNightRow.booking_id.startswith(PMS), RoomNightRow.night >= today
    )
    known = {(row.room, row.night): row.booking_id for row in (await session.execute(mirrored)).scalars()}
    for room, night in sorted(set(known) - set(wanted)):
        await session.execute(
            delete(RoomNightRow).where(
                RoomNightRow.property == PROPERTY,
                RoomNightRow.room == room,
                RoomNightRow.night == night,
                RoomNightRow.booking_id == known[room, night],
            )
        )
    rows = [
        {
            "property": PROPERTY, "room": room, "night": night, "booking_id": owner, "status": "booked",
            "expires_at": None,
        }
        for (room, night), owner in sorted(wanted.items())
        if known.get((room, night)) != owner
    ]  # fmt: skip
    for some in _portions(rows):
        new = upsert(session, RoomNightRow).values(some)
        await session.execute(
            new.on_conflict_do_update(
                index_elements=["property", "room", "night"],
                set_={"booking_id": new.excluded.booking_id, "status": "booked", "expires_at": None},
                where=RoomNightRow.booking_id.startswith(PMS)
                | ((RoomNightRow.status == "hold") & (RoomNightRow.expires_at <= now)),
            )
        )


def _portions(every: list[Any]) -> list[list[Any]]:
    return [every[first : first + AT_ONCE] for first in range(0, len(every), AT_ONCE)]
