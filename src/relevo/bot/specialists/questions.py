"""Services, policies and facts of the house: answers with the house's own sentences, then goes back to the stay."""

from __future__ import annotations

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, names_stay
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import fact_line

INTENTS = frozenset({"ask_services", "ask_policies", "consultar_horarios"})
_BESIDE = frozenset({"get_prices", "check_availability", "make_reservation", "fuera_de_alcance", "saludo", "ayuda"})


def wants(scene: Scene) -> bool:
    said = scene.heard.entities
    if scene.says(*INTENTS):
        # "¿Y en la suite entramos?" is about the stay, whatever else it resembles.
        return not names_stay(said) or bool(scene.knowledge.find(said.topics, scene.heard.text))
    if any(key in scene.knowledge.topics for key in said.topics):
        return True
    # Without a topic from the engine a word of the house's own list counts only in a question about nothing else.
    return scene.heard.intent in _BESIDE and not names_stay(said) and bool(scene.knowledge.find((), scene.heard.text))


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    heard, texts = scene.heard, scene.texts
    topics = scene.knowledge.find(heard.entities.topics, heard.text) if not scene.picked else ()
    if topics:
        return Move(scene.dialogue, tuple(map(fact_line, topics)))
    everything = ", ".join(texts.say("bot.topic", topic=key.replace("_", " ")) for key in scene.business.services)
    if scene.picked or heard.intent == "ask_services":
        lines = (Line("bot.services", {"services": everything}),)
    else:
        lines = (Line("bot.unknown_topic", {"services": everything}),)
    if scene.dialogue.question:
        return Move(scene.dialogue, lines)
    person = Option(texts.say("bot.button.person"), "hablar_con_humano")
    return Move(scene.dialogue, lines, Ask("bot.ask.topic", Expecting.NOTHING, options=(person,), patient=False))


SPECIALIST = Specialist(
    "questions", Track.GUESTS, "answer about services and policies", INTENTS, priority=40, wants=wants, act=act
)
