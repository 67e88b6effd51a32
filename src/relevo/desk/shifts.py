"""What members of staff are doing, and what may follow: declared states, calls that come and go, the time after them.

Pure: a state and a moment in, the state that follows out, with the changes that belong on the line. Nobody's state is
guessed here: what a person did not say, or a call did not do, does not happen. Moments on the line are whole seconds,
each no earlier than the one before, so that a day adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from relevo.kit.errors import Conflict, Invalid


class State(StrEnum):
    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    PAUSE = "pause"
    TRAINING = "training"
    OFFLINE = "offline"


class Why(StrEnum):
    """What made a state follow another."""

    DECLARED = "declared"
    SUPERVISOR = "supervisor"
    CALL = "call"
    CALL_OVER = "call_over"
    WRAP_UP_OVER = "wrap_up_over"
    SIGNED_OUT = "signed_out"
    DEACTIVATED = "deactivated"
    NO_ANSWER = "no_answer"
    """Asked whether they are still there, they did not say."""


DECLARED = frozenset({State.AVAILABLE, State.PAUSE, State.TRAINING, State.OFFLINE})
"""What a person says; the other two are what calls make of them."""
HANDLING = frozenset({State.ON_CALL, State.WRAP_UP})
WORKING = HANDLING | {State.AVAILABLE}
"""Those who take calls now, busy or free."""
WRAP_UP_SECONDS = 60
LONGEST_WRAP_UP = timedelta(hours=1)
MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """A state that somebody wants to be in, with the reason where it takes one, and on whose word."""

    state: State
    reason: str | None = None
    by: str | None = None
    """The supervisor who said so; None: themselves."""
    note: str | None = None

    @property
    def why(self) -> Why:
        return Why.DECLARED if self.by is None else Why.SUPERVISOR


OUT = Wish(State.OFFLINE)


@dataclass(frozen=True, slots=True)
class StateNow:
    """What one member of staff is doing now."""

    state: State = State.OFFLINE
    since: datetime | None = None
    reason: str | None = None
    next_state: State | None = None
    """What follows the call, or what comes after it, in place of what they were doing before."""
    until: datetime | None = None
    """When the wrap-up ends by itself."""
    next_reason: str | None = None
    next_by: str | None = None
    next_note: str | None = None
    base: Wish = OUT
    """What they last were by their own word, or a supervisor's."""
    gone: bool = False
    """Signed out during a call: nothing follows it."""
    about: str | None = None
    """The conversation that the wrap-up is about."""
    version: int = 0
    acted_at: datetime | None = None
    """When they last did something at the desk."""
    asked_at: datetime | None = None
    """Since when it is asked whether they are still there."""

    @property
    def after(self) -> Wish:
        """What follows the call and what comes after it."""
        if self.next_state is None:
            return self.base
        return Wish(self.next_state, self.next_reason, self.next_by, self.next_note)


@dataclass(frozen=True, slots=True)
class Mark:
    """One change on somebody's line."""

    at: datetime
    state: State
    before: State
    why: Why
    reason: str | None = None
    by: str | None = None
    note: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    now: StateNow
    marks: tuple[Mark, ...] = ()


Decide = Callable[[StateNow, datetime], Step]
"""What a state that stands becomes at a moment."""


def checked(state: State, reason: str | None, reasons: Collection[str]) -> Wish:
    """A wish that may be wished. Raises ``Invalid``."""
    if state not in DECLARED:
        raise Invalid("presence_state")
    if state is not State.PAUSE:
        return Wish(state)
    if reason not in reasons:
        raise Invalid("pause_reason")
    return Wish(state, reason)


def clean_note(text: str) -> str:
    """Why somebody else's state, or what was, is changed: never without."""
    note = " ".join(text.split())[:MAX_NOTE]
    if not note:
        raise Invalid("presence_note")
    return note


def declare(now: StateNow, wish: Wish, at: datetime) -> Step:
    """At once where nothing is being done; a call goes on, and so does their own time after it: then it is next."""
    if now.state is State.ON_CALL or (now.state is State.WRAP_UP and wish.by is None):
        return queue(now, wish)
    return _to(now, wish, at, wish.why, by=wish.by, note=wish.note)


def queue(now: StateNow, wish: Wish | None) -> Step:
    """What follows the call or the wrap-up; None: what they were doing before."""
    if now.state not in HANDLING:
        raise Conflict("no_next_state")
    if wish is None:
        return Step(replace(now, next_state=None, next_reason=None, next_by=None, next_note=None, gone=False))
    return Step(
        replace(now, next_state=wish.state, next_reason=wish.reason, next_by=wish.by, next_note=wish.note, gone=False)
    )


def enter_call(now: StateNow, at: datetime) -> Step:
    """A second call beside the first changes nothing."""
    return _to(now, Wish(State.ON_CALL), at, Why.CALL)


def leave_call(now: StateNow, at: datetime, *, wrap_up: int, about: str | None) -> Step:
    """Out of the last call. Whoever had not begun a shift goes back to that; the others have ``wrap_up`` seconds."""
    if now.state is not State.ON_CALL:
        return Step(now)
    out = now.base.state is State.OFFLINE and now.next_state is None
    if now.gone or out or wrap_up <= 0:
        return _settle(now, at, Why.SIGNED_OUT if now.gone else Why.CALL_OVER)
    begun = _to(now, Wish(State.WRAP_UP), at, Why.CALL_OVER, about=about)
    until = _since(begun.now) + min(timedelta(seconds=wrap_up), LONGEST_WRAP_UP)
    return Step(replace(begun.now, until=until, about=about), begun.marks)


def due(now: StateNow, at: datetime) -> Step:
    """A wrap-up whose time is over ended then, whenever that is seen."""
    if now.state is State.WRAP_UP and now.until is not None and now.until <= at:
        return _settle(now, now.until, Why.WRAP_UP_OVER)
    return Step(now)


def end_wrap_up(now: StateNow, at: datetime) -> Step:
    if now.state is not State.WRAP_UP:
        raise Conflict("not_in_wrap_up")
    return _settle(now, at, Why.DECLARED)


def extend(now: StateNow, seconds: int, at: datetime) -> Step:
    """More time after a call, up to a limit."""
    if now.state is not State.WRAP_UP or now.until is None:
        raise Conflict("not_in_wrap_up")
    latest = _since(now) + LONGEST_WRAP_UP
    if now.until >= latest:
        raise Conflict("wrap_up_longest")
    return Step(replace(now, until=min(max(now.until, whole(at)) + timedelta(seconds=seconds), latest)))


def gone(now: StateNow, at: datetime, why: Why) -> Step:
    """No longer signed in, or no answer: offline, after the call if there is one."""
    if now.state is State.ON_CALL:
        return Step(replace(queue(now, OUT).now, gone=True))
    return _to(now, OUT, at, why)


def may_be_rung(now: StateNow, *, in_use: bool) -> bool:
    """Where nobody declares states, everybody who is signed in may."""
    return not in_use or now.state is State.AVAILABLE


def still_there(now: StateNow, at: datetime, quiet: timedelta) -> bool:
    """Whether it is time to ask. Nobody is asked in a call, nor in the time after it, which end by themselves."""
    if now.state in HANDLING or now.state is State.OFFLINE or now.since is None or now.asked_at is not None:
        return False
    return at - max(now.since, now.acted_at or now.since) >= quiet


def whole(at: datetime) -> datetime:
    """Time is told in seconds."""
    return at.replace(microsecond=0)


def _since(now: StateNow) -> datetime:
    if now.since is None:
        raise ValueError("a state that nobody was ever in")
    return now.since


def _settle(now: StateNow, at: datetime, why: Why) -> Step:
    then = now.after
    if then.by is not None:
        why = Why.SUPERVISOR
    return _to(now, then, at, why, by=then.by, note=then.note)


def _to(
    now: StateNow,
    wish: Wish,
    at: datetime,
    why: Why,
    *,
    by: str | None = None,
    note: str | None = None,
    about: str | None = None,
) -> Step:
    if (wish.state, wish.reason) == (now.state, now.reason):
        return Step(replace(now, asked_at=None))
    # Two processes' clocks may differ by a little: nothing on a line is before what came before it.
    at = max(whole(at), now.since) if now.since is not None else whole(at)
    mark = Mark(at, wish.state, now.state, why, wish.reason, by, note, about)
    fresh = replace(now, state=wish.state, reason=wish.reason, since=at, until=None, about=None, asked_at=None)
    if wish.state in DECLARED:
        own = Wish(wish.state, wish.reason)
        fresh = replace(
            fresh, base=own, next_state=None, next_reason=None, next_by=None, next_note=None, gone=False
        )  # fmt: skip
    return Step(fresh, (mark,))
