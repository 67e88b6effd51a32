"""A part goes down quickly and comes back slowly, and one that flickers does not take the house along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relevo.kit.health import OFF, OK, Part, Policy, State, fresh, observe

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
STEP = timedelta(seconds=15)
POLICY = Policy()


def after(readings: list[str], policy: Policy = POLICY) -> list[Part]:
    """The part after each of the readings, one every 15 seconds."""
    part, now, parts = fresh("pms", START), START, []
    for reading in readings:
        now += STEP
        part = observe(part, reading, now, policy)
        parts.append(part)
    return parts


def states(readings: list[str]) -> str:
    """``o`` well, ``s`` shaky, ``d`` down, ``-`` off."""
    return "".join("-" if part.state is State.OFF else part.state.value[0] for part in after(readings))


def test_one_failure_is_not_an_outage() -> None:
    assert states([OK, "slow", OK, "slow", "slow", OK]) == "ososso"


def test_three_in_a_row_are() -> None:
    parts = after([OK, "slow", "slow", "unreachable", "slow"])
    assert [part.state.value for part in parts[2:]] == ["shaky", "down", "down"]
    assert (parts[3].since, parts[3].reason) == (START + 4 * STEP, "unreachable")
    assert parts[4].since == parts[3].since


def test_what_comes_and_goes_is_down_too() -> None:
    assert states(["slow", "slow", OK] * 4).index("d") == 7


def test_it_is_well_again_only_after_two_sound_minutes() -> None:
    sound = ["x", "x", "x"] + [OK] * 20
    parts = after(sound)
    back = next(n for n, part in enumerate(parts[3:], 3) if not part.is_down)
    assert (back - 3) * STEP == POLICY.sound
    assert parts[back].reason is None


def test_a_failure_on_the_way_back_starts_the_wait_anew() -> None:
    parts = after(["x", "x", "x", *[OK] * 8, "x", *[OK] * 20])
    back = next(n for n, part in enumerate(parts[3:], 3) if not part.is_down)
    assert (back - 12) * STEP == POLICY.sound


def test_time_alone_is_not_health() -> None:
    """After a long pause one good reading is not enough."""
    part = after(["x", "x", "x"])[-1]
    late = START + timedelta(hours=3)
    part = observe(part, OK, late, POLICY)
    assert observe(part, OK, late + timedelta(minutes=5), POLICY).is_down


def test_off_is_neither_well_nor_ill() -> None:
    assert states(["x", "x", "x", OFF, OFF, OK]) == "ssd--o"


@given(st.lists(st.sampled_from([OK, "slow", OFF]), max_size=80))
def test_whatever_happens_it_never_leaves_in_a_hurry(readings: list[str]) -> None:
    parts = after(readings)
    for number, (before, now) in enumerate(zip(parts, parts[1:], strict=False), 1):
        assert len(now.readings) <= POLICY.remembered
        if before.is_down and now.state is State.OK:
            assert set(readings[number - POLICY.successes + 1 : number + 1]) == {OK}
        if not before.is_down and now.is_down:
            assert readings[number] != OK


def test_a_part_that_is_well_stays_the_same_value() -> None:
    """Nothing has to be written while nothing happens."""
    parts = after([OK] * 12)
    assert parts[-1] == parts[-2]
