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


@dataclass(frozen=True, slots=True)
class AnswerUndone(Event):
    """It waits for a person again. Published inside the transaction."""

    request_id: str


@dataclass(frozen=True, slots=True)
class QueueMoved(Event):
    """What waits for a person, or is with one, is different. Published inside the transaction."""

    entry_id: str
    conversation_id: str
    channel: str
    state: str
    offered_to: str | None


@dataclass(frozen=True, slots=True)
class ResultChosen(Event):
    """Whoever had it said how it ended. Published inside the transaction."""

    conversation_id: str
    person_id: str
    code: str
    by: str
    do_not_call: bool
    note: str | None
