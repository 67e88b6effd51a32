"""Lets go of a hold, and cancels a booking that is made: whose it is, then what comes back, then only after a yes."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.bot.ports import CancelTerms, Expecting
from relevo.bot.rules.agreeing import agrees, kept, refuses, turns_away
from relevo.bot.rules.dialogue import Dialogue, Draft, Option, Pending, Task, Told
from relevo.bot.rules.identity import ENDED, whose
from relevo.bot.rules.offers import contained, too_much
from relevo.bot.rules.reading import CANCELLING, keeps_it, rather_cancels, rather_changes, supposes_cancelling
from relevo.bot.rules.stays import accepts, declined
from relevo.bot.rules.steps import (
    Ask,
    CancelBooking,
    FindBooking,
    FindOwn,
    Identify,
    Line,
    Move,
    PriceCancelling,
    ReleaseHold,
    Scene,
    Specialist,
    Steps,
    Track,
    cancel_booking,
    find_booking,
    price_cancelling,
    release_hold,
)
from relevo.bot.rules.wording import booking_words
from relevo.kit.errors import Conflict, NotFound

INTENTS = frozenset({"cancel_reservation", "cancelar_cita"})
_ASKED = (Pending.RELEASE, Pending.CANCEL)


def wants(scene: Scene) -> bool:
    text, pending = scene.heard.text, scene.dialogue.pending
    if pending in _ASKED:
        if refuses(scene) and rather_changes(text):
            return False
        return agrees(scene, CANCELLING, INTENTS) or refuses(scene) or turns_away(scene) or scene.says(*INTENTS)
    if pending is Pending.CHANGE and not scene.picked and rather_cancels(text):
        return True
    if supposes_cancelling(text):
        return False
    # Other dates in the same breath are a change, not a cancellation.
    said, hold = scene.heard.entities, scene.hold
    other_dates = said.check_in is not None and (hold is None or said.check_in != hold.check_in)
    changing = pending is Pending.CHANGE
    return scene.heard.intent in INTENTS and not (other_dates and changing) and not accepts(scene)


def act(scene: Scene) -> Steps[Move]:
    dialogue = scene.dialogue
    if dialogue.pending not in _ASKED or dialogue.told is None:
        if keeps_it(scene.heard.text):
            return kept(scene)
        return (yield from go(scene))
    if agrees(scene, CANCELLING, INTENTS):
        return (yield from _do(scene))
    if refuses(scene) or turns_away(scene):
        return kept(scene)
    return (yield from go(scene))


def go(scene: Scene) -> Steps[Move]:
    if _only_in_the_making(scene):
        return _dropped(scene)
    found = yield from whose(scene, Task.CANCEL)
    if isinstance(found, Move):
        return found
    return (yield from _ask(scene, found.dialogue, found.booking))


def _ask(scene: Scene, dialogue: Dialogue, booking: Booking, *lines: Line) -> Steps[Move]:
    """Say what it would come to, and ask."""
    if booking.status in ENDED:
        line = Line(f"bot.status.{booking.status}", booking_words(scene, booking))
        return Move(replace(dialogue, errand=None), (*lines, line), closes=True)
    told, pending = Told(booking.code), Pending.RELEASE
    if not _plain_hold(booking):
        try:
            terms = yield from price_cancelling(booking.code)
        except (Conflict, NotFound) as refusal:
            return _not_ours(scene, dialogue, booking, refusal)
        lines = (*lines, *_terms(booking, terms))
        told, pending = Told(booking.code, money=terms.refund), Pending.CANCEL
    texts = scene.texts
    options = (Option(texts.say("bot.button.release"), "afirmar"), Option(texts.say("bot.button.keep"), "negar"))
    words = {"code": booking.code, "stay": texts.stay(booking.check_in, booking.check_out, weekdays=True)}
    dialogue = replace(dialogue, pending=pending, told=told, offer=None, others=())
    return Move(dialogue, lines, Ask("bot.ask.release", Expecting.CONFIRMATION, words, options))


def _do(scene: Scene) -> Steps[Move]:
    told, releasing = scene.dialogue.told, scene.dialogue.pending is Pending.RELEASE
    assert told is not None
    dialogue = replace(scene.dialogue, pending=Pending.NOTHING, told=None, errand=None, draft=Draft())
    booking = yield from find_booking(told.code, proven=True)
    if booking is None or booking.status is BookingStatus.EXPIRED:
        line = Line("bot.status.expired", booking_words(scene, booking)) if booking else Line("bot.nothing_held")
        return Move(dialogue, (line,), closes=True)
    try:
        if releasing:
            if booking.status not in ENDED and not _plain_hold(booking):
                # It was paid or confirmed between the question and the yes.
                return (yield from _ask(scene, dialogue, booking))
            released = yield from release_hold(told.code)
            words = booking_words(scene, released)
            return Move(replace(dialogue, booking_code=told.code), (Line("bot.released", words),), closes=True)
        terms = yield from price_cancelling(told.code)
        if terms.refund != told.money:
            return (yield from _ask(scene, dialogue, booking, Line("bot.cancel.moved")))
        done = yield from cancel_booking(told.code)
    except (Conflict, NotFound) as refusal:
        return _not_ours(scene, dialogue, booking, refusal)
    words = booking_words(scene, booking) | {"refund": done.refund}
    lines = [Line("bot.cancel.done", words)]
    if done.refund.amount:
        lines.append(Line("bot.cancel.refunded", words))
    return Move(replace(dialogue, booking_code=told.code), tuple(lines), closes=True)


def _terms(booking: Booking, terms: CancelTerms) -> tuple[Line, ...]:
    words = {"refund": terms.refund, "paid": terms.paid}
    if not terms.paid.amount:
        key = "unverified" if booking.deposit_status is DepositStatus.RECEIVED else "nothing_paid"
    elif not terms.refund.amount:
        key = "no_refund"
    else:
        key = "refund" if terms.refund == terms.paid else "part"
    policy = (Line("bot.fact", {"text": terms.policy}),) if terms.policy else ()
    return (*policy, Line(f"bot.cancel.{key}", words))


def _plain_hold(booking: Booking) -> bool:
    """Nights that nobody has paid for: letting them go costs nobody anything."""
    paid = (DepositStatus.RECEIVED, DepositStatus.CONFIRMED)
    return booking.status is BookingStatus.HOLD and booking.deposit_status not in paid


def _not_ours(scene: Scene, dialogue: Dialogue, booking: Booking, refusal: Conflict | NotFound) -> Move:
    dialogue = replace(dialogue, errand=None, told=None, pending=Pending.NOTHING)
    if refusal.code == "not_selling":
        return contained(dialogue)
    return too_much(scene, dialogue, (Line("bot.cannot.cancel", {"code": booking.code}),))


def _only_in_the_making(scene: Scene) -> bool:
    """Nothing was booked here and no code is named: what there is to drop is the stay that was being put together."""
    dialogue = scene.dialogue
    named = scene.heard.entities.booking_code or (scene.picked and scene.picked.code)
    if named or scene.hold or dialogue.booking_code or dialogue.errand:
        return False
    return dialogue.pending is Pending.HOLD or dialogue.draft != Draft()


def _dropped(scene: Scene) -> Move:
    dialogue = scene.dialogue
    if dialogue.pending is Pending.HOLD:
        return declined(scene)
    fresh = replace(dialogue, draft=Draft(), pending=Pending.NOTHING, offer=None, others=())
    return Move(fresh, (Line("bot.dropped"),), closes=True)


SPECIALIST = Specialist(
    "cancellations", Track.GUESTS, "cancel after a yes", INTENTS, priority=80, wants=wants, act=act, alone=True,
    slots=("booking_code", "contact"),
    tools=(
        CancelBooking, FindBooking, FindOwn, Identify, PriceCancelling, ReleaseHold,
    ),
)  # fmt: skip
