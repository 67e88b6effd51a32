"""Speech without models: for trials on a machine that has none, and for contract tests. Words come from a script."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from relevo.adapters.speech.speaking import pause, sentences
from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript

TONE_HZ = 440
SECONDS_PER_CHARACTER = 0.05
LOUDNESS = 8_000
LOUD = 0.02
"""RMS (of 1) that EnergyDetector takes for speech."""
_LEAST_SAMPLES = SPEECH_RATE // 10


class ScriptedRecognizer:
    """Answers its sentences in order to whatever has sound in it; then nothing. ``asked`` keeps the expected names."""

    name = "scripted"

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._sentences = deque(sentences)
        self.asked: list[tuple[str, ...]] = []

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        del language
        self.asked.append(tuple(names))
        if len(pcm) < _LEAST_SAMPLES or not pcm.any() or not self._sentences:
            return Transcript("", 0.0)
        return Transcript(self._sentences.popleft(), 1.0)


class ToneVoice:
    """A tone for each sentence, as long as it would take to say."""

    name = "tone"
    sample_rate = SPEECH_RATE
    variant = f"{TONE_HZ}"

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        del locale
        for sentence in sentences(text):
            samples = int(len(sentence) * SECONDS_PER_CHARACTER * self.sample_rate)
            wave = np.sin(2 * np.pi * TONE_HZ * np.arange(samples) / self.sample_rate) * LOUDNESS
            silence = np.zeros(int(pause(sentence) * self.sample_rate))
            yield np.concatenate([wave, silence]).astype(np.int16)


class EnergyDetector:
    """Takes loudness for speech."""

    name = "energy"

    def __init__(self) -> None:
        self._next = 0

    def open(self) -> int:
        self._next += 1
        return self._next

    def close(self, row: int) -> None:
        """Nothing is kept."""

    def probabilities(self, rows: Sequence[int], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(rows):
            return np.zeros(0, np.float32)
        loud = np.sqrt(np.mean(windows**2, axis=1)) > LOUD
        return np.where(loud, 0.95, 0.02).astype(np.float32)
