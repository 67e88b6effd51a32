from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from relevo.adapters.speech.cached_voice import CachedVoice
from relevo.adapters.speech.espeak import Espeak
from relevo.adapters.speech.espeak import Settings as EspeakSettings
from relevo.adapters.speech.fake import ToneVoice
from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.pico import Settings as PicoSettings
from relevo.calls.ports import Voice
from relevo.kit.errors import Misconfigured
from tests.speech.conftest import sound_of

pytestmark = [pytest.mark.speech, pytest.mark.asyncio(loop_scope="session")]
TEXT = "Buenos días. ¿Querés reservar la habitación doble?"


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def espeak() -> AsyncIterator[Espeak]:
    voice = Espeak()
    await voice.start()
    yield voice
    await voice.close()


@pytest.fixture(params=["tone", "cached tone", "pico", "espeak"])
def voice(request: pytest.FixtureRequest) -> Voice:
    match request.param:
        case "tone":
            return ToneVoice()
        case "cached tone":
            return CachedVoice(ToneVoice())
        case name:
            made: Voice = request.getfixturevalue(name)
            return made


async def test_it_speaks_sentence_by_sentence(voice: Voice) -> None:
    pieces = [piece async for piece in voice.say(TEXT)]
    assert len(pieces) == 2
    assert all(piece.dtype == np.int16 and piece.ndim == 1 for piece in pieces)
    whole = np.concatenate(pieces)
    assert 1.5 < len(whole) / voice.sample_rate < 6
    assert np.abs(whole.astype(int)).max() > 3_000


async def test_it_neither_clips_nor_waits(voice: Voice) -> None:
    whole = (await sound_of(voice, TEXT)).astype(int)
    assert np.abs(whole).max() < 32_767
    assert np.flatnonzero(np.abs(whole) > 200)[0] < 0.1 * voice.sample_rate
    tail = len(whole) - np.flatnonzero(np.abs(whole) > 200)[-1]
    assert tail < 0.4 * voice.sample_rate


@pytest.mark.parametrize("text", ["", "   ", "¿?", "…", "***"])
async def test_nothing_to_say_is_nothing(voice: Voice, text: str) -> None:
    assert len(await sound_of(voice, text)) == 0


@pytest.mark.parametrize("text", ["Uno & dos < tres > cuatro", '<volume level="500">hola</volume>', "«Sí», dijo [él]."])
async def test_marks_do_not_break_it(voice: Voice, text: str) -> None:
    assert len(await sound_of(voice, text)) > voice.sample_rate // 4


async def test_a_long_text_is_said_whole(voice: Voice) -> None:
    once = len(await sound_of(voice, "la habitación doble con vista al mar y desayuno incluido"))
    often = len(await sound_of(voice, ", ".join(["la habitación doble con vista al mar y desayuno incluido"] * 15)))
    assert often > 12 * once


async def test_two_speak_at_once_and_one_stops(voice: Voice) -> None:
    async def stopped() -> int:
        pieces = voice.say(TEXT)
        first = await anext(aiter(pieces))
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
        return len(first)

    whole, part = await asyncio.gather(sound_of(voice, TEXT), stopped())
    assert 0 < part < len(whole)


async def test_a_voice_survives_the_loss_of_its_worker(pico: Pico) -> None:
    os.kill(pico.pool.pids[0], signal.SIGKILL)
    assert len(await sound_of(pico, TEXT)) > pico.sample_rate


async def test_pico_speaks_as_fast_as_it_is_told(pico: Pico) -> None:
    slow = Pico(PicoSettings(speed=70))
    try:
        assert len(await sound_of(slow, TEXT)) > 1.2 * len(await sound_of(pico, TEXT))
    finally:
        await slow.close()


async def test_a_voice_that_does_not_exist_is_named() -> None:
    with pytest.raises(Misconfigured):
        await Espeak(EspeakSettings(voice="xx-nowhere")).start()
