"""The conditions of the house: hours, payment, cancellation, pets, children; in its own sentences, never in others."""

from __future__ import annotations

from relevo.bot.rules.answering import asked, is_condition, tell
from relevo.bot.rules.knowledge import Topic
from relevo.bot.rules.steps import Move, Scene, Specialist, Steps, Track
from relevo.bot.specialists.services import elsewhere


def _topics(scene: Scene) -> tuple[Topic, ...] | None:
    found = asked(scene, elsewhere(scene))
    if not found:
        return found if found is not None and scene.heard.intent == "ask_policies" and not scene.picked else None
    return tuple(topic for topic in found if is_condition(scene, topic)) or None


def wants(scene: Scene) -> bool:
    return _topics(scene) is not None


def act(scene: Scene) -> Steps[Move]:
    return (yield from tell(scene, _topics(scene) or ()))


SPECIALIST = Specialist(
    "policies", Track.GUESTS, "answer about the conditions of the house", frozenset({"ask_policies"}), priority=40,
    wants=wants, act=act, slots=("topics",),
)  # fmt: skip
