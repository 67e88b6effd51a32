"""What staff did and looked at, and what was deleted by which rule: only ever added to, and without the words that
were deleted or read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base, Database, Tx


class DeletionRow(Base):
    __tablename__ = "deletion"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    """messages, recording, guest"""
    subject: Mapped[str] = mapped_column(String(20), index=True)
    """The id of the conversation, recording or booking."""
    count: Mapped[int]
    rule: Mapped[str] = mapped_column(String(40))
    """The setting and its days, such as ``keep_audio=30``."""
    at: Mapped[datetime] = mapped_column(index=True)


async def deleted(tx: Tx, what: str, subject: str, *, count: int, rule: str, at: datetime) -> None:
    """Note it in the transaction that deletes."""
    row = {"what": what, "subject": subject, "count": count, "rule": rule, "at": at}
    await tx.session.execute(insert(DeletionRow).values(row))


async def deletions(db: Database, limit: int = 500) -> list[dict[str, object]]:
    """The latest first."""
    async with db.read() as session:
        found = await session.execute(select(DeletionRow).order_by(DeletionRow.id.desc()).limit(limit))
        return [
            {"what": row.what, "subject": row.subject, "count": row.count, "rule": row.rule, "at": row.at.isoformat()}
            for row in found.scalars()
        ]


class DeedRow(Base):
    """Something a member of staff did or looked at that the house may have to account for."""

    __tablename__ = "deed"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(40))
    by: Mapped[str | None] = mapped_column(String(20), index=True)
    """A member of staff; null where the console was not used."""
    subject: Mapped[str] = mapped_column(String(40), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Never what was read: which, how many, why."""
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index(None, "what", "at"),)


@dataclass(frozen=True, slots=True)
class Deed:
    what: str
    subject: str
    by: str | None
    at: datetime
    details: Mapping[str, Any]


async def noted_all(tx: Tx, deeds: Sequence[Deed]) -> None:
    """Several at once, in their order."""
    await tx.session.execute(insert(DeedRow), [{**asdict(each), "details": dict(each.details)} for each in deeds])


async def noted(
    tx: Tx, what: str, subject: str, *, by: str | None, at: datetime, details: Mapping[str, object] | None = None
) -> None:
    """Note it in the transaction that does it."""
    row = {"what": what, "subject": subject, "by": by, "at": at, "details": dict(details or {})}
    await tx.session.execute(insert(DeedRow).values(row))


async def deeds(
    db: Database,
    *,
    what: str | None = None,
    by: str | None = None,
    subject: str | None = None,
    subjects: Collection[str] | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The latest first; ``before`` is the id that the page before ended with; ``subjects``: any of these."""
    query = select(DeedRow).order_by(DeedRow.id.desc()).limit(limit)
    wanted = ((DeedRow.what, what), (DeedRow.by, by), (DeedRow.subject, subject))
    for column, value in wanted:
        query = query.where(column == value) if value is not None else query
    if subjects is not None:
        query = query.where(DeedRow.subject.in_(sorted(subjects)))
    query = query.where(DeedRow.id < before) if before is not None else query
    async with db.read() as session:
        return [
            {
                "id": row.id,
                "what": row.what,
                "by": row.by,
                "subject": row.subject,
                "details": row.details,
                "at": row.at.isoformat(),
            }
            for row in (await session.execute(query)).scalars()
        ]
