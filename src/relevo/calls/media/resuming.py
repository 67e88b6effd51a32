"""Where to go on with a sentence that was broken off: at its clause if that has just begun, else at the last short gap.

Pure: mu-law in, a position out. Nobody likes to hear half a word again, nor the whole minute.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.ports import LINE_RATE

CLAUSE_MS = 1_500
"""A clause that began no longer ago is said again from its beginning."""
BACK_MS = 1_200
"""How far back a gap between words is looked for."""
LEAST_MS = 200
"""What was said in the very last moment was not understood: the customer spoke."""
_BLOCK = LINE_RATE // 100
_GAP = 3
"""Blocks of 10 ms that make a gap."""
_SOFT = 0.12
"""Of the loudest block: quieter than any vowel."""


def resume_at(sound: bytes | bytearray, played: int, clauses: Sequence[int]) -> int:
    """The sample to go on from, when ``played`` samples were heard; ``clauses`` are the samples where they begin."""
    begin = max((start for start in clauses if start <= played), default=0)
    if played - begin <= CLAUSE_MS * LINE_RATE // 1_000:
        return begin
    until = played - LEAST_MS * LINE_RATE // 1_000
    since = max(begin, played - BACK_MS * LINE_RATE // 1_000)
    pcm = mulaw.decode(bytes(sound[since:until])).astype(np.float32)
    levels = np.abs(pcm[: len(pcm) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)).mean(axis=1)
    soft = levels <= _SOFT * levels.max()
    run = 0
    for block in range(len(soft) - 1, -1, -1):
        run = run + 1 if soft[block] else 0
        if run == _GAP:
            return since + (block + _GAP - 1) * _BLOCK
    return since
