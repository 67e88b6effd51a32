"""Tables of queues: teams, hours, what a queue promises, what its people can, who waits in it, and how it ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class TeamRow(Base):
    __tablename__ = "team"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[datetime]


class TeamMemberRow(Base):
    __tablename__ = "team_member"

    team_id: Mapped[str] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    lead: Mapped[bool] = mapped_column(default=False)


class HoursRow(Base):
    __tablename__ = "work_hours"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    windows: Mapped[list[list[int]]] = mapped_column(JSON)
    """Each: weekday, minute of opening, minute of closing."""
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(10))
    closures: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class QueueRow(Base):
    __tablename__ = "queue"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    channels: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    skills: Mapped[dict[str, int]] = mapped_column(JSON)
    priority: Mapped[int]
    mode: Mapped[str] = mapped_column(String(10))
    offer_seconds: Mapped[int]
    capacity: Mapped[dict[str, int]] = mapped_column(JSON)
    hours_id: Mapped[str | None] = mapped_column(ForeignKey("work_hours.id"))
    wrap_up_seconds: Mapped[int]
    first_reply_seconds: Mapped[int | None]
    next_reply_seconds: Mapped[int | None]
    resolution_seconds: Mapped[int | None]
    closed_answer: Mapped[str | None] = mapped_column(Text)
    closed_callback: Mapped[bool] = mapped_column(default=True)
    result_required: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class QueueTeamRow(Base):
    __tablename__ = "queue_team"

    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, index=True)


class AgentProfileRow(Base):
    """What somebody can, as they or the house said; never what was guessed of them."""

    __tablename__ = "agent_profile"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    languages: Mapped[list[str]] = mapped_column(JSON)
    skills: Mapped[dict[str, int]] = mapped_column(JSON)
    capacity: Mapped[dict[str, int]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class QueueEntryRow(Base):
    """One time that a conversation needed a person, from the moment it did to the moment it does no more."""

    __tablename__ = "queue_entry"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[str] = mapped_column(String(10))
    skills: Mapped[dict[str, int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]
    offered_to: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    offered_until: Mapped[datetime | None]
    offers: Mapped[int] = mapped_column(default=0)
    """How often it was offered; the number of an offer fences off answers to the one before."""
    declined: Mapped[dict[str, str]] = mapped_column(JSON)
    """Who let it pass, and until when they are not asked again."""
    last_agent_id: Mapped[str | None] = mapped_column(String(20))
    requeues: Mapped[int] = mapped_column(default=0)
    requeued_why: Mapped[str | None] = mapped_column(String(20))
    closed_hours: Mapped[bool] = mapped_column(default=False)
    """It came while nobody was there."""
    callback_offered: Mapped[str | None] = mapped_column(String(10))
    """open: they were asked; number: what they were asked is which; done."""
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(12))
    """resolved, handed_back, abandoned"""

    __table_args__ = (
        Index(None, "state", "since"),
        Index(None, "queue_id", "since"),
        Index(None, "taken_by", "since"),
        Index(None, "ended_at"),
        Index(None, "first_reply_at"),
        Index(
            "uq_queue_entry_live",
            "conversation_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )


class QueueOfferRow(Base):
    """Every offer and what became of it."""

    __tablename__ = "queue_offer"

    entry_id: Mapped[str] = mapped_column(ForeignKey("queue_entry.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
    """accepted, declined, expired, gone"""
    advised_by: Mapped[str] = mapped_column(String(10))
    confidence: Mapped[float | None]
    among: Mapped[list[str]] = mapped_column(JSON)
    """Who else could have had it then."""


class ResultCodeRow(Base):
    __tablename__ = "result_code"

    queue_id: Mapped[str] = mapped_column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    needs_note: Mapped[bool] = mapped_column(default=False)
    callback: Mapped[bool] = mapped_column(default=False)
    do_not_call: Mapped[bool] = mapped_column(default=False)
    good: Mapped[bool | None]
    """Whether that is what the house hoped for; null: it says nothing."""
    position: Mapped[int]


class ConversationResultRow(Base):
    """How a conversation ended, as whoever had it said; said again, the newest counts."""

    __tablename__ = "conversation_result"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("queue_entry.id", ondelete="CASCADE"), unique=True)
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id", ondelete="SET NULL"))
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    good: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(Text)
    callback_at: Mapped[datetime | None]
    do_not_call: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class PlannedCallbackRow(Base):
    """Somebody is to be called: who had them promised it, or they asked for it while nobody was there."""

    __tablename__ = "planned_callback"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(20))
    begin_at: Mapped[datetime]
    end_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(10))
    """result, closed"""
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (Index(None, "done_at", "begin_at"),)


class CannedReplyRow(Base):
    __tablename__ = "canned_reply"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    shortcut: Mapped[str] = mapped_column(String(30), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]
