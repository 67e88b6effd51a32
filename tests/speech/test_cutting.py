from __future__ import annotations

import numpy as np
import pytest

from relevo.adapters.speech import cutting
from relevo.calls.ports import SPEECH_RATE, Pcm
from tests.speech.conftest import seconds


def voice(length: float, level: float = 3_000, seed: int = 1) -> Pcm:
    """Noise that swells like syllables."""
    at = np.arange(int(length * SPEECH_RATE)) / SPEECH_RATE
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * at)
    return (np.random.default_rng(seed).normal(0, level, len(at)) * swell).clip(-32_768, 32_767).astype(np.int16)


def lengths(pieces: list[Pcm]) -> list[float]:
    return [len(piece) / SPEECH_RATE for piece in pieces]


@pytest.mark.parametrize("silence", [seconds(0), seconds(0.001), seconds(5), np.full(SPEECH_RATE, 20, np.int16)])
def test_nothing_to_hear_is_no_piece(silence: Pcm) -> None:
    assert cutting.cut(silence) == []


def test_what_is_short_stays_whole_without_the_dead_air_around_it() -> None:
    said = voice(3)
    (piece,) = cutting.cut(np.concatenate([seconds(4), said, seconds(6)]))
    assert 3 <= len(piece) / SPEECH_RATE <= 3.5
    assert said.tobytes() in piece.tobytes()


def test_a_long_note_is_cut_in_its_pauses() -> None:
    said = [voice(5, seed=seed) for seed in range(8)]
    pieces = cutting.cut(np.concatenate([part for each in said for part in (each, seconds(1))]))
    assert all(length <= cutting.MOST_SECONDS for length in lengths(pieces))
    assert 2 <= len(pieces) <= 4
    everything = [piece.tobytes() for piece in pieces]
    assert all(any(each.tobytes() in piece for piece in everything) for each in said)


def test_long_pauses_are_shortened_and_short_ones_kept() -> None:
    long = cutting.cut(np.concatenate([voice(2), seconds(9), voice(2, seed=2)]))
    short = cutting.cut(np.concatenate([voice(2), seconds(0.5), voice(2, seed=2)]))
    assert lengths(long) == [pytest.approx(5.2, abs=0.1)]
    assert lengths(short) == [pytest.approx(4.5, abs=0.1)]


def test_who_does_not_breathe_is_cut_where_it_is_quietest() -> None:
    sound = voice(60)
    dip = 20 * SPEECH_RATE
    sound[dip : dip + 640] //= 8
    pieces = cutting.cut(sound)
    assert all(length <= cutting.MOST_SECONDS for length in lengths(pieces))
    assert sum(lengths(pieces)) == pytest.approx(60, abs=0.1)
    assert len(pieces[0]) == pytest.approx(dip, abs=640)


def test_a_noisy_background_is_not_taken_for_pauses_in_speech() -> None:
    said = voice(6) + voice(6, level=900, seed=5)
    assert sum(lengths(cutting.cut(said))) == pytest.approx(6, abs=0.1)


def test_a_whisper_is_heard_beside_silence() -> None:
    (piece,) = cutting.cut(np.concatenate([seconds(2), voice(2, level=80), seconds(2)]))
    assert len(piece) / SPEECH_RATE == pytest.approx(2.4, abs=0.1)
