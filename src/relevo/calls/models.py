"""Tables of the calls room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class CallRow(Base):
    __tablename__ = "call"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    direction: Mapped[str] = mapped_column(String(10))
    line: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    session_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    from_number: Mapped[str] = mapped_column(String(80))
    to_number: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10))
    node: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(24))
    ended_by: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        Index(None, "status", "started_at"),
        Index(None, "node", "status"),
        Index(None, "started_at"),
        Index(None, "person_id", "started_at"),
    )


class RecordingRow(Base):
    __tablename__ = "recording"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    milliseconds: Mapped[int | None] = mapped_column(Integer)
    size: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12), default="recording")
    number: Mapped[int | None] = mapped_column(Integer)
    """Recordings that are kept are counted; staff find them by it."""
    agent_id: Mapped[str | None] = mapped_column(String(20))
    """Who of the staff had the call last."""
    markers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sha256: Mapped[str | None] = mapped_column(String(64))
    words: Mapped[str | None] = mapped_column(Text)
    """What was said, folded for searching."""
    names: Mapped[str | None] = mapped_column(Text)
    """Who took part, folded for searching."""


class CallbackRow(Base):
    """Somebody who would rather be called than wait."""

    __tablename__ = "callback"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(20))
    begin_at: Mapped[datetime]
    end_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (Index(None, "done_at", "begin_at"),)


class RecordingAccessRow(Base):
    """Who was given a recording to hear or to keep, and why. Only ever added to; a link leads to one of these."""

    __tablename__ = "recording_access"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(10))
    """listen, download"""
    format: Mapped[str] = mapped_column(String(10))
    rate: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "recording_id", "at"),)
