"""The edges of the floor: consultations, parked calls, gaps, conferences, second calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.kit.errors import Conflict
from relevo.people.rules import Role
from tests.calls.virtual_time import virtual
from tests.calls.world import BOT_HZ, Guest, ScriptedLeg, tone, until, world
from tests.flows.floor import (
    AGENT_HZ,
    GUEST_HZ,
    LONG,
    OTHER_HZ,
    consulting,
    has,
    lately,
    passed,
    takes_second,
    talking,
    with_agent,
)


@virtual
async def test_an_agent_lost_on_a_second_call_is_lost_on_the_first_too(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        one, two = (talking(40000), talking(40000))
        leg = await with_agent(w, one)
        await w.call(two, from_="+5493415550102")
        await until(lambda: two.ms >= 3000)
        rows = await w.rows()
        second = next(r for r in rows if r["control"] == "bot")
        first = next(r for r in rows if r["control"] == "agent")
        async with w.db.write() as tx:
            await w.conversations.take_over(tx, second["conversation_id"], staff=w.agent)
        await passed(two)
        leg.close("failed")
        await passed(two, 10000)
        rows = {r["id"]: r for r in await w.rows()}
        assert rows[first["id"]]["control"] != "agent"


@virtual
async def test_coming_back_while_on_hold_keeps_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(20000)
        leg = await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        await w.commands.hold(cid, w.agent, on=True)
        await passed(guest)
        leg.close("failed")
        await passed(guest, 500)
        w.wear(ScriptedLeg(AGENT_HZ))
        await passed(guest, 4000)
        assert (await w.call_json())["control"] == "agent"


@virtual
async def test_coming_back_while_consulting_keeps_the_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(20000)
        leg = await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        await consulting(w, ana)
        await passed(guest)
        leg.close("failed")
        await passed(guest, 500)
        w.wear(ScriptedLeg(AGENT_HZ))
        await passed(guest, 4000)
        assert (await w.call_json())["control"] == "agent"


@virtual
async def test_a_lost_colleague_puts_nobody_on_the_air(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(20000)
        await with_agent(w, guest)
        a = w.wear(ScriptedLeg(OTHER_HZ), ana)
        await consulting(w, ana)
        await passed(guest)
        a.close("failed")
        await passed(guest, 800)
        assert not has(lately(guest, 400), AGENT_HZ)


@virtual
async def test_the_second_colleague_asked_is_the_one_who_gets_it(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana, bob = (await w.staff("Ana"), await w.staff("Bob"))
        guest = talking(30000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        w.wear(ScriptedLeg(2000.0), bob)
        cid = (await w.call_json())["id"]
        for x in (ana, bob):
            await w.commands.transfer(cid, w.agent, to=x.id, kind="consult")
        for x in (ana, bob):
            await w.commands.answer(cid, x, accept=True)
        await passed(guest)
        await w.commands.cancel(cid, w.agent)
        await passed(guest)
        v = (await w.call_json())["voice"]
        assert [p["role"] for p in v["people"]] == ["agent"]


@virtual
async def test_a_colleague_who_leaves_is_no_longer_consulted(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(30000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = await consulting(w, ana)
        await passed(guest)
        await w.commands.leave(cid, ana)
        await passed(guest)
        v = (await w.call_json())["voice"]
        assert v["consult"] is None


@virtual
async def test_a_colleague_in_another_call_is_not_pulled_into_a_conference(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest, two = (talking(40000), talking(40000))
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = await consulting(w, ana)
        await passed(guest)
        await takes_second(w, two, ana)
        await passed(two)
        assert has(lately(two), OTHER_HZ)
        with pytest.raises(Conflict):
            await w.commands.conference(cid, w.agent)
        await passed(two)
        assert has(lately(two), OTHER_HZ), "Ana's customer lost her to a conference"


@virtual
async def test_nobody_is_listened_to_after_leaving_for_another_call(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest, two = (talking(20000), talking(24000))
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = await consulting(w, ana)
        await w.commands.conference(cid, w.agent)
        await passed(guest)
        await takes_second(w, two, ana)
        await w.settle()
        assert w.detector.rows == set()


@virtual
async def test_who_was_muted_is_muted_when_they_come_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        one, two = (talking(40000), talking(40000))
        await with_agent(w, one)
        cid = (await w.call_json())["id"]
        await w.commands.mute(cid, w.agent, on=True)
        await takes_second(w, two, w.agent)
        await passed(one)
        await w.commands.hold(cid, w.agent, on=False)
        await passed(one)
        assert not has(lately(one), AGENT_HZ)


@virtual
async def test_who_steps_in_hears_the_bot_as_the_customer_does(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        w.recognizer.sentences = {440: "¿Qué habitaciones hay?"}
        w.bot.answers = {"¿Qué habitaciones hay?": LONG}
        guest = Guest([(4000, tone(440, 800))], hangs_up_at=20000)
        ear = w.wear(ScriptedLeg(OTHER_HZ), boss)
        await w.call(guest)
        await until(lambda: guest.ms >= 6500)
        await w.commands.listen((await w.call_json())["id"], boss, "barge")
        await passed(guest)
        assert has(ear.latest(1000), BOT_HZ) == has(lately(guest), BOT_HZ)


@virtual
async def test_switching_the_voice_off_on_hold_ends_the_music(tmp_path: Path) -> None:
    async with world(tmp_path, max_seconds=30) as w:
        guest = Guest(hangs_up_at=120000)
        leg = await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        await w.commands.hold(cid, w.agent, on=True)
        leg.close("left")
        await passed(guest, 20000)
        r = await w.call_json()
        assert r["status"] == "ended" or not r["voice"]["on_hold"]


@virtual
async def test_a_call_in_the_queue_asks_no_colleague(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(30000)
        await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = (await w.call_json())["id"]
        await w.commands.transfer(cid, w.agent, to=ana.id, kind="consult")
        await w.commands.transfer(cid, w.agent, to="queue", kind="blind")
        assert (await w.call_json())["voice"]["ringing"] == []


@virtual
async def test_a_listener_is_back_in_their_seat_after_a_gap(tmp_path: Path) -> None:
    """a supervisor's headset drops for a moment"""
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = talking(30000)
        await with_agent(w, guest)
        ear = w.wear(ScriptedLeg(0), boss)
        cid = (await w.call_json())["id"]
        await w.commands.listen(cid, boss, "listen")
        await passed(guest)
        ear.close("failed")
        await passed(guest, 300)
        ear = w.wear(ScriptedLeg(0), boss)
        await passed(guest)
        assert has(ear.latest(1000), GUEST_HZ)


@virtual
async def test_in_a_conference_the_colleague_keeps_the_customer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(30000)
        leg = await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = await consulting(w, ana)
        await w.commands.conference(cid, w.agent)
        await passed(guest)
        leg.close("failed")
        await passed(guest, 4000)
        await w.call_json()
        assert has(lately(guest), OTHER_HZ)


@virtual
async def test_a_lost_agent_is_replaced_while_a_supervisor_speaks(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        boss = await w.staff("Julian", Role.SUPERVISOR)
        guest = Guest(hangs_up_at=30000)
        leg = await with_agent(w, guest)
        w.wear(ScriptedLeg(OTHER_HZ), boss)
        cid = (await w.call_json())["id"]
        await w.commands.listen(cid, boss, "barge")
        await passed(guest)
        leg.close("failed")
        await passed(guest, 3000)
        assert (await w.call_json())["control"] == "bot"
        assert has(lately(guest), OTHER_HZ)


@virtual
async def test_the_consulted_colleague_never_hears_the_customer(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        ana = await w.staff("Ana")
        guest = talking(30000)
        await with_agent(w, guest)
        colleague = w.wear(ScriptedLeg(OTHER_HZ), ana)
        cid = await consulting(w, ana)
        await passed(guest)
        await w.commands.hold(cid, w.agent, on=False)
        await passed(guest)
        assert not has(colleague.latest(1_000), GUEST_HZ)


@virtual
async def test_pressing_hold_twice_is_pressing_it_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = talking(15000)
        await with_agent(w, guest)
        cid = (await w.call_json())["id"]
        got = []
        b = w.calls.here.session_of(cid)._bridge
        b.marker = lambda *a: got.append(a)
        for on in (True, True, False, False):
            await w.commands.hold(cid, w.agent, on=on)
        assert len(got) == 2
