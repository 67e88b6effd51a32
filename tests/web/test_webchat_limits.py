"""How much a stranger may write: by session and by address, and one stranger's limit is nobody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from relevo.adapters.channels import webchat
from relevo.kit.clock import FixedClock
from relevo.texts import Texts
from relevo.web.server import create_app
from tests.web.conftest import Site

LIMITS = webchat.Settings(messages_per_minute=3, address_messages_per_minute=5, sessions_per_minute=4)
PROXY = ("10.0.0.1", 4_000)


@asynccontextmanager
async def nothing() -> AsyncIterator[None]:
    yield


@pytest.fixture
async def chat(site: Site, clock: FixedClock) -> AsyncIterator[httpx.AsyncClient]:
    """The public chat alone, with small limits, behind a reverse proxy that is trusted."""
    product = site.product
    sessions = webchat.Sessions(product.db, product.conversations, product.people, product.bot)
    routes = webchat.router(product.db, product.conversations, sessions, product.live, clock, LIMITS)
    app = ProxyHeadersMiddleware(create_app([routes], Texts("es"), lifespan=nothing), trusted_hosts="10.0.0.0/8")
    async with AsyncExitStack() as stack:
        transport = httpx.ASGITransport(app, client=PROXY)
        yield await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://chat"))


async def start(chat: httpx.AsyncClient, address: str) -> httpx.Response:
    return await chat.post("/api/webchat/sessions", json={}, headers={"x-forwarded-for": address})


async def write(chat: httpx.AsyncClient, session: httpx.Response, address: str) -> int:
    opened = session.json()
    answer = await chat.post(
        f"/api/webchat/sessions/{opened['id']}/messages",
        json={"text": "hola"},
        headers={"authorization": f"Bearer {opened['token']}", "x-forwarded-for": address},
    )
    return answer.status_code


async def test_messages_are_counted_by_session_and_by_address(chat: httpx.AsyncClient, clock: FixedClock) -> None:
    first, second = await start(chat, "198.51.100.7"), await start(chat, "198.51.100.7")
    other = await start(chat, "198.51.100.8")
    assert [await write(chat, first, "198.51.100.7") for _ in range(4)] == [202, 202, 202, 429]
    assert [await write(chat, second, "198.51.100.7") for _ in range(3)] == [202, 202, 429]
    assert await write(chat, other, "198.51.100.8") == 202


async def test_sessions_are_counted_by_the_clients_address_not_the_proxys(chat: httpx.AsyncClient) -> None:
    found = [(await start(chat, "198.51.100.7")).status_code for _ in range(5)]
    assert found == [201, 201, 201, 201, 429]
    assert (await start(chat, "198.51.100.8")).status_code == 201
    assert (await start(chat, "1.2.3.4, 198.51.100.7")).status_code == 429
