"""Presence on a real database: one line per agent whatever happens at once, calls, the watch, corrections."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import relevo.conversations.models  # noqa: F401 - tables of the desk refer to it
from relevo.desk import shifts
from relevo.desk.attendance import STILL_THERE, Attendance
from relevo.desk.events import PresenceChanged
from relevo.desk.presence import WRAP_UP, Presence
from relevo.desk.presence_models import PresenceCallRow, PresenceChangeRow, PresenceRow
from relevo.desk.shifts import State, StateNow
from relevo.desk.timesheets import Timesheets
from relevo.kit import audit
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.events import Events
from relevo.kit.forgetting import Held
from relevo.kit.ids import CountingIds
from relevo.kit.live import EventRow, Live
from relevo.kit.work import Work
from relevo.people import account_store
from relevo.people.rules import Role, Session, Staff
from relevo.people.service import People
from relevo.texts import Texts
from tests.desk.conftest import Desk

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class SixtySeconds:
    async def wrap_up_seconds(self, _session: Any, conversation_id: str) -> int:
        return 0 if conversation_id == "cnv_quick" else 60


@dataclass
class Floor:
    desk: Desk
    people: People
    presence: Presence
    attendance: Attendance
    timesheets: Timesheets
    ana: Staff
    luz: Staff
    changed: list[PresenceChanged]

    async def now(self, member: Staff | None = None) -> str:
        async with self.desk.db.read() as session:
            return (await self.presence.state(session, (member or self.ana).id)).state.value

    async def holds(self, conversation_id: str, staff_id: str | None) -> None:
        async with self.desk.db.write() as tx:
            await self.presence.holds_call(tx, conversation_id, staff_id)

    async def over(self, conversation_id: str) -> None:
        async with self.desk.db.write() as tx:
            await self.presence.call_over(tx, conversation_id)

    async def line(self, member: Staff | None = None) -> list[tuple[str, int]]:
        """(state, seconds since twelve) of their changes."""
        async with self.desk.db.read() as session:
            query = select(PresenceChangeRow).where(PresenceChangeRow.staff_id == (member or self.ana).id)
            rows = (await session.execute(query.order_by(PresenceChangeRow.version, PresenceChangeRow.step))).scalars()
            return [(row.state, int((row.at - NOW).total_seconds())) for row in rows]

    async def day(self, day: date | None = None) -> dict[str, Any]:
        async with self.desk.db.read() as session:
            return await self.timesheets.day_json(session, self.ana.id, day)

    def later(self, seconds: float) -> None:
        self.desk.clock.advance(timedelta(seconds=seconds))


@pytest.fixture
async def floor(
    desk: Desk, db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, events: Events
) -> Floor:
    people = People(db, clock, ids)
    presence = Presence(
        db, live, work, people, clock, Texts("es"), wrap_ups=SixtySeconds(), reasons=("meal", "break")
    )  # fmt: skip
    attendance = Attendance(db, people, presence, desk.alerts, clock)
    timesheets = Timesheets(db, people, presence, clock, MADRID)
    ana, luz = (Staff(ids.new("stf"), f"{name}@x.com", name.title(), Role.AGENT) for name in ("ana", "luz"))
    async with db.write() as tx:
        for member in (ana, luz):
            await account_store.put_staff(tx.session, member, clock.now())
            session = Session(None, member.id, 1, clock.now(), clock.now() + timedelta(hours=12))
            await account_store.add_session(tx.session, f"token {member.id}", session)
    work.handle(WRAP_UP, presence.wrap_up_job)
    floor = Floor(desk, people, presence, attendance, timesheets, ana, luz, [])

    async def note(_tx: Tx, event: PresenceChanged) -> None:
        floor.changed.append(event)

    events.on_within(PresenceChanged, note)
    events.on_within(PresenceChanged, attendance.on_presence)
    return floor


async def test_a_call_and_the_time_after_it(floor: Floor) -> None:
    mine = await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    assert (mine["state"], mine["may_be_rung"], mine["version"]) == ("available", True, 1)
    floor.later(10)
    await floor.holds("cnv_1", floor.ana.id)
    floor.later(90)
    mine = await floor.presence.declare(floor.ana, State.PAUSE, "meal")
    assert (mine["state"], mine["next"]["state"], mine["next"]["reason_name"]) == ("on_call", "pause", "Comida")
    await floor.over("cnv_1")
    assert await floor.now() == "wrap_up"
    floor.later(59)
    await floor.desk.work.drain()
    assert await floor.now() == "wrap_up"
    floor.later(30)
    await floor.desk.work.drain()
    assert await floor.line() == [("available", 0), ("on_call", 10), ("wrap_up", 100), ("pause", 160)]
    assert [(event.before.value, event.state.value) for event in floor.changed] == [
        ("offline", "available"), ("available", "on_call"), ("on_call", "wrap_up"), ("wrap_up", "pause"),
    ]  # fmt: skip
    board = await floor.desk.announced("presence")
    assert [each["state"] for each in board] == ["available", "on_call", "wrap_up", "pause"]
    assert all("reason" not in each for each in board)


async def test_more_time_after_a_call_and_less(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    await floor.holds("cnv_1", floor.ana.id)
    await floor.over("cnv_1")
    assert (await floor.presence.extend(floor.ana, 120))["until"] == "2026-11-21T12:03:00.000Z"
    floor.later(61)
    await floor.desk.work.drain()
    assert await floor.now() == "wrap_up"
    floor.later(20)
    assert (await floor.presence.end_wrap_up(floor.ana))["state"] == "available"
    floor.later(300)
    await floor.desk.work.drain()
    assert await floor.line() == [("available", 0), ("on_call", 0), ("wrap_up", 0), ("available", 81)]
    with pytest.raises(Conflict):
        await floor.presence.end_wrap_up(floor.ana)


async def test_a_wrap_up_that_nobody_saw_end_ended_on_time(floor: Floor) -> None:
    """The process that had the timer was down: the next call finds the wrap-up over."""
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    await floor.holds("cnv_1", floor.ana.id)
    await floor.over("cnv_1")
    floor.later(200)
    assert await floor.now() == "available"
    await floor.holds("cnv_2", floor.ana.id)
    assert (await floor.line())[-2:] == [("available", 60), ("on_call", 200)]


async def test_two_calls_at_once_are_one_state_and_a_transfer_moves_it(floor: Floor) -> None:
    for member in (floor.ana, floor.luz):
        await floor.presence.declare(member, State.AVAILABLE, None)
    await floor.holds("cnv_1", floor.ana.id)
    await floor.holds("cnv_2", floor.ana.id)
    await floor.over("cnv_1")
    assert await floor.now() == "on_call"
    async with floor.desk.db.write() as tx:
        await floor.presence.sits_in(tx, floor.luz.id, "cnv_2")
    assert await floor.now(floor.luz) == "on_call"
    await floor.holds("cnv_2", floor.luz.id)
    assert (await floor.now(), await floor.now(floor.luz)) == ("wrap_up", "on_call")
    async with floor.desk.db.write() as tx:
        await floor.presence.sits_in(tx, floor.luz.id, None)
    await floor.over("cnv_2")
    await floor.over("cnv_2")
    assert await floor.now(floor.luz) == "wrap_up"
    async with floor.desk.db.read() as session:
        rows = (await session.execute(select(PresenceCallRow))).scalars().all()
        assert all(row.left_at is not None for row in rows)


async def test_a_queue_without_time_after_calls(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    await floor.holds("cnv_quick", floor.ana.id)
    floor.later(5)
    await floor.over("cnv_quick")
    assert await floor.now() == "available"


async def test_two_tabs_cannot_fork_the_line(floor: Floor) -> None:
    async def tab(state: State, reason: str | None) -> bool:
        try:
            await floor.presence.declare(floor.ana, state, reason, version=0)
        except Conflict:
            return False
        return True

    wishes = [(State.AVAILABLE, None), (State.PAUSE, "meal"), (State.TRAINING, None)] * 3
    assert sum(await asyncio.gather(*(tab(*wish) for wish in wishes))) == 1
    assert len(await floor.line()) == 1
    # Without a version the last word counts; still one line.
    await asyncio.gather(*(floor.presence.declare(floor.ana, *wish) for wish in wishes))
    async with floor.desk.db.read() as session:
        rows = (await session.execute(select(PresenceChangeRow).order_by(PresenceChangeRow.version))).scalars().all()
        assert [row.before for row in rows[1:]] == [row.state for row in rows[:-1]]
        now = (await session.execute(select(PresenceRow))).scalar_one()
        assert (now.state, now.since) == (rows[-1].state, rows[-1].at)


async def test_a_crash_leaves_either_all_or_nothing(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    floor.later(10)

    async def dies() -> None:
        async with floor.desk.db.write() as tx:
            await floor.presence.holds_call(tx, "cnv_1", floor.ana.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await dies()
    assert (await floor.now(), await floor.line()) == ("available", [("available", 0)])
    # The event was never published either: what counts is that nobody was told of it over the live feed.
    assert [each["state"] for each in await floor.desk.announced("presence")] == ["available"]


async def test_signed_out_or_switched_off_is_offline(floor: Floor) -> None:
    for member in (floor.ana, floor.luz):
        await floor.presence.declare(member, State.AVAILABLE, None)
    await floor.attendance.sweep()
    assert await floor.now() == "available"
    await floor.holds("cnv_1", floor.luz.id)
    await floor.people.sign_out(f"{floor.ana.id}")
    async with floor.desk.db.write() as tx:
        await account_store.end_session(tx.session, f"token {floor.ana.id}")
        off = Staff(floor.luz.id, floor.luz.email, floor.luz.name, Role.AGENT, active=False)
        await account_store.put_staff(tx.session, off, NOW)
    floor.later(15)
    await floor.attendance.sweep()
    await floor.attendance.sweep()
    assert (await floor.now(), await floor.now(floor.luz)) == ("offline", "on_call")
    floor.later(5)
    await floor.over("cnv_1")
    assert await floor.line(floor.luz) == [("available", 0), ("on_call", 0), ("offline", 20)]
    assert await floor.line() == [("available", 0), ("offline", 15)]


async def test_a_forgotten_state_is_asked_about_and_nothing_is_assumed(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    floor.later(4 * 3_600 - 1)
    await floor.attendance.sweep()
    assert await floor.desk.open() == []
    floor.later(1)
    await floor.attendance.sweep()
    floor.later(3_600)
    await floor.attendance.sweep()
    (alert,) = await floor.desk.open()
    assert (alert["kind"], alert["subject"], alert["title"]) == (STILL_THERE, floor.ana.id, "¿Ana sigue ahí?")
    assert await floor.now() == "available"
    async with floor.desk.db.read() as session:
        assert (await floor.presence.json(session, floor.ana))["asked_at"] is not None
    answer = await floor.presence.here(floor.ana)
    await floor.attendance.answered(floor.ana.id)
    assert (answer["asked_at"], await floor.desk.open()) == (None, [])


async def test_whoever_does_something_is_there(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    floor.later(3 * 3_600)
    floor.attendance.acted(floor.ana.id)
    floor.later(3 * 3_600)
    await floor.attendance.sweep()
    assert await floor.desk.open() == []
    floor.later(2 * 3_600)
    await floor.attendance.sweep()
    assert len(await floor.desk.open()) == 1
    floor.later(60)
    floor.attendance.acted(floor.ana.id)
    await floor.attendance.sweep()
    assert await floor.desk.open() == []


async def test_offline_after_no_answer_where_the_house_wants_it(floor: Floor) -> None:
    floor.attendance.offline_after = timedelta(minutes=10)
    await floor.presence.declare(floor.ana, State.PAUSE, "meal")
    floor.later(4 * 3_600)
    await floor.attendance.sweep()
    floor.later(599)
    await floor.attendance.sweep()
    assert await floor.now() == "pause"
    floor.later(1)
    await floor.attendance.sweep()
    assert (await floor.now(), await floor.desk.open()) == ("offline", [])


async def test_a_supervisor_changes_a_state_and_says_why(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    with pytest.raises(Invalid):
        await floor.presence.change(floor.ana.id, State.OFFLINE, None, note="  ", by=floor.desk.marta)
    with pytest.raises(NotFound):
        await floor.presence.change("stf_x", State.OFFLINE, None, note="x", by=floor.desk.marta)
    changed = await floor.presence.change(floor.ana.id, State.OFFLINE, None, note="se fue", by=floor.desk.marta)
    assert changed["state"] == "offline"
    last = (await floor.day())["changes"][-1]
    assert (last["why"], last["by"], last["note"]) == (
        "supervisor", {"id": floor.desk.marta.id, "name": "Marta"}, "se fue",
    )  # fmt: skip
    (deed,) = await audit.deeds(floor.desk.db, what="state_changed")
    assert (deed["subject"], deed["by"]) == (floor.ana.id, floor.desk.marta.id)


async def test_who_may_be_rung(floor: Floor) -> None:
    both = [floor.ana.id, floor.luz.id]

    async def rung() -> list[str]:
        async with floor.desk.db.read() as session:
            in_use, states = await floor.presence.in_use(session), await floor.presence.states(session)
            return [who for who in both if shifts.may_be_rung(states.get(who, StateNow()), in_use=in_use)]

    assert await rung() == both
    assert floor.presence.may_ring(floor.luz.id)
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    assert await rung() == [floor.ana.id]
    assert not floor.presence.may_ring(floor.luz.id)
    await floor.holds("cnv_1", floor.ana.id)
    assert (await rung(), floor.presence.may_ring(floor.ana.id)) == ([], False)
    assert floor.presence.takes_calls(floor.ana.id)
    assert not floor.presence.takes_calls(floor.luz.id)
    # A house that gave it up rings everybody again.
    floor.later(timedelta(days=15).total_seconds())
    assert await rung() == both
    await floor.presence.look()
    assert floor.presence.may_ring(floor.luz.id)


async def test_taking_a_call_declares_nothing(floor: Floor) -> None:
    """Where nobody uses states all stays as it was, and the time in calls is counted all the same."""
    await floor.holds("cnv_1", floor.ana.id)
    floor.later(30)
    await floor.over("cnv_1")
    async with floor.desk.db.read() as session:
        assert not await floor.presence.in_use(session)
    day = await floor.day()
    assert (day["totals"]["on_call"], day["totals"]["wrap_up"], day["attended"], day["mean_talk"]) == (30, 0, 1, 30)


async def test_a_correction_lies_above_what_was_recorded(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    floor.later(3_600)
    start, end = NOW + timedelta(seconds=600), NOW + timedelta(seconds=1_200.7)
    day = await floor.timesheets.correct(
        floor.ana.id, start, end, State.PAUSE, "meal", note="olvidó marcarla", by=floor.desk.marta
    )
    assert (day["totals"]["pause"], day["totals"]["available"]) == (600, 3_000)
    assert day["pauses"] == {"meal": 600}
    assert [change["state"] for change in day["changes"]] == ["available"]
    (shown,) = day["corrections"]
    assert (shown["note"], shown["by"]["name"]) == ("olvidó marcarla", "Marta")
    assert [(piece["state"], piece["seconds"]) for piece in shown["recorded"]] == [("available", 600)]
    for bad in ((end, start), (start, NOW + timedelta(hours=2)), (NOW - timedelta(days=40), end)):
        with pytest.raises(Invalid):
            await floor.timesheets.correct(
                floor.ana.id, *bad, State.OFFLINE, None, note="x", by=floor.desk.marta
            )  # fmt: skip
    assert len(await audit.deeds(floor.desk.db, what="time_corrected")) == 1


async def test_days_and_totals_by_the_clock_of_each_one(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    await floor.timesheets.place(floor.ana.id, "America/Santiago")
    with pytest.raises(Invalid):
        await floor.timesheets.place(floor.ana.id, "Marte/Olympus")
    floor.later(20 * 3_600)
    # Twelve in UTC is nine in Santiago: fifteen hours until midnight.
    assert (await floor.day(date(2026, 11, 21)))["totals"]["available"] == 15 * 3_600
    assert (await floor.day())["day"] == "2026-11-22"
    async with floor.desk.db.read() as session:
        whole = await floor.timesheets.totals_json(session, date(2026, 11, 21), date(2026, 11, 22))
        nameless = await floor.timesheets.totals_json(session, date(2026, 11, 21), date(2026, 11, 22), named=False)
        with pytest.raises(Invalid):
            await floor.timesheets.totals_json(session, date(2026, 11, 22), date(2026, 11, 21))
    assert whole["totals"]["available"] == 20 * 3_600
    assert {each["name"] for each in whole["items"]} == {"Ana", "Luz", "Marta"}
    assert nameless["items"] == []
    assert nameless["totals"] == whole["totals"]


async def test_what_is_past_its_time_goes_and_the_state_at_that_time_stays_known(floor: Floor) -> None:
    async def nobody(*_: Any) -> frozenset[str]:
        return frozenset()

    held: Held = nobody
    await floor.presence.declare(floor.ana, State.AVAILABLE, None)
    floor.later(60)
    await floor.presence.declare(floor.ana, State.PAUSE, "meal")
    floor.later(86_400 * 3)
    before = floor.desk.clock.now() - timedelta(days=1)
    assert await floor.timesheets.forget(before, held=held, rule="keep_shifts=1", at=floor.desk.clock.now()) == 1
    assert await floor.line() == [("pause", 60)]
    assert (await floor.day(date(2026, 11, 23)))["totals"]["pause"] == 86_400


async def test_a_shift_is_announced_to_its_owner_only(floor: Floor) -> None:
    await floor.presence.declare(floor.ana, State.PAUSE, "meal")
    async with floor.desk.db.read() as session:
        topics = (await session.execute(select(EventRow.topic).order_by(EventRow.topic))).scalars().all()
    assert topics == ["presence", f"shift:{floor.ana.id}"]
