"""Tables of presence: what each member of staff does now, every change, who was in which call, corrections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class PresenceRow(Base):
    """The one row of now per member of staff. ``version`` grows with every write."""

    __tablename__ = "presence"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    about: Mapped[str | None] = mapped_column(String(20))
    next_state: Mapped[str | None] = mapped_column(String(10))
    next_reason: Mapped[str | None] = mapped_column(String(40))
    next_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    next_note: Mapped[str | None] = mapped_column(String(200))
    base_state: Mapped[str] = mapped_column(String(10))
    base_reason: Mapped[str | None] = mapped_column(String(40))
    gone: Mapped[bool] = mapped_column(default=False)
    acted_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    zone: Mapped[str | None] = mapped_column(String(40))
    """Where they work, if that is not where the house is."""
    version: Mapped[int] = mapped_column(default=0)


class PresenceChangeRow(Base):
    """A change of state. Only ever added to; the line of somebody is their changes in the order of their versions."""

    __tablename__ = "presence_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int]
    step: Mapped[int] = mapped_column(default=0)
    """One write may bring two changes: a wrap-up that was over, and what came then."""
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20))
    by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None] = mapped_column(String(200))
    about: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("staff_id", "version", "step"), Index(None, "staff_id", "at"), Index(None, "at"))


class PresenceCallRow(Base):
    """Somebody in a call, from when to when."""

    __tablename__ = "presence_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    conversation_id: Mapped[str] = mapped_column(String(20), index=True)
    role: Mapped[str] = mapped_column(String(10))
    """holder, seat"""
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "staff_id", "left_at"), Index(None, "staff_id", "entered_at"))


class PresenceCorrectionRow(Base):
    """What a supervisor says that a stretch of somebody's line really was. Only ever added to."""

    __tablename__ = "presence_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "staff_id", "end_at"),)
