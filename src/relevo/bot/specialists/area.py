"""The concierge: what is near, how one gets there, taxis. Says what the house has written down and names the topic.

What the house has not written down is not known, the weather first of all: it says so and invents nothing.
"""

from __future__ import annotations

import re

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option
from relevo.bot.rules.knowledge import AREA, Topic
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import fact_line

_NEAR = r"(cerca|cerquita|cercan[oa]s?|zona|barrio|alrededor\w*|por (ahi|alla|aca)|vecindario|recom\w+|suger\w+|afuera)"
_TO_EAT = r"(restau?ran\w*|restoran\w*|parrillas?|bar(es)?|cafe(s|teria|terias)?|cervecerias?|comer|cenar|almorzar)"
_WHERE = r"(hay|donde|cerca|queda|quedan|conocen|alguna?|algun)"
_TO_SEE = r"(visitar|conocer|recorrer|pasear|ver de lindo)"
_PATTERNS = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("clima",
         r"\b(que (tiempo|clima)|como (esta|va a estar|estara|viene) el (tiempo|clima)|pronostico|"
         r"va a llover|(?<!si )llueve|llovera|lluvias?|que temperatura|"
         r"(hace|hara|va a hacer) (mucho )?(frio|calor))\b"),
        ("restaurantes",
         rf"\b{_TO_EAT}\b.{{0,40}}\b{_NEAR}\b|\b{_NEAR}\b.{{0,40}}\b{_TO_EAT}\b|"
         r"\bdonde (puedo|podemos|se puede) (comer|cenar|almorzar) (rico|bien|algo)"),
        ("paseos",
         rf"\b(que|cuales|lugares|lugar|sitios?|donde) .{{0,30}}\b{_TO_SEE}\b|"
         r"(?<!nada )\bque (se puede |puedo |podemos |hay para |hay que )?(hacer|ver) "
         r"(por|en|cerca|alla|ahi|los|un|el|con)\b|\b(paseos|atracciones|atractivos|museos?|"
         r"lugares turisticos|puntos turisticos|monumento|vida nocturna|peatonal)\b"),
        ("playas", r"\b(playas?(?! de estacionamiento)|balnearios?|guardavidas)\b"),
        ("como_llegar",
         r"\bcomo (llego|llegar|llegamos|se llega|hago para llegar|hacemos para llegar|voy|vamos) .{0,20}"
         r"(desde|de la|del|en (auto|colectivo|bondi|micro|tren|subte|omnibus|transporte))|"
         r"\b(que (colectivo|bondi|omnibus|micro|subte)|(colectivo|bondi|subte|omnibus) (me|nos) (deja|lleva))\b"),
        ("distancias",
         r"\b(a cuanto|cuanto hay|que tan lejos|queda(n|mos)? (muy )?(lejos|cerca)|esta(n|mos)? (muy )?(lejos|cerca)|"
         r"cuantas cuadras|cuantos (km|kilometros|minutos|metros)|a que distancia)\b.{0,40}"
         r"\b(centro|terminal|aeropuerto|estacion|rio|costanera|estadio|monumento|playa|shopping|parque)\b"),
        ("taxis", r"\b(taxis?|uber|cabify|didi|parada de taxi)\b"),
        ("farmacias", rf"\b{_WHERE}\b.{{0,30}}\b(farmacias?|supermercados?|almacen|kiosco|despensa)\b"),
        ("bancos",
         rf"\b{_WHERE}\b.{{0,30}}\b(cajeros?|casas? de cambio|cambiar (dolares|plata|dinero)|shopping)\b"),
        ("salud", rf"\b{_WHERE}\b.{{0,30}}\b(hospital(es)?|clinicas?|guardia medica|sanatorio)\b"),
    )
)  # fmt: skip
COVERS = {
    "restaurantes": ("restaurante", "ubicacion"), "como_llegar": ("ubicacion", "traslado"),
    "distancias": ("ubicacion", "traslado"), "taxis": ("traslado", "ubicacion"), "paseos": ("ubicacion",),
    "playas": ("ubicacion",), "farmacias": ("ubicacion",), "bancos": ("ubicacion", "pago"), "salud": ("ubicacion",),
    "clima": (),
}  # fmt: skip
"""Topics of the house that the same words touch, and that are then not meant."""
_HOUSE_KNOWS = frozenset({"como_llegar", "distancias", "taxis"})
"""Where the house says it in a sentence of its own, that one does when nothing is written down of the area."""
_NOT_HERE = re.compile(
    r"\b(pagar|transferir|reservar|en el hotel|del hotel|tienen (restaurante|bar)|traslado|transfer)\b"
)


def asked(scene: Scene) -> tuple[str, ...]:
    """What of the area a message asks about."""
    if scene.picked:
        return ()
    said = fold(scene.heard.text)
    found = [key for key, pattern in _PATTERNS if pattern.search(said)]
    if "como_llegar" in found and "distancias" in found:
        found.remove("distancias")
    if _NOT_HERE.search(said) and set(found) <= {"restaurantes", "taxis", "bancos"}:
        return ()
    if not any(f"{AREA}{key}" in scene.knowledge.topics for key in found) and set(found) & _HOUSE_KNOWS:
        return ()
    # "la del monumento, del 11 al 13" books; it does not ask the way.
    stays = scene.says("make_reservation", "modify_reservation", "cancel_reservation") and "?" not in scene.heard.text
    return () if stays and not said.startswith(("que ", "como ", "donde ")) else tuple(found[:3])


def covers(scene: Scene) -> frozenset[str]:
    """The house's own topics that this message only seems to ask about."""
    return frozenset(topic for key in asked(scene) for topic in COVERS[key])


def wants(scene: Scene) -> bool:
    return bool(asked(scene))


def act(scene: Scene) -> Steps[Move]:
    yield from ()
    texts, topics = scene.texts, scene.knowledge.topics
    lines, missing = [], []
    for key in asked(scene):
        topic = topics.get(f"{AREA}{key}")
        if topic is None:
            missing.append(key)
            continue
        lines.append(Line("bot.area.fact", {**fact_line(topic).params, "topic": _name(scene, key)}))
    for key in missing:
        lines.append(Line("bot.area.weather" if key == "clima" else "bot.area.unknown", {"topic": _name(scene, key)}))
    known = [each for each in topics.values() if each.key.startswith(AREA)]
    if lines and (not missing or scene.dialogue.question or missing == ["clima"]):
        return Move(scene.dialogue, tuple(lines))
    if known:
        lines.append(Line("bot.area.known", {"topics": ", ".join(_name(scene, _key(each)) for each in known)}))
    person = Option(texts.say("bot.button.person"), "hablar_con_humano")
    ask = Ask("bot.ask.topic", Expecting.NOTHING, options=(person,), patient=False)
    return Move(scene.dialogue, tuple(lines), ask)


def _key(topic: Topic) -> str:
    return topic.key.removeprefix(AREA)


def _name(scene: Scene, key: str) -> str:
    """What the topic is called; a house may have others than ours."""
    known = f"bot.area.topic.{key}"
    return scene.texts.say(known) if scene.texts.has(known) else key.replace("_", " ")


SPECIALIST = Specialist(
    "area", Track.GUESTS, "tell what is near", frozenset(), priority=41, wants=wants, act=act, knows=wants
)
