"""G.711 mu-law by table: 256 entries to decode, 65,536 to encode. Laid out for speed; identical to the ITU code points.

Works on arrays of any shape, so that many calls can be coded in one go. It does not resample and knows no containers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import FRAME_SAMPLES, Pcm

_BIAS = 0x84
_CLIP = 8_159
_SEGMENT_ENDS = np.array([0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF, 0x1FFF])

SILENCE = 0xFF
QUIET = bytes([SILENCE]) * FRAME_SAMPLES
"""A frame in which nothing is heard."""


def _decoding_table() -> Pcm:
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS) << ((code & 0x70) >> 4)
    return np.where(code & 0x80, _BIAS - magnitude, magnitude - _BIAS).astype(np.int16)


def _encoding_table() -> NDArray[np.uint8]:
    """Indexed by the sample's bits read as unsigned, which spares a subtraction per sample."""
    sample = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32) >> 2
    mask = np.where(sample < 0, 0x7F, 0xFF)
    magnitude = np.minimum(np.abs(sample), _CLIP) + (_BIAS >> 2)
    segment = np.searchsorted(_SEGMENT_ENDS, magnitude)
    code = (segment << 4) | ((magnitude >> (segment + 1)) & 0x0F)
    return (np.where(segment >= 8, 0x7F, code) ^ mask).astype(np.uint8)


_TO_LINEAR = _decoding_table()
_TO_MULAW = _encoding_table()
TO_FLOAT: NDArray[np.float32] = (_TO_LINEAR / 32_768).astype(np.float32)
"""Mu-law code to a sample in -1..1."""


def decode(payload: bytes) -> Pcm:
    """Mu-law bytes to 16-bit samples."""
    return _TO_LINEAR[np.frombuffer(payload, np.uint8)]


def encode(pcm: Pcm) -> bytes:
    """16-bit samples to mu-law bytes."""
    return _TO_MULAW[pcm.view(np.uint16)].tobytes()
