"""Facts added up and listed, by the one query that each of them has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Integer, and_, cast, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import BookingRow, RoomNightRow
from relevo.bookings.rules import BookingStatus, DepositStatus
from relevo.calls.models import CallRow
from relevo.conversations.models import ConversationRow
from relevo.conversations.reach_store import within
from relevo.desk.queue_models import QueueEntryRow
from relevo.people.models import PersonRow
from relevo.people.rules import Staff
from relevo.reports import spreads
from relevo.reports.rules import SPREAD, DaySum, Fact, Listed, Sum
from relevo.reports.sources_store import Column, Query, Source, source

QUARTER = 900


async def add_up(
    session: AsyncSession, fact: Fact, since: datetime, until: datetime, now: datetime
) -> list[tuple[datetime, str, str, Sum]]:
    """(quarter of an hour, channel, member of staff, sum) from ``since`` up to and without ``until``. Every day of
    every time zone begins with a quarter of an hour, so days are made of these without asking the database for each."""
    dialect = session.get_bind().dialect.name
    found = source(fact, dialect, now)
    if fact in SPREAD:
        return await _spread(session, found, since, until, dialect)
    quarter = quarter_of(found.at, dialect)
    query: Query = select(
        quarter.label("quarter"),
        found.channel.label("channel"),
        found.staff_id.label("staff_id"),
        func.count().label("count"),
        func.coalesce(func.sum(found.amount), 0).label("total"),
    ).select_from(_table(found))
    query = found.over(query).where(found.at >= since, found.at < until)
    rows = await session.execute(query.group_by(quarter, found.channel, found.staff_id))
    return [
        (moment_of(row.quarter), row.channel, row.staff_id or "", Sum(row._mapping["count"], int(row.total)))
        for row in rows
    ]


async def _spread(
    session: AsyncSession, found: Source, since: datetime, until: datetime, dialect: str
) -> list[tuple[datetime, str, str, Sum]]:
    """Each row's amount is asked for once, and counted by its stretch here."""
    quarter = quarter_of(found.at, dialect)
    query: Query = select(
        quarter.label("quarter"), found.channel.label("channel"), found.staff_id.label("staff_id"),
        found.amount.label("amount"),
    ).select_from(_table(found))  # fmt: skip
    rows = await session.execute(found.over(query).where(found.at >= since, found.at < until))
    sums: dict[tuple[int, str, str], tuple[int, int, dict[int, int]]] = {}
    for row in rows:
        seconds = max(int(row.amount), 0)
        key = (int(row.quarter), row.channel, row.staff_id or "")
        count, total, spread = sums.get(key, (0, 0, {}))
        number = spreads.stretch(seconds)
        spread[number] = spread.get(number, 0) + 1
        sums[key] = (count + 1, total + seconds, spread)
    return [(moment_of(key[0]), key[1], key[2], Sum(*each)) for key, each in sums.items()]


async def add_up_nights(session: AsyncSession, fact: Fact, since: date, until: date, now: datetime) -> list[DaySum]:
    """Both nights included."""
    found = source(fact, session.get_bind().dialect.name, now)
    query: Query = select(
        found.at.label("at"), found.channel.label("channel"), found.staff_id.label("staff_id"),
        func.count().label("count"), func.coalesce(func.sum(found.amount), 0).label("total"),
    ).select_from(_table(found))  # fmt: skip
    query = found.over(query).where(found.at >= since, found.at <= until)
    rows = await session.execute(query.group_by(found.at, found.channel, found.staff_id))
    return [
        DaySum(row.at, fact, row.channel, row.staff_id or "", Sum(row._mapping["count"], int(row.total)))
        for row in rows
    ]


async def first_night(session: AsyncSession) -> date | None:
    """From when on it is known which rooms were sold."""
    query = select(func.min(RoomNightRow.night)).where(RoomNightRow.status == "booked")
    return (await session.execute(query)).scalar_one_or_none()


async def first_day(session: AsyncSession) -> datetime | None:
    """When the first conversation began."""
    return (await session.execute(select(func.min(ConversationRow.created_at)))).scalar_one_or_none()


async def held(
    session: AsyncSession, start: datetime, end: datetime, apart: str
) -> list[tuple[str, datetime, datetime | None]]:
    """(who, from when, until when) somebody had a conversation that is no call, within two moments."""
    row = QueueEntryRow
    query = select(row.taken_by, row.taken_at, row.ended_at).where(
        row.taken_by.is_not(None), row.taken_at < end, or_(row.ended_at.is_(None), row.ended_at > start),
        row.channel != apart,
    )  # fmt: skip
    rows = await session.execute(query)
    return [(who, since, until) for who, since, until in rows if who is not None and since is not None]


async def deposits(session: AsyncSession) -> tuple[int, int]:
    """How many are awaited or to be looked at now, and how much money that is."""
    query = select(func.count(), func.coalesce(func.sum(BookingRow.deposit), 0)).where(_pending())
    row = (await session.execute(query)).one()
    return int(row[0]), int(row[1])


async def reachable(session: AsyncSession, viewer: Staff | None, ids: Collection[str]) -> set[str]:
    """Those of some conversations that ``viewer`` may see."""
    query = within(select(ConversationRow.id), viewer, ConversationRow.id)
    wanted, found = sorted(set(ids)), set[str]()
    for first in range(0, len(wanted), 500):
        found |= set(
            (await session.execute(query.where(ConversationRow.id.in_(wanted[first : first + 500])))).scalars()
        )
    return found


async def deposit_list(session: AsyncSession, offset: int, limit: int, viewer: Staff | None = None) -> list[Listed]:
    query = (
        select(BookingRow.code, BookingRow.created_at, ConversationRow.channel, BookingRow.deposit)
        .join(ConversationRow, ConversationRow.id == BookingRow.conversation_id)
        .where(_pending())
        .order_by(BookingRow.created_at.desc(), BookingRow.code)
    )
    query = within(query, viewer, BookingRow.conversation_id)
    rows = await session.execute(query.offset(offset).limit(limit))
    return [Listed(code, at, channel, "", int(amount)) for code, at, channel, amount in rows]


def _pending() -> Column:
    looked_at = and_(
        BookingRow.deposit_status == DepositStatus.RECEIVED.value, BookingRow.status != BookingStatus.CANCELLED.value
    )
    awaited = and_(
        BookingRow.deposit_status == DepositStatus.REQUESTED.value, BookingRow.status == BookingStatus.HOLD.value
    )
    return or_(looked_at, awaited)


async def listing(
    session: AsyncSession,
    fact: Fact,
    since: Any,
    until: Any,
    now: datetime,
    *,
    channel: str | None = None,
    staff_id: str | None = None,
    offset: int = 0,
    limit: int = 100,
    viewer: Staff | None = None,
) -> tuple[str, list[Listed]]:
    """What they are (conversation, call, booking), and the rows, latest first, up to and without ``until``; of nights
    by dates, of the others by moments."""
    found = source(fact, session.get_bind().dialect.name, now)
    query: Query = select(
        found.subject.label("subject"), found.at.label("at"), found.channel.label("channel"),
        found.staff_id.label("staff_id"), found.amount.label("amount"),
    ).select_from(_table(found))  # fmt: skip
    query = found.over(query).where(found.at >= since, found.at < until)
    query = query.where(found.channel == channel) if channel is not None else query
    query = query.where(found.staff_id == staff_id) if staff_id is not None else query
    query = within(query, viewer, found.conversation)
    query = query.order_by(found.at.desc(), found.subject).offset(offset).limit(limit)
    rows = await session.execute(query)
    return found.kind, [Listed(row.subject, row.at, row.channel, row.staff_id or "", int(row.amount)) for row in rows]


def _table(found: Source) -> Any:
    """Every date is a column of the table that has the rows."""
    return found.at.table


def moment_of(quarter: int) -> datetime:
    return datetime.fromtimestamp(int(quarter) * QUARTER, UTC)


def quarter_of(at: Any, dialect: str) -> Column:
    if dialect == "postgresql":
        return cast(func.floor(func.extract("epoch", at) / QUARTER), Integer)
    return cast(func.strftime("%s", at), Integer) // literal_column(str(QUARTER), Integer)


async def subjects(session: AsyncSession, kind: str, ids: Collection[str]) -> dict[str, str | None]:
    """Who each is about, as the house calls them."""
    name = func.coalesce(PersonRow.name, PersonRow.profile_name, PersonRow.username)
    wanted, found = sorted(set(ids)), dict[str, str | None]()
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        query: Query
        match kind:
            case "conversation":
                row = ConversationRow
                query = select(row.id, name).join(PersonRow, PersonRow.id == row.person_id).where(row.id.in_(some))
            case "call":
                query = select(CallRow.id, name).join(PersonRow, PersonRow.id == CallRow.person_id)
                query = query.where(CallRow.id.in_(some))
            case "booking":
                query = select(BookingRow.code, BookingRow.guest_name).where(BookingRow.code.in_(some))
            case _:
                return {}
        found |= {each[0]: each[1] for each in await session.execute(query)}
    return found
