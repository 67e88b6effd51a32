"""Two excursions and an agency on a fresh database, with stays that a test says how they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from relevo.kit.clock import Clock, FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.ids import CountingIds, Ids
from relevo.kit.live import Live
from relevo.kit.money import Money
from relevo.kit.work import Work
from relevo.tours.partners import ACCRUE, Partners
from relevo.tours.rules import Catalogue, Excursion, StayNow
from relevo.tours.service import Tours
from tests.bookings.world import open_conversations

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
SATURDAY = date(2026, 11, 28)


def ars(amount: int) -> Money:
    return Money(amount * 100, "ARS")


CATALOGUE = Catalogue(
    ZONE,
    (
        Excursion(
            "islas", "Paseo por las islas", "En lancha.", time(9, 30), 180, ars(28_000), ars(14_000), 10, "muelle",
            weekdays=frozenset({1, 3, 5, 6}), words=("islas", "paseo en lancha"),
        ),
        Excursion(
            "cielo", "Noche de estrellas", "Con telescopio.", time(22), 90, ars(9_000), ars(0), 4, "terraza",
            dates=frozenset({date(2026, 12, 4)}), words=("estrellas",),
        ),
    ),
)  # fmt: skip


def tours_on(db: Database, live: Live, clock: Clock, ids: Ids) -> Tours:
    return Tours(db, live, CATALOGUE, clock, ids)


@dataclass
class Stays:
    """The bookings, as a test wants them."""

    known: dict[str, StayNow] = field(default_factory=dict)

    async def stay(self, _tx: Tx, booking_id: str) -> StayNow | None:
        return self.known.get(booking_id)


@pytest.fixture
async def tours(db: Database, live: Live, clock: FixedClock, ids: CountingIds) -> Tours:
    await open_conversations(db, clock, 60)
    return tours_on(db, live, clock, ids)


@pytest.fixture
def stays() -> Stays:
    return Stays()


@pytest.fixture
def partners(tours: Tours, db: Database, work: Work, stays: Stays, clock: FixedClock, ids: CountingIds) -> Partners:
    made = Partners(db, work, stays, clock, ids, zone=ZONE, country="AR")
    work.handle(ACCRUE, made.accrue_job)
    return made
