"""Shared ground of the tests: a fresh database, a clock that stands still, ids that count.

Tests of the areas in ``ON_BOTH`` run on SQLite and on PostgreSQL, the others on SQLite. ``RELEVO_TEST_DATABASE`` names
the one engine on which all of them run.
"""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi._compat import v2 as fastapi_types
from pydantic import TypeAdapter

from relevo.adapters.understanding.embedded import Embedded
from relevo.kit import crypto
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work, make_work
from tests import postgres, ready, trained

ON_BOTH = ("appointments", "bookings", "conversations", "desk", "kit", "people", "reports", "tours")
ONCE = ("test_pms_contract", "test_qloapps_", "test_whole_")
"""Files of these areas that are about somebody else's server, or run on both in a smaller size."""
ENGINES = ("sqlite", "postgresql")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """Hashing is slow on purpose; five people who sign in before every test would cost more than the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crypto, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


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


def pytest_configure() -> None:
    """Looking for cycles among what hundreds of whole products leave behind would cost a quarter of the time, and
    reading the types of their 250 routes hundreds of times half of what it takes to build them."""
    gc.freeze()
    gc.set_threshold(50_000, 30, 30)
    vars(fastapi_types)["TypeAdapter"] = _adapter


_ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def _adapter(kind: Any, **how: Any) -> TypeAdapter[Any]:
    """One per type that has a name of its own: an adapter has no state."""
    name = f"{kind!r} {how!r}"
    if "<locals>" in name or " at 0x" in name:
        return TypeAdapter(kind, **how)
    if name not in _ADAPTERS:
        _ADAPTERS[name] = TypeAdapter(kind, **how)
    return _ADAPTERS[name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" not in metafunc.fixturenames:
        return
    path = metafunc.definition.path
    if path.stem.endswith("_postgres"):
        metafunc.parametrize("database_url", ["postgresql"], indirect=True)
        return
    twice = path.relative_to(Path(__file__).parent).parts[0] in ON_BOTH and not path.stem.startswith(ONCE)
    if twice and "RELEVO_TEST_DATABASE" not in os.environ:
        metafunc.parametrize("database_url", ENGINES, indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """One server for all the tests of this process."""
    with postgres.running() as server, pytest.MonkeyPatch.context() as patch:
        # pg_dump wants to be as new as the server.
        patch.setenv("PATH", f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}")
        server.make_template()
        yield server


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database. PostgreSQL's has the tables that the migrations make, SQLite's has none yet."""
    engine = getattr(request, "param", None) or os.environ.get("RELEVO_TEST_DATABASE", "sqlite")
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture
async def db(database_url: str, events: Events) -> AsyncIterator[Database]:
    if database_url.startswith("sqlite"):
        await ready.create_all(Path(database_url.partition(":///")[2]))
    database = Database(database_url, events)
    yield database
    await database.close()


@pytest.fixture
def live(db: Database, clock: FixedClock) -> Live:
    return Live(db, clock)


@pytest.fixture
async def work(db: Database, clock: FixedClock, ids: CountingIds) -> AsyncIterator[Work]:
    engine = make_work(db, clock, ids)
    yield engine
    await engine.close()


@pytest.fixture(scope="session")
def engine() -> Embedded:
    """The real engine."""
    return Embedded(model=trained.model())
