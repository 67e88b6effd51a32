"""What each figure is: one definition for dashboards, exports and the words shown beside it. Nothing is read here.

A figure is either counted or added up from facts, or a ratio of two that are. Ratios are made of sums, never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

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


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    MONEY = "money"
    PERCENT = "percent"
    MARK = "mark"


class Part(StrEnum):
    COUNT = "count"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Figure:
    """``part`` of ``of``, divided by ``over``'s count where there is one.
    Its list shows the facts of ``of``."""

    key: str
    unit: Unit
    of: Fact
    part: Part = Part.COUNT
    over: Fact | None = None
    good: int = 1
    """1: more is better, -1: less is, 0: neither."""


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
)
BY_KEY = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Sum:
    count: int = 0
    total: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.total + other.total)


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one day came to on one channel, by one member of staff or by nobody."""

    day: date
    fact: Fact
    channel: str
    staff_id: str
    sum: Sum


def value(figure: Figure, sums: Mapping[Fact, Sum]) -> float | None:
    """None where there is nothing to divide by: no mark is not a bad mark."""
    found = sums.get(figure.of, Sum())
    top = found.total if figure.part is Part.TOTAL else found.count
    if figure.over is None:
        return top
    below = sums.get(figure.over, Sum()).count
    if not below:
        return None
    ratio = top / below
    return ratio * 100 if figure.unit is Unit.PERCENT else ratio


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


def before(since: date, until: date) -> tuple[date, date]:
    """The period of the same length that ends where this one begins."""
    length = (until - since).days + 1
    return since - timedelta(days=length), since - timedelta(days=1)
