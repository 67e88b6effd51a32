"""Shared ground of the tests: a fresh SQLite file, a clock that stands still, ids that count."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relevo.adapters.understanding.embedded import Embedded
from relevo.kit.clock import FixedClock
from relevo.kit.db import Base, Database
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture
async def events() -> AsyncIterator[Events]:
    tasks = Tasks()
    yield Events(tasks)
    await tasks.close()


@pytest.fixture
async def db(tmp_path: Path, events: Events) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}", events)
    async with database.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def live(db: Database, clock: FixedClock) -> Live:
    return Live(db, clock)


@pytest.fixture
async def work(db: Database, clock: FixedClock, ids: CountingIds) -> AsyncIterator[Work]:
    engine = Work(db, clock, ids)
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
def engine(pytestconfig: pytest.Config) -> Embedded:
    """The real engine, trained once per corpus and machine: the file's name is the hash of both."""
    return Embedded(cache_dir=pytestconfig.cache.mkdir("understanding"))  # type: ignore[union-attr]
