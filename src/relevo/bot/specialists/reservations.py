"""Turns a yes into a hold at once, says what was held and how to pay the deposit, and asks who it is for."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Dialogue, Draft, Guest, Offered, Pending, merged
from relevo.bot.rules.offers import contained, no_room, propose
from relevo.bot.rules.stays import accepts
from relevo.bot.rules.steps import (
    Ask,
    FindAlternatives,
    FindRooms,
    HoldRoom,
    Line,
    Move,
    PriceStay,
    Scene,
    Specialist,
    Steps,
    Track,
    hold_room,
    price_stay,
)
from relevo.bot.rules.wording import booking_words
from relevo.kit.errors import Conflict, Invalid


def act(scene: Scene) -> Steps[Move]:
    dialogue = scene.dialogue
    target = _target(scene)
    quote = yield from price_stay(target.stay)
    if quote.total != target.total:
        return (yield from propose(scene, dialogue, Draft.of(target.stay), (Line("bot.price_changed"),)))
    guest = known_guest(scene)
    try:
        booking = yield from hold_room(target.stay, guest)
    except Conflict as refusal:
        if refusal.code == "not_selling":
            return contained(dialogue)
        return (yield from no_room(scene, dialogue, Draft.of(target.stay), (Line("bot.just_taken"),)))
    except Invalid:
        return (yield from propose(scene, dialogue, Draft.of(target.stay)))
    return _held(scene, dialogue, booking)


def known_guest(scene: Scene) -> Guest:
    """What was said in this conversation comes before what is on file."""
    said, filed = scene.dialogue.guest, scene.guest
    return Guest(said.name or filed.name, said.phone or filed.phone, said.email or filed.email)


def missing_guest(scene: Scene, booking: Booking) -> Ask | None:
    """The question for who it is for; on a call one thing at a time."""
    named, reachable = booking.guest_name, booking.guest_phone or booking.guest_email
    if not named:
        both = not reachable and not scene.spoken
        return Ask("bot.ask.name_contact" if both else "bot.ask.name", Expecting.GUEST_NAME, patient=False)
    if not reachable:
        return Ask("bot.ask.contact", Expecting.CONTACT, patient=False)
    return None


def _target(scene: Scene) -> Offered:
    offer = scene.dialogue.offer
    assert offer is not None
    if scene.picked:
        return offer
    draft = merged(Draft.of(offer.stay), scene.heard.entities)
    return next(told for told in (offer, *scene.dialogue.others) if Draft.of(told.stay) == draft)


def _held(scene: Scene, dialogue: Dialogue, booking: Booking) -> Move:
    words = booking_words(scene, booking)
    swapped = scene.hold is not None
    lines = [Line("bot.held_swapped" if swapped else "bot.held", words), Line("bot.deposit", words)]
    ask = missing_guest(scene, booking)
    if ask is None:
        lines.append(Line("bot.in_name_of", words))
    dialogue = replace(
        dialogue,
        draft=Draft(),
        pending=Pending.NOTHING,
        offer=None,
        others=(),
        booking_code=booking.code,
        guest=Guest(booking.guest_name, booking.guest_phone, booking.guest_email),
    )
    return Move(dialogue, tuple(lines), ask, closes=True)


SPECIALIST = Specialist(
    "reservations", Track.GUESTS, "hold the offered room", frozenset({"afirmar", "make_reservation"}), priority=70,
    wants=accepts, act=act,
    slots=("check_in", "check_out", "guests", "room_type"), tools=(FindAlternatives, FindRooms, HoldRoom, PriceStay),
)  # fmt: skip
