"""Durable work: a job is promised in the transaction that makes it necessary, and runs at least once.

Here are the port and the engine for one node: a leased runner over the ``job`` table. On PostgreSQL the table is the
same and Procrastinate is the queue in front of it (``work_postgres``). A job has a kind, a unique key, an optional
lane (jobs of one lane run one at a time, in the order they were promised) and a time. A handler that has an
outside effect remembers it with ``Job.once``; one that fails, or takes its process with it, is retried with growing
pauses and is parked after ``MAX_ATTEMPTS`` for a person to see. Waiting is a job with a later ``run_at``, never a
sleeping coroutine. Whoever lost a lease writes nothing any more: the number of the attempt fences them off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, upsert
from relevo.kit.errors import RelevoError
from relevo.kit.ids import Ids
from relevo.kit.jobs import JobRow as JobRow
from relevo.kit.jobs import JobStepRow as JobStepRow
from relevo.kit.tasks import Tasks

_log = log.get("work")

LEASE = timedelta(seconds=30)
POLL = 1.0
MAX_ATTEMPTS = 8
STRUGGLES = 3
"""Begun so often and not done: worth a look."""
KEEP_DONE = timedelta(days=7)
"""A finished job is remembered this long, so that what is promised a second time is not done again."""


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    """How often it has been begun, this time included."""
    work: Work

    async def once(self, step: str, effect: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Do ``effect`` unless the ledger has it; a crash in between repeats it, so it must look before it acts."""
        return await self.work.once(self, step, effect)


class LeaseLost(Exception):  # noqa: N818 - says what happened
    """This attempt took too long and the job is somebody else's now."""


Handler = Callable[[Job], Awaitable[None]]
Values = Mapping[str, Any]


class Work:
    """Promises jobs (``promise``) and runs them (``start``). One instance per process."""

    def __init__(self, db: Database, clock: Clock, ids: Ids, *, owner: str | None = None, concurrency: int = 8) -> None:
        """``owner``: the id of this process (``Nodes.id``), by which others know whether it is alive."""
        self._db = db
        self._clock = clock
        self._owner = owner or ids.new("run")
        self._concurrency = concurrency
        self._handlers: dict[str, Handler] = {}
        self._wake = asyncio.Event()
        self._tasks = Tasks()
        self._running: dict[int, Job] = {}
        self._ends: list[tuple[Job, Values]] = []
        """Of ``_running``: what came to its end and is not written yet."""
        self._promise: Any = None
        self._idle = asyncio.Event()
        self._idle.set()

    def handle(self, kind: str, run: Handler) -> None:
        """Say who does jobs of ``kind``. Listed in ``app.py``."""
        if kind in self._handlers:
            raise ValueError(f"two handlers for {kind}")
        self._handlers[kind] = run

    async def promise(
        self,
        tx: Tx,
        kind: str,
        *,
        key: str,
        payload: Mapping[str, Any] | None = None,
        run_at: datetime | None = None,
        lane: str | None = None,
    ) -> bool:
        """Write the job in ``tx``. False if ``key`` was promised before (nothing changes then)."""
        if self._promise is None:
            self._promise = upsert(tx.session, _J).on_conflict_do_nothing(index_elements=["key"]).returning(_J.c.id)
        due = run_at or self._clock.now()
        row = {
            "kind": kind, "key": key, "lane": lane, "state": "waiting", "payload": dict(payload or {}), "attempts": 0,
            "run_at": due,
        }  # fmt: skip
        id_ = (await tx.session.execute(self._promise, row)).scalar_one_or_none()
        if id_ is not None:
            await self._promised(tx, id_, kind, due, lane)
            tx.after_commit(self._wake.set)
        return id_ is not None

    async def once(self, job: Job, step: str, effect: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        async with self._db.read() as session:
            known = await session.get(JobStepRow, (job.id, step))
            ours = (await session.execute(select(JobRow.id).where(*self._ours(job)))).first() is not None
        if known is not None:
            return known.result
        if not ours:
            raise LeaseLost(job.key)
        result = await effect()
        async with self._db.write() as tx:
            await tx.session.execute(insert(JobStepRow).values(job_id=job.id, name=step, result=result))
        return result

    def start(self) -> None:
        self._tasks.start(self._run(), name="work runner")
        self._tasks.start(self._renew_leases(), name="work leases")

    async def close(self) -> None:
        """Stop at once. Jobs under way are given back, and this attempt is not counted against them."""
        await self._tasks.close()
        ends, self._ends = self._ends, []
        under_way = [job for job in self._running.values() if not any(job is done for done, _ in ends)]
        try:
            for job, values in ends:
                await self._settle(job, **values)
            for job in under_way:
                await self._settle(job, state="waiting", attempts=job.attempts - 1, lease_owner=None, lease_until=None)
        except Exception:
            # They are run again when their lease ends.
            _log.exception("cannot give back jobs")

    async def drain(self) -> None:
        """Run everything that is due now, in the caller's task (tests, demos). Time does not move."""
        await self._agree_on_time()
        while jobs := await self._claim(1):
            await self._perform(jobs[0])

    async def idle(self) -> None:
        """Wait until nothing that is due, and has nothing before it in its lane, is waiting or running (the runner must
        have been started)."""
        while True:
            await self._idle.wait()
            await self._agree_on_time()
            async with self._db.read() as session:
                ripe = (JobRow.state == "waiting") & (JobRow.run_at <= self._clock.now())
                free = or_(JobRow.lane.is_(None), ~_blocked().exists())
                due = select(func.count()).select_from(JobRow).where(or_(JobRow.state == "running", ripe & free))
                if not (await session.execute(due)).scalar_one() and not self._running:
                    return
            self._wake.set()
            await asyncio.sleep(0.005)

    async def recover(self, alive: Collection[str] = ()) -> int:
        """Take back what processes that are not ``alive`` were doing. Returns how many jobs that is."""
        dead = or_(JobRow.lease_owner.is_(None), JobRow.lease_owner.not_in(list(alive)))
        async with self._db.write() as tx:
            freed = await self._take_back(tx, dead)
            tx.after_commit(self._wake.set)
        return len(freed)

    async def forget_old(self) -> int:
        """Housekeeping: what was done long ago, with its steps. What is parked stays until a person has seen it."""
        async with self._db.write() as tx:
            gone = await tx.session.execute(
                delete(JobRow).where(JobRow.state == "done", JobRow.finished_at < self._clock.now() - KEEP_DONE)
            )
        return int(getattr(gone, "rowcount", 0))

    async def any_parked(self) -> bool:
        async with self._db.read() as session:
            found = await session.execute(select(JobRow.id).where(JobRow.state == "parked").limit(1))
            return found.first() is not None

    async def counts(self) -> dict[str, int]:
        async with self._db.read() as session:
            rows = await session.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
            return {row[0]: row[1] for row in rows}

    async def late_since(self) -> datetime | None:
        """When the job that is due for longest should have begun; None while every one that may begin has."""
        ripe = JobRow.state == "waiting", JobRow.run_at <= self._clock.now()
        due = select(func.min(JobRow.run_at)).where(*ripe, or_(JobRow.lane.is_(None), ~_blocked().exists()))
        async with self._db.read() as session:
            return (await session.execute(due)).scalar_one()

    async def struggling(self, kind: str) -> int:
        """Jobs of one kind that failed several times and are tried again."""
        tried = select(func.count()).where(
            JobRow.kind == kind, JobRow.state.in_(("waiting", "running")), JobRow.attempts >= STRUGGLES
        )
        async with self._db.read() as session:
            return (await session.execute(tried)).scalar_one()

    async def parked_after(self, at: datetime) -> list[tuple[str, str]]:
        """(kind, key) of jobs given up since."""
        query = select(JobRow.kind, JobRow.key).where(JobRow.state == "parked", JobRow.finished_at > at)
        async with self._db.read() as session:
            return [(kind, key) for kind, key in (await session.execute(query.limit(100))).all()]

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            ends, self._ends = self._ends, []
            room = self._concurrency - len(self._running) + len(ends)
            try:
                jobs = await self._turn(ends, room)
            except Exception:
                # A full disk or a lost connection passes; a runner that gave up would not come back. What could not
                # be settled is run again when its lease ends.
                _log.exception("cannot settle or claim jobs")
                jobs = []
            except BaseException:
                self._ends = ends + self._ends
                raise
            for job, _ in ends:
                self._running.pop(job.id, None)
            for job in jobs:
                self._running[job.id] = job
                self._idle.clear()
                self._tasks.start(self._supervised(job), name=f"job {job.kind}")
            if not self._running:
                self._idle.set()
            if not jobs and not ends:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._wake.wait()

    async def _supervised(self, job: Job) -> None:
        values = await self._outcome(job)
        self._ends.append((job, values))
        self._wake.set()

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await self._renew()
            except Exception:
                # The next time is early enough: a lease outlives two failures.
                _log.exception("cannot renew leases")

    async def _renew(self) -> None:
        """Only for what is really under way here: a job whose end could not be written is to be run again."""
        if not self._running:
            return
        async with self._db.write() as tx:
            await tx.session.execute(
                update(JobRow)
                .where(JobRow.id.in_(list(self._running)), JobRow.lease_owner == self._owner, JobRow.state == "running")
                .values(lease_until=self._clock.now() + LEASE)
            )

    async def _turn(self, ends: Sequence[tuple[Job, Values]], room: int) -> list[Job]:
        """In one transaction: how jobs ended, and those that begin now."""
        if not ends and not (room > 0 and await self._any_due()):
            return []
        async with self._db.write() as tx:
            for job, values in ends:
                await self._settle_in(tx, job, values)
            return await self._claim_in(tx, room) if room > 0 else []

    async def _claim(self, room: int) -> list[Job]:
        return await self._turn((), room)

    async def _any_due(self) -> bool:
        async with self._db.read() as session:
            return (await session.execute(_DUE, self._due(1))).first() is not None

    def _due(self, most: int) -> Values:
        # One of ours whose lease has ended is still being done.
        return {"now": self._clock.now(), "most": most + len(self._running)}

    async def _claim_in(self, tx: Tx, room: int) -> list[Job]:
        now = self._clock.now()
        while True:
            due = [row for row in await tx.session.execute(_DUE, self._due(room)) if row.id not in self._running]
            worn = [row for row in due[:room] if row.attempts >= MAX_ATTEMPTS]
            if not worn:
                break
            # Begun so often and never brought to an end of any kind: it takes its process with it.
            for row in worn:
                await tx.session.execute(_PARK, {"job": row.id, "finished_at": now})
                _log.error("job parked, it ends its process", kind=row.kind, key=row.key)
        jobs = [Job(row.id, row.kind, row.key, row.payload, row.attempts + 1, self) for row in due[:room]]
        if jobs:
            taken = {"owner": self._owner, "until": now + LEASE}
            await tx.session.execute(_TAKE, [{"job": job.id, **taken} for job in jobs])
        return sorted(jobs, key=lambda job: job.id)

    async def _take_back(self, tx: Tx, where: ColumnElement[bool]) -> list[int | None]:
        """Running jobs of which ``where`` is true wait again, but for ours; their numbers in the queue."""
        freed = await tx.session.execute(
            update(JobRow)
            .where(JobRow.state == "running", where, JobRow.id.not_in(list(self._running)))
            .values(state="waiting", lease_owner=None, lease_until=None)
            .returning(JobRow.queue_id)
        )
        return list(freed.scalars())

    async def _settle(self, job: Job, **values: Any) -> None:
        """Write how an attempt ended, unless it has been somebody else's since."""
        async with self._db.write() as tx:
            await self._settle_in(tx, job, values)

    async def _settle_in(self, tx: Tx, job: Job, values: Values) -> None:
        ours = {"job": job.id, "owner": self._owner, "tries": job.attempts}
        row = (await tx.session.execute(_END, {**ours, **values})).first()
        if row is not None:
            await self._ended(tx, row.queue_id, state=values["state"], run_at=values.get("run_at"))

    async def _promised(self, tx: Tx, id_: int, kind: str, run_at: datetime, lane: str | None) -> None:
        """A job has been written."""

    async def _ended(self, tx: Tx, queue_id: int | None, *, state: str, run_at: datetime | None) -> None:
        """An attempt has been written: what its job is now, and when it is due again."""

    async def _agree_on_time(self) -> None:
        """For an engine with a clock of its own: due is what is due by ours."""

    def _ours(self, job: Job) -> tuple[ColumnElement[bool], ...]:
        return (
            JobRow.id == job.id,
            JobRow.state == "running",
            JobRow.lease_owner == self._owner,
            JobRow.attempts == job.attempts,
        )

    async def _perform(self, job: Job) -> None:
        await self._settle(job, **await self._outcome(job))

    async def _outcome(self, job: Job) -> Values:
        """Run it. What is to be written about how it ended."""
        handler = self._handlers.get(job.kind)
        try:
            if handler is None:
                raise LookupError("no handler for this kind of job")
            await handler(job)
        except asyncio.CancelledError as error:
            if (task := asyncio.current_task()) is None or task.cancelling():
                raise
            # What it waited for was cancelled, not the job: it would keep its lease, and its lane, for ever.
            return self._failed(job, error, retryable=True)
        except Exception as error:
            retryable = not isinstance(error, RelevoError) or getattr(error, "retryable", False)
            return self._failed(job, error, retryable=retryable)
        return {"state": "done", "finished_at": self._clock.now(), "lease_owner": None, "lease_until": None}

    def _failed(self, job: Job, error: BaseException, *, retryable: bool) -> Values:
        park = not retryable or job.attempts >= MAX_ATTEMPTS
        _log.error("job failed", kind=job.kind, key=job.key, attempts=job.attempts, parked=park, exc_info=error)
        now = self._clock.now()
        return {
            "state": "parked" if park else "waiting",
            "run_at": now + (getattr(error, "retry_after", None) or pause_before(job.attempts)),
            "last_error": type(error).__name__,
            "finished_at": now if park else None,
            "lease_owner": None,
            "lease_until": None,
        }


def make_work(db: Database, clock: Clock, ids: Ids, *, owner: str | None = None) -> Work:
    """The engine that belongs to the database at hand."""
    if db.is_sqlite:
        return Work(db, clock, ids, owner=owner)
    from relevo.kit.work_postgres import ProcrastinateWork

    return ProcrastinateWork(db, clock, ids, owner=owner)


def pause_before(attempts: int) -> timedelta:
    """The pause after the nth failure: 1, 2, 4 ... at most 300 seconds."""
    return timedelta(seconds=min(2 ** (attempts - 1), 300))


def _blocked() -> Select[Any]:
    """Jobs that the one looked at has to wait for: earlier ones of its lane."""
    earlier = aliased(JobRow)
    return select(earlier.id).where(
        earlier.lane == JobRow.lane, earlier.id < JobRow.id, earlier.state.in_(("waiting", "running"))
    )


_J = cast(Table, JobRow.__table__)
# Made once: to put a statement together costs more than to run it.
_DUE = (
    select(JobRow.id, JobRow.kind, JobRow.key, JobRow.payload, JobRow.attempts)
    .where(
        or_(
            (JobRow.state == "waiting") & (JobRow.run_at <= bindparam("now")),
            (JobRow.state == "running") & (JobRow.lease_until < bindparam("now")),
        ),
        or_(JobRow.lane.is_(None), ~_blocked().exists()),
    )
    .order_by(JobRow.run_at, JobRow.id)
    .limit(bindparam("most"))
)
_TAKE = (
    update(_J)
    .where(_J.c.id == bindparam("job"))
    .values(state="running", attempts=_J.c.attempts + 1, lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)
_PARK = (
    update(_J)
    .where(_J.c.id == bindparam("job"))
    .values(state="parked", last_error="ProcessDied", lease_owner=None, lease_until=None)
)
_END = (
    update(_J)
    .where(
        _J.c.id == bindparam("job"),
        _J.c.state == "running",
        _J.c.lease_owner == bindparam("owner"),
        _J.c.attempts == bindparam("tries"),
    )
    .returning(_J.c.queue_id)
)
