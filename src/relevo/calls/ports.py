"""What live calls need from outside: a line that carries sound, a recogniser, a voice, a speech detector.

Sound is mono int16 NumPy arrays. Lines run at 8 kHz in frames of 20 ms (160 samples); recognisers and
detectors take 16 kHz; a voice says its own rate.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]

LINE_RATE = 8_000
FRAME_MS = 20
FRAME_SAMPLES = LINE_RATE * FRAME_MS // 1_000
SPEECH_RATE = 16_000
DETECTOR_WINDOW = 512
"""Samples at 16 kHz that a detector judges at a time (32 ms; Silero VAD v5/v6)."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``confidence`` is in 0..1 (exp of the mean token log-probability); ``seconds`` of CPU spent."""

    text: str
    confidence: float
    seconds: float = 0.0


class Recognizer(Protocol):
    """Speech to text. ``cancel`` of the awaiting task drops the work if it has not begun."""

    name: str

    async def transcribe(self, pcm: Pcm, *, language: str = "es", names: Sequence[str] = ()) -> Transcript:
        """Hear one utterance: 16 kHz, at most 28 s. ``names`` are expected words, given to the model as a prompt."""
        ...


class Voice(Protocol):
    """Text to speech. The text is already normalised for reading aloud (``texts.spoken``)."""

    name: str
    sample_rate: int

    def say(self, text: str, *, locale: str = "es") -> AsyncIterator[Pcm]:
        """Yield the sound of ``text`` in pieces as they are made; the first piece comes as early as possible."""
        ...


class SpeechDetector(Protocol):
    """Voice activity over many calls at once; state is kept per stream id until ``forget``. Synchronous, a few ms."""

    def probabilities(self, streams: Sequence[str], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Speech probability per stream for ``windows`` of shape [n, 512] at 16 kHz in -1..1."""
        ...

    def forget(self, stream: str) -> None:
        """Drop the state of a stream that has ended."""
        ...
