"""A carrier for tests: numbers what it takes, and fails when it is told to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from relevo.conversations.incoming import Incoming, Media
from relevo.conversations.ports import NoteTranscript, Outgoing, Sent
from relevo.conversations.rules import Author, Delivery
from relevo.people.rules import Identity, IdentityKind

ACCOUNT = "5493415550000"
AT = datetime(2026, 11, 21, 11, 59, tzinfo=UTC)
DAY = timedelta(hours=24)


class Carrier:
    name = "whatsapp"

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.failures: list[BaseException] = []
        self.files: dict[str, bytes | Exception] = {}
        self.fetched_refs: list[str] = []
        self.watch: Callable[[str, Author, str], None] | None = None
        self.other_form: str | None = None

    async def deliver(self, outgoing: Outgoing) -> Sent:
        if self.watch is not None:
            self.watch(outgoing.conversation.id, outgoing.message.author, outgoing.message.text)
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(outgoing)
        return Sent(Delivery.SENT, f"wamid.{outgoing.message.id}.{outgoing.attempt}", self.other_form)

    async def fetch(self, media: Media, account: str) -> bytes:
        assert account == ACCOUNT
        self.fetched_refs.append(media.ref)
        found = self.files[media.ref]
        if isinstance(found, Exception):
            raise found
        return found

    @property
    def texts(self) -> list[str]:
        return [each.message.text for each in self.taken]

    def by(self, author: Author) -> list[str]:
        return [each.message.text for each in self.taken if each.message.author is author]

    def counts(self) -> Counter[str]:
        return Counter(each.message.id for each in self.taken)


class Scribe:
    """Writes down every voice note in the same words."""

    def __init__(self, text: str = "quiero una doble", confidence: float = 0.9) -> None:
        self.said = NoteTranscript(text, confidence, 4.2)
        self.heard = 0

    async def transcribe(self, content: bytes, *, language: str | None) -> NoteTranscript:  # noqa: ARG002
        self.heard += 1
        return self.said


def incoming(external_id: str, text: str = "Hola", *, phone: str = "+5493415550001", **more: Any) -> Incoming:
    """A message of WhatsApp's kind."""
    given: dict[str, Any] = {
        "channel": "whatsapp",
        "account": ACCOUNT,
        "address": phone.removeprefix("+"),
        "identities": (Identity(IdentityKind.PHONE, phone),),
        "at": AT,
        "window": DAY,
    }
    return Incoming(external_id=external_id, text=text, **{**given, **more})
