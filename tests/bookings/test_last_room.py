"""Fifty guests in four processes for the last room: one has it, forty-nine are told so and what else there is.

A hundred rounds of it on both engines are part of ``make bench-holds``.
"""

from __future__ import annotations

from relevo.kit.db import Database
from tests.bookings.last_room import Told, fifty_for_one, stays
from tests.bookings.world import Hotel

ROUNDS = 3


def test_every_process_plays_for_the_same_dates_and_no_two_rounds_for_the_same() -> None:
    assert stays(100, 7) == stays(100, 7)
    assert len(set(stays(100, 7))) > 90


async def test_one_of_fifty_gets_the_last_room_and_the_others_a_clear_answer(hotel: Hotel, db: Database) -> None:
    told = await fifty_for_one(db.url, rounds=ROUNDS, seed=11)
    assert len(told) == ROUNDS
    for round_ in told:
        assert len(round_.codes) == 1
        assert round_ == Told(round_.codes, 49, 49, round_.slowest_ms)
    assert await hotel.problems() == []
