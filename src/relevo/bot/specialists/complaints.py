"""Complaints and trouble with money go to a person, with the reason, and with an apology that admits nothing."""

from __future__ import annotations

from relevo.bot.rules.reading import complains, money_trouble
from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track

INTENTS = frozenset({"queja"})
SURE = 0.4


def wants(scene: Scene) -> bool:
    text = scene.heard.text
    return money_trouble(text) or complains(text) or (scene.heard.intent in INTENTS and scene.heard.confidence >= SURE)


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    reason = "money" if money_trouble(scene.heard.text) else "complaint"
    return Move(scene.dialogue, (Line(f"bot.sorry_{reason}"),), handoff=reason)


SPECIALIST = Specialist(
    "complaints", Track.GUESTS, "hand complaints to a person", INTENTS, priority=95, wants=wants, act=act, alone=True
)
