"""What live calls decide, as pure rules: a call's states, turn taking, who hears whom."""

from relevo.calls.rules.calls import (
    WHO_ENDED,
    Call,
    CallStatus,
    Direction,
    EndReason,
    Recording,
    moves_forward,
)
from relevo.calls.rules.turns import (
    WINDOW_MS,
    Nudge,
    Patience,
    Signal,
    TurnPolicy,
    TurnTaking,
    clauses,
    is_backchannel,
    is_echo,
    looks_finished,
)

__all__ = [
    "WHO_ENDED",
    "WINDOW_MS",
    "Call",
    "CallStatus",
    "Direction",
    "EndReason",
    "Nudge",
    "Patience",
    "Recording",
    "Signal",
    "TurnPolicy",
    "TurnTaking",
    "clauses",
    "is_backchannel",
    "is_echo",
    "looks_finished",
    "moves_forward",
]
