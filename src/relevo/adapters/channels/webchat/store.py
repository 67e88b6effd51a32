"""Queries of the sites that show the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.adapters.channels.webchat.models import SiteRow


@dataclass(frozen=True, slots=True)
class Site:
    """A web site on whose pages the chat may stand."""

    key: str
    """Public: it is in the site's pages."""
    name: str
    """How the chat calls itself there."""
    origins: tuple[str, ...]
    """Exactly those pages; no patterns."""
    created_at: datetime | None = None
    """None: the site that the settings make."""


def _site(row: SiteRow) -> Site:
    return Site(row.key, row.name, tuple(row.origins), row.created_at)


async def site(session: AsyncSession, key: str) -> Site | None:
    row = await session.get(SiteRow, key)
    return _site(row) if row is not None else None


async def sites(session: AsyncSession) -> list[Site]:
    rows = await session.execute(select(SiteRow).order_by(SiteRow.created_at, SiteRow.key))
    return [_site(row) for row in rows.scalars()]


async def add(session: AsyncSession, made: Site, at: datetime) -> None:
    session.add(SiteRow(key=made.key, name=made.name, origins=list(made.origins), created_at=at))
    await session.flush()


async def remove(session: AsyncSession, key: str) -> bool:
    gone = await session.execute(delete(SiteRow).where(SiteRow.key == key).returning(SiteRow.key))
    return gone.scalar_one_or_none() is not None
