"""The live feed over a real socket: snapshot, events without holes, resume, denial, and the end of a session."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from relevo.desk import push_store as store
from tests.web.conftest import PASSWORD, Site


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[int]:
    """The same application on a real port (its lifespan runs already)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = uvicorn.Config(
        site.product.web, port=port, lifespan="off", log_config=None, ws="websockets-sansio", ws_max_size=65_536
    )
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn says so by a flag only
            await asyncio.sleep(0.005)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


class Console:
    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire

    async def send(self, **frame: Any) -> None:
        await self.wire.send(json.dumps(frame))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            frame: dict[str, Any] = json.loads(await self.wire.recv())
        return frame

    async def until(self, topic: str, kind: str) -> dict[str, Any]:
        while True:
            frame = await self.next()
            if frame.get("topic") == topic and frame.get("kind") == kind:
                return frame


@asynccontextmanager
async def console(port: int, token: str) -> AsyncIterator[Console]:
    async with connect(f"ws://127.0.0.1:{port}/api/live") as wire:
        await wire.send(json.dumps({"type": "auth", "token": token}))
        yield Console(wire)


async def test_snapshot_then_events_and_nothing_lost_while_asleep(site: Site) -> None:
    guest = await site.visitor()
    async with served(site) as port:
        async with console(port, site.tokens["agent"]) as desk:
            await desk.send(type="subscribe", topic=f"conversation:{guest.id}")
            snapshot = await desk.next()
            assert snapshot["type"] == "snapshot"
            assert [message["author"] for message in snapshot["data"]["messages"]] == ["bot"]
            await guest.replies("hola")
            event = await desk.until(f"conversation:{guest.id}", "message")
            while event["data"]["text"] != "hola":
                event = await desk.until(f"conversation:{guest.id}", "message")
            last = event["seq"]
        await guest.replies("¿tienen cochera?")
        async with console(port, site.tokens["agent"]) as desk:
            await desk.send(type="subscribe", topic=f"conversation:{guest.id}", since=last)
            seqs, texts = [], []
            while "¿tienen cochera?" not in texts or texts[-1] == "¿tienen cochera?":
                frame = await desk.next()
                assert frame["type"] == "event"
                seqs.append(frame["seq"])
                if frame["kind"] == "message":
                    texts.append(frame["data"]["text"])
            assert seqs == list(range(last + 1, last + 1 + len(seqs)))


async def test_topics_follow_permissions(site: Site) -> None:
    async with served(site) as port, console(port, site.tokens["executive"]) as desk:
        await desk.send(type="subscribe", topic="inbox")
        assert await desk.next() == {"type": "denied", "topic": "inbox"}
        await desk.send(type="subscribe", topic="conversation:cnv_nothing")
        assert (await desk.next())["type"] == "denied"
        await desk.send(type="subscribe", topic="bookings")
        assert (await desk.next())["type"] == "snapshot"
        await desk.send(type="ping")
        assert (await desk.next())["type"] == "pong"


@pytest.mark.parametrize("hello", ['{"type":"auth","token":"no"}', "{", "[]", '{"type":"subscribe","topic":"inbox"}'])
async def test_without_a_good_session_the_socket_closes(site: Site, hello: str) -> None:
    async with served(site) as port, connect(f"ws://127.0.0.1:{port}/api/live") as wire:
        await wire.send(hello)
        with pytest.raises(ConnectionClosed) as closed:
            await wire.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize(("origin", "good"), [("http://localhost:8000", True), ("https://evil.example", False)])
async def test_a_cookie_counts_only_from_our_own_pages(site: Site, origin: str, good: bool) -> None:
    login = await site.http.post("/api/auth/login", json={"email": "marta@x.com", "password": PASSWORD})
    headers = {"cookie": login.headers["set-cookie"].split(";")[0], "origin": origin}
    async with served(site) as port, connect(f"ws://127.0.0.1:{port}/api/live", additional_headers=headers) as wire:
        if good:
            await wire.send('{"type":"subscribe","topic":"inbox"}')
            assert json.loads(await wire.recv())["type"] == "snapshot"
        else:
            with pytest.raises(ConnectionClosed):
                await wire.recv()


async def test_garbage_ends_only_this_socket(site: Site) -> None:
    async with (
        served(site) as port,
        console(port, site.tokens["agent"]) as good,
        console(port, site.tokens["agent2"]) as bad,
    ):
        await good.send(type="subscribe", topic="inbox")
        await good.next()
        await bad.wire.send("not json")
        with pytest.raises(ConnectionClosed) as closed:
            await bad.wire.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4400
        await site.visitor()
        assert (await good.until("inbox", "conversation"))["data"]["channel"] == "webchat"


async def test_an_open_console_is_known_while_it_is_open(site: Site) -> None:
    consoles = site.product.pushes.consoles
    marta = (await site.staff("GET", "/api/auth/me")).json()["id"]

    async def is_open() -> bool:
        async with site.product.db.read() as session:
            return await store.is_open(session, marta, await consoles.alive())

    async with served(site) as port, console(port, site.tokens["agent"]) as wire:
        await wire.send(type="subscribe", topic="conversations")
        await wire.next()
        assert await is_open()
    assert not await is_open()
