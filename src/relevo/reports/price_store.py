"""All queries about what things cost the house."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.reports.costs import Price, Use
from relevo.reports.models import PriceRow


async def add(session: AsyncSession, use: Use, amount: int | None, since: date, *, by: str, at: datetime) -> None:
    row = {"kind": use.value, "amount": amount, "since": since, "by": by, "at": at}
    await session.execute(insert(PriceRow).values(row))


async def every(session: AsyncSession) -> list[Price]:
    """In the order in which they were said."""
    row = PriceRow
    rows = await session.execute(select(row.kind, row.amount, row.since, row.by, row.at).order_by(row.id))
    return [Price(Use(kind), amount, since, by, at) for kind, amount, since, by, at in rows if kind in set(Use)]
