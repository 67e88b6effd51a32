from __future__ import annotations

import numpy as np
import pytest
import pytest_asyncio
import soxr
from numpy.typing import NDArray

from relevo.adapters.speech.fake import EnergyDetector
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.silero import Silero
from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE, SpeechDetector
from tests.speech.conftest import sound_of

Windows = NDArray[np.float32]


@pytest.fixture(params=[EnergyDetector, pytest.param(Silero, marks=pytest.mark.speech)])
def detector(request: pytest.FixtureRequest) -> SpeechDetector:
    made: SpeechDetector = request.param()
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def speech(pico: Pico) -> Windows:
    pcm = await sound_of(pico, "Buenas tardes, quería reservar una habitación doble para dos noches.")
    return windows(soxr.resample(pcm / 32_768, pico.sample_rate, LINE_RATE))


def windows(sound: NDArray[np.floating]) -> Windows:
    whole = sound[: len(sound) // DETECTOR_WINDOW * DETECTOR_WINDOW]
    return whole.reshape(-1, DETECTOR_WINDOW).astype(np.float32)


def heard(detector: SpeechDetector, row: int, sound: Windows) -> Windows:
    return np.array([detector.probabilities([row], window[None])[0] for window in sound], np.float32)


def test_nothing_asked_nothing_answered(detector: SpeechDetector) -> None:
    assert detector.probabilities([], np.zeros((0, DETECTOR_WINDOW), np.float32)).shape == (0,)


def test_every_stream_has_a_row_of_its_own(detector: SpeechDetector) -> None:
    rows = [detector.open() for _ in range(100)]
    assert len(set(rows)) == len(rows)
    for row in rows:
        detector.close(row)
    assert detector.open() >= 0


def test_silence_is_not_speech(detector: SpeechDetector) -> None:
    quiet = np.random.default_rng(1).normal(0, 0.001, (30, DETECTOR_WINDOW)).astype(np.float32)
    assert heard(detector, detector.open(), quiet).max() < 0.35


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_speech_is_speech(detector: SpeechDetector, speech: Windows) -> None:
    assert (heard(detector, detector.open(), speech) > 0.5).mean() > 0.6


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_many_calls_at_once_are_heard_as_if_each_were_alone(detector: SpeechDetector, speech: Windows) -> None:
    sounds = [speech, speech[::-1].copy(), speech * np.float32(0.3), np.zeros_like(speech)]
    alone = [heard(detector, detector.open(), sound) for sound in sounds]
    rows = [detector.open() for _ in sounds]
    together = np.stack([detector.probabilities(rows, np.stack(tick)) for tick in zip(*sounds, strict=True)], axis=1)
    assert np.allclose(together, np.stack(alone), atol=1e-4)


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_calls_come_and_go_without_touching_each_other(detector: SpeechDetector, speech: Windows) -> None:
    alone = heard(detector, detector.open(), speech)
    mixed = []
    kept = detector.open()
    for number, window in enumerate(speech):
        others = [detector.open() for _ in range(number % 4 * 10)]
        noise = np.full((len(others), DETECTOR_WINDOW), 0.2, np.float32)
        mixed.append(detector.probabilities([*others, kept], np.concatenate([noise, window[None]]))[-1])
        for other in others:
            detector.close(other)
    assert np.allclose(np.array(mixed, np.float32), alone, atol=1e-4)


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_a_new_stream_begins_afresh_in_a_used_row(detector: SpeechDetector, speech: Windows) -> None:
    row = detector.open()
    first = heard(detector, row, speech)
    detector.close(row)
    assert np.array_equal(heard(detector, detector.open(), speech), first)
