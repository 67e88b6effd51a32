"""A database in memory-backed storage, its tables copied from one made once: many guests, each in a fresh house."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from world import World, build

from relevo.bot.ports import Understander
from relevo.kit.clock import FixedClock
from relevo.kit.db import Base, Database
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work

Build = Callable[..., Awaitable[World]]
MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def empty_house(fast_folder: Path) -> Path:
    async def create() -> None:
        database = Database(f"sqlite+aiosqlite:///{fast_folder / 'empty.db'}", Events(Tasks()))
        async with database.connection() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await database.close()

    asyncio.run(create())
    return fast_folder / "empty.db"


@pytest.fixture
def house(fast_folder: Path, empty_house: Path) -> Iterator[Path]:
    path = fast_folder / "house.db"
    shutil.copy(empty_house, path)
    yield path
    for left in fast_folder.glob("house.db*"):
        left.unlink()


@pytest.fixture
def house_url(request: pytest.FixtureRequest) -> str:
    if os.environ.get("RELEVO_TEST_DATABASE") == "postgresql":
        return str(request.getfixturevalue("database_url"))
    return f"sqlite+aiosqlite:///{request.getfixturevalue('house')}"


@pytest.fixture
async def db(house_url: str, events: Events) -> AsyncIterator[Database]:
    database = Database(house_url, events)
    yield database
    await database.close()


@pytest.fixture
def world_with(
    db: Database, clock: FixedClock, ids: CountingIds, live: Live, work: Work, events: Events, tmp_path: Path
) -> Build:
    async def make(mind: Understander, *, appointments: bool = False) -> World:
        return await build(db, clock, ids, live, work, events, mind, tmp_path / "files", appointments=appointments)

    return make
