"""A request to the house, put together with a guest: what is missing is asked, all is read back, a yes asks for it.

It says that something was asked for and nothing more: whether it can be done is a person's word. What a specialist
wants to know is its ``Sheet``; whatever a guest says of it in any order fills it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from relevo.bookings.rules import Booking
from relevo.bot.ports import Expecting
from relevo.bot.rules.asking import ask_house, find_asked
from relevo.bot.rules.dialogue import Form, Option, Pending, names_stay
from relevo.bot.rules.hours import said_hours, said_part
from relevo.bot.rules.identity import ENDED
from relevo.bot.rules.reading import bare_name, consents, fold, hesitates, keeps_it, named
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps, find_own
from relevo.desk.rules import GuestRequest, RequestKind, RequestState

READ_BACK = "bot.ask.request"
_ORDERS = frozenset({"pedilo", "pidelo", "pedila", "anotalo", "anotala", "solicitalo", "correcto", "exacto", "pedi"})
_DROPS = re.compile(r"\b(deja(lo|la)?|olvidal[oa]|olvidate|ya no|no hace falta|mejor no|cancel\w+|no lo pidas)\b")
_ROOMS = ("check_availability", "get_prices", "make_reservation", "modify_reservation", "cancel_reservation")
_FACTS = ("ask_services", "ask_policies", "consulta_estado", "enviar_comprobante", "consultar_horarios", "saludo")
LONGEST = 160
Read = Callable[[Scene, bool], str | None]
"""What a message says of one detail; True: it was the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    read: Read
    expecting: Expecting = Expecting.DETAIL
    optional: bool = False
    """Taken where it is said, never asked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    kind: RequestKind
    slots: tuple[Slot, ...]
    topics: frozenset[str] = frozenset()
    """Topics of the house that belong to it: to name one is not to ask about something else."""
    once: bool = False
    """There is one of a kind for a booking: another replaces it while nobody has seen to it."""
    ranges: bool = False
    """Whether days from and to are its own business, and no stay's."""

    def key(self, slot: str) -> str:
        return f"bot.ask.{self.kind}_{slot}"


def opened(scene: Scene, sheet: Sheet) -> Form | None:
    form = scene.dialogue.form
    return form if form is not None and form.kind == sheet.kind else None


def asked(scene: Scene, sheet: Sheet) -> str | None:
    """The detail that the open question is about; ``READ_BACK`` for the last one."""
    question = scene.dialogue.question
    if opened(scene, sheet) is None or question is None:
        return None
    if question.key == READ_BACK:
        return READ_BACK
    return next((slot.name for slot in sheet.slots if question.key.startswith(sheet.key(slot.name))), None)


def under_way(scene: Scene, sheet: Sheet) -> bool:
    """Whether this message goes on with the request in the making."""
    about = asked(scene, sheet)
    if about is None:
        return False
    if scene.picked:
        return scene.picked.intent in ("afirmar", "negar", "dar_datos")
    if _elsewhere(scene, sheet):
        return False
    if about == READ_BACK:
        return _agrees(scene) or _turns_down(scene) or _read(scene, sheet) != {}
    return _read(scene, sheet) != {} or _turns_down(scene)


def _elsewhere(scene: Scene, sheet: Sheet) -> bool:
    """A room, a price or a fact of the house is asked for in between."""
    said = scene.heard.entities
    if said.room_type or (not sheet.ranges and (said.nights or said.check_out)):
        return True
    asks = "?" in scene.heard.text or bool(set(said.topics) - sheet.topics)
    return asks and scene.says(*_ROOMS, *_FACTS) and not said_hours(scene.heard.text)


def go(
    scene: Scene, sheet: Sheet, *lines: Line, known: Mapping[str, str] | None = None, then: Ask | None = None
) -> Steps[Move]:
    """One step further: what was said is taken down, then the next question, or the yes that was waited for.
    ``then``: what is still to be asked once this is done with."""
    form, about = opened(scene, sheet), asked(scene, sheet)
    before = dict(form.details) if form else {}
    if about == READ_BACK and _agrees(scene):
        return (yield from _ask(scene, sheet, before, then))
    new = _read(scene, sheet)
    if form and about and not new and _turns_down(scene):
        fresh = replace(scene.dialogue, form=None, pending=Pending.NOTHING)
        return Move(fresh, (Line("bot.request.dropped"),), then, closes=True)
    return _next(scene, sheet, {**(known or {}), **before, **new}, lines)


def _read(scene: Scene, sheet: Sheet) -> dict[str, str]:
    about, found = asked(scene, sheet), {}
    if scene.picked:
        return {about: scene.picked.label} if about not in (None, READ_BACK) and scene.picked.label else {}
    for slot in sheet.slots:
        value = slot.read(scene, about == slot.name)
        if value:
            found[slot.name] = value[:LONGEST]
    return found


def _next(scene: Scene, sheet: Sheet, details: Mapping[str, str], lines: tuple[Line, ...]) -> Move:
    ordered = {slot.name: details[slot.name] for slot in sheet.slots if details.get(slot.name)}
    dialogue = replace(scene.dialogue, form=Form(sheet.kind, tuple(ordered.items())), pending=Pending.NOTHING)
    texts = scene.texts
    for slot in sheet.slots:
        value = ordered.get(slot.name)
        if value and "|" in value:
            # Two fair readings (three in the night or in the afternoon): the guest says which.
            options = tuple(Option(each, "dar_datos") for each in value.split("|"))
            kept = tuple((name, each) for name, each in ordered.items() if name != slot.name)
            dialogue = replace(dialogue, form=Form(sheet.kind, kept))
            return Move(dialogue, lines, Ask(f"{sheet.key(slot.name)}_which", Expecting.MENU, options=options))
        if value is None and not slot.optional:
            return Move(dialogue, lines, Ask(sheet.key(slot.name), slot.expecting))
    options = (Option(texts.say("bot.button.ask_it"), "afirmar"), Option(texts.say("bot.button.not_now"), "negar"))
    what = texts.say(f"bot.request.what.{sheet.kind}")
    read_back = Line("bot.request.so", {"what": what, "details": words(scene, ordered)})
    ask = Ask(READ_BACK, Expecting.CONFIRMATION, options=options, patient=False)
    return Move(replace(dialogue, pending=Pending.REQUEST), (*lines, read_back), ask)


def _ask(scene: Scene, sheet: Sheet, details: Mapping[str, str], then: Ask | None) -> Steps[Move]:
    own = yield from own_booking(scene)
    code = own.code if own else None
    made = yield from ask_house(sheet.kind, details, code=code, key=f"{sheet.kind}:{code}" if sheet.once else "")
    dialogue = replace(scene.dialogue, form=None, pending=Pending.NOTHING)
    lines = [Line("bot.request.asked", {"what": scene.texts.say(f"bot.request.what.{sheet.kind}")})]
    if made.booking_code:
        lines.append(Line("bot.request.with_booking", {"code": made.booking_code}))
    return Move(dialogue, tuple(lines), then, closes=True)


def later(scene: Scene) -> bool:
    """Whether a room was offered and waits for a yes: nothing else is asked before that is settled."""
    return scene.dialogue.pending is Pending.HOLD and scene.hold is None


def own_booking(scene: Scene) -> Steps[Booking | None]:
    """The booking that a request of this conversation belongs to: the hold, else the last one made here."""
    if scene.hold:
        return scene.hold
    own = yield from find_own()
    return next((each for each in own if each.status not in ENDED and each.check_out >= scene.today), None)


def standing(scene: Scene, kind: RequestKind) -> Steps[Move | None]:
    """How the last request of this kind stands; None where there is none."""
    found = [each for each in (yield from find_asked()) if each.kind is kind]
    if not found:
        return None
    last: GuestRequest = max(found, key=lambda each: each.created_at)
    what = scene.texts.say(f"bot.request.what.{kind}")
    lines = [Line(f"bot.request.is_{last.state}", {"what": what, "details": words(scene, last.details)})]
    if last.state is not RequestState.OPEN and last.answer:
        lines.append(Line("bot.fact", {"text": last.answer}))
    return Move(scene.dialogue, tuple(lines), closes=True)


def words(scene: Scene, details: Mapping[str, str]) -> str:
    """The details as a guest reads them."""
    return ", ".join(
        scene.texts.say(f"bot.detail.{name}", value=_written(scene, value)) for name, value in details.items()
    )


def _written(scene: Scene, value: str) -> str:
    key = f"bot.detail_value.{value}"
    if value.isidentifier() and scene.texts.has(key):
        return scene.texts.say(key)
    try:
        return scene.texts.day(date.fromisoformat(value))
    except ValueError:
        return value


def _agrees(scene: Scene) -> bool:
    if scene.picked:
        return scene.picked.intent == "afirmar"
    return scene.says("afirmar", "make_reservation") and consents(scene.heard.text, _ORDERS)


def _turns_down(scene: Scene) -> bool:
    if scene.picked:
        return scene.picked.intent == "negar"
    text = scene.heard.text
    if names_stay(scene.heard.entities):
        return False
    return scene.says("negar") or _DROPS.search(fold(text)) is not None or (hesitates(text) and not keeps_it(text))


def read_day(scene: Scene, _asked: bool) -> str | None:
    day = scene.heard.entities.check_in
    return day.isoformat() if day and day >= scene.today else None


def read_last_day(scene: Scene, _asked: bool) -> str | None:
    day = scene.heard.entities.check_out
    return day.isoformat() if day and day >= scene.today else None


def read_hour(scene: Scene, asked: bool) -> str | None:
    """``15:00``; two readings are kept apart by a bar."""
    text = scene.heard.text
    hours = said_hours(text)
    bare = fold(text)
    if not hours and asked and re.fullmatch(r"(tipo |como a |a eso de )?\d{1,2}", bare):
        hours = said_hours(f"a las {bare.rsplit(' ', 1)[-1]}")
    if len(hours) == 2 and (part := said_part(text)):
        hours = tuple(each for each in hours if _half(each) == (part.value != "morning"))
    return "|".join(f"{each:%H:%M}" for each in hours) or None


def _half(at: time) -> bool:
    return at.hour >= 12


def read_people(scene: Scene, asked: bool) -> str | None:
    if scene.heard.entities.guests:
        return str(scene.heard.entities.guests)
    found = re.search(r"\b\d{1,3}\b", scene.heard.text) if asked and not said_hours(scene.heard.text) else None
    return found[0] if found and int(found[0]) else None


def read_name(scene: Scene, asked: bool) -> str | None:
    name = scene.heard.entities.guest_name or named(scene.heard.text)
    if name is None and asked and not scene.says("negar", "hablar_con_humano", *_FACTS):
        name = bare_name(scene.heard.text)
    return name


def read_contact(scene: Scene, _asked: bool) -> str | None:
    return scene.heard.entities.phone or scene.heard.entities.email


def in_own_words(scene: Scene, asked: bool) -> str | None:
    """Whatever was answered to the question for it, unless it is a question or a no."""
    text = " ".join(scene.heard.text.split())
    if not asked or "?" in text or _turns_down(scene) or not any(map(str.isalnum, text)):
        return None
    return text.strip(" .,;:!")
