"""Who the booking is for: takes name, phone and e-mail in any order, then reads everything back."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import BookingStatus
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Draft, Guest, names_stay
from relevo.bot.rules.identity import collecting
from relevo.bot.rules.offers import missing_question, propose
from relevo.bot.rules.reading import bare_name, named, renames
from relevo.bot.rules.stays import accepts
from relevo.bot.rules.steps import (
    CompleteGuest,
    FindAlternatives,
    FindBooking,
    FindRooms,
    Line,
    Move,
    Scene,
    Specialist,
    Steps,
    Track,
    complete_guest,
    find_booking,
)
from relevo.bot.rules.wording import booking_stay, booking_words
from relevo.bot.specialists.reservations import missing_guest

_ASKED = (Expecting.GUEST_NAME, Expecting.CONTACT)
_NOT_A_NAME = ("hablar_con_humano", "queja", "negar", "despedida", "cancel_reservation", "ask_services", "ask_policies")


def wants(scene: Scene) -> bool:
    if collecting(scene):
        # The phone that proves whose a booking is belongs to no other one.
        return False
    if scene.hold is None:
        said = scene.heard.entities
        return bool(said.guest_name or said.email or said.phone) and not (names_stay(said) or accepts(scene))
    repeated = scene.heard.entities.guest_name and scene.dialogue.expecting in _ASKED
    return news(scene) != Guest() or repeated or (scene.dialogue.expecting in _ASKED and scene.says("negar", "afirmar"))


def news(scene: Scene) -> Guest:
    """What this message adds to the held booking."""
    said, hold, expecting = scene.heard.entities, scene.hold, scene.dialogue.expecting
    if hold is None:
        return Guest()
    name = said.guest_name or named(scene.heard.text)
    if name is None and expecting is Expecting.GUEST_NAME and not names_stay(said) and not scene.says(*_NOT_A_NAME):
        name = bare_name(scene.heard.text)
    if hold.guest_name and expecting not in _ASKED and not renames(scene.heard.text):
        # "Soy Marta, de recepción" says who writes, not whose the booking is.
        name = None
    return Guest(
        name if name != hold.guest_name else None,
        said.phone if said.phone != hold.guest_phone else None,
        said.email if said.email != hold.guest_email else None,
    )


def act(scene: Scene) -> Steps[Move]:
    hold, dialogue, new = scene.hold, scene.dialogue, news(scene)
    if hold is None and dialogue.booking_code and dialogue.expecting in _ASKED:
        ended = yield from find_booking(dialogue.booking_code)
        if ended and ended.status in (BookingStatus.EXPIRED, BookingStatus.CANCELLED):
            line = Line(f"bot.status.{ended.status}", booking_words(scene, ended))
            return (yield from propose(scene, dialogue, Draft.of(booking_stay(ended)), (line,)))
    if hold is None:
        # Said before there is a booking: it is remembered for then.
        name = dialogue.guest.name
        line = Line("bot.noted", {"name": name}) if name else Line("bot.noted_contact")
        return Move(dialogue, (line,), None if dialogue.question else missing_question(scene, dialogue.draft))
    if new == Guest():
        if scene.says("negar"):
            return Move(dialogue, (Line("bot.name_later", {"code": hold.code}),), closes=True)
        if ask := missing_guest(scene, hold):
            return Move(dialogue, (), ask)
        return Move(dialogue, (Line("bot.summary", booking_words(scene, hold)),), closes=True)
    booking = yield from complete_guest(hold.id, new)
    guest = Guest(booking.guest_name, booking.guest_phone, booking.guest_email)
    dialogue = replace(dialogue, guest=guest)
    if ask := missing_guest(scene, booking):
        return Move(dialogue, (Line("bot.thanks", {"name": booking.guest_name}),) if booking.guest_name else (), ask)
    return Move(dialogue, (Line("bot.summary", booking_words(scene, booking)),), closes=True)


SPECIALIST = Specialist(
    "guest_data", Track.GUESTS, "complete name and contact of a hold", frozenset(), priority=65, wants=wants, act=act,
    slots=("guest_name", "phone", "email"), tools=(CompleteGuest, FindAlternatives, FindBooking, FindRooms),
)  # fmt: skip
