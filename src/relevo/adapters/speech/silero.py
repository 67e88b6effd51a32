"""Silero VAD over many calls in one inference: the graph takes a batch, and a batch costs a fifth per call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relevo.calls.ports import DETECTOR_WINDOW, SPEECH_RATE

CONTEXT = 64
"""Samples of the last window that the 16 kHz model wants in front of the next one (Silero v5/v6)."""
STATE = 128


class Silero:
    def __init__(self, model: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._rate = np.array(SPEECH_RATE, np.int64)
        self._state: dict[str, NDArray[np.float32]] = {}
        self._context: dict[str, NDArray[np.float32]] = {}

    def probabilities(self, streams: Sequence[str], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        count = len(streams)
        sound = np.empty((count, CONTEXT + DETECTOR_WINDOW), np.float32)
        state = np.empty((2, count, STATE), np.float32)
        for row, stream in enumerate(streams):
            known = self._state.get(stream)
            state[:, row] = 0 if known is None else known
            sound[row, :CONTEXT] = 0 if known is None else self._context[stream]
        sound[:, CONTEXT:] = windows
        found, after = self._session.run(None, {"input": sound, "state": state, "sr": self._rate})
        for row, stream in enumerate(streams):
            self._state[stream] = after[:, row].copy()
            self._context[stream] = sound[row, -CONTEXT:].copy()
        probabilities: NDArray[np.float32] = found[:, 0]
        return probabilities

    def forget(self, stream: str) -> None:
        self._state.pop(stream, None)
        self._context.pop(stream, None)
