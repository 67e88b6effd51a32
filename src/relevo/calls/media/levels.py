"""What makes a headset sound as if it had been on the line all along: band, noise, loudness, peaks.

Laid out for speed: all headsets of a tick are one array, and a headset is a row of state. It learns each voice and each
room all the time, also outside calls, so that both are right at the moment of takeover. It adds no delay, draws no
randomness of its own beyond a seed, and does not decide who is heard.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Pcm

Sound = NDArray[np.float32]

TARGET_DB = -20.0
"""Loudness of speech (dBFS, RMS while somebody speaks)."""
FLOOR_DB = -65.0
"""Loudness of the background."""
BAND = (200.0, 3_600.0)
LEAST_GAIN, MOST_GAIN = -12.0, 24.0
FULL = 32_768.0
KNEE = 0.6
"""From here on (-4.4 dBFS) peaks are bent; full scale is never reached."""

_SLOW = 2_000 // FRAME_MS
_STRANGE_DB = 9.0
_ACTIVE_DB = 15.9
_ABOVE_DB = 9.0
_QUIETEST_DB = -60.0
_LOUDEST_ROOM_DB = -40.0
_DIGITAL_DB = -85.0
_HANGOVER = 200 // FRAME_MS
_NOISE = 1 << 15
_SILENT = np.float32(10 ** (_DIGITAL_DB / 20))
_RAMP: Sound = (np.arange(1, FRAME_SAMPLES + 1, dtype=np.float32) / FRAME_SAMPLES).astype(np.float32)


def active_level(pcm: Pcm) -> float:
    """Loudness of the speech in ``pcm`` in dBFS RMS, pauses not counted (in the manner of ITU-T P.56).

    -100 when there is none.
    """
    whole = len(pcm) // FRAME_SAMPLES * FRAME_SAMPLES
    if not whole:
        return -100.0
    power = np.mean((pcm[:whole].reshape(-1, FRAME_SAMPLES) / FULL) ** 2, axis=1)
    level = float(power.max())
    for _ in range(20):
        active = power[power >= level / 10 ** (_ACTIVE_DB / 10)]
        found = float(active.mean()) if len(active) else 0.0
        if abs(found - level) <= level * 1e-6:
            break
        level = found
    return 10 * float(np.log10(max(level, 1e-10)))


def comfort(samples: int, seed: int = 0, *, floor_db: float = FLOOR_DB) -> Pcm:
    """Background noise of the line, the same for the same seed."""
    noise: Pcm = np.round(_noise(samples, seed) * FULL * 10 ** (floor_db / 20)).astype(np.int16)
    return noise


def fade(frame: Pcm, *, ms: int = 10, out: bool = False) -> Pcm:
    """``frame`` with its first ``ms`` faded in, or with it faded out to silence after ``ms``; equal power."""
    length = min(len(frame), LINE_RATE * ms // 1_000)
    curve = np.sin(np.pi / 2 * (np.arange(length) + 0.5) / length)
    faded = frame.copy()
    if out:
        faded[:length] = frame[:length] * curve[::-1]
        faded[length:] = 0
    else:
        faded[:length] = frame[:length] * curve
    return faded


def mix(frames: Sequence[Pcm] | Pcm) -> Pcm:
    """The sum over the last axis but one, peaks bent instead of cut. Works on many mixes at once."""
    summed: Sound = np.asarray(frames).sum(axis=-2, dtype=np.float32) * np.float32(1 / FULL)
    return to_pcm(bent(summed))


def bent(sound: Sound) -> Sound:
    """A knee that leaves everything below it alone and never reaches full scale."""
    size = np.abs(sound)
    if size.size == 0 or size.max() <= KNEE:
        return sound
    room = np.float32(0.985 - KNEE)
    over = KNEE + room * np.tanh((size - np.float32(KNEE)) / room)
    return np.where(size > KNEE, np.copysign(over, sound), sound)


def to_pcm(sound: Sound) -> Pcm:
    """-1..1 to 16 bit, rounded; what is beyond must have been bent before."""
    pcm: Pcm = np.rint(sound * np.float32(FULL - 1)).astype(np.int16)
    return pcm


class Levels:
    """One per process. ``target_db`` follows the bot's voice and may be set at any time."""

    def __init__(self, *, target_db: float = TARGET_DB, floor_db: float = FLOOR_DB, seed: int = 0) -> None:
        self.target_db = target_db
        self.floor_db = floor_db
        self._band = _Band(*BAND)
        self._noise = _noise(_NOISE + FRAME_SAMPLES, seed)
        self._slices = np.lib.stride_tricks.sliding_window_view(self._noise, FRAME_SAMPLES)
        self._free: list[int] = []
        self._ticks = 0
        self._state = np.zeros((0, _Band.order), np.float32)
        self._room = np.zeros(0)
        self._voice = np.zeros(0)
        self._spoken = np.zeros(0, np.int64)
        self._hold = np.zeros(0, np.int64)
        self._gain = np.zeros(0, np.float32)
        self._gate = np.zeros(0, np.float32)
        self._limit = np.zeros(0, np.float32)

    def open(self) -> int:
        """A row for a new headset, of which nothing is known."""
        if not self._free:
            self._grow(max(8, len(self._room)))
        row = self._free.pop()
        self._state[row] = 0.0
        self._room[row] = np.nan
        self._voice[row] = np.nan
        self._spoken[row] = 0
        self._hold[row] = 0
        self._gain[row] = self._gate[row] = self._limit[row] = 1.0
        return row

    def close(self, row: int) -> None:
        self._free.append(row)

    def gain_db(self, row: int) -> float:
        """What is added to this voice now."""
        return float(20 * np.log10(self._gain[row]))

    def room_db(self, row: int) -> float:
        """The headset's own background in dBFS, before any gain; not a number while nothing was heard."""
        return float(self._room[row])

    def match(self, rows: ArrayLike, frames: Pcm) -> Pcm:
        """One tick: ``frames`` [n, 160] of the headsets in ``rows``, as they should sound.

        Give zeros for a headset from which nothing has come: nothing is learned from them and only the line's
        background is heard.
        """
        at = np.asarray(rows, np.intp)
        self._ticks += 1
        if not len(at):
            return np.zeros((0, FRAME_SAMPLES), np.int16)
        sound, self._state[at] = self._band(frames.astype(np.float32) * np.float32(1 / FULL), self._state[at])
        level = 10 * np.log10(np.einsum("ij,ij->i", sound, sound) / FRAME_SAMPLES + 1e-12)
        gain = self._learn(at, level)
        gate = self._gated(at, gain)
        self._move(sound, at, self._gain, gain)
        self._move(sound, at, self._gate, gate)
        self._calm(sound, at)
        begin = (self._ticks * 7_919 + at * 1_543) % _NOISE
        sound += self._slices[begin] * np.float32(10 ** (self.floor_db / 20))
        return to_pcm(bent(sound))

    def _learn(self, at: NDArray[np.intp], level: NDArray[np.float32]) -> NDArray[np.float32]:
        """Follow the rooms' backgrounds and the voices' loudness; answers the gain each row should have."""
        heard = level > _DIGITAL_DB
        room = self._room[at]
        first = heard & np.isnan(room)
        room = np.where(first, np.minimum(level, _QUIETEST_DB), room)
        down, up = room + 0.3 * (level - room), np.minimum(level, room + 0.06)
        room = np.where(heard & ~first, np.minimum(np.where(level < room, down, up), _LOUDEST_ROOM_DB), room)
        self._room[at] = room

        voice, spoken = self._voice[at], self._spoken[at]
        known = np.where(np.isnan(voice), -np.inf, voice)
        speaks = heard & (level > room + _ABOVE_DB) & (level > _QUIETEST_DB) & (level > known - _ACTIVE_DB)
        self._hold[at] = np.where(speaks, _HANGOVER, np.maximum(self._hold[at] - 1, 0))
        # An average of what was said so far, later of the last seconds. A voice far from what is known (another person
        # puts the headset on) is learned four times as fast.
        weight = np.where(np.abs(level - known) > _STRANGE_DB, 4.0, 1.0) / _SLOW
        weight = np.maximum(weight, 1 / (np.minimum(spoken, _SLOW) + 1))
        power = 10 ** (level / 10)
        old = np.where(np.isnan(voice), power, 10 ** (np.nan_to_num(voice) / 10))
        learned = 10 * np.log10(old + weight * (power - old))
        self._voice[at] = voice = np.where(speaks, learned, voice)
        self._spoken[at] = spoken + speaks
        wanted = np.where(np.isnan(voice), 0.0, np.clip(self.target_db - voice, LEAST_GAIN, MOST_GAIN))
        return (10 ** (wanted / 20)).astype(np.float32)

    def _gated(self, at: NDArray[np.intp], gain: NDArray[np.float32]) -> NDArray[np.float32]:
        """Open while somebody speaks; closed just as far as the room stays under the line's background."""
        too_loud = np.nan_to_num(self._room[at], nan=-100.0) + 3 + 20 * np.log10(gain) - (self.floor_db - 6)
        closed = 10 ** (-np.clip(too_loud, 0, 60) / 20)
        falling = np.maximum(closed, self._gate[at] * 0.5)
        return np.where(self._hold[at] > 0, 1.0, np.minimum(falling, 1.0)).astype(np.float32)

    def _calm(self, sound: Sound, at: NDArray[np.intp]) -> None:
        """Peaks above the knee lower the whole frame; the way back takes half a second."""
        peak = np.abs(sound).max(axis=1)
        wanted = np.minimum(1, np.float32(KNEE * 1.2) / np.maximum(peak, 1e-6)).astype(np.float32)
        before = self._limit[at]
        after = np.minimum(wanted, before + (1 - before) * np.float32(0.08))
        # Down at once (the frame is known as a whole), up along the frame.
        ramp = np.where((after < before)[:, None], np.minimum(1, _RAMP * 8), _RAMP)
        if (before < 1).any() or (after < 1).any():
            sound *= before[:, None] + (after - before)[:, None] * ramp
        self._limit[at] = after

    def _move(self, sound: Sound, at: NDArray[np.intp], kept: NDArray[np.float32], after: NDArray[np.float32]) -> None:
        """Multiply by what goes from the kept value to ``after`` in the first half of the frame."""
        before = kept[at]
        kept[at] = after
        sound *= before[:, None] + (after - before)[:, None] * np.minimum(1, 2 * _RAMP)

    def _grow(self, more: int) -> None:
        size = len(self._room)
        self._state = np.concatenate((self._state, np.zeros((more, _Band.order), np.float32)))
        self._room, self._voice = (np.append(old, np.zeros(more)) for old in (self._room, self._voice))
        self._spoken, self._hold = (np.append(old, np.zeros(more, np.int64)) for old in (self._spoken, self._hold))
        self._gain, self._gate, self._limit = (
            np.append(old, np.ones(more, np.float32)) for old in (self._gain, self._gate, self._limit)
        )
        self._free.extend(range(size + more - 1, size - 1, -1))


class _Band:
    """A recursive band-pass over whole frames at once: one matrix takes sound and state to sound and state.

    The matrix is found by letting the sample-by-sample filter run on unit inputs, so both are the same filter.
    """

    order = 4

    def __init__(self, low: float, high: float) -> None:
        self._sections = [_section(low, high_pass=True), _section(high, high_pass=False)]
        self._matrix = self._run(np.eye(FRAME_SAMPLES + self.order)).astype(np.float32)

    def __call__(self, sound: Sound, state: Sound) -> tuple[Sound, Sound]:
        passed = np.concatenate((sound, state), axis=1) @ self._matrix
        return passed[:, :FRAME_SAMPLES], passed[:, FRAME_SAMPLES:]

    def _run(self, given: NDArray[np.float64]) -> NDArray[np.float64]:
        """The filter as it is written in books, on many sounds (and states behind them) at once."""
        state = given[:, FRAME_SAMPLES:].copy()
        passed = np.empty_like(given)
        for index in range(FRAME_SAMPLES):
            sample = given[:, index]
            for section, (b0, b1, b2, a1, a2) in enumerate(self._sections):
                first, second = 2 * section, 2 * section + 1
                out = b0 * sample + state[:, first]
                state[:, first] = b1 * sample - a1 * out + state[:, second]
                state[:, second] = b2 * sample - a2 * out
                sample = out
            passed[:, index] = sample
        passed[:, FRAME_SAMPLES:] = state
        return passed


def _section(hz: float, *, high_pass: bool) -> tuple[float, float, float, float, float]:
    """A second-order Butterworth section."""
    turn = 2 * np.pi * hz / LINE_RATE
    alpha, cosine = np.sin(turn) / np.sqrt(2), np.cos(turn)
    edge = (1 + cosine if high_pass else 1 - cosine) / 2
    middle = -2 * edge if high_pass else 2 * edge
    scale = 1 + alpha
    return edge / scale, middle / scale, edge / scale, -2 * cosine / scale, (1 - alpha) / scale


def _noise(samples: int, seed: int) -> Sound:
    """White noise of power one, its peaks cut at three times that."""
    drawn = np.random.default_rng(seed).standard_normal(samples)
    return np.clip(drawn, -3, 3).astype(np.float32)
