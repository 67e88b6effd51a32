"""Queries of the grid of availability: three, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import mirror_store, store
from relevo.bookings.models import PROPERTY, BookingRow, RoomNightRow
from relevo.bookings.rules import Booking


@dataclass(frozen=True, slots=True)
class Written:
    nights: dict[tuple[str, date], str]
    """Whose each live night is: a booking's id, or what the mirror of the PMS wrote."""
    bookings: dict[str, Booking]
    asked_until: datetime | None
    """What the PMS did before this moment is known."""


async def written(session: AsyncSession, first: date, last: date, now: datetime) -> Written:
    live = (
        RoomNightRow.property == PROPERTY,
        RoomNightRow.night >= first,
        RoomNightRow.night < last,
        or_(RoomNightRow.status != "hold", RoomNightRow.expires_at > now),
    )
    rows = await session.execute(select(RoomNightRow.room, RoomNightRow.night, RoomNightRow.booking_id).where(*live))
    nights = {(room, night): owner for room, night, owner in rows}
    owners = select(RoomNightRow.booking_id).where(*live)
    bookings = await session.execute(select(BookingRow).where(BookingRow.id.in_(owners)))
    state = await mirror_store.state(session)
    return Written(
        nights,
        {row.id: store.booking_of(row) for row in bookings.scalars()},
        state.asked_until if state is not None else None,
    )
