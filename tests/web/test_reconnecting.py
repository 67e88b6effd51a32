"""A console whose connection is cut, for moments or for long, and whose server is started again: nothing is lost and
nothing comes twice; what is too much to be told again is told as a whole."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import build
from relevo.kit import live as kit_live
from tests.web.conftest import Site, running
from tests.web.test_live_feed import Console, console, served

TOPIC = "calls"


class Following:
    """What the console does: remembers the last number of the topic, and asks for what came after it."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self.seen: list[int] = []
        self.snapshots = 0

    async def subscribe(self, desk: Console) -> None:
        since = {} if self.seq is None else {"since": self.seq}
        await desk.send(type="subscribe", topic=TOPIC, **since)

    async def read(self, desk: Console, until: int) -> None:
        while self.seq is None or self.seq < until:
            frame = await desk.next()
            if frame.get("topic") != TOPIC:
                continue
            if frame["type"] == "snapshot":
                self.seq, self.snapshots = frame["seq"], self.snapshots + 1
            elif frame["type"] == "event":
                assert self.seq is not None
                assert frame["seq"] == self.seq + 1, "a hole, or twice"
                self.seq = frame["seq"]
                self.seen.append(frame["data"]["n"])


async def announce(site: Site, numbers: range) -> None:
    for number in numbers:
        async with site.product.db.write() as tx:
            await site.product.live.announce(tx, TOPIC, "call", {"n": number, "id": "cal_x", "status": "ended"})


async def test_cut_at_any_moment_nothing_is_lost_and_nothing_comes_twice(site: Site) -> None:
    chance, following, done = random.Random(7), Following(), 0
    async with served(site) as port:
        for _ in range(12):
            async with console(port, site.tokens["supervisor"]) as desk:
                await following.subscribe(desk)
                more = chance.randrange(1, 8)
                await announce(site, range(done, done + more))
                done += more
                # Not everything that was sent is read before the cut.
                await following.read(desk, chance.randrange(following.seq or 0, done + 1))
                desk.wire.transport.abort()
                with suppress(ConnectionClosed):
                    await desk.wire.recv()
            offline = chance.randrange(0, 6)
            await announce(site, range(done, done + offline))
            done += offline
        async with console(port, site.tokens["supervisor"]) as desk:
            await following.subscribe(desk)
            await following.read(desk, done)
    assert following.snapshots == 1
    assert following.seen == sorted(set(following.seen))
    assert following.seen[-1] == done - 1
    assert len(following.seen) == done - following.seen[0]


async def test_after_too_long_everything_is_told_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_live, "REPLAY_LIMIT", 20)
    following = Following()
    async with served(site) as port:
        async with console(port, site.tokens["supervisor"]) as desk:
            await following.subscribe(desk)
            await following.read(desk, 0)
            await announce(site, range(3))
            await following.read(desk, 3)
        await announce(site, range(3, 24))
        async with console(port, site.tokens["supervisor"]) as desk:
            await following.subscribe(desk)
            await following.read(desk, 24)
            await announce(site, range(24, 26))
            await following.read(desk, 26)
    assert following.snapshots == 2
    assert following.seen[-2:] == [24, 25]


async def test_a_server_that_was_started_again_goes_on_where_it_was(site: Site, engine: Embedded) -> None:
    following = Following()
    async with served(site) as port, console(port, site.tokens["supervisor"]) as desk:
        await following.subscribe(desk)
        await following.read(desk, 0)
        await announce(site, range(4))
        await following.read(desk, 4)
    await announce(site, range(4, 6))
    # Another process on the same data, as after an update.
    again = build(site.product.settings, clock=site.product.live._clock, understander=engine)
    async with running(again):
        restarted = Site(again, site.http, site.tokens)
        async with served(restarted) as port, console(port, site.tokens["supervisor"]) as desk:
            await following.subscribe(desk)
            await announce(restarted, range(6, 9))
            await following.read(desk, 9)
    assert following.snapshots == 1
    assert following.seen == list(range(9))
