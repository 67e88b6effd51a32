"""Tables of the people room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class PersonRow(Base):
    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(120))
    """As they said it, or as somebody of the house wrote it."""
    name_key: Mapped[str | None] = mapped_column(String(120), index=True)
    """The name, or else the one of their profile, folded: what is searched."""
    profile_name: Mapped[str | None] = mapped_column(String(120))
    """What their account on a channel is called; shown, and never taken for a name to book with."""
    username: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(10))
    merged_into: Mapped[str | None] = mapped_column(String(20))
    """Who they were found to be the same as. Nothing of theirs moves: taking this away undoes it."""
    created_at: Mapped[datetime]

    __table_args__ = (
        # Few are merged: of an index on everybody a planner makes nothing.
        Index(
            None,
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )


class PersonMergeRow(Base):
    """Who said that two are one, and who took it back."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    other: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]


class PersonHintRow(Base):
    """Two that may be the same: an account or a number was seen with both. Smaller id first."""

    __tablename__ = "person_hint"

    one: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    dismissed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class IdentityRow(Base):
    __tablename__ = "person_identity"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(254))

    __table_args__ = (UniqueConstraint("kind", "value"),)


class StaffRow(Base):
    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    password_hash: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(10), default="house", server_default="house")
    """house, teams"""
    created_at: Mapped[datetime]


class StaffSessionRow(Base):
    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    id: Mapped[str | None] = mapped_column(String(20), unique=True)
    """By which it is named where it is listed; the token's fingerprint never leaves. Older ones have none."""
    version: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(200))
    """What the browser says it is."""
    seen_at: Mapped[datetime | None]
    """Rounded down, so that not every request writes."""


class SecondFactorRow(Base):
    """A secret shared with somebody's telephone. Until it is confirmed it is asked of nobody."""

    __tablename__ = "staff_second_factor"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """Steps up to this one are used: a code that was seen over a shoulder is worth nothing."""


class RecoveryCodeRow(Base):
    """A way in without the telephone, once."""

    __tablename__ = "staff_recovery_code"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]


class LoginFailureRow(Base):
    """A failed sign-in, by fingerprint of the e-mail or of the address: throttling survives a restart."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "who", "at"),)


class LegalHoldRow(Base):
    """Nothing of this customer is deleted by age while it stands. Ended ones stay as history."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
