"""The storm in its full size."""

from __future__ import annotations

from relevo.kit.ids import CountingIds
from tests.conversations import storm
from tests.conversations.conftest import Desk


async def test_ten_thousand_deliveries_of_a_thousand_messages_leave_a_thousand(desk: Desk, ids: CountingIds) -> None:
    await storm.deliveries(desk, ids, messages=1_000, customers=100)


async def test_in_a_thousand_interleavings_the_bot_is_silent_while_a_person_holds(desk: Desk) -> None:
    await storm.interleavings(desk, times=1_000)
