"""What can go wrong with the loopback QloApps, switchable while it runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["garbage", "garbage_done", "empty_500", "empty_500_done", "hang_up", "hang_up_done", "slow_done"]
"""What comes of one write: an answer without sense, none at all, or one after ``slow`` seconds; ``_done`` when the work
was done all the same."""


@dataclass(slots=True)
class Faults:
    workers: int = 12
    """So many requests at a time, as PHP has workers; each of them looks, thinks and writes on its own."""
    think: float = 0.0
    """Seconds between looking for a free room and writing it down, at most."""
    notice: float = 0.5
    """How likely a sale notices that its room was sold meanwhile, and becomes a ghost."""
    down: bool = False
    """Every answer is a gateway's 503."""
    slow: float = 0.0
    """Seconds before every answer."""
    writes: deque[Fault] = field(default_factory=deque)
    """For the next writes, one each."""
    before_write: Callable[[], None] | None = None
    """Called between the look for a free room and the sale: a rival that is quicker."""
