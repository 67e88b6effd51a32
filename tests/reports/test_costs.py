"""Costs: at the price of the day, to the cent; what nobody priced is said to have none. Spreads: as near as said."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from relevo.desk.shifts import State
from relevo.desk.timeline import Piece
from relevo.reports import costs, spreads
from relevo.reports.costs import Price, Use
from relevo.reports.floor import merged, worked
from relevo.reports.rules import DaySum, Fact, Sum

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
SAID = datetime(2026, 11, 1, tzinfo=UTC)


def price(use: Use, amount: int | None, since: date) -> Price:
    return Price(use, amount, since, "stf_1", SAID)


def test_a_use_costs_what_it_cost_on_its_day() -> None:
    days = [DaySum(day, Fact.CALLS_ANSWERED, "twilio", "", Sum(2, 600)) for day in (MONDAY, TUESDAY)]
    prices = [price(Use.CALL_MINUTE_IN, 850, MONDAY), price(Use.CALL_MINUTE_IN, 1_700, TUESDAY)]
    found = costs.priced(days, prices)
    assert [(each.day, each.amount, each.cost) for each in found] == [(MONDAY, 600, 85), (TUESDAY, 600, 170)]
    (calls,) = [part for part in costs.parts(found) if part.use is Use.CALL_MINUTE_IN]
    assert (calls.amount, calls.cost, calls.missing) == (20, 255, False)


def test_the_last_word_on_a_day_counts_and_a_price_can_be_taken_back() -> None:
    prices = [
        price(Use.AGENT_HOUR, 10, MONDAY),
        price(Use.AGENT_HOUR, 20, MONDAY),
        price(Use.AGENT_HOUR, None, TUESDAY),
    ]
    assert costs.in_force(prices, Use.AGENT_HOUR, MONDAY - timedelta(days=1)) is None
    assert costs.in_force(prices, Use.AGENT_HOUR, MONDAY) == 20
    assert costs.in_force(prices, Use.AGENT_HOUR, TUESDAY) is None
    late = [*prices, price(Use.AGENT_HOUR, 30, MONDAY)]
    assert costs.in_force(late, Use.AGENT_HOUR, TUESDAY) is None


def test_calls_placed_are_not_paid_twice_and_what_has_no_price_is_missing() -> None:
    days = [
        DaySum(MONDAY, Fact.CALLS_ANSWERED, "twilio", "", Sum(3, 900)),
        DaySum(MONDAY, Fact.CALLS_OUT, "twilio", "", Sum(1, 300)),
        DaySum(MONDAY, Fact.MESSAGES_BOT, "whatsapp", "", Sum(7, 0)),
        DaySum(MONDAY, Fact.MESSAGES_BOT, "webchat", "", Sum(9, 0)),
    ]
    found = costs.priced(days, [price(Use.CALL_MINUTE_OUT, 10_000, MONDAY)])
    parts = {part.use: (part.amount, part.cost, part.missing) for part in costs.parts(found)}
    assert parts[Use.CALL_MINUTE_IN] == (10, None, True)
    assert parts[Use.CALL_MINUTE_OUT] == (5, 500, False)
    assert parts[Use.WHATSAPP_MESSAGE] == (7, None, True)
    assert parts[Use.AGENT_HOUR] == (0, None, False)
    assert [(each.fact, each.sum.total) for each in costs.as_sums(found)] == [(Fact.COST, 500)]


def test_stretches_touch_and_their_middle_is_near() -> None:
    before = -1
    for seconds in range(100_000):
        number = spreads.stretch(seconds)
        assert number in (before, before + 1)
        before = number
        assert abs(spreads.middle(number) - seconds) <= (0 if seconds < spreads.EXACT else spreads.ERROR * seconds)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_quantile_is_as_near_as_it_is_said_to_be(share: float) -> None:
    dice = random.Random(5)
    took = sorted(int(dice.lognormvariate(4, 2)) for _ in range(999))
    counts: dict[int, int] = {}
    for seconds in took:
        counts[spreads.stretch(seconds)] = counts.get(spreads.stretch(seconds), 0) + 1
    exact = took[-int(-share * len(took) // 1) - 1]
    found = spreads.quantile(counts, share)
    assert found is not None
    assert abs(found - exact) <= spreads.ERROR * exact
    assert spreads.quantile({}, share) is None


def test_time_with_conversations_counts_once_and_only_while_available() -> None:
    def at(minute: int) -> datetime:
        return SAID + timedelta(minutes=minute)

    pieces = [
        Piece(at(0), at(60), State.AVAILABLE),
        Piece(at(60), at(70), State.ON_CALL),
        Piece(at(70), at(75), State.WRAP_UP),
        Piece(at(75), at(105), State.PAUSE),
        Piece(at(105), at(120), State.AVAILABLE),
    ]
    held = merged([(at(10), at(30)), (at(20), at(40)), (at(65), at(110)), (at(200), at(210))])
    assert worked(pieces, held) == (90 * 60, (30 + 10 + 5 + 5) * 60)
    assert worked([], held) == (0, 0)
