"""Greetings, thanks, goodbyes, help, and a yes or no that answers nothing in particular."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import DepositStatus
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, Pending, names_stay
from relevo.bot.rules.reading import finished, thanks
from relevo.bot.rules.stays import accepts, revives
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import booking_words
from relevo.bot.specialists import objections

INTENTS = frozenset({"saludo", "despedida", "ayuda"})
_NAMING = (Expecting.GUEST_NAME, Expecting.CONTACT)


def wants(scene: Scene) -> bool:
    heard, dialogue = scene.heard, scene.dialogue
    said = heard.entities
    if scene.says("saludo", "ayuda"):
        # A name with an e-mail is no greeting, whatever it resembles.
        return not (said.guest_name or said.email or said.phone or dialogue.expecting in _NAMING)
    if names_stay(said) or said.topics or revives(scene) or accepts(scene) or objections.wants(scene):
        return False
    if heard.intent == "despedida":
        return True
    if dialogue.pending is Pending.HOLD and heard.intent == "afirmar" and thanks(heard.text):
        return True
    if dialogue.expecting in _NAMING:
        return False
    if heard.intent == "negar":
        return dialogue.pending is not Pending.HOLD
    if heard.intent == "afirmar":
        return dialogue.pending is Pending.NOTHING and dialogue.expecting is Expecting.NOTHING
    return False


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    dialogue, texts = scene.dialogue, scene.texts
    done = scene.heard.intent == "negar" and dialogue.pending is Pending.NOTHING and finished(scene.heard.text)
    if done or scene.says("despedida") or (scene.heard.intent == "afirmar" and thanks(scene.heard.text)):
        waiting = scene.hold and scene.hold.deposit_status is DepositStatus.REQUESTED
        line = Line("bot.bye_held", booking_words(scene, scene.hold)) if scene.hold and waiting else Line("bot.bye")
        return Move(dialogue, (line,), closes=True)
    if scene.says("ayuda") and not names_stay(scene.heard.entities):
        return Move(dialogue, (Line("bot.can_do"),), _start(scene) if not dialogue.question else None)
    if scene.says("saludo"):
        return Move(dialogue, (Line("bot.hello"),), None if dialogue.question else _start(scene))
    if scene.says("afirmar"):
        return Move(dialogue, (), _start(scene))
    person = Option(texts.say("bot.button.person"), "hablar_con_humano")
    ask = Ask("bot.ask.anything_else", Expecting.NOTHING, options=(person,), patient=False)
    return Move(replace(dialogue, pending=Pending.NOTHING), (Line("bot.fine"),), ask)


def _start(scene: Scene) -> Ask:
    texts = scene.texts
    options = (
        Option(texts.say("bot.button.availability"), "check_availability"),
        Option(texts.say("bot.button.services"), "ask_services"),
        Option(texts.say("bot.button.person"), "hablar_con_humano"),
    )
    return Ask("bot.ask.how_help", Expecting.NOTHING, options=options, patient=False)


SPECIALIST = Specialist(
    "courtesy", Track.OPERATIONS, "be polite and say what can be done", INTENTS, priority=10, wants=wants, act=act
)
