"""Listening on all calls at once: one call of the speech detector per beat, whatever the number of calls.

Laid out for speed. An ``Ear`` collects a speaker's mu-law until 32 ms are there; ``Ears`` decodes all windows that are
complete with one table look-up, judges them in one batch and tells each speaker's probability. It does not decide what
is a turn (``calls.rules``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from relevo.calls.media import mulaw
from relevo.calls.media.clock import MediaClock
from relevo.calls.ports import DETECTOR_WINDOW, SpeechDetector
from relevo.kit import log

_log = log.get("calls.ears")

MOST_PENDING = 16_000
"""Samples of one speaker that may wait to be judged (2 s); older ones are given up."""
ROUNDS = 4
"""Windows of one speaker that are judged in one beat: sound that comes in a burst costs others nothing."""

Hear = Callable[[float, bytes], None]
"""(probability of speech, the 32 ms of mu-law it is about)"""


class Ear:
    __slots__ = ("_pending", "_ready", "hear", "open", "row")

    def __init__(self, row: int, hear: Hear, ready: list[Ear]) -> None:
        self.row = row
        self.hear = hear
        self.open = True
        self._pending = bytearray()
        self._ready = ready

    def push(self, sound: bytes) -> None:
        pending = self._pending
        before = len(pending)
        pending += sound
        if len(pending) > MOST_PENDING:
            del pending[: len(pending) - MOST_PENDING]
        if before < DETECTOR_WINDOW <= len(pending):
            self._ready.append(self)

    def window(self) -> bytes:
        """The oldest window. Only to be asked for by ``Ears``, when there is one."""
        pending = self._pending
        window = bytes(pending[:DETECTOR_WINDOW])
        del pending[:DETECTOR_WINDOW]
        if len(pending) >= DETECTOR_WINDOW:
            self._ready.append(self)
        return window


class Ears:
    def __init__(self, detector: SpeechDetector, clock: MediaClock) -> None:
        self._detector = detector
        self._ready: list[Ear] = []
        clock.after(self._listen)

    def open(self, hear: Hear) -> Ear:
        """Start listening; ``hear`` is called for every 32 ms of sound."""
        return Ear(self._detector.open(), hear, self._ready)

    def close(self, ear: Ear) -> None:
        if ear.open:
            ear.open = False
            self._detector.close(ear.row)

    def _listen(self) -> None:
        for _ in range(ROUNDS):
            ears = [ear for ear in self._ready if ear.open]
            self._ready.clear()
            if not ears:
                return
            windows = [ear.window() for ear in ears]
            sound = mulaw.TO_FLOAT[np.frombuffer(b"".join(windows), np.uint8)].reshape(-1, DETECTOR_WINDOW)
            judged = self._detector.probabilities([ear.row for ear in ears], sound).tolist()
            for ear, window, probability in zip(ears, windows, judged, strict=True):
                try:
                    ear.hear(probability, window)
                except Exception:
                    # One speaker's trouble is nobody else's: they are not listened to any more.
                    _log.exception("a listener failed")
                    self.close(ear)
