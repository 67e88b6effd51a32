"""The database: one declarative base, read sessions, and short explicit write transactions.

A write transaction (``Tx``) is never held across a call to a model, a PMS, a speech engine or a carrier. What has to
happen because of it is either written in it (a job, a live event) or registered with ``after_commit``: those steps run
in the same turn of the loop as the commit, before the next writer, even when the caller is being cancelled. On SQLite
all writers of a process share one connection and begin immediately, so they queue instead of failing with "locked";
its statements run on the loop's own thread (``kit/sqlite``).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import wraps
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import DateTime, MetaData, Table, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from relevo.kit import log
from relevo.kit.errors import Misconfigured
from relevo.kit.events import Event, Events
from relevo.kit.sqlite import DRIVER
from relevo.kit.tasks import to_the_end

_log = log.get("db")

P = ParamSpec("P")
T = TypeVar("T")

BEGIN_AGAIN = {"40P01", "40001", "55P03"}
"""Deadlock, serialisation failure, a lock that was waited for too long."""
RETRIES = 3
LOCK_TIMEOUT = 10_000
"""Milliseconds that a statement waits for somebody else's rows (PostgreSQL)."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python, naive UTC in SQLite, timestamptz in PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


def retried(use_case: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """For a use case with a single write transaction: begun again when the server ended that transaction because two
    were waiting for each other (or could not both be true). Jobs need none of this, they are retried anyway."""

    @wraps(use_case)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for again in range(RETRIES):
            try:
                return await use_case(*args, **kwargs)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in BEGIN_AGAIN:
                    raise
                _log.warning("a transaction made way for another one", tries=again + 1)
            # Those who met do not meet again in step.
            await asyncio.sleep(random.uniform(0, 0.05 * (again + 1)))  # noqa: S311 - no secret
        return await use_case(*args, **kwargs)

    return run


def upsert(session: AsyncSession, table: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An ``insert`` with ``on_conflict_...``, in the words of the database at hand."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


async def take_turns(session: AsyncSession, *names: str, shared: bool = False) -> None:
    """From here to the end of the transaction nobody else is here under one of these names; ``shared``: nobody but
    others who share. On SQLite all writers take turns anyway; on PostgreSQL two of them would each decide by what is
    there without what the other adds."""
    if session.get_bind().dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        for name in sorted(names):
            await session.execute(select(take(func.hashtextextended(name, 0))))


class Tx:
    """One write transaction. ``publish`` runs in-transaction subscribers now, the others after the commit."""

    def __init__(self, session: AsyncSession, events: Events) -> None:
        self.session = session
        self._events = events
        self._before: list[Callable[[], Awaitable[None]]] = []
        self._last: list[Callable[[], Awaitable[None]]] = []
        self._after: list[Callable[[], None]] = []

    def before_commit(self, run: Callable[[], Awaitable[None]], *, last: bool = False) -> None:
        """Write something at the very end: rows that everybody writes are then held for a moment only. ``last``: after
        all others, these included that are registered meanwhile."""
        (self._last if last else self._before).append(run)

    def after_commit(self, run: Callable[[], None]) -> None:
        """Run a plain function once the data is safe; it is forgotten if the transaction fails."""
        self._after.append(run)

    async def publish(self, event: Event) -> None:
        await self._events.within(self, event)
        self._after.append(lambda: self._events.announce(event))

    async def end(self) -> None:
        while self._before or self._last:
            await (self._before or self._last).pop(0)()

    def committed(self) -> None:
        for run in self._after:
            try:
                run()
            except Exception:
                _log.exception("after-commit step failed")


class _Writing(Session):
    """The session of a write transaction."""


@event.listens_for(_Writing, "after_commit")
def _tell(session: Session) -> None:
    # The connection is not released yet: nobody else can have written, nor has anything been awaited.
    tx: Tx | None = session.info.pop("committing", None)
    if tx is not None:
        tx.committed()


class Database:
    """Engine and sessions for a URL such as ``sqlite+aiosqlite:///var/relevo.db``."""

    def __init__(self, url: str, events: Events) -> None:
        self.url = url = with_driver(url)
        self.events = events
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self._readers = _sqlite_engine(url, write=False)
            self._writer = _sqlite_engine(url, write=True)
        else:
            # What is read in one session belongs together: a snapshot and the number of its last event.
            self._readers = _server_engine(url, isolation_level="REPEATABLE READ")
            self._writer = _server_engine(url)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading: one consistent snapshot, never committed."""
        async with AsyncSession(self._readers, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A short write transaction: commits at the end of the block, rolls back if it raises."""
        async with AsyncSession(self._writer, sync_session_class=_Writing, expire_on_commit=False) as session:
            tx = Tx(session, self.events)
            async with session.begin() as transaction:
                yield tx
                await tx.end()
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    # Told to stop while it worked: it hears of it here, and nothing of it is written.
                    await asyncio.sleep(0)
                session.info["committing"] = tx
                await to_the_end(transaction.commit())

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A raw writing connection (migrations)."""
        async with self._writer.begin() as connection:
            yield connection

    async def close(self) -> None:
        await self._readers.dispose()
        await self._writer.dispose()


def with_driver(url: str) -> str:
    """``postgresql://...`` and ``sqlite://...``, as everybody writes them, said for the drivers that we use."""
    given = make_url(url)
    if given.get_backend_name() == "sqlite":
        return given.set(drivername=f"sqlite+{DRIVER}").render_as_string(hide_password=False)
    if given.get_backend_name() not in ("postgresql", "postgres"):
        return url
    return given.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _server_engine(url: str, **options: Any) -> AsyncEngine:
    if find_spec("psycopg") is None or find_spec("procrastinate") is None:
        raise Misconfigured("postgres_missing")
    return create_async_engine(
        url,
        pool_size=5,
        max_overflow=5,
        pool_timeout=60,
        # A server that was started again has closed our connections; nobody should get an error for that.
        pool_pre_ping=True,
        connect_args={"options": f"-c lock_timeout={LOCK_TIMEOUT} -c timezone=UTC", "application_name": "relevo"},
        hide_parameters=True,
        **options,
    )


def _sqlite_engine(url: str, *, write: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=1 if write else 4,
        max_overflow=0,
        pool_timeout=60,
        # An error is logged with its statement; the values in it are customers' words, names and numbers.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # FULL: a power cut may not lose a committed booking; NORMAL could lose the last ones.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
