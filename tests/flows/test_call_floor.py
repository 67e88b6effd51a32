"""People in a live call: the agent's voice, hold, listeners, whispers, consultations, and a voice that is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from relevo.calls.rules.floor import Lost
from relevo.kit.errors import Conflict, Forbidden
from relevo.people.rules import Role
from tests.calls.virtual_time import virtual
from tests.calls.world import BOT_HZ, Guest, ScriptedLeg, energy, tone, until, world
from tests.flows.floor import (
    AGENT_HZ,
    GUEST_HZ,
    LONG,
    OTHER_HZ,
    has,
    lately,
    talking,
    with_agent,
)


@virtual
async def test_the_agents_voice_follows_the_bots_within_two_frames(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers = {"¿Qué habitaciones hay?": LONG}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=12_000)
        w.wear(ScriptedLeg(AGENT_HZ, pauses=False))
        await w.call(guest)
        await until(lambda: guest.ms >= 6_500)
        assert has(lately(guest, 200), BOT_HZ)
        await w.take_over()
        taken = guest.ms
        await until(lambda: guest.ms >= taken + 1_000)
        after = np.concatenate(guest.heard[taken // 20 :])
        blocks = after.reshape(-1, 80)
        silent = np.abs(blocks).max(axis=1) < 300
        assert silent.sum() <= 4, "at most 40 ms without a voice"
        assert energy(after[480:], BOT_HZ) < 0.001
        assert has(after, AGENT_HZ)
        await w.settle()
        recording = await w.recording()
        assert has(recording[(taken + 200) * 8 : (taken + 900) * 8, 1], AGENT_HZ)


@virtual
async def test_agent_and_customer_hear_each_other_and_only_each_other(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(9_000)
        leg = await with_agent(w, guest)
        assert has(lately(guest), AGENT_HZ)
        assert not has(lately(guest), GUEST_HZ)
        assert has(leg.latest(1_000), GUEST_HZ)
        assert not has(leg.latest(1_000), AGENT_HZ)
        voice = (await w.call_json())["voice"]
        assert (voice["source"], voice["agent_voice"]) == ("agent", "on")
        assert voice["people"] == [{"id": w.agent.id, "name": "Marta", "role": "agent"}]
        await w.settle()


@virtual
async def test_what_the_agent_says_is_written_down_and_the_bot_suggests(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Tienen cochera?", 1000: "Un momento que miro."}
        w.bot.answers = {"¿Tienen cochera?": "Sí, la cochera es gratis."}
        leg = w.wear(ScriptedLeg(0))
        guest = Guest([(6_000, tone(440, 800))], hangs_up_at=14_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 5_000)
        await w.take_over()
        await until(lambda: guest.ms >= 9_000)
        leg.hz = AGENT_HZ
        await until(lambda: guest.ms >= 9_800)
        leg.hz = 0
        await w.settle()
        texts = [(m.author.value, m.text) for m in await w.messages()][1:]
        assert texts == [("customer", "¿Tienen cochera?"), ("agent", "Un momento que miro.")]
        assert [m.text for m in await w.messages(["suggestion"])] == ["Sí, la cochera es gratis."]
        spoken = (await w.messages())[-1]
        assert spoken.author_id == w.agent.id
        assert abs(int(spoken.meta["at_ms"]) - 9_000) < 500


@virtual
async def test_on_hold_there_is_music_and_nobody_overhears(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(14_000)
        leg = await with_agent(w, guest)
        call_id = (await w.call_json())["id"]
        await w.commands.hold(call_id, w.agent, on=True)
        await until(lambda: guest.ms >= 9_000)
        assert not has(lately(guest), AGENT_HZ)
        assert np.abs(lately(guest)).max() > 500
        assert not leg.latest(1_000).any()
        assert (await w.call_json())["voice"]["source"] == "hold"
        await w.commands.hold(call_id, w.agent, on=False)
        await until(lambda: guest.ms >= 11_000)
        assert has(lately(guest), AGENT_HZ)
        assert has(leg.latest(1_000), GUEST_HZ)
        await w.settle()


@virtual
async def test_listen_whisper_barge(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = talking(20_000)
        leg = await with_agent(w, guest)
        ear = w.wear(ScriptedLeg(OTHER_HZ), boss)
        call_id = (await w.call_json())["id"]
        with pytest.raises(Forbidden):
            await w.commands.listen(call_id, await w.staff("Ana"), "listen")

        async def heard(mode: str) -> tuple[bool, bool]:
            """(customer hears the supervisor, agent does)"""
            await w.commands.listen(call_id, boss, mode)
            begun = guest.ms
            await until(lambda: guest.ms >= begun + 1_500)
            assert has(ear.latest(1_000), GUEST_HZ)
            assert has(ear.latest(1_000), AGENT_HZ)
            assert not has(ear.latest(1_000), OTHER_HZ)
            return has(lately(guest), OTHER_HZ), has(leg.latest(1_000), OTHER_HZ)

        assert await heard("listen") == (False, False)
        assert await heard("whisper") == (False, True)
        assert await heard("barge") == (True, True)
        await w.commands.leave(call_id, boss)
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 1_500)
        assert not has(lately(guest), OTHER_HZ)
        assert not has(leg.latest(1_000), OTHER_HZ)
        await w.settle()
        events = [m.text for m in await w.messages(["event"])]
        assert events.count("Julian escucha la llamada") == 1


@virtual
async def test_a_supervisor_hears_the_bot_and_is_not_heard(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers = {"¿Qué habitaciones hay?": LONG}
        boss = await w.staff("Julian", Role.SUPERVISOR)
        ear = w.wear(ScriptedLeg(OTHER_HZ), boss)
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=10_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 3_900)
        await w.commands.listen((await w.call_json())["id"], boss, "listen")
        await until(lambda: guest.ms >= 4_800)
        assert has(ear.latest(600), GUEST_HZ)
        await until(lambda: guest.ms >= 7_500)
        assert has(ear.latest(1_000), BOT_HZ)
        assert has(lately(guest), BOT_HZ)
        assert not has(lately(guest), OTHER_HZ)
        await w.settle()


@virtual
async def test_consult_conference_and_hand_over(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(30_000)
        leg = await with_agent(w, guest)
        other = w.wear(ScriptedLeg(OTHER_HZ), ana)
        call_id = (await w.call_json())["id"]
        await w.commands.transfer(call_id, w.agent, to=ana.id, kind="consult")
        assert (await w.call_json())["voice"]["ringing"][0]["to"]["name"] == "Ana"
        await w.commands.answer(call_id, ana, accept=True)

        async def passed(ms: int = 1_500) -> None:
            begun = guest.ms
            await until(lambda: guest.ms >= begun + ms)

        await passed()
        assert has(leg.latest(1_000), OTHER_HZ)
        assert has(other.latest(1_000), AGENT_HZ)
        assert not has(other.latest(1_000), GUEST_HZ)
        assert not has(lately(guest), AGENT_HZ)
        assert not has(lately(guest), OTHER_HZ)
        await w.commands.conference(call_id, w.agent)
        await passed()
        assert has(lately(guest), AGENT_HZ)
        assert has(lately(guest), OTHER_HZ)
        assert has(other.latest(1_000), GUEST_HZ)
        await w.commands.complete(call_id, w.agent)
        await passed()
        assert has(lately(guest), OTHER_HZ)
        assert not has(lately(guest), AGENT_HZ)
        assert not has(leg.latest(100), GUEST_HZ) or len(leg.heard) < guest.ms // 20
        row = await w.call_json()
        assert row["agent"]["name"] == "Ana"
        await w.settle()


@virtual
async def test_a_blind_transfer_rings_and_whoever_answers_has_it(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(60_000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        call_id = (await w.call_json())["id"]
        await w.commands.transfer(call_id, w.agent, to=ana.id, kind="blind")
        row = await w.call_json()
        assert (row["control"], row["voice"]["source"]) == ("queued", "hold")
        with pytest.raises(Conflict):
            await w.commands.hold(call_id, w.agent, on=True)
        await w.commands.answer(call_id, ana, accept=True)
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 1_500)
        assert has(lately(guest), OTHER_HZ)
        await w.commands.transfer(call_id, ana, to=w.agent.id, kind="blind")
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 26_000)
        row = await w.call_json()
        assert (row["control"], row["voice"]["ringing"]) == ("queued", [])
        with pytest.raises(Conflict):
            await w.commands.answer(call_id, w.agent, accept=True)
        await w.calls.hang_up(call_id)
        await w.settle()


@virtual
async def test_a_lost_voice_gives_the_call_to_the_bot_within_two_seconds(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(20_000)
        leg = await with_agent(w, guest)
        guest.says.clear()
        lost = guest.ms
        leg.gap = True
        await until(lambda: has(lately(guest, 100), BOT_HZ), seconds=4)
        assert guest.ms - lost <= 2_000
        row = await w.call_json()
        assert (row["control"], row["voice"]["source"]) == ("bot", "bot")
        assert [m.text for m in await w.messages(["event"])][
            -1
        ] == "Se perdió la voz del agente: la llamada siguió sin él"
        leg.gap = False
        await until(lambda: guest.ms >= lost + 8_000)
        await w.take_over()
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 1_000)
        assert has(lately(guest, 500), AGENT_HZ)
        await w.settle()


@virtual
async def test_a_lost_voice_may_lead_to_the_queue_instead(tmp_path: Path) -> None:
    async with world(tmp_path, lost=Lost.QUEUE) as w:
        guest = talking(14_000)
        leg = await with_agent(w, guest)
        guest.says.clear()
        lost = guest.ms
        leg.close("failed")
        await until(lambda: has(lately(guest, 100), BOT_HZ), seconds=4)
        assert guest.ms - lost <= 2_000
        assert (await w.call_json())["control"] == "queued"
        await w.settle()


@virtual
async def test_a_short_gap_costs_nobody_the_call_and_a_new_leg_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(20_000)
        leg = await with_agent(w, guest)
        leg.gap = True
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 1_000)
        assert (await w.call_json())["voice"]["agent_voice"] == "lost"
        w.wear(ScriptedLeg(OTHER_HZ))
        await until(lambda: guest.ms >= begun + 3_000)
        assert has(lately(guest), OTHER_HZ)
        row = await w.call_json()
        assert (row["control"], row["voice"]["agent_voice"]) == ("agent", "on")
        await w.settle()


@virtual
async def test_without_a_voice_the_agent_types_and_a_voice_that_comes_later_is_in_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.voice.hz = {"Marta": 900}
        guest = talking(20_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 5_000)
        await w.take_over()
        await w.agent_says("Hola, soy Marta.")
        await until(lambda: guest.ms >= 6_000)
        assert has(lately(guest, 800), 900)
        assert (await w.call_json())["voice"]["source"] == "typed"
        leg = w.wear(ScriptedLeg(AGENT_HZ))
        await until(lambda: guest.ms >= 9_000)
        assert has(lately(guest), AGENT_HZ)
        leg.close("left")
        await until(lambda: guest.ms >= 13_000)
        assert (await w.call_json())["voice"]["source"] == "typed"
        assert (await w.call_json())["control"] == "agent"
        await w.settle()


@virtual
async def test_a_second_call_taken_puts_the_first_on_hold(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        one, two = talking(20_000), talking(20_000)
        await with_agent(w, one)
        await w.call(two, from_="+5493415550102")
        await until(lambda: two.ms >= 3_000)
        rows = await w.rows()
        second = next(row for row in rows if row["control"] == "bot")
        first = next(row for row in rows if row["control"] == "agent")
        async with w.db.write() as tx:
            await w.conversations.take_over(tx, second["conversation_id"], staff=w.agent)
        await until(lambda: two.ms >= 6_000)
        assert has(lately(two), AGENT_HZ)
        assert not has(lately(one), AGENT_HZ)
        assert np.abs(lately(one)).max() > 500
        await w.commands.hold(first["id"], w.agent, on=False)
        await until(lambda: two.ms >= 9_000)
        assert has(lately(one), AGENT_HZ)
        assert not has(lately(two), AGENT_HZ)
        await w.settle()


@virtual
async def test_card_data_is_neither_recorded_nor_written_down(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Cuatro cinco cero cero uno dos."}
        guest = Guest([(9_000, tone(440, 1_500))], hangs_up_at=16_000)
        await with_agent(w, guest)
        call_id = (await w.call_json())["id"]
        await w.commands.pause_recording(call_id, w.agent, on=True)
        assert (await w.call_json())["voice"]["recording"] == "paused"
        await until(lambda: guest.ms >= 12_000)
        await w.commands.pause_recording(call_id, w.agent, on=False)
        await w.settle()
        assert [m for m in await w.messages() if m.author == "customer"] == []
        sound = await w.recording()
        assert not sound[8_500 * 8 : 11_500 * 8, 0].any()
        assert sound[13_000 * 8 : 15_000 * 8, 1].any()


@virtual
async def test_keys_help_and_mute(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(20_000)
        leg = await with_agent(w, guest)
        call_id = (await w.call_json())["id"]
        await w.commands.mute(call_id, w.agent, on=True)
        await until(lambda: guest.ms >= 8_000)
        assert not has(lately(guest), AGENT_HZ)
        assert has(leg.latest(1_000), GUEST_HZ)
        await w.commands.press(call_id, w.agent, "5")
        begun = guest.ms
        await until(lambda: guest.ms >= begun + 400)
        assert has(lately(guest, 400), 770)
        assert has(lately(guest, 400), 1336)
        await w.commands.help(call_id, w.agent, on=True, note="descuento")
        assert (await w.call_json())["voice"]["help"]["note"] == "descuento"
        other = await w.staff("Ana")
        for command in (w.commands.hold(call_id, other, on=True), w.commands.press(call_id, other, "1")):
            with pytest.raises(Conflict):
                await command
        await w.settle()
        with pytest.raises(Conflict, match="call_over"):
            await w.commands.hold(call_id, w.agent, on=True)


@virtual
async def test_where_the_law_asks_the_bot_says_again_that_it_is_one(tmp_path: Path) -> None:
    async with world(tmp_path, announces_return=True) as w:
        guest = Guest(hangs_up_at=14_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 4_000)
        await w.take_over()
        await w.hand_back("listo")
        await until(lambda: guest.ms >= 9_000)
        said = [m.text for m in await w.messages() if m.author == "bot"]
        assert said[-1] == "Te atiende de nuevo el asistente virtual."
        assert w.bot.greetings == 1
        await w.settle()


@virtual
async def test_the_desk_is_told_who_sits_where_and_since_when_callers_wait(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(16_000)
        desk = w.listen("desk")
        await with_agent(w, guest)
        call_id = (await w.call_json())["id"]
        await w.commands.transfer(call_id, w.agent, to="queue", kind="blind")
        await until(lambda: guest.ms >= 9_000)
        row = await w.call_json()
        assert row["queued_at"] is not None
        seen = [event.data["call_id"] for event in [desk.queue.get_nowait() for _ in range(desk.queue.qsize())]]
        assert call_id in seen
        assert seen[-1] is None
        await w.settle()
