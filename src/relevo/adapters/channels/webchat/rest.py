"""Requests of visitors: opening a session, writing, fetching, and what the socket does where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.channels.webchat import frames
from relevo.adapters.channels.webchat.sessions import Limits, Sessions, Settings, Start
from relevo.adapters.channels.webchat.sites import is_own, own_origin
from relevo.adapters.channels.webchat.visits import Visit, Visits
from relevo.conversations.rules import Control, Kind, Message, iso
from relevo.conversations.service import Conversations, topic
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden
from relevo.kit.live import Listener, Live

OPEN: Mapping[str, str] = {"x-open": "visitors; the session's own bearer token is checked"}


class Write(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=8_000)
    client_id: str | None = Field(None, max_length=64, pattern=frames.CLIENT_ID)


def reply_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "text": message.text,
        "buttons": list(message.buttons),
        "attachments": [dict(each) for each in message.attachments],
    }


def visible(messages: list[Message]) -> list[Message]:
    """What the visitor may see: no notes, no drafts, no events."""
    return [message for message in messages if message.kind is Kind.TEXT]


def router(
    db: Database,
    conversations: Conversations,
    sessions: Sessions,
    live: Live,
    clock: Clock,
    settings: Settings,
    limits: Limits | None = None,
    public_url: str = "",
) -> APIRouter:
    routes = APIRouter(prefix="/api/webchat/sessions", tags=["webchat"])
    limits = limits or Limits(clock, settings)

    @routes.post("", status_code=201, openapi_extra=dict(OPEN))
    async def start(request: Request, body: Start | None = None) -> dict[str, Any]:
        limits.starts.use(sender(request))
        wanted = body or Start()
        if wanted.key is not None and not is_own(request, public_url):
            raise Forbidden("not_on_this_page")
        conversation, token, greeting = await sessions.start(wanted, own_origin(request, public_url))
        return {"id": conversation.id, "token": token, "greeting": reply_json(greeting)}

    @routes.post("/{session_id}/messages", openapi_extra=dict(OPEN))
    async def write(session_id: str, body: Write, request: Request, response: Response, wait: bool = False) -> Any:
        conversation = await sessions.check(session_id, bearer(request))
        limits.writes.use(conversation.id)
        limits.senders.use(sender(request))
        listener = Listener()
        if wait:
            live.listen(listener, topic(conversation.id))
        try:
            async with db.write() as tx:
                external_id = f"{conversation.id}:{body.client_id}" if body.client_id else None
                received = await conversations.receive(
                    tx, conversation.id, text=body.text, external_id=external_id,
                    meta={"client_id": body.client_id} if body.client_id else None,
                )  # fmt: skip
            if wait:
                replies = await _wait_for_replies(listener, received.message, settings.wait_seconds)
                if replies:
                    return {"replies": [reply_json(message) for message in replies]}
        finally:
            live.leave_all(listener)
        response.status_code = 202
        return {"id": received.message.id}

    async def _wait_for_replies(listener: Listener, message: Message, seconds: float) -> list[Message]:
        async def answered() -> list[Message]:
            async with db.read() as session:
                later = await conversations.messages(session, message.conversation_id, after_seq=message.seq)
            return [each for each in visible(later) if each.meta.get("reply_to") == message.id]

        try:
            async with asyncio.timeout(seconds):
                while not (replies := await answered()):
                    async with db.read() as session:
                        current = await conversations.get(session, message.conversation_id)
                    if current.control is not Control.BOT:
                        return []
                    await listener.queue.get()
                return replies
        except TimeoutError:
            return []

    @routes.get("/{session_id}/messages", openapi_extra=dict(OPEN))
    async def fetch(
        session_id: str, request: Request, after: Annotated[str | None, Query(max_length=40)] = None
    ) -> dict[str, Any]:
        conversation = await sessions.check(session_id, bearer(request))
        async with db.read() as session:
            seen = await conversations.message(session, after) if after else None
            after_seq = seen.seq if seen and seen.conversation_id == conversation.id else 0
            messages = visible(await conversations.messages(session, conversation.id, after_seq=after_seq))
        if messages:
            await conversations.customer_has(conversation.id, messages[-1].seq)
        return {
            "items": [
                {**reply_json(message), "author": message.author.value, "at": iso(message.at)} for message in messages
            ],
            "last": messages[-1].id if messages else after,
        }

    return routes


def frames_router(sessions: Sessions, visits: Visits, live: Live, settings: Settings) -> APIRouter:
    """The same frames as over the socket, for pages whose network lets no socket through."""
    routes = APIRouter(prefix="/api/webchat/sessions", tags=["webchat"])

    @routes.post("/{session_id}/frames", openapi_extra=dict(OPEN))
    async def put(session_id: str, order: frames.Envelope, request: Request) -> dict[str, Any]:
        conversation = await sessions.check(session_id, bearer(request))
        return {"frames": await visits.obey(conversation, order.model_dump(), sender(request))}

    @routes.get("/{session_id}/events", openapi_extra=dict(OPEN))
    async def events(
        session_id: str, request: Request, after: Annotated[int, Query(ge=0, le=10**9)] = 0, wait: bool = False
    ) -> dict[str, Any]:
        """Everything after ``after``, at once; with ``wait`` only what is new, once there is something."""
        conversation = await sessions.check(session_id, bearer(request))
        listener = Listener()
        live.listen(listener, topic(conversation.id))
        visit = Visit(visits, conversation, after)
        try:
            made = await (visit.news() if wait else visit.welcome())
            async with asyncio.timeout(settings.poll_seconds):
                while not made:
                    made = await visit.told(await listener.queue.get())
        except TimeoutError:
            made = []
        finally:
            live.leave_all(listener)
        return {"frames": made, "last_seq": visit.seen}

    return routes


def sender(request: Request) -> str:
    return counted_as(request.client.host if request.client else None)


def bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
