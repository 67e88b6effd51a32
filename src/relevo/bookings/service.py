"""Use cases of bookings: what is free, what it costs, hold it, extend it, let it go.

The PMS is asked before a transaction, never inside one; the nights themselves are guarded by the database. Whatever is
read here is as of now: a hold whose time is over counts as expired before anybody has swept it away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import rules, store
from relevo.bookings.ports import Pms
from relevo.bookings.rooms import EXPIRE, SYSTEM, TOPIC, Rooms
from relevo.bookings.rules import Booking, BookingStatus, Business, Busy, DepositStatus, Offer, Quote
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried, take_turns
from relevo.kit.errors import Conflict, NotReady
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.people.rules import Staff

__all__ = ["EXPIRE", "SYSTEM", "TOPIC", "Bookings", "Held"]


@dataclass(frozen=True, slots=True)
class Held:
    """For whom a room is held, and where it is spoken of."""

    conversation_id: str
    person_id: str
    by: str | None = None
    """Who of the staff does it; None: the conversation itself."""
    made: Callable[[Tx, Booking], Awaitable[None]] | None = None
    """What is to be written with a hold that is new."""


class Bookings:
    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        pms: Pms,
        business: Business,
        clock: Clock,
        ids: Ids,
        chance: Callable[[], float],
        selling: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """``selling``: whether rooms are sold at all now (degraded mode); None: always."""
        self._db = db
        self._pms = pms
        self.business = business
        self._clock = clock
        self._ids = ids
        self.rooms = Rooms(live, work, business, clock, chance)
        self._selling = selling

    async def availability(
        self,
        check_in: date,
        check_out: date,
        *,
        guests: int = 1,
        children: int = 0,
        babies: int = 0,
        holder: str | None = None,
    ) -> tuple[Offer, ...]:
        """Types that take everybody and have a room for all the nights, cheapest first. ``holder``: whose own hold
        (a conversation's) does not stand in the way."""
        await self.check_selling()
        rules.check_stay(self.business, check_in, check_out, now=self._clock.now())
        rules.check_party(self.business, guests, children, babies)
        busy = await self._busy(check_in, check_out, holder)
        found = rules.offers(
            self.business, check_in, check_out, guests=guests, children=children, babies=babies, busy=busy
        )
        return tuple(sorted(await self._priced(found), key=lambda offer: offer.quote.total.amount))

    async def quote(
        self, room_type: str, check_in: date, check_out: date, *, guests: int, children: int = 0, babies: int = 0
    ) -> Quote:
        rules.check_stay(self.business, check_in, check_out, now=self._clock.now())
        kind = self.business.room_type(room_type)
        rules.check_party(self.business, guests, children, babies, room_type=kind)
        return await self._quote(
            rules.quote(self.business, kind, check_in, check_out, guests=guests, children=children)
        )

    async def alternatives(
        self,
        check_in: date,
        check_out: date,
        *,
        guests: int,
        babies: int = 0,
        room_type: str | None = None,
        holder: str | None = None,
    ) -> tuple[Offer, ...]:
        """At most three: other types on these dates, then the nearest stays of the same length, one offer each."""
        await self.check_selling()
        now = self._clock.now()
        rules.check_stay(self.business, check_in, check_out, now=now)
        found = rules.alternatives(
            self.business,
            check_in,
            check_out,
            guests=guests,
            babies=babies,
            room_type=room_type,
            today=self.business.today(now),
            busy=await self._busy(check_in - rules.NEARBY, check_out + rules.NEARBY, holder),
        )
        return await self._priced(found)

    async def hold(self, *, conversation_id: str, person_id: str, **stay: Any) -> Booking:
        """Block the nights for this conversation; ``stay`` is what ``hold_in`` takes."""

        async def there(_tx: Tx) -> Held:
            return Held(conversation_id, person_id)

        return await self.hold_in(there, **stay)

    @retried
    async def hold_in(
        self,
        where: Callable[[Tx], Awaitable[Held]],
        *,
        room_type: str,
        check_in: date,
        check_out: date,
        guests: int,
        children: int = 0,
        babies: int = 0,
        guest_name: str | None = None,
        guest_phone: str | None = None,
        guest_email: str | None = None,
        locale: str | None = None,
        room: str | None = None,
        booking_id: str | None = None,
    ) -> Booking:
        """Block the nights for the conversation that ``where`` finds or opens, in the same transaction. A new stay
        replaces its earlier hold there, so a failure keeps the old one, and takes along what was paid for it; the same
        stay again answers the same booking. ``room``: that one and no other of its type. ``booking_id``: asked for
        again under the same id, the answer is what came of it. ``Conflict("no_room")`` when full,
        ``Conflict("not_selling")`` while the house sells nothing."""
        if self._selling is not None and not await self._selling():
            raise Conflict("not_selling")
        rules.check_stay(self.business, check_in, check_out, now=self._clock.now())
        kind = self.business.room_type(room_type)
        rules.check_party(self.business, guests, children, babies, room_type=kind)
        price = await self._quote(
            rules.quote(self.business, kind, check_in, check_out, guests=guests, children=children)
        )
        guest = rules.clean_guest(guest_name, guest_phone, guest_email)
        sold = await self._pms.occupied(check_in, check_out)
        async with self._db.write() as tx:
            now = self._clock.now()
            if booking_id is not None:
                await take_turns(tx.session, booking_id)
                if known := await store.by_id(tx.session, booking_id):
                    return known.as_of(now)
            held = await where(tx)
            conversation_id = held.conversation_id
            booking = Booking(
                id=booking_id or self._ids.new("bkg"), code=await self._new_code(tx.session), status=BookingStatus.HOLD,
                room_number="", room_type=kind.code, type_name=kind.name, check_in=check_in, check_out=check_out,
                guests=guests, children=children, babies=babies, guest_name=guest.get("guest_name"),
                guest_phone=guest.get("guest_phone"), guest_email=guest.get("guest_email"), total=price.total,
                deposit=price.deposit, deposit_status=DepositStatus.REQUESTED,
                hold_expires_at=rules.expires_at(self.business, now), extensions=0, conversation_id=conversation_id,
                person_id=held.person_id, created_at=now, locale=locale,
            )  # fmt: skip
            await take_turns(tx.session, conversation_id)
            earlier = await store.hold_of(tx.session, conversation_id, lock=True)
            if earlier is not None and earlier.is_live(now):
                if earlier.is_same_stay(booking):
                    return await self._know_guest(tx, earlier, guest)
                earlier = await self.rooms.end(tx, earlier, BookingStatus.CANCELLED, "replaced", by=conversation_id)
            elif earlier is not None:
                earlier = await self.rooms.end(tx, earlier, BookingStatus.EXPIRED, None, by=SYSTEM)
            taken = await self.rooms.take(tx, booking, sold, until=booking.hold_expires_at, only=room)
            booking = replace(booking, room_number=taken)
            await store.add(tx.session, booking)
            await store.audit(tx.session, booking.id, "created", by=held.by or conversation_id, at=now)
            if earlier is not None and earlier.status is BookingStatus.CANCELLED:
                booking = await self.rooms.carry_receipts(tx, earlier, booking)
            await self.rooms.promise_expiry(tx, booking)
            # News come last: whoever numbers an event of a topic holds up all others who do, nights included.
            if earlier is not None:
                await self.rooms.announce(tx, earlier)
            await self.rooms.announce(tx, booking)
            if held.made is not None:
                await held.made(tx, booking)
        return booking

    async def complete_guest(
        self, booking_id: str, *, name: str | None = None, phone: str | None = None, email: str | None = None
    ) -> Booking:
        """Add what is now known of the guest; ``None`` leaves what there is."""
        known = rules.clean_guest(name, phone, email)
        async with self._db.write() as tx:
            return await self._know_guest(tx, await self.rooms.get(tx.session, booking_id, lock=True), known)

    @retried
    async def extend(self, code: str, *, by: str) -> Booking:
        """Another ``hold_minutes`` from now, at most ``hold_extensions`` times."""
        async with self._db.write() as tx:
            booking = await self.rooms.prolong(tx, await self.rooms.by_code(tx.session, code, lock=True), by=by)
            await self.rooms.announce(tx, booking)
        return booking

    @retried
    async def release(self, code: str, *, by: str, reason: str) -> Booking:
        """Let a hold go. One that has gone already is answered as it is; one that is no longer a hold is refused."""
        async with self._db.write() as tx:
            booking = await self.rooms.by_code(tx.session, code, lock=True)
            if booking.status is not BookingStatus.HOLD:
                if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
                    return booking
                raise Conflict("not_held")
            if booking.is_live(self._clock.now()):
                booking = await self.rooms.end(tx, booking, BookingStatus.CANCELLED, reason, by=by)
            else:
                booking = await self.rooms.end(tx, booking, BookingStatus.EXPIRED, None, by=SYSTEM)
            await self.rooms.announce(tx, booking)
        return booking

    async def expire_job(self, job: Job) -> None:
        """The hold's time is over, unless it was extended meanwhile."""
        await self._expire(str(job.payload["booking_id"]))

    async def sweep(self) -> int:
        """At start: holds that ran out while nobody was running. Returns how many."""
        async with self._db.read() as session:
            gone = await store.run_out(session, self._clock.now())
        return sum([await self._expire(booking_id) for booking_id in gone])

    async def live_hold(self, conversation_id: str) -> Booking | None:
        async with self._db.read() as session:
            hold = await store.hold_of(session, conversation_id)
        return hold if hold is not None and hold.is_live(self._clock.now()) else None

    async def find(self, code: str) -> Booking | None:
        """By its code, however it was typed or said."""
        async with self._db.read() as session:
            booking = await store.by_code(session, rules.code_of(self.business, code))
        return booking.as_of(self._clock.now()) if booking else None

    async def listing(
        self, *, status: str | None = None, conversation_id: str | None = None, limit: int = 100,
        viewer: Staff | None = None,
    ) -> tuple[Booking, ...]:  # fmt: skip
        """Newest first, as far as ``viewer`` sees."""
        async with self._db.read() as session:
            return await self.listed(
                session, status=status, conversation_id=conversation_id, limit=limit, viewer=viewer
            )

    async def listed(
        self, session: AsyncSession, *, status: str | None = None, conversation_id: str | None = None,
        limit: int = 100, viewer: Staff | None = None,
    ) -> tuple[Booking, ...]:  # fmt: skip
        """The same in the caller's snapshot."""
        now = self._clock.now()
        found = await store.listing(
            session, status=status, conversation_id=conversation_id, limit=limit, now=now, viewer=viewer
        )
        return tuple(booking.as_of(now) for booking in found)

    async def of_people(
        self, session: AsyncSession, ids: Collection[str], *, limit: int = 100, viewer: Staff | None = None
    ) -> tuple[Booking, ...]:
        """Made by somebody who is known under these ids, newest first."""
        now = self._clock.now()
        return tuple(booking.as_of(now) for booking in await store.of_people(session, ids, limit, viewer))

    async def made_by(self, people: Collection[str]) -> tuple[Booking, ...]:
        """The same without a session of the caller's."""
        async with self._db.read() as session:
            return await self.of_people(session, people)

    async def booked_with(self, session: AsyncSession, contacts: Collection[str], *, limit: int = 20) -> list[str]:
        """Whose bookings have one of these numbers or addresses: people's ids."""
        return await store.booked_with(session, contacts, limit)

    def json(self, booking: Booking) -> dict[str, Any]:
        return rules.as_json(booking, self.business, self._clock.now())

    async def check_selling(self) -> None:
        """What cannot be sold is not offered either. Raises ``NotReady("not_selling")``."""
        if self._selling is not None and not await self._selling():
            raise NotReady("not_selling")

    async def _quote(self, quote: Quote) -> Quote:
        """At the PMS's price where it has prices. ``Conflict("no_room")`` for a stay that it does not sell."""
        prices = await self._pms.prices(quote.check_in, quote.check_out)
        if prices is None:
            return quote
        if quote.room_type not in prices:
            raise Conflict("no_room", room_type=quote.type_name)
        return rules.priced_as(self.business, quote, prices[quote.room_type])

    async def _priced(self, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
        """The same for offers; those that are not sold are left out."""
        found = []
        for offer in offers:
            try:
                found.append(replace(offer, quote=await self._quote(offer.quote)))
            except Conflict:
                continue
        return tuple(found)

    async def _busy(self, first: date, last: date, holder: str | None) -> Busy:
        sold = await self._pms.occupied(first, last)
        async with self._db.read() as session:
            taken = await store.taken(session, first, last, now=self._clock.now(), except_hold_of=holder)
        return rules.together(sold, taken)

    async def _new_code(self, session: AsyncSession) -> str:
        while True:
            code = f"{self.business.code_prefix}-{self._ids.code(rules.CODE_LENGTH)}"
            if await store.by_code(session, code) is None:
                return code

    async def _know_guest(self, tx: Tx, booking: Booking, known: dict[str, str]) -> Booking:
        if known:
            await store.set_guest(tx.session, booking.id, known)
            booking = await self.rooms.get(tx.session, booking.id)
            await self.rooms.announce(tx, booking)
        return booking.as_of(self._clock.now())

    async def _expire(self, booking_id: str) -> bool:
        async with self._db.write() as tx:
            booking = await store.by_id(tx.session, booking_id, lock=True)
            if booking is None or booking.status is not BookingStatus.HOLD or booking.is_live(self._clock.now()):
                return False
            await self.rooms.announce(tx, await self.rooms.end(tx, booking, BookingStatus.EXPIRED, None, by=SYSTEM))
            return True
