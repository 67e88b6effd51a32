"""Mu-law against the standard library's coder, all code points."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from relevo.calls.media import mulaw

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    audioop = pytest.importorskip("audioop")

EVERY_SAMPLE = np.arange(-32_768, 32_768).astype(np.int16)


def test_every_code_decodes_as_the_standard_says() -> None:
    codes = bytes(range(256))
    assert mulaw.decode(codes).tobytes() == audioop.ulaw2lin(codes, 2)


def test_every_sample_encodes_as_the_standard_says() -> None:
    assert mulaw.encode(EVERY_SAMPLE) == audioop.lin2ulaw(EVERY_SAMPLE.tobytes(), 2)


def test_silence_is_silent() -> None:
    assert mulaw.decode(bytes([mulaw.SILENCE]))[0] == 0
