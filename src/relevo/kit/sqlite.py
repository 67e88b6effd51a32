"""SQLite on the event loop's own thread: what takes microseconds is done at once, what may wait goes to a thread.

A statement that finds its rows by an index costs less than handing it to a thread and coming back. So statements run
right here, except those that wait by nature (COMMIT waits for the disk) or may be long (DELETE, VACUUM, schema, many
rows at once). A query that turns out to be long is broken off after ``PATIENCE`` and done again in a thread, in the
same snapshot; whoever finds the database locked by another process waits for it there; and where short ones follow each
other for that long, the loop gets its turn between two of them. Nothing else is decided here.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util.concurrency import await_only

DRIVER = "relevo"
PATIENCE = 0.003
"""Seconds that queries may keep the loop: live calls have a beat of 20 ms."""
LOCKED = 30.0
"""Seconds to wait for another process that writes."""
_STEPS = 1_000
"""Instructions of SQLite's machine between two looks at the clock."""
_AT_ONCE = frozenset({"SELECT", "INSERT", "UPDATE", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA"})
_NEVER = float("inf")
_MANY = 400
"""Values of one statement, from which on it is long."""
_kept_since: float | None = None
"""When the first statement was done since the loop had its turn."""

_threads = ThreadPoolExecutor(8, thread_name_prefix="sqlite")

T = TypeVar("T")


def _fresh_threads() -> None:
    # Threads do not live on in a forked process; work given to them would wait for ever.
    global _threads  # noqa: PLW0603
    _threads = ThreadPoolExecutor(8, thread_name_prefix="sqlite")


os.register_at_fork(after_in_child=_fresh_threads)


class Connection:
    """What SQLAlchemy takes for a connection of an asynchronous driver."""

    def __init__(self, path: str, **options: Any) -> None:
        given = {**options, "timeout": 0, "isolation_level": None, "check_same_thread": False}
        self.driver = sqlite3.connect(path, **given)
        self._deadline = _NEVER
        self._broken_off = False
        self.driver.set_progress_handler(self._look, _STEPS)

    def cursor(self, server_side: bool = False) -> Cursor:  # noqa: ARG002 - SQLAlchemy's word
        return Cursor(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        cursor = self.cursor()
        cursor.execute(sql, values)
        return cursor

    def create_function(self, *given: Any, **named: Any) -> None:
        self.driver.create_function(*given, **named)

    @property
    def isolation_level(self) -> str | None:
        return self.driver.isolation_level  # type: ignore[no-any-return]

    def commit(self) -> None:
        if self.driver.in_transaction:
            self.in_thread(self.driver.commit)

    def rollback(self) -> None:
        if self.driver.in_transaction:
            self.driver.rollback()

    def close(self) -> None:
        # A caller cancelled in the middle of a transaction leaves it open, and with it the lock of all writers.
        self.rollback()
        self.driver.close()

    def run(self, sql: str, step: Callable[[], T], values: int) -> T:
        """Do ``step``, which is the statement ``sql`` with so many values, where it belongs."""
        kind = sql[:9].lstrip().partition(" ")[0].upper()
        if kind not in _AT_ONCE or values > _MANY:
            return self.in_thread(step)
        await_only(_turn())
        if kind == "SELECT":
            # Nothing else may be broken off: SQLite would roll the whole transaction back.
            self._deadline, self._broken_off = time.perf_counter() + PATIENCE, False
        try:
            return step()
        except sqlite3.OperationalError as error:
            if not self._broken_off and error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        finally:
            self._deadline = _NEVER
        return self.in_thread(step)

    def in_thread(self, step: Callable[[], T]) -> T:
        return await_only(self._in_thread(step))

    async def _in_thread(self, step: Callable[[], T]) -> T:
        work = asyncio.get_running_loop().run_in_executor(_threads, self._patiently, step)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # The connection is somebody else's in a moment; nothing of ours may still be running on it.
            while not work.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([work])
            if not work.cancelled():
                work.exception()
            raise

    def _patiently(self, step: Callable[[], T]) -> T:
        self.driver.execute(f"PRAGMA busy_timeout={int(LOCKED * 1_000)}")
        try:
            return step()
        finally:
            self.driver.execute("PRAGMA busy_timeout=0")

    def _look(self) -> bool:
        self._broken_off = time.perf_counter() > self._deadline
        return self._broken_off


class Cursor:
    """Keeps all rows of its statement: nothing stays open between two statements."""

    server_side = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver = connection.driver.cursor()
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    def execute(self, sql: str, values: Sequence[Any] | None = None) -> None:
        def step() -> None:
            self._driver.execute(sql, values or ())
            self.description = self._driver.description
            if self.description:
                self._rows = deque(self._driver.fetchall())

        self._connection.run(sql, step, len(values or ()))
        self.rowcount, self.lastrowid = self._driver.rowcount, self._driver.lastrowid

    def executemany(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        def step() -> None:
            self._driver.executemany(sql, values)

        self._connection.run(sql, step, sum(map(len, values)))
        self.description, self.rowcount = None, self._driver.rowcount

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def _async_soft_close(self) -> None:
        """Nothing is open."""

    def setinputsizes(self, *sizes: Any) -> None:
        """SQLite has no use for them."""

    def close(self) -> None:
        self._rows.clear()
        self._driver.close()


class _Module:
    """What SQLAlchemy takes for the driver's module: the standard library's, but for ``connect``."""

    paramstyle = "qmark"

    def connect(self, path: str, **options: Any) -> Connection:
        return Connection(path, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


class Dialect(SQLiteDialect_aiosqlite):
    """``sqlite+relevo://``"""

    driver = DRIVER
    supports_statement_cache = True
    supports_server_side_cursors = False

    def __init__(self, **given: Any) -> None:
        super(SQLiteDialect_aiosqlite, self).__init__(**given)

    @classmethod
    def import_dbapi(cls) -> Any:
        return _Module()

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Pool]:  # noqa: ARG003
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:
        return connection.driver

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()


async def _turn() -> None:
    """Let the loop have its turn where statements have kept it for long; else it takes no time (SQLAlchemy refuses an
    asynchronous driver that never waits)."""
    global _kept_since  # noqa: PLW0603
    now = time.perf_counter()
    if _kept_since is None:
        _kept_since = now
        asyncio.get_running_loop().call_soon(_had)
    elif now - _kept_since > PATIENCE:
        await asyncio.sleep(0)
        _had()


def _had() -> None:
    global _kept_since  # noqa: PLW0603
    _kept_since = None


registry.register(f"sqlite.{DRIVER}", __name__, "Dialect")
