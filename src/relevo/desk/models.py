"""Tables of the desk: how the house works, what each part was seen to be, and what waits for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base

HOUSE = "main"


class HouseModeRow(Base):
    """The one row that every process asks before it sells."""

    __tablename__ = "house_mode"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10))
    selling: Mapped[bool]
    since: Mapped[datetime]
    manual: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    looked_at: Mapped[datetime]
    """When a process last took its turn to look at the parts."""


class HousePartRow(Base):
    __tablename__ = "house_part"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(60))
    readings: Mapped[list[bool]] = mapped_column(JSON)
    good_since: Mapped[datetime | None]


class HouseAuditRow(Base):
    """Every change of the mode: who or what, and why."""

    __tablename__ = "house_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    mode: Mapped[str] = mapped_column(String(10))
    selling: Mapped[bool]
    down: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Parts that were down, with what was wrong."""
    reason: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class AlertRow(Base):
    __tablename__ = "alert"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    severity: Mapped[str] = mapped_column(String(10))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    link: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(6), default="open")
    count: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        Index(None, "state", "last_at"),
        # The same trouble seen by two processes at once is one alert.
        Index(
            "uq_alert_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class AlertChoiceRow(Base):
    """How a member of staff wants to hear of what needs them. Without a row: in the console."""

    __tablename__ = "alert_choice"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    ways: Mapped[list[str]] = mapped_column(JSON)
    kinds: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Null: of everything."""
    number: Mapped[str | None] = mapped_column(String(20))
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    wake_for_urgent: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]


class AlertToldRow(Base):
    """Whom an alert was sent to already."""

    __tablename__ = "alert_told"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    at: Mapped[datetime]


class ChannelRow(Base):
    """How a channel is doing with one of our numbers or mailboxes, in the eyes of all processes."""

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    account: Mapped[str] = mapped_column(String(120), primary_key=True, default="")
    heard_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(60))
    error_at: Mapped[datetime | None]
    refused: Mapped[int] = mapped_column(default=0)
    """So often something came that the carrier had not signed."""
    refused_at: Mapped[datetime | None]
    read_until: Mapped[datetime | None]
    """Until when the carrier has been asked for what may have been missed."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    checked_at: Mapped[datetime | None]


class GuestRequestRow(Base):
    """What a guest asked the house for. Its words go with those of its conversation; that it was asked stays."""

    __tablename__ = "guest_request"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    """What makes it one in its conversation, however often it is asked."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    booking_code: Mapped[str | None] = mapped_column(String(20), index=True)
    summary: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str | None] = mapped_column(Text)
    told: Mapped[bool] = mapped_column(default=False)
    """Whether the answer was sent in the conversation."""
    created_at: Mapped[datetime]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("conversation_id", "key"), Index(None, "state", "created_at"))


class HouseSettingRow(Base):
    """What the house chose in the console: rows are added, never changed, and the last one of a name counts."""

    __tablename__ = "house_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    value: Mapped[int | None]
    """Null: as the environment says."""
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
