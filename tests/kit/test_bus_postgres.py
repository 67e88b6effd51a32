"""Two processes on one PostgreSQL: what one announces or whispers is heard by who listens at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from relevo.kit.bus import LONGEST, Bus, PostgresBus
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.live import Listener, Live, LiveEvent
from relevo.kit.tasks import Tasks


@asynccontextmanager
async def process(node: str, db: Database, clock: FixedClock) -> AsyncIterator[tuple[Live, Bus]]:
    bus, tasks, there = PostgresBus(node, db.url), Tasks(), asyncio.Event()
    live = Live(db, clock, bus)
    bus.when_mended(there.set)
    bus.start()
    tasks.start(live.follow(), name="follow")
    async with asyncio.timeout(20):
        await there.wait()
    yield live, bus
    await tasks.close()
    await bus.close()


async def announce(live: Live, db: Database, count: int, topic: str = "inbox") -> None:
    for number in range(count):
        async with db.write() as tx:
            await live.announce(tx, topic, "changed", {"n": number})


async def heard(listener: Listener) -> LiveEvent:
    async with asyncio.timeout(20):
        return await listener.queue.get()


async def test_events_and_whispers_of_one_process_reach_the_other_in_order(db: Database, clock: FixedClock) -> None:
    async with process("n1", db, clock) as (one, _), process("n2", db, clock) as (two, _):
        listener = Listener()
        two.listen(listener, "inbox")
        await announce(one, db, 3)
        await announce(one, db, 2, topic="calls")
        # The last at least, the others where they came one by one; whoever sees a hole asks.
        last = await heard(listener)
        while last.seq != 3:
            last = await heard(listener)
        await announce(two, db, 1)
        await announce(one, db, 2)
        assert [(await heard(listener)).seq for _ in range(3)] == [4, 5, 6]
        one.whisper("inbox", "typing", {"on": True})
        assert await heard(listener) == LiveEvent("inbox", None, "typing", {"on": True})
        assert listener.queue.empty()


async def test_what_was_missed_while_nobody_could_be_heard_is_read(db: Database, clock: FixedClock) -> None:
    async with process("n1", db, clock) as (one, deaf), process("n2", db, clock) as (two, bus):
        listener = Listener()
        two.listen(listener, "inbox")
        await announce(one, db, 1)
        assert (await heard(listener)).seq == 1
        deaf.say = lambda *_: False  # type: ignore[method-assign]
        await announce(one, db, 3)
        bus.mended()
        assert [(await heard(listener)).seq for _ in range(3)] == [2, 3, 4]


async def test_what_is_too_long_is_not_said(db: Database) -> None:
    bus = PostgresBus("n1", db.url)
    assert not bus.say("subject", "ñ" * LONGEST)
    assert bus.say("subject", "n")


@pytest.mark.parametrize("text", ["", "[]", "7", '["n2", "subject"]', '["n2", "subject", "wrong"]'])
def test_nonsense_on_the_wire_harms_nobody(text: str) -> None:
    bus, got = Bus("n1"), list[Any]()

    def ear(_node: str, data: Any) -> None:
        got.append(data["n"])

    bus.hear("subject", ear)
    bus.arrived(text)
    bus.arrived('["n1", "subject", {"n": "ours"}]')
    bus.arrived('["n2", "subject", {"n": 1}]')
    assert got == [1]
