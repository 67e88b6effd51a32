from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from relevo.adapters.speech.wire import Frame
from relevo.adapters.speech.workers import Pool
from relevo.kit.errors import Misconfigured, NotReady

ECHO = "tests.speech.echo:Engine"


def ended(pid: int) -> None:
    """Wait until a process that is not our child is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(10_000), "the worker outlived its server"
    finally:
        os.close(handle)


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Pool]:
    made = Pool("echo", ECHO, {"flag": str(tmp_path / "flag")}, patience=5)
    await made.start()
    yield made
    await made.close()


async def do(pool: Pool, what: str, body: bytes = b"") -> list[Frame]:
    return [frame async for frame in pool.stream({"what": what}, body)]


async def queued(pool: Pool) -> asyncio.Task[list[Frame]]:
    """A job that waits for its turn."""
    waiting = asyncio.create_task(do(pool, "echo", b"unwanted"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert pool.waiting == 1
    return waiting


async def seen(pool: Pool) -> list[str]:
    (frame,) = await do(pool, "seen")
    return list(frame.head["seen"])


async def test_a_job_gives_its_pieces_whole_however_large(pool: Pool) -> None:
    body = os.urandom(28 * 32_000)
    (frame,) = await do(pool, "echo", body)
    assert frame.body == body
    assert frame.head["threads"] == "1"


async def test_many_jobs_at_once_each_get_their_own_answer(pool: Pool) -> None:
    answers = await asyncio.gather(*(do(pool, "echo", str(number).encode()) for number in range(20)))
    assert [frames[0].body for frames in answers] == [str(number).encode() for number in range(20)]


async def test_a_job_that_is_cancelled_before_it_begins_never_runs(pool: Pool) -> None:
    long = pool.stream({"what": "until cancelled"})
    await anext(long)
    waiting = await queued(pool)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not pool.waiting
    await long.aclose()
    assert await seen(pool) == ["until cancelled", "seen"]


async def test_a_job_under_way_is_told_to_stop(pool: Pool) -> None:
    long = pool.stream({"what": "until cancelled"})
    await anext(long)
    await long.aclose()
    (frame,) = await do(pool, "echo", b"next")
    assert frame.body == b"next"


async def test_a_failed_job_leaves_the_worker_alone(pool: Pool) -> None:
    (before,) = pool.pids
    with pytest.raises(NotReady):
        await do(pool, "fail")
    assert pool.pids == [before]
    assert (await do(pool, "echo", b"fine"))[0].body == b"fine"


async def test_a_worker_killed_at_work_is_replaced_and_the_job_done_again(pool: Pool) -> None:
    (before,) = pool.pids
    (frame,) = await do(pool, "die once")
    assert frame.head["survived"]
    assert pool.pids != [before]


async def test_a_job_that_kills_every_worker_fails_and_the_next_is_served(pool: Pool) -> None:
    with pytest.raises(NotReady):
        await do(pool, "die")
    assert (await do(pool, "echo", b"fine"))[0].body == b"fine"


async def test_a_job_half_handed_out_is_not_done_again(pool: Pool) -> None:
    pieces = pool.stream({"what": "die after a piece"})
    got = await anext(pieces)
    with pytest.raises(NotReady):
        await anext(pieces)
    assert got.head["piece"] == 1
    assert await seen(pool) == ["seen"]


async def test_a_worker_killed_idle_is_replaced(pool: Pool) -> None:
    (before,) = pool.pids
    os.kill(before, signal.SIGKILL)
    await asyncio.to_thread(ended, before)
    assert (await do(pool, "echo", b"fine"))[0].body == b"fine"
    assert pool.pids != [before]
    assert pool.healthy()


async def test_a_stuck_worker_is_replaced() -> None:
    pool = Pool("echo", ECHO, {}, patience=0.2)
    await pool.start()
    try:
        with pytest.raises(NotReady):
            await do(pool, "hang")
        assert (await do(pool, "echo", b"fine"))[0].body == b"fine"
    finally:
        await pool.close()


@pytest.mark.parametrize(
    ("options", "error"), [({"broken": True}, NotReady), ({"misconfigured": "weights_missing"}, Misconfigured)]
)
async def test_an_engine_that_cannot_be_loaded_says_why(options: dict[str, Any], error: type[Exception]) -> None:
    pool = Pool("echo", ECHO, options, size=2)
    with pytest.raises(error):
        await pool.start()
    assert pool.pids == []


async def test_two_workers_work_at_the_same_time() -> None:
    pool = Pool("echo", ECHO, {}, size=2)
    await pool.start()
    try:
        first, second = (pool.stream({"what": "until cancelled"}) for _ in range(2))
        await asyncio.gather(anext(first), anext(second))
        await first.aclose()
        await second.aclose()
    finally:
        await pool.close()


async def test_closing_ends_the_processes_and_whoever_waits(pool: Pool) -> None:
    pids = pool.pids
    long = pool.stream({"what": "until cancelled"})
    await anext(long)
    waiting = await queued(pool)
    await pool.close()
    with pytest.raises(NotReady):
        await waiting
    with pytest.raises(NotReady):
        await anext(long)
    for pid in pids:
        ended(pid)
    with pytest.raises(NotReady):
        await do(pool, "echo")


PARENT = """
import asyncio, sys
from relevo.adapters.speech.workers import Pool
async def main():
    pool = Pool("echo", "tests.speech.echo:Engine", {})
    await pool.start()
    job = pool.stream({"what": "until cancelled"})
    await anext(job)
    print(*pool.pids, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_workers_die_with_their_server_even_in_the_middle_of_a_job() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    worker = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    await asyncio.to_thread(ended, worker)


async def test_where_too_many_wait_the_oldest_is_given_up() -> None:
    pool = Pool("echo", ECHO, {}, patience=5, most_waiting=2)
    long = pool.stream({"what": "until cancelled"})
    await anext(long)
    waiting = [asyncio.create_task(do(pool, "echo", str(number).encode())) for number in range(3)]
    with pytest.raises(NotReady):
        await waiting[0]
    await long.aclose()
    assert [frames[0].body for frames in await asyncio.gather(*waiting[1:])] == [b"1", b"2"]
    await pool.close()


async def test_a_modest_worker_takes_what_others_leave(pool: Pool) -> None:
    modest = Pool("echo", ECHO, {}, nice=15)
    (usual,), (low,) = await do(pool, "echo"), await do(modest, "echo")
    await modest.close()
    assert low.head["nice"] == min(19, usual.head["nice"] + 15)


async def test_a_worker_that_nobody_needs_ends_and_comes_back() -> None:
    pool = Pool("echo", ECHO, {}, rest=0.05)
    assert not pool.pids
    await do(pool, "echo")
    (pid,) = pool.pids
    await asyncio.to_thread(ended, pid)
    (frame,) = await do(pool, "seen")
    assert frame.head["seen"] == ["seen"]
    await pool.close()


async def test_a_resting_worker_is_up_when_its_job_was_announced() -> None:
    pool = Pool("echo", ECHO, {}, rest=0.05)
    await do(pool, "echo")
    (pid,) = pool.pids
    await asyncio.to_thread(ended, pid)
    await pool.wake()
    (frame,) = await do(pool, "seen")
    assert frame.head["seen"] == ["seen"]
    await pool.close()
