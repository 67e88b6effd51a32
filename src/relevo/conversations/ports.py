"""What conversations need from outside: somebody who carries a message to the customer, somebody who writes down what
a voice note says, and somewhere for files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from relevo.conversations.incoming import Media
from relevo.conversations.rules import Conversation, Delivery, Message


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is to be handed over now: whoever made it may send it, and the window is open."""

    message: Message
    """Its id is the idempotency key."""
    conversation: Conversation
    attempt: int
    """1 the first time. From 2 on the carrier may have it already."""
    read: Callable[[Mapping[str, Any]], Awaitable[bytes]]
    """The content of one of the message's ``attachments``."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How far a message got."""

    delivery: Delivery
    carrier_id: str | None = None
    """By which the carrier's statuses name it."""
    address: str | None = None
    """The other form of the address, where that is the one that worked; remembered as ``Conversation.reach``."""


class Channel(Protocol):
    """A text channel. ``deliver`` runs in a durable job, at least once and outside any transaction."""

    name: str
    # A channel with ``fetched = True`` has nothing to carry: the customer's side comes for its messages.

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Hand it to the carrier, its files too. Raises ``ProviderError``: nothing was handed over."""
        ...


@runtime_checkable
class MediaSource(Protocol):
    """A channel whose files are fetched from its carrier."""

    async def fetch(self, media: Media, account: str) -> bytes:
        """Raises ``ProviderError``, and ``Invalid`` or ``TooLarge`` for what is not taken."""
        ...


@dataclass(frozen=True, slots=True)
class NoteTranscript:
    """What was understood of a voice note."""

    text: str
    confidence: float
    """0 to 1."""
    seconds: float


class Transcriber(Protocol):
    async def transcribe(self, content: bytes, *, language: str | None) -> NoteTranscript:
        """Raises ``ProviderError``, and ``Invalid`` for what is no sound."""
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
