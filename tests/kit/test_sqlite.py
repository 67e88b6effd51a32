"""SQLite on the loop's thread: what is short is done at once, what is long or has to wait does not stop the loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from relevo.kit import sqlite
from relevo.kit.db import Base, Database
from relevo.kit.events import Events

ROWS = 60_000
LONG = text(
    f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {ROWS}) SELECT count(*), max(x) FROM n"
)
LONG_SELECT = text(
    f"SELECT * FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {ROWS}) "
    "SELECT count(*), max(x) FROM n)"
)
PUT = text("INSERT INTO note (id) VALUES (:id)")
COUNT = text("SELECT count(*) FROM note")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
async def db(path: Path, events: Events) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{path}", events)
    async with database.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY)"))
    yield database
    await database.close()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that statements went to."""
    used: list[str] = []
    real = sqlite.Connection._patiently

    def patiently(self: sqlite.Connection, step: object) -> object:
        used.append(threading.current_thread().name)
        return real(self, step)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite.Connection, "_patiently", patiently)
    return used


async def test_what_is_short_needs_no_thread(db: Database, threads: list[str]) -> None:
    async with db.read() as session:
        assert (await session.execute(COUNT)).scalar_one() == 0
    assert threads == []
    async with db.write() as tx:
        await tx.session.execute(PUT, {"id": 1})
        assert threads == []
    assert len(threads) == 1, "the commit waits for the disk"


@pytest.mark.parametrize("query", [LONG, LONG_SELECT])
async def test_a_long_query_does_not_stop_the_loop(
    db: Database, threads: list[str], monkeypatch: pytest.MonkeyPatch, query: object
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.0)
    async with db.read() as session:
        assert tuple((await session.execute(query)).one()) == (ROWS, ROWS)  # type: ignore[call-overload]
    assert len(threads) == 1


async def test_short_ones_in_a_row_let_the_loop_have_its_turn(db: Database, threads: list[str]) -> None:
    turns = 0

    async def beat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beating = asyncio.get_running_loop().create_task(beat())
    await asyncio.sleep(0)
    async with db.read() as session:
        began, before = time.perf_counter(), turns
        while time.perf_counter() - began < 10 * sqlite.PATIENCE:
            await session.execute(COUNT)
        had = turns - before
    beating.cancel()
    assert had >= 2
    assert threads == []


async def test_many_rows_at_once_are_written_in_a_thread(db: Database, threads: list[str]) -> None:
    async with db.write() as tx:
        await tx.session.execute(PUT, [{"id": each} for each in range(10)])
        assert threads == []
        await tx.session.execute(PUT, [{"id": each} for each in range(10, 1_010)])
        assert len(threads) == 1
        assert (await tx.session.execute(COUNT)).scalar_one() == 1_010


async def test_a_query_broken_off_in_a_transaction_takes_nothing_with_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.0)
    async with db.write() as tx:
        await tx.session.execute(PUT, {"id": 1})
        assert (await tx.session.execute(LONG_SELECT)).one()[0] == ROWS
        await tx.session.execute(PUT, {"id": 2})
    async with db.read() as session:
        assert (await session.execute(COUNT)).scalar_one() == 2


async def test_who_finds_the_database_locked_waits_and_the_loop_goes_on(db: Database, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    async def writes() -> None:
        async with db.write() as tx:
            await tx.session.execute(PUT, {"id": 1})

    waiting = asyncio.create_task(writes())
    done, _ = await asyncio.wait([waiting], timeout=0.05)
    assert not done
    other.execute("COMMIT")
    other.close()
    async with asyncio.timeout(10):
        await waiting
    async with db.read() as session:
        assert (await session.execute(COUNT)).scalar_one() == 1


async def test_who_is_cancelled_while_a_thread_works_leaves_the_connection_to_the_next(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, go_on = threading.Event(), threading.Event()
    real = sqlite.Connection._patiently

    def patiently(self: sqlite.Connection, step: object) -> object:
        working.set()
        go_on.wait(10)
        return real(self, step)  # type: ignore[arg-type]

    async def deletes() -> None:
        async with db.write() as tx:
            await tx.session.execute(PUT, {"id": 1})
            await tx.session.execute(text("DELETE FROM note"))

    with monkeypatch.context() as patch:
        patch.setattr(sqlite.Connection, "_patiently", patiently)
        deleting = asyncio.create_task(deletes())
        assert await asyncio.to_thread(working.wait, 10)
        deleting.cancel()
        asyncio.get_running_loop().call_soon(go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await deleting
    async with db.write() as tx:
        await tx.session.execute(PUT, {"id": 2})
    async with db.read() as session:
        assert (await session.execute(text("SELECT id FROM note"))).scalars().all() == [2]


async def test_an_error_is_the_statements_own(db: Database) -> None:
    async with db.read() as session:
        with pytest.raises(OperationalError, match="no such table"):
            await session.execute(text("SELECT * FROM nowhere"))
    since = time.monotonic()
    async with db.read() as session:
        with pytest.raises(OperationalError, match="syntax"):
            await session.execute(text("SELEC 1"))
    assert time.monotonic() - since < 5
