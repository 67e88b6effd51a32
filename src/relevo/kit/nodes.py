"""Which processes of an installation are alive. Jobs and calls belong to a process by its id, never by its name.

Each process writes a heartbeat under an id made at its start. Another one is gone when its heartbeat has not moved for
``PATIENCE`` by the watcher's own monotonic clock, so that clocks that differ or jump end nobody's calls. What a
predecessor of the same name on the same machine left behind is known at once, by a lock that the system lets go of
when a process dies. What becomes of the jobs and calls of the dead is not decided here.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Base, Database
from relevo.kit.ids import Ids
from relevo.kit.tasks import Tasks

_log = log.get("nodes")

BEAT = 10.0
PATIENCE = 40.0
FORGET = timedelta(days=1)


class NodeRow(Base):
    __tablename__ = "node"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    host: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Nodes:
    """This process among the others. ``start`` before anything is owned, ``close`` after everything is given back."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        ids: Ids,
        name: str,
        folder: Path,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = ids.new("node")
        self._db = db
        self._clock = clock
        self._name = name
        self._folder = folder
        self._ticks = ticks
        self._host = socket.gethostname()[:80]
        self._started_at = clock.now()
        self._seen: dict[str, tuple[datetime, float]] = {}
        self._lock: int | None = None
        self._tasks = Tasks()

    async def start(self) -> None:
        alone = self._take_name()
        now = self._clock.now()
        async with self._db.write() as tx:
            await tx.session.execute(delete(NodeRow).where(NodeRow.seen_at < now - FORGET))
            if alone:
                await tx.session.execute(delete(NodeRow).where(NodeRow.name == self._name, NodeRow.host == self._host))
            else:
                _log.warning("another process of this name is running", node=self._name)
        await self.beat()
        self._tasks.start(self._go_on(), name="heartbeat")

    async def beat(self) -> None:
        async with self._db.write() as tx:
            row = await tx.session.get(NodeRow, self.id)
            if row is None:
                row = NodeRow(id=self.id, name=self._name, host=self._host, started_at=self._started_at)
                tx.session.add(row)
            row.seen_at = self._clock.now()

    async def alive(self) -> frozenset[str]:
        """The ids of all who live, ours included. Everybody else is gone, and what was theirs may be taken."""
        async with self._db.read() as session:
            rows = (await session.execute(select(NodeRow.id, NodeRow.seen_at))).all()
        now, seen = self._ticks(), self._seen
        self._seen = {
            id_: seen[id_] if id_ in seen and seen[id_][0] == seen_at else (seen_at, now) for id_, seen_at in rows
        }
        return frozenset({self.id, *(id_ for id_, (_, since) in self._seen.items() if now - since < PATIENCE)})

    async def listing(self) -> list[dict[str, object]]:
        """All who live, ours first."""
        alive = await self.alive()
        async with self._db.read() as session:
            rows = (await session.execute(select(NodeRow).where(NodeRow.id.in_(alive)))).scalars().all()
        return [
            {
                "name": row.name,
                "host": row.host,
                "own": row.id == self.id,
                "started_at": row.started_at.isoformat(),
                "seen_at": row.seen_at.isoformat(),
            }
            for row in sorted(rows, key=lambda row: (row.id != self.id, row.name))
        ]

    async def close(self) -> None:
        """A process that stops in order leaves at once."""
        await self._tasks.close()
        try:
            async with self._db.write() as tx:
                await tx.session.execute(delete(NodeRow).where(NodeRow.id == self.id))
        except Exception:
            # The others notice by themselves.
            _log.exception("cannot say goodbye")
        self._let_go()

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self.beat()
                await self.alive()
            except Exception:
                _log.exception("heartbeat failed")

    def _take_name(self) -> bool:
        """Whether nobody else on this machine bears our name now; from here on it is ours."""
        if sys.platform == "win32":
            return False
        import fcntl

        self._folder.mkdir(parents=True, exist_ok=True)
        name = "".join(char if char.isalnum() or char in "-_." else "_" for char in self._name)
        lock = os.open(self._folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
