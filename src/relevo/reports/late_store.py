"""Which days something came late to: those of whatever was written to since, however long ago it began."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import BookingRow, DepositAuditRow, HoldAuditRow, RoomNightRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import Kind
from relevo.desk.presence_models import PresenceCorrectionRow
from relevo.outreach.models import FeedbackRow
from relevo.people.models import PersonMergeRow
from relevo.reports import rules
from relevo.reports.models import FigureLookRow

LOOK = "main"
LINES = 5
"""Of a conversation, so many of the last things that happened to it."""


async def touched(session: AsyncSession, since: datetime, zone: ZoneInfo) -> set[date]:
    """Days of the house whose figures may be others than before ``since``."""
    moments = await _of_threads(session, since) | await _of_bookings(session, since) | await _of_people(session, since)
    days = {at.astimezone(zone).date() for at in moments}
    return days | await _of_nights(session, since) | await _of_shifts(session, since, zone)


def _events(since: datetime) -> Any:
    """Whatever moves a conversation leaves an event in it."""
    event = MessageRow.kind == Kind.EVENT.value
    return select(MessageRow.conversation_id).where(MessageRow.at >= since, event).distinct()


async def _of_threads(session: AsyncSession, since: datetime) -> set[datetime]:
    """When they began and were closed. One that was closed before and is open again was closed by one of the last
    things that had happened to it. Its bookings are of whoever has it."""
    ids = _events(since)
    begun = select(ConversationRow.created_at, ConversationRow.closed_at).where(ConversationRow.id.in_(ids))
    found = _all_of(await session.execute(begun))
    row = BookingRow
    sold = select(row.created_at, row.confirmed_at, row.cancelled_at).where(row.conversation_id.in_(ids))
    found |= _all_of(await session.execute(sold))
    number = func.row_number().over(partition_by=MessageRow.conversation_id, order_by=MessageRow.seq.desc())
    lines = (
        select(MessageRow.at, number.label("number"))
        .where(MessageRow.conversation_id.in_(ids), MessageRow.kind == Kind.EVENT.value, MessageRow.at < since)
        .subquery()
    )
    return found | _all_of(await session.execute(select(lines.c.at).where(lines.c.number <= LINES)))


def _changed(since: datetime) -> Any:
    holds = select(HoldAuditRow.booking_id).where(HoldAuditRow.at >= since)
    return union(holds, select(DepositAuditRow.booking_id).where(DepositAuditRow.at >= since))


async def _of_bookings(session: AsyncSession, since: datetime) -> set[datetime]:
    ids = _changed(since)
    row = BookingRow
    query = select(row.created_at, row.confirmed_at, row.cancelled_at).where(row.id.in_(ids))
    marks = select(FeedbackRow.at).where(FeedbackRow.booking_id.in_(ids))
    return _all_of(await session.execute(query)) | _all_of(await session.execute(marks))


async def _of_nights(session: AsyncSession, since: datetime) -> set[date]:
    ids = _changed(since)
    rows = await session.execute(select(BookingRow.check_in, BookingRow.check_out).where(BookingRow.id.in_(ids)))
    stays = {day for begin, end in rows for day in rules.days_of(begin, end)}
    kept = await session.execute(select(RoomNightRow.night).where(RoomNightRow.booking_id.in_(ids)))
    return stays | set(kept.scalars())


async def _of_people(session: AsyncSession, since: datetime) -> set[datetime]:
    """Two who are one have come back where two others had not."""
    row = PersonMergeRow
    when = or_(row.at >= since, row.undone_at >= since)
    who = union(select(row.kept).where(when), select(row.other).where(when))
    query = select(ConversationRow.closed_at).where(ConversationRow.person_id.in_(who))
    return _all_of(await session.execute(query))


async def _of_shifts(session: AsyncSession, since: datetime, zone: ZoneInfo) -> set[date]:
    row = PresenceCorrectionRow
    rows = await session.execute(select(row.start_at, row.end_at).where(row.at >= since))
    return {
        day for start, end in rows for day in rules.days_of(start.astimezone(zone).date(), end.astimezone(zone).date())
    }


async def looked(session: AsyncSession) -> datetime | None:
    query = select(FigureLookRow.until).where(FigureLookRow.id == LOOK)
    return (await session.execute(query)).scalar_one_or_none()


async def look(session: AsyncSession, until: datetime) -> None:
    values = {"until": until}
    changed = await session.execute(
        update(FigureLookRow).where(FigureLookRow.id == LOOK).values(values).returning(FigureLookRow.id)
    )
    if changed.first() is None:
        await session.execute(insert(FigureLookRow).values({"id": LOOK, **values}))


def _all_of(rows: Any) -> set[datetime]:
    return {at for row in rows for at in row if at is not None}
