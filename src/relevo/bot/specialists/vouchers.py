"""Sends the voucher of a confirmed booking again, to its own guest."""

from __future__ import annotations

from dataclasses import replace

from relevo.bookings.rules import BookingStatus
from relevo.bot.rules.dialogue import Task
from relevo.bot.rules.identity import whose
from relevo.bot.rules.offers import too_much
from relevo.bot.rules.reading import asks_again, asks_voucher
from relevo.bot.rules.steps import (
    FindAlternatives,
    FindBooking,
    FindOwn,
    FindRooms,
    Identify,
    Line,
    Move,
    Scene,
    SendVoucher,
    Specialist,
    Steps,
    Track,
    send_voucher,
)
from relevo.bot.rules.wording import booking_words
from relevo.bot.specialists import status
from relevo.kit.errors import Conflict, NotFound

_RECEIPTS = ("enviar_comprobante", "cancel_reservation", "modify_reservation")


def wants(scene: Scene) -> bool:
    text = scene.heard.text
    return asks_voucher(text) and not scene.files and (not scene.says(*_RECEIPTS) or asks_again(text))


def go(scene: Scene) -> Steps[Move]:
    found = yield from whose(scene, Task.VOUCHER)
    if isinstance(found, Move):
        return found
    booking, dialogue = found.booking, replace(found.dialogue, errand=None)
    if booking.status is not BookingStatus.CONFIRMED:
        move = yield from status.tell(scene, found)
        waits = (Line("bot.voucher.later"),) if booking.is_live(scene.now) else ()
        return replace(move, lines=(*move.lines, *waits))
    try:
        sent = yield from send_voucher(booking.code)
    except (Conflict, NotFound):
        return too_much(scene, dialogue, (Line("bot.voucher.missing", {"code": booking.code}),))
    here = sent.thread and booking.conversation_id == scene.conversation_id
    if not (sent.thread or sent.mail):
        return too_much(scene, dialogue, (Line("bot.voucher.missing", {"code": booking.code}),))
    key = ("both" if here else "by_mail") if sent.mail else "here" if here else "there"
    return Move(dialogue, (Line(f"bot.voucher.{key}", booking_words(scene, booking)),), closes=True)


SPECIALIST = Specialist(
    "vouchers", Track.OPERATIONS, "send a voucher again", frozenset(), priority=76, wants=wants, act=go, alone=True,
    knows=wants, slots=("booking_code", "contact"),
    tools=(FindAlternatives, FindBooking, FindOwn, FindRooms, Identify, SendVoucher),
)  # fmt: skip
