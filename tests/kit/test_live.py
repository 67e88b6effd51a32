"""The live feed: numbers without holes, replay since N, snapshot when too far behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.live import KEEP, QUEUE_LIMIT, Listener, Live


async def announce(live: Live, db: Database, topic: str, *numbers: int) -> None:
    for number in numbers:
        async with db.write() as tx:
            await live.announce(tx, topic, "changed", {"n": number})


async def test_topics_count_by_themselves_and_listeners_hear_only_theirs(live: Live, db: Database) -> None:
    listener = Listener()
    live.listen(listener, "inbox")
    await announce(live, db, "inbox", 1, 2)
    await announce(live, db, "calls", 3)
    heard = [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]
    assert [(event.topic, event.seq, event.data["n"]) for event in heard] == [("inbox", 1, 1), ("inbox", 2, 2)]


async def test_a_rolled_back_change_is_never_heard(live: Live, db: Database) -> None:
    listener = Listener()
    live.listen(listener, "inbox")

    async def fails() -> None:
        async with db.write() as tx:
            await live.announce(tx, "inbox", "changed", {})
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fails()
    assert listener.queue.empty()
    async with db.read() as session:
        assert await live.seq(session, "inbox") == 0


async def test_a_client_that_slept_gets_what_it_missed_or_a_snapshot(
    live: Live, db: Database, clock: FixedClock
) -> None:
    await announce(live, db, "inbox", 1, 2, 3)
    async with db.read() as session:
        missed = await live.since(session, "inbox", 1)
        assert missed is not None
        assert [event.data["n"] for event in missed] == [2, 3]
        assert await live.since(session, "inbox", 3) == []
        assert await live.since(session, "inbox", 9) is None
    clock.advance(KEEP + timedelta(minutes=1))
    assert await live.forget_old() == 3
    await announce(live, db, "inbox", 4)
    async with db.read() as session:
        assert await live.since(session, "inbox", 1) is None
        recent = await live.since(session, "inbox", 3)
        assert recent is not None
        assert [event.seq for event in recent] == [4]


async def test_a_listener_that_does_not_read_is_cut_off(live: Live) -> None:
    listener = Listener()
    live.listen(listener, "inbox")
    for _ in range(QUEUE_LIMIT + 1):
        live.whisper("inbox", "typing", {})
    assert listener.overrun.is_set()
    live.leave_all(listener)
    live.whisper("inbox", "typing", {})
