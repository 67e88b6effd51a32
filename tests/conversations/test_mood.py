"""How customers feel by what they wrote: kept with the message and the conversation, heeded by the queue."""

from __future__ import annotations

import pytest

from relevo.bot.rules.feeling import felt
from relevo.conversations.rules import MOOD, Mood, Priority, mood_of
from tests.conversations.conftest import Desk


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("la pieza estaba sucia y nadie vino", Mood.NEGATIVE),
        ("NO FUNCIONA EL AIRE!!", Mood.NEGATIVE),
        ("no estamos contentos con la atención", Mood.NEGATIVE),
        ("me cobraron dos veces, es una estafa", Mood.NEGATIVE),
        ("esto es inaceptable", Mood.NEGATIVE),
        ("nos encantó el lugar, súper amables ❤️", Mood.POSITIVE),
        ("¡Muchas gracias, todo perfecto!", Mood.POSITIVE),
        ("buenas tardes, ¿hay lugar el finde?", Mood.NEUTRAL),
        ("no hay problema", Mood.NEUTRAL),
        ("llegamos más tarde", Mood.NEUTRAL),
        ("quiero una doble del 11 al 13", Mood.NEUTRAL),
    ],
)
def test_words_say_how_somebody_feels(text: str, mood: Mood) -> None:
    assert mood_of(felt(text)) is mood


def test_what_nobody_wrote_says_nothing() -> None:
    assert mood_of(None) is None
    assert felt("") == 0
    assert abs(felt("pesimo " * 50 + "!!")) <= 2


async def say(desk: Desk, conversation_id: str, text: str, **meta: object) -> dict[str, object]:
    async with desk.db.write() as tx:
        received = await desk.conversations.receive(tx, conversation_id, text=text, meta=meta)
    return dict(received.message.meta)


async def shown(desk: Desk, conversation_id: str) -> tuple[object, object]:
    async with desk.db.read() as session:
        found = await desk.conversations.get(session, conversation_id)
        data = await desk.conversations.as_json(session, found, desk.marta)
    return data["mood"], data["priority"]


async def test_the_last_words_count_most_and_bad_ones_bring_a_person_sooner(desk: Desk) -> None:
    desk.conversations.felt = felt
    conversation = await desk.opened()
    assert await shown(desk, conversation.id) == (None, "normal")
    assert await say(desk, conversation.id, "buenas, ¿hay lugar?") == {}
    assert await say(desk, conversation.id, "la pieza estaba sucia") == {MOOD: "negative"}
    assert await shown(desk, conversation.id) == ("negative", "normal")
    async with desk.db.write() as tx:
        version = conversation.control_version
        await desk.conversations.ask_for_person(tx, conversation.id, version=version, reason="requested")
    assert await shown(desk, conversation.id) == ("negative", Priority.HIGH.value)
    assert await say(desk, conversation.id, "¡nos encantó cómo lo resolvieron, muy amables!") == {MOOD: "positive"}
    assert await shown(desk, conversation.id) == ("positive", "high")


async def test_a_voice_and_staff_are_not_read(desk: Desk) -> None:
    desk.conversations.felt = felt
    conversation = await desk.opened()
    assert MOOD not in await say(desk, conversation.id, "esto es inaceptable", voice={"seconds": 3})
    async with desk.db.write() as tx:
        await desk.conversations.take_over(tx, conversation.id, staff=desk.marta)
        await desk.conversations.agent_says(tx, conversation.id, text="esto es pésimo, horrible", staff=desk.marta)
    assert (await shown(desk, conversation.id))[0] is None
