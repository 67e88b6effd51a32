"""Deposits: how to pay, the receipt laid beside its booking, and what happens next.

Never says that money arrived: staff finds that out. A file is kept whoever else answers the message.
"""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.bot.ports import Taken, TakenAs
from relevo.bot.rules.dialogue import Dialogue, Task
from relevo.bot.rules.identity import Found, whose
from relevo.bot.rules.steps import (
    AttachReceipt,
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
    attach_receipt,
    find_own,
)
from relevo.bot.rules.wording import booking_words
from relevo.bot.specialists import status

INTENTS = frozenset({"enviar_comprobante", "pagar_servicio"})
_SAID_FIRST = (
    TakenAs.LATE_LOST, TakenAs.DUPLICATE, TakenAs.WITH_STAFF, TakenAs.LATE, TakenAs.LATE_HELD, TakenAs.EXTRA,
    TakenAs.IN_TIME, TakenAs.AGAIN,
)  # fmt: skip
"""Of several files together the one that needs most is spoken of."""


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
    if not files:
        return (yield from status.tell(scene, Found(found.booking, dialogue)))
    move = yield from _beside(scene, dialogue, found.booking.code, files)
    assert move is not None
    return move


def _take(scene: Scene) -> Steps[Move]:
    """Files came: they go with what was booked here, else it is asked whose they are."""
    move = yield from _beside(scene, scene.dialogue, None, scene.files)
    if move is not None:
        return move
    waiting = (*scene.dialogue.files, *scene.files)
    scene = replace(scene, dialogue=replace(scene.dialogue, files=waiting))
    move = yield from go(scene)
    return replace(move, lines=(Line("bot.receipt_is.of_what"), *move.lines)) if move.dialogue.files else move


def _beside(scene: Scene, dialogue: Dialogue, code: str | None, files: tuple[str, ...]) -> Steps[Move | None]:
    taken: list[Taken] = []
    for file_id in files:
        one = yield from attach_receipt(code, file_id)
        if one is None:
            return None
        taken.append(one)
    told = min(taken, key=lambda each: _SAID_FIRST.index(each.how))
    words = booking_words(scene, told.booking)
    lines = [Line(f"bot.receipt_is.{_how(scene, told)}", words)]
    if told.booking.status is BookingStatus.HOLD:
        lines.append(Line("bot.receipt_until", words))
    return Move(replace(dialogue, booking_code=told.booking.code), tuple(lines))


def _how(scene: Scene, told: Taken) -> TakenAs:
    """One more file of a hold that has one is no news."""
    had = scene.hold and scene.hold.code == told.booking.code and scene.hold.deposit_status is DepositStatus.RECEIVED
    return TakenAs.AGAIN if had and told.how is TakenAs.IN_TIME else told.how


def _last() -> Steps[Booking | None]:
    own = yield from find_own()
    return own[0] if own else None


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
    slots=("booking_code", "receipt"),
    tools=(
        AttachReceipt, FindAlternatives, FindBooking, FindOwn, FindRooms, Identify,
    ),
)  # fmt: skip
