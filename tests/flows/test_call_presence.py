"""Live calls make states: who takes one is on call, who is asked is too, and a call that dies lets everybody go."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relevo.app.presence import Shifts, wire
from relevo.desk.letters import Letters
from relevo.desk.service import Alerts
from relevo.desk.shifts import State
from relevo.kit.errors import Conflict
from relevo.kit.ids import RandomIds
from relevo.kit.work import Work
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from tests.calls.virtual_time import VirtualClock, virtual
from tests.calls.world import Guest, ScriptedLeg, World, enrol, until, world
from tests.desk.conftest import PostBox
from tests.flows.floor import OTHER_HZ, consulting, talking, with_agent

ANA = Staff("stf_ana", "ana@example.test", "Ana", Role.AGENT)


def shifts(w: World) -> Shifts:
    clock, ids, texts = VirtualClock(), RandomIds(), Texts("es")
    work, people = Work(w.db, clock, ids), People(w.db, clock, ids)
    alerts = Alerts(w.db, w.live, work, people, clock, ids, texts, Letters(PostBox(), ()), "")
    made = wire(Settings(), w.db, w.live, work, people, alerts, clock, texts, ZoneInfo("UTC"))
    made.subscribe(w.db.events, work)
    return made


async def state(made: Shifts, staff: Staff) -> str:
    async with made.db.read() as session:
        return (await made.presence.state(session, staff.id)).state.value


@virtual
async def test_whoever_takes_a_call_is_on_call_until_it_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        made = shifts(w)
        await made.presence.declare(w.agent, State.AVAILABLE, None)
        guest = talking()
        await with_agent(w, guest)
        assert await state(made, w.agent) == "on_call"
        await w.calls.hang_up(str((await w.call_json())["id"]))
        assert await state(made, w.agent) == "wrap_up"
        async with w.db.read() as session:
            now = await made.presence.state(session, w.agent.id)
        assert now.about == (await w.call_json())["conversation_id"]


@virtual
async def test_who_is_asked_is_on_call_too_and_who_hands_over_is_not_any_more(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        made = shifts(w)
        async with w.db.write() as tx:
            await enrol(tx, ANA, VirtualClock().now())
        for member in (w.agent, ANA):
            await made.presence.declare(member, State.AVAILABLE, None)
        await with_agent(w, talking())
        w.headsets.connect(ANA, ScriptedLeg(OTHER_HZ))
        call_id = await consulting(w, ANA)

        async def both() -> bool:
            return [await state(made, member) for member in (w.agent, ANA)] == ["on_call", "on_call"]

        await until(both)
        await w.commands.complete(call_id, w.agent)

        async def handed_over() -> bool:
            return [await state(made, member) for member in (w.agent, ANA)] == ["wrap_up", "on_call"]

        await until(handed_over)
        await w.calls.hang_up(call_id)

        async def over() -> bool:
            return await state(made, ANA) == "wrap_up"

        await until(over)


@virtual
async def test_a_call_that_dies_with_its_process_lets_its_agent_go(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        made = shifts(w)
        await made.presence.declare(w.agent, State.AVAILABLE, None)
        guest = talking()
        await with_agent(w, guest)
        database = (tmp_path / "test.db", tmp_path / "test.db-wal")
        snapshot = {path.name: path.read_bytes() for path in database if path.exists()}
    place = tmp_path / "after"
    place.mkdir()
    for name, data in snapshot.items():
        (place / name).write_bytes(data)
    async with world(place, again=True) as w:
        made = shifts(w)
        assert await state(made, w.agent) == "on_call"
        assert await w.calls.close_orphans() == 1
        assert await state(made, w.agent) == "wrap_up"


@virtual
async def test_only_who_is_available_is_rung(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        made = shifts(w)
        w.commands._reach = made.presence
        async with w.db.write() as tx:
            await enrol(tx, ANA, VirtualClock().now())
        await with_agent(w, talking())
        call_id = str((await w.call_json())["id"])
        # Nobody declares anything: as it always was.
        await w.commands.transfer(call_id, w.agent, to=ANA.id, kind="consult")
        await w.commands.cancel(call_id, w.agent)
        await made.presence.declare(ANA, State.PAUSE, "meal")
        with pytest.raises(Conflict) as refused:
            await w.commands.transfer(call_id, w.agent, to=ANA.id, kind="consult")
        assert refused.value.code == "colleague_away"
        await made.presence.declare(ANA, State.AVAILABLE, None)
        await w.commands.transfer(call_id, w.agent, to=ANA.id, kind="consult")


@virtual
async def test_a_call_of_the_bot_alone_is_nobodys(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        made = shifts(w)
        guest = Guest(hangs_up_at=4_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        async with w.db.read() as session:
            assert await made.presence.states(session) == {}
