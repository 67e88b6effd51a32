"""Tables of what reaches people away from their console: their browsers that take news, and who has a console open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class PushSubscriptionRow(Base):
    """A browser of somebody's that wants to be told. Whoever has its address could write to it, so it is sealed."""

    __tablename__ = "push_subscription"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(String(20))
    """Of the sign-in that it belongs to; with that it ends. Null: signed in before sessions had names."""
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    """Address and keys."""
    device: Mapped[str | None] = mapped_column(String(200))
    """What the browser says it is."""
    wants: Mapped[list[str]] = mapped_column(JSON)
    """Kinds of news."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When the browser last said that it is there."""
    last_ok_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    last_error: Mapped[str | None] = mapped_column(String(40))


class OpenConsoleRow(Base):
    """Somebody has a console open at a process; none is believed of a process that is gone."""

    __tablename__ = "open_console"

    node_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    since: Mapped[datetime]

    __table_args__ = (Index(None, "staff_id"),)
