"""The whole product on one socket and the loopback Twilio on another, for the tests of WhatsApp by Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from relevo.adapters.channels.loopback_twilio_messages import Customer, Kept, LoopbackMessages
from relevo.adapters.channels.whatsapp_twilio.settings import CHANNEL, WEBHOOK
from relevo.adapters.loopback import listening
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build
from relevo.conversations.rules import Conversation, Kind, Message
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role
from relevo.settings import Settings
from tests.ready import migrate

ACCOUNT, TOKEN = "AC" + "1" * 32, "the account's token"
PUBLIC = "https://relevo.test"
OURS, THEIRS = "+543414000000", "+5493415550101"
PASSWORD = "a long password"


@dataclass
class World:
    product: Product
    twilio: LoopbackMessages
    http: httpx.AsyncClient
    url: str
    """Where the product really is."""
    api: str
    clock: FixedClock
    customer: Customer
    tokens: dict[Role, str] = field(default_factory=dict)

    @property
    def sent(self) -> list[Kept]:
        return self.twilio.shelf.sent

    def somebody(self, number: str, name: str = "") -> Customer:
        return Customer(
            self.twilio, self.http, webhook=PUBLIC + WEBHOOK, number=number, to=OURS, name=name, api=self.api,
            reach=(PUBLIC, self.url),
        )  # fmt: skip

    async def settled(self) -> None:
        await self.product.work.idle()

    async def conversations(self) -> list[Conversation]:
        async with self.product.db.read() as session:
            found = [await self.product.conversations.get(session, id_) for id_ in await self._ids()]
        return [each for each in found if each.channel == CHANNEL]

    async def thread(self, kinds: Sequence[Kind] = (Kind.TEXT,)) -> list[Message]:
        """All that was said with anybody, in order."""
        async with self.product.db.read() as session:
            found = [await self.product.conversations.messages(session, id_) for id_ in await self._ids()]
        return [message for each in found for message in each if message.kind in kinds]

    async def said(self) -> list[str]:
        return [f"{each.author.value}: {each.text}" for each in await self.thread()]

    async def token(self, role: Role) -> str:
        """Of somebody who signs in once: a password takes its time."""
        if role not in self.tokens:
            self.tokens[role] = await self._sign_in(role)
        return self.tokens[role]

    async def _sign_in(self, role: Role) -> str:
        await self.product.people.enrol(email=f"{role}@x.com", name=role.value, role=role, password=PASSWORD)
        return (await self.product.people.sign_in(f"{role}@x.com", PASSWORD, address="test"))[0]

    async def staff(self, method: str, path: str, role: Role = Role.ADMIN, **what: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {await self.token(role)}"}
        return await self.http.request(method, self.url + path, headers=headers, **what)

    async def _ids(self) -> list[str]:
        async with self.product.db.connection() as connection:
            rows = await connection.exec_driver_sql("select id from conversation order by created_at, id")
            return [row[0] for row in rows]


@asynccontextmanager
async def world(
    tmp_path: Path,
    clock: FixedClock,
    engine: Embedded,
    database_url: str,
    **given: Any,
) -> AsyncIterator[World]:
    twilio = LoopbackMessages(account_sid=ACCOUNT, auth_token=TOKEN, now=clock.now)
    twilio.shelf.sender = {
        "sid": "XE1", "sender_id": f"whatsapp:{OURS}", "status": "ONLINE",
        "webhook": {"callback_url": PUBLIC + WEBHOOK, "callback_method": "POST"},
    }  # fmt: skip
    async with listening(twilio.app, name="loopback twilio") as api:
        settings = Settings(
            data_dir=tmp_path / "var", speech="off", public_url=PUBLIC, secret="a secret of the tests",
            twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, twilio_whatsapp_number=OURS, twilio_rest_url=api,
            database_url="" if database_url.startswith("sqlite") else database_url, **given,
        )  # fmt: skip
        await migrate(settings)
        product = build(settings, clock=clock, understander=engine)
        async with (
            listening(product.web, name="relevo", lifespan=True) as url,
            httpx.AsyncClient(timeout=10) as http,
        ):
            made = World(product, twilio, http, url, api, clock, None)  # type: ignore[arg-type]
            made.customer = made.somebody(THEIRS, "Ana Pérez")
            await made.settled()
            # Carriers are asked at the start; a test that moves the clock wants that behind it.
            await product.messaging.health.look()
            yield made
