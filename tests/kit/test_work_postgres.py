"""What only holds on PostgreSQL: the queue and the promises never disagree, and nodes wake each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from relevo.kit import work as work_module
from relevo.kit.clock import FixedClock, SystemClock
from relevo.kit.db import Database
from relevo.kit.errors import Misconfigured
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds, RandomIds
from relevo.kit.work import Job, JobRow, Work, make_work


async def promise(work: Work, db: Database, key: str, **how: Any) -> bool:
    async with db.write() as tx:
        return await work.promise(tx, "note", key=key, **how)


async def queue(db: Database) -> list[tuple[str, str | None, datetime | None]]:
    async with db.read() as session:
        rows = await session.execute(
            text("select status::text, lock, scheduled_at from procrastinate_jobs order by id")
        )
        return [tuple(row) for row in rows]


async def nothing(_job: Job) -> None:
    return None


async def test_a_job_is_in_the_queue_from_its_promise_to_its_end(work: Work, db: Database, clock: FixedClock) -> None:
    async def note(job: Job) -> None:
        if job.key == "hopeless":
            raise Misconfigured("secret_missing")
        if job.attempts == 1:
            raise RuntimeError("first time")

    work.handle("note", note)
    await promise(work, db, "a", lane="one")
    await promise(work, db, "a", lane="one")
    await promise(work, db, "hopeless")
    assert [(status, lock) for status, lock, _ in await queue(db)] == [("todo", "one"), ("todo", None)]
    await work.drain()
    assert [(status, lock) for status, lock, _ in await queue(db)] == [("todo", "one")]
    clock.advance(timedelta(seconds=2))
    await work.drain()
    assert await queue(db) == []
    assert await work.counts() == {"done": 1, "parked": 1}


async def test_a_promise_of_a_failed_transaction_is_not_queued(work: Work, db: Database) -> None:
    async def fails() -> None:
        async with db.write() as tx:
            await work.promise(tx, "note", key="a")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fails()
    assert await queue(db) == []


async def test_an_end_that_could_not_be_written_leaves_both_as_they_were(
    work: Work, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise OSError("connection lost")

    monkeypatch.setattr(work, "_ended", fails)
    work.handle("note", nothing)
    await promise(work, db, "a")
    with pytest.raises(OSError, match="connection lost"):
        await work.drain()
    assert [status for status, _, _ in await queue(db)] == ["doing"]
    assert await work.counts() == {"running": 1}


async def test_a_reminder_in_three_weeks_is_due_then_and_not_before(db: Database) -> None:
    work = make_work(db, SystemClock(), RandomIds())
    work.handle("note", nothing)
    in_three_weeks = datetime.now(UTC) + timedelta(days=21)
    await promise(work, db, "a", run_at=in_three_weeks)
    [(_, _, scheduled_at)] = await queue(db)
    assert scheduled_at is not None
    assert abs(scheduled_at - in_three_weeks) < timedelta(seconds=5)
    await work.drain()
    assert await work.counts() == {"waiting": 1}


async def test_a_server_whose_clock_is_ahead_makes_no_timer_go_off_early(
    work: Work, db: Database, clock: FixedClock
) -> None:
    done: list[datetime] = []

    async def note(_job: Job) -> None:
        done.append(clock.now())

    work.handle("note", note)
    due = clock.now() + timedelta(minutes=20)
    await promise(work, db, "a", run_at=due)
    async with db.write() as tx:
        await tx.session.execute(text("update procrastinate_jobs set scheduled_at = now() - interval '1 hour'"))
    await work.drain()
    assert done == []
    clock.advance(timedelta(minutes=20))
    await work.drain()
    assert done == [due]


async def test_what_waits_in_no_queue_is_queued_again(work: Work, db: Database, clock: FixedClock) -> None:
    """Promised by a version without a queue, or set to wait again by hand."""

    async def note(job: Job) -> None:
        if job.attempts == 1 and job.key == "parked":
            raise Misconfigured("secret_missing")

    work.handle("note", note)
    await promise(work, db, "parked")
    await work.drain()
    await promise(work, db, "lost")
    async with db.write() as tx:
        await tx.session.execute(text("delete from procrastinate_jobs"))
        await tx.session.execute(update(JobRow).values(state="waiting"))
    await work.drain()
    assert await work.counts() == {"waiting": 2}
    await work.recover()
    await work.recover()
    assert len(await queue(db)) == 2
    clock.advance(timedelta(seconds=2))
    await work.drain()
    assert await work.counts() == {"done": 2}


async def test_a_job_deleted_by_hand_leaves_the_queue(work: Work, db: Database) -> None:
    await promise(work, db, "a")
    async with db.write() as tx:
        await tx.session.execute(text("delete from job"))
    await work.drain()
    assert await queue(db) == []


@pytest.fixture
async def elsewhere(database_url: str, events: Events, clock: FixedClock, ids: CountingIds) -> AsyncIterator[Work]:
    """Another node on the same database."""
    db = Database(database_url, events)
    yield make_work(db, clock, ids)
    await db.close()


async def test_what_another_node_promises_is_begun_without_waiting_for_the_next_look(
    work: Work, elsewhere: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "POLL", 3_600)
    done: asyncio.Queue[str] = asyncio.Queue()

    async def note(job: Job) -> None:
        done.put_nowait(job.key)

    work.handle("note", note)
    work.start()
    async with asyncio.timeout(20):
        # Nobody says when the listener listens: one of these falls into its time.
        for number in range(100_000):
            await promise(elsewhere, elsewhere._db, f"a{number}")
            if not done.empty():
                break
    assert (await done.get()).startswith("a")


async def test_two_nodes_run_each_job_once_and_lanes_in_order(work: Work, elsewhere: Work, db: Database) -> None:
    ran: list[tuple[str, int]] = []
    now: set[str] = set()

    async def note(job: Job) -> None:
        lane, number = str(job.payload["lane"]), int(job.payload["number"])
        assert lane not in now
        now.add(lane)
        await asyncio.sleep(0)
        now.discard(lane)
        ran.append((lane, number))

    for node in (work, elsewhere):
        node.handle("note", note)
    for number in range(10):
        for lane in "abcd":
            await promise(work, db, f"{lane}{number}", lane=lane, payload={"lane": lane, "number": number})
    work.start()
    elsewhere.start()
    async with asyncio.timeout(30):
        await work.idle()
    await elsewhere.close()
    assert await work.counts() == {"done": 40}
    assert len(ran) == 40
    for lane in "abcd":
        assert [number for each, number in ran if each == lane] == list(range(10))
