"""How a booking stands: the one of this conversation, or one by its code where it belongs to this person."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Draft
from relevo.bot.rules.offers import propose, too_much
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track, find_booking
from relevo.bot.rules.wording import booking_stay, booking_words
from relevo.bot.specialists.reservations import missing_guest

INTENTS = frozenset({"consulta_estado"})


def wants(scene: Scene) -> bool:
    code = scene.heard.entities.booking_code
    return scene.heard.intent in INTENTS or (code is not None and not scene.says("cancel_reservation"))


def act(scene: Scene) -> Steps[Move]:
    dialogue, hold = scene.dialogue, scene.hold
    code = scene.heard.entities.booking_code or (hold.code if hold else dialogue.booking_code)
    if code is None:
        return Move(dialogue, (), Ask("bot.ask.code", Expecting.BOOKING_CODE))
    found = hold if hold and hold.code == code else (yield from find_booking(code))
    if found is None:
        return too_much(scene, dialogue, (Line("bot.cannot.find", {"code": code}),))
    line = Line(f"bot.status.{_standing(scene, found)}", booking_words(scene, found))
    if _standing(scene, found) == BookingStatus.EXPIRED and found.check_in >= scene.today:
        return (yield from propose(scene, dialogue, Draft.of(booking_stay(found)), (line,)))
    ask = missing_guest(scene, found) if hold and found.code == hold.code else None
    return Move(replace(dialogue, booking_code=found.code), (line,), ask, closes=True)


def _standing(scene: Scene, booking: Booking) -> BookingStatus:
    """A hold that ran out is expired, swept or not."""
    if booking.status is BookingStatus.HOLD and not booking.is_live(scene.now):
        return BookingStatus.EXPIRED
    return booking.status


SPECIALIST = Specialist(
    "status", Track.OPERATIONS, "say how a booking stands", INTENTS, priority=50, wants=wants, act=act
)
