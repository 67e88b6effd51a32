"""The house stops selling when it must, starts again only when it is safe, and every process knows."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from relevo.desk import rules, service
from relevo.desk.rules import Mode, judge
from relevo.desk.service import LOOK, Watch
from relevo.kit.errors import Invalid, NotReady
from relevo.kit.health import Part, State
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.people.service import People
from relevo.texts import Texts
from tests.conftest import NOW
from tests.desk.conftest import Desk


def part(name: str, state: State = State.DOWN) -> Part:
    return Part(name, state, NOW)


@pytest.mark.parametrize(
    ("down", "manual", "mode", "selling"),
    [
        ([], False, Mode.NORMAL, True),
        (["pms"], False, Mode.DEGRADED, False),
        (["understanding"], False, Mode.DEGRADED, False),
        (["disk"], False, Mode.DEGRADED, False),
        (["speech"], False, Mode.DEGRADED, True),
        (["channels", "work"], False, Mode.DEGRADED, True),
        (["speech", "pms"], False, Mode.DEGRADED, False),
        ([], True, Mode.MANUAL, False),
        (["pms"], True, Mode.MANUAL, False),
    ],
)
def test_what_follows_from_parts_and_switch(down: list[str], manual: bool, mode: Mode, selling: bool) -> None:
    parts = [part(name) for name in down] + [part("database", State.SHAKY), part("mail", State.OFF)]
    verdict = judge(parts, manual=manual)
    assert (verdict.mode, verdict.selling) == (mode, selling)


async def test_before_anybody_looked_the_house_sells(desk: Desk) -> None:
    assert await desk.watch.selling()
    assert (await desk.mode())["mode"] == "normal"


async def test_an_outage_and_its_end(desk: Desk) -> None:
    await desk.looks(3)
    desk.seen["pms"] = "pms_unreachable"
    await desk.looks(2)
    assert await desk.watch.selling()
    await desk.looks(1)
    assert not await desk.watch.selling()
    mode = await desk.mode()
    assert (mode["mode"], mode["selling"], mode["since"]) == ("degraded", False, desk.clock.now().isoformat())
    assert [item["kind"] for item in await desk.open()] == ["pms_down"]
    desk.seen["pms"] = "ok"
    await desk.looks(8)
    assert not await desk.watch.selling()
    await desk.looks(1)
    assert await desk.watch.selling()
    assert await desk.open() == []
    async with desk.db.read() as session:
        history = await desk.watch.history(session, 10)
    assert [(entry["mode"], entry["down"]) for entry in history] == [
        ("normal", {}),
        ("degraded", {"pms": "pms_unreachable"}),
    ]


async def test_a_voice_that_is_lost_is_told_but_rooms_are_sold(desk: Desk) -> None:
    desk.seen["speech"] = "not_ready"
    await desk.looks(3)
    assert ((await desk.mode())["mode"], await desk.watch.selling()) == ("degraded", True)
    assert [(item["kind"], item["title"]) for item in await desk.open()] == [("part_down", "Falla: la voz")]


async def test_a_person_s_switch_comes_first_and_stays(desk: Desk) -> None:
    await desk.watch.switch(manual=True, reason="  se corta   la luz ", staff=desk.marta)
    await desk.looks(20)
    mode = await desk.mode()
    assert (mode["mode"], mode["selling"], mode["reason"], mode["by"]) == (
        "manual", False, "se corta la luz", {"id": desk.marta.id, "name": "Marta"},
    )  # fmt: skip
    back = await desk.watch.switch(manual=False, reason="", staff=desk.marta)
    assert (back["mode"], back["selling"], back["reason"], back["by"]) == ("normal", True, None, None)


async def test_back_from_manual_into_an_outage(desk: Desk) -> None:
    desk.seen["pms"] = "slow"
    await desk.looks(3)
    await desk.watch.switch(manual=True, reason="obra", staff=desk.marta)
    assert (await desk.watch.switch(manual=False, reason="", staff=desk.marta))["mode"] == "degraded"


async def test_manual_takes_a_reason(desk: Desk) -> None:
    with pytest.raises(Invalid, match="mode_reason"):
        await desk.watch.switch(manual=True, reason="  ", staff=desk.marta)


async def test_the_live_feed_hears_of_changes_only(desk: Desk) -> None:
    await desk.looks(3)
    assert len(await desk.announced("mode")) == 1
    await desk.looks(12)
    assert len(await desk.announced("mode")) == 1
    desk.seen["pms"] = "slow"
    await desk.looks(3)
    told = await desk.announced("mode")
    assert [(entry["mode"], entry["selling"]) for entry in told[1:]] == [("normal", True), ("degraded", False)]


async def test_of_several_processes_one_looks(desk: Desk, live: Live, ids: CountingIds) -> None:
    people = People(desk.db, desk.clock, ids)
    other = Watch(desk.db, live, desk.work, people, desk.alerts, desk.clock, Texts("es"))
    asked: list[str] = []

    async def pms() -> str:
        asked.append("pms")
        return "down"

    desk.watch.probes = other.probes = {"pms": pms}
    for _ in range(6):
        desk.clock.advance(LOOK)
        assert sorted(await asyncio.gather(desk.watch.look(), other.look())) == [False, True]
    assert len(asked) == 6
    assert not await other.selling()


async def test_probes_that_hang_or_burst_are_failures(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PROBE_SECONDS", 0.01)

    async def hangs() -> str:
        await asyncio.Event().wait()
        return "ok"

    async def bursts() -> str:
        raise RuntimeError("no")

    async def refuses() -> str:
        raise NotReady("pms_unreachable")

    desk.watch.probes = {"pms": hangs, "disk": bursts, "speech": refuses}
    await desk.looks(3)
    parts = {entry["name"]: (entry["state"], entry["reason"]) for entry in (await desk.mode())["parts"]}
    assert parts == {
        "pms": ("down", "slow"), "disk": ("down", "failed"), "speech": ("down", "pms_unreachable"),
    }  # fmt: skip


async def test_work_that_was_given_up_is_told_once(desk: Desk) -> None:
    async def fails(_job: object) -> None:
        raise Invalid("broken")

    desk.work.handle("test.fails", fails)
    await desk.looks(1)
    async with desk.db.write() as tx:
        await desk.work.promise(tx, "test.fails", key="a")
    desk.clock.advance(timedelta(seconds=1))
    await desk.work.drain()
    await desk.looks(4)
    alerts = await desk.open()
    assert [(item["kind"], item["subject"], item["count"]) for item in alerts] == [("parked_job", "test.fails", 1)]
    assert (await desk.mode())["mode"] == "normal"


async def test_an_outage_survives_a_restart(desk: Desk, live: Live, ids: CountingIds) -> None:
    desk.seen["pms"] = "slow"
    await desk.looks(3)
    people = People(desk.db, desk.clock, ids)
    later = Watch(desk.db, live, desk.work, people, desk.alerts, desk.clock, Texts("es"))
    assert not await later.selling()
    assert rules.part_news(part("pms")).severity is rules.Severity.CRITICAL
