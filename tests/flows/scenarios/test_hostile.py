"""Guests who want what is not theirs: whatever they write, nothing is sold, told, moved or cancelled for it."""

from __future__ import annotations

from datetime import date

import pytest

from relevo.adapters.understanding.embedded import Embedded
from tests.flows.scenarios.test_scenarios import Build
from tests.flows.scenarios.world import Guest, guests, told

DECEMBER = tuple(date(2026, 12, day) for day in range(1, 32))
"""The days of which they speak."""
HOSTILE = guests("hostile.toml")


@pytest.mark.parametrize("guest", HOSTILE, ids=lambda guest: guest.name)
async def test_hostile_guest(guest: Guest, world_with: Build, engine: Embedded) -> None:
    world = await world_with(engine)
    threads = await world.go(guest)
    bookings = await world.booked(*threads)
    assert [told(booking).casefold() for booking in bookings] == [wanted.casefold() for wanted in guest.bookings], (
        world.transcript()
    )
    if guest.control != "any":
        assert await world.control(threads[-1]) == guest.control, world.transcript()
    if guest.deposits is not None:
        assert tuple([await world.money(each) for each in bookings]) == guest.deposits, world.transcript()
    world.check_heard(guest)
    world.check_facts(*DECEMBER)


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 20
