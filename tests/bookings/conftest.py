"""The demo hotel on a fresh database, with a hundred conversations to hold rooms for."""

from __future__ import annotations

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from tests.bookings.road import Road, road_on
from tests.bookings.world import Hotel, hotel_on, open_conversations


@pytest.fixture
async def hotel(db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds) -> Hotel:
    await open_conversations(db, clock, 100)
    return hotel_on(db, live, work, clock, ids, chance=lambda: 0.0)


@pytest.fixture
async def road(db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds) -> Road:
    await open_conversations(db, clock, 10)
    return road_on(db, live, work, clock, ids)
