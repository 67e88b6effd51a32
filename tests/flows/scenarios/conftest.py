from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from world import World, build

from relevo.bot.ports import Understander
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work

Build = Callable[[Understander], Awaitable[World]]


@pytest.fixture
def world_with(db: Database, clock: FixedClock, ids: CountingIds, live: Live, work: Work, events: Events) -> Build:
    async def make(mind: Understander) -> World:
        return await build(db, clock, ids, live, work, events, mind)

    return make
