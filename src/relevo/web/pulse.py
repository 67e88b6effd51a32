"""Says that figures have moved, to whoever has figures on the screen: at most so often, and nothing when nobody looks.

It never says what they are now: they are asked for by those who may see them.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.live import Live
from relevo.people.rules import Action, Staff
from relevo.web.live import Topic

REPORTS, CHANGED = "reports", "reports.changed"
PACE = 2.0
MOVED_BY = frozenset({"inbox", "calls", "bookings", "queues", "presence", "requests"})
"""Topics of which any event may move a figure."""


class Pulse:
    def __init__(self, live: Live, clock: Clock, *, pace: float = PACE) -> None:
        self._live = live
        self._clock = clock
        self._pace = pace
        self._moved = asyncio.Event()
        live.watch(self._heard)

    def topics(self) -> dict[str, Topic]:
        return {REPORTS: Topic(Action.SEE_REPORTS, self._snapshot)}

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            self._live.whisper(REPORTS, CHANGED, self._now(), far=False)
            await asyncio.sleep(self._pace)

    async def _snapshot(self, _session: AsyncSession, _staff: Staff, _rest: str) -> dict[str, Any]:
        return self._now()

    def _now(self) -> dict[str, Any]:
        return {"as_of": iso(self._clock.now())}

    def _heard(self, topic: str) -> None:
        if topic in MOVED_BY and self._live.wanted(REPORTS):
            self._moved.set()
