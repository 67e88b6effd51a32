"""Tables of the appointments room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class AppointmentRow(Base):
    __tablename__ = "appointment"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What it was asked under; the same again makes no second one."""
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    service: Mapped[str] = mapped_column(String(40))
    resource: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]
    start: Mapped[datetime]
    end: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12))
    price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    name: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (Index(None, "person_id", "start"), Index(None, "start"))


class AppointmentCellRow(Base):
    """A stretch of the grid of one place, taken. The key is what keeps two customers apart."""

    __tablename__ = "appointment_cell"

    resource: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    appointment_id: Mapped[str] = mapped_column(ForeignKey("appointment.id"), index=True)


class PurchaseRow(Base):
    __tablename__ = "package_purchase"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    package: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    sessions: Mapped[int]
    price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
