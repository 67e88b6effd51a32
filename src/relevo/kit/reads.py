"""Who looked at what: noted off the request's road, in batches, and once for the same thing within a while.

Whatever waits is written before a normal stop. Nothing that was read is kept here, only that it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from relevo.kit import log
from relevo.kit.audit import Deed, noted_all
from relevo.kit.clock import Clock
from relevo.kit.db import Database

_log = log.get("reads")

AGAIN = timedelta(minutes=15)
"""The same person looking at the same thing within this is one line."""
BATCH_SECONDS = 1.0
MOST_KNOWN = 20_000


class Reads:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[tuple[str, str, str, str], datetime] = {}
        self._waiting: list[Deed] = []
        self._news = asyncio.Event()
        self._writing = asyncio.Lock()

    def saw(self, what: str, subject: str, *, by: str, how: str = "", details: Mapping[str, Any] | None = None) -> None:
        """``by`` looked at ``subject``; ``how`` tells apart what is not the same look at it."""
        now, key = self._clock.now(), (by, what, subject, how)
        last = self._known.get(key)
        if last is not None and now - last < AGAIN:
            return
        if len(self._known) >= MOST_KNOWN:
            self._known = {each: at for each, at in self._known.items() if now - at < AGAIN}
        self._known[key] = now
        self._waiting.append(Deed(what, subject, by, now, dict(details or {})))
        self._news.set()

    async def run(self) -> None:
        """Goes on until it is cancelled; ``flush`` after that."""
        while True:
            await self._news.wait()
            await asyncio.sleep(BATCH_SECONDS)
            try:
                # A stop does not cut a batch in two: it is written, and the last ``flush`` waits for it.
                await asyncio.shield(self.flush())
            except Exception:
                _log.exception("who looked at what could not be written; it is tried again")

    async def flush(self) -> None:
        """Write what waits."""
        async with self._writing:
            self._news.clear()
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            try:
                async with self._db.write() as tx:
                    await noted_all(tx, batch)
            except BaseException:
                self._waiting = [*batch, *self._waiting]
                self._news.set()
                raise
