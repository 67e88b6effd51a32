"""What the desk announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relevo.desk.rules import Mode, RequestKind
from relevo.desk.shifts import State
from relevo.kit.events import Event


@dataclass(frozen=True, slots=True)
class ModeChanged(Event):
    """The house works differently from now on. Published inside the transaction that says so."""

    mode: Mode
    selling: bool


@dataclass(frozen=True, slots=True)
class PresenceChanged(Event):
    """A member of staff does something else from ``at`` on. Published inside the transaction that says so."""

    staff_id: str
    state: State
    before: State
    at: datetime


@dataclass(frozen=True, slots=True)
class GuestAsked(Event):
    """A guest asked the house for something that a person has to see to. Published inside the transaction."""

    request_id: str
    kind: RequestKind
    conversation_id: str


@dataclass(frozen=True, slots=True)
class GuestAnswered(Event):
    """A person has seen to it, or its words were forgotten. Published inside the transaction."""

    request_id: str
