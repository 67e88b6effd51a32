"""Tables of the tours room. ``tour_seat`` is what makes it impossible to sell a seat twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class TourPlaceRow(Base):
    __tablename__ = "tour_place"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What it was asked under; the same again makes no second one."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    excursion: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    start: Mapped[datetime]
    adults: Mapped[int]
    children: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(12))
    guest_name: Mapped[str | None] = mapped_column(String(120))
    guest_phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (Index(None, "day", "excursion"),)


class TourSeatRow(Base):
    """A seat of a departure, taken."""

    __tablename__ = "tour_seat"

    excursion: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_id: Mapped[str] = mapped_column(ForeignKey("tour_place.id"), index=True)


class PartnerRow(Base):
    __tablename__ = "partner"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    rate: Mapped[int]
    """Hundredths of a per cent."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class PartnerVisitRow(Base):
    """A conversation in which an agency has proven who it is."""

    __tablename__ = "partner_visit"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id"))
    at: Mapped[datetime]


class PartnerTryRow(Base):
    """A code and a contact that did not belong together."""

    __tablename__ = "partner_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "conversation_id", "at"),)


class CommissionRow(Base):
    """A booking of a partner's. The booking is its room's; here it is known by its id and its code."""

    __tablename__ = "commission"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id"))
    booking_id: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(12))
    conversation_id: Mapped[str] = mapped_column(String(20))
    rate: Mapped[int]
    title: Mapped[str] = mapped_column(String(10))
    check_in: Mapped[date]
    check_out: Mapped[date]
    total: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "partner_id", "at"),)


class CommissionEntryRow(Base):
    """The ledger: rows are added and never changed."""

    __tablename__ = "commission_entry"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    commission_id: Mapped[str] = mapped_column(ForeignKey("commission.id"))
    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    base: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("commission_id", "kind"), Index(None, "partner_id", "at"))
