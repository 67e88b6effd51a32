"""The whole product with a mailbox on a real IMAP server, and a real SMTP server that keeps what it is sent."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session
from pydantic import SecretStr

from relevo.adapters.channels.email import store
from relevo.adapters.channels.email.mailbox import Settings as Paces
from relevo.adapters.channels.email.receiving import CHANNEL, Receiving
from relevo.adapters.channels.email.store import Cursor, Kept
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.app.compose import Product
from relevo.conversations.rules import Conversation, Kind, Message
from relevo.people.rules import Role, Staff
from relevo.settings import Settings
from tests.dovecot import User
from tests.email.letters import letter
from tests.ready import migrate

OURS = "reservas@mirador.example"
PATIENCE = 20.0
PASSWORD = "una clave muy larga"


class Post:
    """What was sent, in order; ``refuse`` is what the next recipients hear."""

    def __init__(self) -> None:
        self.letters: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self.raw: list[bytes] = []
        self.to: list[str] = []
        self.refuse = ""
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        self.raw.append(envelope.content)
        self.to += envelope.rcpt_tos
        self.letters.put_nowait(found)
        return "250 OK"

    async def next(self) -> EmailMessage:
        return await asyncio.wait_for(self.letters.get(), PATIENCE)


@asynccontextmanager
async def post_office() -> AsyncIterator[Post]:
    post = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(post, hostname="localhost"), "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    yield post
    server.close()
    await server.wait_closed()


@dataclass
class World:
    product: Product
    post: Post
    user: User
    http: httpx.AsyncClient
    dealt: asyncio.Queue[bytes | None]
    """One for every mail that was dealt with."""
    looks: asyncio.Queue[None]
    _tokens: dict[Role, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    async def write(self, body: str = "Hola, quiero reservar.", **headers: str | None) -> str:
        """A guest's mail arrives and is dealt with. Answers its Message-ID."""
        message_id = f"{next(self._numbers)}.guest@casa.example"
        await self.put(letter(body, **{"Message_ID": f"<{message_id}>", **headers}))
        return message_id

    async def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        await asyncio.to_thread(self.user.put, *mails, folder=folder)
        waiting = list(mails)
        while waiting:
            # Copies of our own answers come along.
            raw = await asyncio.wait_for(self.dealt.get(), PATIENCE)
            if raw in waiting:
                waiting.remove(raw)

    async def conversations(self) -> list[Conversation]:
        async with self.product.db.connection() as connection:
            rows = await connection.exec_driver_sql("select id from conversation order by created_at, id")
            ids = [row[0] for row in rows]
        async with self.product.db.read() as session:
            return [await self.product.conversations.get(session, id_) for id_ in ids]

    async def thread(self, conversation_id: str | None = None) -> list[Message]:
        if conversation_id is None:
            conversation_id = (await self.conversations())[-1].id
        async with self.product.db.read() as session:
            return list(await self.product.conversations.messages(session, conversation_id))

    async def said(self, conversation_id: str | None = None) -> list[str]:
        return [
            f"{each.author.value}: {each.text}"
            for each in await self.thread(conversation_id)
            if each.kind in (Kind.TEXT, Kind.SUGGESTION)
        ]

    async def kept(self) -> list[Kept]:
        async with self.product.db.connection() as connection:
            rows = await connection.exec_driver_sql("select id from mail order by at, uid, id")
            ids = [row[0] for row in rows]
        async with self.product.db.read() as session:
            found = [await store.by_id(session, id_) for id_ in ids]
        return [each for each in found if each is not None]

    async def member(self, role: Role = Role.AGENT) -> Staff:
        return await self.product.people.enrol(email=f"{role}@x.com", name=role.value, role=role, password=PASSWORD)

    async def get(self, method: str, path: str, role: Role = Role.ADMIN) -> httpx.Response:
        if role not in self._tokens:
            await self.member(role)
            self._tokens[role], _ = await self.product.people.sign_in(f"{role}@x.com", PASSWORD, address="test")
        return await self.http.request(method, path, headers={"authorization": f"Bearer {self._tokens[role]}"})

    async def delivered(self, message_id: str, *, until: str) -> Message:
        """A message of ours, once it got so far."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.product.db.read() as session:
                    message = await self.product.conversations.message(session, message_id)
                if message is not None and message.delivery == until:
                    return message
                await self.looks.get()


@asynccontextmanager
async def world(
    tmp_path: Path, database_url: str, engine: Embedded, user: User, *, idle: float = 0.2
) -> AsyncIterator[World]:
    async with post_office() as post:
        settings = Settings(
            data_dir=tmp_path / "var", database_url=database_url, speech="off", secret="a secret of the tests",
            imap_url=user.url, smtp_url=f"smtp://127.0.0.1:{post.port}", mail_from=f"Hotel Mirador <{OURS}>",
        )  # type: ignore[arg-type] # fmt: skip
        await migrate(settings)
        paces = Paces(url=SecretStr(user.url), idle=idle, poll=idle, pauses=(0.05,))
        product = build(settings, understander=engine)
        dealt: asyncio.Queue[bytes | None] = asyncio.Queue()
        looks: asyncio.Queue[None] = asyncio.Queue()
        mail = product.messaging.mail
        assert mail is not None
        mail.mailbox.settings = paces
        begun = asyncio.Event()
        listen(mail.receiving, dealt, looks, begun)
        async with (
            product.web.router.lifespan_context(product.web),
            httpx.AsyncClient(transport=httpx.ASGITransport(product.web), base_url="http://localhost:8000") as http,
        ):
            await asyncio.wait_for(begun.wait(), PATIENCE)
            yield World(product, post, user, http, dealt, looks)


def listen(
    receiving: Receiving, dealt: asyncio.Queue[bytes | None], looks: asyncio.Queue[None], begun: asyncio.Event
) -> None:
    """Say when a mail was dealt with, and when the mailbox was looked at."""
    take, looked = receiving.take, receiving.looked

    async def taking(mail: Any) -> None:
        await take(mail)
        dealt.put_nowait(mail.raw)

    async def looking(**what: Any) -> None:
        await looked(**what)
        begun.set()
        looks.put_nowait(None)

    receiving.take = taking  # type: ignore[method-assign]
    receiving.looked = looking  # type: ignore[method-assign]


__all__ = ["CHANNEL", "Cursor", "World", "world"]
