"""Durable work on PostgreSQL: the ``job`` table keeps the promises, Procrastinate's queue says whose turn it is.

A job is put into the queue in the transaction that promises it, and leaves it in the one that writes how it ended, so
the two cannot disagree. Procrastinate gives the lanes (its locks), workers on several nodes that do not get in each
other's way, and the wake-up between them. It does not remember what was done, which is what a second promise of the
same key asks for, and it knows a dead worker by the server's clock only: keys, payloads, attempts, leases and parked
jobs therefore stay where they are on SQLite too. Nothing else in the product talks to Procrastinate.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Queued
from procrastinate.jobs import Notification, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncNullConnectionPool
from sqlalchemy import column, make_url, select, table, text, update

from relevo.kit import log
from relevo.kit.db import Tx
from relevo.kit.work import LEASE, MAX_ATTEMPTS, POLL, Job, JobRow, Work

_log = log.get("work.postgres")

QUEUE = "relevo"
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Long ago by any clock, the server's included."""

_AGREE = text(
    "UPDATE procrastinate_jobs SET scheduled_at = NULL FROM job WHERE job.queue_id = procrastinate_jobs.id"
    " AND procrastinate_jobs.status = 'todo' AND procrastinate_jobs.scheduled_at > now() AND job.run_at <= :now"
)
_jobs = table("procrastinate_jobs", column("id"))
_QUEUED = select(_jobs.c.id).where(_jobs.c.id == JobRow.queue_id).exists()


class _Within(PsycopgConnector):
    """Procrastinate's statements on the connection of one of our transactions."""

    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        await self.execute_query_all_async(query, **arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        found: dict[str, Any] = await self.execute_query_one_async_with_connection(self._connection, query, **arguments)
        return found

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]]
        found = await self.execute_query_all_async_with_connection(self._connection, query, **arguments)
        return found


async def _queue(tx: Tx) -> JobManager:
    connection = await (await tx.session.connection()).get_raw_connection()
    return JobManager(_Within(connection.driver_connection))


class ProcrastinateWork(Work):
    """``Work`` with Procrastinate's queue. Its tables are made by the migrations."""

    _next_look = AT_ONCE
    """Leases of the dead are looked through every ``POLL`` seconds."""

    def start(self) -> None:
        super().start()
        self._tasks.start(self._listen(), name="work notifications")

    async def _promised(self, tx: Tx, id_: int, kind: str, run_at: datetime, lane: str | None) -> None:
        queued = await (await _queue(tx)).defer_job_async(
            Queued(
                queue=QUEUE, task_name=kind, lock=lane, queueing_lock=None, task_kwargs={"job": id_},
                scheduled_at=self._by_the_server(run_at),
            )
        )  # fmt: skip
        await tx.session.execute(update(JobRow).where(JobRow.id == id_).values(queue_id=queued.id))

    async def _ended(self, tx: Tx, queue_id: int | None, *, state: str, run_at: datetime | None) -> None:
        if queue_id is None:
            return
        queue = await _queue(tx)
        if state == "waiting":
            await queue.retry_job_by_id_async(queue_id, self._by_the_server(run_at) or AT_ONCE)
        else:
            await queue.finish_job_by_id_async(queue_id, Status.SUCCEEDED, delete_job=True)

    async def _any_due(self) -> bool:
        """The queue knows, and nobody else is kept waiting while it is asked."""
        return True

    async def _claim_in(self, tx: Tx, room: int) -> list[Job]:
        jobs: list[Job] = []
        if self._clock.now() >= self._next_look:
            await self._take_back(tx, JobRow.lease_until < self._clock.now())
            tx.after_commit(self._looked)
        queue = await _queue(tx)
        while len(jobs) < room:
            # No worker of Procrastinate's: who runs a job, and whether they live, is in its lease.
            queued = await queue.fetch_job(None, None)  # type: ignore[arg-type]
            if queued is None:
                break
            job = await self._begin(tx, queued)
            if job is not None:
                jobs.append(job)
        return jobs

    def _looked(self) -> None:
        self._next_look = self._clock.now() + timedelta(seconds=POLL)

    async def _begin(self, tx: Tx, queued: Queued) -> Job | None:
        """What came out of the queue is ours; None if it is not to be run now."""
        now, queue_id = self._clock.now(), queued.id
        found = await tx.session.execute(
            select(JobRow.id, JobRow.kind, JobRow.key, JobRow.payload, JobRow.attempts, JobRow.run_at)
            .where(JobRow.queue_id == queue_id, JobRow.state == "waiting")
            .with_for_update()
        )
        row = found.first()
        if row is None:
            # Somebody deleted or settled it by hand.
            await self._ended(tx, queue_id, state="done", run_at=None)
            return None
        if row.run_at > now:
            # The server's clock is ahead of ours. A timer that goes off early finds nothing to do and is lost.
            await self._ended(tx, queue_id, state="waiting", run_at=row.run_at)
            return None
        this = update(JobRow).where(JobRow.id == row.id)
        if row.attempts >= MAX_ATTEMPTS:
            # Begun so often and never brought to an end of any kind: it takes its process with it.
            await tx.session.execute(this.values(state="parked", last_error="ProcessDied", finished_at=now))
            await self._ended(tx, queue_id, state="parked", run_at=None)
            _log.error("job parked, it ends its process", kind=row.kind, key=row.key)
            return None
        await tx.session.execute(
            this.values(state="running", attempts=row.attempts + 1, lease_owner=self._owner, lease_until=now + LEASE)
        )
        return Job(row.id, row.kind, row.key, row.payload, row.attempts + 1, self)

    async def _take_back(self, tx: Tx, where: Any) -> list[int | None]:
        freed = await super()._take_back(tx, where)
        for queue_id in freed:
            await self._ended(tx, queue_id, state="waiting", run_at=None)
        return freed

    async def recover(self, alive: Any = ()) -> int:
        freed = await super().recover(alive)
        await self._queue_the_lost()
        return freed

    async def _queue_the_lost(self) -> None:
        """What waits and is in no queue: promised by an older version, or waiting again by hand."""
        async with self._db.write() as tx:
            lost = await tx.session.execute(
                select(JobRow.id, JobRow.kind, JobRow.run_at, JobRow.lane)
                .where(JobRow.state == "waiting", ~_QUEUED)
                .order_by(JobRow.id)
                .with_for_update(skip_locked=True)
            )
            for id_, kind, run_at, lane in lost.all():
                await self._promised(tx, id_, kind, run_at, lane)

    async def _agree_on_time(self) -> None:
        async with self._db.write() as tx:
            await tx.session.execute(_AGREE, {"now": self._clock.now()})

    def _by_the_server(self, run_at: datetime | None) -> datetime | None:
        """The same moment by the server's clock, which may be another one than ours (tests, demos). None: at once."""
        if run_at is None:
            return None
        left = run_at - self._clock.now()
        return datetime.now(UTC) + left if left.total_seconds() > 0 else None

    async def _listen(self) -> None:
        """What another node promises is begun at once. Without this it would wait for the next ``POLL``."""

        async def promised(*, channel: str, notification: Notification) -> None:  # noqa: ARG001
            self._wake.set()

        address = make_url(self._db.url).set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            connector = PsycopgConnector(conninfo=address, pool_factory=AsyncNullConnectionPool)
            try:
                await connector.open_async()
                await JobManager(connector).listen_for_jobs(on_notification=promised, queues=[QUEUE])
            except ConnectorException:
                _log.exception("cannot listen for jobs; they are looked for all the same")
            finally:
                await connector.close_async()
            await asyncio.sleep(POLL)
