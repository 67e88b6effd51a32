"""Which windows are surely silence, so that no network need look at them. Pure: powers and noise floors in and out.

A telephone line is quiet most of the time: one side listens. What is nearly inaudible and lies at the line's own noise
is silence without a second opinion; everything else, however faint, is left to the detector.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INAUDIBLE = np.float32(10 ** (-55 / 10))
"""Mean square (of full scale) below which nobody is understood: -55 dB."""
ABOVE_FLOOR = np.float32(10 ** (6 / 10))
RISE = np.float32(10 ** (0.1 / 10))
"""Per window of 32 ms: the floor follows a line that has become noisier at 3 dB a second, and a quieter one at once."""
LEAST_FLOOR = np.float32(1e-9)
UNKNOWN_FLOOR = np.float32(np.inf)
"""Of a line that has not been heard yet."""

Floats = NDArray[np.float32]


def powers(windows: Floats) -> Floats:
    """Mean square of each window."""
    mean: Floats = np.einsum("ij,ij->i", windows, windows) / np.float32(windows.shape[1])
    return mean


def followed(floors: Floats, power: Floats) -> Floats:
    """The noise floors after one more window of each line."""
    floor: Floats = np.maximum(np.minimum(power, floors * RISE), LEAST_FLOOR)
    return floor


def silent(floors: Floats, power: Floats) -> NDArray[np.bool_]:
    """Which windows are surely silence."""
    return (power < INAUDIBLE) & (power < floors * ABOVE_FLOOR)
