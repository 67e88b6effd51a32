"""Scripted guests and agencies who want more than a room, graded on what is in the database when they have gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from trading import Case, attach, cases
from world import World, told

from relevo.adapters.understanding.embedded import Embedded
from relevo.bot.ports import Understander
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live

Build = Callable[..., Awaitable[World]]


@pytest.mark.parametrize("case", [*cases("seventh.toml"), *cases("eighth.toml")], ids=lambda case: case.guest.name)
async def test_trade(
    case: Case, world_with: Build, engine: Embedded, events: Events, live: Live, ids: CountingIds
) -> None:
    mind: Understander = engine
    world = await world_with(mind, appointments=case.appointments)
    trading = await attach(world, events, live, ids)
    threads = await trading.go(case.guest)
    booked = [told(booking).casefold() for booking in await world.booked(*threads)]
    wanted = [booking.casefold() for booking in case.guest.bookings]
    assert (await world.control(threads[-1]), booked) == (case.guest.control, wanted), world.transcript()
    assert await trading.left() == sorted(case.left), world.transcript()
    answered = await trading.answered()
    assert set(case.who) <= set(answered), (answered, world.transcript())
    assert not set(case.not_who) & set(answered), (answered, world.transcript())
    world.check_heard(case.guest)
    world.check_facts()
    world.check_questions()
