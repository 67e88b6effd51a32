"""Who hears whom in a call: one small table, and what a person's loss of voice leads to.

Pure. It knows seats, not people, and decides nothing about who may sit where (``people.rules.may`` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Seat(StrEnum):
    """A member of staff's place in a call."""

    AGENT = "agent"
    """Holds the call: speaks with the customer."""
    CONFERENCE = "conference"
    """A colleague who was asked in: speaks with everybody."""
    CONSULT = "consult"
    """A colleague who is asked while the customer waits: speaks with the agent only."""
    LISTEN = "listen"
    """Hears all, is heard by nobody."""
    WHISPER = "whisper"
    """Hears all, is heard by the agent only."""
    BARGE = "barge"
    """Hears all and is heard by all."""


SUPERVISING = frozenset({Seat.LISTEN, Seat.WHISPER, Seat.BARGE})
TALKING = frozenset({Seat.AGENT, Seat.CONFERENCE, Seat.BARGE})
"""Seats that the customer hears, unless on hold."""
WITH_CUSTOMER = frozenset({Seat.AGENT, Seat.CONFERENCE})
"""Seats that hear the customer, unless on hold."""

_HEARD_BY: dict[Seat, frozenset[Seat]] = {
    Seat.AGENT: frozenset({Seat.CONFERENCE, Seat.CONSULT, Seat.WHISPER, Seat.BARGE}),
    Seat.CONFERENCE: frozenset({Seat.AGENT, Seat.CONFERENCE, Seat.CONSULT, Seat.BARGE}),
    Seat.CONSULT: frozenset({Seat.AGENT, Seat.CONFERENCE}),
    Seat.LISTEN: frozenset({Seat.AGENT, Seat.CONFERENCE, Seat.CONSULT, Seat.BARGE}),
    Seat.WHISPER: frozenset({Seat.AGENT, Seat.CONFERENCE, Seat.CONSULT, Seat.BARGE}),
    Seat.BARGE: frozenset({Seat.AGENT, Seat.CONFERENCE, Seat.CONSULT, Seat.BARGE}),
}


def hears(ear: Seat, mouth: Seat) -> bool:
    """Whether somebody in seat ``ear`` hears what is said in seat ``mouth``."""
    return mouth in _HEARD_BY[ear]


def hears_customer(ear: Seat, *, on_hold: bool) -> bool:
    return ear in SUPERVISING or (ear in WITH_CUSTOMER and not on_hold)


def customer_hears(mouth: Seat, *, on_hold: bool) -> bool:
    return mouth in TALKING and not on_hold


def may_command(*, staff_id: str, holder_id: str | None, supervises: bool) -> bool:
    """Hold, transfer, pause the recording...: who holds the call, and supervisors on a call that somebody holds."""
    return holder_id is not None and (supervises or staff_id == holder_id)


class Source(StrEnum):
    """Who or what the customer hears now."""

    BOT = "bot"
    AGENT = "agent"
    HOLD = "hold"
    TYPED = "typed"
    """The agent has no voice in the call: what they type is spoken by the bot's voice."""
    APOLOGY = "apology"
    """The agent's voice is lost and nobody has the call yet."""
    NONE = "none"


class AgentVoice(StrEnum):
    ON = "on"
    OFF = "off"
    LOST = "lost"


def source_of(control: str, voice: AgentVoice, *, on_hold: bool) -> Source:
    """What the customer hears, by who holds the call (``control``: bot, queued, agent, closed)."""
    if control == "closed":
        return Source.NONE
    if on_hold or control == "queued":
        return Source.HOLD
    if control == "bot":
        return Source.BOT
    return {AgentVoice.ON: Source.AGENT, AgentVoice.OFF: Source.TYPED, AgentVoice.LOST: Source.APOLOGY}[voice]


class Lost(StrEnum):
    """What becomes of a call whose agent lost their voice."""

    BOT = "bot"
    """The bot takes it back, with an apology."""
    QUEUE = "queue"
    """It waits, with an apology and music, for anybody."""


@dataclass(slots=True)
class Lease:
    """Holds a call for an agent whose voice is gone for a moment. Counts ticks of sound."""

    patience_ms: int = 1_400
    """The bot needs the rest of two seconds to be heard."""
    missing_ms: int = 0

    def tick(self, ms: int, *, present: bool) -> bool:
        """Another ``ms`` have passed; True when the agent has been gone for too long, and again as long as they are."""
        if present:
            self.missing_ms = 0
            return False
        before, self.missing_ms = self.missing_ms, self.missing_ms + ms
        return before // self.patience_ms < self.missing_ms // self.patience_ms

    @property
    def lost(self) -> bool:
        return self.missing_ms > 0


KEYS = frozenset("0123456789*#ABCD")
_LOW = {697: "123A", 770: "456B", 852: "789C", 941: "*0#D"}
_HIGH = (1209, 1336, 1477, 1633)


def key_tones(key: str) -> tuple[int, int]:
    """The two frequencies (Hz) of a key, ITU-T Q.23."""
    for low, row in _LOW.items():
        if key in row:
            return low, _HIGH[row.index(key)]
    raise ValueError(key)


@dataclass(frozen=True, slots=True)
class Ring:
    """A colleague is asked to take part: ``blind`` hands the call over, ``consult`` asks first."""

    kind: str
    to_id: str
    to_name: str
    from_id: str
    from_name: str
    at: str
    """UTC, ISO 8601."""
    beats: int = 0
