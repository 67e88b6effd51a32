"""Needs of a guest: allergies, diets, a cot, the ground floor, a wheelchair, a pregnancy, a late arrival.

What the house has written down is said; the need itself is noted for the staff, with the booking where there is one.
Nothing is promised, and nothing about anybody's health is asked.
"""

from __future__ import annotations

import re

from relevo.bot.rules import forms
from relevo.bot.rules.asking import AskHouse, ask_house
from relevo.bot.rules.hours import said_hours
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import FindOwn, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import fact_line
from relevo.desk.rules import RequestKind

_HAS = (
    r"(soy|es|son|somos|sea|tengo|tiene|tienen|tenemos|padezco|padece|sufro|sufre|con|uso|usa|usan|anda|voy|viaja|viajo|"
    r"viajamos|estoy|esta|necesit\w+|precis\w+|quier\w+|quisier\w+|pued\w+ (poner|preparar|dejar)|pon\w+|prepar\w+|"
    r"agreg\w+|sum\w+|solicit\w+|ped\w+|pid\w+|ser\w+ (bueno|ideal|posible))"
)
_NEEDS = tuple(
    (need, re.compile(pattern), topics)
    for need, pattern, topics in (
        ("need_allergy", rf"\b{_HAS}\b.{{0,40}}\b(alergi\w+|alergic\w+|intoleran\w+|anafila\w+)", ("restaurante",)),
        ("need_diet",
         rf"\b{_HAS}\b.{{0,30}}\b(celiac\w+|celiaqu\w+|vegan\w+|vegetarian\w+|diabetic\w+|diabetes|kosher|halal|"
         r"sin (gluten|tacc|sal|lactosa)|hipertens\w+)|\b(como|comemos|come) sin (gluten|tacc|sal|lactosa)",
         ("restaurante",)),
        ("need_cot",
         rf"\b{_HAS}\b.{{0,30}}\b(cuna|cunita|practicuna|moises|catre)\b|"
         r"\b(una|con) (cuna|practicuna)\b.{0,20}(por favor|porfa|si se puede)", ("menores",)),
        ("need_ground_floor",
         rf"\b{_HAS}\b.{{0,40}}\b(planta baja|primer piso|piso bajo|sin escaleras?)\b|"
         r"\bno (puedo|puede|podemos) subir\b",
         ("accesibilidad",)),
        ("need_mobility",
         rf"\b{_HAS}\b.{{0,40}}\b(silla de ruedas|movilidad (reducida|limitada)|muletas|baston|andador|discapac\w+|"
         r"(habitacion|bano) (accesible|adaptad[oa])|barras? de apoyo|cieg[oa]|sord[oa])", ("accesibilidad",)),
        ("need_pregnancy", r"\b(estoy|esta|viajo|viaja|voy|mi (mujer|esposa|pareja|senora|hija)) .{0,20}embarazad\w+|"
         r"\bembarazada de\b", ()),
        ("need_late",
         r"\b(lleg(o|amos|aria|ariamos|are|aremos)|vamos a llegar|voy a llegar|estamos llegando|estariamos llegando)\b"
         r".{0,25}\b(muy tarde|tarde|de madrugada|a la madrugada|pasada la medianoche|despues de (la )?medianoche|"
         r"despues de las (22|23|24|once|doce)|a la medianoche|de noche)\b", ("check_in",)),
    )
)  # fmt: skip
_ASKS_ONLY = re.compile(
    r"^(\W*(hola|buenas|buen dia|disculpa|perdon|una consulta|consulta)\W*)*(tienen|tenes|tiene|hay|cuentan|ofrecen|"
    r"aceptan|admiten|es accesible|el hotel|son|cuanto|que|cual)\b"
)
"""A question about what there is, in which nobody says that they need it."""
_TOLD = frozenset({"need_late", "need_pregnancy"})
"""What is only taken where it is said, never where something is asked about it."""
_NOT_LATE = re.compile(r"\b(si lleg\w+|dias? (mas )?tarde|horas? tarde|(de|por|a) la tarde|que hacer)\b")
_OWN = re.compile(
    r"\b(soy|somos|tengo|tenemos|necesit\w+|precis\w+|mi|mis|viajo|viajamos|vamos con|voy con|estoy|llego|llegamos|"
    r"mi (mama|papa|hijo|hija|abuela|abuelo|marido|esposa|pareja))\b"
)


def needs(scene: Scene) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is needed, each with the topics of the house that speak of it."""
    if scene.picked:
        return ()
    said = fold(scene.heard.text)
    if _ASKS_ONLY.search(said) and not _OWN.search(said):
        return ()
    found = tuple((need, topics) for need, pattern, topics in _NEEDS if pattern.search(said))
    asks = "?" in scene.heard.text or scene.says("queja")
    return tuple(each for each in found if not (each[0] in _TOLD and (asks or _NOT_LATE.search(said))))


def covers(scene: Scene) -> frozenset[str]:
    """Topics of the house that are answered along with the need."""
    return frozenset(topic for _, topics in needs(scene) for topic in topics)


def wants(scene: Scene) -> bool:
    return bool(needs(scene))


def act(scene: Scene) -> Steps[Move]:
    found, texts = needs(scene), scene.texts
    facts = dict.fromkeys(topic for _, topics in found for topic in topics if topic in scene.knowledge.topics)
    lines = [fact_line(scene.knowledge.topics[topic]) for topic in facts]
    own = yield from forms.own_booking(scene)
    words = " ".join(scene.heard.text.split())[: forms.LONGEST]
    hour = next(iter(said_hours(scene.heard.text)), None)
    for need, _ in found:
        details = {"need": need, "said": words} | ({"hour": f"{hour:%H:%M}"} if hour and need == "need_late" else {})
        yield from ask_house(RequestKind.SPECIAL_NEEDS, details, code=own.code if own else None, key=need)
    named = texts.say("bot.and").join(texts.say(f"bot.detail_value.{need}") for need, _ in found)
    if own is not None:
        lines.append(Line("bot.need.noted_with", {"needs": named, "code": own.code}))
    else:
        lines.append(Line("bot.need.noted", {"needs": named}))
    return Move(scene.dialogue, tuple(lines))


SPECIALIST = Specialist(
    "special_needs", Track.GUESTS, "note what a guest needs", frozenset(), priority=42, wants=wants, act=act,
    slots=("need",), tools=(AskHouse, FindOwn), knows=wants,
)  # fmt: skip
