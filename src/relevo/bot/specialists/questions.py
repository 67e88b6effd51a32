"""Services, policies and facts of the house: answers with the house's own sentences, then goes back to the stay."""

from __future__ import annotations

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, names_stay
from relevo.bot.rules.knowledge import Topic
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import fact_line
from relevo.bot.specialists import area, special_needs

INTENTS = frozenset({"ask_services", "ask_policies", "consultar_horarios"})
_BESIDE = frozenset({"get_prices", "check_availability", "make_reservation", "fuera_de_alcance", "saludo", "ayuda"})


def wants(scene: Scene) -> bool:
    said = scene.heard.entities
    others = area.wants(scene) or special_needs.wants(scene)
    if scene.says(*INTENTS):
        # "¿Y en la suite entramos?" is about the stay, whatever else it resembles.
        return bool(_topics(scene, said.topics)) or not (others or names_stay(said))
    if any(topic.key in said.topics for topic in _topics(scene, said.topics)):
        return True
    # Without a topic from the engine a word of the house's own list counts only in a question about nothing else.
    return scene.heard.intent in _BESIDE and not names_stay(said) and bool(_topics(scene, ()))


def _topics(scene: Scene, keys: tuple[str, ...]) -> tuple[Topic, ...]:
    """Those that nobody else speaks of."""
    others = area.covers(scene) | special_needs.covers(scene)
    return tuple(topic for topic in scene.knowledge.find(keys, scene.heard.text) if topic.key not in others)


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    heard, texts = scene.heard, scene.texts
    topics = _topics(scene, heard.entities.topics) if not scene.picked else ()
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
