"""Places on an excursion: puts them together, takes them after a yes, tells a customer theirs, gives them back."""

from __future__ import annotations

from dataclasses import replace

from relevo.bot.ports import Expecting
from relevo.bot.rules import trips
from relevo.bot.rules.dialogue import Guest, Option, Pending, Trip
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import CANCELLING, consents, hesitates, keeps_it, plain_yes
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track
from relevo.bot.rules.touring import (
    BookPlaces,
    CancelPlaces,
    FindDepartures,
    FindPlaces,
    book_places,
    cancel_places,
    find_places,
)
from relevo.kit.errors import Conflict, Forbidden, Invalid, NotFound
from relevo.tours.rules import Place, Status

MOST = 4
_YES = frozenset(
    {"anotame", "anotanos", "reservalo", "reservala", "reservanos", "sumame", "sumanos", "confirmo", "apuntanos"}
)
_CANCEL = "cancelar_cita"
_OURS = (Pending.TRIP, Pending.CANCEL_TRIP)


def wants(scene: Scene) -> bool:
    if scene.tours is None:
        return False
    text, dialogue = scene.heard.text, scene.dialogue
    if scene.picked:
        ours = dialogue.pending in _OURS and scene.picked.intent in ("afirmar", "negar")
        return ours or trips.picked(scene) is not None or _own_code(scene) is not None
    about = trips.mentioned(scene)
    if about and (trips.asks_own(text) or trips.cancels(text)):
        return True
    if trips.inquires(text):
        return False
    if dialogue.pending in _OURS:
        return scene.says("afirmar", "negar") or bool(about) or trips.tells_more(scene) or hesitates(text)
    if trips.is_open(scene) and not scene.says("cancel_reservation", "hablar_con_humano"):
        named = dialogue.expecting is Expecting.GUEST_NAME and trips.name_in(scene) is not None
        return (
            named
            or scene.says("negar")
            or ((bool(about) or trips.tells_more(scene)) and not trips.speaks_of_room(scene))
        )
    return bool(about) and (trips.goes(text) or trips.tells_more(scene)) and not trips.speaks_of_room(scene)


def act(scene: Scene) -> Steps[Move]:
    text, dialogue = scene.heard.text, scene.dialogue
    if dialogue.pending is Pending.CANCEL_TRIP and not _own_code(scene):
        return (yield from _decided(scene))
    if _own_code(scene) or (trips.mentioned(scene) and not scene.picked and trips.cancels(text)):
        return (yield from _cancelling(scene))
    if not scene.picked and trips.asks_own(text):
        return (yield from _tell_own(scene))
    if dialogue.pending is Pending.TRIP and dialogue.trip is not None:
        if _agrees(scene, dialogue.trip):
            return (yield from _book(scene, dialogue.trip))
        if trips.heard(scene) == dialogue.trip:
            return _dropped(scene)
    elif scene.says("negar") and not trips.tells_more(scene) and not trips.mentioned(scene):
        return _dropped(scene)
    if dialogue.expecting is Expecting.GUEST_NAME and (name := trips.name_in(scene)):
        scene = replace(scene, dialogue=replace(dialogue, guest=replace(dialogue.guest, name=name)))
        return (yield from trips.go(scene, dialogue.trip or Trip()))
    return (yield from trips.go(scene, trips.heard(scene)))


def _agrees(scene: Scene, trip: Trip) -> bool:
    if scene.picked:
        return scene.picked.intent == "afirmar"
    text = scene.heard.text
    if scene.says("negar") or hesitates(text) or trips.heard(scene) != trip:
        return False
    return scene.says("afirmar", "make_reservation") and plain_yes(text, _YES)


def _dropped(scene: Scene) -> Move:
    dialogue = replace(scene.dialogue, trip=None, pending=Pending.NOTHING)
    return Move(dialogue, (Line("trade.trip.dropped"),), closes=True)


def _book(scene: Scene, trip: Trip) -> Steps[Move]:
    assert trip.excursion
    assert trip.day
    assert trip.adults
    dialogue = replace(scene.dialogue, trip=None, pending=Pending.NOTHING)
    said, filed = dialogue.guest, scene.guest
    guest = Guest(said.name or filed.name, said.phone or filed.phone, said.email or filed.email)
    try:
        made = yield from book_places(trip.excursion, trip.day, trip.adults, trip.children, guest)
    except (Conflict, Invalid):
        return (yield from trips.go(replace(scene, dialogue=dialogue), trip, Line("trade.trip.just_taken")))
    lines = [Line("trade.trip.booked", trips.place_words(scene, made))]
    catalogue = scene.tours
    if catalogue and made.start - scene.now > catalogue.free_until:
        lines.append(Line("trade.trip.free_until", {"hours": str(int(catalogue.free_until.total_seconds() // 3600))}))
    return Move(dialogue, tuple(lines), closes=True)


def _coming(scene: Scene, found: tuple[Place, ...]) -> list[Place]:
    return sorted(
        (each for each in found if each.status is Status.BOOKED and each.start > scene.now), key=lambda each: each.start
    )


def _own_code(scene: Scene) -> str | None:
    code = scene.picked.code if scene.picked else None
    return code if code and code.startswith("EX-") else None


def _tell_own(scene: Scene) -> Steps[Move]:
    coming = _coming(scene, (yield from find_places()))
    if not coming:
        return Move(scene.dialogue, (Line("trade.trip.none"),), closes=True)
    return Move(scene.dialogue, tuple(Line("trade.trip.own", trips.place_words(scene, each)) for each in coming[:MOST]))


def _cancelling(scene: Scene) -> Steps[Move]:
    coming = _coming(scene, (yield from find_places()))
    code = _own_code(scene) or trips.code_in(scene.heard.text)
    if code:
        coming = [each for each in coming if each.code == code]
    if not coming:
        return Move(scene.dialogue, (Line("trade.trip.none"),), closes=True)
    if len(coming) > 1:
        options = tuple(
            Option(scene.texts.say("trade.trip.mine", **trips.place_words(scene, each)), _CANCEL, code=each.code)
            for each in coming[:MOST]
        )
        return Move(scene.dialogue, (), Ask("trade.ask.trip_which_own", Expecting.MENU, options=options, numbered=True))
    return _ask(scene, coming[0])


def _ask(scene: Scene, place: Place) -> Move:
    texts, catalogue = scene.texts, scene.tours
    assert catalogue is not None
    if place.start - scene.now < catalogue.free_until:
        hours = str(int(catalogue.free_until.total_seconds() // 3600))
        return too_much(scene, scene.dialogue, (Line("trade.trip.late", {"hours": hours}),))
    options = (Option(texts.say("bot.button.release"), "afirmar"), Option(texts.say("bot.button.keep"), "negar"))
    dialogue = replace(scene.dialogue, trip=Trip(code=place.code), pending=Pending.CANCEL_TRIP)
    words = {name: value for name, value in trips.place_words(scene, place).items() if isinstance(value, str)}
    return Move(dialogue, (), Ask("trade.ask.trip_cancel", Expecting.CONFIRMATION, words, options))


def _decided(scene: Scene) -> Steps[Move]:
    trip = scene.dialogue.trip or Trip()
    dialogue = replace(scene.dialogue, trip=None, pending=Pending.NOTHING)
    yes = scene.picked.intent == "afirmar" if scene.picked else consents(scene.heard.text, CANCELLING)
    if not yes or not trip.code or keeps_it(scene.heard.text):
        return Move(dialogue, (Line("trade.trip.kept"),), closes=True)
    try:
        gone = yield from cancel_places(trip.code)
    except Conflict as refusal:
        line = Line("trade.trip.late" if refusal.code == "places_late" else "trade.trip.over", refusal.params)
        return too_much(scene, dialogue, (line,))
    except (NotFound, Forbidden):
        return Move(dialogue, (Line("trade.trip.none"),), closes=True)
    return Move(dialogue, (Line("trade.trip.cancelled", trips.place_words(scene, gone)),), closes=True)


SPECIALIST = Specialist(
    "excursion_bookings", Track.GUESTS, "book and cancel places on excursions", frozenset({"make_reservation"}),
    priority=90, wants=wants, act=act, alone=True, knows=wants, slots=("excursion", "check_in", "guests", "guest_name"),
    tools=(FindDepartures, BookPlaces, FindPlaces, CancelPlaces),
)  # fmt: skip
