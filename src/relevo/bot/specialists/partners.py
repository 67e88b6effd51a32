"""Agencies: who writes proves it by code and registered contact, and is told their rate and how their bookings stand.

Nobody else learns that an agency exists, what it earns or whom it brought. What is held from then on in the
conversation is the agency's; that is written down where the room is held, not here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Agency, Dialogue, Guest
from relevo.bot.rules.escalation import Reason
from relevo.bot.rules.identity import MAX_MISSES
from relevo.bot.rules.reading import fold, lost_code
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.touring import Brought, FindBrought, IdentifyPartner, find_brought, identify_partner
from relevo.kit.errors import Invalid, TooMany
from relevo.tours.rules import Attributed, percent_of

ASK_CODE, ASK_CONTACT = "trade.ask.partner_code", "trade.ask.partner_contact"
MOST_TOLD = 6
_IS_AGENCY = re.compile(
    r"\b(soy|somos|escribo|escribimos|llamo|llamamos|hablo|te hablo|te escribo|les escribo|les escribimos)( \w+){0,3} "
    r"(agencia|agente de viajes|operador(a)? (turistic\w+|de turismo)|mayorista|tour operador|touroperador)\b"
    r"|\b(nuestra|mi) agencia\b.{0,30}\b(codigo|comision|convenio|registrad\w+|reserv\w+)\b"
    r"|\bcodigo de (agencia|partner|agente)\b|\bwe are an? (travel )?agency\b"
)
_COMMISSION = re.compile(
    r"\b(mi|mis|nuestra|nuestras|la|las|cuanto|que|cual)( \w+){0,3} comision(es)?\b"
    r"|\bcomision(es)? (que|de la agencia)\b"
)
_OTHERS = re.compile(
    r"\b(trabajan|tienen|hay|reserve|reservamos|compre|compramos|pague|pagamos|contrate|contratamos)( \w+){0,5} "
    r"(agencia|agencias|comision bancaria)\b"
    r"|\bcomision (bancaria|del banco|de la tarjeta|por (transfer\w+|cancel\w+))\b"
    r"|\bcobran (alguna |una )?comision\b|\bmi agencia me\b"
)
_CODE = re.compile(r"\bAG-[A-Z0-9]{3,12}\b", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@.])(?:ag[- ])?([a-z0-9]{3,12})(?![\w@.])", re.IGNORECASE)


def wants(scene: Scene) -> bool:
    if not scene.agencies or scene.picked:
        return False
    said = fold(scene.heard.text)
    if _OTHERS.search(said):
        return False
    if _IS_AGENCY.search(said) or _CODE.search(scene.heard.text):
        return True
    if asked(scene):
        entities = scene.heard.entities
        given = entities.email or entities.phone or _code(scene)
        return bool(given) or lost_code(scene.heard.text) or scene.says("negar")
    return _COMMISSION.search(said) is not None


def asked(scene: Scene) -> bool:
    """Whether the open question asks an agency who it is."""
    question = scene.dialogue.question
    return question is not None and question.key in (ASK_CODE, ASK_CONTACT)


def act(scene: Scene) -> Steps[Move]:
    said = scene.heard.entities
    dialogue = _without_contact(scene)
    before = dialogue.agency or Agency()
    if before.name and not _CODE.search(scene.heard.text):
        brought = yield from find_brought()
        if brought is not None:
            return Move(dialogue, _told(scene, brought), closes=True)
        before = Agency()
    if asked(scene) and (lost_code(scene.heard.text) or scene.says("negar")) and not (said.email or said.phone):
        return Move(replace(dialogue, agency=None), (Line("trade.partner.no_code"),), handoff=Reason.IDENTITY)
    agency = replace(
        before, code=_code(scene) or before.code, phone=said.phone or before.phone, email=said.email or before.email
    )
    dialogue = replace(dialogue, agency=agency)
    if agency.code is None:
        return Move(dialogue, (), Ask(ASK_CODE, Expecting.BOOKING_CODE))
    phone = agency.phone or (scene.guest.phone if scene.vouched else None)
    if not (phone or agency.email):
        return Move(dialogue, (), Ask(ASK_CONTACT, Expecting.CONTACT))
    try:
        partner = yield from identify_partner(agency.code, phone, agency.email)
    except TooMany:
        return _no_more(dialogue)
    except Invalid:
        partner = None
    if partner is None:
        return _missed(dialogue, agency)
    dialogue = replace(dialogue, agency=Agency(code=partner.code, name=partner.name))
    brought = yield from find_brought()
    lines = [Line("trade.partner.known", {"name": partner.name, "percent": percent_of(partner.rate)})]
    return Move(dialogue, (*lines, *(_stays(scene, brought.stays) if brought else ())), closes=True)


def _code(scene: Scene) -> str | None:
    text = scene.heard.text
    if found := _CODE.search(text):
        return found[0].upper()
    question = scene.dialogue.question
    if question is None or question.key != ASK_CODE:
        return None
    words = [word[1] for word in _BARE.finditer(text) if any(char.isdigit() for char in word[1]) or word[0].isupper()]
    return f"AG-{words[0].upper()}" if len(words) == 1 else None


def _without_contact(scene: Scene) -> Dialogue:
    """What proves an agency is nobody's contact for a room."""
    said, guest = scene.heard.entities, scene.dialogue.guest
    clean = Guest(
        None if guest.name == said.guest_name else guest.name,
        None if guest.phone == said.phone else guest.phone,
        None if guest.email == said.email else guest.email,
    )
    return replace(scene.dialogue, guest=clean)


def _told(scene: Scene, brought: Brought) -> tuple[Line, ...]:
    rate = Line("trade.partner.rate", {"percent": percent_of(brought.partner.rate)})
    return (rate, *_stays(scene, brought.stays))


def _stays(scene: Scene, stays: tuple[Attributed, ...]) -> tuple[Line, ...]:
    if not stays:
        return (Line("trade.partner.nothing"),)
    texts = scene.texts
    return tuple(
        Line(
            f"trade.partner.is_{each.title.value}",
            {
                "code": each.code, "stay": texts.stay(each.check_in, each.check_out), "total": each.total,
                "percent": percent_of(each.rate),
            },
        )
        for each in stays[:MOST_TOLD]
    )  # fmt: skip


def _missed(dialogue: Dialogue, agency: Agency) -> Move:
    misses = agency.misses + 1
    if misses >= MAX_MISSES:
        return _no_more(dialogue)
    dialogue = replace(dialogue, agency=Agency(misses=misses))
    return Move(dialogue, (Line("trade.partner.cannot"),), Ask(ASK_CODE, Expecting.BOOKING_CODE, patient=False))


def _no_more(dialogue: Dialogue) -> Move:
    return Move(replace(dialogue, agency=None), (Line("bot.cannot.identify_more"),), handoff=Reason.IDENTITY)


SPECIALIST = Specialist(
    "partners", Track.BUSINESS, "know agencies, tell their rate and how their bookings stand",
    frozenset({"consulta_estado"}), priority=92, wants=wants, act=act, alone=True, knows=wants,
    slots=("partner_code", "email", "phone"), tools=(IdentifyPartner, FindBrought),
)  # fmt: skip
