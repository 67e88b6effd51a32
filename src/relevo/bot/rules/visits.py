"""From what was said to an appointment: asks for what is missing, finds slots, words what a yes would book.

Nothing is booked here; a start is only ever told after the calendar has said that it is free.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from relevo.appointments.rules import Agenda, Appointment, Service, Slot, named
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Option, Pending, Visit
from relevo.bot.rules.hours import said_hours, said_part
from relevo.bot.rules.reading import fold
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps
from relevo.bot.rules.visiting import find_slots
from relevo.kit.errors import Invalid

MOST_SERVICES = 8
MOST_STARTS = 4
DAYS_ON = 7
"""So many days after the wanted one are looked at when it is full."""


def heard(scene: Scene) -> Visit:
    """What is known after this message; what was said last wins."""
    agenda, before = scene.agenda, scene.dialogue.visit or Visit()
    assert agenda is not None
    picked, said = scene.picked, scene.heard.entities
    if picked:
        if picked.start:
            return replace(before, start=picked.start, code=None)
        if picked.code and any(service.code == picked.code for service in agenda.services):
            return replace(before, service=picked.code, start=None)
        return before
    service = named(agenda, fold(scene.heard.text))
    after = replace(before, service=service.code) if service else before
    if said.check_in:
        after = replace(after, day=said.check_in, hours=(), part=None)
    if hours := said_hours(scene.heard.text):
        after = replace(after, hours=hours, part=None)
    elif part := said_part(scene.heard.text):
        after = replace(after, part=part, hours=())
    return replace(after, start=None) if after != before else after


def go(scene: Scene, visit: Visit, *lines: Line) -> Steps[Move]:
    """One step further towards an appointment."""
    agenda = scene.agenda
    assert agenda is not None
    dialogue = replace(scene.dialogue, visit=visit, pending=Pending.NOTHING)
    if visit.service is None:
        return Move(dialogue, lines, which_service(agenda))
    service = agenda.service(visit.service)
    if visit.start is not None:
        return told(scene, dialogue, service, visit.start, *lines)
    if visit.day is None:
        return Move(dialogue, lines, Ask("bot.ask.visit_day", Expecting.DATES, {"service": service.name}))
    return (yield from _find(scene, dialogue, service, visit, lines))


def which_service(agenda: Agenda) -> Ask:
    options = tuple(
        Option(service.name, "agendar_cita", code=service.code) for service in agenda.services[:MOST_SERVICES]
    )
    return Ask("bot.ask.visit_service", Expecting.MENU, options=options, numbered=True)


def told(scene: Scene, dialogue: Dialogue, service: Service, start: datetime, *lines: Line) -> Move:
    """The appointment with its price, and the question."""
    texts, visit = scene.texts, dialogue.visit or Visit()
    line = Line("bot.visit.offer", visit_words(scene, service, start) | {"price": service.price})
    yes, no = Option(texts.say("bot.button.book"), "afirmar"), Option(texts.say("bot.button.other_time"), "negar")
    dialogue = replace(dialogue, visit=replace(visit, start=start), pending=Pending.VISIT)
    return Move(dialogue, (*lines, line), Ask("bot.ask.visit_book", Expecting.CONFIRMATION, options=(yes, no)))


def visit_words(scene: Scene, service: Service, start: datetime) -> dict[str, object]:
    local, texts = start.astimezone(scene.business.timezone), scene.texts
    return {
        "service": service.name,
        "day": texts.day(local.date()),
        "time": texts.time(local.time()),
        "minutes": str(service.minutes),
    }


def words_of(scene: Scene, made: Appointment) -> dict[str, object]:
    assert scene.agenda is not None
    return visit_words(scene, scene.agenda.service(made.service), made.start) | {"code": made.code}


def _find(scene: Scene, dialogue: Dialogue, service: Service, visit: Visit, lines: tuple[Line, ...]) -> Steps[Move]:
    wanted, texts = visit.day, scene.texts
    assert wanted is not None
    if wanted < scene.today:
        cleared = replace(dialogue, visit=replace(visit, day=None, hours=(), part=None))
        ask = Ask("bot.ask.visit_day", Expecting.DATES, {"service": service.name})
        return Move(cleared, (*lines, Line("bot.cannot.dates_past")), ask)
    day = wanted
    found: tuple[Slot, ...] = ()
    for ahead in range(DAYS_ON):
        day = wanted + timedelta(days=ahead)
        found = yield from _slots(service, day, visit)
        if found:
            break
    if not found:
        cleared = replace(dialogue, visit=replace(visit, day=None, hours=(), part=None))
        line = Line("bot.visit.full", {"service": service.name, "day": texts.day(wanted)})
        return Move(cleared, (*lines, line), Ask("bot.ask.visit_other_day", Expecting.DATES))
    if day == wanted and visit.hours:
        exact = [slot for slot in found if _local(scene, slot).time() in visit.hours]
        if len(exact) == 1:
            return told(scene, dialogue, service, exact[0].start, *lines)
        if exact:
            return _which(scene, dialogue, exact, "bot.ask.visit_half", lines)
        line = Line("bot.visit.taken", {"service": service.name, "day": texts.day(day)})
        return _which(scene, dialogue, _near(scene, found, visit.hours), "bot.ask.visit_time", (*lines, line))
    if day != wanted:
        lines = (*lines, Line("bot.visit.full", {"service": service.name, "day": texts.day(wanted)}))
    else:
        lines = (*lines, Line("bot.visit.free", {"service": service.name, "day": texts.day(day)}))
    return _which(scene, dialogue, _spread(found), "bot.ask.visit_time", lines)


def _slots(service: Service, day: date, visit: Visit) -> Steps[tuple[Slot, ...]]:
    try:
        return (yield from find_slots(service.code, day, visit.part))
    except Invalid:
        return ()


def _which(scene: Scene, dialogue: Dialogue, slots: list[Slot], key: str, lines: tuple[Line, ...]) -> Move:
    options = tuple(_option(scene, slot) for slot in slots[:MOST_STARTS])
    return Move(dialogue, lines, Ask(key, Expecting.MENU, options=options, numbered=True))


def _option(scene: Scene, slot: Slot) -> Option:
    local, texts = _local(scene, slot), scene.texts
    label = texts.say("bot.visit.option", day=texts.day(local.date()), time=texts.time(local.time()))
    return Option(label, "agendar_cita", start=slot.start)


def _local(scene: Scene, slot: Slot) -> datetime:
    return slot.start.astimezone(scene.business.timezone)


def _near(scene: Scene, found: tuple[Slot, ...], hours: tuple[time, ...]) -> list[Slot]:
    """The starts nearest to what was meant, by time."""

    def away(slot: Slot) -> int:
        at = _local(scene, slot).time()
        return min(abs((at.hour - hour.hour) * 60 + at.minute - hour.minute) for hour in hours)

    return sorted(sorted(found, key=away)[:MOST_STARTS])


def _spread(found: tuple[Slot, ...]) -> list[Slot]:
    """A few over the whole day, on the hour where that is enough."""
    on_the_hour = [slot for slot in found if slot.start.minute == 0]
    some = on_the_hour if len(on_the_hour) > 1 else list(found)
    return some[:: max(1, len(some) // MOST_STARTS)][:MOST_STARTS]
