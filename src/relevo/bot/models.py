"""The bot's one table: the state of each dialogue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class DialogueRow(Base):
    __tablename__ = "bot_dialogue"

    conversation_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
