"""How a booking and its deposit stand: told only to whoever it belongs to."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import BookingStatus
from relevo.bot.rules.dialogue import Draft, Task
from relevo.bot.rules.identity import Found, whose
from relevo.bot.rules.offers import propose
from relevo.bot.rules.steps import (
    FindAlternatives,
    FindBooking,
    FindOwn,
    FindRooms,
    Identify,
    Line,
    Move,
    Scene,
    Specialist,
    Steps,
    Track,
)
from relevo.bot.rules.wording import booking_stay, booking_words
from relevo.bot.specialists.reservations import missing_guest

INTENTS = frozenset({"consulta_estado"})
_PAID_STATES = (BookingStatus.HOLD, BookingStatus.NEEDS_STAFF)
"""Where what became of the money says more than the state itself."""


def wants(scene: Scene) -> bool:
    code = scene.heard.entities.booking_code
    return scene.heard.intent in INTENTS or (code is not None and not scene.says("cancel_reservation"))


def go(scene: Scene) -> Steps[Move]:
    found = yield from whose(scene, Task.STATUS)
    return found if isinstance(found, Move) else (yield from tell(scene, found))


def tell(scene: Scene, found: Found) -> Steps[Move]:
    booking, hold = found.booking.as_of(scene.now), scene.hold
    own = hold is not None and booking.code == hold.code
    dialogue = replace(found.dialogue, errand=None)
    words = booking_words(scene, booking)
    lines = [Line(f"bot.status.{booking.status}", words)]
    if booking.status in _PAID_STATES and scene.texts.has(f"bot.deposit_is.{booking.deposit_status}"):
        lines.append(Line(f"bot.deposit_is.{booking.deposit_status}", words))
    if booking.status is BookingStatus.EXPIRED and booking.check_in >= scene.today:
        return (yield from propose(scene, dialogue, Draft.of(booking_stay(booking)), tuple(lines)))
    ask = missing_guest(scene, booking) if own else None
    return Move(replace(dialogue, booking_code=booking.code), tuple(lines), ask, closes=True)


SPECIALIST = Specialist(
    "status", Track.OPERATIONS, "say how a booking stands", INTENTS, priority=50, wants=wants, act=go,
    slots=("booking_code", "contact"), tools=(FindAlternatives, FindBooking, FindOwn, FindRooms, Identify),
)  # fmt: skip
