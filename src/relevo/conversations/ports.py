"""What conversations need from outside: somebody who carries a message to the customer, and somewhere for files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from relevo.conversations.rules import Delivery, Message


class Channel(Protocol):
    """A text channel. ``deliver`` runs in a durable job, at least once; the message id is the idempotency key."""

    name: str

    async def deliver(self, message: Message) -> Delivery:
        """Hand it to the carrier, its ``attachments`` too, and say how far it got. Raises ``ProviderError``."""
        ...


class FileStore(Protocol):
    """Content by a key that is made of what it contains. Blocking; safe to use from several threads and processes."""

    def put(self, key: str, content: bytes) -> None:
        """When it returns, the content survives a power cut. Again with the same key: nothing changes."""
        ...

    def read(self, key: str) -> bytes:
        """Raises ``FileNotFoundError``."""
        ...

    def keys(self) -> Iterator[str]:
        """Of everything that is there."""
        ...

    def remove(self, key: str, *, untouched_since: datetime) -> bool:
        """Delete it, unless it was put, or put again, since then. False: it stays, or was not there."""
        ...
