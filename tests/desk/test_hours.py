"""Working hours and the clocks that run in them: nights, holidays, days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from relevo.desk.clocks import Kind, State, Targets, Times, read, worst
from relevo.desk.hours import Schedule, Window, after_working, check_windows, is_open, opens_at, working_seconds
from relevo.kit.errors import Invalid

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
MADRID = ZoneInfo("Europe/Madrid")
WEEK = tuple(Window(day, 9 * 60, 18 * 60) for day in range(5))
OFFICE = Schedule(BUENOS_AIRES, WEEK, country="AR")
HOUR = 3_600


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, zone: ZoneInfo = BUENOS_AIRES) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def test_nights_weekends_and_holidays_are_closed() -> None:
    assert is_open(OFFICE, at(20, 9))
    assert not is_open(OFFICE, at(20, 18))
    assert not is_open(OFFICE, at(21, 12))
    # The sovereignty day of 2026 is kept on Monday 23 November.
    assert opens_at(OFFICE, at(20, 18)) == at(24, 9)
    assert opens_at(OFFICE, at(24, 12)) == at(24, 12)
    assert opens_at(Schedule(BUENOS_AIRES, WEEK, closures=frozenset({date(2026, 11, 24)})), at(23, 18)) == at(25, 9)


def test_without_hours_it_is_always_open_and_with_none_never() -> None:
    assert is_open(Schedule(BUENOS_AIRES), at(25, 3, month=12))
    assert opens_at(Schedule(BUENOS_AIRES, ()), at(20, 9)) is None
    assert after_working(Schedule(BUENOS_AIRES, ()), at(20, 9), 60) is None


def test_working_time_over_a_weekend() -> None:
    assert working_seconds(OFFICE, at(20, 17), at(24, 10)) == 2 * HOUR
    assert after_working(OFFICE, at(20, 17), 2 * HOUR) == at(24, 10)
    assert after_working(OFFICE, at(21, 12), HOUR) == at(24, 10)


def test_a_window_over_midnight_and_two_that_overlap() -> None:
    bar = Schedule(BUENOS_AIRES, (Window(4, 20 * 60, 2 * 60), Window(4, 22 * 60, 23 * 60)))
    assert is_open(bar, at(21, 1))
    assert working_seconds(bar, at(20, 0), at(22, 0)) == 6 * HOUR
    assert opens_at(bar, at(21, 2)) == at(27, 20)


def test_the_day_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    always = Schedule(MADRID, tuple(Window(day, 0, 24 * 60) for day in range(7)))
    spring, autumn = at(29, 0, month=3, zone=MADRID), at(25, 0, month=10, zone=MADRID)
    assert working_seconds(always, spring, at(30, 0, month=3, zone=MADRID)) == 23 * HOUR
    assert working_seconds(always, autumn, at(26, 0, month=10, zone=MADRID)) == 25 * HOUR


@pytest.mark.parametrize("seed", range(30))
def test_what_is_due_after_so_much_working_time_is_so_much_working_time_away(seed: int) -> None:
    random = Random(seed)
    windows = tuple(
        Window(random.randrange(7), random.randrange(0, 1_440), random.randrange(1, 1_441)) for _ in range(4)
    )
    windows = tuple(each for each in windows if each.opens != each.closes)
    schedule = Schedule(random.choice([BUENOS_AIRES, MADRID]), windows, country=random.choice([None, "AR", "ES"]))
    since = datetime(2026, random.randint(1, 12), random.randint(1, 28), random.randrange(24), tzinfo=UTC)
    seconds = random.randrange(1, 200_000)
    due = after_working(schedule, since, seconds)
    assert due is not None
    assert working_seconds(schedule, since, due) == pytest.approx(seconds)
    middle = since + (due - since) / 3
    assert working_seconds(schedule, since, middle) + working_seconds(schedule, middle, due) == pytest.approx(seconds)


@pytest.mark.parametrize("window", [Window(7, 0, 60), Window(0, 60, 60), Window(0, -1, 60), Window(0, 0, 1_441)])
def test_hours_that_are_none_are_refused(window: Window) -> None:
    with pytest.raises(Invalid, match="bad_hours"):
        check_windows((window,))


def test_a_first_reply_runs_in_working_time_and_is_kept_or_broken() -> None:
    promised = Targets(first=HOUR)
    friday = at(20, 17, 30)
    (clock,) = read(OFFICE, promised, Times(friday), at(20, 17, 40))
    assert (clock.kind, clock.state, clock.left, clock.due_at) == (Kind.FIRST, State.RUNNING, 3_000, at(24, 9, 30))
    assert read(OFFICE, promised, Times(friday), at(22, 12))[0].state is State.PAUSED
    assert read(OFFICE, promised, Times(friday), at(24, 9, 20))[0].state is State.AT_RISK
    assert read(OFFICE, promised, Times(friday), at(24, 9, 31))[0].state is State.BROKEN
    answered = Times(friday, first_reply_at=at(24, 9, 15))
    assert read(OFFICE, promised, answered, at(25, 9))[0].state is State.MET
    late = Times(friday, first_reply_at=at(24, 9, 45))
    assert (read(OFFICE, promised, late, at(25, 9))[0].state, read(OFFICE, promised, late, at(25, 9))[0].left) == (
        State.BROKEN, -900,
    )  # fmt: skip


def test_the_next_reply_begins_with_what_is_unanswered() -> None:
    promised, since = Targets(next=600, resolution=HOUR), at(20, 10)
    quiet = Times(since, first_reply_at=at(20, 10, 5))
    assert [each.kind for each in read(OFFICE, promised, quiet, at(20, 10, 30))] == [Kind.RESOLUTION]
    asks = Times(since, at(20, 10, 5), unanswered_since=at(20, 10, 10))
    following, whole = read(OFFICE, promised, asks, at(20, 10, 15))
    assert (following.left, whole.left) == (300, 2_700)
    shown = worst(read(OFFICE, promised, asks, at(20, 10, 18)))
    assert shown is not None
    assert (shown.kind, shown.state) == (Kind.NEXT, State.AT_RISK)
    over = Times(since, at(20, 10, 5), ended_at=at(20, 10, 50))
    assert [each.state for each in read(OFFICE, promised, over, at(20, 10) + timedelta(days=9))] == [State.MET]


def test_what_ends_in_time_without_a_reply_is_no_promise_kept() -> None:
    since = at(20, 10)
    assert read(OFFICE, Targets(first=600), Times(since, ended_at=at(20, 10, 5)), at(20, 11)) == ()
    (late,) = read(OFFICE, Targets(first=600), Times(since, ended_at=at(20, 10, 15)), at(20, 11))
    assert late.state is State.BROKEN
