"""What can go wrong with the loopback WhatsApp, switchable while it runs."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Fault = int | Literal["hang_up", "hang_up_done", "garbage_done", "500", "500_done", "429", "slow_done"]
"""What comes of one send: Meta's error code, or no answer, nonsense, a 500, too many, all late; ``_done`` when it was
accepted all the same."""


@dataclass(slots=True)
class Faults:
    sends: deque[Fault] = field(default_factory=deque)
    """For the next sends, one each."""
    fails: deque[int] = field(default_factory=deque)
    """Codes of statuses: the next sends are accepted and fail later."""
    deaf: set[str] = field(default_factory=set)
    """Numbers that are not taken in this form (131030)."""
    slow: float = 0.0
    """Seconds that an answer takes."""
    down: bool = False
    """Every answer is a gateway's 503."""
    silent: bool = False
    """No statuses are sent."""
    twice: bool = False
    """Every webhook comes a second time."""
    shuffled: bool = False
    """Webhooks come in any order."""
    batch: int = 1
    """So many things in one webhook."""
    receipts: bool = True
    """Customers let one see what they have read."""
    expired: int = 0
    """So many downloads find their address too old."""
    damaged: int = 0
    """So many downloads bring other bytes than were sent."""
    elsewhere: str = ""
    """Files are said to be at this host."""
    closed: bool = True
    """Free text after 24 hours is refused (131047)."""
