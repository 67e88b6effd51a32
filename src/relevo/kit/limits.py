"""How often somebody may do something: counted in memory, per process, by the clock that is passed in."""

from __future__ import annotations

from relevo.kit.clock import Clock
from relevo.kit.errors import TooMany

KEYS = 10_000
"""Beyond so many keys, and then beyond twice as many as are still counted, those that are over are swept."""


class Limit:
    """At most ``per_minute`` uses per key, or so many in ``seconds``, in a window that slides by the clock."""

    def __init__(self, clock: Clock, per_minute: int, *, seconds: int = 60) -> None:
        self._clock = clock
        self._limit = per_minute
        self._seconds = seconds
        self._used: dict[str, list[float]] = {}
        self._most = KEYS

    def use(self, key: str) -> None:
        """Count one more use, or raise ``TooMany``."""
        now = self._clock.now().timestamp()
        recent = [at for at in self._used.get(key, ()) if at > now - self._seconds]
        if len(recent) >= self._limit:
            raise TooMany("slow_down")
        self._used[key] = [*recent, now]
        if len(self._used) > self._most:
            self._used = {key: times for key, times in self._used.items() if times[-1] > now - self._seconds}
            self._most = max(KEYS, 2 * len(self._used))
