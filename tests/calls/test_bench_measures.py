"""The measuring functions of the benches, on sound and times whose measures are known."""

from __future__ import annotations

import numpy as np
import pytest

from bench import measures, tape
from bench.scripted_speech import chord
from bench.switches import levels_db, switch
from relevo.calls.media import mulaw
from relevo.calls.ports import LINE_RATE, Pcm

OLD, NEW = (500.0, 740.0), (1_100.0, 1_630.0)
SECOND = LINE_RATE


def through_line(*parts: Pcm) -> Pcm:
    return mulaw.decode(mulaw.encode(np.concatenate(parts)))


def nothing(ms: int) -> Pcm:
    return np.zeros(ms * 8, np.int16)


def said(hz: tuple[float, float], ms: int, level_db: float = -20) -> Pcm:
    return chord(hz, ms * 8, level_db=level_db)


def test_late_is_what_comes_after_its_place_on_the_grid_of_the_process() -> None:
    draw = np.random.default_rng(1)
    phase, calls = 7.5, []
    for order in range(40):
        # Served one after the other, up to 8 ms after the beat.
        calls.append(phase + 20.0 * np.arange(50, 450) + 0.2 * order + draw.uniform(0, 0.1, 400))
    calls[3][100] += 30
    found = measures.late_on_grid(calls)
    assert found.frames == 16_000
    assert found.lost == 0
    assert found.percentile(50) == pytest.approx(4, abs=0.4)
    assert found.worst == pytest.approx(30.7, abs=0.3)


def test_a_missing_frame_is_lost_and_all_after_it_are_not_late() -> None:
    times = np.array([3.0 + 20.0 * frame for frame in range(100)], np.float64)
    found = measures.late_on_grid([np.delete(times, 40), times + 0.5])
    assert found.lost == 1


def test_frames_that_open_a_speech_are_early_on_purpose() -> None:
    opening = np.concatenate([np.full(10, 1_000.0), 1_000.0 + 20.0 * np.arange(1, 50)])
    found = measures.late_on_grid([opening, opening + 40.3], skip=10)
    assert found.worst < 1
    assert found.lost == 0


@pytest.mark.parametrize("phase", [0.0, 0.4, 9.9, 19.8])
def test_the_grid_is_found_around_the_circle(phase: float) -> None:
    firsts = (phase + np.linspace(0, 12, 60)) % 20
    assert measures.grid_phase(firsts) == pytest.approx(phase)


def test_an_echo_is_judged_by_its_own_shortest_way() -> None:
    found = measures.above_own_minimum([np.full(200, 5.0), np.append(np.full(199, 80.0), 95.0)], lost=2)
    assert found.percentile(50) == 0
    assert found.worst == 15
    assert (found.frames, found.lost) == (400, 2)


def test_signal_to_noise_and_a_tones_share() -> None:
    noise = np.random.default_rng(2).standard_normal(SECOND) * 50
    pure = 5_000 * np.sin(2 * np.pi * 700 * np.arange(SECOND) / LINE_RATE)
    sound = (pure + noise).astype(np.int16)
    assert measures.signal_to_noise_db(sound, 700) > 30
    assert measures.signal_to_noise_db(sound, 900) < -30
    assert measures.share_of(sound, [700]) == pytest.approx(5_000 / 32_768, rel=0.01)
    assert measures.share_of(sound, [900]) < 0.001


def test_missing_samples_counts_holes_and_a_short_end() -> None:
    sound = said(OLD, 1_000)
    kept = sound.copy()
    kept[1_000:1_160] = 0
    assert 150 < measures.missing_samples(sound, kept) <= 160
    assert measures.missing_samples(sound, sound[:-80]) == 80


def test_the_tape_of_a_call_is_the_same_every_time_and_long_enough() -> None:
    first, again = tape.sent_by(5, 300), tape.sent_by(5, 300)
    assert np.array_equal(first, again)
    assert len(first) == 300 * 160
    assert not np.array_equal(first, tape.sent_by(6, 300))


def test_a_seamless_switch() -> None:
    found = switch(through_line(said(OLD, 1_200), said(NEW, 1_200)), OLD, NEW, old_spoke=True)
    assert found.first == pytest.approx(9_600, abs=80)
    assert (found.silence_ms, found.overlap_ms, found.old_frames_after) == (0, 0, 0)
    assert abs(found.step_db) < 0.3
    assert found.dropout_ms == 0


@pytest.mark.parametrize("gap", [10, 40, 90])
def test_silence_between_the_voices_is_measured_to_a_few_milliseconds(gap: int) -> None:
    found = switch(through_line(said(OLD, 1_200), nothing(gap), said(NEW, 1_200)), OLD, NEW, old_spoke=True)
    assert found.silence_ms == pytest.approx(gap, abs=2)
    assert found.first == pytest.approx(9_600 + gap * 8, abs=16)


def test_overlap_and_old_frames_after_the_switch() -> None:
    old, new = said(OLD, 1_300), said(NEW, 1_200)
    mixed = np.concatenate([old[:9_600], (old[9_600:] + new[:800]).astype(np.int16), new[800:]])
    found = switch(through_line(mixed), OLD, NEW, old_spoke=True)
    assert found.overlap_ms == pytest.approx(100, abs=12)
    assert found.old_frames_after in (4, 5)


def test_a_step_in_loudness_and_a_hole_in_the_new_voice() -> None:
    parts = (said(OLD, 1_200), said(NEW, 400, -23), nothing(60), said(NEW, 800, -23))
    found = switch(through_line(*parts), OLD, NEW, old_spoke=True)
    assert found.step_db == pytest.approx(-3, abs=0.3)
    assert found.dropout_ms == pytest.approx(60, abs=2)


def test_nobody_came() -> None:
    assert switch(through_line(said(OLD, 2_000)), OLD, NEW, old_spoke=True).first is None


def test_voices_are_told_apart_by_their_tones() -> None:
    heard = levels_db(through_line(said(OLD, 200), said(NEW, 200)), (OLD, NEW))
    assert (heard[:60, 0] > -25).all()
    assert (heard[:60, 1] < -38).all()
    assert (heard[-60:, 1] > -25).all()
