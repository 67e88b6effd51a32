from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from relevo.adapters.speech import gate
from relevo.calls.ports import DETECTOR_WINDOW

Windows = NDArray[np.float32]


def noise(decibels: float, count: int) -> Windows:
    made = np.random.default_rng(3).normal(0, 10 ** (decibels / 20), (count, DETECTOR_WINDOW))
    return made.astype(np.float32)


def silences(windows: Windows) -> list[bool]:
    """One line, window after window."""
    floors = np.full(1, gate.UNKNOWN_FLOOR, np.float32)
    found = []
    for window in windows:
        power = gate.powers(window[None])
        floors = gate.followed(floors, power)
        found.append(bool(gate.silent(floors, power)[0]))
    return found


@pytest.mark.parametrize("level", [-120, -75, -62, -58])
def test_a_quiet_line_is_silence_at_once(level: float) -> None:
    assert all(silences(noise(level, 20)))


@pytest.mark.parametrize("level", [-54, -40, -10])
def test_what_can_be_heard_is_left_to_the_detector(level: float) -> None:
    assert not any(silences(noise(level, 20)))


def test_what_stands_out_of_the_noise_is_left_to_the_detector() -> None:
    found = silences(np.concatenate([noise(-75, 30), noise(-62, 1), noise(-75, 5)]))
    assert found == [True] * 30 + [False] + [True] * 5


def test_a_line_that_becomes_noisier_is_silence_again_after_some_seconds() -> None:
    found = silences(np.concatenate([noise(-75, 30), noise(-60, 150)]))
    assert not any(found[30:60])
    assert all(found[-30:])


@given(st.lists(st.floats(-100, 0), min_size=1, max_size=40))
def test_a_floor_is_never_above_what_was_just_heard(levels: list[float]) -> None:
    floors = np.full(1, gate.UNKNOWN_FLOOR, np.float32)
    for level in levels:
        power = np.array([10 ** (level / 10)], np.float32)
        floors = gate.followed(floors, power)
        assert gate.LEAST_FLOOR <= floors[0] <= max(power[0], gate.LEAST_FLOOR)
