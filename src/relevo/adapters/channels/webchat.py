"""Web chat: sessions of anonymous visitors, their messages, and the bot's and agents' answers.

A visitor holds a bearer token; only its fingerprint is stored. A session is one conversation. Answers are fetched by
polling, or by waiting on the very request that sent the message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo.bot.service import Bot
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Control, Conversation, Delivery, Kind, Message, iso
from relevo.conversations.service import Conversations, topic
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.crypto import fingerprint, new_token
from relevo.kit.db import Database
from relevo.kit.errors import NotFound, Unauthorized
from relevo.kit.limits import Limit
from relevo.kit.live import Listener, Live
from relevo.people.rules import Identity, IdentityKind
from relevo.people.service import People

WAIT_SECONDS = 10
MESSAGES_PER_MINUTE = 20
ADDRESS_MESSAGES_PER_MINUTE = 120
"""Several guests may share the lobby's router; a program that opens session after session is one address too."""
SESSIONS_PER_MINUTE = 30


class Settings(BaseModel):
    """Limits of the public chat."""

    model_config = ConfigDict(extra="forbid")
    wait_seconds: float = WAIT_SECONDS
    messages_per_minute: int = MESSAGES_PER_MINUTE
    address_messages_per_minute: int = ADDRESS_MESSAGES_PER_MINUTE
    sessions_per_minute: int = SESSIONS_PER_MINUTE


class Start(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(None, max_length=120)
    locale: str | None = Field(None, max_length=10, pattern=r"^[a-zA-Z_-]+$")


class Write(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=8_000)
    client_id: str | None = Field(None, max_length=64, pattern=r"^[\w.:-]+$")


class Webchat:
    """The channel. ``deliver`` has nothing to carry: the visitor's page fetches; the message waits in the thread."""

    name = "webchat"

    async def deliver(self, outgoing: Outgoing) -> Sent:  # noqa: ARG002
        return Sent(Delivery.SENT)


class Sessions:
    """Opens and checks visitors' sessions; the browser line uses the same ones."""

    def __init__(self, db: Database, conversations: Conversations, people: People, bot: Bot) -> None:
        self._db = db
        self._conversations = conversations
        self._people = people
        self._bot = bot

    async def start(self, start: Start) -> tuple[Conversation, str, Message]:
        token = new_token()
        async with self._db.write() as tx:
            person = await self._people.find_or_create(
                tx, [Identity(IdentityKind.WEBCHAT, fingerprint(token)[:32])], name=start.name, locale=start.locale
            )
            conversation = await self._conversations.open(
                tx,
                channel="webchat",
                person_id=person.id,
                meta={"token": fingerprint(token), "locale": start.locale},
            )
        greeting = await self._bot.greeting(conversation.id, channel="webchat", locale=start.locale)
        async with self._db.write() as tx:
            said = await self._conversations.bot_says(
                tx, conversation.id, version=conversation.control_version, replies=[greeting]
            )
        return conversation, token, said.messages[0]

    async def check(self, session_id: str, token: str | None) -> Conversation:
        """The conversation of a session. One answer for a wrong id and a wrong token."""
        async with self._db.read() as session:
            try:
                conversation = await self._conversations.get(session, session_id)
            except NotFound:
                raise Unauthorized("bad_session") from None
        if not token or conversation.meta.get("token") != fingerprint(token):
            raise Unauthorized("bad_session")
        return conversation

    async def verify(self, session_id: str, token: str) -> Conversation | None:
        try:
            return await self.check(session_id, token)
        except Unauthorized:
            return None


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
) -> APIRouter:
    routes = APIRouter(prefix="/api/webchat/sessions", tags=["webchat"])
    starts, writes = Limit(clock, settings.sessions_per_minute), Limit(clock, settings.messages_per_minute)
    senders = Limit(clock, settings.address_messages_per_minute)
    open_to: Mapping[str, str] = {"x-open": "visitors; the session's own bearer token is checked"}

    @routes.post("", status_code=201, openapi_extra=dict(open_to))
    async def start(request: Request, body: Start | None = None) -> dict[str, Any]:
        starts.use(_sender(request))
        conversation, token, greeting = await sessions.start(body or Start())
        return {"id": conversation.id, "token": token, "greeting": reply_json(greeting)}

    @routes.post("/{session_id}/messages", openapi_extra=dict(open_to))
    async def write(session_id: str, body: Write, request: Request, response: Response, wait: bool = False) -> Any:
        conversation = await sessions.check(session_id, _bearer(request))
        writes.use(conversation.id)
        senders.use(_sender(request))
        listener = Listener()
        if wait:
            live.listen(listener, topic(conversation.id))
        try:
            async with db.write() as tx:
                external_id = f"{conversation.id}:{body.client_id}" if body.client_id else None
                received = await conversations.receive(tx, conversation.id, text=body.text, external_id=external_id)
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

    @routes.get("/{session_id}/messages", openapi_extra=dict(open_to))
    async def fetch(
        session_id: str, request: Request, after: Annotated[str | None, Query(max_length=40)] = None
    ) -> dict[str, Any]:
        conversation = await sessions.check(session_id, _bearer(request))
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


def _sender(request: Request) -> str:
    return counted_as(request.client.host if request.client else None)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
