"""Reminders: plans one for the day before the stay when a guest asks for it, and ends them when they are unwanted.

When it leaves is outreach's to say (consent, quiet hours); what is promised here is only what it has planned.
"""

from __future__ import annotations

import re
from dataclasses import replace

from relevo.bot.rules.dialogue import Errand, Task
from relevo.bot.rules.identity import whose
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import FindBooking, FindOwn, Identify, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.touring import PlanReminder, StopReminders, plan_reminder, stop_reminders
from relevo.bot.rules.wording import booking_words, local_time
from relevo.kit.errors import NotFound

_REMIND = (
    r"(avis(ame|anos|enme|ennos|arme|arnos|en)|record(ame|anos|armelo|arnos|arme|enme)|recuerd(ame|anos|enme|enos)|"
    r"haceme acordar|hazme acordar|hagan acordar|remind (me|us))"
)
_WISH = re.compile(
    rf"\b{_REMIND}\b.{{0,40}}\b(dias? antes|antes de (llegar|la llegada|viajar|entrar|la estadia|ir|la fecha)|"
    rf"la reserva|la estadia|mi llegada|el check.?in|cuando (falte|se acerque)|the day before)\b"
    r"|\b(mand\w+|envi\w+|quiero|podes|pueden|me gustaria)( \w+){0,4} (un )?recordatorio\b"
    r"|\b(dias? antes)\b.{0,30}\b(avis\w+|record\w+|recuerd\w+)\b"
)
_STOP = re.compile(
    r"\b(no|sin|ningun|basta de|dejen de|cancel\w+|borr\w+|quit\w+|sac\w+|elimin\w+|para[rn]?)( \w+){0,5} "
    r"(recordatorios?|recordarme|recordarnos)\b"
    r"|\bno hace falta que me (recuerd\w+|avis\w+|hagan acordar)\b"
    r"|\bno me (lo )?(recuerd\w+|hagan acordar)\b"
)
_OTHER = re.compile(
    r"\b(si (se libera|hay lugar|baja|aparece)|cuando (se libere|haya lugar|baje|tengan|llegue|este lista)|"
    r"turno|cita|masaje|excursion\w*|pago|transferencia|comprobante)\b"
)


def wants(scene: Scene) -> bool:
    if not scene.aftercare or scene.picked:
        return False
    said = fold(scene.heard.text)
    if _STOP.search(said):
        return True
    return _WISH.search(said) is not None and _OTHER.search(said) is None


def act(scene: Scene) -> Steps[Move]:
    if _STOP.search(fold(scene.heard.text)):
        gone = yield from stop_reminders(scene.heard.text)
        return Move(scene.dialogue, (Line("trade.reminder.stopped" if gone else "trade.reminder.none"),), closes=True)
    return (yield from go(scene))


def go(scene: Scene) -> Steps[Move]:
    """Once it is known whose booking it is. Their words are kept: they are the consent."""
    first = (scene.dialogue.errand or Errand(Task.REMIND)).text or scene.heard.text
    found = yield from whose(scene, Task.REMIND)
    if isinstance(found, Move):
        errand = found.dialogue.errand
        kept = replace(errand, text=first) if errand is not None else None
        return replace(found, dialogue=replace(found.dialogue, errand=kept))
    booking, dialogue = found.booking, replace(found.dialogue, errand=None)
    words = booking_words(scene, booking)
    try:
        planned = yield from plan_reminder(booking.code, first)
    except NotFound:
        return Move(dialogue, (Line("bot.nothing_held"),), closes=True)
    if planned.due_at is None:
        return Move(dialogue, (Line(f"trade.reminder.{planned.why}", words),), closes=True)
    due = planned.due_at.astimezone(scene.business.timezone)
    told = words | {"day": scene.texts.day(due.date()), "time": local_time(scene, planned.due_at)}
    return Move(dialogue, (Line("trade.reminder.planned", told),), closes=True)


SPECIALIST = Specialist(
    "reminders", Track.OPERATIONS, "plan a reminder, or end them", frozenset(), priority=85, wants=wants, act=act,
    alone=True, knows=wants, slots=("booking_code",),
    tools=(FindOwn, FindBooking, Identify, PlanReminder, StopReminders),
)  # fmt: skip
