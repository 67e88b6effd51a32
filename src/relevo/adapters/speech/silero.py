"""Silero VAD over many calls in one inference: the graph takes a batch, and a batch costs a fifth per call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from relevo.adapters.speech import weights
from relevo.calls.ports import DETECTOR_WINDOW, SPEECH_RATE

CONTEXT = 64
"""Samples of the last window that the 16 kHz model wants in front of the next one (Silero v5/v6)."""
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
        self._rate = np.array(SPEECH_RATE, np.int64)
        self._state: dict[str, tuple[Floats, Floats]] = {}
        """Per stream: the network's memory [2, STATE] and the end of the last window [CONTEXT]."""
        self._fresh = (np.zeros((2, STATE), np.float32), np.zeros(CONTEXT, np.float32))

    def probabilities(self, streams: Sequence[str], windows: Floats) -> Floats:
        count = len(streams)
        if not count:
            return np.zeros(0, np.float32)
        sound = np.empty((count, CONTEXT + DETECTOR_WINDOW), np.float32)
        sound[:, CONTEXT:] = windows
        state = np.empty((2, count, STATE), np.float32)
        for row, stream in enumerate(streams):
            state[:, row], sound[row, :CONTEXT] = self._state.get(stream, self._fresh)
        found, after = self._session.run(None, {"input": sound, "state": state, "sr": self._rate})
        for row, stream in enumerate(streams):
            self._state[stream] = (after[:, row].copy(), sound[row, -CONTEXT:].copy())
        probabilities: Floats = found[:, 0]
        return probabilities

    def forget(self, stream: str) -> None:
        self._state.pop(stream, None)

    def __len__(self) -> int:
        return len(self._state)
