"""Deposits: a receipt is laid beside its booking, and a person says whether the money is there.

Nothing that was sent is turned away: what comes late, twice, short or for nothing is kept with its problem, and each
has its end. The PMS is told by a job; here nothing outside is waited for in a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import road_store, store
from relevo.bookings.cases import Cases
from relevo.bookings.events import DepositReceived
from relevo.bookings.notices import Notices
from relevo.bookings.ports import Pms
from relevo.bookings.road_store import Receipt, Step
from relevo.bookings.rooms import SYSTEM, Rooms
from relevo.bookings.rules import Booking, BookingStatus, Busy, DepositStatus, Needs, Problem, road
from relevo.bookings.rules.road import Arrival
from relevo.conversations.attachments import Attachments
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound, ProviderError
from relevo.kit.ids import Ids
from relevo.kit.money import Money
from relevo.people.rules import Staff

_log = log.get("deposits")

CONFIRM = "bookings.confirm"
LATE = "bookings.late_receipt"
AT_ONCE = 8
"""Seconds that a person waits for the PMS; what takes longer is done by a job."""


class TakenAs(StrEnum):
    """What became of a receipt."""

    IN_TIME = "in_time"
    AGAIN = "again"
    """The same file of the same booking, or one when nothing was to be paid any more."""
    DUPLICATE = "duplicate"
    """Another booking had the file first: a person looks."""
    LATE = "late"
    """The hold had run out, and whether the room is free is not known yet."""
    LATE_HELD = "late_held"
    LATE_LOST = "late_lost"


@dataclass(frozen=True, slots=True)
class Attached:
    booking: Booking
    receipt: Receipt
    taken: TakenAs


class Deposits:
    def __init__(
        self,
        db: Database,
        rooms: Rooms,
        notices: Notices,
        attachments: Attachments,
        pms: Pms,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._db = db
        self._rooms = rooms
        self._notices = notices
        self._attachments = attachments
        self._cases = Cases(rooms, attachments, clock)
        self._pms = pms
        self._clock = clock
        self._ids = ids

    async def attach(self, code: str, attachment_id: str, *, by: str) -> Attached:
        """Lay a file of a conversation beside the booking ``code`` as its receipt."""
        async with self._db.write() as tx:
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            attached = await self.attach_in(tx, booking, attachment_id, by=by)
        return await self._settled(attached)

    async def attach_to_conversation(self, conversation_id: str, attachment_id: str, *, by: str) -> Attached:
        """The same for the booking that the conversation is about; ``NotFound("no_booking")`` if there is none."""
        async with self._db.write() as tx:
            booking = await self._meant(tx.session, conversation_id)
            attached = await self.attach_in(tx, booking, attachment_id, by=by)
        return await self._settled(attached)

    async def attach_in(self, tx: Tx, booking: Booking, attachment_id: str, *, by: str) -> Attached:
        """Within the caller's transaction; ``booking`` was read with its lock. A late one is settled by a job."""
        now = self._clock.now()
        file = await self._attachments.get(tx.session, attachment_id)
        known = await road_store.receipt_of(tx.session, booking.id, file.sha256)
        if known is not None:
            return Attached(booking.as_of(now), known, TakenAs.AGAIN)
        arrival = road.arrival(booking, now)
        problem = {Arrival.LATE: Problem.LATE, Arrival.AFTER_CANCEL: Problem.LATE, Arrival.EXTRA: Problem.EXTRA}.get(
            arrival
        )
        receipt = Receipt(
            self._ids.new("rcp"), booking.id, file.id, file.sha256, None, problem and problem.value, None, now, by
        )
        if not await road_store.add_receipt(tx.session, receipt):
            owner = await road_store.owner_of(tx.session, file.sha256)
            receipt = Receipt(
                receipt.id, booking.id, file.id, file.sha256, None, Problem.DUPLICATE.value, owner or "?", now, by
            )
            await road_store.add_receipt(tx.session, receipt)
        await road_store.step(tx.session, booking.id, "receipt", by=by, at=now, reason=receipt.problem)
        booking = await self._arrived(tx, booking, receipt, arrival, by=by)
        await tx.publish(DepositReceived(booking.id, receipt.id))
        await self._rooms.announce(tx, booking)
        await self._announce(tx, booking)
        taken = TakenAs.DUPLICATE if receipt.duplicate_of else _TAKEN[arrival]
        return Attached(booking.as_of(now), receipt, taken)

    async def confirm(self, code: str, *, by: str, amount: int | None = None, force: bool = False) -> Booking:
        """The money is there: ``amount`` of it in all (nothing said: as much as was asked). Less than asked is noted
        and the rest asked for, unless ``force``; a file that another booking had first needs ``force`` too. In one
        transaction the deposit is confirmed, the nights are booked and the sale in the PMS is promised; again it
        answers what is. Where the room is gone the money is ``refund_due`` and a person is asked for."""
        if amount is not None and amount <= 0:
            raise Invalid("deposit_amount")
        async with self._db.read() as session:
            seen = await self._rooms.by_code(session, code)
        sold = await self._sold(seen)
        async with self._db.write() as tx:
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            if booking.deposit_status is DepositStatus.CONFIRMED:
                return booking
            road.check_confirm(booking)
            if not force:
                await self._check_receipts(tx.session, booking)
            paid = booking.deposit.amount if amount is None else amount
            if road.is_short(booking, paid) and not force:
                booking = await self._too_little(tx, booking, paid, by=by)
            else:
                booking = await self._paid(tx, booking, paid, sold, by=by)
            await self._rooms.announce(tx, booking)
            await self._announce(tx, booking)
        return booking.as_of(self._clock.now())

    async def reject(self, code: str, *, by: str, reason: str) -> Booking:
        """The receipt proves nothing: the guest is told why and may send another, with more time where there is any."""
        reason = " ".join(reason.split())
        if not reason:
            raise Invalid("reject_reason")
        async with self._db.write() as tx:
            now = self._clock.now()
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            if booking.deposit_status is not DepositStatus.RECEIVED:
                if booking.deposit_status in (DepositStatus.REQUESTED, DepositStatus.REJECTED):
                    return booking.as_of(now)
                raise Conflict("deposit_state", status=booking.deposit_status.value)
            held = booking.as_of(now).status is BookingStatus.HOLD
            await road_store.mark_receipts(tx.session, booking.id, problem=Problem.REJECTED.value)
            await road_store.step(tx.session, booking.id, "rejected", by=by, at=now, reason=reason)
            back = DepositStatus.REQUESTED if held else DepositStatus.REJECTED
            if booking.status is BookingStatus.NEEDS_STAFF:
                booking = await self._rooms.move(
                    tx, booking, status=BookingStatus.CANCELLED, deposit_status=back, needs=None, cancelled_at=now
                )
                await store.free_nights(tx.session, booking.id)
            else:
                booking = await self._rooms.move(tx, booking, deposit_status=back)
            if held:
                booking = await self._more_time(tx, booking, by=by)
            steps = len(await road_store.history(tx.session, booking.id))
            key = "receipt_rejected" if held else "receipt_rejected_late"
            await self._notices.tell(tx, booking, key, once=f"rejected:{steps}", reason=reason)
            await self._rooms.announce(tx, booking)
            await self._announce(tx, booking)
        return booking.as_of(now)

    async def refunded(self, code: str, *, by: str) -> Booking:
        """The money has been given back."""
        async with self._db.write() as tx:
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            if booking.deposit_status is DepositStatus.REFUNDED:
                return booking
            cancelled = BookingStatus.CANCELLED if booking.status is BookingStatus.NEEDS_STAFF else None
            now = self._clock.now()
            ended = {"needs": None, "cancelled_at": now} if cancelled else {}
            booking = await self._rooms.move(
                tx, booking, status=cancelled, deposit_status=DepositStatus.REFUNDED, **ended
            )
            await road_store.step(
                tx.session, booking.id, "refunded", by=by, at=now, amount=booking.refund or booking.paid
            )
            await self._rooms.announce(tx, booking)
            await self._announce(tx, booking)
        return booking

    async def settle_late(self, booking_id: str) -> Booking:
        """A receipt came after its hold ran out: held again if the room is free, else a person has it. Raises
        ``ProviderError`` where the PMS does not say."""
        async with self._db.read() as session:
            seen = await self._rooms.get(session, booking_id)
        sold = await self._pms.occupied(seen.check_in, seen.check_out)
        async with self._db.write() as tx:
            booking = await self._rooms.get(tx.session, booking_id, lock=True)
            waits = booking.as_of(self._clock.now()).status is BookingStatus.EXPIRED
            if not waits or await road_store.turn_of(tx.session, booking_id) is None:
                return booking
            if booking.status is BookingStatus.HOLD:
                booking = await self._rooms.move(tx, booking, status=BookingStatus.EXPIRED)
            try:
                booking = await self._hold_late(tx, booking, sold)
                await self._notices.tell(tx, booking, "late_held", once=f"late:{booking.extensions}")
            except Conflict:
                booking = await self._rooms.move(
                    tx, booking, status=BookingStatus.NEEDS_STAFF, needs=Needs.LATE_RECEIPT.value
                )
                await road_store.settled(tx.session, booking.id)
                await self._notices.room_is_gone(tx, booking)
            await self._rooms.announce(tx, booking)
            await self._announce(tx, booking)
        return booking

    async def listing(self, *, state: str, limit: int = 200, viewer: Staff | None = None) -> list[dict[str, Any]]:
        """Deposits by state (``all``: every one that anything was done about), the oldest first."""
        if state != "all" and state not in set(DepositStatus):
            raise Invalid("deposit_list")
        async with self._db.read() as session:
            found = await store.with_deposit(session, None if state == "all" else [state], limit, viewer)
            return await self._cases.of(session, found)

    async def case(self, session: AsyncSession, booking: Booking) -> dict[str, Any]:
        return (await self._cases.of(session, [booking]))[0]

    async def history(self, code: str) -> list[Step]:
        async with self._db.read() as session:
            booking = await self._rooms.by_code(session, code)
            return await road_store.history(session, booking.id)

    async def announce(self, tx: Tx, booking: Booking) -> None:
        """The booking and its deposit, to whoever watches."""
        await self._rooms.announce(tx, booking)
        await self._announce(tx, booking)

    async def _arrived(self, tx: Tx, booking: Booking, receipt: Receipt, arrival: Arrival, *, by: str) -> Booking:
        """What a receipt does to the booking it came for."""
        open_ = booking.deposit_status in road.UNSETTLED
        first = booking.deposit_status is not DepositStatus.RECEIVED
        if open_:
            booking = await self._rooms.move(tx, booking, deposit_status=DepositStatus.RECEIVED)
        if receipt.duplicate_of:
            await self._notices.need_staff(tx, booking, Needs.DUPLICATE)
        elif arrival is Arrival.IN_TIME:
            if first:
                booking = await self._more_time(tx, booking, by=by)
        elif arrival is Arrival.LATE:
            await self._rooms.promise(tx, booking.id, LATE)
        elif arrival is Arrival.AFTER_CANCEL and open_:
            booking = await self._rooms.move(
                tx, booking, status=BookingStatus.NEEDS_STAFF, needs=Needs.PAID_AFTER_CANCEL.value
            )
            await self._notices.tell(tx, booking, "paid_after_cancel", once=f"after_cancel:{receipt.id}")
            await self._notices.need_staff(tx, booking, Needs.PAID_AFTER_CANCEL, ask=True)
        else:
            await self._notices.need_staff(tx, booking, Needs.EXTRA_RECEIPT)
        return booking

    async def _settled(self, attached: Attached) -> Attached:
        """Whether a late one found its room again, where the PMS says so at once."""
        if attached.taken is not TakenAs.LATE:
            return attached
        try:
            async with asyncio.timeout(AT_ONCE):
                booking = await self.settle_late(attached.booking.id)
        except (ProviderError, TimeoutError):
            return attached
        held = booking.status is BookingStatus.HOLD
        return Attached(booking, attached.receipt, TakenAs.LATE_HELD if held else TakenAs.LATE_LOST)

    async def _hold_late(self, tx: Tx, booking: Booking, sold: Busy) -> Booking:
        spent = booking.extensions > self._rooms.business.hold_extensions
        if spent or self._rooms.stay_is_over(booking):
            raise Conflict("no_room")
        other = await store.hold_of(tx.session, booking.conversation_id, lock=True)
        if other is not None and other.is_live(self._clock.now()):
            # One hold to a conversation: a person settles which of the two the money is for.
            raise Conflict("no_room")
        if other is not None:
            await self._rooms.announce(tx, await self._rooms.end(tx, other, BookingStatus.EXPIRED, None, by=SYSTEM))
        booking = await self._rooms.hold_again(tx, booking, sold)
        await road_store.settled(tx.session, booking.id)
        return booking

    async def _too_little(self, tx: Tx, booking: Booking, paid: int, *, by: str) -> Booking:
        """Part of it: what is there is noted, the rest is asked for, the hold gets time for it where there is any."""
        now = self._clock.now()
        booking = await self._rooms.move(tx, booking, deposit_status=DepositStatus.RECEIVED, paid=paid)
        await road_store.mark_receipts(tx.session, booking.id, problem=Problem.AMOUNT.value, amount=paid)
        await road_store.step(tx.session, booking.id, "amount_short", by=by, at=now, amount=paid)
        booking = await self._more_time(tx, booking, by=by)
        rest = Money(booking.deposit.amount - paid, booking.deposit.currency)
        given = Money(paid, booking.deposit.currency)
        await self._notices.tell(tx, booking, "amount_short", once=f"short:{paid}", paid=given, rest=rest)
        await self._notices.need_staff(tx, booking, Needs.AMOUNT)
        return booking

    async def _paid(self, tx: Tx, booking: Booking, paid: int, sold: Busy, *, by: str) -> Booking:
        now = self._clock.now()
        over = paid > booking.deposit.amount
        await road_store.mark_receipts(
            tx.session, booking.id, problem=Problem.AMOUNT.value if over else None, amount=paid
        )
        locale = await self._notices.locale(tx, booking)
        try:
            if self._rooms.stay_is_over(booking):
                raise Conflict("no_room")
            room = await self._rooms.make_firm(tx, booking, sold)
        except Conflict:
            return await self.room_is_gone(tx, booking, paid, by=by)
        booking = await self._rooms.move(
            tx, booking, status=BookingStatus.CONFIRMING, deposit_status=DepositStatus.CONFIRMED, room_number=room,
            paid=paid, needs=None, locale=locale,
        )  # fmt: skip
        await road_store.step(
            tx.session, booking.id, "confirmed", by=by, at=now, amount=paid, reason="amount_over" if over else None
        )
        await store.audit(tx.session, booking.id, "booked", by=by, at=now)
        await self._rooms.promise(tx, booking.id, CONFIRM)
        return booking

    async def room_is_gone(self, tx: Tx, booking: Booking, paid: int, *, by: str) -> Booking:
        """The money is there and the room is not."""
        await store.free_nights(tx.session, booking.id)
        booking = await self._rooms.move(
            tx, booking, status=BookingStatus.NEEDS_STAFF, deposit_status=DepositStatus.REFUND_DUE, paid=paid,
            refund=paid, needs=Needs.NO_ROOM.value,
        )  # fmt: skip
        await road_store.step(tx.session, booking.id, "room_gone", by=by, at=self._clock.now(), amount=paid)
        await self._notices.room_is_gone(tx, booking)
        return booking

    async def _more_time(self, tx: Tx, booking: Booking, *, by: str) -> Booking:
        # What is spent or over stays as it is: the deposit has its own end then.
        with suppress(Conflict):
            booking = await self._rooms.prolong(tx, booking, by=by)
        return booking

    async def _sold(self, booking: Booking) -> Busy:
        """What the PMS has sold; nothing where it does not say, since the job asks it again before it sells. Who holds
        a room needs no other."""
        if booking.is_live(self._clock.now()):
            return {}
        try:
            async with asyncio.timeout(AT_ONCE):
                return await self._pms.occupied(booking.check_in, booking.check_out)
        except (ProviderError, TimeoutError):
            _log.warning("the PMS does not say what is sold", code=booking.code)
            return {}

    async def _check_receipts(self, session: AsyncSession, booking: Booking) -> None:
        found = await road_store.receipts_of(session, [booking.id])
        if found and all(receipt.duplicate_of for receipt in found):
            raise Conflict("receipt_duplicate", booking=found[-1].duplicate_of)

    async def _meant(self, session: AsyncSession, conversation_id: str) -> Booking:
        """A live hold before one that waits for its deposit, that before what was paid, the newest first."""
        now = self._clock.now()
        found = [booking.as_of(now) for booking in await store.lasting(session, conversation_id)]
        since = now - road.LATE_FOR

        def rank(booking: Booking) -> int:
            if booking.status is BookingStatus.HOLD:
                return 0
            if booking.deposit_status in road.UNSETTLED and booking.created_at > since:
                return 1 if booking.status is not BookingStatus.CANCELLED else 3
            return 2 if booking.status is not BookingStatus.EXPIRED else 4

        if not found:
            raise NotFound("no_booking")
        return await self._rooms.get(session, min(found, key=rank).id, lock=True)

    async def _announce(self, tx: Tx, booking: Booking) -> None:
        await self._rooms.announce_deposit(tx, await self.case(tx.session, booking))


_TAKEN: Mapping[Arrival, TakenAs] = {
    Arrival.IN_TIME: TakenAs.IN_TIME,
    Arrival.LATE: TakenAs.LATE,
    Arrival.EXTRA: TakenAs.AGAIN,
    Arrival.AFTER_CANCEL: TakenAs.LATE_LOST,
    Arrival.ORPHAN: TakenAs.AGAIN,
}
