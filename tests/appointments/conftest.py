"""A small spa with two masseuses and a class for three, on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from relevo.adapters.appointments.loopback import Faults, loopback
from relevo.adapters.appointments.rest import RestCalendar, Settings
from relevo.adapters.loopback import listening
from relevo.appointments.ports import Calendar
from relevo.appointments.rules import Agenda, Package, Resource, Service
from relevo.appointments.service import HouseCalendar
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.money import Money
from tests.bookings.world import open_conversations

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


def ars(amount: int) -> Money:
    return Money(amount * 100, "ARS")


WEEK = ((time(9), time(13)), (time(16), time(20)))
AGENDA = Agenda(
    ZONE,
    services=(
        Service("masaje", "Masaje descontracturante", 50, ars(30_000), pause=10, words=("masaje", "masajes")),
        Service("piedras", "Masaje con piedras calientes", 80, ars(45_000), words=("piedras", "piedras calientes")),
        Service("yoga", "Clase de yoga", 60, ars(8_000), words=("yoga",)),
    ),
    resources=(
        Resource("ana", "Ana", frozenset({"masaje", "piedras"})),
        Resource("luz", "Luz", frozenset({"masaje"})),
        Resource("sala", "Sala", frozenset({"yoga"}), capacity=3),
    ),
    hours=dict.fromkeys(range(6), WEEK),
    packages=(Package("relax", "Paquete relax", ("masaje",), 4, ars(100_000), words=("relax",)),),
    lead=timedelta(hours=1),
)


KEY = "clave-del-spa"


@pytest.fixture
async def house(db: Database, live: Live, clock: FixedClock, ids: CountingIds) -> HouseCalendar:
    await open_conversations(db, clock, 30)
    return HouseCalendar(db, live, AGENDA, clock, ids)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
async def elsewhere(house: HouseCalendar, clock: FixedClock, faults: Faults) -> AsyncIterator[RestCalendar]:
    """The same calendar behind a real socket, as somebody else's."""
    async with listening(loopback(house, KEY, faults), name="loopback appointments") as url:
        there = RestCalendar(Settings(url=url, key=SecretStr(KEY)), ZONE, clock)
        yield there
        await there.close()


@pytest.fixture(params=["house", "elsewhere"])
def calendar(request: pytest.FixtureRequest, house: HouseCalendar, elsewhere: RestCalendar) -> Calendar:
    return house if request.param == "house" else elsewhere
