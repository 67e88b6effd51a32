"""Scripted guests against the real stack, graded on what is in the database when they have gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from world import Guest, World, guests, told, told_request

from relevo.adapters.understanding.embedded import Embedded
from relevo.bot.ports import Understander

Build = Callable[[Understander], Awaitable[World]]


FILES = ("first.toml", "second.toml", "third.toml", "fourth.toml", "fifth.toml", "sixth.toml")


@pytest.mark.parametrize("guest", [guest for file in FILES for guest in guests(file)], ids=lambda guest: guest.name)
async def test_guest(guest: Guest, world_with: Build, engine: Embedded) -> None:
    world = await world_with(engine)
    for full in guest.full:
        await world.fill(full)
    threads = await world.go(guest)
    bookings = await world.booked(*threads)
    booked = [told(booking).casefold() for booking in bookings]
    wanted = [booking.casefold() for booking in guest.bookings]
    assert (await world.control(threads[-1]), booked) == (guest.control, wanted), world.transcript()
    asked = [told_request(each) for each in await world.asked(*threads)]
    assert asked == list(guest.requests), world.transcript()
    answered = await world.answered()
    assert set(guest.who) <= answered, (answered, world.transcript())
    assert not set(guest.not_who) & answered, (answered, world.transcript())
    if guest.deposits is not None:
        assert tuple([await world.money(each) for each in bookings]) == guest.deposits, world.transcript()
    world.check_heard(guest)
    world.check_facts()
    world.check_questions()
