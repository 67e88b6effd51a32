"""Giving out work: how long one decision takes on a full floor, and whether the model is better than the rules.

The floor: 200 agents, 2,000 who wait in 8 queues on 4 channels, with and without advice. The outcomes are made up from
a seed: agents differ by queue and by reason, the rules gave them out, and how each would have gone with everybody else
is known because it is made up; the model sees only what a house would see. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean, median, quantiles

from relevo.conversations.rules import Priority
from relevo.desk import prediction
from relevo.desk.prediction import Outcome
from relevo.desk.queue_rules import CHANNELS, Entry, EntryState, Queue
from relevo.desk.routing import Agent, decide

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
REASONS = ("requested", "money", "complaint", "groups", None)
SKILLS = ("grupos", "pagos", "spa", "excursiones")
PROMISED_MS = 50.0


@dataclass(frozen=True, slots=True)
class World:
    """How good everybody really is, which nobody in the house knows."""

    ability: dict[str, float]
    by_queue: dict[tuple[str, str], float]
    by_reason: dict[tuple[str, str | None], float]


def true_chance(world: World, outcome: Outcome, agent_id: str) -> float:
    score = (
        world.ability[agent_id]
        + world.by_queue[agent_id, outcome.queue_id]
        + world.by_reason[agent_id, outcome.reason]
        - 0.4 * outcome.load
    )
    return 1.0 / (1.0 + math.exp(-score))


def synthetic(*, seed: int, count: int, agents: int = 20) -> tuple[World, list[Outcome]]:
    """Outcomes as a house with the rules would have them: who was least busy had it."""
    random = Random(seed)
    people, queues = [f"stf_{number:03}" for number in range(agents)], [f"que_{number}" for number in range(3)]
    world = World(
        {who: random.gauss(0.3, 0.5) for who in people},
        {(who, queue): random.gauss(0, 0.6) for who in people for queue in queues},
        {(who, reason): random.gauss(0, 0.6) for who in people for reason in REASONS},
    )
    outcomes = []
    for number in range(count):
        able = random.sample(people, random.randint(2, 8))
        blank = Outcome(
            NOW + timedelta(minutes=number), able[0], random.choice(queues), random.choice(CHANNELS),
            random.choice(REASONS), solved=False, load=random.random(), among=tuple(able),
        )  # fmt: skip
        good = random.random() < true_chance(world, blank, able[0])
        seconds = math.exp(random.gauss(5.5 if good else 5.9, 0.4))
        outcomes.append(
            Outcome(
                blank.at, blank.agent_id, blank.queue_id, blank.channel, blank.reason, solved=good,
                good=good if random.random() < 0.8 else None, seconds=seconds, load=blank.load, among=blank.among,
            )
        )  # fmt: skip
    return world, outcomes


def floor(seed: int, agents: int, waiting: int) -> tuple[dict[str, Queue], list[Entry], list[Agent]]:
    random = Random(seed)
    queues = {
        f"que_{number}": Queue(f"que_{number}", f"Cola {number}", priority=random.randint(0, 10)) for number in range(8)
    }
    entries = [
        Entry(
            f"qen_{number}", f"cnv_{number}", f"per_{number}", random.choice(list(queues)), random.choice(CHANNELS),
            random.choice(["es", "es", "es", "en", None]), random.choice(REASONS), random.choice(list(Priority)),
            {random.choice(SKILLS): random.randint(1, 4)} if random.random() < 0.4 else {}, EntryState.WAITING,
            NOW - timedelta(seconds=random.randint(0, 3_600)),
            last_agent_id=f"stf_{random.randrange(agents):03}" if random.random() < 0.2 else None,
        )
        for number in range(waiting)
    ]  # fmt: skip
    people = [
        Agent(
            f"stf_{number:03}", frozenset(random.sample(["es", "en", "pt"], random.randint(1, 3)) + ["es"]),
            {skill: random.randint(1, 5) for skill in random.sample(SKILLS, random.randint(0, 3))},
            load={channel: random.randint(0, 1) for channel in CHANNELS},
            idle_since=NOW - timedelta(seconds=random.randint(0, 900)),
        )
        for number in range(agents)
    ]  # fmt: skip
    return queues, entries, people


def timed(agents: int, waiting: int, rounds: int, model: prediction.Model | None) -> dict[str, float]:
    """Of the processor, and by the clock: on a busy machine the second says more of the others than of this."""
    took, waited = [], []
    given = 0
    for seed in range(rounds):
        queues, entries, people = floor(seed, agents, waiting)
        clock, begun = time.perf_counter(), time.process_time()
        given = len(decide(queues, entries, people, NOW, model.advise if model else None))
        took.append((time.process_time() - begun) * 1_000)
        waited.append((time.perf_counter() - clock) * 1_000)
    return {
        "mean_ms": round(mean(took), 2),
        "p95_ms": round(quantiles(took, n=20)[-1], 2),
        "clock_median_ms": round(median(waited), 2),
        "given": given,
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--agents", type=int, default=200)
    asked.add_argument("--waiting", type=int, default=2_000)
    asked.add_argument("--rounds", type=int, default=40)
    asked.add_argument("--outcomes", type=int, default=8_000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    world, outcomes = synthetic(seed=options.seed, count=options.outcomes)
    cut = int(len(outcomes) * 0.7)
    begun = time.perf_counter()
    model = prediction.learn(outcomes[:cut])
    learnt_s = time.perf_counter() - begun
    assert model is not None
    held = outcomes[cut:]
    choices = [prediction.chosen(model, each) for each in held]
    shares = {
        "rules": mean(true_chance(world, each, each.agent_id) for each in held),
        "model": mean(true_chance(world, each, who) for each, who in zip(held, choices, strict=True)),
        "best": mean(max(true_chance(world, each, who) for who in each.among) for each in held),
    }
    moved = mean(who != each.agent_id for each, who in zip(held, choices, strict=True))
    measured = prediction.measure(outcomes)
    rules = timed(options.agents, options.waiting, options.rounds, None)
    advised = timed(options.agents, options.waiting, options.rounds, model)
    print(f"one decision by the rules: {rules}")
    print(f"one decision with advice:  {advised}")
    print(f"share that goes well on held-out outcomes: { ({name: round(value, 4) for name, value in shares.items()}) }")
    answer = {
        "agents": options.agents,
        "waiting": options.waiting,
        "rules": rules,
        "advised": advised,
        "ok": max(rules["p95_ms"], advised["p95_ms"]) < PROMISED_MS,
        "learnt_s": round(learnt_s, 2),
        "held_out": len(held),
        "auc": measured.auc if measured else None,
        "goes_well": {name: round(value, 4) for name, value in shares.items()},
        "moved_from_rules": round(moved, 4),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
