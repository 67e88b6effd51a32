"""Real engines are loaded once for all tests of this folder; they live on the session's event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from relevo.adapters.speech.pico import Pico
from relevo.adapters.speech.whisper import Settings, Whisper
from relevo.calls.ports import SPEECH_RATE, Pcm, Voice

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def workers_find_the_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def whisper(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whisper]:
    recognizer = Whisper(Settings(cache=tmp_path_factory.mktemp("models")))
    await recognizer.start()
    yield recognizer
    await recognizer.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pico() -> AsyncIterator[Pico]:
    voice = Pico()
    await voice.start()
    yield voice
    await voice.close()


async def sound_of(voice: Voice, text: str) -> Pcm:
    """Everything the voice says, at its own rate."""
    pieces = [piece async for piece in voice.say(text)]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


def seconds(count: float) -> Pcm:
    """Silence at the recognisers' rate."""
    return np.zeros(int(count * SPEECH_RATE), np.int16)
