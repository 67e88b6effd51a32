"""A month of fifty agents, with crashes, clocks that change and calls that overlap, adds up to the second.

The truth is painted second by second, by what was done and not by the rules that are tested. Two agents, who work
less, go through the real service: a transaction for each thing they do, and some die half-way. Of the others the rules
decide, and the changes are stored in one go. What is read in the end is read from the real tables.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

import relevo.conversations.models  # noqa: F401 - tables of the desk refer to it
from relevo.desk import shifts, timeline
from relevo.desk.presence import WRAP_UP, Presence
from relevo.desk.presence_models import PresenceChangeRow, PresenceCorrectionRow, PresenceRow
from relevo.desk.shifts import Mark, State, StateNow, Step, Wish
from relevo.desk.timesheets import Timesheets
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work, make_work
from relevo.people import account_store
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.texts import Texts

AGENTS, SERVED = 50, 2
FIRST, LAST = date(2026, 3, 6), date(2026, 4, 6)
"""In these weeks clocks change in New York (8 March), Madrid (29 March) and Santiago (at midnight, 5 April)."""
ZONES = ("America/New_York", "Europe/Madrid", "America/Santiago", "America/Argentina/Cordoba")
DATES = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
START = datetime(2026, 3, 5, tzinfo=UTC)
DAYS = 34
STATES = list(State)
CODE = {state: number for number, state in enumerate(STATES)}


class Crash(Exception):  # noqa: N818 - a process that dies
    pass


class Doing(Protocol):
    async def declare(self, state: State) -> None: ...
    async def enter(self, call: str) -> None: ...
    async def leave(self, call: str) -> None: ...
    async def extend(self, seconds: int) -> None: ...
    async def end_wrap_up(self) -> None: ...


@dataclass
class Served:
    """Somebody whose every act is a transaction of the real service."""

    presence: Presence
    work: Work
    db: Database
    staff: Staff
    dice: random.Random
    clock: FixedClock

    async def declare(self, state: State) -> None:
        reason = "meal" if state is State.PAUSE else None
        await self.presence.declare(self.staff, state, reason)

    async def enter(self, call: str) -> None:
        await self._call(lambda tx: self.presence.holds_call(tx, call, self.staff.id))

    async def leave(self, call: str) -> None:
        await self._call(lambda tx: self.presence.call_over(tx, call))

    async def extend(self, seconds: int) -> None:
        await self.presence.extend(self.staff, seconds)

    async def end_wrap_up(self) -> None:
        await self.presence.end_wrap_up(self.staff)

    async def _call(self, act: Any) -> None:
        if self.dice.random() < 0.15:
            # The process dies before the commit; another one does it again in the same second.
            try:
                async with self.db.write() as tx:
                    await act(tx)
                    raise Crash
            except Crash:
                pass
        async with self.db.write() as tx:
            await act(tx)
        if self.dice.random() < 0.3:
            await self.work.drain()


@dataclass
class Decided:
    """Somebody for whom the rules decide, with what they decided kept to be stored."""

    clock: FixedClock
    now: StateNow = field(default_factory=StateNow)
    marks: list[Mark] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)

    def _do(self, decide: shifts.Decide) -> None:
        at = self.clock.now()
        over = shifts.due(self.now, at)
        step: Step = decide(over.now, at)
        self.now = step.now
        self.marks += [*over.marks, *step.marks]

    async def declare(self, state: State) -> None:
        wish = Wish(state, "meal" if state is State.PAUSE else None)
        self._do(lambda now, at: shifts.declare(now, wish, at))

    async def enter(self, call: str) -> None:
        self.calls.add(call)
        self._do(shifts.enter_call)

    async def leave(self, call: str) -> None:
        self.calls.discard(call)
        if not self.calls:
            self._do(lambda now, at: shifts.leave_call(now, at, wrap_up=60, about=None))

    async def extend(self, seconds: int) -> None:
        self._do(lambda now, at: shifts.extend(now, seconds, at))

    async def end_wrap_up(self) -> None:
        self._do(shifts.end_wrap_up)


class Painter:
    """What really was, second by second."""

    def __init__(self, clock: FixedClock) -> None:
        self.seconds: NDArray[np.int8] = np.full(DAYS * 86_400, CODE[State.OFFLINE], np.int8)
        self.clock = clock

    def at(self) -> int:
        return int((self.clock.now() - START).total_seconds())

    def stays(self, state: State, seconds: float) -> None:
        """From now on for so long; the clock goes along, and may stop between two seconds."""
        begin = self.at()
        self.clock.advance(timedelta(seconds=seconds))
        self.seconds[begin : self.at()] = CODE[state]

    def sums(self, start: datetime, end: datetime) -> dict[State, int]:
        first, last = (int((at - START).total_seconds()) for at in (start, end))
        counted = np.bincount(self.seconds[first:last], minlength=len(STATES))
        return {state: int(counted[CODE[state]]) for state in STATES}


async def lives(
    dice: random.Random, painter: Painter, doing: Doing, zone: ZoneInfo, calls: Iterator[int], *, free: float = 0.25
) -> None:
    """A month of shifts, some over midnight, painted as they happen."""
    for day in DATES[:-1]:
        if dice.random() < free:
            continue
        hour = dice.choice((8, 8, 9, 14, 18, 22))
        begins = datetime(day.year, day.month, day.day, hour, dice.randrange(60), dice.randrange(60), tzinfo=zone)
        wait = (begins.astimezone(UTC) - painter.clock.now()).total_seconds()
        if wait <= 0:
            continue
        painter.stays(State.OFFLINE, wait)
        ends = painter.at() + dice.randint(5, 9) * 3_600
        while painter.at() < ends:
            await _stretch(dice, painter, doing, calls)
        await doing.declare(State.OFFLINE)


async def _stretch(dice: random.Random, painter: Painter, doing: Doing, calls: Iterator[int]) -> None:
    """Some time of one kind, a call and what follows it."""
    own = dice.choice((State.AVAILABLE, State.AVAILABLE, State.AVAILABLE, State.PAUSE, State.TRAINING))
    await doing.declare(own)
    painter.stays(own, dice.uniform(300, 4_500))
    if own is State.TRAINING:
        return
    one, other = f"cnv_{next(calls)}", f"cnv_{next(calls)}"
    await doing.enter(one)
    painter.stays(State.ON_CALL, dice.uniform(5, 900))
    if dice.random() < 0.3:
        await doing.enter(other)
        painter.stays(State.ON_CALL, dice.uniform(5, 300))
        await doing.leave(one)
        painter.stays(State.ON_CALL, dice.uniform(5, 300))
        one = other
    if dice.random() < 0.2:
        # The process that carried it died: until somebody saw that, they were in this call.
        painter.stays(State.ON_CALL, 60)
    following = own
    if dice.random() < 0.3:
        following = dice.choice((State.PAUSE, State.AVAILABLE))
        await doing.declare(following)
    await doing.leave(one)
    match dice.randrange(4):
        case 0:
            painter.stays(State.WRAP_UP, dice.uniform(1, 58))
            await doing.end_wrap_up()
        case 1:
            painter.stays(State.WRAP_UP, 30)
            await doing.extend(90)
            painter.stays(State.WRAP_UP, 120)
        case 2:
            # Rung again before it is over.
            painter.stays(State.WRAP_UP, 20)
            await doing.enter(other + "b")
            painter.stays(State.ON_CALL, dice.uniform(5, 200))
            await doing.leave(other + "b")
            painter.stays(State.WRAP_UP, 60)
        case _:
            painter.stays(State.WRAP_UP, 60)
    painter.stays(following, dice.uniform(1, 900))


async def test_a_month_of_fifty_agents_adds_up_to_the_second(
    db: Database, live: Live, work: Work, ids: CountingIds, clock: FixedClock
) -> None:
    dice, calls = random.Random(7), iter(range(10**9))
    people = People(db, clock, ids)
    members = [
        Staff(f"stf_{number:02}", f"{number}@x.com", f"Agente {number:02}", Role.AGENT) for number in range(AGENTS)
    ]
    zones = {member.id: ZoneInfo(dice.choice(ZONES)) for member in members}
    async with db.write() as tx:
        for member in members:
            await account_store.put_staff(tx.session, member, START)
        states = [
            {"staff_id": member.id, "state": "offline", "base_state": "offline", "gone": False, "version": 0,
             "zone": zones[member.id].key}
            for member in members
        ]  # fmt: skip
        await tx.session.execute(insert(PresenceRow), states)
    truth: dict[str, Painter] = {}
    for number, member in enumerate(members):
        own = FixedClock(START)
        painter = truth[member.id] = Painter(own)
        if number < SERVED:
            working = make_work(db, own, ids)
            presence = Presence(db, live, working, people, own, Texts("es"), reasons=("meal",))
            working.handle(WRAP_UP, presence.wrap_up_job)
            served = Served(presence, working, db, member, dice, own)
            await lives(dice, painter, served, zones[member.id], calls, free=0.88)
            await working.close()
        else:
            decided = Decided(own)
            await lives(dice, painter, decided, zones[member.id], calls)
            await _store(db, member, decided.marks)
    await _correct(db, dice, members, truth)
    clock.advance(START + timedelta(days=DAYS) - clock.now())
    sheets = Timesheets(db, people, Presence(db, live, work, people, clock, Texts("es")), clock, ZoneInfo("UTC"))
    whole = dict.fromkeys(State, 0)
    lengths: set[int] = set()
    async with db.read() as session:
        for member in members:
            zone = zones[member.id]
            days = [(day, timeline.day_bounds(day, zone)) for day in DATES]
            (sheet,) = await sheets.sheets(session, days[0][1][0], days[-1][1][1], [member])
            for _day, (start, end) in days:
                sums = timeline.totals(timeline.clipped(sheet.pieces, start, end))
                assert sums == truth[member.id].sums(start, end)
                assert sum(sums.values()) == (end - start).total_seconds()
                lengths.add(sum(sums.values()) // 3_600)
                whole = {state: whole[state] + sums[state] for state in State}
            if dice.random() < 0.7:
                continue
            day, (start, end) = dice.choice(days)
            shown = await sheets.day_json(session, member.id, day)
            expected = truth[member.id].sums(start, end)
            assert shown["totals"] == {state.value: expected[state] for state in State}
        every = await sheets.totals_json(session, FIRST, LAST)
    assert lengths == {23, 24, 25}
    assert every["totals"] == {state.value: whole[state] for state in State}
    assert all(whole[state] > AGENTS * 3_600 for state in State)


async def _store(db: Database, member: Staff, marks: list[Mark]) -> None:
    rows = [
        {"staff_id": member.id, "version": number + 1, "step": 0, "at": mark.at, "state": mark.state.value,
         "reason": mark.reason, "before": mark.before.value, "why": mark.why.value}
        for number, mark in enumerate(marks)
    ]  # fmt: skip
    async with db.write() as tx:
        await tx.session.execute(insert(PresenceChangeRow), rows)


async def _correct(db: Database, dice: random.Random, members: list[Staff], truth: dict[str, Painter]) -> None:
    """Some of it was not so, says a supervisor; and then not so either."""
    rows = []
    for member in dice.sample(members, 20):
        for _ in range(3):
            begin = dice.randrange(2 * 86_400, 30 * 86_400)
            end = begin + dice.randrange(60, 20_000)
            state = dice.choice(STATES)
            truth[member.id].seconds[begin:end] = CODE[state]
            start_at, end_at = START + timedelta(seconds=begin), START + timedelta(seconds=end)
            rows.append(
                {"staff_id": member.id, "start_at": start_at, "end_at": end_at, "state": state.value, "note": "x",
                 "by": member.id, "at": START}
            )  # fmt: skip
    async with db.write() as tx:
        for row in rows:
            await tx.session.execute(insert(PresenceCorrectionRow).values(row))
