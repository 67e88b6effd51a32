"""Who gets what: never too much, never to somebody who may not have it, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from relevo.conversations.rules import Priority
from relevo.desk.queue_rules import CHANNELS, Entry, EntryState, Mode, Queue, choose_queue
from relevo.desk.routing import (
    HEAD_START,
    LANGUAGE_PATIENCE,
    QUEUE_HEAD_START,
    Advice,
    Agent,
    decide,
    in_order,
    may_have,
    standing,
)

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
DESK = Queue("que_1", "Recepción")


def entry(
    number: int, *, minutes: float = 1, channel: str = "webchat", queue: str = "que_1", **values: object
) -> Entry:
    made = Entry(
        f"qen_{number:04}", f"cnv_{number}", f"per_{number}", queue, channel, None, None, Priority.NORMAL, {},
        EntryState.WAITING, NOW - timedelta(minutes=minutes),
    )  # fmt: skip
    return replace(made, **values)  # type: ignore[arg-type]


def given(entries: list[Entry], agents: list[Agent], *queues: Queue) -> dict[str, str]:
    matches = decide({each.id: each for each in queues or (DESK,)}, entries, agents, NOW)
    return {match.entry_id: match.advice.agent_id for match in matches}


def test_who_waits_longest_comes_first() -> None:
    waits = [entry(1, minutes=2), entry(2, minutes=9), entry(3, minutes=5)]
    assert given(waits, [Agent("a")]) == {"qen_0002": "a"}
    assert given(waits, [Agent("a"), Agent("b")]) == {"qen_0002": "a", "qen_0003": "b"}


def test_what_is_urgent_has_a_head_start_and_no_more() -> None:
    urgent = entry(1, minutes=0, priority=Priority.URGENT)
    soon, long_ago = entry(2, minutes=59), entry(3, minutes=61)
    assert [each.id for each in in_order([urgent, soon, long_ago], {DESK.id: DESK})] == [
        "qen_0003", "qen_0001", "qen_0002",
    ]  # fmt: skip


def test_a_queue_comes_before_another_by_minutes() -> None:
    first = replace(DESK, id="que_2", priority=5)
    ours = {each.id: each for each in (DESK, first)}
    assert [each.id for each in in_order([entry(1, minutes=9), entry(2, minutes=0, queue="que_2")], ours)] == [
        "qen_0002", "qen_0001",
    ]  # fmt: skip


def test_the_least_busy_then_who_has_waited_for_work_longest() -> None:
    busy = Agent("a", load={"webchat": 1})
    rested = Agent("c", idle_since=NOW - timedelta(minutes=9))
    fresh = Agent("b", idle_since=NOW)
    assert given([entry(1)], [busy, fresh, rested]) == {"qen_0001": "c"}


def test_who_had_this_customer_last_comes_first_while_they_can() -> None:
    wants = entry(1, last_agent_id="b")
    assert given([wants], [Agent("a"), Agent("b", load={"webchat": 2})]) == {"qen_0001": "b"}
    assert given([wants], [Agent("a"), Agent("b", load={"webchat": 3})]) == {"qen_0001": "a"}


def test_skills_and_teams_are_asked_for() -> None:
    skilled = replace(DESK, skills={"grupos": 3}, teams=("tem_1",))
    wants = entry(1, skills={"grupos": 3})
    expert = Agent("c", skills={"grupos": 4}, teams=frozenset({"tem_1"}))
    others = [Agent("a", skills={"grupos": 5}), Agent("b", skills={"grupos": 2}, teams=frozenset({"tem_1"}))]
    assert given([wants], [*others, expert], skilled) == {"qen_0001": "c"}
    assert given([wants], others, skilled) == {}


def test_a_language_is_waited_for_and_then_anybody_will_do_unless_the_queue_insists() -> None:
    early = entry(1, minutes=1, language="en")
    late = entry(1, minutes=LANGUAGE_PATIENCE.total_seconds() / 60, language="en")
    spanish, english = Agent("a"), Agent("b", languages=frozenset({"es", "en"}), load={"webchat": 2})
    assert given([early], [spanish]) == {}
    assert given([early], [spanish, english]) == {"qen_0001": "b"}
    assert given([late], [spanish]) == {"qen_0001": "a"}
    assert given([late], [spanish], replace(DESK, languages=("en",))) == {}


def test_whoever_let_it_pass_is_left_alone_for_a_while() -> None:
    passed = entry(1, declined={"a": NOW + timedelta(seconds=1)})
    assert given([passed], [Agent("a")]) == {}
    assert given([passed], [Agent("a"), Agent("b", load={"webchat": 1})]) == {"qen_0001": "b"}
    assert given([entry(1, declined={"a": NOW})], [Agent("a")]) == {"qen_0001": "a"}


def test_calls_go_to_those_who_can_be_heard() -> None:
    call = entry(1, channel="call")
    assert given([call], [Agent("a", channels=frozenset({"webchat"}))]) == {}
    assert given([call], [Agent("a", load={"call": 1})]) == {}
    assert given([call], [Agent("a", load={"webchat": 2})]) == {"qen_0001": "a"}


def test_advice_is_heard_only_about_those_who_are_fit() -> None:
    def odd(_entry: Entry, _able: object) -> Advice:
        return Advice("nobody", "model")

    def last(_entry: Entry, able: object) -> Advice:
        return Advice(able[-1].id, "model", 0.8)  # type: ignore[index]

    agents = [Agent("a"), Agent("b"), Agent("c", load={"webchat": 3})]
    assert decide({DESK.id: DESK}, [entry(1)], agents, NOW, odd)[0].advice.agent_id == "a"
    assert decide({DESK.id: DESK}, [entry(1)], agents, NOW, last)[0].advice.agent_id == "b"


def test_the_queue_that_says_most_takes_it() -> None:
    everything = Queue("que_1", "Todo", priority=9)
    money = Queue("que_2", "Pagos", reasons=("money",))
    english = Queue("que_3", "English", languages=("en",))
    off = Queue("que_4", "Apagada", reasons=("money",), active=False)
    queues = [everything, money, english, off]

    def taken(**what: str | None) -> str | None:
        asked = {"channel": "whatsapp", "language": "es", "reason": None, **what}
        found = choose_queue(queues, **asked)  # type: ignore[arg-type]
        return found.name if found else None

    assert (taken(), taken(reason="money"), taken(language="en")) == ("Todo", "Pagos", "English")
    assert taken(reason="money", language="en") == "Pagos"
    assert choose_queue([money], channel="call", language=None, reason=None) is None


def test_how_things_stand_for_one_who_waits() -> None:
    calls = [entry(number, channel="call", minutes=9 - number) for number in range(4)]
    agents = [Agent("a", load={"call": 1}), Agent("b")]
    assert standing(calls[2], {DESK.id: DESK}, calls, agents, agents, NOW) == (2, 2, 1)


@pytest.mark.parametrize("seed", range(60))
def test_over_a_day_nobody_is_given_too_much_or_what_is_not_theirs_and_all_are_served(seed: int) -> None:
    random = Random(seed)
    skills, teams, languages = ("grupos", "pagos", "spa"), ("tem_1", "tem_2"), ("es", "en", "pt")
    queues = {
        f"que_{number}": Queue(
            f"que_{number}", f"Cola {number}", priority=random.randint(0, 10),
            teams=tuple(random.sample(teams, random.randint(0, 1))), mode=Mode.OFFER,
            capacity={"webchat": 2} if random.random() < 0.3 else {},
        )
        for number in range(4)
    }  # fmt: skip
    agents = {
        f"stf_{number}": Agent(
            f"stf_{number}",
            languages=frozenset({"es", *random.sample(languages, random.randint(0, 2))}),
            skills={name: random.randint(1, 5) for name in random.sample(skills, random.randint(0, 3))},
            capacity={channel: random.randint(0, 3) for channel in CHANNELS},
            teams=frozenset(random.sample(teams, random.randint(0, 2))),
        )
        for number in range(random.randint(1, 12))
    }  # fmt: skip
    # Somebody can do everything, so that all that comes can be served by somebody.
    agents["stf_all"] = Agent(
        "stf_all", frozenset(languages), dict.fromkeys(skills, 5), dict.fromkeys(CHANNELS, 1), teams=frozenset(teams)
    )
    now, waiting, held, waited = NOW, dict[str, Entry](), dict[str, tuple[str, str, datetime]](), list[timedelta]()
    served_at: dict[str, datetime] = {}
    everybody: dict[str, Entry] = {}
    for step in range(160):
        now += timedelta(minutes=1)
        if step < 60:
            for number in range(random.randint(0, 2)):
                made = Entry(
                    f"qen_{step}_{number}", f"cnv_{step}_{number}", "per", random.choice(list(queues)),
                    random.choice(CHANNELS), random.choice([None, *languages]), None, random.choice(list(Priority)),
                    {name: random.randint(1, 3) for name in random.sample(skills, random.randint(0, 1))},
                    EntryState.WAITING, now,
                )  # fmt: skip
                waiting[made.id] = everybody[made.id] = made
        for entry_id, (_, _, until) in list(held.items()):
            if until <= now:
                del held[entry_id]
        there = []
        for agent in agents.values():
            load = Counter(channel for who, channel, _ in held.values() if who == agent.id)
            there.append(replace(agent, load=load))
        matches = decide(queues, waiting.values(), there, now)
        assert matches == decide(queues, list(waiting.values())[::-1], there[::-1], now)
        assert len({match.advice.agent_id for match in matches}) == len(matches)
        loads = {each.id: each for each in there}
        for match in matches:
            chosen, what = loads[match.advice.agent_id], waiting.pop(match.entry_id)
            queue = queues[what.queue_id or ""]
            assert may_have(chosen, what, queue, now)
            assert chosen.load[what.channel] < min(chosen.capacity[what.channel], queue.capacity.get(what.channel, 9))
            held[what.id] = (chosen.id, what.channel, now + timedelta(minutes=random.randint(1, 3)))
            served_at[what.id] = now
            waited.append(now - what.since)
    assert waiting == {}
    # Nobody is passed over by somebody alike who came later than the longest head start.
    longest = HEAD_START[Priority.URGENT] + 10 * QUEUE_HEAD_START
    served = [everybody[each] for each in served_at]
    for one in served:
        for other in served:
            alike = (one.queue_id, one.channel, one.language, one.skills) == (
                other.queue_id, other.channel, other.language, other.skills,
            )  # fmt: skip
            if alike and other.since > one.since + longest:
                assert served_at[other.id] >= served_at[one.id]
