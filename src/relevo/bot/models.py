"""The bot's tables: the state of each dialogue, a row per answered turn, and what staff taught it and set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
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
    handoff: Mapped[str | None] = mapped_column(String(20))
    """Why a person was asked for."""
    meant: Mapped[str | None] = mapped_column(String(60))
    """The intent that the customer picked when asked what they had meant by the turn before."""
    at: Mapped[datetime] = mapped_column(index=True)


class TrainingExampleRow(Base):
    """A message with the intent that a member of staff gave it; nothing in the text says whose it was."""

    __tablename__ = "training_example"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    key: Mapped[str] = mapped_column(String(64))
    """A hash of the text as it is compared."""
    intent: Mapped[str | None] = mapped_column(String(60))
    """Null: looked at, and of no use as an example."""
    before_intent: Mapped[str | None] = mapped_column(String(60))
    """What the assistant had taken it for."""
    interaction_id: Mapped[str | None] = mapped_column(ForeignKey("interaction.id"))
    state: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        # A text means one thing, and a turn is judged once, until somebody takes it back.
        Index(
            "uq_training_example_key",
            "key",
            unique=True,
            sqlite_where=sql("state = 'taught'"),
            postgresql_where=sql("state = 'taught'"),
        ),
        Index(
            "uq_training_example_interaction",
            "interaction_id",
            unique=True,
            sqlite_where=sql("state <> 'withdrawn'"),
            postgresql_where=sql("state <> 'withdrawn'"),
        ),
    )


class UnderstandingVersionRow(Base):
    """One training: of which examples, and what came of it. Whether it is live, ``assistant_change`` says."""

    __tablename__ = "understanding_version"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(10))
    step: Mapped[str | None] = mapped_column(String(20))
    examples: Mapped[list[str]] = mapped_column(JSON)
    """Ids of the examples it was taught."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class AssistantChangeRow(Base):
    """Everything that staff changed of how the assistant works: only ever added to. The latest of a kind, and of a
    subject where it has any, is in force."""

    __tablename__ = "assistant_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "what", "subject"),)
