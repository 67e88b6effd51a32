"""Gives an appointment back after a yes, as long as it is time."""

from __future__ import annotations

from dataclasses import replace

from relevo.appointments.rules import Appointment, Status
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Option, Pending, Visit
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import CANCELLING, consents, keeps_it, lost_code
from relevo.bot.rules.steps import (
    Ask,
    FindOwn,
    Line,
    Move,
    Scene,
    Specialist,
    Steps,
    Track,
    find_own,
)
from relevo.bot.rules.trips import mentioned
from relevo.bot.rules.visiting import CancelVisit, FindVisits, cancel_visit, find_visits
from relevo.bot.rules.visits import words_of
from relevo.kit.errors import Conflict, NotFound

CANCEL = "cancelar_cita"
INTENTS = frozenset({CANCEL})
MOST = 5


def wants(scene: Scene) -> bool:
    if scene.agenda is None:
        return False
    if scene.dialogue.pending is Pending.CANCEL_VISIT:
        return scene.says("afirmar", "negar", CANCEL) or bool(scene.picked) or keeps_it(scene.heard.text)
    if scene.picked and scene.picked.intent == CANCEL:
        return True
    return scene.heard.intent in INTENTS and not scene.heard.entities.booking_code and not mentioned(scene)


def act(scene: Scene) -> Steps[Move]:
    dialogue = scene.dialogue
    if dialogue.pending is Pending.CANCEL_VISIT and not (scene.picked and scene.picked.code):
        return (yield from _decided(scene))
    found = yield from find_visits()
    coming = [each for each in found if each.status is Status.BOOKED and each.start > scene.now]
    if not coming:
        # "cancelá mi turno" is said of rooms, too.
        if (yield from find_own()):
            return too_much(scene, dialogue, (Line("bot.visit.none"),))
        return Move(dialogue, (Line("bot.visit.none"),), closes=True)
    if scene.picked and scene.picked.code:
        coming = [each for each in coming if each.code == scene.picked.code] or coming
    if len(coming) > 1:
        options = tuple(_option(scene, each) for each in coming[:MOST])
        return Move(dialogue, (), Ask("bot.ask.which_visit", Expecting.MENU, options=options, numbered=True))
    return _ask(scene, coming[0])


def _option(scene: Scene, made: Appointment) -> Option:
    return Option(scene.texts.say("bot.visit.own", **words_of(scene, made)), CANCEL, code=made.code)


def _ask(scene: Scene, made: Appointment) -> Move:
    texts, agenda = scene.texts, scene.agenda
    assert agenda is not None
    if made.start - scene.now < agenda.free_until:
        hours = str(int(agenda.free_until.total_seconds() // 3600))
        return too_much(scene, scene.dialogue, (Line("bot.visit.late", {"hours": hours}),))
    options = (Option(texts.say("bot.button.release"), "afirmar"), Option(texts.say("bot.button.keep"), "negar"))
    dialogue = replace(scene.dialogue, visit=Visit(code=made.code), pending=Pending.CANCEL_VISIT)
    words = {name: str(value) for name, value in words_of(scene, made).items()}
    return Move(dialogue, (), Ask("bot.ask.cancel_visit", Expecting.CONFIRMATION, words, options))


def _decided(scene: Scene) -> Steps[Move]:
    visit = scene.dialogue.visit or Visit()
    dialogue = replace(scene.dialogue, visit=None, pending=Pending.NOTHING)
    yes = scene.picked.intent == "afirmar" if scene.picked else consents(scene.heard.text, CANCELLING)
    if not yes or not visit.code or keeps_it(scene.heard.text) or lost_code(scene.heard.text):
        return Move(dialogue, (Line("bot.visit.kept"),), closes=True)
    try:
        gone = yield from cancel_visit(visit.code)
    except Conflict as refusal:
        line = Line("bot.visit.late" if refusal.code == "appointment_late" else "bot.visit.over", refusal.params)
        return too_much(scene, dialogue, (line,))
    except NotFound:
        return Move(dialogue, (Line("bot.visit.none"),), closes=True)
    return Move(dialogue, (Line("bot.visit.cancelled", words_of(scene, gone)),), closes=True)


SPECIALIST = Specialist(
    "appointment_changes", Track.OPERATIONS, "give an appointment back after a yes", INTENTS, priority=81, wants=wants,
    act=act, alone=True, slots=("appointment_code",), tools=(FindVisits, FindOwn, CancelVisit),
)  # fmt: skip
