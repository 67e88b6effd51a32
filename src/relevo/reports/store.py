"""All queries about days that have been added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.models import ConversationRow
from relevo.kit.db import upsert
from relevo.reports.models import FigureDayRow, FiguredDayRow
from relevo.reports.rules import DaySum, Fact, Sum


async def put_day(session: AsyncSession, day: date, sums: Iterable[DaySum], at: datetime) -> None:
    """In place of what the day came to before."""
    await session.execute(delete(FigureDayRow).where(FigureDayRow.day == day))
    rows = [
        {
            "day": day,
            "figure": each.fact.value,
            "channel": each.channel,
            "staff_id": each.staff_id,
            "count": each.sum.count,
            "total": each.sum.total,
        }
        for each in sums
    ]
    if rows:
        await session.execute(insert(FigureDayRow), rows)
    row = upsert(session, FiguredDayRow).values(day=day, at=at)
    await session.execute(row.on_conflict_do_update(index_elements=["day"], set_={"at": at}))


async def figured(session: AsyncSession, since: date, until: date) -> dict[date, datetime]:
    """Days that have been added up, and when."""
    rows = await session.execute(select(FiguredDayRow).where(FiguredDayRow.day.between(since, until)))
    return {row.day: row.at for row in rows.scalars()}


async def sums(
    session: AsyncSession,
    since: date,
    until: date,
    facts: Sequence[Fact],
    *,
    channel: str | None = None,
    staff_id: str | None = None,
) -> list[DaySum]:
    """By day, fact, channel and member of staff; only days that have been added up."""
    query = select(FigureDayRow).where(
        FigureDayRow.day.between(since, until), FigureDayRow.figure.in_([fact.value for fact in facts])
    )
    query = query.where(FigureDayRow.channel == channel) if channel is not None else query
    query = query.where(FigureDayRow.staff_id == staff_id) if staff_id is not None else query
    columns = query.with_only_columns(
        FigureDayRow.day, FigureDayRow.figure, FigureDayRow.channel, FigureDayRow.staff_id, FigureDayRow.count,
        FigureDayRow.total,
    )  # fmt: skip
    rows = await session.execute(columns)
    return [DaySum(day, Fact(fact), where, who, Sum(count, total)) for day, fact, where, who, count, total in rows]


async def first_day(session: AsyncSession) -> datetime | None:
    """When the first conversation began."""
    return (await session.execute(select(func.min(ConversationRow.created_at)))).scalar_one_or_none()
