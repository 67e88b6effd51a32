"""The lever of takeover: one winner, stale bot replies go nowhere, the thread tells what happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from relevo.conversations.events import ControlChanged
from relevo.conversations.rules import Author, Control, Kind, Reply
from relevo.kit.errors import Conflict, RelevoError
from relevo.people.rules import Staff
from tests.conversations.conftest import Desk


async def take(desk: Desk, conversation_id: str, staff: Staff, version: int | None = None) -> str:
    try:
        async with desk.db.write() as tx:
            await desk.conversations.take_over(tx, conversation_id, staff=staff, version=version)
    except Conflict as error:
        return str(error.params["name"])
    return "won"


async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(desk: Desk) -> None:
    for _ in range(20):
        conversation = await desk.opened()
        results = await asyncio.gather(
            take(desk, conversation.id, desk.marta, 1), take(desk, conversation.id, desk.julian, 1)
        )
        winner = desk.marta if results[0] == "won" else desk.julian
        assert sorted(results) == sorted(["won", winner.name])
        assert (await desk.now(conversation.id)).agent_id == winner.id


async def test_a_double_click_changes_nothing(desk: Desk) -> None:
    conversation = await desk.opened()
    assert await take(desk, conversation.id, desk.marta) == "won"
    assert await take(desk, conversation.id, desk.marta) == "won"
    assert (await desk.now(conversation.id)).control_version == 2


async def test_a_supervisor_takes_from_a_colleague_only_knowingly(desk: Desk) -> None:
    conversation = await desk.opened()
    await take(desk, conversation.id, desk.marta)
    assert await take(desk, conversation.id, desk.julian) == "Marta"
    assert await take(desk, conversation.id, desk.julian, 2) == "won"
    assert await take(desk, conversation.id, desk.marta, 3) == "Julián"


async def test_a_reply_in_the_making_becomes_a_draft_when_a_person_takes_over(desk: Desk) -> None:
    conversation = await desk.opened()
    async with desk.db.write() as tx:
        await desk.conversations.receive(tx, conversation.id, text="hola", external_id="1")
    await take(desk, conversation.id, desk.marta)
    async with desk.db.write() as tx:
        said = await desk.conversations.bot_says(tx, conversation.id, version=1, replies=[Reply("¿Para cuándo?")])
    await desk.work.drain()
    assert said.stale
    assert said.messages[0].kind is Kind.SUGGESTION
    assert desk.channel.delivered == []


async def test_hand_back_carries_the_note_and_lets_the_bot_speak_again(desk: Desk) -> None:
    conversation = await desk.opened()
    await take(desk, conversation.id, desk.marta)
    async with desk.db.write() as tx:
        await desk.conversations.agent_says(
            tx, conversation.id, staff=desk.marta, text="Hola, soy Marta", client_id="a"
        )
    async with desk.db.write() as tx:
        await desk.conversations.hand_back(tx, conversation.id, staff=desk.marta, note="Quiere vista al río")
    changed = [event for event in desk.heard if isinstance(event, ControlChanged)]
    assert [(event.control, event.note) for event in changed] == [
        (Control.AGENT, None),
        (Control.BOT, "Quiere vista al río"),
    ]
    async with desk.db.write() as tx:
        said = await desk.conversations.bot_says(tx, conversation.id, version=3, replies=[Reply("Sigo yo")])
    assert not said.stale
    await desk.work.drain()
    assert desk.channel.delivered == ["Hola, soy Marta", "Sigo yo"]
    events = [message.text for message in await desk.thread(conversation.id) if message.kind is Kind.EVENT]
    assert events == ["Marta tomó el control", "Marta devolvió la conversación al asistente. Quiere vista al río"]


async def test_one_must_hold_the_conversation_to_write_but_not_to_leave_a_note(desk: Desk) -> None:
    conversation = await desk.opened()

    async def write(kind: Kind) -> None:
        async with desk.db.write() as tx:
            await desk.conversations.agent_says(tx, conversation.id, staff=desk.marta, text="hola", kind=kind)

    with pytest.raises(Conflict):
        await write(Kind.TEXT)
    await write(Kind.NOTE)
    assert [message.kind for message in await desk.thread(conversation.id)] == [Kind.NOTE]


async def test_the_same_message_twice_is_stored_once(desk: Desk) -> None:
    conversation = await desk.opened()
    for _ in range(2):
        async with desk.db.write() as tx:
            await desk.conversations.receive(tx, conversation.id, text="hola", external_id="wamid.1")
    await take(desk, conversation.id, desk.marta)
    for _ in range(2):
        async with desk.db.write() as tx:
            await desk.conversations.agent_says(tx, conversation.id, staff=desk.marta, text="buenas", client_id="c1")
    texts = [message.text for message in await desk.thread(conversation.id) if message.kind is Kind.TEXT]
    assert texts == ["hola", "buenas"]


async def test_writing_to_a_closed_conversation_opens_it_for_the_bot(desk: Desk) -> None:
    conversation = await desk.opened()
    async with desk.db.write() as tx:
        await desk.conversations.resolve(tx, conversation.id, staff=desk.marta)
    assert (await desk.now(conversation.id)).control is Control.CLOSED
    async with desk.db.write() as tx:
        await desk.conversations.receive(tx, conversation.id, text="una cosa más")
    reopened = await desk.now(conversation.id)
    assert (reopened.control, reopened.closed_at, reopened.unread) == (Control.BOT, None, 1)


async def test_a_thousand_interleavings_never_let_the_bot_speak_over_a_person(desk: Desk) -> None:
    """Random customers, bot replies made under any earlier version, takeovers and hand-backs."""
    chance = random.Random(7)
    conversation = await desk.opened()
    seen = [1]
    for step in range(1_000):
        before = await desk.now(conversation.id)
        try:
            async with desk.db.write() as tx:
                match chance.choice(("customer", "bot", "bot", "take", "back", "ask")):
                    case "customer":
                        await desk.conversations.receive(tx, conversation.id, text=f"m{step}", external_id=str(step))
                    case "bot":
                        version = chance.choice(seen[-3:])
                        said = await desk.conversations.bot_says(
                            tx, conversation.id, version=version, replies=[Reply(f"b{step}")]
                        )
                        speaks = before.control is Control.BOT and version == before.control_version
                        assert said.stale is not speaks
                    case "take":
                        await desk.conversations.take_over(
                            tx, conversation.id, staff=chance.choice((desk.marta, desk.julian))
                        )
                    case "back":
                        await desk.conversations.hand_back(tx, conversation.id, staff=desk.marta, note="")
                    case "ask":
                        await desk.conversations.ask_for_person(
                            tx, conversation.id, version=chance.choice(seen[-3:]), reason="queja"
                        )
        except RelevoError:
            assert await desk.now(conversation.id) == before
        seen.append((await desk.now(conversation.id)).control_version)
    async with desk.db.read() as session:
        messages = await desk.conversations.messages(session, conversation.id, limit=5_000)
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    held = False
    for message in messages:
        if message.kind is Kind.EVENT:
            held = message.meta["event"] in ("took_over", "asked_for_person")
        assert not (held and message.author is Author.BOT and message.kind is Kind.TEXT)


async def test_what_was_said_under_a_key_is_not_said_again_however_far_the_dialogue_is(desk: Desk) -> None:
    conversation = await desk.opened()

    async def says(key: str) -> bool:
        async with desk.db.write() as tx:
            replies = [Reply("Sí"), Reply("¿Para cuándo?")]
            said = await desk.conversations.bot_says(tx, conversation.id, version=1, replies=replies, key=key)
        return bool(said.messages)

    assert [await says(key) for key in ("one", "two", "one")] == [True, True, False]
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, conversation.id, staff=desk.marta)
    assert [await says(key) for key in ("two", "three", "three")] == [False, True, False]
    said = [message for message in await desk.thread(conversation.id) if message.author is Author.BOT]
    assert Counter(message.text for message in said) == {"Sí": 3, "¿Para cuándo?": 3}
