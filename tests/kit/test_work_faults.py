"""Durable work when things go wrong: a write that fails, a process that dies, two processes, a lease that ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from relevo.kit import work as work_module
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.work import KEEP_DONE, LEASE, MAX_ATTEMPTS, Job, JobRow, JobStepRow, LeaseLost, Work, make_work


async def promise(work: Work, db: Database, key: str, *, lane: str | None = None) -> None:
    async with db.write() as tx:
        await work.promise(tx, "note", key=key, lane=lane)


async def row(db: Database, key: str) -> JobRow:
    async with db.read() as session:
        return (await session.execute(select(JobRow).where(JobRow.key == key))).scalar_one()


async def nothing(_job: Job) -> None:
    return None


async def test_a_job_whose_end_could_not_be_written_is_run_again_and_its_lane_goes_on(
    work: Work, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    settle, failures = work._settle, iter([True])

    async def note(job: Job) -> None:
        done.append(job.key)

    async def fails_once(job: Job, **values: Any) -> None:
        if next(failures, False):
            raise OSError("disk full")
        await settle(job, **values)

    monkeypatch.setattr(work, "_settle", fails_once)
    work.handle("note", note)
    await promise(work, db, "a", lane="one")
    await promise(work, db, "b", lane="one")
    with pytest.raises(OSError, match="disk full"):
        await work.drain()
    await promise(work, db, "long")
    [long] = await work._claim(1)
    work._running[long.id] = long
    clock.advance(LEASE / 2)
    await work._renew()
    clock.advance(LEASE / 2 + timedelta(seconds=1))
    await work.drain()
    assert done == ["a", "a", "b"]


async def test_leases_are_renewed_after_a_failure_to_renew_them(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_module, "LEASE", timedelta(0))
    calls, again = iter(range(9)), asyncio.Event()

    async def fails_first() -> None:
        if next(calls) == 0:
            raise OSError("database is locked")
        again.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(work, "_renew", fails_first)
    work.start()
    async with asyncio.timeout(5):
        await again.wait()


async def test_a_process_never_runs_a_job_twice_at_once(work: Work, db: Database, clock: FixedClock) -> None:
    await promise(work, db, "a")
    [job] = await work._claim(1)
    work._running[job.id] = job
    clock.advance(LEASE * 2)
    assert await work._claim(1) == []


async def test_who_lost_the_lease_writes_nothing_and_does_nothing_outside(
    db: Database, clock: FixedClock, ids: CountingIds
) -> None:
    first, second = make_work(db, clock, ids), make_work(db, clock, ids)
    await promise(first, db, "a")
    [slow] = await first._claim(1)
    clock.advance(LEASE * 2)
    [taken] = await second._claim(1)

    async def effect() -> dict[str, Any]:
        raise AssertionError("must not happen")

    with pytest.raises(LeaseLost):
        await slow.once("send", effect)
    first.handle("note", nothing)
    await first._perform(slow)
    assert (await row(db, "a")).state == "running"
    second.handle("note", nothing)
    await second._perform(taken)
    assert (await row(db, "a")).state == "done"


async def test_a_job_that_ends_its_process_is_parked_in_the_end(
    db: Database, clock: FixedClock, ids: CountingIds
) -> None:
    await promise(make_work(db, clock, ids), db, "poison", lane="one")
    await promise(make_work(db, clock, ids), db, "next", lane="one")
    for _ in range(MAX_ATTEMPTS):
        dies = make_work(db, clock, ids)
        await dies.recover()
        assert [job.key for job in await dies._claim(1)] == ["poison"]
    survivor = make_work(db, clock, ids)
    await survivor.recover()
    assert [job.key for job in await survivor._claim(1)] == ["next"]
    assert (await row(db, "poison")).state == "parked"
    assert await survivor.any_parked()


async def test_only_the_jobs_of_the_dead_are_taken_back(db: Database, clock: FixedClock, ids: CountingIds) -> None:
    first, second = make_work(db, clock, ids, owner="node_1"), make_work(db, clock, ids, owner="node_2")
    await promise(first, db, "a")
    assert len(await first._claim(1)) == 1
    assert await second.recover({"node_1", "node_2"}) == 0
    assert await second._claim(1) == []
    assert await second.recover({"node_2"}) == 1
    assert len(await second._claim(1)) == 1


async def test_stopping_gives_jobs_back_and_is_not_held_against_them(
    db: Database, clock: FixedClock, ids: CountingIds
) -> None:
    work, begun = make_work(db, clock, ids), asyncio.Event()

    async def long(_job: Job) -> None:
        begun.set()
        await asyncio.Event().wait()

    work.handle("note", long)
    await promise(work, db, "a")
    work.start()
    async with asyncio.timeout(5):
        await begun.wait()
    await work.close()
    given_back = await row(db, "a")
    assert (given_back.state, given_back.attempts, given_back.lease_owner) == ("waiting", 0, None)


async def test_what_was_done_long_ago_is_forgotten_with_its_steps(work: Work, db: Database, clock: FixedClock) -> None:
    async def sent() -> dict[str, Any]:
        return {"id": 7}

    async def note(job: Job) -> None:
        await job.once("send", sent)

    work.handle("note", note)
    await promise(work, db, "old")
    await work.drain()
    clock.advance(KEEP_DONE + timedelta(minutes=1))
    await promise(work, db, "new")
    await work.drain()
    assert await work.forget_old() == 1
    assert await work.counts() == {"done": 1}
    async with db.read() as session:
        assert len((await session.execute(select(JobStepRow))).all()) == 1


async def test_a_job_whose_wait_is_cancelled_by_somebody_else_has_failed_and_keeps_no_lane(
    work: Work, db: Database, clock: FixedClock
) -> None:
    done: list[str] = []

    async def note(job: Job) -> None:
        if job.key == "a" and job.attempts == 1:
            shared = asyncio.get_running_loop().create_future()
            shared.cancel()
            await shared
        done.append(job.key)

    work.handle("note", note)
    await promise(work, db, "a", lane="one")
    await promise(work, db, "b", lane="one")
    work.start()
    async with asyncio.timeout(5):
        await work.idle()
    assert (done, (await row(db, "a")).state) == ([], "waiting")
    clock.advance(timedelta(seconds=2))
    async with asyncio.timeout(5):
        await work.idle()
    assert done == ["a", "b"]
