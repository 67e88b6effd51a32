"""When a part of the house counts as down, and when as well again: pure rules over readings and their times.

A part is down after a few failures in a row, or after many among the last ones (something that comes and goes). It is
well again only after a stretch in which nothing failed. Nothing is probed here, and nothing is done about it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

OK = "ok"
OFF = "off"
"""The part is not used here: neither well nor ill."""

Probe = Callable[[], Awaitable[str]]
"""Looks at one part: ``ok``, ``off``, or one word that says what is wrong. Raising is a failure too."""


class State(StrEnum):
    OK = "ok"
    SHAKY = "shaky"
    """It failed, but not often enough to act on."""
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Policy:
    """How much it takes. Entering is quick, leaving is slow, so that a part that flickers does not take us along."""

    failures: int = 3
    """In a row: down."""
    remembered: int = 10
    among: int = 6
    """So many failures among the last ``remembered`` readings: down as well."""
    sound: timedelta = timedelta(minutes=2)
    """Without any failure for this long: well again..."""
    successes: int = 5
    """...and seen to be well at least so often."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one part."""

    name: str
    state: State
    since: datetime
    """When it came into this state."""
    reason: str | None = None
    """What was wrong the last time; None while it is well."""
    readings: tuple[bool, ...] = ()
    """The last ones, oldest first."""
    good_since: datetime | None = None
    """Since when nothing has failed."""

    @property
    def is_down(self) -> bool:
        return self.state is State.DOWN


def fresh(name: str, now: datetime) -> Part:
    return Part(name, State.OK, now, good_since=now)


def observe(part: Part, reading: str, now: datetime, policy: Policy) -> Part:
    """The part after one more reading."""
    if reading == OFF:
        return part if part.state is State.OFF else Part(part.name, State.OFF, now)
    good = reading == OK
    before = fresh(part.name, now) if part.state is State.OFF else part
    after = replace(
        before,
        readings=(*before.readings, good)[-policy.remembered :],
        good_since=(before.good_since or now) if good else None,
        reason=before.reason if good else reading,
    )
    state = _state(after, now, policy)
    if state is State.OK:
        after = replace(after, reason=None)
    return replace(after, state=state, since=now) if state is not before.state else after


def _state(part: Part, now: datetime, policy: Policy) -> State:
    in_a_row = _at_the_end(part.readings, good=True)
    if part.is_down:
        sound = part.good_since is not None and now - part.good_since >= policy.sound
        return State.OK if sound and in_a_row >= policy.successes else State.DOWN
    if _at_the_end(part.readings, good=False) >= policy.failures or part.readings.count(False) >= policy.among:
        return State.DOWN
    return State.OK if part.readings[-1] else State.SHAKY


def _at_the_end(readings: tuple[bool, ...], *, good: bool) -> int:
    """How many of the last readings in a row were ``good``."""
    count = 0
    for reading in reversed(readings):
        if reading is not good:
            break
        count += 1
    return count
