"""The whole product on a socket, its WhatsApp on another, and guests with telephones in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from pydantic import SecretStr

from relevo.adapters.channels.loopback_meta import Loopback, server
from relevo.adapters.channels.loopback_meta.people import Customer
from relevo.adapters.channels.whatsapp_meta.settings import PATH
from relevo.adapters.channels.whatsapp_meta.signature import HEADER, sign
from relevo.adapters.loopback import listening
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build
from relevo.conversations import reach_store
from relevo.conversations.rules import Conversation, Message
from relevo.kit.clock import FixedClock
from relevo.people.rules import Role, Staff
from relevo.settings import Settings
from tests.ready import migrate
from tests.whatsapp_meta.payloads import GUEST

PASSWORD = "a long password"
NOBODY = Staff("", "", "", Role.ADMIN)


@dataclass
class Hotel:
    product: Product
    meta: Loopback
    http: httpx.AsyncClient
    token: str
    clock: FixedClock

    def guest(self, number: str = GUEST, name: str = "Ana Paz", **more: Any) -> Customer:
        return self.meta.world.customer(number, name, **more)

    async def sign_in(self) -> None:
        """Marta, for another shift."""
        self.token, _ = await self.product.people.sign_in("marta@x.com", PASSWORD, address="127.0.0.1")

    async def settle(self) -> None:
        """Until nobody has anything to tell anybody."""
        for _ in range(3):
            await self.meta.hooks.settle()
            await self.product.work.idle()

    async def deliver(self, body: bytes, signature: str | None = None) -> httpx.Response:
        """A webhook as it is; signed by Meta where nothing else is said."""
        given = sign(self.meta.secret, body) if signature is None else signature
        return await self.http.post(PATH, content=body, headers={HEADER: given} if given else {})

    async def staff(self, method: str, path: str, **how: Any) -> httpx.Response:
        return await self.http.request(method, path, headers={"authorization": f"Bearer {self.token}"}, **how)

    async def conversations(self) -> list[Conversation]:
        async with self.product.db.read() as session:
            return await reach_store.listing(session, folder="all", viewer=NOBODY, limit=200)

    async def thread(self, conversation_id: str | None = None) -> list[Message]:
        id_ = conversation_id or (await self.conversations())[0].id
        async with self.product.db.read() as session:
            return await self.product.conversations.messages(session, id_)


@asynccontextmanager
async def open_hotel(
    folder: Path, clock: FixedClock, engine: Embedded, *, speech: Literal["off", "fake", "local"] = "off", **more: Any
) -> AsyncIterator[Hotel]:
    async with server.served(now=clock.now) as meta:
        settings = Settings(
            data_dir=folder,
            speech=speech,
            backups=0,
            whatsapp_meta_token=SecretStr(meta.token),
            whatsapp_meta_app_secret=SecretStr(meta.secret),
            whatsapp_meta_verify_token=SecretStr(server.VERIFY_TOKEN),
            whatsapp_meta_phone_number_id=server.NUMBER_ID,
            whatsapp_meta_waba_id=server.WABA_ID,
            whatsapp_meta_url=meta.url,
            **more,
        )
        await migrate(settings)
        product = build(settings, clock=clock, understander=engine)
        async with listening(product.web, name="hotel", lifespan=True) as url, httpx.AsyncClient(base_url=url) as http:
            meta.hooks.url = f"{url}{PATH}"
            await product.people.enrol(email="marta@x.com", name="Marta", role=Role.ADMIN, password=PASSWORD)
            token, _ = await product.people.sign_in("marta@x.com", PASSWORD, address="127.0.0.1")
            yield Hotel(product, meta, http, token, clock)
            await meta.hooks.settle()


@pytest.fixture
async def hotel(tmp_path: Path, clock: FixedClock, engine: Embedded) -> AsyncIterator[Hotel]:
    async with open_hotel(tmp_path, clock, engine) as found:
        yield found
