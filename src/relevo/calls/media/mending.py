"""Making up for sound that is missing, and joining sound that does not belong together, without a click.

Laid out for speed where all is well: then only the last two frames are remembered. It works on what was given out; it
does not know why something is missing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relevo.calls.media.levels import comfort
from relevo.calls.ports import FRAME_SAMPLES, Pcm

GIVE_UP = 10
"""Frames made up in a row before there is nothing to say (200 ms)."""

_JOIN = 64
_LONGEST, _SHORTEST = 160, 20
_TEMPLATE = 80
_QUIET = 120.0

_UP: NDArray[np.float32] = ((np.arange(_JOIN, dtype=np.float32) + 1) / (_JOIN + 1)).astype(np.float32)
_SMOOTH: NDArray[np.float32] = (np.arange(32, 0, -1, dtype=np.float32) / 32).astype(np.float32)


class Mouth:
    """What was given out last, and how it would have gone on."""

    def __init__(self, seed: int) -> None:
        self._old = self._older = np.zeros(FRAME_SAMPLES, np.int16)
        self._hiss = comfort(FRAME_SAMPLES * 8, seed).astype(np.float32)
        self._loop: NDArray[np.float32] | None = None
        self._phase = 0
        self._made_up = 0
        self._begun = False
        self._step = 0.0

    @property
    def spent(self) -> bool:
        """Nothing worth hearing is left of what was said last."""
        return not self._begun or self._made_up >= GIVE_UP

    def follow(self, frame: Pcm) -> Pcm:
        """``frame`` goes on where the last one ended."""
        self._older, self._old = self._old, frame
        self._loop = None
        self._made_up = 0
        self._begun = True
        return frame

    def join(self, frame: Pcm) -> Pcm:
        """``frame`` comes from elsewhere: what was said last passes into it."""
        passing = self._go_on(_JOIN) * self._gain
        joined = frame.copy()
        joined[:_JOIN] = passing + (frame[:_JOIN] - passing) * _UP
        return self.follow(joined)

    def make_up(self, *, quickly: bool = False) -> Pcm | None:
        """20 ms for which there is no sound: the last pitch again, soon fainter; None when that is over."""
        if self.spent:
            self._made_up = GIVE_UP
            return None
        before = self._gain
        going_on = self._go_on(FRAME_SAMPLES)
        self._made_up = GIVE_UP if quickly else self._made_up + 1
        gain = np.linspace(before, self._gain, FRAME_SAMPLES, dtype=np.float32)
        begin = self._made_up % 8 * FRAME_SAMPLES
        hiss = self._hiss[begin : begin + FRAME_SAMPLES]
        frame: Pcm = np.clip(going_on * gain + hiss * (1 - gain), -32_768, 32_767).astype(np.int16)
        self._older, self._old = self._old, frame
        return frame

    @property
    def _gain(self) -> float:
        """Full for the first 20 ms, then 6 dB less with each frame."""
        if self._made_up >= GIVE_UP:
            return 0.0
        return 1.0 if self._made_up < 2 else 0.5 ** (self._made_up - 1)

    def _go_on(self, count: int) -> NDArray[np.float32]:
        if self._loop is None:
            self._loop, self._phase = self._pitch(), 0
        at = (self._phase + np.arange(count)) % len(self._loop)
        self._phase = (self._phase + count) % len(self._loop)
        going_on = self._loop[at]
        if self._made_up == 0:
            length = min(count, len(_SMOOTH))
            going_on[:length] += self._step * _SMOOTH[:length]
        return going_on

    def _pitch(self) -> NDArray[np.float32]:
        """The last period of the voice, its end bent to its beginning so that it can go round."""
        past = np.concatenate((self._older, self._old)).astype(np.float32)
        period = best_lag(past)
        loop = past[-period:].copy()
        quarter = period // 4
        up = (np.arange(quarter, dtype=np.float32) + 1) / (quarter + 1)
        loop[-quarter:] += (past[-period - quarter : -period] - loop[-quarter:]) * up
        self._step = float(past[-1] - past[-period - 1])
        return loop


def best_lag(sound: NDArray[np.float32]) -> int:
    """How many samples back the end of ``sound`` (320 of them) is most like itself."""
    template = sound[-_TEMPLATE:]
    searched = sound[-_TEMPLATE - _LONGEST : -_SHORTEST]
    likeness = np.correlate(searched, template, "valid")
    power = np.cumsum(np.concatenate((np.zeros(1), searched.astype(np.float64) ** 2)))
    energy = power[_TEMPLATE:] - power[:-_TEMPLATE]
    score = likeness / np.sqrt(energy + 1e3)
    return _LONGEST - int(np.argmax(score))


def squeeze(sound: Pcm) -> tuple[Pcm, int]:
    """A frame out of two (``sound``), shorter by the answered number of samples: a pitch period, or in a pause all."""
    wide = sound.astype(np.float32)
    loud = float(np.sqrt(np.dot(wide, wide) / len(wide)))
    cut = FRAME_SAMPLES if loud < _QUIET else best_lag(wide)
    cut = min(cut, len(sound) - FRAME_SAMPLES)
    rising = np.linspace(0, 1, FRAME_SAMPLES, dtype=np.float32)
    first, second = wide[:FRAME_SAMPLES], wide[cut : cut + FRAME_SAMPLES]
    return (first + (second - first) * rising).astype(np.int16), cut
