"""Two who write about one message at the same moment: neither is thrown out, and nothing goes back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from relevo.conversations import store
from relevo.conversations.rules import Delivery, Message
from tests.conversations.carrier import AT, incoming
from tests.conversations.conftest import Desk
from tests.conversations.test_delivering import take_over
from tests.conversations.test_inbox import message, said_by_bot

PATIENCE = 0.3
"""Seconds for the other one to come as far as it can."""


async def handed_over(desk: Desk) -> Message:
    conversation_id = (await desk.take(incoming("1"))).conversation.id
    said = await said_by_bot(desk, conversation_id)
    await desk.work.drain()
    return await message(desk, said.id)


async def told(desk: Desk, carrier_id: str, delivery: Delivery, error: str | None = None) -> None:
    async with desk.db.write() as tx:
        await desk.inbox.status(tx, channel="whatsapp", delivery=delivery, at=AT, carrier_id=carrier_id, error=error)


async def test_a_window_that_closes_while_somebody_takes_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said = await handed_over(desk)
    assert said.carrier_id
    async with desk.db.write() as tx:
        await store._set(tx.session, said.id, delivery=Delivery.PENDING.value)
    has_conversation, set_delivery, bot_pending = asyncio.Event(), store.set_delivery, store.bot_pending

    async def first_waits(*given: Any) -> Message | None:
        try:
            async with asyncio.timeout(PATIENCE):
                await has_conversation.wait()
                await asyncio.sleep(0)
        except TimeoutError:
            pass
        return await set_delivery(*given)

    async def second_says(*given: Any) -> list[Message]:
        has_conversation.set()
        return await bot_pending(*given)

    monkeypatch.setattr(store, "set_delivery", first_waits)
    monkeypatch.setattr(store, "bot_pending", second_says)
    await asyncio.gather(
        told(desk, said.carrier_id, Delivery.FAILED, "window_closed"), take_over(desk, said.conversation_id)
    )
    now = await message(desk, said.id)
    assert now.delivery is Delivery.FAILED


async def test_a_message_that_arrives_while_somebody_sends_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await handed_over(desk)
    assert said.carrier_id
    await told(desk, said.carrier_id, Delivery.FAILED, "carrier_unavailable")
    begin, news = store.begin_delivery_again, list[asyncio.Task[None]]()

    async def while_it_arrives(*given: Any) -> Message:
        news.append(asyncio.get_running_loop().create_task(told(desk, str(said.carrier_id), Delivery.DELIVERED)))
        await asyncio.wait(news, timeout=PATIENCE)
        return await begin(*given)

    monkeypatch.setattr(store, "begin_delivery_again", while_it_arrives)
    async with desk.db.write() as tx:
        await desk.conversations.retry(tx, said.id, staff=desk.marta)
    await asyncio.gather(*news)
    assert (await message(desk, said.id)).delivery is not Delivery.FAILED
    carried = len(desk.carrier.taken)
    await desk.work.drain()
    now = await message(desk, said.id)
    assert (now.delivery, len(desk.carrier.taken)) in ((Delivery.DELIVERED, carried), (Delivery.SENT, carried + 1))
