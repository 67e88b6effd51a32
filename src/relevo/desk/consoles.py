"""Who has a console open anywhere, in the eyes of all processes. It says nothing about whether anybody looks at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk import push_store as store
from relevo.kit.clock import Clock
from relevo.kit.db import Database


class Consoles:
    def __init__(
        self, db: Database, clock: Clock, node_id: str, alive: Callable[[], Awaitable[Collection[str]]]
    ) -> None:
        self._db = db
        self._clock = clock
        self._node_id = node_id
        self._alive = alive
        self._here: Counter[str] = Counter()

    async def opened(self, staff_id: str) -> None:
        self._here[staff_id] += 1
        if self._here[staff_id] == 1:
            await self._write(staff_id)

    async def closed(self, staff_id: str) -> None:
        self._here[staff_id] -= 1
        if self._here[staff_id] <= 0:
            del self._here[staff_id]
            await self._write(staff_id)

    async def is_open(self, session: AsyncSession, staff_id: str, alive: Collection[str]) -> bool:
        return self._here[staff_id] > 0 or await store.is_open(session, staff_id, alive)

    async def alive(self) -> Collection[str]:
        return await self._alive()

    async def sweep(self) -> None:
        """What processes that are gone said."""
        alive = await self._alive()
        async with self._db.write() as tx:
            await store.forget_nodes(tx.session, alive)

    async def _write(self, staff_id: str) -> None:
        """As it is when it is written, whoever opened or closed one meanwhile."""
        async with self._db.write() as tx:
            if self._here[staff_id] > 0:
                await store.opened(tx.session, self._node_id, staff_id, self._clock.now())
            else:
                await store.closed(tx.session, self._node_id, staff_id)
