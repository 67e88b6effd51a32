"""Long sound cut where nobody speaks, into pieces that a recogniser takes at once. Pure: samples in, samples out.

Silence is judged against the sound itself: against its own quiet and its own loud moments. Dead air is dropped, long
pauses are shortened, and words are only cut in two where somebody does not breathe for as long as a piece may last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import SPEECH_RATE, Pcm

MOST_SECONDS = 24.0
WANTED_SECONDS = 12.0
"""From here on a piece ends at the next real pause: shorter pieces cost less than their share."""
_STEP = SPEECH_RATE // 50
_MARGIN = 10
"""Steps kept around what is loud: soft consonants."""
_PAUSE = 15
"""Steps of silence that are a pause between words."""
_REAL_PAUSE = 30
_LONGEST_PAUSE = 40
"""What is left of longer ones."""
_INAUDIBLE = 33.0
"""RMS of a step (-60 dB)."""
_LEAST_OF_LOUD, _MOST_OF_LOUD = 0.03, 0.1
_ABOVE_FLOOR = 2.0

Span = tuple[int, int]
"""From one step to before another."""


def cut(pcm: Pcm) -> list[Pcm]:
    """The pieces in which there is something to hear, in order. Empty: silence."""
    levels = _levels(pcm)
    most = int(MOST_SECONDS * SPEECH_RATE / _STEP)
    spans = [part for span in _loud(levels) for part in _bearable(span, levels, most)]
    return [_joined(pcm, group) for group in _groups(spans, most)]


def _levels(pcm: Pcm) -> NDArray[np.float32]:
    steps = pcm[: len(pcm) // _STEP * _STEP].reshape(-1, _STEP).astype(np.float32)
    found: NDArray[np.float32] = np.sqrt(np.mean(steps**2, axis=1))
    return found


def _loud(levels: NDArray[np.float32]) -> list[Span]:
    """Where somebody speaks, pauses left out."""
    if not len(levels):
        return []
    loudest, floor = float(np.percentile(levels, 95)), float(np.percentile(levels, 10))
    least = min(max(floor * _ABOVE_FLOOR, loudest * _LEAST_OF_LOUD), loudest * _MOST_OF_LOUD)
    loud = np.flatnonzero(levels > max(least, _INAUDIBLE))
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > _PAUSE + 2 * _MARGIN)
    begins = loud[np.concatenate(([0], breaks + 1))]
    ends = loud[np.concatenate((breaks, [len(loud) - 1]))] + 1
    return [
        (max(0, int(begin) - _MARGIN), min(len(levels), int(end) + _MARGIN))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _bearable(span: Span, levels: NDArray[np.float32], most: int) -> list[Span]:
    """Somebody who does not breathe is cut at the quietest moment of the last third of what may be."""
    parts = []
    begin, end = span
    while end - begin > most:
        third = begin + most * 2 // 3
        at = third + int(np.argmin(levels[third : begin + most]))
        parts.append((begin, at))
        begin = at
    return [*parts, (begin, end)]


def _groups(spans: list[Span], most: int) -> list[list[Span]]:
    wanted = int(WANTED_SECONDS * SPEECH_RATE / _STEP)
    groups: list[list[Span]] = []
    size = 0
    for span in spans:
        length = span[1] - span[0]
        pause = min(span[0] - groups[-1][-1][1], _LONGEST_PAUSE) if groups else 0
        full = size + pause + length > most or (size >= wanted and pause >= _REAL_PAUSE - 2 * _MARGIN)
        if not groups or full:
            groups.append([span])
            size = length
        else:
            groups[-1].append(span)
            size += pause + length
    return groups


def _joined(pcm: Pcm, group: list[Span]) -> Pcm:
    """The sound of some spans with what lies between them, as far as that is worth waiting for."""
    parts: list[Pcm] = []
    for index, (begin, end) in enumerate(group):
        if index:
            before = group[index - 1][1]
            parts.append(pcm[before * _STEP : (before + min(begin - before, _LONGEST_PAUSE)) * _STEP])
        parts.append(pcm[begin * _STEP : end * _STEP])
    return np.concatenate(parts)
