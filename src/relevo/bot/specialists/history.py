"""What a customer has had and has to come: appointments, packages, excursions, rooms; nobody else's."""

from __future__ import annotations

from relevo.appointments.rules import Appointment, Purchase
from relevo.bot.rules import trips
from relevo.bot.rules.steps import FindOwn, Line, Move, Scene, Specialist, Steps, Track, find_own
from relevo.bot.rules.touring import FindPlaces, find_places
from relevo.bot.rules.visiting import FindPurchases, FindVisits, find_purchases, find_visits
from relevo.bot.rules.visits import words_of
from relevo.tours.rules import Place, Status

INTENTS = frozenset({"consultar_historial"})
MOST = 5


def wants(scene: Scene) -> bool:
    if scene.picked or scene.heard.intent not in INTENTS:
        return False
    return not scene.heard.entities.booking_code and not trips.mentioned(scene)


def act(scene: Scene) -> Steps[Move]:
    visits: tuple[Appointment, ...] = ()
    bought: tuple[Purchase, ...] = ()
    places: tuple[Place, ...] = ()
    if scene.agenda is not None:
        visits, bought = (yield from find_visits()), (yield from find_purchases())
    if scene.tours is not None:
        places = yield from find_places()
    own = yield from find_own()
    lines = [
        Line(f"bot.visit.is_{each.status.value}", words_of(scene, each))
        for each in sorted(visits, key=lambda made: made.start)[-MOST:]
    ]
    for each in bought[:MOST]:
        words = {"package": each.name, "price": each.price, "code": each.code}
        lines.append(Line("bot.package.paid" if each.paid else "bot.package.unpaid", words))
    going = [place for place in places if place.status is Status.BOOKED]
    lines += [Line("trade.trip.own", trips.place_words(scene, place)) for place in going[:MOST]]
    for booking in own[:MOST]:
        stay = scene.texts.stay(booking.check_in, booking.check_out, weekdays=True)
        lines.append(Line("bot.own_line", {"code": booking.code, "type": booking.type_name, "stay": stay}))
    if not lines:
        lines = [Line("bot.visit.nothing_yet")]
    return Move(scene.dialogue, tuple(lines), closes=True)


SPECIALIST = Specialist(
    "history", Track.OPERATIONS, "tell what a customer has had and has to come", INTENTS, priority=82, wants=wants,
    act=act, alone=True, tools=(FindVisits, FindPurchases, FindPlaces, FindOwn),
)  # fmt: skip
