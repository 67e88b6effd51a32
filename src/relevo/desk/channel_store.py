"""All queries about how channels are doing. They decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.models import ChannelRow
from relevo.kit.db import upsert


@dataclass(frozen=True, slots=True)
class State:
    heard_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    error_at: datetime | None = None
    refused: int = 0
    refused_at: datetime | None = None
    read_until: datetime | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    checked_at: datetime | None = None


async def states(session: AsyncSession) -> dict[tuple[str, str], State]:
    query = select(ChannelRow).order_by(ChannelRow.channel, ChannelRow.account)
    rows = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    return {
        (row.channel, row.account): State(
            row.heard_at, row.sent_at, row.error, row.error_at, row.refused, row.refused_at, row.read_until,
            tuple(row.findings), row.checked_at,
        )
        for row in rows
    }  # fmt: skip


async def put(session: AsyncSession, channel: str, account: str, **values: Any) -> None:
    """Change some of what is known; the row comes about with the first of it."""
    first = upsert(session, ChannelRow).values(channel=channel, account=account, refused=0, findings=[])
    await session.execute(first.on_conflict_do_nothing(index_elements=["channel", "account"]))
    await session.execute(_row(channel, account).values(**values))


async def count_refused(session: AsyncSession, channel: str, account: str, count: int, at: datetime) -> None:
    await put(session, channel, account, refused=ChannelRow.refused + count, refused_at=at)


def _row(channel: str, account: str) -> Any:
    return update(ChannelRow).where(ChannelRow.channel == channel, ChannelRow.account == account)
