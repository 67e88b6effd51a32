"""Consoles that do not read: they hold no connection of the database, are not waited for, and are cut off."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import WebSocketDisconnect
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import Database
from relevo.kit.live import QUEUE_LIMIT
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.web import live as live_http
from relevo.web.live import TOO_SLOW, Feed, Topic, _Client
from relevo.web.server import ABORT, _Guard
from tests.web.conftest import Site

FOREVER = 60


@pytest.fixture(autouse=True)
def _brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_http, "GOODBYE_SECONDS", 0.01)


class DeafSocket:
    """A console that asks and never reads."""

    def __init__(self, token: str, *frames: dict[str, Any]) -> None:
        self._frames = iter([{"type": "auth", "token": token}, *frames])
        self.aborted = asyncio.Event()
        self.sending = asyncio.Event()
        self.code: int | None = None
        self.cookies: dict[str, str] = {}
        self.scope = {ABORT: self.aborted.set}

    async def accept(self) -> None:
        return None

    async def receive_text(self) -> str:
        frame = next(self._frames, None)
        if frame is None:
            await asyncio.sleep(FOREVER)
        return json.dumps(frame)

    async def send_text(self, _text: str) -> None:
        self.sending.set()
        await asyncio.sleep(FOREVER)

    async def close(self, code: int) -> None:
        self.code = code
        await asyncio.sleep(FOREVER)


@pytest.fixture
def feed(site: Site) -> Feed:
    product = site.product

    async def listing(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        found = await product.conversations.listing(session, folder="all", viewer=staff, limit=9)
        return {"items": [each.id for each in found]}

    async def one(session: AsyncSession, _staff: Staff, conversation_id: str) -> dict[str, Any]:
        return {"id": (await product.conversations.get(session, conversation_id)).id}

    shown = {
        "inbox": Topic(Action.SEE_CONVERSATIONS, listing),
        "calls": Topic(Action.SEE_CALLS, listing),
        "conversation": Topic(Action.SEE_CONVERSATIONS, one),
    }
    return Feed(product.db, product.live, product.people, shown, product.settings.url)


async def agent(site: Site) -> Staff:
    staff = await site.product.people.by_token(site.tokens["agent"])
    assert staff is not None
    return staff


async def test_a_snapshot_is_sent_when_the_database_is_free_again(site: Site, feed: Feed) -> None:
    # Connections of the feed's own: other rooms may be reading at the same time.
    feed._db = Database(site.product.db.url, site.product.db.events)
    pool: Any = feed._db._readers.pool
    held: list[int] = []

    async def send_text(_text: str) -> None:
        held.append(pool.checkedout())

    client = _Client(feed, SimpleNamespace(send_text=send_text), await agent(site))  # type: ignore[arg-type]
    await feed.subscribe(client, "inbox", None)
    await site.visitor()
    await feed.subscribe(client, "inbox", 0)
    await feed._db.close()
    assert len(held) > 1
    assert set(held) == {0}


async def test_an_overrun_console_is_cut_off_even_while_a_send_hangs(site: Site, feed: Feed) -> None:
    deaf = DeafSocket(site.tokens["agent"], {"type": "subscribe", "topic": "calls"})
    serving = asyncio.ensure_future(feed.serve(deaf))  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        await deaf.sending.wait()
        for _ in range(QUEUE_LIMIT + 1):
            site.product.live.whisper("calls", "partial", {})
        await serving
        await deaf.aborted.wait()
    assert deaf.code == TOO_SLOW
    assert not site.product.live._listeners.get("calls")


async def test_a_send_is_not_waited_for_for_ever(site: Site, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_http, "SEND_SECONDS", 0.01)
    deaf = DeafSocket(site.tokens["agent"], {"type": "subscribe", "topic": "calls"})
    async with asyncio.timeout(5):
        await feed.serve(deaf)  # type: ignore[arg-type]
        await deaf.aborted.wait()
    assert deaf.code == TOO_SLOW


async def test_somebody_who_left_before_the_goodbye_is_no_error(feed: Feed) -> None:
    gone = DeafSocket("no such token")

    async def close(_code: int) -> None:
        raise WebSocketDisconnect

    gone.close = close  # type: ignore[method-assign]
    await feed.serve(gone)  # type: ignore[arg-type]


async def test_a_topic_asked_for_again_is_given_and_a_refused_one_is_forgotten(
    site: Site, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    async def send_text(text: str) -> None:
        sent.append(json.loads(text))

    monkeypatch.setattr(live_http, "MAX_TOPICS", 1)
    client = _Client(feed, SimpleNamespace(send_text=send_text), await agent(site))  # type: ignore[arg-type]
    for name in ("inbox", "inbox", "calls", "conversation:cnv_nothing"):
        await feed.subscribe(client, name, None)
    assert [frame["type"] for frame in sent] == ["snapshot", "snapshot", "denied", "denied"]
    assert set(client.seen) == {"inbox"}


async def test_the_server_lends_sockets_the_means_to_be_dropped() -> None:
    class Protocol:
        transport = SimpleNamespace(abort=lambda: None)

        async def send(self, _message: Any) -> None:
            return None

    found: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        found.append(scope[ABORT])

    protocol = Protocol()
    await _Guard(app, Texts("es"))({"type": "websocket"}, protocol.send, protocol.send)  # type: ignore[arg-type]
    assert found == [Protocol.transport.abort]
