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


class FigureSpreadRow(Base):
    """How many of a fact of a day lie in one stretch of seconds (``spreads``)."""

    __tablename__ = "figure_spread"

    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(String(30), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    stretch: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class FiguredDayRow(Base):
    """A day that has been added up, when, and with which facts."""

    __tablename__ = "figured_day"

    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]
    edition: Mapped[int] = mapped_column(default=1, server_default="1")


class FigureLookRow(Base):
    """Until when what came late has been looked for."""

    __tablename__ = "figure_look"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    until: Mapped[datetime.datetime]


class PriceRow(Base):
    """What something costs the house, from a day on. Only ever added to; of a day the last word counts."""

    __tablename__ = "price"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """Ten-thousandths of the house's currency; null: it is not known any more."""
    since: Mapped[datetime.date]
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
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
