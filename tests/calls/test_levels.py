"""Headsets that sound as if they had been on the line all along."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from relevo.calls.media.levels import FLOOR_DB, Levels, active_level, comfort, fade, mix
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

from .voices import frames, hiss, level, steepest, talk

AFTER = 300 * LINE_RATE // 1_000
WINDOW = LINE_RATE * 3 // 2


def through(levels: Levels, row: int, pcm: Pcm) -> Pcm:
    return np.concatenate([levels.match([row], frame[None])[0] for frame in frames(pcm)])


@pytest.mark.parametrize(
    ("said_db", "seed"), [(-40, 0), (-40, 1), (-33, 2), (-26, 3), (-20, 0), (-14, 1), (-10, 2), (-10, 3)]
)
def test_after_300_ms_of_speech_a_new_headset_is_as_loud_as_the_bot(said_db: float, seed: int) -> None:
    levels = Levels(target_db=-20.0)
    heard = through(levels, levels.open(), talk(5, seed=seed, level_db=said_db, room_db=said_db - 35))
    for begin in range(AFTER, len(heard) - WINDOW, WINDOW):
        assert active_level(heard[begin : begin + WINDOW]) == pytest.approx(-20, abs=1.5)


@pytest.mark.parametrize("said_db", [-40, -25, -10])
def test_a_known_headset_is_right_from_the_first_word_of_a_call(said_db: float) -> None:
    levels = Levels(target_db=-22.0)
    row = levels.open()
    through(levels, row, talk(3, seed=1, level_db=said_db))
    through(levels, row, np.zeros(LINE_RATE * 30, np.int16))
    heard = through(levels, row, talk(1.5, seed=2, level_db=said_db))
    assert active_level(heard) == pytest.approx(-22, abs=1.5)


def test_gain_has_bounds() -> None:
    levels = Levels(target_db=-22.0)
    loud, soft = levels.open(), levels.open()
    at = np.arange(2 * LINE_RATE) / LINE_RATE
    through(levels, loud, (32_000 * np.sin(2 * np.pi * 600 * at)).astype(np.int16))
    through(levels, soft, talk(2, level_db=-50))
    assert levels.gain_db(loud) == pytest.approx(-12, abs=0.1)
    assert levels.gain_db(soft) == pytest.approx(24, abs=0.1)


@pytest.mark.parametrize("room_db", [None, -80, -65, -50, -42])
def test_the_background_is_the_lines_own_whatever_the_room(room_db: float | None) -> None:
    levels = Levels()
    row = levels.open()
    through(levels, row, hiss(12 * LINE_RATE, room_db))
    through(levels, row, talk(3, level_db=-22, room_db=room_db))
    quiet = through(levels, row, hiss(2 * LINE_RATE, room_db, 5))[LINE_RATE:]
    assert level(quiet) == pytest.approx(level(comfort(LINE_RATE)), abs=3)
    assert level(comfort(LINE_RATE)) == pytest.approx(FLOOR_DB, abs=0.5)


def test_takeover_from_the_bot_has_no_step_in_loudness_or_background_and_no_click() -> None:
    levels = Levels(target_db=-20.0)
    row = levels.open()
    through(levels, row, talk(2, seed=8, level_db=-36, room_db=-58))
    bot = mix([talk(3, seed=3, level_db=-20), comfort(3 * LINE_RATE)])
    agent = through(levels, row, talk(3, seed=4, level_db=-36, room_db=-58))
    agent[:FRAME_SAMPLES] = fade(agent[:FRAME_SAMPLES])
    bot[-FRAME_SAMPLES:] = fade(bot[-FRAME_SAMPLES:], out=True)
    heard = np.concatenate((bot, agent))
    assert abs(active_level(agent) - active_level(bot)) <= 1.5
    around = heard[len(bot) - 400 : len(bot) + 400]
    assert steepest(around) <= max(steepest(bot), steepest(agent))


def test_speech_is_never_clipped_even_when_somebody_shouts_into_a_high_gain() -> None:
    levels = Levels()
    row = levels.open()
    through(levels, row, talk(3, level_db=-42))
    assert levels.gain_db(row) > 15
    shout = through(levels, row, talk(2, seed=2, level_db=-8))
    assert np.abs(shout.astype(int)).max() < 32_600
    assert active_level(shout[AFTER * 2 :]) < -12


def test_low_rumble_is_taken_away_and_a_voices_band_stays() -> None:
    at = np.arange(LINE_RATE * 2) / LINE_RATE
    hum, voice = (3_000 * np.sin(2 * np.pi * hz * at).astype(np.float32) for hz in (50, 1_000))
    heard = through(levels := Levels(), levels.open(), (hum + voice).astype(np.int16))[LINE_RATE:]
    spectrum = 20 * np.log10(np.abs(np.fft.rfft(heard * np.hanning(len(heard)))))
    assert spectrum[1_000] - spectrum[50] == pytest.approx(24, abs=3)


def test_what_sounds_without_a_pause_is_no_room_when_it_is_as_loud_as_a_voice() -> None:
    levels = Levels()
    row = levels.open()
    at = np.arange(LINE_RATE * 60) / LINE_RATE
    heard = through(levels, row, (4_000 * np.sin(2 * np.pi * 800 * at)).astype(np.int16))
    assert level(heard[-LINE_RATE:]) == pytest.approx(-20, abs=1)


def test_silence_teaches_nothing() -> None:
    levels = Levels()
    row = levels.open()
    through(levels, row, talk(3, level_db=-30))
    known = levels.gain_db(row)
    through(levels, row, np.zeros(LINE_RATE * 10, np.int16))
    assert levels.gain_db(row) == known


def test_headsets_do_not_hear_each_other_and_a_row_is_new_for_the_next() -> None:
    levels, alone = Levels(seed=3), Levels(seed=3)
    rows = [levels.open() for _ in range(20)]
    one = alone.open()
    voices = [frames(talk(1.0, seed=seed, level_db=-12 - seed)) for seed in range(20)]
    for tick in range(50):
        together = levels.match(rows, np.stack([voice[tick] for voice in voices]))
        single = alone.match([one], voices[rows.index(one)][tick][None])[0]
        assert np.abs(together[rows.index(one)].astype(int) - single).max() <= 1
    levels.close(rows[7])
    again = levels.open()
    assert again == rows[7]
    assert levels.gain_db(again) == 0
    assert np.isnan(levels.room_db(again))


def test_no_headsets_no_sound() -> None:
    assert Levels().match([], np.zeros((0, FRAME_SAMPLES), np.int16)).shape == (0, FRAME_SAMPLES)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.int16, (12, FRAME_SAMPLES), elements=st.integers(-32_768, 32_767)))
def test_whatever_comes_in_what_goes_out_is_sound(given_frames: Pcm) -> None:
    levels = Levels()
    row = levels.open()
    out = np.concatenate([levels.match([row], frame[None])[0] for frame in given_frames])
    assert out.dtype == np.int16
    assert np.abs(out.astype(int)).max() < 32_767


def test_a_mix_of_many_loud_voices_bends_and_a_single_soft_one_is_untouched() -> None:
    soft = talk(0.5, level_db=-30)
    assert np.abs(mix([soft]).astype(int) - soft).max() <= 1
    loud = mix([talk(0.5, seed=seed, level_db=-9) for seed in range(6)])
    assert np.abs(loud.astype(int)).max() < 32_600
    many = mix(np.stack([np.stack([soft, soft])] * 3))
    assert many.shape == (3, len(soft))
    assert np.abs(many[0].astype(int) - 2 * soft.astype(int)).max() <= 2


def test_fades_have_equal_power_and_end_in_silence() -> None:
    ones = np.full(FRAME_SAMPLES, 10_000, np.int16)
    rising, falling = fade(ones).astype(float), fade(ones, out=True).astype(float)
    assert np.allclose((rising[:80] ** 2 + falling[:80] ** 2) / 1e8, 1, atol=0.01)
    assert not falling[80:].any()
    assert (rising[80:] == 10_000).all()


def test_active_level_ignores_pauses() -> None:
    voice = talk(3, level_db=-20)
    padded = np.concatenate((np.zeros(LINE_RATE * 5, np.int16), voice, np.zeros(LINE_RATE * 5, np.int16)))
    assert active_level(padded) == pytest.approx(-20, abs=0.2)
    assert active_level(np.zeros(1_000, np.int16)) == -100
    assert active_level(np.zeros(10, np.int16)) == -100


def test_250_headsets_take_a_small_part_of_a_tick() -> None:
    levels = Levels()
    rows = [levels.open() for _ in range(250)]
    voices = frames(talk(10))[:500].reshape(2, 250, FRAME_SAMPLES)
    best = 1.0
    for tick in range(60):
        began = time.perf_counter()
        levels.match(rows, voices[tick % 2])
        best = min(best, time.perf_counter() - began)
    assert best < 0.004
