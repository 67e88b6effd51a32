"""Silero VAD over many streams in one inference, at the telephone's own rate: a batch costs a fraction per stream.
Every stream has a row in arrays that grow; nothing is done per stream in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from relevo.adapters.speech import weights
from relevo.calls.ports import DETECTOR_WINDOW, LINE_RATE

CONTEXT = 32
"""Samples of the last window that the 8 kHz model wants in front of the next one (Silero v5/v6)."""
STATE = 128

Floats = NDArray[np.float32]


class Settings(BaseModel):
    """Which Silero (v5 or v6, ONNX) to load."""

    model_config = ConfigDict(extra="forbid")
    model: Path | None = None
    """Empty for the packaged one."""


class Silero:
    name = "silero"

    def __init__(self, settings: Settings | None = None) -> None:
        """Loads the model (about 0.1 s). Raises ``Misconfigured`` if there is none."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = (settings or Settings()).model or weights.silero()
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._rate = np.array(LINE_RATE, np.int64)
        self._state = np.zeros((2, 0, STATE), np.float32)
        self._context = np.zeros((0, CONTEXT), np.float32)
        self._free: list[int] = []

    def open(self) -> int:
        if not self._free:
            self._grow()
        row = self._free.pop()
        self._state[:, row] = 0
        self._context[row] = 0
        return row

    def close(self, row: int) -> None:
        self._free.append(row)

    def probabilities(self, rows: Sequence[int], windows: Floats) -> Floats:
        if not len(rows):
            return np.zeros(0, np.float32)
        at = np.asarray(rows)
        sound = np.concatenate([self._context[at], windows], axis=1)
        found, after = self._session.run(None, {"input": sound, "state": self._state[:, at], "sr": self._rate})
        self._state[:, at] = after
        self._context[at] = windows[:, DETECTOR_WINDOW - CONTEXT :]
        probabilities: Floats = found[:, 0]
        return probabilities

    def _grow(self) -> None:
        have = len(self._context)
        more = max(16, have)
        self._state = np.concatenate([self._state, np.zeros((2, more, STATE), np.float32)], axis=1)
        self._context = np.concatenate([self._context, np.zeros((more, CONTEXT), np.float32)])
        self._free.extend(reversed(range(have, have + more)))
