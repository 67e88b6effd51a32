"""What comes from a carrier: once, with the person it is from, in the conversation it belongs to."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from relevo.conversations.events import MessageReceived
from relevo.conversations.incoming import LONGEST_ID, folded
from relevo.conversations.rules import MAX_TEXT, Author, Control, Delivery, Kind, Message, Reply, forward
from relevo.kit.errors import Conflict
from relevo.people.rules import Identity, IdentityKind
from tests.conversations.carrier import AT, DAY, incoming
from tests.conversations.conftest import Desk


async def said_by_bot(desk: Desk, conversation_id: str, text: str = "¿Para cuándo?") -> Message:
    version = (await desk.now(conversation_id)).control_version
    async with desk.db.write() as tx:
        return (
            await desk.conversations.bot_says(tx, conversation_id, version=version, replies=[Reply(text)])
        ).messages[0]


async def status(desk: Desk, delivery: Delivery, **which: str) -> bool:
    async with desk.db.write() as tx:
        return await desk.inbox.status(tx, channel="whatsapp", delivery=delivery, at=AT, **which)


async def message(desk: Desk, message_id: str) -> Message:
    async with desk.db.read() as session:
        found = await desk.conversations.message(session, message_id)
    assert found is not None
    return found


async def outside(desk: Desk, external_id: str, text: str = "Soy Luz, te llamo") -> None:
    async with desk.db.write() as tx:
        await desk.inbox.outside(
            tx, channel="whatsapp", account="5493415550000", address="5493415550001", external_id=external_id,
            text=text, at=AT, identities=[Identity(IdentityKind.PHONE, "+5493415550001")],
        )  # fmt: skip


async def test_the_same_id_again_adds_nothing(desk: Desk) -> None:
    first = await desk.take(incoming("wamid.1", "Hola"))
    again = await desk.take(incoming("wamid.1", "Otra cosa"))
    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message.id == first.message.id
    assert [each.text for each in await desk.thread(first.conversation.id)] == ["Hola"]


async def test_the_customer_is_who_writes_from_that_number(desk: Desk) -> None:
    first = await desk.take(incoming("1", name="Ana"))
    second = await desk.take(incoming("2"))
    other = await desk.take(incoming("3", phone="+5493415550009"))
    assert second.conversation.id == first.conversation.id != other.conversation.id
    assert first.conversation.person_id != other.conversation.person_id


async def test_another_form_of_the_address_is_the_same_conversation_and_is_kept_as_it_came(desk: Desk) -> None:
    first = await desk.take(incoming("1"))
    second = await desk.take(incoming("2", address="543415550001"))
    assert second.conversation.id == first.conversation.id
    assert (first.conversation.address, second.conversation.address) == ("5493415550001", "543415550001")


async def test_somebody_elses_conversation_is_not_theirs_because_they_have_the_number_now(desk: Desk) -> None:
    first = await desk.take(incoming("1", identities=(Identity(IdentityKind.EMAIL, "ana@x.com"),)))
    second = await desk.take(incoming("2", identities=(Identity(IdentityKind.EMAIL, "beto@x.com"),)))
    assert second.conversation.id != first.conversation.id


async def test_a_conversation_that_is_named_is_the_one_and_a_fresh_one_is_new(desk: Desk) -> None:
    first = await desk.take(incoming("1"))
    fresh = await desk.take(incoming("2", fresh=True))
    named = await desk.take(incoming("3", conversation_id=first.conversation.id, address="otra"))
    assert fresh.conversation.id != first.conversation.id == named.conversation.id


async def test_a_conversation_of_another_channel_cannot_be_named(desk: Desk) -> None:
    chat = await desk.opened()
    taken = await desk.take(incoming("1", conversation_id=chat.id))
    assert taken.conversation.channel == "whatsapp"


async def test_the_window_is_counted_from_when_it_was_written_and_never_gets_shorter(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    assert taken.conversation.window_until == AT + DAY
    older = await desk.take(incoming("2", at=AT - timedelta(hours=5)))
    assert older.conversation.window_until == AT + DAY
    ahead = await desk.take(incoming("3", at=AT + timedelta(days=300)))
    assert ahead.conversation.window_until == desk.clock.now() + DAY


async def test_whatever_they_write_is_kept_and_nothing_is_refused_for_its_form(desk: Desk) -> None:
    long = await desk.take(incoming("1", "a\x00\x1b" * (MAX_TEXT + 5)))
    assert long.message.text == "a" * MAX_TEXT
    empty = await desk.take(incoming("2", "\u200b \x00 "))
    assert empty.message.text == ""
    assert not empty.duplicate


async def test_what_is_not_to_be_answered_says_so(desk: Desk) -> None:
    await desk.take(incoming("1", answer=False))
    assert [event.answer for event in desk.heard if isinstance(event, MessageReceived)] == [False]


async def test_ids_of_any_length_are_told_apart(desk: Desk) -> None:
    long = "<" + "x" * 900 + "@mail>"
    first, other = await desk.take(incoming(long)), await desk.take(incoming(long + "y"))
    assert (await desk.take(incoming(long))).message.id == first.message.id != other.message.id
    assert len(folded(long)) <= LONGEST_ID


@pytest.mark.parametrize("seen", [(), (Delivery.DELIVERED,), (Delivery.DELIVERED, Delivery.READ), (Delivery.READ,)])
def test_statuses_in_any_order_end_the_same(seen: tuple[Delivery, ...]) -> None:
    ends = set()
    for order in permutations((Delivery.SENT, *seen, Delivery.FAILED)):
        now = Delivery.PENDING
        for each in order:
            now = each if forward(now, each) else now
        ends.add(now)
    assert ends == {seen[-1] if seen else Delivery.FAILED}


@pytest.mark.parametrize("order", list(permutations((Delivery.SENT, Delivery.FAILED))))
async def test_what_failed_after_it_was_taken_has_failed(desk: Desk, order: tuple[Delivery, ...]) -> None:
    taken = await desk.take(incoming("1"))
    said = await said_by_bot(desk, taken.conversation.id)
    for each in order:
        await status(desk, each, message_id=said.id, error="delivery_failed")
    assert (await message(desk, said.id)).delivery is Delivery.FAILED


async def test_a_status_finds_its_message_by_the_carriers_id_and_by_ours(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    said = await said_by_bot(desk, taken.conversation.id)
    assert not await status(desk, Delivery.READ, carrier_id="wamid.unknown")
    await desk.work.drain()
    assert await status(desk, Delivery.DELIVERED, carrier_id=f"wamid.{said.id}.1")
    assert await status(desk, Delivery.READ, message_id=said.id)
    assert not await status(desk, Delivery.DELIVERED, message_id=said.id)


async def test_the_form_of_the_address_that_worked_is_remembered(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    desk.carrier.other_form = "543415550001"
    await said_by_bot(desk, taken.conversation.id)
    await desk.work.drain()
    now = await desk.now(taken.conversation.id)
    assert (now.address, now.reach) == ("5493415550001", "543415550001")


async def test_an_answer_from_the_telephone_is_a_takeover_that_anybody_may_take_on(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    await outside(desk, "wamid.9")
    await outside(desk, "wamid.9")
    held = await desk.now(taken.conversation.id)
    assert (held.control, held.agent_id) == (Control.AGENT, None)
    thread = [(each.author, each.kind, each.delivery) for each in await desk.thread(held.id)]
    assert thread[-1] == (Author.AGENT, Kind.TEXT, Delivery.SENT)
    assert len(thread) == 3
    await desk.work.drain()
    assert desk.carrier.taken == []
    async with desk.db.write() as tx:
        taken_on = await desk.conversations.take_over(tx, held.id, staff=desk.marta, version=1)
    assert taken_on.agent_id == desk.marta.id


async def test_an_answer_from_the_telephone_leaves_it_with_whoever_has_it(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, taken.conversation.id, staff=desk.marta)
    await outside(desk, "wamid.9")
    assert (await desk.now(taken.conversation.id)).agent_id == desk.marta.id


async def test_the_telephone_may_be_handed_back_by_anybody(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    await outside(desk, "wamid.9")
    async with desk.db.write() as tx:
        back = await desk.conversations.hand_back(tx, taken.conversation.id, staff=desk.marta, note="")
    assert back.control is Control.BOT


async def test_what_we_sent_ourselves_is_no_answer_from_outside(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    said = await said_by_bot(desk, taken.conversation.id)
    await desk.work.drain()
    await outside(desk, f"wamid.{said.id}.1", text=said.text)
    assert (await desk.now(taken.conversation.id)).control is Control.BOT


async def test_a_telephone_may_write_first(desk: Desk) -> None:
    await outside(desk, "wamid.9")
    taken = await desk.take(incoming("1"))
    assert taken.conversation.control is Control.AGENT


async def test_what_is_no_message_is_a_line_once(desk: Desk) -> None:
    taken = await desk.take(incoming("1"))
    for _ in range(3):
        async with desk.db.write() as tx:
            await desk.inbox.event(tx, incoming("reaction:1"), "media_lost")
    thread = await desk.thread(taken.conversation.id)
    assert [each.kind for each in thread] == [Kind.TEXT, Kind.EVENT]


async def test_a_batch_waits_for_its_turn_in_one_order(desk: Desk) -> None:
    batch = [incoming(f"b{number}", phone=f"+54934155500{number:02}") for number in range(6)]
    random.Random(5).shuffle(batch)
    async with desk.db.write() as tx:
        await desk.inbox.queue(tx, batch)
        taken = [await desk.inbox.take(tx, each) for each in batch]
    assert len({each.conversation.id for each in taken}) == 6


async def test_to_write_after_the_window_is_a_conflict(desk: Desk) -> None:
    taken = await desk.take(incoming("1", at=AT - DAY))
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, taken.conversation.id, staff=desk.marta)
    with pytest.raises(Conflict, match="window_closed"):
        async with desk.db.write() as tx:
            await desk.conversations.agent_says(tx, taken.conversation.id, staff=desk.marta, text="Hola")
    await desk.take(replace(incoming("2"), at=AT))
    async with desk.db.write() as tx:
        await desk.conversations.agent_says(tx, taken.conversation.id, staff=desk.marta, text="Hola")
