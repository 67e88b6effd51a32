"""Music for a customer who waits: a quiet, plain tune of our own; no rights are asked for and no file is needed.

Computed once per process; every call keeps its own place in it.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

_LEVEL = 0.06
"""About -24 dBFS: well below a voice."""
_BEAT_SECONDS = 0.4
_CHORDS = (
    (261.63, 329.63, 392.00, 523.25),
    (220.00, 261.63, 329.63, 440.00),
    (174.61, 261.63, 349.23, 440.00),
    (196.00, 246.94, 392.00, 493.88),
)
_PATTERN = (0, 2, 1, 3, 2, 1, 3, 2)


@cache
def tune() -> Pcm:
    """One round of about 13 s at 8 kHz; it ends where it begins."""
    beat = int(_BEAT_SECONDS * LINE_RATE)
    total = beat * len(_CHORDS) * len(_PATTERN)
    sound = np.zeros(total + 3 * beat, np.float64)
    at = np.arange(3 * beat) / LINE_RATE
    fading = np.exp(-2.2 * at) * np.minimum(1, at / 0.01)
    for bar, chord in enumerate(_CHORDS):
        for step, note in enumerate(_PATTERN):
            start = beat * (bar * len(_PATTERN) + step)
            pluck = np.sin(2 * np.pi * chord[note] * at) + 0.25 * np.sin(4 * np.pi * chord[note] * at)
            sound[start : start + 3 * beat] += pluck * fading
    sound[: 3 * beat] += sound[total:]
    sound = sound[: total // FRAME_SAMPLES * FRAME_SAMPLES]
    scaled: Pcm = (sound / np.abs(sound).max() * _LEVEL * 2 * 32_767).astype(np.int16)
    scaled.flags.writeable = False
    return scaled


class Music:
    """One listener's place in the tune."""

    def __init__(self) -> None:
        self._at = 0

    def frame(self) -> Pcm:
        frame = tune()[self._at : self._at + FRAME_SAMPLES]
        self._at = (self._at + FRAME_SAMPLES) % len(tune())
        return frame
