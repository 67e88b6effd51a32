from __future__ import annotations

import asyncio
import os
import signal
import unicodedata

import numpy as np
import pytest

from relevo.adapters.speech.fake import ScriptedRecognizer
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.whisper import Whisper
from relevo.calls.ports import SPEECH_RATE, Recognizer, Transcript
from tests.speech.conftest import seconds, sound_of

SENTENCE = "Quería reservar una habitación doble para dos noches."
pytestmark = [pytest.mark.speech, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(params=["scripted", "whisper"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    if request.param == "whisper":
        made: Recognizer = request.getfixturevalue("whisper")
        return made
    return ScriptedRecognizer([SENTENCE] * 9)


def plain(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in folded if char.isalnum() or char == " ")


async def test_it_hears_what_is_said(recognizer: Recognizer, pico: Pico) -> None:
    heard = await recognizer.transcribe(await sound_of(pico, SENTENCE))
    assert "habitacion doble" in plain(heard.text)
    assert "2 noches" in plain(heard.text) or "dos noches" in plain(heard.text)
    assert 0.5 < heard.confidence <= 1


async def test_silence_is_nothing(recognizer: Recognizer) -> None:
    assert (await recognizer.transcribe(seconds(2))).text == ""


@pytest.mark.parametrize("samples", [0, 1, 200])
async def test_hardly_any_sound_is_nothing(recognizer: Recognizer, samples: int) -> None:
    assert await recognizer.transcribe(np.full(samples, 900, np.int16)) == Transcript("", 0.0)


async def test_several_turns_at_once_are_not_mixed_up(recognizer: Recognizer, pico: Pico) -> None:
    sound = await sound_of(pico, SENTENCE)
    said, silent = await asyncio.gather(recognizer.transcribe(sound), recognizer.transcribe(seconds(1)))
    assert "doble" in said.text
    assert silent.text == ""


async def test_who_gives_up_waiting_disturbs_nobody(recognizer: Recognizer, pico: Pico) -> None:
    sound = await sound_of(pico, SENTENCE)
    first, second, third = (asyncio.ensure_future(recognizer.transcribe(sound)) for _ in range(3))
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert second.cancelled()
    assert "doble" in first.result().text
    assert "doble" in third.result().text


@pytest.mark.parametrize("level", [0.003, 0.05, 0.3])
async def test_whisper_makes_nothing_up_about_noise(whisper: Whisper, level: float) -> None:
    noise = np.random.default_rng(3).normal(0, level * 32_767, 3 * SPEECH_RATE).clip(-32_768, 32_767).astype(np.int16)
    assert (await whisper.transcribe(noise)).text == ""


async def test_whisper_makes_nothing_up_about_a_dial_tone(whisper: Whisper) -> None:
    time = np.arange(3 * SPEECH_RATE) / SPEECH_RATE
    tone = (np.sin(2 * np.pi * 425 * time) * 6_000).astype(np.int16)
    assert (await whisper.transcribe(tone)).text == ""


async def test_expected_names_are_heard_better(whisper: Whisper, pico: Pico) -> None:
    sound = await sound_of(pico, "A nombre de Martín Etcheverry, por favor.")
    names = ["Florencia Gutiérrez", "Martín Etcheverry", "Doble Superior"]
    assert "Martín Etcheverry" in (await whisper.transcribe(sound, names=names)).text


async def test_whisper_survives_the_loss_of_its_worker(whisper: Whisper, pico: Pico) -> None:
    sound = await sound_of(pico, SENTENCE)
    os.kill(whisper.pool.pids[0], signal.SIGKILL)
    assert "doble" in (await whisper.transcribe(sound)).text


async def test_whisper_takes_a_long_turn(whisper: Whisper, pico: Pico) -> None:
    sound = np.concatenate([seconds(14), seconds(13), await sound_of(pico, SENTENCE)])
    assert "doble" in (await whisper.transcribe(sound)).text
