"""Engines for the benches that must not measure engines: words from a list, a voice from a file or of tones."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence

import numpy as np

from relevo.adapters.lines.scripted import clip
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, SPEECH_RATE, Pcm, Transcript

SENTENCES = (
    "¿A qué hora es el check-in?",
    "¿Aceptan mascotas en el hotel?",
    "¿Está incluido el desayuno?",
    "¿Hay cochera en el hotel?",
    "¿Tienen pileta?",
)
RECOGNISING = 0.2
"""Seconds that another process would take."""
LEAST_SECONDS = 0.25
SECONDS_PER_CHARACTER = 0.06


class NextSentence:
    """Hears the next question of a list in whatever is long enough to be one."""

    name = "scripted"

    def __init__(self) -> None:
        self._sentences = itertools.cycle(SENTENCES)

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        del language, names
        await asyncio.sleep(RECOGNISING)
        if len(pcm) < LEAST_SECONDS * SPEECH_RATE:
            return Transcript("", 0.0)
        return Transcript(next(self._sentences), 0.9)


class RecordedVoice:
    """Says everything with a recorded voice that speaks of something else, for as long as the text would take."""

    name = "recorded"
    sample_rate = LINE_RATE

    def __init__(self) -> None:
        self._sound = np.concatenate([clip(f"florencia_{number}") for number in range(1, 5)])

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        del locale
        frames = max(1, round(len(text) * SECONDS_PER_CHARACTER * LINE_RATE / FRAME_SAMPLES))
        yield np.resize(self._sound, frames * FRAME_SAMPLES)


class ToneVoice:
    """Says everything in one sound of its own: two tones that rise and fall like syllables, never quite silent."""

    name = "tones"
    sample_rate = LINE_RATE

    def __init__(self, hz: Sequence[float], level_db: float = -20.0) -> None:
        self._hz = hz
        self._level_db = level_db

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        del locale
        frames = max(1, round(len(text) * SECONDS_PER_CHARACTER * LINE_RATE / FRAME_SAMPLES))
        yield chord(self._hz, frames * FRAME_SAMPLES, level_db=self._level_db)


def chord(hz: Sequence[float], samples: int, *, level_db: float, start: int = 0, rate: int = LINE_RATE) -> Pcm:
    """Tones together, with this RMS in dBFS, swelling by 3 dB four times a second."""
    at = (start + np.arange(samples)) / rate
    sound = np.sum([np.sin(2 * np.pi * each * at) for each in hz], axis=0) / np.sqrt(len(hz) / 2)
    swelling = 1 + 0.3 * np.sin(2 * np.pi * 4 * at)
    scale = 32_767 * 10 ** (level_db / 20) / np.sqrt(1 + 0.3**2 / 2)
    made: Pcm = np.clip(np.round(sound * swelling * scale), -32_768, 32_767).astype(np.int16)
    return made
