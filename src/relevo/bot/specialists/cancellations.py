"""Lets go of the customer's own hold after a yes. A confirmed booking is a person's business."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus
from relevo.bot.ports import Expecting
from relevo.bot.rules.dialogue import Draft, Option, Pending
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.steps import Ask, Line, Move, Scene, Specialist, Steps, Track, find_booking, release_hold
from relevo.bot.rules.wording import booking_words
from relevo.bot.specialists.stays import accepts, declined
from relevo.kit.errors import Conflict

INTENTS = frozenset({"cancel_reservation", "cancelar_cita"})


def wants(scene: Scene) -> bool:
    if scene.dialogue.pending is Pending.RELEASE:
        return scene.says("afirmar", "negar", *INTENTS)
    # Other dates in the same breath are a change, not a cancellation.
    said, hold = scene.heard.entities, scene.hold
    other_dates = said.check_in is not None and (hold is None or said.check_in != hold.check_in)
    return scene.heard.intent in INTENTS and not other_dates and not accepts(scene)


def act(scene: Scene) -> Steps[Move]:
    dialogue, hold = scene.dialogue, scene.hold
    if dialogue.pending is Pending.RELEASE:
        dialogue = replace(dialogue, pending=Pending.NOTHING)
        if scene.says("negar"):
            line = Line("bot.kept", {"code": hold.code}) if hold else Line("bot.declined")
            return Move(dialogue, (line,), closes=True)
        if hold is None:
            return Move(dialogue, (Line("bot.nothing_held"),), closes=True)
        try:
            booking = yield from release_hold(hold.code)
        except Conflict:
            return too_much(scene, dialogue, (Line("bot.cannot.cancel", {"code": hold.code}),))
        return _gone(scene, replace(scene, dialogue=dialogue), booking)
    code = scene.heard.entities.booking_code
    found = hold if code is None or (hold and hold.code == code) else (yield from find_booking(code))
    if found is None and code is None and dialogue.booking_code:
        found = yield from find_booking(dialogue.booking_code)
    if found is None:
        if code:
            return too_much(scene, dialogue, (Line("bot.cannot.find", {"code": code}),))
        return _nothing(scene)
    if hold and found.code == hold.code:
        return _sure(scene, found)
    if found.status in (BookingStatus.EXPIRED, BookingStatus.CANCELLED):
        return Move(dialogue, (Line(f"bot.status.{found.status}", booking_words(scene, found)),), closes=True)
    return too_much(scene, dialogue, (Line("bot.cannot.cancel", {"code": found.code}),))


def _sure(scene: Scene, booking: Booking) -> Move:
    texts = scene.texts
    options = (
        Option(texts.say("bot.button.release"), "afirmar"),
        Option(texts.say("bot.button.keep"), "negar"),
    )
    words = {"code": booking.code, "stay": texts.stay(booking.check_in, booking.check_out, weekdays=True)}
    return Move(
        replace(scene.dialogue, pending=Pending.RELEASE, offer=None, others=()),
        (),
        Ask("bot.ask.release", Expecting.CONFIRMATION, words, options),
    )


def _gone(before: Scene, scene: Scene, booking: Booking) -> Move:
    dialogue = replace(scene.dialogue, draft=Draft(), booking_code=booking.code)
    return Move(dialogue, (Line("bot.released", booking_words(before, booking)),), closes=True)


def _nothing(scene: Scene) -> Move:
    """No booking of theirs is known: drop what was being put together, else ask for the code."""
    dialogue = scene.dialogue
    if dialogue.pending is Pending.HOLD:
        return declined(scene)
    if dialogue.draft != Draft():
        fresh = replace(dialogue, draft=Draft(), pending=Pending.NOTHING, offer=None, others=())
        return Move(fresh, (Line("bot.dropped"),), closes=True)
    return Move(dialogue, (), Ask("bot.ask.code", Expecting.BOOKING_CODE))


SPECIALIST = Specialist(
    "cancellations", Track.GUESTS, "release a hold", INTENTS, priority=80, wants=wants, act=act, alone=True
)
