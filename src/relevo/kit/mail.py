"""Outgoing e-mail as every room sees it: a letter, its files, and somebody who posts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MailFile:
    name: str
    media_type: str
    content: bytes


class Mailer(Protocol):
    """Posts one letter. Called from durable jobs, at least once."""

    on: bool
    """False: no server is configured, and ``send`` raises ``Misconfigured("mail_off")``."""

    async def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        attachments: Sequence[MailFile] = (),
        key: str,
    ) -> None:
        """``key`` makes the ``Message-ID``, so that a repetition is recognised as the same letter. Raises
        ``ProviderError``: ``NotReady`` where waiting helps, ``BadCredentials``, or one that is final."""
        ...
