"""Tables of the calls room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
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

    __table_args__ = (Index(None, "status", "started_at"), Index(None, "node", "status"))


class RecordingRow(Base):
    __tablename__ = "recording"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    milliseconds: Mapped[int | None] = mapped_column(Integer)
    size: Mapped[int | None] = mapped_column(Integer)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
