"""What each figure is: one definition for dashboards, exports and the words shown beside it. Nothing is read here.

A figure is either counted or added up from facts, or a ratio of two that are. Ratios are made of sums, never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from relevo.reports import spreads

K = TypeVar("K", bound=Hashable)

LONGEST = 800
"""Days of a report."""


class Fact(StrEnum):
    """What happened, once per row of the business: counted, with an amount where there is one."""

    CONVERSATIONS = "conversations"
    CLOSED = "closed"
    CLOSED_BY_BOT = "closed_by_bot"
    """Closed without a word of a person of the house."""
    TAKEN = "taken"
    """A person of the house wrote or spoke; dated by their first words."""
    MESSAGES_IN = "messages_in"
    MESSAGES_BOT = "messages_bot"
    MESSAGES_AGENT = "messages_agent"
    CALLS = "calls"
    CALLS_ANSWERED = "calls_answered"
    """Amount: seconds from the answer to the end."""
    HOLDS = "holds"
    SALES = "sales"
    """Bookings the PMS has confirmed. Amount: the stay's total in minor units."""
    CANCELLED = "cancelled"
    """Amount: the stay's total in minor units."""
    FEEDBACK = "feedback"
    """Amount: the mark, 1 to 5."""
    HAPPY = "happy"
    """Marks of 4 and 5."""
    TURNS = "turns"
    UNDERSTOOD = "understood"
    SETTLED = "settled"
    """Conversations closed so long ago that it is known whether their customer came back; dated by their closing."""
    SETTLED_AT_ONCE = "settled_at_once"
    """Those whose customer did not come back within ``RETURN``."""
    FIRST_BOT = "first_bot"
    """The bot's first words to a customer who wrote. Amount: seconds that the customer had waited."""
    NEXT_BOT = "next_bot"
    FIRST_PERSON = "first_person"
    """A person's first words to somebody who needed one. Amount: seconds since they needed one."""
    NEXT_PERSON = "next_person"
    HANDLED = "handled"
    """A person was done with a conversation or a call. Amount: seconds since they had it."""
    ENDED_CALLS = "ended_calls"
    """Calls that waited for a person and do no more."""
    ABANDONED_CALLS = "abandoned_calls"
    PROMISES = "promises"
    """Service levels of a queue that were kept or broken."""
    PROMISES_KEPT = "promises_kept"
    SHIFT = "shift"
    """A day of a member of staff. Amount: seconds in which work could come to them."""
    BUSY = "busy"
    """Amount: of those, seconds in a call, in its wrap-up, or with a conversation."""
    ROOMS = "rooms"
    """Rooms of the house, each day."""
    NIGHTS = "nights"
    """Rooms sold, each night, by whomever."""
    OWN_NIGHTS = "own_nights"
    """Those sold here. Amount: the night's share of the stay's total, in minor units."""
    CALLS_OUT = "calls_out"
    """Calls placed and answered. Amount: seconds from the answer to the end."""
    TEMPLATES = "templates"
    """Approved templates sent by WhatsApp."""
    COST = "cost"
    """What is known to have cost something. Amount: minor units. Priced when it is asked for, never kept."""


OF_WORDS = frozenset(
    {
        Fact.CLOSED_BY_BOT, Fact.TAKEN, Fact.MESSAGES_IN, Fact.MESSAGES_BOT, Fact.MESSAGES_AGENT, Fact.FIRST_BOT,
        Fact.NEXT_BOT, Fact.NEXT_PERSON, Fact.SETTLED_AT_ONCE, Fact.TEMPLATES,
    }
)  # fmt: skip
"""Cannot be told again once the words are deleted by age."""
UNKNOWN = frozenset({Fact.COST, Fact.OWN_NIGHTS})
"""Of which nothing seen means that nobody knows, not that there was none."""
OF_SHIFTS = frozenset({Fact.SHIFT, Fact.BUSY})
OF_QUEUES = frozenset({Fact.PROMISES, Fact.PROMISES_KEPT})
OF_NIGHTS = frozenset({Fact.ROOMS, Fact.NIGHTS, Fact.OWN_NIGHTS})
"""Dated by a night, not by a moment."""
SPREAD = frozenset({Fact.FIRST_BOT, Fact.NEXT_BOT, Fact.FIRST_PERSON, Fact.NEXT_PERSON})
"""Of which medians are told."""
KEPT = tuple(fact for fact in Fact if fact is not Fact.COST)
RETURN = timedelta(days=7)
"""Whoever writes or calls again within this was not served at once."""
EDITION = 2
"""Grows with the facts: days that were added up before know fewer of them."""


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    MONEY = "money"
    PERCENT = "percent"
    MARK = "mark"


class Part(StrEnum):
    COUNT = "count"
    TOTAL = "total"
    MEDIAN = "median"
    P90 = "p90"


@dataclass(frozen=True, slots=True)
class Figure:
    """``part`` of ``of``, divided by ``over_part`` of ``over`` where there is one.
    Its list shows the facts of ``of``."""

    key: str
    unit: Unit
    of: Fact
    part: Part = Part.COUNT
    over: Fact | None = None
    good: int = 1
    """1: more is better, -1: less is, 0: neither."""
    over_part: Part = Part.COUNT


FIGURES = (
    Figure("conversations", Unit.COUNT, Fact.CONVERSATIONS),
    Figure("messages_in", Unit.COUNT, Fact.MESSAGES_IN),
    Figure("messages_bot", Unit.COUNT, Fact.MESSAGES_BOT, good=0),
    Figure("messages_agent", Unit.COUNT, Fact.MESSAGES_AGENT, good=0),
    Figure("solved_by_bot", Unit.PERCENT, Fact.CLOSED_BY_BOT, over=Fact.CLOSED),
    Figure("taken", Unit.COUNT, Fact.TAKEN, good=0),
    Figure("calls", Unit.COUNT, Fact.CALLS),
    Figure("answered", Unit.PERCENT, Fact.CALLS_ANSWERED, over=Fact.CALLS),
    Figure("talk_time", Unit.SECONDS, Fact.CALLS_ANSWERED, Part.TOTAL, Fact.CALLS_ANSWERED, good=0),
    Figure("holds", Unit.COUNT, Fact.HOLDS),
    Figure("sales", Unit.COUNT, Fact.SALES),
    Figure("revenue", Unit.MONEY, Fact.SALES, Part.TOTAL),
    Figure("conversion", Unit.PERCENT, Fact.SALES, over=Fact.CONVERSATIONS),
    Figure("cancelled", Unit.COUNT, Fact.CANCELLED, good=-1),
    Figure("csat", Unit.PERCENT, Fact.HAPPY, over=Fact.FEEDBACK),
    Figure("mark", Unit.MARK, Fact.FEEDBACK, Part.TOTAL, Fact.FEEDBACK),
    Figure("understood", Unit.PERCENT, Fact.UNDERSTOOD, over=Fact.TURNS),
    Figure("first_contact", Unit.PERCENT, Fact.SETTLED_AT_ONCE, over=Fact.SETTLED),
    Figure("first_bot", Unit.SECONDS, Fact.FIRST_BOT, Part.MEDIAN, good=-1),
    Figure("first_bot_p90", Unit.SECONDS, Fact.FIRST_BOT, Part.P90, good=-1),
    Figure("next_bot", Unit.SECONDS, Fact.NEXT_BOT, Part.MEDIAN, good=-1),
    Figure("next_bot_p90", Unit.SECONDS, Fact.NEXT_BOT, Part.P90, good=-1),
    Figure("first_person", Unit.SECONDS, Fact.FIRST_PERSON, Part.MEDIAN, good=-1),
    Figure("first_person_p90", Unit.SECONDS, Fact.FIRST_PERSON, Part.P90, good=-1),
    Figure("next_person", Unit.SECONDS, Fact.NEXT_PERSON, Part.MEDIAN, good=-1),
    Figure("next_person_p90", Unit.SECONDS, Fact.NEXT_PERSON, Part.P90, good=-1),
    Figure("handling", Unit.SECONDS, Fact.HANDLED, Part.TOTAL, Fact.HANDLED, good=-1),
    Figure("service_level", Unit.PERCENT, Fact.PROMISES_KEPT, over=Fact.PROMISES),
    Figure("abandoned", Unit.PERCENT, Fact.ABANDONED_CALLS, over=Fact.ENDED_CALLS, good=-1),
    Figure("occupancy", Unit.PERCENT, Fact.BUSY, Part.TOTAL, Fact.SHIFT, 0, Part.TOTAL),
    Figure("talked", Unit.SECONDS, Fact.CALLS_ANSWERED, Part.TOTAL, good=0),
    Figure("room_nights", Unit.COUNT, Fact.NIGHTS),
    Figure("room_occupancy", Unit.PERCENT, Fact.NIGHTS, over=Fact.ROOMS),
    Figure("adr", Unit.MONEY, Fact.OWN_NIGHTS, Part.TOTAL, Fact.OWN_NIGHTS),
    Figure("revpar", Unit.MONEY, Fact.OWN_NIGHTS, Part.TOTAL, Fact.ROOMS),
    Figure("cost", Unit.MONEY, Fact.COST, Part.TOTAL, good=-1),
    Figure("cost_per_conversation", Unit.MONEY, Fact.COST, Part.TOTAL, Fact.CONVERSATIONS, -1),
    Figure("cost_per_booking", Unit.MONEY, Fact.COST, Part.TOTAL, Fact.SALES, -1),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Sum:
    count: int = 0
    total: int = 0
    spread: Mapping[int, int] = field(default_factory=dict)
    """How many lie in each stretch of ``spreads``, where medians are told of them."""

    def __add__(self, other: Sum) -> Sum:
        spread = dict(self.spread)
        for number, count in other.spread.items():
            spread[number] = spread.get(number, 0) + count
        return Sum(self.count + other.count, self.total + other.total, spread)

    def part(self, part: Part) -> float | None:
        match part:
            case Part.COUNT:
                return self.count
            case Part.TOTAL:
                return self.total
            case Part.MEDIAN:
                return spreads.quantile(self.spread, 0.5)
            case Part.P90:
                return spreads.quantile(self.spread, 0.9)


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one day came to on one channel, by one member of staff or by nobody."""

    day: date
    fact: Fact
    channel: str
    staff_id: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class Listed:
    """One of what a figure is made of. ``at`` is a moment, or the day of what has no other time."""

    id: str
    at: datetime | date
    channel: str
    staff_id: str
    amount: int


def value(figure: Figure, sums: Mapping[Fact, Sum]) -> float | None:
    """None where there is nothing to divide by: no mark is not a bad mark."""
    found = sums.get(figure.of, Sum())
    if figure.of in UNKNOWN and not found.count:
        return None
    top = found.part(figure.part)
    if figure.over is None or top is None:
        return top
    below = sums.get(figure.over, Sum()).part(figure.over_part)
    if not below:
        return None
    return top / below * 100 if figure.unit is Unit.PERCENT else top / below


def grouped(days: Sequence[DaySum], by: Callable[[DaySum], K]) -> dict[K, dict[Fact, Sum]]:
    """Added up for each value of ``by``."""
    groups: dict[K, list[DaySum]] = {}
    for each in days:
        groups.setdefault(by(each), []).append(each)
    return {key: added(found) for key, found in groups.items()}


def added(days: Sequence[DaySum]) -> dict[Fact, Sum]:
    sums: dict[Fact, Sum] = {}
    for each in days:
        sums[each.fact] = sums.get(each.fact, Sum()) + each.sum
    return sums


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A day of the house's clock: 23 or 25 hours where the clock changes."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def days_of(since: date, until: date) -> list[date]:
    """Both included."""
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def is_period(since: date, until: date) -> bool:
    """Whether a report can be of it: not too long, and of years that the house can have figures of."""
    return since.year >= 2000 and until.year < 2200 and 0 <= (until - since).days < LONGEST


def year_before(since: date, until: date) -> tuple[date, date]:
    """The same days a year ago, by their weekdays: 52 weeks earlier."""
    return since - timedelta(weeks=52), until - timedelta(weeks=52)


def before(since: date, until: date) -> tuple[date, date]:
    """The period of the same length that ends where this one begins."""
    length = (until - since).days + 1
    return since - timedelta(days=length), since - timedelta(days=1)
