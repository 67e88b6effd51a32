"""Something that is loud and soft, voiced and pausing like speech, made from a seed; and what to measure on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relevo.calls.media.levels import active_level
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm


def talk(seconds: float, *, seed: int = 0, level_db: float = -20.0, room_db: float | None = None) -> Pcm:
    """Syllables of a gliding voice with formants, a pause of 300 ms after every 1.2 s, at this active level."""
    draw = np.random.default_rng(seed)
    count = int(seconds * LINE_RATE)
    time = np.arange(count) / LINE_RATE
    pitch = 110 + 60 * draw.random() + 15 * np.sin(2 * np.pi * 0.7 * time + draw.random() * 6)
    phase = 2 * np.pi * np.cumsum(pitch) / LINE_RATE
    voice = np.zeros(count)
    for harmonic in range(1, 20):
        hz = harmonic * float(pitch.mean())
        formant = sum(np.exp(-(((hz - centre) / width) ** 2)) for centre, width in ((550, 250), (1_500, 400)))
        voice += (0.08 + formant) / harmonic**0.5 * np.sin(harmonic * phase)
    voice += 0.15 * draw.standard_normal(count)
    syllables = 0.15 + 0.85 * np.sin(np.pi * 4.2 * time + draw.random()) ** 2
    sounding = np.convolve((time % 1.5) < 1.2, np.ones(80) / 80, "same")
    return at_level(voice * syllables * sounding, level_db) + hiss(count, room_db, seed + 1)


def at_level(sound: NDArray[np.float64], level_db: float) -> Pcm:
    scaled = sound / np.abs(sound).max() * 20_000
    for _ in range(3):
        scaled *= 10 ** ((level_db - active_level(scaled.astype(np.int16))) / 20)
    return np.clip(np.round(scaled), -32_768, 32_767).astype(np.int16)


def hiss(count: int, level_db: float | None, seed: int = 0) -> Pcm:
    if level_db is None:
        return np.zeros(count, np.int16)
    noise = np.random.default_rng(seed).standard_normal(count) * 32_768 * 10 ** (level_db / 20)
    return np.round(noise).astype(np.int16)


def frames(pcm: Pcm) -> Pcm:
    return pcm[: len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)


def level(pcm: Pcm) -> float:
    """RMS in dBFS."""
    return 10 * float(np.log10(np.mean((pcm / 32_768) ** 2) + 1e-12))


def steepest(pcm: Pcm) -> int:
    """The largest step from a sample to the next."""
    return int(np.abs(np.diff(pcm.astype(np.int64))).max())
