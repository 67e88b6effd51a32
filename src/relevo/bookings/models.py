"""Tables of the bookings room. ``room_night`` is what makes it impossible to sell a night twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base

PROPERTY = "main"
"""One property per installation for now; the key has room for branches."""


class BookingRow(Base):
    __tablename__ = "booking"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[str] = mapped_column(String(12))
    room_number: Mapped[str] = mapped_column(String(12))
    room_type: Mapped[str] = mapped_column(String(40))
    type_name: Mapped[str] = mapped_column(String(80))
    check_in: Mapped[date]
    check_out: Mapped[date]
    guests: Mapped[int]
    children: Mapped[int]
    babies: Mapped[int] = mapped_column(default=0)
    guest_name: Mapped[str | None] = mapped_column(String(120))
    guest_phone: Mapped[str | None] = mapped_column(String(20))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    total: Mapped[int] = mapped_column(BigInteger)
    deposit: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    deposit_status: Mapped[str] = mapped_column(String(12))
    hold_expires_at: Mapped[datetime]
    extensions: Mapped[int] = mapped_column(default=0)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    pms_number: Mapped[str | None] = mapped_column(String(40))
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    needs: Mapped[str | None] = mapped_column(String(40))
    """Why a person is needed."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    locale: Mapped[str | None] = mapped_column(String(10))
    paid: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    refund: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    due_at: Mapped[datetime | None]
    """When the PMS is tried next; a time long past tells that the job for it is lost."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index(None, "status", "created_at"),
        Index(None, "created_at"),
        Index(None, "confirmed_at"),
        Index(None, "cancelled_at"),
        Index(None, "deposit_status"),
        # One hold per conversation, whatever number of processes read the guest's two quick messages.
        Index(
            "uq_booking_hold_of_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("status = 'hold'"),
            postgresql_where=text("status = 'hold'"),
        ),
    )


class RoomNightRow(Base):
    """One night of one room, taken. A hold past ``expires_at`` counts as free."""

    __tablename__ = "room_night"

    property: Mapped[str] = mapped_column(String(20), primary_key=True)
    room: Mapped[str] = mapped_column(String(12), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(String(20), index=True)
    status: Mapped[str] = mapped_column(String(8))
    """hold, booked, block"""
    expires_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "night"), {"sqlite_with_rowid": False})


class HoldAuditRow(Base):
    """Every creation, extension, release and expiry of a hold."""

    __tablename__ = "hold_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    what: Mapped[str] = mapped_column(String(12))
    """created, extended, released, expired"""
    by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(index=True)


class ReceiptRow(Base):
    """A file that shows a payment, beside the booking it is for. One file is the receipt of one booking; what comes
    again elsewhere names the booking that had it first."""

    __tablename__ = "receipt"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"))
    attachment_id: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None] = mapped_column(String(12))
    duplicate_of: Mapped[str | None] = mapped_column(String(12))
    """The code of the booking that had the file first."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        UniqueConstraint("booking_id", "sha256"),
        # Whoever comes first has it, whatever number of processes are given the file at once.
        Index(
            "uq_receipt_original",
            "sha256",
            unique=True,
            sqlite_where=text("duplicate_of IS NULL"),
            postgresql_where=text("duplicate_of IS NULL"),
        ),
    )


class DepositAuditRow(Base):
    """Every step of a deposit, of the sale in the PMS, and of changes."""

    __tablename__ = "deposit_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(index=True)


class BookingChangeRow(Base):
    """Another stay for a booking that is sold already: wanted here, then done in the PMS, then true."""

    __tablename__ = "booking_change"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"))
    state: Mapped[str] = mapped_column(String(10))
    """pending, done, refused, withdrawn"""
    room_number: Mapped[str] = mapped_column(String(12))
    room_type: Mapped[str] = mapped_column(String(40))
    check_in: Mapped[date]
    check_out: Mapped[date]
    guests: Mapped[int]
    children: Mapped[int]
    babies: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(BigInteger)
    deposit: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        # One change at a time.
        Index(
            "uq_booking_change_pending",
            "booking_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class IdentityTryRow(Base):
    """A code with a contact that did not fit it: they are counted, so that nobody guesses."""

    __tablename__ = "identity_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "conversation_id", "at"),)


class VoucherRow(Base):
    """One voucher per booking and version of its stay; the files are attachments of the conversation."""

    __tablename__ = "voucher"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[str] = mapped_column(String(20))
    calendar_id: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    sent: Mapped[int] = mapped_column(default=0)
    """How often it was asked to be sent, the first time included."""
    sent_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    mail_error: Mapped[str | None] = mapped_column(String(40))


class MirrorRow(Base):
    """How far the PMS was followed, and what was found to differ from what is known here."""

    __tablename__ = "pms_mirror"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    """The property."""
    asked_until: Mapped[datetime | None]
    """Changes before this moment are known."""
    looked_at: Mapped[datetime]
    complete_at: Mapped[datetime | None]
    """When everything was compared last."""
    error: Mapped[str | None] = mapped_column(String(40))
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
