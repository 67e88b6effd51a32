"""Listening on all calls at once: one call of the speech detector per beat, whatever the number of calls.

Laid out for speed. An ``Ear`` collects a call's sound as 32 ms windows at 16 kHz; ``Ears`` judges all windows that are
complete in one batch and tells each call its probability. It does not decide what is a turn (``calls.rules``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from relevo.calls.media.clock import MediaClock
from relevo.calls.media.rates import Doubler
from relevo.calls.ports import DETECTOR_WINDOW, Pcm, SpeechDetector

Window = NDArray[np.float32]
Hear = Callable[[float, Window], None]


class Ear:
    def __init__(self, stream: str, hear: Hear) -> None:
        self.stream = stream
        self.hear = hear
        self._doubler = Doubler()
        self._pending: Window = np.zeros(0, np.float32)

    def push(self, pcm: Pcm) -> None:
        self._pending = np.concatenate((self._pending, self._doubler.push(pcm)))

    def window(self) -> Window | None:
        if len(self._pending) < DETECTOR_WINDOW:
            return None
        window, self._pending = self._pending[:DETECTOR_WINDOW], self._pending[DETECTOR_WINDOW:]
        return window


class Ears:
    def __init__(self, detector: SpeechDetector, clock: MediaClock) -> None:
        self._detector = detector
        self._ears: dict[str, Ear] = {}
        clock.after(self._listen)

    def open(self, stream: str, hear: Hear) -> Ear:
        """Start listening; ``hear(probability, window)`` is called for every 32 ms of sound."""
        ear = self._ears[stream] = Ear(stream, hear)
        return ear

    def close(self, stream: str) -> None:
        if self._ears.pop(stream, None) is not None:
            self._detector.forget(stream)

    def _listen(self) -> None:
        while True:
            ready = [(ear, window) for ear in self._ears.values() if (window := ear.window()) is not None]
            if not ready:
                return
            judged = self._detector.probabilities(
                [ear.stream for ear, _ in ready], np.stack([window for _, window in ready])
            )
            for (ear, window), probability in zip(ready, judged, strict=True):
                ear.hear(float(probability), window)
