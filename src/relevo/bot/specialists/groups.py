"""Groups and events: who, when and how many; a person makes the offer. Nothing is priced or held for them here."""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules import forms
from relevo.bot.rules.asking import AskHouse, FindAsked
from relevo.bot.rules.dialogue import Draft, Pending
from relevo.bot.rules.forms import Sheet, Slot
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import FindOwn, Line, Move, Scene, Specialist, Steps, Track
from relevo.desk.rules import RequestKind

PEOPLE = 10
"""So many are a group."""
ROOMS = 3
_KINDS = (
    ("event_wedding", r"casamiento|boda|nos casamos|matrimonio civil|casorio"),
    ("event_meeting",
     r"(reunion|jornada|evento) (de trabajo|empresarial|corporativ\w+|laboral)|conferencia|congreso|capacitacion|"
     r"convencion|seminario|evento (de|para) (la|una|mi|nuestra) empresa|sala de reuniones|workshop|team building"),
    ("event_school",
     r"(viaje|contingente) (de )?(egresados|estudio|estudios|escolar|colegio)|delegacion|"
     r"equipo de (futbol|rugby|hockey|basquet|voley|handball|natacion)|plantel|"
     r"escuela|colegio|torneo"),
    ("event_party",
     r"cumple(anos)? (de|para) \d+|fiesta\b(?! patria)|quince anos|cumple de 15|aniversario (de|con) \d+|"
     r"despedida de solter\w|alquil\w+ (el )?salon|salon de eventos|brindis"),
    ("event_group", r"contingente|tour de compras|(somos|para|viaja|viajamos|llevo|tengo) un grupo|grupo (de|grande)"),
    ("event_rooms", r"varias habitaciones|(muchas|bastantes) habitaciones|bloqueo de habitaciones"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{pattern})")) for kind, pattern in _KINDS)
_NOT_NEW = (
    "cancel_reservation",
    "modify_reservation",
    "queja",
    "enviar_comprobante",
    "hablar_con_humano",
    "cancelar_cita",
)
_WISH = re.compile(
    r"\b(quier\w+|queremos|quisier\w+|necesit\w+|precis\w+|busc\w+|hac(er|en|emos)|reserv\w+|cotiz\w+|presupuesto\w*|"
    r"tienen|hay|somos|llevo|organiz\w+|disponib\w+|habitaciones|aloj\w+)\b"
)
_SMALL = re.compile(r"\bgrupo (de )?(dos|tres|cuatro|cinco|[2-9])\b(?! ?\d)")
_ONE_DAY = frozenset({"event_wedding", "event_meeting", "event_party"})
_AROUND = re.compile(
    r"\b(voy|vamos|viajo|viajamos|tengo|tenemos) (a |por |para |de )?(un|una|el|la|mi)? ?(casamiento|boda|congreso|"
    r"conferencia|torneo|fiesta|evento|reunion|capacitacion)"
    r"|\b(habitacion|cuarto|reserva|alojamiento|doble|triple|depto|depa)\w*\b.{0,40}\b(para|por) (una|la|el|un|mi) "
    r"(boda|casamiento|congreso|conferencia|torneo|evento)"
)
"""Guests of somebody else's wedding want a room, no party of their own."""
_MINE = re.compile(
    r"\b(el|mi|nuestro) (grupo|evento|presupuesto|casamiento)\b.{0,40}\b(novedad\w*|estado|listo|quedo)\b"
)


def _kind(scene: Scene) -> str | None:
    said = fold(scene.heard.text)
    found = next((kind for kind, pattern in _PATTERNS if pattern.search(said)), None)
    if found and _AROUND.search(said):
        return None
    if found == "event_group" and _SMALL.search(said):
        return None
    return found


def _event(scene: Scene, asked: bool) -> str | None:
    found = _kind(scene)
    if found:
        return found
    if asked:
        return forms.in_own_words(scene, asked)
    if forms.opened(scene, SHEET) is not None:
        return None
    if (scene.heard.entities.guests or 0) >= PEOPLE:
        return "event_group"
    return "event_rooms" if (scene.heard.entities.rooms or 0) >= ROOMS else None


def _departure(scene: Scene, asked: bool) -> str | None:
    """A feast has its day; who stays has a last one."""
    form = forms.opened(scene, SHEET)
    until = forms.read_last_day(scene, asked)
    if until:
        return until
    nights, since = scene.heard.entities.nights, scene.heard.entities.check_in
    known = form.get("event") if form else _event(scene, False)
    if since and not nights and (known in _ONE_DAY):
        return since.isoformat()
    if asked and since is not None and form and form.get("arrival"):
        return since.isoformat()
    return None


def _arrival(scene: Scene, asked: bool) -> str | None:
    if forms.asked(scene, SHEET) == "departure" and not scene.heard.entities.check_out:
        return None
    return forms.read_day(scene, asked)


def _rooms(scene: Scene, _asked: bool) -> str | None:
    rooms = scene.heard.entities.rooms
    return str(rooms) if rooms and rooms > 1 else None


SHEET = Sheet(
    RequestKind.GROUPS,
    (
        Slot("event", _event),
        Slot("arrival", _arrival, Expecting.DATES),
        Slot("departure", _departure, Expecting.DATES),
        Slot("people", forms.read_people, Expecting.GUESTS),
        Slot("rooms", _rooms, optional=True),
        Slot("name", forms.read_name, Expecting.GUEST_NAME),
        Slot("contact", forms.read_contact, Expecting.CONTACT),
    ),
    topics=frozenset({"facturacion"}),
    ranges=True,
)


def wants(scene: Scene) -> bool:
    if forms.under_way(scene, SHEET):
        return True
    return not scene.picked and (starts(scene) or _MINE.search(fold(scene.heard.text)) is not None)


def starts(scene: Scene) -> bool:
    said = scene.heard.entities
    if scene.says(*_NOT_NEW):
        return False
    if (said.guests or 0) >= PEOPLE or (said.rooms or 0) >= ROOMS:
        return True
    if _kind(scene) is None or scene.says("ask_policies", "consultar_paquetes"):
        return False
    # A party that somebody tells of is nothing that is wanted here.
    return scene.heard.intent != "fuera_de_alcance" or _WISH.search(fold(scene.heard.text)) is not None


def act(scene: Scene) -> Steps[Move]:
    if not starts(scene) and not forms.under_way(scene, SHEET):
        told = yield from forms.standing(scene, SHEET.kind)
        if told is not None:
            return told
    if forms.opened(scene, SHEET) is not None:
        return (yield from forms.go(scene, SHEET))
    known = _known(scene)
    # A stay that was put together for a few is not theirs; what was said of it is.
    fresh = replace(scene.dialogue, draft=Draft(), pending=Pending.NOTHING, offer=None, others=())
    return (yield from forms.go(replace(scene, dialogue=fresh), SHEET, Line("bot.groups.person"), known=known))


def _known(scene: Scene) -> dict[str, str]:
    draft, guest = scene.dialogue.draft, scene.dialogue.guest
    found = {
        "arrival": draft.check_in.isoformat() if draft.check_in else None,
        "departure": draft.check_out.isoformat() if draft.check_out else None,
        "name": guest.name or scene.guest.name,
        "contact": guest.phone or guest.email or scene.guest.phone or scene.guest.email,
    }
    return {name: value for name, value in found.items() if value}


SPECIALIST = Specialist(
    "groups", Track.GUESTS, "take down a group or an event for staff", frozenset(), priority=86, wants=wants, act=act,
    alone=True, slots=tuple(slot.name for slot in SHEET.slots), tools=(AskHouse, FindAsked, FindOwn), knows=wants,
)  # fmt: skip
