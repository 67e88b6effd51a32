"""What was deleted, when and by which rule: only ever added to, and without the words that were deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, insert, select
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
