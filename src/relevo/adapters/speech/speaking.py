"""What every local voice does around its engine: sentence by sentence, no dead air in front, natural pauses between.

Engines put up to 0.7 s of silence before an opening question mark and half a second after a full stop; on a telephone
that is waiting. Pure: text and samples in, samples out.
"""

from __future__ import annotations

import re

import numpy as np

from relevo.calls.ports import Pcm

MARGIN_SECONDS = 0.03
"""Kept before the first and after the last loud frame: soft consonants."""
_FRAME_SECONDS = 0.01
_QUIET = 150.0
"""RMS of a frame (of 32,768) below which an engine is silent; Pico's own artefacts after a sentence reach 110."""
_PAUSE_SECONDS = {".": 0.24, "!": 0.24, "?": 0.24, "…": 0.3, ";": 0.2, ":": 0.2, ",": 0.12}
_BREATH_SECONDS = 0.08
_ENDS = re.compile(r"(?<=[.!?…;:])[\"»”')\]]*\s+|\n+")
_UNSAID = re.compile(r"[¿¡«»“”\"*_#`~|<>\[\]{}\\^]+")


def sentences(text: str) -> list[str]:
    """The text in sentences, without marks that voices stumble over. What stands in brackets gets commas around it."""
    text = re.sub(r"\s*\(\s*", ", ", re.sub(r"\s*\)(?=\s*[.,;:!?…]|\s*$)", "", text)).replace(")", ",")
    parts = (re.sub(r"\s+", " ", _UNSAID.sub(" ", part)).strip() for part in _ENDS.split(text))
    return [part for part in parts if any(char.isalnum() for char in part)]


def pause(sentence: str) -> float:
    """Seconds of silence that belong after it."""
    return _PAUSE_SECONDS.get(sentence[-1:], _BREATH_SECONDS)


def trimmed(pcm: Pcm, rate: int, *, pause_seconds: float) -> Pcm:
    """The sound without the engine's own silence around it, with ours after it."""
    size = int(rate * _FRAME_SECONDS)
    frames = pcm[: len(pcm) // size * size].reshape(-1, size).astype(np.float32)
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > _QUIET)
    if not len(loud):
        return np.zeros(0, np.int16)
    margin = int(MARGIN_SECONDS * rate)
    begin = max(0, int(loud[0]) * size - margin)
    end = min(len(pcm), (int(loud[-1]) + 1) * size + margin)
    return np.concatenate([pcm[begin:end], np.zeros(int(pause_seconds * rate), np.int16)])
