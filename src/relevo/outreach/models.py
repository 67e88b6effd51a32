"""Tables of the outreach room: what is to be said to guests and when, and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class ReminderRow(Base):
    __tablename__ = "reminder"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    """Of the booking: every change of the stay has its own reminders."""
    about: Mapped[date]
    due_at: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    """planned, sent, skipped, cancelled"""
    reason: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What ``may_contact`` answered when it was asked last."""
    channel: Mapped[str | None] = mapped_column(String(20))
    message_id: Mapped[str | None] = mapped_column(String(120))
    """The message in the conversation, or the carrier's id of a template."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("booking_id", "kind", "version"),
        Index(None, "due_at"),
        Index(None, "conversation_id", "kind"),
    )


class ConsentRow(Base):
    """Rows are added, never changed: the last one about a purpose and a channel counts."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    """given, withdrawn"""
    automated: Mapped[bool] = mapped_column(default=False)
    proof: Mapped[str] = mapped_column(String(300))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class FeedbackRow(Base):
    __tablename__ = "feedback"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
    via: Mapped[str] = mapped_column(String(10))
    """chat, link"""
    at: Mapped[datetime] = mapped_column(index=True)


class ContactDecisionRow(Base):
    """What ``may_contact`` answered before a call was placed, kept as evidence."""

    __tablename__ = "contact_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12))
    automated: Mapped[bool]
    country: Mapped[str | None] = mapped_column(String(2))
    rule_id: Mapped[str | None] = mapped_column(String(40))
    """The rule that said no; none where it was allowed."""
    at: Mapped[datetime] = mapped_column(index=True)
