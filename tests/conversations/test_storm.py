"""Carriers repeat themselves and shuffle, people take over meanwhile: nothing is lost, doubled or said out of turn."""

from __future__ import annotations

from relevo.kit.ids import CountingIds
from tests.conversations import storm
from tests.conversations.conftest import Desk


async def test_a_thousand_deliveries_of_a_hundred_messages_leave_a_hundred(desk: Desk, ids: CountingIds) -> None:
    await storm.deliveries(desk, ids, messages=100, customers=20)


async def test_in_a_hundred_interleavings_the_bot_is_silent_while_a_person_holds(desk: Desk) -> None:
    await storm.interleavings(desk, times=100)
