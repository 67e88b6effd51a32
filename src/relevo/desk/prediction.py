"""Who would do best with what waits: a small model of outcomes, asked among those whom the rules find fit.

It knows how conversations ended and how long they took, and nothing about persons: no name, gender, age, nationality,
nor anybody's mood. A language counts only where somebody declared it, and that is the rules' matter. With too few
outcomes, or where it is not sure, it says nothing and the rules decide. Pure: outcomes in, advice out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relevo.desk.queue_rules import Entry
from relevo.desk.routing import Advice, Agent

FEATURES = (
    "good_overall",
    "good_in_queue",
    "good_on_channel",
    "good_with_reason",
    "experience",
    "pace",
    "skill",
    "load",
)
"""All that a decision may rest on. Texts of the same name say so: ``queues.advice.<name>``."""
FEWEST = 200
"""Outcomes without which nothing is said."""
FEWEST_OF_ONE = 5
SURE = 0.04
"""So much better than the rules' own choice somebody has to be expected to do."""
PRIOR = 8.0
"""How many outcomes of the whole house stand beside those of one agent."""
REASONS = 3
MODEL = "model"
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one conversation went with whoever had it. ``among``: who else could have had it."""

    at: datetime
    agent_id: str
    queue_id: str
    channel: str
    reason: str | None
    solved: bool
    good: bool | None = None
    """What the result says that was given; None: nothing."""
    score: int | None = None
    """The customer's, 1 to 5."""
    seconds: float = 0.0
    skill: float = 0.0
    load: float = 0.0
    among: tuple[str, ...] = ()

    @property
    def label(self) -> bool:
        """Whether it went well. What the customer says comes first, then the result, then that it was over."""
        if self.score is not None:
            return self.score >= 4
        return self.good if self.good is not None else self.solved


@dataclass(slots=True)
class _Tally:
    count: int = 0
    good: int = 0
    log_seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.count += 1
        self.good += outcome.label
        self.log_seconds += math.log(max(30.0, outcome.seconds))


@dataclass(slots=True)
class History:
    """What is known of everybody's outcomes up to some time."""

    house: _Tally = field(default_factory=_Tally)
    tallies: defaultdict[tuple[str, str, str], _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def add(self, outcome: Outcome) -> None:
        self.house.add(outcome)
        for kind, value in _kinds(outcome.queue_id, outcome.channel, outcome.reason):
            self.tallies[outcome.agent_id, kind, value].add(outcome)

    def count(self, agent_id: str) -> int:
        found = self.tallies.get((agent_id, "all", ""))
        return found.count if found else 0

    def vector(
        self, agent_id: str, queue_id: str, channel: str, reason: str | None, skill: float, load: float
    ) -> list[float]:
        """In the order of ``FEATURES``."""
        usual = (self.house.good + 1) / (self.house.count + 2)
        shares, overall = [], usual
        for kind, value in _kinds(queue_id, channel, reason):
            found = self.tallies.get((agent_id, kind, value))
            # What little is known of one part leans on what is known of the whole.
            share = ((found.good if found else 0) + PRIOR * overall) / ((found.count if found else 0) + PRIOR)
            if kind == "all":
                overall = share
            shares.append(share - usual if kind == "all" else share - overall)
        own, everyone = self.tallies.get((agent_id, "queue", queue_id)), self.house
        pace = 0.0
        if own is not None and own.count and everyone.count:
            pace = (
                (everyone.log_seconds / everyone.count - own.log_seconds / own.count) * own.count / (own.count + PRIOR)
            )
        return [*shares, math.log1p(own.count if own else 0), pace, skill, load]


def _kinds(queue_id: str, channel: str, reason: str | None) -> tuple[tuple[str, str], ...]:
    return ("all", ""), ("queue", queue_id), ("channel", channel), ("reason", reason or "")


@dataclass(frozen=True, slots=True)
class Model:
    weights: Vector
    bias: float
    mean: Vector
    spread: Vector
    history: History
    outcomes: int
    _known: dict[tuple[str, str, str, str | None], list[float]] = field(default_factory=dict, compare=False, repr=False)
    """What is known of somebody with something: the history of a model changes no more."""

    def vector(
        self, agent_id: str, queue_id: str, channel: str, reason: str | None, skill: float, load: float
    ) -> list[float]:
        key = agent_id, queue_id, channel, reason
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self.history.vector(*key, 0.0, 0.0)[:-2]
        return [*known, skill, load]

    def chances(self, vectors: Sequence[Sequence[float]]) -> Vector:
        """How likely each is to go well."""
        return self._chances(self._scaled(vectors))

    def _scaled(self, vectors: Sequence[Sequence[float]]) -> Vector:
        scaled: Vector = (np.asarray(vectors, dtype=np.float64) - self.mean) / self.spread
        return scaled

    def _chances(self, scaled: Vector) -> Vector:
        chances: Vector = 1.0 / (1.0 + np.exp(-(scaled @ self.weights + self.bias)))
        return chances

    def advise(self, entry: Entry, able: Sequence[Agent]) -> Advice | None:
        """The first of ``able`` is the rules' own choice. None: not sure that anybody is better."""
        queue_id = entry.queue_id or ""
        vectors = [
            self.vector(
                each.id, queue_id, entry.channel, entry.reason, skill_of(entry.skills, each.skills), each.occupancy
            )
            for each in able
        ]
        return self._best([each.id for each in able], vectors)

    def _best(self, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> Advice | None:
        scaled = self._scaled(vectors)
        chances = self._chances(scaled)
        known = [number for number, who in enumerate(ids) if self.history.count(who) >= FEWEST_OF_ONE]
        if not known:
            return None
        best = max(known, key=lambda number: (chances[number], -number))
        if best != 0 and chances[best] - chances[0] < SURE:
            return None
        gains = (scaled[best] - scaled.mean(axis=0)) * self.weights
        order = [int(number) for number in np.argsort(-gains) if gains[number] > 0][:REASONS]
        return Advice(ids[best], MODEL, round(float(chances[best]), 3), tuple(FEATURES[number] for number in order))


def skill_of(wanted: Mapping[str, int], has: Mapping[str, int]) -> float:
    """By how much somebody has more than what is asked for."""
    return float(sum(has.get(name, 0) - level for name, level in wanted.items()))


def learn(outcomes: Iterable[Outcome], *, fewest: int = FEWEST) -> Model | None:
    """None: too few, or all the same. Every outcome is learnt from what was known before it."""
    history, vectors, labels = History(), list[list[float]](), list[bool]()
    for each in sorted(outcomes, key=lambda one: (one.at, one.agent_id)):
        vectors.append(
            history.vector(each.agent_id, each.queue_id, each.channel, each.reason, each.skill, each.load)
        )  # fmt: skip
        labels.append(each.label)
        history.add(each)
    if len(labels) < fewest or len(set(labels)) < 2:
        return None
    from sklearn.linear_model import LogisticRegression

    given = np.asarray(vectors, dtype=np.float64)
    mean, spread = given.mean(axis=0), given.std(axis=0)
    spread[spread < 1e-9] = 1.0
    fitted: Any = LogisticRegression(C=0.5, max_iter=500).fit((given - mean) / spread, np.asarray(labels))
    return Model(fitted.coef_[0], float(fitted.intercept_[0]), mean, spread, history, len(labels))


@dataclass(frozen=True, slots=True)
class Measured:
    """On outcomes that the model did not see."""

    learnt_from: int
    held_out: int
    auc: float | None
    """How well it tells what goes well from what does not; 0.5 is chance."""
    rules: float | None
    """Share that went well, as it was given out."""
    agreed: int
    """So often it would have chosen whoever had it."""
    agreed_good: float | None
    """Share of those that went well."""


def measure(outcomes: Sequence[Outcome], *, share: float = 0.7, fewest: int = FEWEST) -> Measured | None:
    """Learn from the first of them, judge by the rest."""
    ordered = sorted(outcomes, key=lambda one: (one.at, one.agent_id))
    cut = int(len(ordered) * share)
    model, held = learn(ordered[:cut], fewest=fewest), ordered[cut:]
    if model is None or not held:
        return None
    vectors = [_of(model, each, each.agent_id) for each in held]
    labels = [each.label for each in held]
    agreed = [each.label for each in held if chosen(model, each) == each.agent_id]
    return Measured(
        cut, len(held), _auc(model.chances(vectors), labels), _mean(labels), len(agreed), _mean(agreed)
    )  # fmt: skip


def chosen(model: Model, outcome: Outcome) -> str:
    """Whom the model, with the rules behind it, would have given it to. Who had it was the rules' choice."""
    others = [who for who in outcome.among if who != outcome.agent_id]
    ids = [outcome.agent_id, *others]
    advice = model._best(ids, [_of(model, outcome, who) for who in ids])
    return advice.agent_id if advice is not None else outcome.agent_id


def _of(model: Model, outcome: Outcome, agent_id: str) -> list[float]:
    return model.vector(
        agent_id, outcome.queue_id, outcome.channel, outcome.reason, outcome.skill, outcome.load
    )  # fmt: skip


def _mean(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _auc(chances: Vector, labels: Sequence[bool]) -> float | None:
    good = chances[np.asarray(labels)]
    bad = chances[~np.asarray(labels)]
    if not len(good) or not len(bad):
        return None
    above = (good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean()
    return round(float(above), 4)
