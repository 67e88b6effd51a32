"""Deposits: how to pay, the receipt laid beside its booking, and what happens next.

Never says that money arrived: staff finds that out. A file is kept whoever else answers the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.bot.ports import Taken, TakenAs
from relevo.bot.rules.dialogue import Dialogue, Draft, Task
from relevo.bot.rules.identity import Found, whose
from relevo.bot.rules.steps import (
    Line,
    Move,
    Scene,
    Specialist,
    Steps,
    Track,
    attach_receipt,
    find_alternatives,
    find_own,
)
from relevo.bot.rules.wording import booking_stay, booking_words
from relevo.bot.specialists import status
from relevo.kit.errors import Conflict, Invalid, NotFound

INTENTS = frozenset({"enviar_comprobante", "pagar_servicio"})
_PERSON_FIRST = (
    TakenAs.LATE_LOST, TakenAs.AFTER_CANCEL, TakenAs.REPEATED, TakenAs.WITH_STAFF, TakenAs.LATE_HELD, TakenAs.EXTRA,
    TakenAs.AGAIN, TakenAs.IN_TIME,
)  # fmt: skip
"""Of several files together the one that needs most is spoken of."""
_NEEDS_PERSON: Mapping[TakenAs, str] = {
    TakenAs.LATE_LOST: "deposit_late",
    TakenAs.AFTER_CANCEL: "deposit",
}


def wants(scene: Scene) -> bool:
    return bool(scene.files) or scene.unread or scene.says(*INTENTS)


def act(scene: Scene) -> Steps[Move]:
    if scene.files:
        return (yield from _take(scene))
    if scene.unread:
        return Move(scene.dialogue, (Line("bot.receipt_is.unreadable"),))
    if scene.says("enviar_comprobante"):
        return (yield from _promised(scene))
    if scene.hold:
        return Move(scene.dialogue, (Line("bot.deposit", booking_words(scene, scene.hold)),))
    return Move(scene.dialogue, (Line("bot.how_to_pay", {"percent": str(scene.business.deposit_percent)}),))


def go(scene: Scene) -> Steps[Move]:
    """Once it is known whose booking it is: the files that waited for that, or how it stands."""
    found = yield from whose(scene, Task.RECEIPT)
    if isinstance(found, Move):
        return found
    files, dialogue = scene.dialogue.files, replace(found.dialogue, errand=None, files=())
    if files:
        return (yield from _beside(scene, dialogue, found.booking, files))
    return (yield from status.tell(scene, Found(found.booking, dialogue)))


def _take(scene: Scene) -> Steps[Move]:
    """Files came: of the hold, else of what was last booked here, else it is asked whose they are."""
    booking = scene.hold or (yield from _last())
    if booking is not None:
        return (yield from _beside(scene, scene.dialogue, booking, scene.files))
    waiting = (*scene.dialogue.files, *scene.files)
    scene = replace(scene, dialogue=replace(scene.dialogue, files=waiting))
    move = yield from go(scene)
    return replace(move, lines=(Line("bot.receipt_is.of_what"), *move.lines)) if move.dialogue.files else move


def _last() -> Steps[Booking | None]:
    own = yield from find_own()
    return own[0] if own else None


def _beside(scene: Scene, dialogue: Dialogue, booking: Booking, files: tuple[str, ...]) -> Steps[Move]:
    taken: list[Taken] = []
    for file_id in files:
        try:
            taken.append((yield from attach_receipt(booking.code, file_id)))
        except (Conflict, NotFound):
            # Money may be on its way for a booking that takes none: somebody has to look.
            words = booking_words(scene, booking)
            return Move(dialogue, (Line("bot.receipt_is.refused", words),), handoff="deposit")
    told = min(taken, key=lambda each: _PERSON_FIRST.index(each.how))
    words = booking_words(scene, told.booking)
    lines: tuple[Line, ...] = (Line(f"bot.receipt_is.{told.how}", words),)
    dialogue = replace(dialogue, booking_code=told.booking.code)
    if told.how is TakenAs.LATE_LOST:
        lines = (*lines, *(yield from _instead(scene, booking)))
    elif told.booking.status is BookingStatus.HOLD:
        lines = (*lines, Line("bot.receipt_until", words))
    return Move(dialogue, lines, handoff=_NEEDS_PERSON.get(told.how))


def _instead(scene: Scene, booking: Booking) -> Steps[tuple[Line, ...]]:
    """What a guest who lost the room could have."""
    try:
        found = yield from find_alternatives(Draft.of(booking_stay(booking)))
    except Invalid:
        return ()
    texts = scene.texts
    told = [
        texts.say(
            "bot.alternative", type=each.name, total=each.quote.total,
            stay=texts.stay(each.quote.check_in, each.quote.check_out, weekdays=True),
        )
        for each in found
    ]  # fmt: skip
    return (Line("bot.receipt_is.instead", {"others": "; ".join(told)}),) if told else ()


def _promised(scene: Scene) -> Steps[Move]:
    """``ya transferí``, and no file."""
    booking = scene.hold or (yield from _last())
    if booking is None:
        move = yield from go(scene)
        return replace(move, lines=(Line("bot.receipt"), *move.lines)) if move.ask else move
    words = booking_words(scene, booking)
    if booking.status is BookingStatus.EXPIRED:
        return Move(scene.dialogue, (Line("bot.receipt_late", words),))
    if booking.status is not BookingStatus.HOLD:
        return (yield from status.tell(scene, Found(booking, scene.dialogue)))
    if booking.deposit_status is DepositStatus.RECEIVED:
        return Move(scene.dialogue, (Line("bot.deposit_is.received", words),))
    return Move(scene.dialogue, (Line("bot.receipt", words), Line("bot.receipt_until", words)))


SPECIALIST = Specialist(
    "deposits", Track.BUSINESS, "explain the deposit and take the receipt", INTENTS, priority=45, wants=wants, act=act,
    keeps_files=True,
)  # fmt: skip
