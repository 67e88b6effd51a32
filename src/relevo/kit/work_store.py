"""What may be looked up about durable work: how much of each kind there is, and what was given up. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.jobs import JobRow

MOST_PARKED = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs of one kind that are not done."""

    kind: str
    due: int
    """They could run now."""
    later: int
    """Their time is still to come."""
    running: int
    parked: int
    retried: int
    """Failed at least once and are tried again."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A job that came to an end, or is given up."""

    kind: str
    state: str
    attempts: int
    error: str | None
    """The kind of the last failure, without its words."""
    at: datetime | None


async def queues(session: AsyncSession, now: datetime) -> list[Queue]:
    row, waiting = JobRow, JobRow.state == "waiting"
    query = (
        select(
            row.kind,
            _how_many(waiting & (row.run_at <= now)),
            _how_many(waiting & (row.run_at > now)),
            _how_many(row.state == "running"),
            _how_many(row.state == "parked"),
            _how_many(waiting & (row.attempts > 0)),
        )
        .where(row.state != "done")
        .group_by(row.kind)
        .order_by(row.kind)
    )
    return [Queue(each[0], *(int(count or 0) for count in each[1:])) for each in await session.execute(query)]


def _how_many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


async def parked(session: AsyncSession, limit: int = MOST_PARKED) -> list[Ran]:
    """The latest first."""
    query = select(JobRow).where(JobRow.state == "parked").order_by(JobRow.finished_at.desc()).limit(limit)
    return _ran((await session.execute(query)).scalars().all())


async def last(session: AsyncSession, kind: str) -> Ran | None:
    """The one that was begun last."""
    begun = JobRow.kind == kind, JobRow.attempts > 0
    query = select(JobRow).where(*begun).order_by(JobRow.run_at.desc(), JobRow.id.desc()).limit(1)
    found = _ran((await session.execute(query)).scalars().all())
    return found[0] if found else None


def _ran(rows: Sequence[JobRow]) -> list[Ran]:
    return [Ran(row.kind, row.state, row.attempts, row.last_error, row.finished_at) for row in rows]
