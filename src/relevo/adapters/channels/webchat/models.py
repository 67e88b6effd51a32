"""Table of the sites that show the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class SiteRow(Base):
    __tablename__ = "site"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    origins: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
