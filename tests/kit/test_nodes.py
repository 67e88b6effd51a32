"""Who is alive: a silent process is gone after a while, a predecessor of the same name at once, a namesake never."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.nodes import PATIENCE, Nodes


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class House:
    """Makes processes of one installation."""

    def __init__(self, db: Database, clock: FixedClock, ids: CountingIds, folder: Path, stack: AsyncExitStack) -> None:
        self.ticks = Ticks()
        self._parts = db, clock, ids
        self._folder = folder
        self._stack = stack

    async def start(self, name: str) -> Nodes:
        db, clock, ids = self._parts
        nodes = Nodes(db, clock, ids, name, self._folder, ticks=self.ticks)
        self._stack.push_async_callback(nodes.close)
        await nodes.start()
        return nodes


@pytest.fixture
async def house(db: Database, clock: FixedClock, ids: CountingIds, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield House(db, clock, ids, tmp_path, stack)


async def test_two_processes_see_each_other_until_one_stops(house: House) -> None:
    first, second = await house.start("node-1"), await house.start("node-2")
    assert await first.alive() == {first.id, second.id}
    await second.close()
    assert await first.alive() == {first.id}


async def test_a_silent_process_is_gone_after_a_while_whatever_the_clocks_say(house: House, clock: FixedClock) -> None:
    first, second = await house.start("node-1"), await house.start("node-2")
    assert second.id in await first.alive()
    clock.advance(timedelta(hours=3))
    house.ticks.now = PATIENCE - 1
    assert second.id in await first.alive()
    await second.beat()
    house.ticks.now = PATIENCE + 1
    assert second.id in await first.alive()
    house.ticks.now = 2 * PATIENCE + 2
    assert await first.alive() == {first.id}
    assert first.id in await first.alive()


async def test_a_predecessor_that_died_is_known_to_be_dead_at_once(house: House) -> None:
    first, witness = await house.start("node-1"), await house.start("node-2")
    await first._tasks.close()
    first._let_go()
    again = await house.start("node-1")
    assert await witness.alive() == {witness.id, again.id}


async def test_a_living_namesake_is_left_in_peace(house: House) -> None:
    first, second = await house.start("node-1"), await house.start("node-1")
    assert await second.alive() == {first.id, second.id}
