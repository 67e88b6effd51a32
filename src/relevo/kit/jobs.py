"""The tables of durable work: what was promised, and what of it has been done outside. They decide nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class JobRow(Base):
    __tablename__ = "job"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    lane: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """waiting, running, done, parked"""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]
    queue_id: Mapped[int | None] = mapped_column(BigInteger)
    """Its number in Procrastinate's queue, where there is one."""

    __table_args__ = (Index(None, "state", "run_at"), Index(None, "lane", "state"), Index(None, "queue_id"))


class JobStepRow(Base):
    """What a job has already done outside: (job, step) is written once."""

    __tablename__ = "job_step"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
