"""Exports that are posted on time, and all queries about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.reports.models import ScheduleRow


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Schedule:
    id: str
    kind: str
    format: str
    every: Every
    to: tuple[str, ...]
    by: str
    next_at: datetime


async def add(session: AsyncSession, plan: Schedule, at: datetime) -> None:
    session.add(
        ScheduleRow(
            id=plan.id, kind=plan.kind, format=plan.format, every=plan.every.value, to=list(plan.to), by=plan.by,
            next_at=plan.next_at, created_at=at,
        )
    )  # fmt: skip
    await session.flush()


async def every(session: AsyncSession) -> list[Schedule]:
    rows = await session.execute(select(ScheduleRow).order_by(ScheduleRow.created_at, ScheduleRow.id))
    return [_schedule(row) for row in rows.scalars()]


async def one(session: AsyncSession, schedule_id: str) -> Schedule | None:
    query = select(ScheduleRow).where(ScheduleRow.id == schedule_id).with_for_update()
    row = (await session.execute(query)).scalar_one_or_none()
    return _schedule(row) if row else None


async def move(session: AsyncSession, plan: Schedule, next_at: datetime) -> Schedule:
    await session.execute(update(ScheduleRow).where(ScheduleRow.id == plan.id).values(next_at=next_at))
    return replace(plan, next_at=next_at)


async def drop(session: AsyncSession, schedule_id: str) -> bool:
    gone = await session.execute(delete(ScheduleRow).where(ScheduleRow.id == schedule_id).returning(ScheduleRow.id))
    return gone.first() is not None


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(row.id, row.kind, row.format, Every(row.every), tuple(row.to), row.by, row.next_at)
