"""Transfers: what the house says they cost, then day, hour, where from, how many and for whom; asks staff for one.

It confirms only that it was asked for. A question about transfers is answered elsewhere, with the house's own sentence.
"""

from __future__ import annotations

import re

from relevo.bot.ports import Expecting
from relevo.bot.rules import forms
from relevo.bot.rules.asking import AskHouse, FindAsked
from relevo.bot.rules.forms import Sheet, Slot
from relevo.bot.rules.hours import said_hours
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import FindOwn, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.wording import fact_line
from relevo.bot.specialists.reservations import missing_guest
from relevo.desk.rules import RequestKind

TOPIC = "traslado"
_PLACE = r"(aeropuerto|aeroparque|terminal|estacion|ezeiza|fisherton|puerto|barajas|el prat|estacion de (tren|micros))"
_RIDE = r"(traslados?|transfers?|transporte|shuttle|remis|chofer)"
_WISH = (
    r"(quiero|queremos|quisiera\w*|querria\w*|querri?amos|necesit\w+|precis\w+|reserv\w+|ped(ir|ime|inos|iria)|pid\w+|"
    r"coordin\w+|agend\w+|contrat\w+|solicit\w+|organiz\w+|me gustaria|nos gustaria|sum(a|ame|anos|en|ale)|agreg\w+)"
)
_PICK_UP = (
    r"((me|nos|lo|los|la|las|les) (buscan|pasan a buscar|vayan a buscar|vengan a buscar|busquen|recogen|recojan|lleven|"
    r"llevan)|(buscar|recoger|llevar)(me|nos|los|las|lo|la)?|(puede|pueden|podrian) (buscar|recoger|llevar)\w*)"
)
_ASKS_FOR = re.compile(
    rf"\b{_WISH}\b.{{0,40}}\b{_RIDE}\b|\b{_WISH}\b.{{0,40}}\b{_PICK_UP}\b.{{0,30}}\b{_PLACE}\b"
    rf"|\b{_WISH}\b.{{0,40}}\b(taxi|auto|camioneta|van)\b.{{0,20}}\b(desde|al|del|hasta)\b.{{0,20}}\b{_PLACE}\b"
)
_FETCHED = re.compile(rf"\b{_PICK_UP}\b.{{0,40}}\b{_PLACE}\b|\b{_RIDE}\b")
_ONLY_ASKS = re.compile(
    r"\b(cuanto|precio|costo|cuesta|sale|saldria|vale|tarifa|tienen|tenes|hay|ofrecen|hacen|incluye|incluido|saber|"
    r"informacion|info)\b"
)
_FLIGHT = re.compile(r"\b(?:vuelo\s+)?(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])\s?\d{2,4}\b")
_PROPER = r"(?-i:[A-ZÁÉÍÓÚÑ])\w+"
_FROM = re.compile(
    r"\b(?:desde|del|de|al|a|hasta|hacia)\s+(?:el |la )?"
    r"(?:aeropuerto|aeroparque|terminal|estaci[oó]n|ezeiza|fisherton|puerto)"
    rf"(?:\s+(?:de|del|internacional)\s+(?:el |la )?(?:{_PROPER}(?:\s+{_PROPER})?|ezeiza|fisherton|[oó]mnibus))?",
    re.IGNORECASE,
)
_MINE = re.compile(rf"\b(mi|nuestro|el) {_RIDE}\b.{{0,40}}\b(confirm\w+|listo|novedad\w*|quedo|estado|sigue|esta)\b")


def _from_where(scene: Scene, asked: bool) -> str | None:
    text = scene.heard.text
    if flight := _FLIGHT.search(text):
        return flight[0]
    if place := _FROM.search(text):
        return place[0]
    return forms.in_own_words(scene, asked) if not said_hours(text) else None


SHEET = Sheet(
    RequestKind.TRANSPORT,
    (
        Slot("day", forms.read_day, Expecting.DATES),
        Slot("hour", forms.read_hour),
        Slot("from_where", _from_where),
        Slot("people", forms.read_people, Expecting.GUESTS),
        Slot("name", forms.read_name, Expecting.GUEST_NAME),
    ),
    topics=frozenset({TOPIC, "ubicacion"}),
)


def wants(scene: Scene) -> bool:
    return forms.under_way(scene, SHEET) or (not scene.picked and (starts(scene) or _mine(scene)))


def starts(scene: Scene) -> bool:
    """Somebody wants one, not to know about them."""
    said = fold(scene.heard.text)
    if _ONLY_ASKS.search(said):
        return False
    if _ASKS_FOR.search(said):
        return True
    return _FETCHED.search(said) is not None and bool(scene.heard.entities.check_in and said_hours(scene.heard.text))


def _mine(scene: Scene) -> bool:
    return _MINE.search(fold(scene.heard.text)) is not None and not _ASKS_FOR.search(fold(scene.heard.text))


def act(scene: Scene) -> Steps[Move]:
    if _mine(scene) and not forms.under_way(scene, SHEET):
        told = yield from forms.standing(scene, SHEET.kind)
        if told is not None:
            return told
    then = missing_guest(scene, scene.hold) if scene.hold else None
    if forms.opened(scene, SHEET) is not None:
        return (yield from forms.go(scene, SHEET, then=then))
    topic = scene.knowledge.topics.get(TOPIC)
    line = fact_line(topic) if topic else Line("bot.transport.no_price")
    if forms.later(scene):
        return Move(scene.dialogue, (line, Line("bot.request.later")))
    return (yield from forms.go(scene, SHEET, line, known=(yield from _known(scene)), then=then))


def _known(scene: Scene) -> Steps[dict[str, str]]:
    """For whom and how many is known where there is a booking."""
    own = yield from forms.own_booking(scene)
    if own is None:
        name = scene.dialogue.guest.name or scene.guest.name
        return {"name": name} if name else {}
    name = own.guest_name or scene.dialogue.guest.name
    return {"people": str(own.guests)} | ({"name": name} if name else {})


SPECIALIST = Specialist(
    "transport", Track.GUESTS, "ask staff for a transfer", frozenset(), priority=84, wants=wants, act=act, alone=True,
    slots=tuple(slot.name for slot in SHEET.slots), tools=(AskHouse, FindAsked, FindOwn), knows=wants,
)  # fmt: skip
