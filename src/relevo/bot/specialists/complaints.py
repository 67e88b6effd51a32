"""Complaints, anger and trouble with money go to a person, with the reason, and with an apology that admits nothing."""

from __future__ import annotations

from relevo.bot.rules.escalation import Reason, trouble
from relevo.bot.rules.steps import Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.specialists import feedback

INTENTS = frozenset({"queja"})
SURE = 0.4
SORRY = {
    Reason.MONEY: "bot.sorry_money",
    Reason.ANGRY: "bot.sorry_angry",
    Reason.COMPLAINT: "bot.sorry_complaint",
}


def wants(scene: Scene) -> bool:
    sure = scene.heard.intent in INTENTS and scene.heard.confidence >= SURE
    # An opinion may be a bad one; it is asked for before anybody is called.
    return (sure and not feedback.wants(scene)) or trouble(scene.heard.text) is not None


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    reason = trouble(scene.heard.text) or Reason.COMPLAINT
    return Move(scene.dialogue, (Line(SORRY[reason]),), handoff=reason)


SPECIALIST = Specialist(
    "complaints", Track.GUESTS, "hand complaints to a person", INTENTS, priority=95, wants=wants, act=act, alone=True
)
