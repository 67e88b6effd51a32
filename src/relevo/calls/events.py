"""What the calls room announces about its people: who has a call, who sits in one, that one is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class CallHeld(Event):
    """A call that is going on is with this member of staff now, or with nobody of ours. Published inside the
    transaction that moves it."""

    call_id: str
    conversation_id: str
    staff_id: str | None


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """However it ended; of a process that died, when that was seen. Published inside the transaction."""

    call_id: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class SeatChanged(Event):
    """A member of staff speaks in a colleague's call, asked for advice or in a conference (None: in none)."""

    staff_id: str
    conversation_id: str | None


@dataclass(frozen=True, slots=True)
class HelpAsked(Event):
    """Whoever has a call asks a supervisor for help. Published inside a transaction of its own."""

    call_id: str
    conversation_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ColleagueRung(Event):
    """Somebody of ours is called into a call, to take it or to be asked. Published inside a transaction of its own."""

    call_id: str
    conversation_id: str
    to: str
    at: datetime
