"""Appointments: puts one together, books it after a yes; where the business takes none, says so and offers a person."""

from __future__ import annotations

from dataclasses import replace

from relevo.appointments.rules import named
from relevo.bot.ports import Expecting
from relevo.bot.rules import visits
from relevo.bot.rules.dialogue import Pending, Visit, names_stay
from relevo.bot.rules.hours import said_hours, said_part
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import fold, hesitates, plain_yes
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.visiting import BookSlot, FindSlots, book_slot
from relevo.kit.errors import Conflict, Invalid

INTENTS = frozenset({"agendar_cita", "consultar_horarios"})
_ELSEWHERE = ("cancelar_cita", "consultar_paquetes", "consultar_historial", "actualizar_perfil", "pagar_servicio")
_ROOMS = ("check_availability", "make_reservation", "modify_reservation", "get_prices")
_YES = frozenset({"reservalo", "reservala", "agendalo", "agendame", "anotame", "confirmalo", "agendala"})


def wants(scene: Scene) -> bool:
    said, dialogue = scene.heard.entities, scene.dialogue
    if scene.agenda is None:
        return scene.heard.intent == "agendar_cita" and not names_stay(said) and not said.topics
    if scene.picked:
        return bool(scene.picked.start) or scene.picked.intent == "agendar_cita" or _asked(scene)
    if scene.says(*_ELSEWHERE):
        return False
    if named(scene.agenda, fold(scene.heard.text)) or scene.heard.intent == "agendar_cita":
        return not _about_room(scene)
    if dialogue.pending is Pending.VISIT:
        return _asked(scene) or bool(said.check_in or said_hours(scene.heard.text) or said_part(scene.heard.text))
    if dialogue.visit is None or _about_room(scene):
        return False
    if dialogue.visit.start is None and dialogue.question and dialogue.question.key.startswith("bot.ask.visit"):
        return bool(said.check_in or said_hours(scene.heard.text) or said_part(scene.heard.text)) or scene.says("negar")
    return False


def _asked(scene: Scene) -> bool:
    return scene.dialogue.pending is Pending.VISIT and scene.says("afirmar", "negar", "make_reservation")


def _about_room(scene: Scene) -> bool:
    said = scene.heard.entities
    return bool(said.room_type or said.check_out or said.nights or said.guests) and scene.says(*_ROOMS)


def act(scene: Scene) -> Steps[Move]:
    dialogue = scene.dialogue
    if scene.agenda is None:
        return too_much(scene, dialogue, (Line("bot.no_appointments"),))
    if dialogue.pending is Pending.VISIT and dialogue.visit and dialogue.visit.start:
        if _agrees(scene):
            return (yield from _book(scene, dialogue.visit))
        if scene.says("negar") and visits.heard(scene) == dialogue.visit:
            again = replace(dialogue.visit, start=None, hours=(), part=None, day=None)
            ask = Ask("bot.ask.visit_other_day", Expecting.DATES)
            return Move(replace(dialogue, visit=again, pending=Pending.NOTHING), (), ask)
    if dialogue.visit and scene.says("negar") and visits.heard(scene) == dialogue.visit:
        return Move(replace(dialogue, visit=None, pending=Pending.NOTHING), (Line("bot.visit.dropped"),), closes=True)
    return (yield from visits.go(scene, visits.heard(scene)))


def _agrees(scene: Scene) -> bool:
    if scene.picked:
        return scene.picked.intent == "afirmar"
    text, visit = scene.heard.text, scene.dialogue.visit
    if not scene.says("afirmar", "make_reservation") or hesitates(text) or visits.heard(scene) != visit:
        return False
    return plain_yes(text, _YES)


def _book(scene: Scene, visit: Visit) -> Steps[Move]:
    assert visit.service
    assert visit.start
    dialogue = replace(scene.dialogue, visit=None, pending=Pending.NOTHING)
    guest = replace(scene.guest, name=scene.dialogue.guest.name or scene.guest.name)
    try:
        made = yield from book_slot(visit.service, visit.start, guest)
    except (Conflict, Invalid):
        again = replace(visit, start=None, hours=())
        return (yield from visits.go(replace(scene, dialogue=dialogue), again, Line("bot.visit.just_taken")))
    words = visits.words_of(scene, made)
    lines = [Line("bot.visit.booked", words)]
    if scene.agenda and made.start - scene.now > scene.agenda.free_until:
        hours = str(int(scene.agenda.free_until.total_seconds() // 3600))
        lines.append(Line("bot.visit.free_until", {"hours": hours}))
    return Move(dialogue, tuple(lines), closes=True)


SPECIALIST = Specialist(
    "appointments", Track.OPERATIONS, "make an appointment", INTENTS, priority=77, wants=wants, act=act, alone=True,
    slots=("service", "check_in", "hour"), tools=(BookSlot, FindSlots),
)  # fmt: skip
