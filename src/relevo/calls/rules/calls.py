"""A call as a record: its states, its ends and who ended it, its recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallStatus(StrEnum):
    RINGING = "ringing"
    ACTIVE = "active"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a call is over."""

    CUSTOMER_HUNG_UP = "customer_hung_up"
    STAFF_HUNG_UP = "staff_hung_up"
    RESOLVED = "resolved"
    SILENCE = "silence"
    MAX_DURATION = "max_duration"
    LINE_LOST = "line_lost"
    PROTOCOL_ERROR = "protocol_error"
    LINE_STALLED = "line_stalled"
    INTERNAL_ERROR = "internal_error"
    NODE_STOPPED = "node_stopped"
    NODE_DIED = "node_died"
    CALLBACK = "callback"
    """They will be called back and need not wait."""
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"
    VOICEMAIL = "voicemail"
    MACHINE = "machine"


WHO_ENDED = {
    EndReason.CUSTOMER_HUNG_UP: "customer",
    EndReason.STAFF_HUNG_UP: "agent",
    EndReason.RESOLVED: "agent",
    EndReason.CALLBACK: "bot",
    EndReason.SILENCE: "bot",
    EndReason.MAX_DURATION: "bot",
    EndReason.VOICEMAIL: "bot",
    EndReason.MACHINE: "bot",
}
"""Who hung up, where somebody did."""

_RANK = {CallStatus.RINGING: 0, CallStatus.ACTIVE: 1, CallStatus.ENDED: 2}


def moves_forward(now: CallStatus, then: CallStatus) -> bool:
    """Carriers report in any order and more than once; a call only goes forward."""
    return _RANK[then] > _RANK[now]


@dataclass(frozen=True, slots=True)
class Recording:
    id: str
    call_id: str
    seconds: float | None
    size: int | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    conversation_id: str
    person_id: str
    direction: Direction
    line: str
    external_id: str | None
    session_id: str | None
    """The caller of the API's own name for an outbound call; one call per name."""
    from_: str
    to: str
    status: CallStatus
    node: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    ended_by: str | None
    recording: Recording | None = None

    def seconds(self, now: datetime) -> int:
        if self.answered_at is None:
            return 0
        return int(((self.ended_at or now) - self.answered_at).total_seconds())
