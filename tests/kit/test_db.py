"""Write transactions: what follows a commit follows at once, for everybody, whatever happens to the caller."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.events import Event, Events
from relevo.kit.work import Work
from relevo.people import store


async def add_somebody(db: Database, clock: FixedClock, done: list[str]) -> None:
    async with db.write() as tx:
        await store.add_person(tx.session, "per_1", name="Ana", locale=None, at=clock.now())
        tx.after_commit(lambda: done.append("step"))


async def somebody(db: Database) -> bool:
    async with db.read() as session:
        return await store.person(session, "per_1") is not None


async def test_the_steps_after_a_commit_run_before_the_next_writer_has_the_connection(
    db: Database, clock: FixedClock
) -> None:
    order: list[str] = []

    @event.listens_for(db._writer.sync_engine, "checkin")
    def _released(*_: Any) -> None:
        order.append("released")

    await add_somebody(db, clock, order)
    assert order == ["step", "released"]


async def test_a_commit_is_carried_to_its_end_with_its_steps_when_the_caller_is_cancelled(
    db: Database, clock: FixedClock
) -> None:
    done: list[str] = []
    caller = asyncio.ensure_future(add_somebody(db, clock, done))

    @event.listens_for(db._writer.sync_engine, "commit")
    def _committing(*_: Any) -> None:
        caller.cancel()

    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await somebody(db)
    assert done == ["step"]


async def test_a_caller_cancelled_before_the_commit_has_written_nothing(db: Database, clock: FixedClock) -> None:
    done: list[str] = []
    written = asyncio.Event()

    async def writes() -> None:
        async with db.write() as tx:
            await store.add_person(tx.session, "per_1", name="Ana", locale=None, at=clock.now())
            tx.after_commit(lambda: done.append("step"))
            written.set()
            await asyncio.Event().wait()

    caller = asyncio.ensure_future(writes())
    await written.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert not await somebody(db)
    assert done == []


async def test_a_savepoint_within_is_no_commit(db: Database, clock: FixedClock) -> None:
    done: list[str] = []
    async with db.write() as tx:
        tx.after_commit(lambda: done.append("step"))
        async with tx.session.begin_nested():
            await store.add_person(tx.session, "per_1", name="Ana", locale=None, at=clock.now())
        assert done == []
    assert done == ["step"]


async def test_one_handler_that_fails_takes_nothing_from_the_others(db: Database, events: Events) -> None:
    @dataclass(frozen=True, slots=True)
    class Happened(Event):
        pass

    heard: list[str] = []
    later = asyncio.Event()

    def fails(_event: Happened) -> None:
        raise RuntimeError("no")

    async def after(_event: Happened) -> None:
        later.set()

    events.on_at_once(Happened, fails)
    events.on_at_once(Happened, lambda _event: heard.append("at once"))
    events.on_after(Happened, after)
    async with db.write() as tx:
        await tx.publish(Happened())
    assert heard == ["at once"]
    async with asyncio.timeout(5):
        await later.wait()


async def test_a_caller_cancelled_in_the_middle_of_a_statement_stands_in_nobodys_way(db: Database, work: Work) -> None:
    async def writes(key: str) -> None:
        async with db.write() as tx:
            await work.promise(tx, "note", key=key)

    caller = asyncio.ensure_future(writes("a"))

    @event.listens_for(db._writer.sync_engine, "before_cursor_execute")
    def _writing(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT") and not caller.done():
            caller.cancel()

    with pytest.raises(asyncio.CancelledError) as cancelled:
        await caller
    async with asyncio.timeout(10):
        await writes("b")
    assert await work.counts() == {"waiting": 1}
    del cancelled
