"""Whisper's log-mel picture of a sound, in NumPy: what its encoder looks at. Equal to faster-whisper's to the last bit
that matters, in a third of its memory; it pads to no fixed length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import SPEECH_RATE

FFT = 400
HOP = 160
FRAMES_PER_SECOND = SPEECH_RATE // HOP
_LINEAR_HZ = 200.0 / 3
_LOG_FROM_HZ = 1_000.0
_LOG_STEP = np.log(6.4) / 27.0
_TOP_MEL = 45.245640471924965
"""8 kHz on Slaney's scale."""

Floats = NDArray[np.float32]


def filters(count: int) -> Floats:
    """Slaney's triangles, each of the same area: [FFT // 2 + 1, count]."""
    mels = np.linspace(0.0, _TOP_MEL, count + 2)
    corner = _LOG_FROM_HZ / _LINEAR_HZ
    hertz = np.where(mels < corner, mels * _LINEAR_HZ, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mels - corner)))
    bins = np.fft.rfftfreq(FFT, 1 / SPEECH_RATE)
    ramps = hertz[:, None] - bins[None, :]
    width = np.diff(hertz)[:, None]
    triangles = np.maximum(0, np.minimum(-ramps[:-2] / width[:-1], ramps[2:] / width[1:]))
    triangles *= (2.0 / (hertz[2:] - hertz[:-2]))[:, None]
    return np.ascontiguousarray(triangles.T, np.float32)


class Mel:
    def __init__(self, count: int = 80) -> None:
        self.count = count
        self._filters = filters(count)
        self._window = np.hanning(FFT + 1)[:-1].astype(np.float32)

    def __call__(self, sound: Floats, *, after: int = HOP) -> Floats:
        """[count, frames] for sound at 16 kHz in -1..1 and ``after`` samples of silence; one frame per 10 ms."""
        padded = np.pad(np.pad(sound, (0, after)), FFT // 2, mode="reflect")
        pieces = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP][:-1] * self._window
        spectrum = np.fft.rfft(pieces, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        picture = np.log10(np.maximum(power @ self._filters, 1e-10))
        picture = np.maximum(picture, picture.max() - 8.0)
        return np.asarray((picture.T + 4.0) / 4.0, np.float32)
