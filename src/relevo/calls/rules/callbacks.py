"""Waiting for a person: how long it will take, when to offer to call back instead, and what the answer was.

Pure: figures and moments in, decisions out. Nobody is called here, and no request is stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median

from relevo.calls.rules.words import is_backchannel


@dataclass(frozen=True, slots=True)
class Queue:
    """How things stand for one who waits."""

    ahead: int
    """Who came before them and still waits."""
    people: int
    """Members of staff who take calls now, busy or free."""
    free: int
    handling_s: Sequence[float] = ()
    """How long the last calls with a person took."""


USUAL_HANDLING_S = 240.0
SHORTEST_HANDLING_S = 30.0
RECENT = 20


def estimated_wait_s(queue: Queue) -> float | None:
    """Seconds until it is their turn; None when nobody is there to take it."""
    if queue.people == 0:
        return None
    if queue.free > queue.ahead:
        return 0.0
    recent = list(queue.handling_s)[-RECENT:]
    handling = max(SHORTEST_HANDLING_S, median(recent)) if recent else USUAL_HANDLING_S
    # Those who speak now are half through on average.
    rounds = (queue.ahead - queue.free) / queue.people + 0.5
    return rounds * handling


def minutes(seconds: float) -> int:
    """For saying it aloud: never less than one, rounded up."""
    return max(1, math.ceil(seconds / 60))


@dataclass(frozen=True, slots=True)
class CallbackPolicy:
    long_s: float = 120.0
    """An expected wait from which on calling back is offered at once."""
    waited_s: float = 60.0
    """Or it is offered after having waited so long."""
    again_s: float = 180.0
    """And once more after this."""
    opens: time = time(9)
    closes: time = time(20)
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    """Weekdays on which people are called, Monday is 0."""
    window: timedelta = timedelta(hours=1)


def should_offer(
    wait_s: float | None, waited_s: float, offered_s: float | None, policy: CallbackPolicy | None = None
) -> bool:
    """``offered_s``: seconds since it was last offered, None if it was not."""
    policy = policy or CallbackPolicy()
    if offered_s is not None:
        return offered_s >= policy.again_s
    return wait_s is None or wait_s >= policy.long_s or waited_s >= policy.waited_s


def window(now: datetime, wait_s: float | None, policy: CallbackPolicy | None = None) -> tuple[datetime, datetime]:
    """When they will be called: after the wait, at a quarter of an hour, within the hours in which people are called.

    ``now`` in the business's time.
    """
    policy = policy or CallbackPolicy()
    begin = now + timedelta(seconds=policy.long_s if wait_s is None else wait_s)
    begin += timedelta(minutes=-begin.minute % 15, seconds=-begin.second, microseconds=-begin.microsecond)
    if begin < now:
        begin += timedelta(minutes=15)
    while begin.weekday() not in policy.days or not policy.opens <= begin.time() < policy.closes:
        later = begin.time() >= policy.opens or begin.weekday() not in policy.days
        day = begin.date() + timedelta(days=1 if later else 0)
        begin = datetime.combine(day, policy.opens, begin.tzinfo)
    closing = datetime.combine(begin.date(), policy.closes, begin.tzinfo)
    return begin, min(begin + policy.window, closing)


class Choice(StrEnum):
    CALL_BACK = "call_back"
    STAY = "stay"


_CALLED = re.compile(r"\b(?:ll[aá]m\w*|devu[eé]lv\w+|call(?: me)?(?: back)?|callback)\b")
_NOT_CALLED = re.compile(
    r"\b(?:no|don'?t|sin)(?: (?:me|nos|hace falta|es necesario|need|want|to|que))* (?:ll[aá]m|devu|call)"
)
_NOT_STAYING = re.compile(r"\b(?:no|not|don'?t|can'?t)(?: (?:quiero|puedo|voy a|quisiera|want to))? (?:espe|wait)\w*")
_STAYS = re.compile(r"\b(?:no|espero|esperar|me quedo|aguardo|aguard\w+|sigo|wait|hold|stay)\b")
_YES = re.compile(r"\b(?:sí|si|yes|prefiero eso|mejor eso)\b")
YES_KEY, NO_KEY = "1", "2"


def choice(text: str) -> Choice | None:
    """What they answered to the offer, by voice or by key; None if it was neither."""
    text = text.lower().strip()
    if text in (YES_KEY, NO_KEY):
        return Choice.CALL_BACK if text == YES_KEY else Choice.STAY
    if _NOT_CALLED.search(text):
        return Choice.STAY
    if _CALLED.search(text) or _NOT_STAYING.search(text):
        return Choice.CALL_BACK
    if _STAYS.search(text):
        return Choice.STAY
    return Choice.CALL_BACK if _YES.search(text) or is_backchannel(text, explaining=True) else None


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """To be stored and kept: call this number in this window."""

    number: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Callback:
    """Somebody waits to be called."""

    id: str
    call_id: str
    conversation_id: str
    person_id: str
    number: str
    begin: datetime
    end: datetime
    asked_at: datetime
    done_at: datetime | None
    done_by: str | None


_NUMBER = re.compile(r"\+?\d{7,15}")


def request(
    number: str, now: datetime, wait_s: float | None, policy: CallbackPolicy | None = None
) -> CallbackRequest | None:
    """None when the call shows no number that could be called (withheld, a browser): it has to be asked for."""
    bare = re.sub(r"[\s().-]", "", number)
    if not _NUMBER.fullmatch(bare):
        return None
    begin, end = window(now, wait_s, policy)
    return CallbackRequest(bare, begin, end)
