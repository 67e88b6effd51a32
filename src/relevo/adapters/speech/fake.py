"""Speech without models: for trials on a machine that has none, and for contract tests. Words come from a script."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import SPEECH_RATE, Pcm, Transcript

TONE_HZ = 440
SECONDS_PER_CHARACTER = 0.05
LOUD = 0.02


class ScriptedRecognizer:
    """Answers its sentences in order, whatever it hears; then nothing."""

    name = "scripted"

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._sentences = deque(sentences)

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:  # noqa: ARG002
        if not len(pcm) or not self._sentences:
            return Transcript("", 0.0)
        return Transcript(self._sentences.popleft(), 1.0)


class ToneVoice:
    """A tone as long as the text would take to say."""

    name = "tone"
    sample_rate = SPEECH_RATE

    async def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:  # noqa: ARG002
        samples = int(len(text) * SECONDS_PER_CHARACTER * self.sample_rate)
        wave = np.sin(2 * np.pi * TONE_HZ * np.arange(samples) / self.sample_rate)
        yield (wave * 8_000).astype(np.int16)


class EnergyDetector:
    """Takes loudness for speech."""

    def probabilities(self, streams: Sequence[str], windows: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: ARG002
        loud = np.sqrt(np.mean(windows**2, axis=1)) > LOUD
        return np.where(loud, 0.95, 0.02).astype(np.float32)

    def forget(self, stream: str) -> None:
        """Nothing is kept."""
