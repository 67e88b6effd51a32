"""What the use of a day cost, at the prices that the house set for it. Pure; what has no price is said to have none.

Prices are ten-thousandths of the currency, so that a message for a fraction of a cent can be told; sums are rounded
to minor units once per day and kind of use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from relevo.reports.rules import DaySum, Fact, Sum

WHATSAPP = "whatsapp"
MOST = 10**12


class Use(StrEnum):
    """What may cost something."""

    CALL_MINUTE_IN = "call_minute_in"
    CALL_MINUTE_OUT = "call_minute_out"
    WHATSAPP_MESSAGE = "whatsapp_message"
    WHATSAPP_TEMPLATE = "whatsapp_template"
    AGENT_HOUR = "agent_hour"


@dataclass(frozen=True, slots=True)
class Price:
    use: Use
    amount: int | None
    since: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a use the facts of a day say: ``amount`` units, of which ``per`` make one that is priced."""

    facts: tuple[tuple[Fact, int], ...]
    amount: Callable[[Sum], int]
    per: int
    channel: str | None = None
    list: str = ""
    """The figure whose list shows it."""


METERS: Mapping[Use, Meter] = {
    Use.CALL_MINUTE_IN: Meter(
        ((Fact.CALLS_ANSWERED, 1), (Fact.CALLS_OUT, -1)), lambda found: found.total, 60, list="talk_time"
    ),
    Use.CALL_MINUTE_OUT: Meter(((Fact.CALLS_OUT, 1),), lambda found: found.total, 60, list="talk_time"),
    Use.WHATSAPP_MESSAGE: Meter(
        ((Fact.MESSAGES_BOT, 1), (Fact.MESSAGES_AGENT, 1)), lambda found: found.count, 1, WHATSAPP, "messages_bot"
    ),
    Use.WHATSAPP_TEMPLATE: Meter(((Fact.TEMPLATES, 1),), lambda found: found.count, 1, WHATSAPP, "messages_bot"),
    Use.AGENT_HOUR: Meter(((Fact.BUSY, 1),), lambda found: found.total, 3_600, list="occupancy"),
}
FACTS = tuple({fact for meter in METERS.values() for fact, _ in meter.facts})


@dataclass(frozen=True, slots=True)
class Priced:
    """One use on one day and channel. ``cost`` None: nobody said what it costs."""

    day: date
    channel: str
    staff_id: str
    use: Use
    amount: int
    cost: int | None


def in_force(prices: Sequence[Price], use: Use, day: date) -> int | None:
    """The last word on the latest day that is not after ``day``; ``prices`` in the order they were said."""
    best: Price | None = None
    for each in prices:
        if each.use is use and each.since <= day and (best is None or each.since >= best.since):
            best = each
    return best.amount if best else None


def priced(days: Iterable[DaySum], prices: Sequence[Price]) -> list[Priced]:
    """Every use of the facts of some days, by day, channel and member of staff."""
    used: dict[tuple[date, str, str, Use], int] = {}
    for each in days:
        for use, meter in METERS.items():
            if meter.channel not in (None, each.channel):
                continue
            for fact, sign in meter.facts:
                if fact is each.fact:
                    key = (each.day, each.channel, each.staff_id, use)
                    used[key] = used.get(key, 0) + sign * meter.amount(each.sum)
    found = []
    for (day, channel, staff_id, use), amount in used.items():
        price = in_force(prices, use, day)
        cost = None if price is None else round(amount * price / (METERS[use].per * 100))
        if amount:
            found.append(Priced(day, channel, staff_id, use, amount, cost))
    return found


def as_sums(found: Iterable[Priced]) -> list[DaySum]:
    """What is known, as facts."""
    return [
        DaySum(each.day, Fact.COST, each.channel, each.staff_id, Sum(1, each.cost))
        for each in found
        if each.cost is not None
    ]


@dataclass(frozen=True, slots=True)
class Part:
    use: Use
    amount: float
    """Minutes, messages or hours."""
    cost: int | None
    missing: bool
    """Some or all of it has no price."""


def parts(found: Sequence[Priced]) -> list[Part]:
    """Of all days together, every use that may cost something."""
    made = []
    for use in Use:
        mine = [each for each in found if each.use is use]
        known = [each.cost for each in mine if each.cost is not None]
        amount = sum(each.amount for each in mine) / METERS[use].per
        made.append(Part(use, amount, sum(known) if known else None, len(known) < len(mine)))
    return made
