"""What the benches of live calls compute from what they saw. Pure functions of times and samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME_MS = 20.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Delays:
    """How late frames came, and how many never did."""

    late_ms: Floats
    frames: int
    lost: int

    def percentile(self, q: float) -> float:
        return float(np.percentile(self.late_ms, q)) if len(self.late_ms) else 0.0

    @property
    def worst(self) -> float:
        return float(self.late_ms.max()) if len(self.late_ms) else 0.0


def grid_phase(firsts_ms: Floats, period: float = FRAME_MS) -> float:
    """Where in the period the beats of a process lie, from the earliest frame (modulo the period) of each call.

    Calls served in one beat come a little after it, one after the other; the beat is right before the first of them,
    that is after the widest stretch of the circle in which none comes.
    """
    on_circle = np.sort(firsts_ms % period)
    gaps = np.diff(on_circle, append=on_circle[0] + period)
    return float(on_circle[(int(np.argmax(gaps)) + 1) % len(on_circle)])


def late_on_grid(calls: Sequence[Floats], *, skip: int = 0, period: float = FRAME_MS) -> Delays:
    """Delays of frames that have to come one per period, from their arrival times in ms per unbroken stretch of sound.

    All calls share the process' grid. ``skip`` frames at the start of each stretch are sent ahead of time and are not
    judged. Lost: periods between a stretch's first and last judged frame to which no frame belongs.
    """
    judged = [times[skip:] for times in calls if len(times) > skip + 1]
    if not judged:
        return Delays(np.zeros(0), 0, 0)
    early = [times - period * np.arange(len(times)) for times in judged]
    firsts = np.array([float(flat.min()) for flat in early])
    phase = grid_phase(firsts, period)
    late, lost = [], 0
    for flat, first, times in zip(early, firsts, judged, strict=True):
        # The stretch's own place on the grid: the last beat that is not after its earliest frame.
        place = phase + period * np.floor((first - phase + 1e-6) / period)
        late.append(flat - place)
        lost += max(0, round(float(times[-1] - times[0]) / period) + 1 - len(times))
    delays = np.concatenate(late)
    return Delays(delays, len(delays), lost)


def above_own_minimum(trips_ms: Sequence[Floats], lost: int) -> Delays:
    """Round trips of an echo, each less the shortest ones (their first percentile) of its call."""
    above = [np.maximum(0, trips - np.percentile(trips, 1)) for trips in trips_ms if len(trips)]
    late = np.concatenate(above) if above else np.zeros(0)
    return Delays(late, len(late), lost)


def quiet_blocks(sound: NDArray[np.int16], *, below: float, block: int = 8) -> NDArray[np.bool_]:
    """Which blocks (1 ms at 8 kHz) are silent: RMS under ``below``."""
    whole = sound[: len(sound) // block * block].reshape(-1, block).astype(np.float64)
    quiet: NDArray[np.bool_] = np.sqrt(np.mean(whole**2, axis=1)) < below
    return quiet


def longest(flags: NDArray[np.bool_]) -> int:
    """Length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[0::2]).max()) if len(edges) else 0


def share_of(sound: NDArray[np.int16], tones: Sequence[float], rate: int = 8_000) -> float:
    """Amplitude (full scale 1) of the strongest of ``tones`` in ``sound``, whatever else is in it."""
    at = np.arange(len(sound)) / rate
    window = np.hanning(len(sound))
    turning = np.exp(-2j * np.pi * np.outer(np.asarray(tones), at)) * window
    return float((2 * np.abs(turning @ (sound / 32_768.0)) / window.sum()).max())


def signal_to_noise_db(sound: NDArray[np.int16], hz: float, rate: int = 8_000, width: float = 30.0) -> float:
    """Power within ``width`` of ``hz`` against the power of everything else."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(sound), 1 / rate) - hz) <= width
    return float(10 * np.log10((power[near].sum() + 1e-9) / (power[~near].sum() + 1e-9)))


def missing_samples(sent: NDArray[np.int16], kept: NDArray[np.int16]) -> int:
    """Samples of ``sent`` that are not at their place in ``kept``."""
    both = min(len(sent), len(kept))
    return int(np.count_nonzero(sent[:both] != kept[:both])) + max(0, len(sent) - both)
