"""Tables of the reports room: what a day came to. They can be made again from what they were made of."""

from __future__ import annotations

import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class FigureDayRow(Base):
    """One figure of one day of the house's clock, by channel and by member of staff (empty: of nobody)."""

    __tablename__ = "figure_day"

    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)


class FiguredDayRow(Base):
    """A day that has been added up, and when."""

    __tablename__ = "figured_day"

    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]


class ScheduleRow(Base):
    """An export that is posted on time."""

    __tablename__ = "report_schedule"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(8))
    every: Mapped[str] = mapped_column(String(8))
    to: Mapped[list[str]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    next_at: Mapped[datetime.datetime]
    created_at: Mapped[datetime.datetime]
