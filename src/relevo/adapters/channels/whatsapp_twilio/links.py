"""Links under which Twilio fetches a file that we send: signed, for one attachment, good for a few hours.

There is no other way to hand it a file. The link is as secret as the message that carries it; it opens nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from relevo.adapters.channels.whatsapp_twilio.settings import FILES
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import Attachment
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.errors import NotFound

SECONDS = 15_000
"""A little more than the four hours for which Twilio may keep a message waiting."""
OPEN: dict[str, Any] = {"x-open": "the link is signed, for one file, and lives for a few hours"}
Answer = Callable[[Attachment, bytes], Response]
"""The file as it is, and no chance to be anything else."""


class FileLinks:
    def __init__(self, secret: str, public_url: str) -> None:
        self._signer = LinkSigner(secret, salt="whatsapp_twilio.file", seconds=SECONDS)
        self._public = public_url.rstrip("/")

    def to(self, attachment_id: str) -> str:
        return f"{self._public}{FILES}/{self._signer.sign(attachment_id)}"

    def behind(self, token: str) -> str | None:
        return self._signer.check(token)


def router(db: Database, attachments: Attachments, links: FileLinks, answer: Answer) -> APIRouter:
    routes = APIRouter(tags=["whatsapp"])

    @routes.api_route(f"{FILES}/{{token}}", methods=["GET", "HEAD"], openapi_extra=OPEN)
    async def fetch(token: str) -> Response:
        attachment_id = links.behind(token)
        if attachment_id is None:
            raise NotFound("no_attachment")
        async with db.read() as session:
            attachment = await attachments.get(session, attachment_id)
        return answer(attachment, await attachments.read(attachment))

    return routes
