"""What conversations need from outside: somebody who carries a message to the customer."""

from __future__ import annotations

from typing import Protocol

from relevo.conversations.rules import Delivery, Message


class Channel(Protocol):
    """A text channel. ``deliver`` runs in a durable job, at least once; the message id is the idempotency key."""

    name: str

    async def deliver(self, message: Message) -> Delivery:
        """Hand the message to the carrier and say how far it got. Raises ``ProviderError``."""
        ...
