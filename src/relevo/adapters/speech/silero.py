"""Silero VAD over all streams in one go, at the telephone's own rate. Every stream has a row in arrays that grow.

Nothing is done per stream in Python, and a batch keeps to one thread: it must be over within a fraction of a tick.
Lasting silence is told by its level alone (``gate``); the network's memory then waits as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from relevo.adapters.speech import gate, weights
from relevo.adapters.speech.silero_network import CONTEXT, STATE, Network
from relevo.adapters.speech.tensors import constants
from relevo.calls.ports import DETECTOR_WINDOW
from relevo.kit.errors import Misconfigured

HOLD = 8
"""Silent windows that the network still sees, so that its memory of speech has faded when it is left alone."""
_FIRST_ROWS = 16

Floats = NDArray[np.float32]


class Silero:
    name = "silero"

    def __init__(self) -> None:
        """Loads the model (about 20 ms). Raises ``Misconfigured`` if there is none."""
        model = weights.silero()
        try:
            self._network = Network(constants(model))
        except (KeyError, ValueError) as error:
            raise Misconfigured("weights_changed", file=model.name) from error
        # More threads than one wait for each other in a busy loop and take longer over products of this size.
        threadpool_limits(1, user_api="blas")
        self._hidden = np.zeros((0, STATE), np.float32)
        self._cell = np.zeros((0, STATE), np.float32)
        self._context = np.zeros((0, CONTEXT), np.float32)
        self._floor = np.zeros(0, np.float32)
        self._quiet = np.zeros(0, np.int32)
        self._free: list[int] = []
        self.asked = 0
        self.judged = 0
        """Windows of ``asked`` that the network has seen."""

    def open(self) -> int:
        if not self._free:
            self._grow()
        row = self._free.pop()
        self._hidden[row] = self._cell[row] = 0
        self._context[row] = 0
        self._floor[row] = gate.UNKNOWN_FLOOR
        self._quiet[row] = 0
        return row

    def close(self, row: int) -> None:
        self._free.append(row)

    def probabilities(self, rows: Sequence[int], windows: Floats) -> Floats:
        found = np.zeros(len(rows), np.float32)
        if not len(rows):
            return found
        at = np.asarray(rows, np.intp)
        power = gate.powers(windows)
        floors = self._floor[at] = gate.followed(self._floor[at], power)
        quiet = self._quiet[at] = np.where(gate.silent(floors, power), self._quiet[at] + 1, 0)
        looked = np.flatnonzero(quiet <= HOLD)
        self.asked += len(at)
        self.judged += len(looked)
        if len(looked):
            these = at[looked]
            sound = np.concatenate([self._context[these], windows[looked]], axis=1)
            found[looked], self._hidden[these], self._cell[these] = self._network(
                sound, self._hidden[these], self._cell[these]
            )
        self._context[at] = windows[:, DETECTOR_WINDOW - CONTEXT :]
        return found

    def _grow(self) -> None:
        have = len(self._quiet)
        more = have or _FIRST_ROWS
        for name in ("_hidden", "_cell", "_context", "_floor", "_quiet"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros((more, *old.shape[1:]), old.dtype)]))
        self._free.extend(range(have + more - 1, have - 1, -1))
