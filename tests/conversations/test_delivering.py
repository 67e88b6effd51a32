"""Handing over: who may still speak is asked right before the carrier, and what does not arrive is there to be seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from relevo.conversations.delivering import PAUSES
from relevo.conversations.rules import TEMPLATE, Author, Delivery, Kind, Message, Reply
from relevo.conversations.service import DELIVER
from relevo.kit.errors import Conflict, NotReady, ProviderError
from relevo.kit.work import MAX_ATTEMPTS
from relevo.texts import Texts
from tests.conversations.carrier import AT, DAY, incoming
from tests.conversations.conftest import Desk
from tests.conversations.test_inbox import message, said_by_bot, status


async def written(desk: Desk, external_id: str = "1", **more: Any) -> str:
    return (await desk.take(incoming(external_id, **more))).conversation.id


async def take_over(desk: Desk, conversation_id: str) -> None:
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, conversation_id, staff=desk.marta)


async def hand_back(desk: Desk, conversation_id: str) -> None:
    async with desk.db.write() as tx:
        await desk.conversations.hand_back(tx, conversation_id, staff=desk.marta, note="")


async def agent_says(desk: Desk, conversation_id: str, text: str = "Soy Marta") -> Message:
    async with desk.db.write() as tx:
        return await desk.conversations.agent_says(tx, conversation_id, staff=desk.marta, text=text)


async def retry(desk: Desk, message_id: str) -> Message:
    async with desk.db.write() as tx:
        return await desk.conversations.retry(tx, message_id, staff=desk.marta)


async def keep_trying(desk: Desk) -> None:
    """Run what is due, and what becomes due in the next hours."""
    for _ in range(MAX_ATTEMPTS):
        await desk.work.drain()
        desk.clock.advance(max(PAUSES))
    await desk.work.drain()


async def shown(desk: Desk, message_id: str) -> dict[str, Any]:
    async with desk.db.read() as session:
        found = await desk.conversations.message(session, message_id)
        assert found is not None
        return (await desk.conversations.message_json(session, [found]))[0]


async def test_what_was_not_handed_over_when_a_person_took_over_stays_with_the_staff(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    await take_over(desk, conversation_id)
    await desk.work.drain()
    assert desk.carrier.taken == []
    now = await message(desk, said.id)
    assert (now.kind, now.delivery) == (Kind.SUGGESTION, None)


async def test_it_stays_a_suggestion_when_the_conversation_comes_back(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    await take_over(desk, conversation_id)
    await hand_back(desk, conversation_id)
    await desk.work.drain()
    assert desk.carrier.taken == []
    assert (await message(desk, said.id)).kind is Kind.SUGGESTION


async def test_that_a_person_is_asked_for_is_still_said(desk: Desk) -> None:
    conversation_id = await written(desk)
    async with desk.db.write() as tx:
        await desk.conversations.bot_says(tx, conversation_id, version=1, replies=[Reply("Ya viene alguien")])
        await desk.conversations.ask_for_person(tx, conversation_id, version=1, reason="asked")
    await desk.work.drain()
    assert desk.carrier.texts == ["Ya viene alguien"]


async def test_what_its_carrier_may_have_is_not_sent_again_over_a_persons_head(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    desk.carrier.failures = [ConnectionResetError("in the middle")]
    await desk.work.drain()
    await take_over(desk, conversation_id)
    await keep_trying(desk)
    assert desk.carrier.taken == []
    now = await shown(desk, said.id)
    assert now["delivery"] == "failed"
    assert now["error"] == Texts("es").say("error.taken_over")


async def test_who_took_over_may_send_it_all_the_same(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    desk.carrier.failures = [ConnectionResetError("in the middle")]
    await desk.work.drain()
    await take_over(desk, conversation_id)
    await keep_trying(desk)
    await retry(desk, said.id)
    await desk.work.drain()
    assert (await message(desk, said.id)).delivery is Delivery.SENT


async def test_a_persons_words_leave_whatever_happens_next(desk: Desk) -> None:
    conversation_id = await written(desk)
    await take_over(desk, conversation_id)
    await agent_says(desk, conversation_id)
    await hand_back(desk, conversation_id)
    await desk.work.drain()
    assert desk.carrier.by(Author.AGENT) == ["Soy Marta"]


async def test_nobody_writes_past_a_closed_window(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    async with desk.db.write() as tx:
        house = await desk.conversations.system_says(tx, conversation_id, text="Su voucher")
    desk.clock.advance(DAY)
    await desk.work.drain()
    assert desk.carrier.taken == []
    for each in (said, house):
        now = await shown(desk, each.id)
        assert (now["delivery"], now["error"]) == ("failed", Texts("es").say("error.window_closed"))


async def test_a_template_may_leave_after_the_window(desk: Desk) -> None:
    conversation_id = await written(desk)
    async with desk.db.write() as tx:
        await desk.conversations.system_says(tx, conversation_id, text="Su voucher", meta={TEMPLATE: "voucher"})
    desk.clock.advance(DAY)
    await desk.work.drain()
    assert desk.carrier.texts == ["Su voucher"]


async def test_what_fails_is_tried_again_in_order_and_once_it_works_all_of_it_is_there(desk: Desk) -> None:
    conversation_id = await written(desk)
    for text in ("uno", "dos", "tres"):
        await said_by_bot(desk, conversation_id, text)
    desk.carrier.failures = [NotReady("mail_unavailable"), NotReady("mail_unavailable")]
    await keep_trying(desk)
    assert desk.carrier.texts == ["uno", "dos", "tres"]
    assert [each.attempt for each in desk.carrier.taken] == [3, 1, 1]


async def test_a_carrier_says_itself_how_long_to_wait(desk: Desk) -> None:
    conversation_id = await written(desk)
    await said_by_bot(desk, conversation_id)
    desk.carrier.failures = [NotReady("mail_unavailable", retry_after=timedelta(seconds=90))]
    await desk.work.drain()
    desk.clock.advance(timedelta(seconds=89))
    await desk.work.drain()
    assert desk.carrier.taken == []
    desk.clock.advance(timedelta(seconds=1))
    await desk.work.drain()
    assert len(desk.carrier.taken) == 1


async def test_what_never_works_has_failed_and_does_not_hold_up_the_rest(desk: Desk) -> None:
    conversation_id = await written(desk, window=None)
    said = await said_by_bot(desk, conversation_id, "uno")
    await said_by_bot(desk, conversation_id, "dos")
    desk.carrier.failures = [NotReady("mail_unavailable") for _ in range(MAX_ATTEMPTS)]
    await keep_trying(desk)
    assert (await shown(desk, said.id))["error"] == Texts("es").say("error.mail_unavailable")
    assert desk.carrier.texts == ["dos"]
    assert not await desk.work.any_parked()


async def test_a_defect_of_ours_is_seen_by_the_staff_and_by_whoever_looks_after_the_house(desk: Desk) -> None:
    conversation_id = await written(desk, window=None)
    said = await said_by_bot(desk, conversation_id)
    desk.carrier.failures = [ZeroDivisionError()] * MAX_ATTEMPTS
    await keep_trying(desk)
    assert (await shown(desk, said.id))["error"] == Texts("es").say("error.delivery_failed")
    assert await desk.work.any_parked()


async def test_a_refusal_is_final_until_a_person_tries_again(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    desk.carrier.failures = [ProviderError("mail_refused")]
    await desk.work.drain()
    assert (await shown(desk, said.id))["error"] == Texts("es").say("error.mail_refused")
    again = await retry(desk, said.id)
    assert (again.delivery, again.meta.get("delivery_error")) == (Delivery.PENDING, None)
    await desk.work.drain()
    assert (await message(desk, said.id)).delivery is Delivery.SENT
    with pytest.raises(Conflict, match="not_failed"):
        await retry(desk, said.id)


async def test_that_the_first_try_failed_says_nothing_about_the_second(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    await desk.work.drain()
    first = f"wamid.{said.id}.1"
    await status(desk, Delivery.FAILED, carrier_id=first, error="delivery_failed")
    await retry(desk, said.id)
    assert not await status(desk, Delivery.FAILED, message_id=said.id, carrier_id=first, error="delivery_failed")
    await desk.work.drain()
    assert not await status(desk, Delivery.FAILED, message_id=said.id, carrier_id=first, error="delivery_failed")
    assert (await message(desk, said.id)).carrier_id == f"wamid.{said.id}.2"
    assert await status(desk, Delivery.READ, message_id=said.id, carrier_id=f"wamid.{said.id}.2")


async def test_a_retry_after_the_window_is_refused(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    desk.clock.advance(DAY)
    await desk.work.drain()
    with pytest.raises(Conflict, match="window_closed"):
        await retry(desk, said.id)
    await desk.take(incoming("2", at=AT + DAY))
    await retry(desk, said.id)
    await desk.work.drain()
    assert (await message(desk, said.id)).delivery is Delivery.SENT


async def test_a_job_that_runs_twice_sends_once(desk: Desk) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    async with desk.db.write() as tx:
        await desk.work.promise(tx, DELIVER, key="again", payload={"message_id": said.id})
    await desk.work.drain()
    assert len(desk.carrier.taken) == 1


async def test_a_channel_that_was_switched_off_is_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = await written(desk)
    said = await said_by_bot(desk, conversation_id)
    channels = vars(desk.conversations)["_channels"]
    monkeypatch.delitem(channels, "whatsapp")
    await desk.work.drain()
    assert (await shown(desk, said.id))["error"] == Texts("es").say("error.channel_off")


async def test_its_files_are_there_for_the_carrier(desk: Desk) -> None:
    conversation_id = await written(desk)
    stored = await desk.attachments.store(b"%PDF-1.7 voucher")
    async with desk.db.write() as tx:
        file = await desk.attachments.add(tx, conversation_id, name="voucher.pdf", stored=stored)
        await desk.conversations.system_says(tx, conversation_id, text="Su voucher", attachments=[file])
    await desk.work.drain()
    sent = desk.carrier.taken[0]
    assert await sent.read(sent.message.attachments[0]) == b"%PDF-1.7 voucher"


async def test_where_the_customers_side_fetches_nothing_is_to_be_carried(desk: Desk) -> None:
    vars(desk.channel)["fetched"] = True
    chat = await desk.opened()
    said = await said_by_bot(desk, chat.id)
    assert said.delivery is Delivery.SENT
    await take_over(desk, chat.id)
    assert (await message(desk, said.id)).kind is Kind.TEXT
    assert await desk.work.counts() == {}
