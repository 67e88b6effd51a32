"""Changing the sampling rate. Laid out for speed and low delay; it changes nothing else about the sound.

Sound coming in must reach the speech detector at once, and streaming resamplers hold back 60 to 120 ms of it, so
doubling (8 to 16 kHz) is a half-band filter of 16 taps with 1 ms of delay. Voices come in any rate and far ahead of
time, so their way to 8 kHz is a streaming resampler of high quality.
"""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from relevo.calls.ports import LINE_RATE, Pcm

_TAPS = 16


def _half_band() -> NDArray[np.float32]:
    """A windowed sinc sampled half-way between the input samples."""
    at = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = np.sinc(at) * np.kaiser(_TAPS, 5.0)
    normalised: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return normalised


_FILTER = _half_band()


class Doubler:
    """8 kHz int16 in, 16 kHz float32 in -1..1 out, twice as many samples each time."""

    def __init__(self) -> None:
        self._tail = np.zeros(_TAPS - 1, np.float32)

    def push(self, pcm: Pcm) -> NDArray[np.float32]:
        sound = np.concatenate((self._tail, pcm.astype(np.float32) * (1 / 32_768)))
        self._tail = sound[len(pcm) :]
        doubled = np.empty(2 * len(pcm), np.float32)
        doubled[0::2] = sound[_TAPS // 2 - 1 : _TAPS // 2 - 1 + len(pcm)]
        doubled[1::2] = np.convolve(sound, _FILTER, "valid")
        return doubled


class ToLine:
    """A voice's rate to 8 kHz, piece by piece; ``last`` gets out what the filter still holds."""

    def __init__(self, rate: int) -> None:
        self._stream = (
            soxr.ResampleStream(rate, LINE_RATE, 1, dtype="int16", quality="HQ") if rate != LINE_RATE else None
        )

    def push(self, pcm: Pcm, *, last: bool = False) -> Pcm:
        if self._stream is None:
            return pcm
        resampled: Pcm = self._stream.resample_chunk(pcm, last=last)
        return resampled
