"""The text channel itself. It has nothing to carry: the visitor's page fetches; the message waits in the thread."""

from __future__ import annotations

from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Delivery


class Webchat:
    name = "webchat"
    fetched = True

    async def deliver(self, outgoing: Outgoing) -> Sent:  # noqa: ARG002
        return Sent(Delivery.SENT)
