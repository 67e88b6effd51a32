from __future__ import annotations

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from relevo.adapters.speech.fake import EnergyDetector
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.silero import Silero
from relevo.calls.ports import DETECTOR_WINDOW, SpeechDetector
from tests.speech.conftest import sound_of

Windows = NDArray[np.float32]


@pytest.fixture(params=[EnergyDetector, pytest.param(Silero, marks=pytest.mark.speech)])
def detector(request: pytest.FixtureRequest) -> SpeechDetector:
    made: SpeechDetector = request.param()
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def speech(pico: Pico) -> Windows:
    return windows(await sound_of(pico, "Buenas tardes, quería reservar una habitación doble para dos noches."))


def windows(pcm: NDArray[np.int16]) -> Windows:
    whole = pcm[: len(pcm) // DETECTOR_WINDOW * DETECTOR_WINDOW]
    return (whole.reshape(-1, DETECTOR_WINDOW) / 32_768).astype(np.float32)


def heard(detector: SpeechDetector, stream: str, sound: Windows) -> Windows:
    return np.array([detector.probabilities([stream], window[None])[0] for window in sound], np.float32)


def test_nothing_asked_nothing_answered(detector: SpeechDetector) -> None:
    assert detector.probabilities([], np.zeros((0, DETECTOR_WINDOW), np.float32)).shape == (0,)


def test_silence_is_not_speech(detector: SpeechDetector) -> None:
    quiet = np.random.default_rng(1).normal(0, 0.001, (30, DETECTOR_WINDOW)).astype(np.float32)
    assert heard(detector, "a", quiet).max() < 0.35


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_speech_is_speech(detector: SpeechDetector, speech: Windows) -> None:
    assert (heard(detector, "a", speech) > 0.5).mean() > 0.6


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_many_calls_at_once_are_heard_as_if_each_were_alone(detector: SpeechDetector, speech: Windows) -> None:
    sounds = [speech, speech[::-1].copy(), speech * np.float32(0.3), np.zeros_like(speech)]
    alone = [heard(detector, f"alone {number}", sound) for number, sound in enumerate(sounds)]
    names = [f"call {number}" for number in range(len(sounds))]
    together = np.stack([detector.probabilities(names, np.stack(tick)) for tick in zip(*sounds, strict=True)], axis=1)
    assert np.array_equal(together, np.stack(alone))


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_calls_come_and_go_without_touching_each_other(detector: SpeechDetector, speech: Windows) -> None:
    alone = heard(detector, "alone", speech)
    mixed = []
    for number, window in enumerate(speech):
        others = [f"other {other}" for other in range(number % 4)]
        noise = np.full((len(others), DETECTOR_WINDOW), 0.2, np.float32)
        streams, sound = [*others, "kept"], np.concatenate([noise, window[None]])
        mixed.append(detector.probabilities(streams, sound)[-1])
        for other in others:
            detector.forget(other)
    assert np.array_equal(np.array(mixed, np.float32), alone)


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_a_forgotten_call_begins_afresh(detector: SpeechDetector, speech: Windows) -> None:
    first = heard(detector, "a", speech)
    detector.forget("a")
    detector.forget("never seen")
    assert np.array_equal(heard(detector, "a", speech), first)


@pytest.mark.speech
def test_silero_keeps_nothing_of_ended_calls() -> None:
    silero = Silero()
    silero.probabilities(["a", "b"], np.zeros((2, DETECTOR_WINDOW), np.float32))
    silero.forget("a")
    assert len(silero) == 1
