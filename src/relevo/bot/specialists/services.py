"""What the house offers: breakfast, parking, the pool; says what there is to ask about where no topic is named."""

from __future__ import annotations

from relevo.bot.rules.answering import asked, is_condition, tell
from relevo.bot.rules.knowledge import Topic
from relevo.bot.rules.steps import Move, Scene, Specialist, Steps, Track
from relevo.bot.specialists import area, special_needs


def elsewhere(scene: Scene) -> tuple[bool, frozenset[str]]:
    """What is near and what somebody needs are others' to answer."""
    taken = area.wants(scene) or special_needs.wants(scene)
    return taken, frozenset(area.covers(scene) | special_needs.covers(scene))


def _topics(scene: Scene) -> tuple[Topic, ...] | None:
    found = asked(scene, elsewhere(scene))
    if not found:
        conditions = scene.heard.intent == "ask_policies" and not scene.picked
        return None if found is None or conditions else found
    return tuple(topic for topic in found if not is_condition(scene, topic)) or None


def wants(scene: Scene) -> bool:
    return _topics(scene) is not None


def act(scene: Scene) -> Steps[Move]:
    return (yield from tell(scene, _topics(scene) or ()))


SPECIALIST = Specialist(
    "services", Track.GUESTS, "answer about what the house offers", frozenset({"ask_services"}), priority=39,
    wants=wants, act=act, slots=("topics",),
)  # fmt: skip
