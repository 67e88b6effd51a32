"""Service levels as clocks: how long a customer may wait for a first reply, for the next one, and for the end.

Pure: stored times and working hours in, due times and what is left out. Nothing is counted by a timer, so a clock is
exact after any crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from relevo.conversations.rules import iso
from relevo.desk.hours import Schedule, after_working, is_open, working_seconds

RISK = 0.25
"""Share of a target from which on what is left of it is little."""


class Kind(StrEnum):
    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """Nobody is there now: it stands still."""
    AT_RISK = "at_risk"
    BROKEN = "broken"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Targets:
    """Seconds of working time; None: nothing was promised."""

    first: int | None = None
    next: int | None = None
    resolution: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """What happened, and when."""

    since: datetime
    """From when on a person was needed."""
    first_reply_at: datetime | None = None
    unanswered_since: datetime | None = None
    """The first thing that the customer said after our last reply."""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    kind: Kind
    state: State
    due_at: datetime | None
    """None: not within a year."""
    left: float
    """Working seconds; below zero: so much too late."""
    target: int

    @property
    def is_over(self) -> bool:
        """It runs no more."""
        return self.state is State.MET or self.left < 0


def read(schedule: Schedule, targets: Targets, times: Times, now: datetime) -> tuple[Reading, ...]:
    """Every clock that was promised and has begun. What ended in time without a reply kept and broke nothing."""
    found = []
    if targets.first is not None:
        first = _clock(Kind.FIRST, schedule, times.since, targets.first, times.first_reply_at, times, now)
        if times.ended_at is None or times.first_reply_at is not None or first.state is State.BROKEN:
            found.append(first)
    if targets.next is not None and times.first_reply_at is not None and times.unanswered_since is not None:
        begun = max(times.unanswered_since, times.since)
        found.append(_clock(Kind.NEXT, schedule, begun, targets.next, None, times, now))
    if targets.resolution is not None:
        found.append(_clock(Kind.RESOLUTION, schedule, times.since, targets.resolution, times.ended_at, times, now))
    return tuple(found)


def _clock(
    kind: Kind,
    schedule: Schedule,
    begun: datetime,
    target: int,
    done_at: datetime | None,
    times: Times,
    now: datetime,
) -> Reading:
    stopped = done_at or times.ended_at
    left = target - working_seconds(schedule, begun, stopped or now)
    if left < 0:
        state = State.BROKEN
    elif stopped is not None:
        state = State.MET
    elif not is_open(schedule, now):
        state = State.PAUSED
    else:
        state = State.AT_RISK if left <= target * RISK else State.RUNNING
    return Reading(kind, state, after_working(schedule, begun, target), left, target)


_GRAVITY = (State.BROKEN, State.AT_RISK, State.RUNNING, State.PAUSED, State.MET)


def worst(readings: tuple[Reading, ...]) -> Reading | None:
    """The one to show: what is broken or nearest to it, of those that still run before those that are over."""
    running = [each for each in readings if each.state is not State.MET]
    if running:
        return min(running, key=lambda each: (_GRAVITY.index(each.state), each.left))
    return min(readings, key=lambda each: each.left, default=None)


def reading_json(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind.value,
        "state": reading.state.value,
        "due_at": iso(reading.due_at),
        "left": round(reading.left),
        "target": reading.target,
    }
