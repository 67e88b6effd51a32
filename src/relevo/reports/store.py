"""All queries about days that have been added up. Sums are made by the database: a year has many rows and few sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import upsert
from relevo.reports.models import FigureDayRow, FiguredDayRow, FigureSpreadRow
from relevo.reports.rules import EDITION, DaySum, Fact, Sum

EVERYBODY = "*"
"""In the spreads: all members of staff together, so that a report of the house reads few rows."""
_ANY_DAY = date.min
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def put_day(
    session: AsyncSession, day: date, sums: Iterable[DaySum], at: datetime, facts: Collection[Fact]
) -> None:
    """In place of what the day came to before, as far as ``facts`` go."""
    names = [fact.value for fact in facts]
    for table in (FigureDayRow, FigureSpreadRow):
        await session.execute(delete(table).where(table.day == day, table.figure.in_(names)))
    rows, spreads = [], dict[tuple[str, str, str, int], int]()
    for each in sums:
        if each.fact not in facts:
            continue
        key = {"day": day, "figure": each.fact.value, "channel": each.channel, "staff_id": each.staff_id}
        rows.append(key | {"count": each.sum.count, "total": each.sum.total})
        for stretch, count in each.sum.spread.items():
            for who in {each.staff_id, EVERYBODY} - {""}:
                cell = (each.fact.value, each.channel, who, stretch)
                spreads[cell] = spreads.get(cell, 0) + count
    if rows:
        await session.execute(insert(FigureDayRow), rows)
    if spreads:
        columns = ("figure", "channel", "staff_id", "stretch")
        cells = [dict(zip(columns, cell, strict=True)) | {"day": day, "count": n} for cell, n in spreads.items()]
        await session.execute(insert(FigureSpreadRow), cells)
    values = {"at": at, "edition": EDITION}
    row = upsert(session, FiguredDayRow).values(day=day, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["day"], set_=values))


async def figured(session: AsyncSession, since: date, until: date) -> dict[date, datetime]:
    """Days that have been added up, and when; those that lack facts: long ago."""
    kept = FiguredDayRow
    query = select(kept.day, kept.at, kept.edition).where(kept.day.between(since, until))
    return {row.day: row.at if row.edition == EDITION else _LONG_AGO for row in await session.execute(query)}


async def sums(
    session: AsyncSession,
    since: date,
    until: date,
    *,
    by: Collection[str],
    channel: str | None = None,
    staff_id: str | None = None,
    facts: Collection[Fact] | None = None,
) -> list[DaySum]:
    """Apart by what ``by`` names (day, channel, staff_id); of the others the sum. ``facts``: only those."""
    names = None if facts is None else [fact.value for fact in facts]
    found: dict[tuple[date, str, str, str], Sum] = {}
    table: Any = FigureDayRow
    columns = [getattr(table, name) for name in by]
    query = select(table.figure, func.sum(table.count), func.sum(table.total), *columns)
    query = query.where(table.day.between(since, until)).group_by(table.figure, *columns)
    query = query.where(table.channel == channel) if channel is not None else query
    query = query.where(table.figure.in_(names)) if names is not None else query
    query = query.where(table.staff_id == staff_id) if staff_id is not None else query
    for fact, count, total, *key in await session.execute(query):
        found[_key(fact, by, key)] = Sum(int(count), int(total))
    spreads: dict[tuple[date, str, str, str], dict[int, int]] = {}
    table = FigureSpreadRow
    columns = [getattr(table, name) for name in by]
    query = select(table.figure, table.stretch, func.sum(table.count), *columns)
    query = query.where(table.day.between(since, until)).group_by(table.figure, table.stretch, *columns)
    query = query.where(table.channel == channel) if channel is not None else query
    query = query.where(table.figure.in_(names)) if names is not None else query
    if staff_id is not None or "staff_id" not in by:
        query = query.where(table.staff_id == (EVERYBODY if staff_id is None else staff_id))
    for fact, stretch, count, *key in await session.execute(query):
        if not ("staff_id" in by and EVERYBODY in key):
            spreads.setdefault(_key(fact, by, key), {})[int(stretch)] = int(count)
    return [
        DaySum(key[0], Fact(key[3]), key[1], key[2], Sum(each.count, each.total, spreads.get(key, {})))
        for key, each in found.items()
    ]


def _key(fact: str, by: Collection[str], key: list[Any]) -> tuple[date, str, str, str]:
    named = dict(zip(by, key, strict=True))
    return named.get("day", _ANY_DAY), named.get("channel", ""), named.get("staff_id", ""), fact


async def shifts(
    session: AsyncSession, since: date, until: date, staff_id: str | None
) -> list[tuple[date, str, int, int]]:
    """(day, member of staff, seconds there, seconds busy) of days that have been added up, latest first."""
    row = FigureDayRow
    query = select(row.day, row.staff_id, row.figure, row.total).where(
        row.day.between(since, until), row.figure.in_([Fact.SHIFT.value, Fact.BUSY.value])
    )
    query = query.where(row.staff_id == staff_id) if staff_id is not None else query
    found: dict[tuple[date, str], dict[str, int]] = {}
    for day, who, fact, total in await session.execute(query):
        found.setdefault((day, who), {})[fact] = int(total)
    made = [(day, who, each.get(Fact.SHIFT, 0), each.get(Fact.BUSY, 0)) for (day, who), each in found.items()]
    return sorted(made, key=lambda each: (-each[0].toordinal(), each[1]))
