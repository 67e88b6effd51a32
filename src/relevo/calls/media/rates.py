"""Changing the sampling rate; it changes nothing else about the sound.

Recognisers take 16 kHz: what they get is doubled when it is asked for, a whole utterance at a time and never in the
tick, by a half-band filter of 16 taps. Voices come in any rate and far ahead of time, so their way to 8 kHz is a
streaming resampler of high quality.
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


def doubled(pcm: Pcm) -> Pcm:
    """8 kHz to 16 kHz: twice as many samples, 1 ms later."""
    sound = np.concatenate((np.zeros(_TAPS - 1, np.float32), pcm.astype(np.float32)))
    made = np.empty(2 * len(pcm), np.float32)
    made[0::2] = sound[_TAPS // 2 - 1 : _TAPS // 2 - 1 + len(pcm)]
    made[1::2] = np.convolve(sound, _FILTER, "valid")
    return np.clip(made, -32_768, 32_767).astype(np.int16)


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
