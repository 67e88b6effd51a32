"""What outreach needs from outside: somebody who posts letters (the same as for every room below), and somebody who
sends approved templates where a channel carries free text no longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from relevo.kit.mail import Mailer, MailFile

__all__ = ["MailFile", "Mailer", "Templates"]


class Templates(Protocol):
    """WhatsApp templates. Called from durable jobs, at least once."""

    async def find(self, key: str) -> str | None:
        """The carrier's id of what left under ``key``. Asked before every repetition; may raise ``ProviderError``."""
        ...

    async def send(self, *, to: str, template: str, locale: str, params: Sequence[str], key: str) -> str:
        """Send the template ``template`` to a number in E.164; answers the carrier's id. Raises ``ProviderError``."""
        ...
