"""Excursions in a customer's words, and from what is known of one to the next question or to what a yes would book.

Nothing is booked here; a departure is only ever told after it was asked how many places are left of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Option, Pending, Trip
from relevo.bot.rules.reading import bare_name, fold
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Steps
from relevo.bot.rules.touring import find_departures
from relevo.bot.rules.wording import people
from relevo.tours.rules import MOST_PLACES, Departure, Excursion, Place, named, price

INTENT = "ask_services"
"""What a button about an excursion stands for; its code says which one."""
LOOK = timedelta(days=21)
MOST_TOLD = 4
_MARK = "tour:"
_EXCURSION = re.compile(
    r"\bexcursi?on(es|cita|citas)?\b|\btours?\b|\bpaseos? (en|por|guiad\w+)\b|\bsalidas? guiad\w+\b"
)
_CODE = re.compile(r"(?<![@\w.])EX(?:-|(?=[A-Z]*\d))([A-HJ-NP-Z2-9]{5})\b", re.IGNORECASE)
"""Without its hyphen only with a figure in it: an address at example.com is no code."""
_ROOM = re.compile(r"\b(habitacion\w*|noches?|alojamiento|hospedaje|hospedar\w*|estadia|check.?in|check.?out)\b")
_GOES = re.compile(
    r"\b(anot\w+|apunt\w+|reserv\w+|inscrib\w+|sum(ame|anos|arme|arnos|o)|quiero (ir|hacer)|queremos (ir|hacer)|"
    r"quisiera\w* (ir|hacer)|nos gustaria (ir|hacer)|me gustaria (ir|hacer)|vamos a|compr\w+|lugares? para|cupos? para|"
    r"book|sign (me|us) up)\b"
)
_CANCELS = re.compile(r"\b(cancel\w*|anul\w*|baja|no (voy|vamos|puedo|podemos) a? ?(ir|a ir|la|al)|no llego)\b")
_MINE = re.compile(r"\b(mis?|nuestras?|tengo|tenemos|reserve|reservamos) (\w+ ){0,3}(excursi?on\w*|tours?|paseos?)\b")
_ABOUT = re.compile(r"\b(cuanto|que dias?|a que hora|desde donde|de donde|hay lugar|quedan|cupos?|horarios?)\b")


_INQUIRES = re.compile(
    r"\b(cuanto (sale|cuesta|es|dura|cobran|vale|tarda|tiempo)|incluye|consiste|como es|a que hora|(des)?de donde|"
    r"donde (es|sale|nos)|que (hay que |tengo que |tenemos que )?llevar|precio|apt[oa]|que edad|pueden ir|"
    r"how (much|long)|what time)\b"
)


def mentioned(scene: Scene) -> Excursion | bool:
    """The excursion that is spoken of, or whether any is at all."""
    if scene.tours is None:
        return False
    said = fold(scene.heard.text)
    one = named(scene.tours, said)
    talks = _EXCURSION.search(said) is not None or _CODE.search(scene.heard.text) is not None
    # A word of the catalogue alone may be the river behind the hotel.
    if one is not None and (talks or _GOES.search(said) or scene.dialogue.trip is not None or _ABOUT.search(said)):
        return one
    return talks


def speaks_of_room(scene: Scene) -> bool:
    """Whether a room is meant as well: nights, a departure, a type, or the word."""
    said = scene.heard.entities
    return bool(said.check_out or said.nights or said.room_type) or _ROOM.search(fold(scene.heard.text)) is not None


def cancels(text: str) -> bool:
    return _CANCELS.search(fold(text)) is not None


def goes(text: str) -> bool:
    return _GOES.search(fold(text)) is not None


def asks_own(text: str) -> bool:
    return _MINE.search(fold(text)) is not None or _CODE.search(text) is not None


def code_in(text: str) -> str | None:
    found = _CODE.search(text)
    return f"EX-{found[1].upper()}" if found else None


def inquires(text: str) -> bool:
    """``qué incluye``, ``cuánto dura``: a question about an excursion, which says nothing of who goes when."""
    return _INQUIRES.search(fold(text)) is not None and not goes(text)


def under_way(scene: Scene) -> Excursion | None:
    """The excursion that is being talked about."""
    trip = scene.dialogue.trip
    if scene.tours is None or trip is None or trip.excursion is None:
        return None
    open_ = is_open(scene) or scene.dialogue.pending is Pending.TRIP
    return scene.tours.excursion(trip.excursion) if open_ else None


def is_open(scene: Scene) -> bool:
    """Whether the open question is about an excursion."""
    question = scene.dialogue.question
    return question is not None and question.key.startswith("trade.ask.trip")


def picked(scene: Scene) -> tuple[str, date | None] | None:
    """The excursion, perhaps with its day, that the button stands for."""
    code = scene.picked.code if scene.picked else None
    if not code or not code.startswith(_MARK):
        return None
    excursion, _, day = code.removeprefix(_MARK).partition("@")
    return excursion, date.fromisoformat(day) if day else None


def option(label: str, excursion: str, day: date | None = None) -> Option:
    return Option(label, INTENT, code=f"{_MARK}{excursion}{f'@{day.isoformat()}' if day else ''}")


def heard(scene: Scene) -> Trip:
    """What is known after this message; what was said last wins."""
    before, said = scene.dialogue.trip or Trip(), scene.heard.entities
    before = replace(before, code=None)
    if button := picked(scene):
        excursion, day = button
        kept = before if before.excursion == excursion else Trip(adults=before.adults, children=before.children)
        return replace(kept, excursion=excursion, day=day or kept.day)
    if scene.picked:
        return before
    one = mentioned(scene)
    after = before
    if isinstance(one, Excursion) and one.code != before.excursion:
        after = Trip(one.code, None, before.adults, before.children)
    if said.check_in:
        after = replace(after, day=said.check_in)
    guests = said.guests
    if guests is None and said.adults:
        guests = said.adults + (said.children or 0)
    if guests:
        children = min(said.children or 0, guests)
        after = replace(after, adults=guests - children, children=children)
    elif said.children and after.adults:
        after = replace(after, children=said.children)
    return after


def tells_more(scene: Scene) -> bool:
    """Whether the message adds to a trip: a day, people, a button."""
    said = scene.heard.entities
    return bool(said.check_in or said.guests or said.adults or said.children or picked(scene))


def go(scene: Scene, trip: Trip, *lines: Line) -> Steps[Move]:
    """One step further towards places."""
    catalogue = scene.tours
    assert catalogue is not None
    dialogue = replace(scene.dialogue, trip=trip, pending=Pending.NOTHING)
    if trip.excursion is None:
        return Move(dialogue, lines, which(scene))
    excursion = catalogue.excursion(trip.excursion)
    if trip.day is None:
        return (yield from _which_day(scene, dialogue, excursion, lines))
    if trip.day < scene.today:
        cleared = replace(dialogue, trip=replace(trip, day=None))
        return (yield from _which_day(scene, cleared, excursion, (*lines, Line("bot.cannot.dates_past"))))
    found = yield from find_departures(trip.day, trip.day, excursion.code)
    if not found:
        where = {"excursion": excursion.name, "day": scene.texts.day(trip.day)}
        cleared = replace(dialogue, trip=replace(trip, day=None))
        return (yield from _which_day(scene, cleared, excursion, (*lines, Line("trade.trip.no_departure", where))))
    if trip.adults is None:
        words = _departure_words(scene, excursion, found[0])
        ask = Ask("trade.ask.trip_people", Expecting.GUESTS, {"excursion": excursion.name})
        return Move(dialogue, (*lines, Line("trade.trip.left", words)), ask)
    return (yield from _offer(scene, dialogue, excursion, found[0], lines))


def _offer(
    scene: Scene, dialogue: Dialogue, excursion: Excursion, departure: Departure, lines: tuple[Line, ...]
) -> Steps[Move]:
    trip, texts = dialogue.trip or Trip(), scene.texts
    adults = trip.adults or 0
    if adults + trip.children > MOST_PLACES or adults < 1:
        key = "trade.trip.only_children" if adults < 1 else "trade.trip.too_many"
        cleared = replace(dialogue, trip=replace(trip, adults=None, children=0))
        ask = Ask("trade.ask.trip_people", Expecting.GUESTS, {"excursion": excursion.name})
        return Move(cleared, (*lines, Line(key, {"maximum": str(MOST_PLACES)})), ask)
    if departure.left < adults + trip.children:
        line = Line("trade.trip.full", _departure_words(scene, excursion, departure))
        cleared = replace(dialogue, trip=replace(trip, day=None))
        return (yield from _which_day(scene, cleared, excursion, (*lines, line)))
    name = dialogue.guest.name or scene.guest.name
    if name is None:
        return Move(dialogue, lines, Ask("trade.ask.trip_name", Expecting.GUEST_NAME, patient=False))
    words = _departure_words(scene, excursion, departure) | {
        "people": people(texts, adults + trip.children, trip.children),
        "total": price(excursion, adults, trip.children),
        "name": name,
    }
    options = (Option(texts.say("bot.button.book"), "afirmar"), Option(texts.say("bot.button.not_now"), "negar"))
    ask = Ask("trade.ask.trip_book", Expecting.CONFIRMATION, options=options, patient=False)
    return Move(replace(dialogue, pending=Pending.TRIP), (*lines, Line("trade.trip.offer", words)), ask)


def _which_day(scene: Scene, dialogue: Dialogue, excursion: Excursion, lines: tuple[Line, ...]) -> Steps[Move]:
    """The next departures with room, as buttons."""
    trip = dialogue.trip or Trip()
    needed = max(1, (trip.adults or 0) + trip.children)
    found = yield from find_departures(scene.today, scene.today + LOOK, excursion.code)
    open_ = [each for each in found if each.left >= needed][:MOST_TOLD]
    if not open_:
        dialogue = replace(dialogue, trip=None)
        return Move(dialogue, (*lines, Line("trade.trip.none_left", {"excursion": excursion.name})), closes=True)
    options = tuple(option(_label(scene, each), excursion.code, each.day) for each in open_)
    ask = Ask(
        "trade.ask.trip_day", Expecting.DATES, {"excursion": excursion.name}, options, numbered=True, patient=False
    )
    return Move(dialogue, lines, ask)


def _label(scene: Scene, departure: Departure) -> str:
    texts = scene.texts
    return texts.say("trade.trip.day", day=texts.day(departure.day), left=texts.count("trade.places", departure.left))


def which(scene: Scene) -> Ask:
    assert scene.tours is not None
    options = tuple(option(each.name, each.code) for each in scene.tours.excursions[:8])
    return Ask("trade.ask.trip_which", Expecting.MENU, options=options, numbered=True, patient=False)


def describe(scene: Scene, excursion: Excursion) -> Line:
    """What it is, when it leaves and what it costs."""
    texts = scene.texts
    hours, minutes = divmod(excursion.minutes, 60)
    weekdays = texts.words("format.weekdays")
    days = [weekdays[day] for day in sorted(excursion.weekdays)]
    days += [texts.day(day) for day in sorted(excursion.dates) if day >= scene.today][:MOST_TOLD]
    joined = texts.say("bot.and").join([", ".join(days[:-1]), days[-1]]) if len(days) > 1 else "".join(days)
    words: dict[str, object] = {
        "excursion": excursion.name, "description": excursion.description, "days": joined,
        "time": texts.time(excursion.hour), "meeting": excursion.meeting, "adult": excursion.adult,
        "child": excursion.child,
        "length": texts.say("trade.trip.length", hours=str(hours), minutes=f"{minutes:02}") if minutes
        else texts.count("trade.hours", hours),
    }  # fmt: skip
    return Line("trade.trip.about" if excursion.child.amount else "trade.trip.about_free", words)


def place_words(scene: Scene, place: Place) -> dict[str, object]:
    local = place.start.astimezone(scene.business.timezone)
    return {
        "excursion": place.name,
        "day": scene.texts.day(place.day),
        "time": scene.texts.time(local.time()),
        "people": people(scene.texts, place.people, place.children),
        "total": place.price,
        "code": place.code,
        "meeting": scene.tours.excursion(place.excursion).meeting if scene.tours else "",
    }


def _departure_words(scene: Scene, excursion: Excursion, departure: Departure) -> dict[str, object]:
    return {
        "excursion": excursion.name,
        "day": scene.texts.day(departure.day),
        "time": scene.texts.time(excursion.hour),
        "meeting": excursion.meeting,
        "left": scene.texts.count("trade.places", departure.left),
        "adult": excursion.adult,
        "child": excursion.child,
    }


def name_in(scene: Scene) -> str | None:
    """The name that answers "who is it for?"."""
    said = scene.heard.entities.guest_name
    return said or (bare_name(scene.heard.text) if scene.dialogue.expecting is Expecting.GUEST_NAME else None)
