"""Durable work: promised once, run at least once, in order within a lane, parked when it cannot be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Misconfigured
from relevo.kit.ids import CountingIds
from relevo.kit.work import LEASE, MAX_ATTEMPTS, Job, Work, make_work


async def promise(work: Work, db: Database, key: str, *, lane: str | None = None, **payload: object) -> bool:
    async with db.write() as tx:
        return await work.promise(tx, "note", key=key, payload=payload, lane=lane)


async def test_a_promised_job_runs_once_and_a_second_promise_changes_nothing(work: Work, db: Database) -> None:
    done: list[str] = []

    async def note(job: Job) -> None:
        done.append(job.key)

    work.handle("note", note)
    assert await promise(work, db, "a")
    assert not await promise(work, db, "a")
    await work.drain()
    await work.drain()
    assert done == ["a"]
    assert not await promise(work, db, "a")
    assert await work.counts() == {"done": 1}


async def test_a_promise_of_a_failed_transaction_is_none(work: Work, db: Database) -> None:
    async def fails() -> None:
        async with db.write() as tx:
            await work.promise(tx, "note", key="a")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fails()
    assert await work.counts() == {}


async def test_a_lane_keeps_its_order_even_when_the_first_job_fails(
    work: Work, db: Database, clock: FixedClock
) -> None:
    done: list[str] = []

    async def note(job: Job) -> None:
        if job.key == "a" and job.attempts == 1:
            raise RuntimeError("first time")
        done.append(job.key)

    work.handle("note", note)
    for key in "ab":
        await promise(work, db, key, lane="one")
    await promise(work, db, "c", lane="two")
    await work.drain()
    assert done == ["c"]
    clock.advance(timedelta(seconds=2))
    await work.drain()
    assert done == ["c", "a", "b"]


async def test_a_job_that_cannot_be_done_is_parked_at_once_and_a_failing_one_in_the_end(
    work: Work, db: Database, clock: FixedClock
) -> None:
    tries: list[str] = []

    async def note(job: Job) -> None:
        tries.append(job.key)
        raise Misconfigured("secret_missing") if job.key == "hopeless" else RuntimeError("again")

    work.handle("note", note)
    await promise(work, db, "hopeless")
    await promise(work, db, "stubborn")
    for _ in range(MAX_ATTEMPTS + 3):
        await work.drain()
        clock.advance(timedelta(seconds=301))
    assert tries.count("hopeless") == 1
    assert tries.count("stubborn") == MAX_ATTEMPTS
    assert await work.counts() == {"parked": 2}


async def test_a_job_of_a_dead_process_is_run_again_and_its_finished_step_is_not(
    db: Database, clock: FixedClock, ids: CountingIds
) -> None:
    effects: list[str] = []

    async def effect() -> dict[str, object]:
        effects.append("sent")
        return {"id": 7}

    class Died(BaseException):
        pass

    async def dies(job: Job) -> None:
        await job.once("send", effect)
        raise Died

    async def finishes(job: Job) -> None:
        assert await job.once("send", effect) == {"id": 7}

    first = make_work(db, clock, ids)
    first.handle("note", dies)
    await promise(first, db, "a")
    with pytest.raises(Died):
        await first.drain()

    second = make_work(db, clock, ids)
    second.handle("note", finishes)
    await second.drain()
    assert await second.counts() == {"running": 1}
    clock.advance(LEASE + timedelta(seconds=1))
    await second.drain()
    assert await second.counts() == {"done": 1}
    assert effects == ["sent"]


async def test_a_restart_on_one_node_takes_back_at_once(db: Database, clock: FixedClock, ids: CountingIds) -> None:
    async def note(_job: Job) -> None:
        return None

    engine = make_work(db, clock, ids)
    engine.handle("note", note)
    await promise(engine, db, "a")
    await engine._claim(1)
    assert await engine.counts() == {"running": 1}
    assert await engine.recover() == 1
    await engine.drain()
    assert await engine.counts() == {"done": 1}


async def test_the_runner_works_and_says_when_it_is_idle(work: Work, db: Database) -> None:
    done: list[str] = []

    async def note(job: Job) -> None:
        done.append(job.key)
        if job.key == "a":
            await promise(work, db, "b")

    work.handle("note", note)
    work.start()
    await promise(work, db, "a")
    await work.idle()
    assert done == ["a", "b"]
