"""Tables of the e-mail channel: how far each folder of a mailbox is read, and what became of every mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.db import Base


class MailboxRow(Base):
    """A folder and the last mail of it that was dealt with; valid as long as its ``uidvalidity`` is."""

    __tablename__ = "mailbox"

    account: Mapped[str] = mapped_column(String(254), primary_key=True)
    folder: Mapped[str] = mapped_column(String(200), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime | None]
    """When the server got that mail."""
    looked_at: Mapped[datetime | None]
    mode: Mapped[str] = mapped_column(String(10))
    error: Mapped[str | None] = mapped_column(String(40))


class MailRow(Base):
    """One mail, in or out. What is quarantined keeps its bytes; what was taken keeps its page until it is forgotten."""

    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    account: Mapped[str] = mapped_column(String(254))
    key: Mapped[str] = mapped_column(String(64))
    """Hash of its Message-ID and its sender: the same mail again is the same row."""
    id_hash: Mapped[str] = mapped_column(String(64))
    """Hash of its Message-ID alone, by which others refer to it."""
    message_id: Mapped[str] = mapped_column(String(1000))
    references: Mapped[list[str]] = mapped_column(JSON)
    direction: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(40))
    folder: Mapped[str | None] = mapped_column(String(200))
    uid: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str | None] = mapped_column(String(254))
    """The other side's."""
    subject: Mapped[str] = mapped_column(String(500))
    subject_key: Mapped[str] = mapped_column(String(200))
    conversation_id: Mapped[str | None] = mapped_column(String(20))
    message_ref: Mapped[str | None] = mapped_column(String(20), index=True)
    """Its message in the conversation."""
    html: Mapped[str | None] = mapped_column(Text)
    """Made safe."""
    raw_key: Mapped[str | None] = mapped_column(String(80))
    tries: Mapped[int]
    retry_at: Mapped[datetime | None]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("account", "key"),
        Index(None, "account", "id_hash"),
        Index(None, "account", "address", "at"),
        Index(None, "conversation_id", "at"),
        Index(None, "state", "retry_at"),
    )
