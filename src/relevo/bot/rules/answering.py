"""Questions about the house, answered with its own sentences: which topics are meant, and how two who share them speak.

What nobody wrote down is not answered; what there is to ask about is told once, by one of them.
"""

from __future__ import annotations

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, names_stay
from relevo.bot.rules.knowledge import Topic
from relevo.bot.rules.reading import seeks_room
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps
from relevo.bot.rules.trips import mentioned
from relevo.bot.rules.wording import fact_line

INTENTS = frozenset({"ask_services", "ask_policies", "consultar_horarios"})
CONDITIONS = frozenset({"check_in", "check_out", "horarios", "pago", "cancelacion", "menores", "mascotas", "fumar"})
"""Topics that are conditions of the house, in whichever list it wrote them down."""
_BESIDE = frozenset({"get_prices", "check_availability", "make_reservation", "fuera_de_alcance", "saludo", "ayuda"})


def is_condition(scene: Scene, topic: Topic) -> bool:
    return topic.key in CONDITIONS or topic.key in scene.business.policies


def asked(scene: Scene, elsewhere: tuple[bool, frozenset[str]]) -> tuple[Topic, ...] | None:
    """The topics that are asked about, none where it is not said which; None: it is no such question. ``elsewhere``:
    whether somebody else answers the message, and the topics that they speak of."""
    said, (others, theirs) = scene.heard.entities, elsewhere
    found = _topics(scene, said.topics, theirs)
    if scene.picked:
        return () if scene.picked.intent in INTENTS and scene.picked.code is None else None
    if scene.says(*INTENTS):
        # "¿Y en la suite entramos?" is about the stay, whatever else it resembles.
        besides = others or names_stay(said) or mentioned(scene) or seeks_room(scene.heard.text)
        return found if found or not besides else None
    if any(topic.key in said.topics for topic in found):
        return found
    # Without a topic from the engine a word of the house's own list counts only in a question about nothing else.
    beside = scene.heard.intent in _BESIDE and not names_stay(said)
    return (_topics(scene, (), theirs) or None) if beside else None


def tell(scene: Scene, topics: tuple[Topic, ...]) -> Steps[Move]:
    yield from ()
    if topics:
        return Move(scene.dialogue, tuple(map(fact_line, topics)))
    texts = scene.texts
    everything = ", ".join(texts.say("bot.topic", topic=key.replace("_", " ")) for key in scene.business.services)
    known = scene.picked is not None or scene.heard.intent == "ask_services"
    lines = (Line("bot.services" if known else "bot.unknown_topic", {"services": everything}),)
    if scene.dialogue.question:
        return Move(scene.dialogue, lines)
    person = Option(texts.say("bot.button.person"), "hablar_con_humano")
    return Move(scene.dialogue, lines, Ask("bot.ask.topic", Expecting.NOTHING, options=(person,), patient=False))


def _topics(scene: Scene, keys: tuple[str, ...], theirs: frozenset[str]) -> tuple[Topic, ...]:
    return tuple(topic for topic in scene.knowledge.find(keys, scene.heard.text) if topic.key not in theirs)
