"""How long things took, kept as counts per stretch of seconds, so that a median of a year is had without its rows.

Below 32 seconds every second has a stretch of its own; above, every doubling is cut into sixteen. A quantile is told as
the middle of its stretch, which is at most 3.2 % off what the rows themselves would say, and exact below 32 seconds.
"""

from __future__ import annotations

from collections.abc import Mapping

EXACT = 32
_STEPS = 16
ERROR = 1 / (2 * _STEPS)
"""The largest error of a quantile, as a share of it."""


def stretch(seconds: int) -> int:
    """The number of the stretch that ``seconds`` lie in."""
    seconds = max(seconds, 0)
    if seconds < EXACT:
        return seconds
    doubled = seconds.bit_length() - EXACT.bit_length()
    return EXACT + doubled * _STEPS + (seconds >> (doubled + 1)) - _STEPS


def middle(number: int) -> float:
    """What is told of a stretch: its middle."""
    if number < EXACT:
        return number
    doubled, step = divmod(number - EXACT, _STEPS)
    width = 2 << doubled
    return (_STEPS + step) * width + (width - 1) / 2


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """What ``share`` of them did not exceed (nearest rank); None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    wanted, seen = max(1, -int(-share * total // 1)), 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= wanted:
            return middle(number)
    return None
