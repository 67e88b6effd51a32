"""One room and many who want it at once, in a QloApps that sells it to all of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from relevo.adapters.pms.loopback_qloapps import Faults
from relevo.kit.errors import Conflict
from tests.bookings.qloapps import Place, place, stay

THINK = 0.02
SETTLE = 0.08
"""Longer than two thoughts: rivals that began before us have written by then."""
FIRST = date(2027, 5, 1)


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path, faults=Faults(workers=50, think=THINK)) as found:
        yield found


def nights(index: int, dice: random.Random) -> tuple[date, date]:
    first = FIRST + timedelta(days=index * 8 + dice.randrange(4))
    return first, first + timedelta(days=dice.randint(1, 4))


async def attempts(hotel: Place, index: int, dice: random.Random, *, ours: int, rivals: int) -> int:
    """Everybody at once for the same room; returns how many of ours were told that they have it."""
    first, last = nights(index, dice)
    adapters = hotel.adapters or [hotel.adapter(settle=SETTLE) for _ in range(10)]
    wishes = [stay(f"RL-{index:02}{number:03}", "GR-101", "1", first, last) for number in range(ours + rivals)]
    asked = [adapters[number % len(adapters)].book(wish) for number, wish in enumerate(wishes[:ours])]
    others = [hotel.rival(wish) for wish in wishes[ours:]]
    answers = await asyncio.gather(*asked, *others, return_exceptions=True)
    mine = answers[:ours]
    assert all(isinstance(answer, str | Conflict) for answer in mine), mine
    live = hotel.shop.live(1, first, last)
    assert len(live) == 1, (index, [(line.id, line.order) for line in live])
    numbers = [answer for answer in mine if isinstance(answer, str)]
    # Whoever was told that they have the room has it, and nobody else.
    owner = hotel.shop.orders[live[0].order]
    assert numbers == ([str(owner.id)] if owner.source.startswith("relevo-") else [])
    return len(numbers)


@pytest.mark.parametrize("notice", [0.0, 0.5, 1.0])
async def test_of_many_of_ours_one_has_the_room(hotel: Place, notice: float) -> None:
    hotel.faults.notice = notice
    dice = random.Random(7)
    for index in range(4):
        assert await attempts(hotel, index, dice, ours=10, rivals=0) == 1


@pytest.mark.parametrize("notice", [0.0, 0.5])
async def test_a_rival_that_ignores_us_never_shares_the_room(hotel: Place, notice: float) -> None:
    hotel.faults.notice = notice
    dice = random.Random(11)
    for index in range(8):
        assert await attempts(hotel, index, dice, ours=5, rivals=1) <= 1


async def test_fifty_at_once(hotel: Place) -> None:
    assert await attempts(hotel, 0, random.Random(3), ours=49, rivals=1) <= 1


async def test_a_sale_between_our_look_and_our_write_is_seen(hotel: Place) -> None:
    first, last = nights(0, random.Random(1))
    adapter = hotel.adapter()
    hotel.faults.notice = 0.0

    def quicker() -> None:
        wish = stay("RL-WEB00", "GR-101", "1", first, last)
        hotel.sell(wish, source="web")

    hotel.faults.before_write = quicker
    with pytest.raises(Conflict):
        await adapter.book(stay("RL-OURS0", "GR-101", "1", first, last))
    assert [hotel.shop.orders[line.order].source for line in hotel.shop.live(1, first, last)] == ["web"]


async def test_other_nights_and_rooms_do_not_wait_or_lose(hotel: Place) -> None:
    adapter = hotel.adapter()
    wishes = [
        stay(f"RL-{number:05}", f"GR-10{number % 5 + 1}", "1", first, first + timedelta(days=1))
        for number in range(20)
        for first in [FIRST + timedelta(days=number // 5)]
    ]
    numbers = await asyncio.gather(*(adapter.book(wish) for wish in wishes))
    assert len(set(numbers)) == 20


async def test_ten_sales_in_a_row_without_a_fault_or_a_double(hotel: Place) -> None:
    adapter = hotel.adapter()
    for number in range(10):
        first = FIRST + timedelta(days=3 * number)
        wish = stay(f"RL-TEN0{number}", "LR-101", "4", first, first + timedelta(days=2), total=665_500)
        made = await adapter.book(wish)
        assert made == await adapter.book(wish) == await adapter.find(wish.code)
    assert len(hotel.shop.orders) == 10
    assert {hotel.shop.total(order) for order in hotel.shop.orders} == {6655}
