"""Bookings that are made, for the bot: receipts, changes, cancellations and vouchers as the bookings room does them.

It translates and decides nothing; that a customer may reach a booking was settled before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from relevo.bookings.changes import ChangeOffer, Changes
from relevo.bookings.deposits import Deposits
from relevo.bookings.deposits import TakenAs as Became
from relevo.bookings.rules import Booking, BookingStatus
from relevo.bookings.vouchers import Vouchers
from relevo.bot.ports import CancelTerms, ChangeTerms, Taken, TakenAs, VoucherSent
from relevo.kit.errors import NotFound

_EXTRA: Mapping[BookingStatus, TakenAs] = {
    BookingStatus.CONFIRMING: TakenAs.EXTRA,
    BookingStatus.CONFIRMED: TakenAs.EXTRA,
    BookingStatus.NEEDS_STAFF: TakenAs.WITH_STAFF,
}
REASON = "guest"


class MadeBookings:
    def __init__(self, deposits: Deposits, changes: Changes, vouchers: Vouchers) -> None:
        self._deposits = deposits
        self._changes = changes
        self._vouchers = vouchers

    async def identify(
        self, code: str, *, phone: str | None, email: str | None, conversation_id: str
    ) -> Booking | None:
        try:
            return await self._changes.identify(code, conversation_id=conversation_id, phone=phone, email=email)
        except NotFound:
            return None

    async def attach(self, code: str | None, attachment_id: str, *, conversation_id: str) -> Taken | None:
        deposits, by = self._deposits, conversation_id
        try:
            if code is None:
                attached = await deposits.attach_to_conversation(conversation_id, attachment_id, by=by)
            else:
                attached = await deposits.attach(code, attachment_id, by=by)
        except NotFound:
            return None
        how = TakenAs(attached.taken.value)
        if attached.taken is Became.AGAIN:
            how = _EXTRA.get(attached.booking.status, how)
        return Taken(attached.booking, how)

    async def price_change(
        self, code: str, *, check_in: date, check_out: date, room_type: str, guests: int, children: int
    ) -> ChangeTerms:
        offer = await self._changes.propose_change(
            code, check_in=check_in, check_out=check_out, room_type=room_type, guests=guests, children=children,
            by_guest=True,
        )  # fmt: skip
        return ChangeTerms(
            offer.code, check_in, check_out, room_type, guests, children, offer.before.total, offer.after,
            offer.difference, offer.policy, offer,
        )  # fmt: skip

    async def change(self, terms: ChangeTerms, *, by: str) -> Booking:
        assert isinstance(terms.details, ChangeOffer)
        return await self._changes.change(terms.code, terms.details, by=by)

    async def price_cancelling(self, code: str) -> CancelTerms:
        terms = await self._changes.price_cancelling(code)
        return CancelTerms(terms.refund, terms.paid, terms.policy)

    async def cancel(self, code: str, *, by: str) -> CancelTerms:
        done = await self._changes.cancel(code, by=by, reason=REASON)
        return CancelTerms(done.refund, done.paid, done.policy)

    async def send_voucher(self, code: str, *, by: str) -> VoucherSent:
        sent = await self._vouchers.send(code, by=by)
        return VoucherSent(sent.chat, sent.mail)
