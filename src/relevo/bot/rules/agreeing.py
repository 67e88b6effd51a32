"""Yes and no to what would touch a booking that is made: only an explicit yes does it; a doubt leaves it as it is."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Pending, names_stay
from relevo.bot.rules.reading import consents, hesitates
from relevo.bot.rules.steps import Line, Move, Scene

ASKED = (Pending.RELEASE, Pending.CANCEL, Pending.CHANGE)
"""What touches a booking that is made."""


def agrees(scene: Scene, orders: frozenset[str], intents: AbstractSet[str]) -> bool:
    """An explicit yes to the question as it stands: its button, a plain yes, or the order itself (``cancelala``)."""
    if scene.dialogue.expecting is not Expecting.CONFIRMATION:
        return False
    if scene.picked:
        return scene.picked.intent == "afirmar"
    if scene.says("negar") or names_stay(scene.heard.entities):
        return False
    return scene.says("afirmar", *intents) and consents(scene.heard.text, orders)


def refuses(scene: Scene) -> bool:
    if scene.picked:
        return scene.picked.intent == "negar"
    return scene.says("negar") and not names_stay(scene.heard.entities)


def turns_away(scene: Scene) -> bool:
    """Neither yes nor no: ``lo pienso``, ``no sé``."""
    said = scene.heard.entities
    return not scene.picked and hesitates(scene.heard.text) and not names_stay(said) and not said.topics


def kept(scene: Scene) -> Move:
    """Nothing was done, and a later yes does nothing either: it would have to be asked for anew."""
    told, dialogue = scene.dialogue.told, scene.dialogue
    dialogue = replace(dialogue, pending=Pending.NOTHING, told=None, errand=None)
    line = Line("bot.kept", {"code": told.code}) if told else Line("bot.fine")
    return Move(dialogue, (line,), closes=True)
