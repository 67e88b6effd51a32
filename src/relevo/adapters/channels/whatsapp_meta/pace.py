"""How fast a number may send: so many a second in all, and one message in a few seconds to the same customer, of which
some may be borrowed. Pure: the time is passed in, and nobody waits here.
"""

from __future__ import annotations

_MOST_PAIRS = 10_000


class Bucket:
    """``burst`` at once, then ``per_second``."""

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self._rate = per_second
        self._burst = burst
        self._left = burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until the next one may go; 0 for now."""
        self._fill(now)
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate

    def take(self, now: float) -> None:
        self._fill(now)
        self._left -= 1

    def empty(self, now: float) -> None:
        """Somebody who counts better says that there was nothing left."""
        self._fill(now)
        self._left = min(self._left, 0.0)

    def is_full(self, now: float) -> bool:
        self._fill(now)
        return self._left >= self._burst

    def _fill(self, now: float) -> None:
        self._left = min(self._burst, self._left + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)


class Pace:
    """One number: the rate of all, and a rate for each customer."""

    def __init__(self, per_second: float, pair_burst: int, pair_seconds: float, now: float) -> None:
        self._all = Bucket(per_second, max(1.0, per_second), now)
        self._pair_rate = 1 / pair_seconds
        self._pair_burst = pair_burst
        self._pairs: dict[str, Bucket] = {}

    def wait(self, to: str, now: float) -> float:
        pair = self._pairs.get(to)
        return max(self._all.wait(now), pair.wait(now) if pair else 0.0)

    def take(self, to: str, now: float) -> None:
        self._all.take(now)
        self._pair(to, now).take(now)

    def pair_refused(self, to: str, now: float) -> None:
        self._pair(to, now).empty(now)

    def refused(self, now: float) -> None:
        self._all.empty(now)

    def _pair(self, to: str, now: float) -> Bucket:
        pair = self._pairs.get(to)
        if pair is None:
            if len(self._pairs) >= _MOST_PAIRS:
                self._pairs = {to: each for to, each in self._pairs.items() if not each.is_full(now)}
            pair = self._pairs[to] = Bucket(self._pair_rate, self._pair_burst, now)
        return pair
