"""Which reminders a confirmed stay gets, and when: a week before, the day before, the day itself, the day after.

A reminder whose moment had passed when the stay was confirmed is not made up for: the voucher has just said it all. One
that could not leave in time is let go rather than sent when it no longer helps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from relevo.outreach.rules.contact import Purpose, Way
from relevo.outreach.rules.hours import at_hour, next_allowed


class Kind(StrEnum):
    WEEK_BEFORE = "week_before"
    DAY_BEFORE = "day_before"
    ARRIVAL_DAY = "arrival_day"
    FEEDBACK = "feedback"


class State(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


PURPOSES: Mapping[Kind, Purpose] = {
    Kind.WEEK_BEFORE: Purpose.REMINDER,
    Kind.DAY_BEFORE: Purpose.REMINDER,
    Kind.ARRIVAL_DAY: Purpose.REMINDER,
    Kind.FEEDBACK: Purpose.SURVEY,
}


@dataclass(frozen=True, slots=True)
class _When:
    days: int
    """From the check-in, or from the check-out for what comes after the stay."""
    hour: time
    useful: timedelta
    """How long it helps, from its moment on."""


_WHEN: Mapping[Kind, _When] = {
    Kind.WEEK_BEFORE: _When(-7, time(10), timedelta(days=4)),
    Kind.DAY_BEFORE: _When(-1, time(10), timedelta(hours=22)),
    Kind.ARRIVAL_DAY: _When(0, time(9), timedelta(hours=11)),
    Kind.FEEDBACK: _When(1, time(11), timedelta(days=6)),
}
JUST_CONFIRMED = timedelta(hours=3)
"""Who got their voucher this short a time ago needs no reminder of what it says."""


@dataclass(frozen=True, slots=True)
class Stay:
    check_in: date
    check_out: date
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder that this booking has had already, for whichever version of the stay."""

    kind: Kind
    about: date
    """The check-in, or for feedback the check-out, that it was about."""


WORTH_AGAIN = frozenset({(State.CANCELLED, "by_staff"), (State.SKIPPED, "refused"), (State.SKIPPED, "unreachable")})
"""What a person may have sent after all. What was let go by a rule or for another reminder's sake stays so."""


def may_go_again(state: State, reason: str | None, until: datetime, now: datetime) -> bool:
    return (state, reason) in WORTH_AGAIN and now < until


@dataclass(frozen=True, slots=True)
class Planned:
    kind: Kind
    due_at: datetime
    until: datetime
    """From then on it no longer helps."""
    about: date
    skip: str | None = None
    """Why it will not be sent: ``late`` or ``already_sent``."""


def plan(stay: Stay, zones: Sequence[ZoneInfo], house: ZoneInfo, sent: Sequence[Sent] = ()) -> tuple[Planned, ...]:
    """One of each kind, in the order in which they are due."""
    return tuple(_planned(kind, stay, zones, house, sent) for kind in Kind)


def due(kind: Kind, stay: Stay, zones: Sequence[ZoneInfo], house: ZoneInfo) -> datetime:
    when = _WHEN[kind]
    return next_allowed(at_hour(about(kind, stay) + timedelta(days=when.days), when.hour, zones), zones, house)


def about(kind: Kind, stay: Stay) -> date:
    return stay.check_out if kind is Kind.FEEDBACK else stay.check_in


def _planned(kind: Kind, stay: Stay, zones: Sequence[ZoneInfo], house: ZoneInfo, sent: Sequence[Sent]) -> Planned:
    at, day = due(kind, stay, zones, house), about(kind, stay)
    skip = None
    if Sent(kind, day) in sent or (kind is Kind.FEEDBACK and any(each.kind is kind for each in sent)):
        skip = "already_sent"
    elif at < stay.confirmed_at + (timedelta(0) if kind is Kind.FEEDBACK else JUST_CONFIRMED):
        skip = "late"
    return Planned(kind, at, at + _WHEN[kind].useful, day, skip)


RETRY = timedelta(minutes=10)


def again(now: datetime, tries: int, zones: Sequence[ZoneInfo], house: ZoneInfo) -> datetime:
    """When to try once more after somebody else's system failed: 10, 20, 40, at most 80 minutes on, never at night."""
    return next_allowed(now + RETRY * min(2**tries, 8), zones, house)


@dataclass(frozen=True, slots=True)
class Reach:
    """By what somebody can be reached."""

    channel: str
    """Of the conversation in which they booked."""
    carried: bool
    """It is a text channel that is there."""
    wrote_at: datetime | None
    email: bool
    """We know theirs, and mail is set up."""
    template: bool
    """We know their telephone, and WhatsApp templates are set up."""


class Road(StrEnum):
    CONVERSATION = "conversation"
    TEMPLATE = "template"
    EMAIL = "email"


WINDOW = timedelta(hours=24)
"""WhatsApp carries free text this long after the customer's last word; a visitor of the web chat is about as long
likely to look at it again."""


def roads(reach: Reach, now: datetime) -> tuple[tuple[Road, Way], ...]:
    """Ways to try, the best first. The web chat of somebody who left comes last: it lies there until they return."""
    fresh = reach.wrote_at is not None and now - reach.wrote_at < WINDOW
    own = Way(reach.channel) if reach.carried and reach.channel in set(Way) else None
    found: list[tuple[Road, Way]] = []
    if own is not None and (fresh or own not in (Way.WHATSAPP, Way.WEBCHAT)):
        found.append((Road.CONVERSATION, own))
    if reach.template and not (fresh and own is Way.WHATSAPP):
        found.append((Road.TEMPLATE, Way.WHATSAPP))
    if reach.email and own is not Way.EMAIL:
        found.append((Road.EMAIL, Way.EMAIL))
    if own is Way.WEBCHAT and not fresh:
        found.append((Road.CONVERSATION, own))
    return tuple(found)
