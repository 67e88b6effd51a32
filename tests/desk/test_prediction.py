"""The model that advises on who gets what: what it may know, when it is silent, that it beats the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from bench.routing import synthetic, true_chance
from relevo.conversations.rules import Priority
from relevo.desk import prediction
from relevo.desk.prediction import FEATURES, FEWEST, History, Outcome, learn, measure
from relevo.desk.queue_rules import Entry, EntryState
from relevo.desk.routing import Agent

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ALLOWED = {
    "good_overall", "good_in_queue", "good_on_channel", "good_with_reason", "experience", "pace", "skill", "load",
}  # fmt: skip
PROTECTED = ("name", "gender", "sex", "age", "nation", "country", "language", "sentiment", "mood", "voice", "religion")


def entry(reason: str | None = "money", channel: str = "webchat") -> Entry:
    return Entry(
        "qen_1", "cnv_1", "per_1", "que_1", channel, "es", reason, Priority.NORMAL, {}, EntryState.WAITING, NOW
    )  # fmt: skip


def outcome(number: int, agent: str, *, good: bool, **values: object) -> Outcome:
    given: dict[str, object] = {"reason": "money", "seconds": 300.0, "good": good} | values
    return Outcome(NOW + timedelta(minutes=number), agent, "que_1", "webchat", solved=True, **given)  # type: ignore[arg-type]


def test_it_rests_on_these_features_and_on_nothing_protected() -> None:
    assert set(FEATURES) == ALLOWED
    assert len(History().vector("stf", "que", "call", None, 0.0, 0.0)) == len(FEATURES)
    assert not [name for name in FEATURES if any(part in name.split("_") for part in PROTECTED)]
    known = set(Outcome.__dataclass_fields__) | set(History.__dataclass_fields__)
    assert not [name for name in known if any(part in name.split("_") for part in PROTECTED)]


def test_with_too_few_outcomes_or_all_alike_nothing_is_said() -> None:
    few = [outcome(number, "a", good=number % 2 == 0) for number in range(FEWEST - 1)]
    assert learn(few) is None
    assert learn([outcome(number, "a", good=True) for number in range(FEWEST)]) is None
    assert learn([*few, outcome(FEWEST, "a", good=True)]) is not None


def test_what_the_customer_says_comes_before_the_result_and_that_before_the_end() -> None:
    assert outcome(0, "a", good=True, score=2).label is False
    assert outcome(0, "a", good=False, score=5).label is True
    assert outcome(0, "a", good=False).label is False
    assert Outcome(NOW, "a", "q", "call", None, solved=True).label is True


def test_who_does_better_is_recommended_with_how_sure_and_why() -> None:
    random = Random(7)
    seen = [
        outcome(number, who, good=random.random() < chance)
        for number in range(400)
        for who, chance in (("ana", 0.9), ("eva", 0.35))
    ]
    model = learn(seen)
    assert model is not None
    advice = model.advise(entry(), [Agent("eva"), Agent("ana")])
    assert advice is not None
    assert (advice.agent_id, advice.by) == ("ana", "model")
    assert advice.confidence is not None
    assert 0.7 < advice.confidence < 1.0
    assert advice.reasons
    assert set(advice.reasons) <= ALLOWED
    # The rules' own choice is not given up for next to nothing, nor for somebody of whom nothing is known.
    assert model.advise(entry(), [Agent("new"), Agent("newer")]) is None
    twins = learn([outcome(n, who, good=random.random() < 0.6) for n in range(300) for who in ("ana", "eva")])
    assert twins is not None
    close = twins.advise(entry(), [Agent("ana"), Agent("eva")])
    assert close is None or close.agent_id == "ana"


def test_what_is_learnt_of_an_outcome_was_known_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    vector = History.vector

    def watched(self: History, agent_id: str, *rest: object) -> list[float]:
        counts.append(self.house.count)
        return vector(self, agent_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(History, "vector", watched)
    learn([outcome(number, "a", good=number % 3 == 0) for number in range(FEWEST)])
    assert counts == list(range(FEWEST))


def test_on_outcomes_it_has_not_seen_it_is_better_than_the_rules() -> None:
    world, outcomes = synthetic(seed=3, count=3_000)
    found = measure(outcomes)
    assert found is not None
    assert found.held_out == 900
    assert found.auc is not None
    assert found.auc > 0.6
    cut = int(len(outcomes) * 0.7)
    model = learn(outcomes[:cut])
    assert model is not None
    rules = np.mean([true_chance(world, each, each.agent_id) for each in outcomes[cut:]])
    ours = np.mean([true_chance(world, each, prediction.chosen(model, each)) for each in outcomes[cut:]])
    assert ours > rules + 0.03
