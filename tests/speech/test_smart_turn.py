from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
import soxr

from relevo.adapters.catalog import make_turn_end
from relevo.adapters.speech import weights
from relevo.adapters.speech.mel import Mel
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.smart_turn import SAMPLES, UNDECIDED, SmartTurn, picture
from relevo.calls.ports import SPEECH_RATE, Pcm
from relevo.kit.errors import Misconfigured
from relevo.settings import Settings
from tests.speech.conftest import seconds, sound_of


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def model() -> AsyncIterator[SmartTurn]:
    made = SmartTurn()
    await made.load()
    yield made
    await made.close()


@pytest.fixture(scope="session")
def reference() -> Any:
    """What the model's makers compute, from their own file."""
    spec = spec_from_file_location("reference", weights.packaged("pipecat-ai", "_whisper_features.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compute_whisper_log_mel_features


async def said(voice: Pico, text: str) -> Pcm:
    pcm = await sound_of(voice, text)
    return np.asarray(soxr.resample(pcm, voice.sample_rate, SPEECH_RATE), np.int16)


@pytest.mark.speech
@pytest.mark.parametrize("length", [0.4, 3.0, 8.0, 11.0])
def test_the_picture_is_the_one_the_model_was_trained_on(reference: Any, length: float) -> None:
    sound = np.random.default_rng(2).normal(0, 0.05, int(length * SPEECH_RATE)).astype(np.float32)
    whole = np.pad(sound[-SAMPLES:], (max(0, SAMPLES - len(sound)), 0))
    found = picture(sound, Mel())
    assert found.shape == (80, 800)
    assert np.abs(found - reference(whole)).max() < 1e-3


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_a_whole_sentence_is_finished_and_a_cut_one_is_less_so(model: SmartTurn, pico: Pico) -> None:
    whole = await said(pico, "Quería reservar una habitación doble para el viernes.")
    cut = np.concatenate([whole[: len(whole) * 45 // 100], seconds(0.2)])
    assert await model.finished(np.concatenate([whole, seconds(0.2)])) > 0.8
    assert await model.finished(cut) < await model.finished(whole)


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_too_many_questions_at_once_are_not_all_judged(model: SmartTurn) -> None:
    noise = np.random.default_rng(5).integers(-500, 500, SPEECH_RATE).astype(np.int16)
    answers = await asyncio.gather(*(model.finished(noise) for _ in range(14)))
    given_up = [answer == UNDECIDED for answer in answers]
    assert sum(given_up) in {5, 6}
    assert not any(given_up[6:])


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_a_cancelled_question_makes_room(model: SmartTurn) -> None:
    question = asyncio.create_task(model.finished(seconds(1)))
    await asyncio.sleep(0)
    question.cancel()
    await asyncio.gather(question, return_exceptions=True)
    assert not model.pool.waiting
    assert await model.finished(seconds(1)) != UNDECIDED


@pytest.mark.speech
@pytest.mark.asyncio(loop_scope="session")
async def test_the_first_question_loads_the_model_and_waits_for_nothing() -> None:
    model = SmartTurn()
    assert not model.pool.pids
    assert await model.finished(seconds(1)) == UNDECIDED
    await model.load()
    assert await model.finished(seconds(1)) != UNDECIDED
    await model.close()
    assert await model.finished(seconds(1)) == UNDECIDED


@pytest.fixture
def without_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SMART_TURN", ("no-such-package-of-weights", "model.onnx", ""))


@pytest.mark.usefixtures("without_weights")
def test_without_weights_it_is_only_missed_where_it_was_asked_for() -> None:
    assert make_turn_end(Settings(turn_model="auto")) is None
    assert make_turn_end(Settings(turn_model="off")) is None
    with pytest.raises(Misconfigured):
        make_turn_end(Settings(turn_model="smart-turn"))
