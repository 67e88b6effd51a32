"""States and what may follow them; the line as pieces of time. Without a database."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.desk import shifts, timeline
from relevo.desk.shifts import Mark, State, StateNow, Step, Why, Wish
from relevo.desk.timeline import Correction, Piece, Point
from relevo.kit.errors import Conflict, Invalid

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REASONS = ("break", "meal")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def working() -> StateNow:
    return shifts.declare(StateNow(), Wish(State.AVAILABLE), at(0)).now


def in_call() -> StateNow:
    return shifts.enter_call(working(), at(10)).now


def test_a_pause_has_a_reason_and_states_of_calls_are_not_declared() -> None:
    assert shifts.checked(State.PAUSE, "meal", REASONS) == Wish(State.PAUSE, "meal")
    assert shifts.checked(State.AVAILABLE, "meal", REASONS) == Wish(State.AVAILABLE)
    for state, reason in ((State.PAUSE, None), (State.PAUSE, "siesta"), (State.ON_CALL, None), (State.WRAP_UP, None)):
        with pytest.raises(Invalid):
            shifts.checked(state, reason, REASONS)


def test_a_call_its_wrap_up_and_back_to_what_one_was() -> None:
    left = shifts.leave_call(in_call(), at(100), wrap_up=60, about="cnv_1")
    assert (left.now.state, left.now.until, left.now.about) == (State.WRAP_UP, at(160), "cnv_1")
    assert shifts.due(left.now, at(159)) == Step(left.now)
    over = shifts.due(left.now, at(500))
    assert over.marks == (Mark(at(160), State.AVAILABLE, State.WRAP_UP, Why.WRAP_UP_OVER),)  # however late it is seen
    assert (over.now.state, over.now.since, over.now.until, over.now.about) == (State.AVAILABLE, at(160), None, None)


def test_what_is_declared_during_a_call_is_next() -> None:
    queued = shifts.declare(in_call(), Wish(State.PAUSE, "meal"), at(20))
    assert queued.marks == ()
    assert (queued.now.state, queued.now.next_state, queued.now.next_reason) == (State.ON_CALL, State.PAUSE, "meal")
    wrap = shifts.leave_call(queued.now, at(30), wrap_up=60, about=None).now
    again = shifts.declare(wrap, Wish(State.TRAINING), at(40)).now
    assert (again.state, again.next_state) == (State.WRAP_UP, State.TRAINING)
    assert shifts.end_wrap_up(again, at(50)).now.state is State.TRAINING
    assert shifts.end_wrap_up(shifts.queue(again, None).now, at(50)).now.state is State.AVAILABLE
    with pytest.raises(Conflict):
        shifts.queue(working(), Wish(State.PAUSE, "meal"))


def test_a_paused_agent_who_takes_a_call_is_paused_again_after_it() -> None:
    paused = shifts.declare(working(), Wish(State.PAUSE, "meal"), at(5)).now
    wrap = shifts.leave_call(shifts.enter_call(paused, at(10)).now, at(20), wrap_up=30, about=None).now
    back = shifts.due(wrap, at(60)).now
    assert (back.state, back.reason, back.since) == (State.PAUSE, "meal", at(50))


def test_whoever_began_no_shift_has_no_wrap_up() -> None:
    call = shifts.enter_call(StateNow(), at(0)).now
    assert shifts.leave_call(call, at(10), wrap_up=60, about=None).now.state is State.OFFLINE
    queued = shifts.declare(call, Wish(State.AVAILABLE), at(5)).now
    assert shifts.leave_call(queued, at(10), wrap_up=60, about=None).now.state is State.WRAP_UP


def test_a_wrap_up_is_extended_up_to_a_limit_and_a_new_call_ends_it() -> None:
    wrap = shifts.leave_call(in_call(), at(100), wrap_up=60, about=None).now
    longer = shifts.extend(wrap, 120, at(110)).now
    assert longer.until == at(280)
    longest = shifts.extend(longer, 3_600, at(110)).now
    assert longest.until == at(100) + shifts.LONGEST_WRAP_UP
    with pytest.raises(Conflict):
        shifts.extend(longest, 60, at(110))
    with pytest.raises(Conflict):
        shifts.extend(working(), 60, at(110))
    assert shifts.enter_call(longer, at(120)).now.state is State.ON_CALL


def test_a_supervisor_ends_a_wrap_up_but_not_a_call() -> None:
    order = Wish(State.OFFLINE, None, "stf_boss", "se fue sin salir")
    queued = shifts.declare(in_call(), order, at(20)).now
    assert queued.state is State.ON_CALL
    wrap = shifts.leave_call(queued, at(30), wrap_up=60, about=None).now
    ended = shifts.due(wrap, at(95))
    assert [(mark.why, mark.by, mark.note) for mark in ended.marks] == [
        (Why.SUPERVISOR, "stf_boss", "se fue sin salir")
    ]
    assert shifts.declare(wrap, order, at(40)).now.state is State.OFFLINE


def test_whoever_signs_out_in_a_call_is_offline_after_it() -> None:
    gone = shifts.gone(in_call(), at(20), Why.SIGNED_OUT)
    assert (gone.now.state, gone.marks) == (State.ON_CALL, ())
    over = shifts.leave_call(gone.now, at(30), wrap_up=60, about=None)
    assert (over.now.state, over.marks[0].why) == (State.OFFLINE, Why.SIGNED_OUT)
    back = shifts.declare(gone.now, Wish(State.AVAILABLE), at(25)).now
    assert shifts.leave_call(back, at(30), wrap_up=60, about=None).now.state is State.WRAP_UP


def test_where_nobody_declares_everybody_may_be_rung() -> None:
    assert shifts.may_be_rung(StateNow(), in_use=False)
    assert not shifts.may_be_rung(StateNow(), in_use=True)
    assert shifts.may_be_rung(working(), in_use=True)
    assert not shifts.may_be_rung(in_call(), in_use=True)


def test_only_a_forgotten_state_is_asked_about() -> None:
    quiet = timedelta(hours=4)
    there = working()
    assert not shifts.still_there(there, at(4 * 3_600 - 1), quiet)
    assert shifts.still_there(there, at(4 * 3_600), quiet)
    assert not shifts.still_there(replace(there, acted_at=at(3_600)), at(4 * 3_600), quiet)
    assert not shifts.still_there(replace(there, asked_at=at(1)), at(9 * 3_600), quiet)
    assert not shifts.still_there(shifts.enter_call(there, at(1)).now, at(9 * 3_600), quiet)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_the_line_has_no_holes_and_no_overlaps(seed: int) -> None:
    dice, now, marks, moment = random.Random(seed), StateNow(), list[Mark](), 0.0
    for _ in range(300):
        # Another process's clock may be behind.
        moment += dice.choice((0, 0.4, 3, 61, 900, -2))
        over = shifts.due(now, at(moment))
        marks += over.marks
        try:
            step = _anything(dice, over.now, at(moment))
        except Conflict:
            step = Step(over.now)
        marks += step.marks
        now = step.now
        assert (now.until is not None) == (now.state is State.WRAP_UP)
        assert now.until is None or now.since is None or now.until - now.since <= shifts.LONGEST_WRAP_UP
    assert [mark.before for mark in marks] == [State.OFFLINE, *(mark.state for mark in marks[:-1])]
    assert [mark.at for mark in marks] == sorted(mark.at for mark in marks)
    assert all(mark.at.microsecond == 0 for mark in marks)
    start, end = at(-100), at(int(moment) + 5_000)
    pieces = timeline.line([Point(mark.at, mark.state, mark.reason) for mark in marks], start, end)
    _tiles(pieces, start, end)
    corrections = [
        Correction(number, at(begin), at(begin + dice.randint(1, 9_000)), dice.choice(list(State)), None, "x", "s", T0)
        for number, begin in enumerate(dice.choices(range(int(moment) + 1), k=6))
    ]
    shown = timeline.corrected(pieces, dice.sample(corrections, 6))
    _tiles(shown, start, end)
    assert sum(timeline.totals(shown).values()) == (end - start).total_seconds()
    cut = start + (end - start) / 3
    cut = cut.replace(microsecond=0)
    halves = [timeline.totals(timeline.clipped(shown, *half)) for half in ((start, cut), (cut, end))]
    assert {state: halves[0][state] + halves[1][state] for state in State} == timeline.totals(shown)


def _anything(dice: random.Random, now: StateNow, moment: datetime) -> Step:
    wish = dice.choice(
        (Wish(State.AVAILABLE), Wish(State.PAUSE, "meal"), Wish(State.PAUSE, "break"), Wish(State.TRAINING),
         Wish(State.OFFLINE), Wish(State.OFFLINE, None, "boss", "x"))
    )  # fmt: skip
    match dice.randrange(8):
        case 0 | 1:
            return shifts.declare(now, wish, moment)
        case 2:
            return shifts.queue(now, dice.choice((None, wish)))
        case 3 | 4:
            return shifts.enter_call(now, moment)
        case 5:
            return shifts.leave_call(now, moment, wrap_up=dice.choice((0, 45, 60, 9_999)), about=None)
        case 6:
            return dice.choice((shifts.end_wrap_up(now, moment), shifts.extend(now, 60, moment)))
        case _:
            return shifts.gone(now, moment, Why.SIGNED_OUT)


def _tiles(pieces: list[Piece], start: datetime, end: datetime) -> None:
    assert pieces[0].start == start
    assert pieces[-1].end == end
    assert all(one.end == other.start for one, other in zip(pieces, pieces[1:], strict=False))
    assert all(piece.start < piece.end for piece in pieces)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Madrid", 23),
        (date(2026, 10, 25), "Europe/Madrid", 25),
        # Clocks change at midnight itself.
        (date(2026, 9, 6), "America/Santiago", 23),
        (date(2026, 4, 4), "America/Santiago", 25),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 11, 21), "America/Argentina/Buenos_Aires", 24),
    ],
)
def test_days_are_as_long_as_the_clock_on_the_wall_says(day: date, zone: str, hours: float) -> None:
    start, end = timeline.day_bounds(day, ZoneInfo(zone))
    assert end - start == timedelta(hours=hours)
    assert start == timeline.day_bounds(day - timedelta(days=1), ZoneInfo(zone))[1]


def test_a_later_correction_lies_above_an_earlier_one() -> None:
    pieces = timeline.line([Point(at(0), State.AVAILABLE)], at(0), at(100))
    first = Correction(1, at(10), at(60), State.PAUSE, "meal", "comida", "boss", T0)
    second = Correction(2, at(50), at(80), State.TRAINING, None, "curso", "boss", T0)
    shown = timeline.corrected(pieces, [second, first])
    assert [(piece.state, piece.seconds, piece.correction) for piece in shown] == [
        (State.AVAILABLE, 10, None), (State.PAUSE, 40, 1), (State.TRAINING, 30, 2), (State.AVAILABLE, 20, None),
    ]  # fmt: skip


def test_occupancy_is_the_share_of_calls_in_the_time_in_which_they_could_come() -> None:
    none = dict.fromkeys(State, 0)
    assert timeline.occupancy(none) is None
    day = none | {State.ON_CALL: 30, State.WRAP_UP: 10, State.AVAILABLE: 40, State.PAUSE: 500}
    assert timeline.occupancy(day) == 0.5
