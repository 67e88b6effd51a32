"""Tables of the bookings room. ``room_night`` is what makes it impossible to sell a night twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
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

    __table_args__ = (
        Index(None, "status", "created_at"),
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

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class


class HoldAuditRow(Base):
    """Every creation, extension, release and expiry of a hold."""

    __tablename__ = "hold_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    what: Mapped[str] = mapped_column(String(12))
    """created, extended, released, expired"""
    by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
