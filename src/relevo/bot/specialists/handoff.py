"""A person, whenever one is asked for, and at once."""

from __future__ import annotations

from dataclasses import replace

from relevo.bot.rules.dialogue import Pending
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.reading import wants_person
from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track

INTENTS = frozenset({"hablar_con_humano"})
SURE = 0.4


def wants(scene: Scene) -> bool:
    if wants_person(scene.heard.text):
        return True
    if scene.dialogue.pending is Pending.PERSON and scene.heard.intent == "afirmar":
        return True
    return scene.heard.intent in INTENTS and scene.heard.confidence >= SURE


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    dialogue = replace(scene.dialogue, pending=Pending.NOTHING, failures=0)
    return Move(dialogue, (Line("bot.to_person"),), handoff=Reason.REQUESTED)


SPECIALIST = Specialist(
    "handoff", Track.OPERATIONS, "bring a person", INTENTS, priority=100, wants=wants, act=act, alone=True
)
