"""A person takes a live call and gives it back: the bot is silent from that tick on, and does not greet again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from relevo.conversations.rules import Reply
from tests.calls.virtual_time import virtual
from tests.calls.world import BOT_HZ, Guest, ScriptedAnswer, energy, loudest_hz, tone, until, world

LONG = "Tenemos habitaciones dobles, triples y una suite con vista al río, todas con desayuno incluido y pileta."


@virtual
async def test_a_takeover_silences_the_bot_in_the_same_tick(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers = {"¿Qué habitaciones hay?": LONG}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 6_500)
        assert np.abs(guest.heard[-1]).max() > 1_000
        await w.take_over()
        taken = guest.ms
        await w.settle()
        last = max(end for _, end in guest.loud())
        assert last - taken <= 40
        spoken = [message for message in await w.messages() if message.author == "bot"][-1]
        assert spoken.meta["heard"] is False
        assert LONG.startswith(spoken.text)
        assert 0 < len(spoken.text) < len(LONG)
        assert spoken.meta["spoken_text"] == spoken.text


@virtual
async def test_a_reply_in_the_making_at_the_takeover_is_never_spoken(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers, w.bot.seconds = {"¿Qué habitaciones hay?": LONG}, 2.0
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=12_000)
        await w.call(guest)
        await until(lambda: len(w.bot.turns) == 1)
        await w.take_over()
        taken = guest.ms
        await w.settle()
        assert not [stretch for stretch in guest.loud() if stretch[1] > taken]
        drafts = await w.messages(["suggestion"])
        assert [draft.text for draft in drafts] == [LONG]
        assert w.bot.committed == []


@virtual
async def test_while_a_person_has_the_call_it_is_still_heard_and_written_down(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero hablar con alguien.", 520: "¿Tienen cochera?"}
        w.voice.hz = {"Marta": 900}
        guest = Guest([(9_000, tone(520, 800))], hangs_up_at=14_000)
        await w.call(guest)
        live = w.listen(f"conversation:{await w.conversation_id()}")
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        turns = len(w.bot.turns)
        await w.agent_says("Hola, soy Marta.")
        await w.settle()
        heard = guest.all_heard()
        begins = next(start for start, _ in guest.loud() if start >= 4_000)
        assert begins < 4_400
        assert abs(loudest_hz(heard[begins * 8 : begins * 8 + 4_000], 8_000) - 900) < 10
        assert len(w.bot.turns) == turns
        texts = [(message.author.value, message.text) for message in await w.messages()][1:]
        assert texts == [("agent", "Hola, soy Marta."), ("customer", "¿Tienen cochera?")]
        agent = [message for message in await w.messages() if message.author == "agent"][0]
        assert agent.meta["heard"] is True
        captions = [event.data for event in drained(live) if event.kind == "partial"]
        assert {"author": "customer", "text": "¿Tienen cochera?"} in captions
        sound = await w.recording()
        assert np.abs(sound[9_200 * 8 : 9_600 * 8, 0]).max() > 5_000


def drained(listener: object) -> list:  # type: ignore[type-arg]
    queue = listener.queue  # type: ignore[attr-defined]
    return [queue.get_nowait() for _ in range(queue.qsize())]


@virtual
async def test_after_the_hand_back_the_bot_goes_on_without_greeting(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Tienen cochera?", 520: "¿Y desayuno?"}
        guest = Guest([(4_000, tone(440, 800)), (13_000, tone(520, 800))], hangs_up_at=17_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 7_500)
        await w.take_over()
        await asyncio.sleep(2)
        await w.hand_back("Le confirmé la cochera")
        back = guest.ms
        await w.settle()
        assert w.bot.greetings == 1
        assert [turn.text for turn in w.bot.turns] == ["¿Tienen cochera?", "¿Y desayuno?"]
        said = [message.text for message in await w.messages() if message.author == "bot"]
        assert said[-1] == "Eco: ¿Y desayuno?."
        assert sum("asistente" in text for text in said) == 1
        first_after = next(start for start, _ in guest.loud() if start >= back)
        assert first_after > 13_800


@virtual
async def test_many_takeovers_leave_no_sound_of_the_bot_behind(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers = {"¿Qué habitaciones hay?": LONG}
        says = [(4_000 + 4_000 * turn, tone(440, 600)) for turn in range(12)]
        guest = Guest(says, hangs_up_at=52_000)
        await w.call(guest)
        for turn in range(12):
            await until(lambda turn=turn: guest.ms >= 5_200 + 4_000 * turn + 37 * turn)
            await w.take_over()
            taken = guest.ms
            await until(lambda taken=taken: guest.ms >= taken + 1_000)
            heard = np.concatenate(guest.heard[taken // 20 + 2 :])
            assert not heard.any()
            await w.hand_back()
        await w.settle()


@virtual
async def test_asking_for_a_person_is_said_and_then_they_wait_with_company(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero hablar con una persona."}
        w.bot.answers = {
            "Quiero hablar con una persona.": ScriptedAnswer([Reply("Te paso con alguien.")], handoff="asked")
        }
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=40_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 8_000)
        row = (await w.rows())[0]
        assert row["control"] == "queued"
        said = [message for message in await w.messages() if message.author == "bot"][-1]
        assert (said.text, said.meta["heard"]) == ("Te paso con alguien.", True)
        await w.settle()
        assert len(w.bot.turns) == 1
        remark = guest.all_heard()[33_000 * 8 :]
        assert energy(remark, BOT_HZ) > 0.02, "told that they are not forgotten"
        music = guest.all_heard()[12_000 * 8 : 20_000 * 8]
        assert np.abs(music).max() > 500
        assert energy(music, BOT_HZ) < 0.01


@virtual
async def test_resolving_the_conversation_ends_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest()
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        conversation_id = await w.conversation_id()
        async with w.db.write() as tx:
            await w.conversations.resolve(tx, conversation_id, staff=w.agent)
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == "resolved"
        assert guest.ms < 5_000


@virtual
async def test_the_list_of_calls_follows_control(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        listener = w.listen("calls")
        guest = Guest(hangs_up_at=6_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        await w.take_over()
        await w.settle()
        seen = [(event.data["status"], event.data["control"]) for event in drained(listener)]
        assert seen[:3] == [("ringing", "bot"), ("active", "bot"), ("active", "agent")]
        assert seen[-1] == ("ended", "closed")
        assert BOT_HZ
