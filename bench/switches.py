"""What a customer hears around a takeover or a hand-back, measured on the samples.

Bot and agent speak in tones of their own. Blocks of 10 ms, one every 2.5 ms, are taken apart into the four tones by
least squares, which tells who is heard and how loud; pauses are told by the samples' energy. A fade of 10 ms and the
noise of mu-law are below the thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.measures import longest, quiet_blocks
from relevo.calls.media.levels import active_level
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

BLOCK, HOP = 80, 20
HEARD_DB = -38.0
"""A tone above this is somebody who is heard (voices are near -20)."""
SILENT = 70.0
"""RMS of a millisecond under which nothing is heard (-53 dBFS; voices are near -20)."""
STEADY = 12
"""Blocks in a row that make a voice (30 ms)."""
MS = LINE_RATE // 1_000

Floats = NDArray[np.float64]


def levels_db(sound: Pcm, voices: Sequence[Sequence[float]]) -> Floats:
    """Loudness of each voice (dBFS) in each block: [blocks, voices]."""
    hz = np.concatenate([np.asarray(voice, np.float64) for voice in voices])
    turning = 2 * np.pi * np.outer(np.arange(BLOCK) / LINE_RATE, hz)
    basis = np.linalg.pinv(np.concatenate([np.sin(turning), np.cos(turning)], axis=1))
    if len(sound) < BLOCK:
        return np.full((0, len(voices)), -100.0)
    blocks = np.lib.stride_tricks.sliding_window_view(sound / 32_768.0, BLOCK)[::HOP]
    parts = blocks @ basis.T
    power = (parts[:, : len(hz)] ** 2 + parts[:, len(hz) :] ** 2) / 2
    edges = np.cumsum([0, *(len(voice) for voice in voices)])
    summed = np.stack([power[:, a:b].sum(axis=1) for a, b in zip(edges[:-1], edges[1:], strict=True)], axis=1)
    return 10 * np.log10(summed + 1e-10)


@dataclass(frozen=True, slots=True)
class Switch:
    """From one voice to the other. Times in ms, places in samples of what was given."""

    first: int | None
    """The first sample of the new voice."""
    silence_ms: float
    """Between the old voice's last sound and the new one's first."""
    overlap_ms: float
    old_frames_after: int
    """Frames of 20 ms in which the old voice is heard after the one in which the new one began."""
    step_db: float
    dropout_ms: float
    """The longest hole in the first second of the new voice."""


def switch(sound: Pcm, old: Sequence[float], new: Sequence[float], *, old_spoke: bool) -> Switch:
    """``sound`` begins with (at most) the old voice and ends with the new one."""
    heard = levels_db(sound, (old, new))
    olds, news = heard[:, 0] > HEARD_DB, heard[:, 1] > HEARD_DB
    began = _first_steady(news)
    if began is None:
        return Switch(None, 0.0, 0.0, 0, 0.0, 0.0)
    first = _first_sound(sound, began * HOP)
    both = int(np.count_nonzero(olds & news)) * HOP - BLOCK
    quiet = quiet_blocks(sound, below=SILENT)
    frame_after = (first // FRAME_SAMPLES + 1) * FRAME_SAMPLES
    silence = 0.0
    if old_spoke:
        until = first // MS
        silence = float(_run_before(quiet, until))
    spoken = sound[first + 50 * MS : first + 1_000 * MS]
    before = sound[max(0, first - 1_000 * MS) : max(0, first - 60 * MS)]
    return Switch(
        first=first,
        silence_ms=silence,
        overlap_ms=max(0.0, both / MS),
        old_frames_after=_frames(olds, frame_after),
        step_db=active_level(spoken) - active_level(before) if old_spoke and len(before) > 400 * MS else float("nan"),
        dropout_ms=float(longest(quiet_blocks(sound[first : first + 1_000 * MS], below=SILENT))),
    )


def _first_steady(flags: NDArray[np.bool_]) -> int | None:
    run = np.convolve(flags, np.ones(STEADY, np.int64), "valid") == STEADY
    found = np.flatnonzero(run)
    return int(found[0]) if len(found) else None


def _first_sound(sound: Pcm, around: int) -> int:
    """Where the voice that a block has found begins, to the millisecond: after the last silence near it, if any."""
    start = max(0, around)
    piece = quiet_blocks(sound[start : start + BLOCK], below=SILENT)
    silent = np.flatnonzero(piece)
    return start + (int(silent[-1]) + 1) * MS if len(silent) else start


def _run_before(flags: NDArray[np.bool_], end: int) -> int:
    """Length of the run of True that ends at ``end``, forgiving what a fade leaves in its last millisecond."""
    count, at = 0, min(end, len(flags)) - 1
    while at >= 0 and flags[at]:
        count, at = count + 1, at - 1
    return count


def _frames(flags: NDArray[np.bool_], since: int) -> int:
    """Frames from sample ``since`` on of which a whole block belongs to the voice."""
    starts = np.flatnonzero(flags) * HOP
    return len({int(start) // FRAME_SAMPLES for start in starts if start >= since})
