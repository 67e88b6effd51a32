"""Tables of the conversations room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class ConversationRow(Base):
    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    account: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(String(320))
    window_until: Mapped[datetime | None]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    control: Mapped[str] = mapped_column(String(10))
    control_version: Mapped[int]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    queue_id: Mapped[str | None] = mapped_column(String(20))
    """The queue it last came to: whose teams it is of. Kept when that queue is no more."""
    holders: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who has or had it: their ids, each between spaces."""
    reason: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[str] = mapped_column(String(10), default="normal", server_default="normal")
    mood: Mapped[float | None]
    """What the customer's own words say of how they feel: the last ones count most; below zero is bad."""
    last_text: Mapped[str | None] = mapped_column(String(200))
    last_author: Mapped[str | None] = mapped_column(String(10))
    last_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)
    messages: Mapped[int] = mapped_column(default=0)
    """How many messages it has; the next one's ``seq`` is one more."""
    meta: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "created_at"),
        Index(None, "closed_at"),
        Index(None, "control", "last_at"),
        Index(None, "agent_id", "control"),
        Index(None, "queue_id", "last_at"),
        Index(None, "channel", "account", "address"),
    )


class MessageRow(Base):
    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(200))
    carrier_id: Mapped[str | None] = mapped_column(String(200))
    handed: Mapped[int] = mapped_column(default=0)
    """How often it was handed to its carrier."""
    author: Mapped[str] = mapped_column(String(10))
    author_id: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[str]] = mapped_column(JSON, default=list)
    delivery: Mapped[str | None] = mapped_column(String(10))
    meta: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("channel", "external_id"),
        Index(None, "channel", "carrier_id"),
        Index(None, "at"),
    )


class AttachmentRow(Base):
    """A file of a conversation; its content rests in the ``FileStore`` under ``path_key``."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    path_key: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
