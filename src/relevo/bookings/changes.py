"""Changes and cancellations of bookings: whose it is, what it would cost, and then doing it.

A price is stated before anything is done, and an offer holds only as long as the booking is as it was. A sold stay is
kept until the PMS has the new one, so that a change that fails leaves the guest what they had.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from relevo.bookings import road_store, rules, store
from relevo.bookings.confirming import CANCEL_PMS, CHANGE_PMS
from relevo.bookings.deposits import CONFIRM, Deposits
from relevo.bookings.events import BookingCancelled
from relevo.bookings.notices import Notices
from relevo.bookings.ports import Pms
from relevo.bookings.road_store import PendingChange
from relevo.bookings.rooms import Rooms
from relevo.bookings.rules import Booking, BookingStatus, Busy, DepositStatus, Needs, Quote, road
from relevo.bookings.service import Bookings
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound, TooMany
from relevo.kit.ids import Ids
from relevo.kit.money import Money
from relevo.kit.phone import identity
from relevo.people.rules import IdentityKind
from relevo.people.service import People

POLICY = "cancelacion"


@dataclass(frozen=True, slots=True)
class ChangeOffer:
    """Another stay for a booking, priced. It holds for this version of it."""

    code: str
    version: int
    before: Booking
    quote: Quote
    babies: int
    difference: Money
    """What it costs more; less than nothing where it costs less."""
    policy: str | None

    @property
    def after(self) -> Money:
        return self.quote.total


@dataclass(frozen=True, slots=True)
class Cancellation:
    booking: Booking
    paid: Money
    refund: Money
    policy: str | None


class Changes:
    def __init__(
        self,
        db: Database,
        bookings: Bookings,
        deposits: Deposits,
        notices: Notices,
        people: People,
        pms: Pms,
        clock: Clock,
        ids: Ids,
        *,
        country: str,
    ) -> None:
        """``country``: where a telephone number without one belongs."""
        self._db = db
        self._bookings = bookings
        self._rooms: Rooms = bookings.rooms
        self._deposits = deposits
        self._notices = notices
        self._people = people
        self._pms = pms
        self._clock = clock
        self._ids = ids
        self._country = country

    async def identify(
        self, code: str, *, conversation_id: str, phone: str | None = None, email: str | None = None
    ) -> Booking:
        """The booking ``code`` of whom it belongs to by telephone or e-mail. ``NotFound`` says nothing about which of
        the two was wrong; ``TooMany`` after five wrong tries of a conversation within an hour."""
        now = self._clock.now()
        async with self._db.write() as tx:
            tried = await road_store.count_tries(tx.session, conversation_id, now - road.TRIES_WINDOW)
            if tried >= road.MOST_TRIES:
                raise TooMany("too_many_tries")
            booking = await store.by_code(tx.session, rules.code_of(self._rooms.business, code))
            known = booking is not None and await self._is_theirs(tx, booking, phone, email)
            if not known:
                await road_store.add_try(tx.session, conversation_id, now)
        if booking is None or not known:
            raise NotFound("no_booking")
        return booking.as_of(now)

    async def propose_change(
        self,
        code: str,
        *,
        check_in: date | None = None,
        check_out: date | None = None,
        room_type: str | None = None,
        guests: int | None = None,
        children: int | None = None,
        babies: int | None = None,
        by_guest: bool = False,
    ) -> ChangeOffer:
        """What another stay would cost; what is not said stays as it is. Changes nothing. Raises ``Invalid``,
        ``Conflict("no_room")`` or ``Conflict("booking_state")``; ``NotReady("not_selling")`` to a guest while the house
        sells nothing (staff go on by hand)."""
        if by_guest:
            await self._bookings.check_selling()
        booking = await self._found(code)
        self._check_changeable(booking)
        first, last = check_in or booking.check_in, check_out or booking.check_out
        if check_in is not None and check_out is None:
            last = check_in + (booking.check_out - booking.check_in)
        quote = await self._bookings.quote(
            room_type or booking.room_type,
            first,
            last,
            guests=booking.guests if guests is None else guests,
            children=booking.children if children is None else children,
            babies=booking.babies if babies is None else babies,
        )
        wanted = self._as_wanted(booking, quote, booking.babies if babies is None else babies)
        if not await self._is_free(booking, wanted):
            raise Conflict("no_room", room_type=wanted.type_name)
        policy = self._rooms.business.policies.get(POLICY)
        return ChangeOffer(
            booking.code, booking.version, booking, quote, wanted.babies, quote.total - booking.total, policy
        )

    async def change(self, code: str, offer: ChangeOffer, *, by: str) -> Booking:
        """Do what was offered. A hold changes at once; a sold stay once the PMS has it (``BookingChangedStay``); who
        paid and lost the room gets this one for the money. ``Conflict("offer_changed")`` where it is not as it was."""
        sold = await self._sold(offer.before, offer.quote.check_in, offer.quote.check_out)
        async with self._db.write() as tx:
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            self._check_changeable(booking)
            as_offered = booking.version == offer.version and booking.is_same_stay(offer.before)
            if not as_offered or booking.total != offer.before.total:
                raise Conflict("offer_changed")
            wanted = self._as_wanted(booking, offer.quote, offer.babies)
            if booking.is_same_stay(wanted) and booking.status is not BookingStatus.NEEDS_STAFF:
                return booking
            if booking.status is BookingStatus.CONFIRMED:
                await self._change_sold(tx, booking, wanted, sold, by=by)
            else:
                booking = await self._change_at_once(tx, booking, wanted, sold, offer.quote, by=by)
            await self._deposits.announce(tx, booking)
        return booking

    async def price_cancelling(self, code: str) -> Cancellation:
        """What comes back if it is cancelled now. Changes nothing."""
        return self._terms(await self._found(code))

    async def cancel(self, code: str, *, by: str, reason: str) -> Cancellation:
        """It is off: the nights are free, the PMS is told by a job, and what the policy gives back is ``refund_due``.
        Again it answers what was."""
        async with self._db.write() as tx:
            now = self._clock.now()
            booking = (await self._rooms.by_code(tx.session, code, lock=True)).as_of(now)
            terms = self._terms(booking)
            if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
                return terms
            if booking.status is BookingStatus.HOLD:
                booking = await self._rooms.end(tx, booking, BookingStatus.CANCELLED, reason, by=by)
            else:
                booking = await self._cancel_paid(tx, booking, terms, by=by, reason=reason)
            if by != booking.conversation_id:
                key = "cancelled_refund" if terms.refund.amount else "cancelled"
                await self._notices.tell(tx, booking, key, once="cancelled", refund=terms.refund)
            await self._deposits.announce(tx, booking)
        return replace(terms, booking=booking)

    async def retry(self, code: str, *, by: str) -> Booking:
        """A person has put right what the PMS refused: it is told again."""
        async with self._db.write() as tx:
            booking = await self._rooms.by_code(tx.session, code, lock=True)
            if booking.status is BookingStatus.CONFIRMING:
                return booking
            if booking.status is not BookingStatus.NEEDS_STAFF or booking.deposit_status is not DepositStatus.CONFIRMED:
                raise Conflict("booking_state", status=booking.status.value)
            room = await self._rooms.make_firm(tx, booking, {})
            booking = await self._rooms.move(tx, booking, status=BookingStatus.CONFIRMING, room_number=room, needs=None)
            await road_store.step(tx.session, booking.id, "retried", by=by, at=self._clock.now())
            await self._rooms.promise(tx, booking.id, CONFIRM)
            await self._deposits.announce(tx, booking)
        return booking

    async def _cancel_paid(self, tx: Tx, booking: Booking, terms: Cancellation, *, by: str, reason: str) -> Booking:
        now = self._clock.now()
        back = terms.refund.amount > 0 or booking.deposit_status is DepositStatus.RECEIVED
        settled = booking.deposit_status in (DepositStatus.REFUND_DUE, DepositStatus.REFUNDED)
        was_sold = booking.status in (BookingStatus.CONFIRMING, BookingStatus.CONFIRMED)
        change = await road_store.pending_change(tx.session, booking.id)
        if change is not None:
            await road_store.end_change(tx.session, change.id, "withdrawn", now)
        booking = await self._rooms.move(
            tx, booking, status=BookingStatus.CANCELLED,
            deposit_status=DepositStatus.REFUND_DUE if back and not settled else None,
            refund=terms.refund.amount, cancelled_at=now, needs=None,
        )  # fmt: skip
        await store.free_nights(tx.session, booking.id)
        await road_store.step(
            tx.session, booking.id, "cancelled", by=by, at=now, reason=reason, amount=terms.refund.amount
        )
        await self._rooms.promise(tx, booking.id, CANCEL_PMS)
        if back:
            await self._notices.need_staff(tx, booking, Needs.REFUND)
        if was_sold:
            await tx.publish(BookingCancelled(booking.id))
        return booking

    async def _change_sold(self, tx: Tx, booking: Booking, wanted: Booking, sold: Busy, *, by: str) -> None:
        """The new nights are taken beside the old ones until the PMS has them."""
        room = await self._rooms.take(tx, wanted, sold, until=None, first=self._preferred(booking, wanted))
        now = self._clock.now()
        pending = PendingChange(
            self._ids.new("chg"), booking.id, room, wanted.room_type, wanted.check_in, wanted.check_out, wanted.guests,
            wanted.children, wanted.babies, wanted.total.amount, booking.deposit.amount, by,
        )  # fmt: skip
        if not await road_store.add_change(tx.session, pending, now):
            raise Conflict("change_pending")
        await road_store.step(tx.session, booking.id, "change_wanted", by=by, at=now, amount=wanted.total.amount)
        await self._rooms.promise(tx, booking.id, CHANGE_PMS)

    async def _change_at_once(
        self, tx: Tx, booking: Booking, wanted: Booking, sold: Busy, quote: Quote, *, by: str
    ) -> Booking:
        """A hold, or a stay for money that lost its room: nothing of it is in the PMS yet."""
        held = booking.status is BookingStatus.HOLD
        if not held:
            await store.free_nights(tx.session, booking.id)
        until = booking.hold_expires_at if held else None
        room = await self._rooms.take(tx, wanted, sold, until=until, first=self._preferred(booking, wanted))
        await store.free_other_nights(tx.session, booking.id, room, wanted.check_in, wanted.check_out)
        stay: dict[str, Any] = {
            "room_number": room,
            "room_type": wanted.room_type,
            "type_name": wanted.type_name,
            "check_in": wanted.check_in,
            "check_out": wanted.check_out,
            "guests": wanted.guests,
            "children": wanted.children,
            "babies": wanted.babies,
            "total": wanted.total.amount,
            "version": booking.version + 1,
        }
        now = self._clock.now()
        await road_store.step(tx.session, booking.id, "changed", by=by, at=now, amount=wanted.total.amount)
        if held:
            return await self._rooms.move(
                tx, booking, deposit=quote.deposit.amount, **{**stay, "version": booking.version}
            )
        booking = await self._rooms.move(
            tx,
            booking,
            status=BookingStatus.CONFIRMING,
            deposit_status=DepositStatus.CONFIRMED,
            refund=0,
            needs=None,
            **stay,
        )
        await self._rooms.promise(tx, booking.id, CONFIRM)
        return booking

    def _check_changeable(self, booking: Booking) -> None:
        now = self._clock.now()
        paid = booking.deposit_status in (DepositStatus.REFUND_DUE, DepositStatus.CONFIRMED)
        lost = booking.status is BookingStatus.NEEDS_STAFF and paid
        if not lost and booking.as_of(now).status not in (BookingStatus.HOLD, BookingStatus.CONFIRMED):
            raise Conflict("booking_state", status=booking.as_of(now).status.value)
        if booking.status is BookingStatus.CONFIRMED and self._rooms.stay_is_over(booking):
            raise Conflict("booking_state", status=booking.status.value)

    def _terms(self, booking: Booking) -> Cancellation:
        """The house's policy: all of the deposit until so many hours before the arrival, nothing afterwards; all of it
        where the house has lost the room."""
        business, currency = self._rooms.business, booking.deposit.currency
        paid = Money(booking.paid, currency)
        opens = time.fromisoformat(business.check_in)
        arrival = datetime.combine(booking.check_in, opens, business.timezone)
        in_time = self._clock.now() <= arrival - timedelta(hours=business.cancel_free_hours)
        if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
            refund = booking.refund
        else:
            refund = booking.paid if in_time or booking.status is BookingStatus.NEEDS_STAFF else 0
        return Cancellation(booking, paid, Money(refund, currency), business.policies.get(POLICY))

    async def _found(self, code: str) -> Booking:
        async with self._db.read() as session:
            booking = await self._rooms.by_code(session, code)
        return booking.as_of(self._clock.now())

    def _as_wanted(self, booking: Booking, quote: Quote, babies: int) -> Booking:
        return replace(
            booking, room_type=quote.room_type, type_name=quote.type_name, check_in=quote.check_in,
            check_out=quote.check_out, guests=quote.guests, children=quote.children, babies=babies, total=quote.total,
        )  # fmt: skip

    def _preferred(self, booking: Booking, wanted: Booking) -> str | None:
        return booking.room_number if booking.room_type == wanted.room_type else None

    async def _sold(self, booking: Booking, first: date, last: date) -> Busy:
        """What the PMS has sold, but for this booking's own nights."""
        sold = await self._pms.occupied(first, last)
        if booking.status is not BookingStatus.CONFIRMED:
            return sold
        own = frozenset(rules.nights_of(booking.check_in, booking.check_out))
        return {room: nights - own if room == booking.room_number else nights for room, nights in sold.items()}

    async def _is_free(self, booking: Booking, wanted: Booking) -> bool:
        sold = await self._sold(booking, wanted.check_in, wanted.check_out)
        async with self._db.read() as session:
            taken = await store.taken(
                session, wanted.check_in, wanted.check_out, now=self._clock.now(), except_booking=booking.id
            )
        kind = self._rooms.business.room_type(wanted.room_type)
        nights = rules.nights_of(wanted.check_in, wanted.check_out)
        return bool(rules.free_rooms(kind, nights, rules.together(sold, taken)))

    async def _is_theirs(self, tx: Tx, booking: Booking, phone: str | None, email: str | None) -> bool:
        person = await self._people.get(tx.session, booking.person_id)
        if email is not None:
            known = {booking.guest_email, person.first(IdentityKind.EMAIL) if person else None}
            if email.strip().casefold() in {each.strip().casefold() for each in known if each}:
                return True
        if phone is not None:
            given = identity(phone, self._country)
            numbers = {booking.guest_phone, person.first(IdentityKind.PHONE) if person else None}
            return given is not None and given in {identity(each, self._country) for each in numbers if each}
        return False
