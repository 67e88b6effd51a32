"""What the loopback Twilio knows: messages of both directions, contents, files."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any


@dataclass(slots=True)
class Kept:
    """One message."""

    sid: str
    from_: str
    to: str
    body: str
    at: datetime
    inbound: bool
    status: str
    callback: str = ""
    media_url: str = ""
    content: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """(title, id) of what can be chosen."""
    error: int | None = None
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By media sid: type and content."""

    def json(self, account: str) -> dict[str, Any]:
        return {
            "sid": self.sid, "account_sid": account, "from": self.from_, "to": self.to, "body": self.body,
            "status": self.status, "direction": "inbound" if self.inbound else "outbound-api",
            "num_media": str(len(self.files) + bool(self.media_url)), "error_code": self.error,
            "date_created": format_datetime(self.at), "date_sent": format_datetime(self.at),
        }  # fmt: skip


class Shelf:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.messages: dict[str, Kept] = {}
        self.contents: dict[str, dict[str, Any]] = {}
        self.typing: list[str] = []
        self.typed = asyncio.Event()
        self.sender: dict[str, Any] = {}
        """What is set up for the WhatsApp sender: ``status`` and ``webhook``."""

    @property
    def sent(self) -> list[Kept]:
        """What we were given to deliver, oldest first."""
        return [message for message in self.messages.values() if not message.inbound]

    def add(self, **what: Any) -> Kept:
        kept = Kept(sid=f"SM{secrets.token_hex(16)}", at=self._now(), **what)
        self.messages[kept.sid] = kept
        return kept

    def add_content(self, given: Mapping[str, Any], *, approved: bool = False) -> str:
        sid = f"HX{secrets.token_hex(16)}"
        self.contents[sid] = {**given, "sid": sid, "approved": approved}
        return sid
