"""All queries about how long things are kept. They decide nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.models import HouseSettingRow


async def chosen(session: AsyncSession) -> dict[str, int | None]:
    """What was said last of each; None where it was given up again."""
    rows = await session.execute(select(HouseSettingRow.name, HouseSettingRow.value).order_by(HouseSettingRow.id))
    return dict(rows.all())


async def history(session: AsyncSession, limit: int) -> list[tuple[str, int | None, str, datetime]]:
    """(what, how many days, who, when), the latest first."""
    row = HouseSettingRow
    query = select(row.name, row.value, row.by, row.at).order_by(row.id.desc()).limit(limit)
    return [(name, value, by, at) for name, value, by, at in await session.execute(query)]


async def add(session: AsyncSession, name: str, value: int | None, *, by: str, at: datetime) -> None:
    await session.execute(insert(HouseSettingRow).values(name=name, value=value, by=by, at=at))
