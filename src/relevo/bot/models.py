"""The bot's tables: the state of each dialogue, and a row per answered turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class DialogueRow(Base):
    __tablename__ = "bot_dialogue"

    conversation_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]


class InteractionRow(Base):
    """One answered turn. What was said in it goes with the words of its conversation; its figures stay."""

    __tablename__ = "interaction"
    __table_args__ = (Index(None, "conversation_id", "at"), Index(None, "person_id", "at"))

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(20), ForeignKey("conversation.id"))
    person_id: Mapped[str] = mapped_column(String(20), ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(20))
    message: Mapped[str | None] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float]
    entities: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    action: Mapped[str] = mapped_column(String(250))
    engine_answer: Mapped[str | None] = mapped_column(Text)
    llm_answer: Mapped[str | None] = mapped_column(Text)
    api_calls: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    processing_ms: Mapped[float]
    success: Mapped[bool]
    error: Mapped[str | None] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(index=True)
