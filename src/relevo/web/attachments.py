"""HTTP of files in conversations: sent by visitors and staff, fetched by those who may see the conversation.

A file comes from a stranger. It is taken for what its bytes say, answered under its own strict policy, never as
something a browser runs, and downloaded rather than shown unless it is a picture or a PDF.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from relevo.conversations.attachments import Attachments
from relevo.conversations.files import PDF, SHOWN_INLINE, Attachment
from relevo.conversations.rules import MAX_TEXT, Conversation
from relevo.conversations.service import Conversations
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.limits import Limit
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate, bearer
from relevo.web.recordings import disposition

FILES_PER_MINUTE = 6
ADDRESS_FILES_PER_MINUTE = 30
NOTHING = "default-src 'none'; frame-ancestors 'self'; sandbox"
PAPER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A browser's own PDF viewer does not open in a sandbox; it runs nothing of ours."""
_OPEN: Mapping[str, str] = {"x-open": "visitors; the session's own bearer token is checked"}
_FIELD = 64
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


class Visitors(Protocol):
    """Who knows visitors' sessions."""

    async def check(self, session_id: str, token: str | None) -> Conversation:
        """Raises ``Unauthorized``."""
        ...


def router(
    db: Database, conversations: Conversations, attachments: Attachments, visitors: Visitors, gate: Gate, clock: Clock
) -> APIRouter:
    routes = APIRouter(tags=["attachments"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]
    uploads, senders = Limit(clock, FILES_PER_MINUTE), Limit(clock, ADDRESS_FILES_PER_MINUTE)

    @routes.post("/api/webchat/sessions/{session_id}/attachments", status_code=202, openapi_extra=dict(_OPEN))
    async def send(session_id: str, request: Request) -> dict[str, Any]:
        # The form is not read before it is known who sends it.
        conversation = await visitors.check(session_id, bearer(request))
        uploads.use(conversation.id)
        senders.use(counted_as(request.client.host if request.client else None))
        async with db.read() as session:
            await attachments.check_room(session, conversation.id)
        sent = await _read(request)
        stored = await attachments.store(sent.content)
        async with db.write() as tx:
            attachment = await attachments.add(tx, conversation.id, name=sent.name, stored=stored)
            received = await conversations.receive(
                tx, conversation.id, text=sent.text, attachments=[attachment],
                external_id=f"{conversation.id}:{sent.client_id}" if sent.client_id else None,
            )  # fmt: skip
            if received.duplicate:
                await attachments.drop(tx, attachment)
        return {"id": received.message.id, "attachments": [dict(each) for each in received.message.attachments]}

    @routes.get("/api/webchat/sessions/{session_id}/attachments/{attachment_id}", openapi_extra=dict(_OPEN))
    async def own(session_id: str, attachment_id: str, request: Request) -> Response:
        conversation = await visitors.check(session_id, bearer(request))
        async with db.read() as session:
            attachment = await attachments.get(session, attachment_id)
            message = await conversations.message(session, attachment.message_id or "")
        if attachment.conversation_id != conversation.id or message is None or not message.for_customer:
            raise NotFound("no_attachment")
        return answer(attachment, await attachments.read(attachment), request.headers.get("range"))

    @routes.get("/api/attachments/{attachment_id}")
    async def fetch(attachment_id: str, request: Request, staff: Reader) -> Response:
        async with db.read() as session:
            attachment = await attachments.get(session, attachment_id)
        gate.saw(staff, "attachment_read", attachment_id, details={"conversation": attachment.conversation_id})
        return answer(attachment, await attachments.read(attachment), request.headers.get("range"))

    @routes.post("/api/conversations/{conversation_id}/attachments", status_code=201)
    async def write(conversation_id: str, request: Request, staff: Agent) -> dict[str, Any]:
        sent = await _read(request)
        stored = await attachments.store(sent.content)
        async with db.write() as tx:
            attachment = await attachments.add(tx, conversation_id, name=sent.name, stored=stored)
            message = await conversations.agent_says(
                tx, conversation_id, staff=staff, text=sent.text, client_id=sent.client_id or None,
                attachments=[attachment],
            )  # fmt: skip
            if not any(each["id"] == attachment.id for each in message.attachments):
                await attachments.drop(tx, attachment)
            return (await conversations.message_json(tx.session, [message]))[0]

    return routes


@dataclass(frozen=True, slots=True)
class _Sent:
    """One file of a form, with the words beside it."""

    name: str
    content: bytes
    text: str
    client_id: str


async def _read(request: Request) -> _Sent:
    """``file``, and perhaps ``text`` and ``client_id``. Raises ``Invalid`` for any other form."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Invalid("malformed")
    async with request.form(max_files=1, max_fields=2, max_part_size=4 * MAX_TEXT) as form:
        file, text, client_id = form.get("file"), form.get("text", ""), form.get("client_id", "")
        if not isinstance(file, UploadFile) or not isinstance(text, str) or not isinstance(client_id, str):
            raise Invalid("malformed")
        if set(form) - {"file", "text", "client_id"} or not _plain(client_id):
            raise Invalid("malformed")
        return _Sent(file.filename or "", await file.read(), text, client_id)


def _plain(client_id: str) -> bool:
    return len(client_id) <= _FIELD and all(char.isalnum() or char in "_.:-" for char in client_id)


def answer(attachment: Attachment, content: bytes, wanted: str | None = None) -> Response:
    """The file as it is, and no chance to be anything else. ``wanted``: the ``Range`` header; some players insist."""
    span = part(wanted, len(content))
    return Response(
        content[span[0] : span[1]] if span else content,
        status_code=206 if span else 200,
        media_type=attachment.media_type,
        headers={
            "accept-ranges": "bytes",
            **({"content-range": f"bytes {span[0]}-{span[1] - 1}/{len(content)}"} if span else {}),
            "content-security-policy": PAPER if attachment.media_type == PDF else NOTHING,
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
            "content-disposition": disposition(attachment.name, attachment=attachment.media_type not in SHOWN_INLINE),
        },
    )


def part(wanted: str | None, size: int) -> tuple[int, int] | None:
    """From and before which byte; None for all of it, which is also the answer to whatever is no single range."""
    found = _RANGE.fullmatch(wanted or "")
    if found is None or not (found[1] or found[2]):
        return None
    begin = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    return (begin, end) if begin < end else None
