"""What goes wrong at the loopback Twilio, switched on one by one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    down: bool = False
    """Every request gets a 503."""
    busy: int = 0
    """So many requests get a 429 first."""
    retry_after: int | None = None
    """What a 429 says."""
    lose_answers: int = 0
    """So many messages are accepted, and nobody hears of it."""
    wrong_numbers: dict[str, int] = field(default_factory=dict)
    """Addresses and the code with which they are refused at once."""
    unreachable: dict[str, int] = field(default_factory=dict)
    """Addresses and the code with which they fail later, in a status."""
    no_options: int | None = None
    """The code with which contents are refused."""
    media_late: int = 0
    """So many requests for a file come too early."""
    statuses: tuple[str, ...] = ("queued", "sent", "delivered", "read")
    """What becomes of a message; told in this order unless somebody shuffles."""
