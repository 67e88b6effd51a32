"""What may never be heard, written down or lost at the edges of a live call."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from relevo.kit.errors import Conflict
from relevo.people.rules import Role
from tests.calls.test_road_outbound import place, spoken, voice
from tests.calls.test_twilio import BODY, post_json
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, ScriptedLeg, tone, until, world
from tests.flows.floor import (
    AGENT_HZ,
    has,
    lately,
    passed,
    talking,
    with_agent,
)
from tests.flows.test_call_waiting import YES, queued


@virtual
async def test_what_two_colleagues_say_aside_is_neither_shown_nor_written_down(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {1000: "Este cliente es insoportable."}
        ana = await w.staff("Ana")
        guest = Guest(hangs_up_at=20000)
        leg = w.wear(ScriptedLeg(0))
        w.wear(ScriptedLeg(0), ana)
        await w.call(guest)
        await until(lambda: guest.ms >= 5000)
        await w.take_over()
        await passed(guest)
        cid = (await w.call_json())["id"]
        caps = []
        s = w.calls.here.session_of(cid)
        s._line.caption = lambda a, t: caps.append((a, t))
        await w.commands.transfer(cid, w.agent, to=ana.id, kind="consult")
        await w.commands.answer(cid, ana, accept=True)
        leg.hz = AGENT_HZ
        await passed(guest, 1000)
        leg.hz = 0
        await passed(guest, 3000)
        assert caps == []
        assert not [m for m in await w.messages() if m.author == "agent"]


@virtual
async def test_a_failed_disk_leaves_nobody_deaf(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        guest = Guest([(10000, tone(440, 900))], hangs_up_at=20000)
        await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        await w.commands.pause_recording(cid, w.agent, on=True)
        w.calls._recording_failed(cid)
        await w.commands.pause_recording(cid, w.agent, on=False)
        await w.hand_back()
        await until(lambda: guest.ms >= 16000)
        assert [m.text for m in await w.messages() if m.author == "customer"]


@virtual
async def test_a_card_is_not_written_down_when_the_agent_is_lost_meanwhile(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Cuatro cinco cero cero uno dos."}
        guest = Guest([(9000, tone(440, 4000))], hangs_up_at=20000)
        leg = await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        await w.commands.pause_recording(cid, w.agent, on=True)
        await until(lambda: guest.ms >= 8800)
        leg.close("failed")
        await w.settle()
        assert [m.text for m in await w.messages() if m.author == "customer"] == []


@virtual
async def test_a_card_can_be_told_in_private_where_nothing_is_recorded(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(12000)
        await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        w.calls.here.session_of(cid).staffing.stop_recording()
        await w.commands.pause_recording(cid, w.agent, on=True)
        assert (await w.call_json())["voice"]["recording"] == "paused"
        await w.commands.pause_recording(cid, w.agent, on=False)
        assert (await w.call_json())["voice"]["recording"] == "off"


@virtual
async def test_a_takeover_during_the_goodbye_keeps_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=60000)
        await w.call(guest)
        await until(lambda: guest.ms >= 5000)
        row = await w.call_json()
        s = w.calls.here.session_of(row["id"])
        real = s._replies.say

        async def slow(*a, **k):
            r = await real(*a, **k)
            await w.take_over()
            return r

        s._replies.say = slow
        w.wear(ScriptedLeg(AGENT_HZ))
        from relevo.calls.rules import EndReason

        s._steps.add(lambda: s._goodbye(EndReason.SILENCE))
        await passed(guest, 3000)
        row = await w.call_json()
        assert row["status"] == "active"


@virtual
async def test_a_takeover_while_a_call_back_is_arranged_keeps_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(45000, tone(YES, 1200))], hangs_up_at=90000)
        await queued(w, guest)
        w.wear(ScriptedLeg(AGENT_HZ))
        real = w.callbacks.ask

        async def slow(*a, **k):
            r = await real(*a, **k)
            await w.take_over()
            return r

        w.callbacks.ask = slow
        await until(lambda: guest.ms >= 65000 or len(w.calls.here._sessions) == 0, seconds=90)
        row = await w.call_json()
        assert row["status"] == "active"


@virtual
async def test_a_broken_ear_ends_nobodys_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = talking(20000)
        await with_agent(w, guest)
        ear = w.wear(ScriptedLeg(0), boss)
        cid = (await w.call_json())["id"]
        await w.commands.listen(cid, boss, "listen")
        await passed(guest)

        def bad(pcm):
            raise RuntimeError("socket")

        ear.write = bad
        await passed(guest, 1_000)
        row = await w.call_json()
        assert row["status"] == "active"


@virtual
async def test_a_frame_of_a_wrong_length_silences_only_its_headset(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = talking(20000)
        await with_agent(w, guest)
        ear = w.wear(ScriptedLeg(0), boss)
        ear.read = lambda: np.zeros(80, np.int16)
        await passed(guest, 1000)
        assert has(lately(guest, 400), AGENT_HZ)


@virtual
async def test_giving_a_lost_call_back_is_tried_again(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(30000)
        leg = await with_agent(w, guest)
        n = []
        real = w.conversations.pass_on

        async def once(*a, **k):
            if not n:
                n.append(1)
                raise RuntimeError("database is locked")
            return await real(*a, **k)

        w.conversations.pass_on = once
        leg.close("failed")
        await passed(guest, 8000)
        assert (await w.call_json())["control"] == "bot"


@virtual
async def test_taking_a_call_that_is_ending_leaves_nothing_behind(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=6000)
        await w.call(guest)
        w.wear(ScriptedLeg(AGENT_HZ))
        await until(lambda: guest.ms >= 4000)
        s = next(iter(w.calls.here._sessions.values()))
        real = s._saying.close

        async def slow():
            try:
                await w.take_over()
            finally:
                await real()

        s._saying.close = slow
        await w.settle()
        h = w.headsets.of(w.agent.id)
        assert w.detector.rows == set()
        assert h.seated is None


@virtual
async def test_who_takes_the_call_first_keeps_it_from_being_called_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(45000, tone(YES, 1200))], hangs_up_at=90000)
        await queued(w, guest)
        asked = []
        real = w.callbacks.ask

        async def slow(*a, **k):
            r = await real(*a, **k)
            asked.append(guest.ms)
            w.wear(ScriptedLeg(AGENT_HZ))
            await w.take_over()
            return r

        w.callbacks.ask = slow
        with contextlib.suppress(AssertionError):
            await until(lambda: guest.ms >= 75000, seconds=100)
        row = await w.call_json()
        assert row["status"] == "active"


@virtual
async def test_who_is_switched_off_hears_nothing_more(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = talking(30000)
        await with_agent(w, guest)
        ear = w.wear(ScriptedLeg(0), boss)
        cid = (await w.call_json())["id"]
        await w.commands.listen(cid, boss, "listen")
        await passed(guest)
        async with w.db.write() as tx:
            await tx.session.execute(text("update staff set active=0 where id=:i"), {"i": boss.id})
        await passed(guest, 4000)
        heard = len(ear.heard)
        await passed(guest, 2000)
        assert len(ear.heard) == heard


@virtual
async def test_outsiders_command_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana, bob = (await w.staff("Ana"), await w.staff("Bob"))
        guest = talking(30000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(0), bob)
        cid = (await w.call_json())["id"]
        does = w.commands
        for command in (
            does.cancel(cid, bob),
            does.leave(cid, bob),
            does.mute(cid, bob, on=True),
            does.answer(cid, bob, accept=True),
            does.complete(cid, bob),
            does.conference(cid, bob),
            does.help(cid, bob, on=True, note=""),
        ):
            with pytest.raises(Conflict):
                await command
        await does.transfer(cid, w.agent, to=ana.id, kind="blind")
        await does.cancel(cid, w.agent)
        assert (await w.call_json())["voice"]["ringing"] == []


@virtual
async def test_a_long_hello_is_not_taken_for_a_mailbox_in_the_end(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {
            440: "Ferretería San Martín buenos días lo atiende Juan en qué le puedo ayudar hoy",
            520: "¿Hola? ¿Quién habla?",
        }
        guest = Guest([(500, voice(440, 4500)), (6000, voice(520, 800))], hangs_up_at=30000)
        await place(w, guest)
        assert (await w.rows())[0]["end_reason"] != "voicemail"


@virtual
async def test_a_card_stays_private_when_a_colleague_takes_over(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Cuatro cinco cero cero uno dos."}
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = Guest([(9000, tone(440, 4000))], hangs_up_at=20000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(0), boss)
        r = await w.call_json()
        await w.commands.pause_recording(r["id"], w.agent, on=True)
        await until(lambda: guest.ms >= 8800)
        await w.take_over(boss, version=r["control_version"])
        await w.settle()
        assert [m.text for m in await w.messages() if m.author == "customer"] == []


@virtual
async def test_a_call_we_placed_is_greeted_when_the_bot_gets_it_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        sid = (await post_json(w, "/outbound-call", BODY)).json()["callSid"]
        guest = Guest(hangs_up_at=20000)
        call = await w.twilio.pick_up(sid, guest)
        w.tasks.start(call.run(), name="t")
        await until(lambda: guest.ms >= 600)
        await w.take_over()
        await passed(guest)
        await w.hand_back()
        await passed(guest, 5000)
        assert await spoken(w)
