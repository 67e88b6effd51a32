"""Scripted guests against the real stack, graded on what is in the database when they have gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from world import Guest, World, guests, told

from relevo.adapters.understanding.embedded import Embedded
from relevo.bot.ports import Understander

Build = Callable[[Understander], Awaitable[World]]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return Embedded(country="AR", cache_dir=Path(tmp_path_factory.getbasetemp()).parent / "understanding")


FILES = ("first.toml", "second.toml", "third.toml", "fourth.toml")


def param(guest: Guest) -> ParameterSet:
    marks = [pytest.mark.xfail(reason=guest.not_yet, strict=False)] if guest.not_yet else []
    return pytest.param(guest, id=guest.name, marks=marks)


@pytest.mark.parametrize("guest", [param(guest) for file in FILES for guest in guests(file)])
async def test_guest(guest: Guest, world_with: Build, engine: Embedded) -> None:
    world = await world_with(engine)
    for full in guest.full:
        await world.fill(full)
    conversation = await world.arrive()
    for text in guest.says:
        await world.say(conversation, text)
    booked = [told(booking).casefold() for booking in await world.booked(conversation)]
    wanted = [booking.casefold() for booking in guest.bookings]
    assert (await world.control(conversation), booked) == (guest.control, wanted), world.transcript()
    world.check_facts()
    world.check_questions()
