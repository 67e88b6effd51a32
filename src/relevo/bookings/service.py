"""Use cases of bookings: what is free, what it costs, hold it, extend it, let it go.

The PMS is asked before a transaction, never inside one; the nights themselves are guarded by the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import rules, store
from relevo.bookings.events import BookingChanged
from relevo.bookings.ports import Pms
from relevo.bookings.rules import Booking, BookingStatus, Business, DepositStatus, Offer, Quote, RoomType
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work

EXPIRE = "bookings.expire_hold"
TOPIC = "bookings"
ROOMS_TO_TRY = 5
SYSTEM = "system"


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
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._pms = pms
        self.business = business
        self._clock = clock
        self._ids = ids
        self._chance = chance
        """A number in 0..1: where to begin among the free rooms of a type."""

    async def availability(
        self, check_in: date, check_out: date, *, guests: int = 1, children: int = 0, holder: str | None = None
    ) -> tuple[Offer, ...]:
        """Types that take everybody and have a room for all the nights, cheapest first. ``holder``: whose own hold
        (a conversation's) does not stand in the way."""
        rules.check_stay(self.business, check_in, check_out, now=self._clock.now())
        rules.check_party(self.business, guests, children)
        return await self._offers(check_in, check_out, guests=guests, children=children, holder=holder)

    async def quote(self, room_type: str, check_in: date, check_out: date, *, guests: int, children: int = 0) -> Quote:
        rules.check_stay(self.business, check_in, check_out, now=self._clock.now())
        found = self.business.room_type(room_type)
        return rules.quote(self.business, found, check_in, check_out, guests=guests, children=children)

    async def alternatives(
        self, check_in: date, check_out: date, *, guests: int, room_type: str | None = None, holder: str | None = None
    ) -> tuple[Offer, ...]:
        """At most three: other types on these dates, then the nearest stays of the same length, one offer each."""
        here = await self._offers(check_in, check_out, guests=guests, children=0, holder=holder)
        found = [offer for offer in here if offer.room_type != room_type][:2]
        today = self.business.today(self._clock.now())
        for first, last in rules.nearby_stays(check_in, check_out, today):
            if len(found) == 3:
                break
            offers = await self._offers(first, last, guests=guests, children=0, holder=holder)
            wanted = [offer for offer in offers if room_type in (None, offer.room_type)]
            found += wanted[:1]
        return tuple(found[:3])

    async def hold(
        self,
        *,
        conversation_id: str,
        person_id: str,
        room_type: str,
        check_in: date,
        check_out: date,
        guests: int,
        children: int = 0,
        guest_name: str | None = None,
        guest_phone: str | None = None,
        guest_email: str | None = None,
    ) -> Booking:
        """Block the nights for this conversation. A new stay replaces its earlier hold in the same transaction, so a
        failure keeps the old one; the same stay again answers the same booking. ``Conflict("no_room")`` when full."""
        now = self._clock.now()
        rules.check_stay(self.business, check_in, check_out, now=now)
        rules.check_party(self.business, guests, children)
        kind = self.business.room_type(room_type)
        price = rules.quote(self.business, kind, check_in, check_out, guests=guests, children=children)
        sold = await self._pms.occupied(check_in, check_out)
        async with self._db.write() as tx:
            for earlier in await store.holds_of(tx.session, conversation_id):
                wanted = (kind.code, check_in, check_out, guests, children)
                has = (earlier.room_type, earlier.check_in, earlier.check_out, earlier.guests, earlier.children)
                if wanted == has and earlier.is_live(now):
                    await store.set_guest(tx.session, earlier.id, name=guest_name, phone=guest_phone, email=guest_email)
                    return await self._get(tx.session, earlier.id)
                await self._end(tx, earlier, BookingStatus.CANCELLED, "replaced", by=SYSTEM)
            booking = Booking(
                id=self._ids.new("bkg"), code=await self._new_code(tx.session), status=BookingStatus.HOLD,
                room_number="", room_type=kind.code, type_name=kind.name, check_in=check_in, check_out=check_out,
                guests=guests, children=children, guest_name=guest_name, guest_phone=guest_phone,
                guest_email=guest_email, total=price.total, deposit=price.deposit,
                deposit_status=DepositStatus.REQUESTED, hold_expires_at=rules.expires_at(self.business, now),
                extensions=0, conversation_id=conversation_id, person_id=person_id, created_at=now,
            )  # fmt: skip
            room = await self._take_a_room(tx, booking, kind, {room for room, nights in sold.items() if nights})
            booking = replace(booking, room_number=room)
            await store.add(tx.session, booking)
            await store.audit(tx.session, booking.id, "created", by=conversation_id, at=now)
            await self._promise_expiry(tx, booking)
            await self._announce(tx, booking)
        return booking

    async def complete_guest(
        self, booking_id: str, *, name: str | None = None, phone: str | None = None, email: str | None = None
    ) -> Booking:
        async with self._db.write() as tx:
            await store.set_guest(tx.session, booking_id, name=name, phone=phone, email=email)
            booking = await self._get(tx.session, booking_id)
            await self._announce(tx, booking)
        return booking

    async def extend(self, code: str, *, by: str) -> Booking:
        """Another ``hold_minutes`` from now, at most ``hold_extensions`` times."""
        now = self._clock.now()
        async with self._db.write() as tx:
            booking = await self._by_code(tx.session, code)
            until = rules.extend(booking, self.business, now)
            if await store.keep_nights(tx.session, booking.id, until, now=now) != booking.nights:
                raise Conflict("hold_expired")
            await store.set_expiry(tx.session, booking.id, until, booking.extensions + 1)
            await store.audit(tx.session, booking.id, "extended", by=by, at=now)
            booking = await self._get(tx.session, booking.id)
            await self._promise_expiry(tx, booking)
            await self._announce(tx, booking)
        return booking

    async def release(self, code: str, *, by: str, reason: str) -> Booking:
        """Let a hold go. One that has gone already is answered as it is."""
        async with self._db.write() as tx:
            booking = await self._by_code(tx.session, code)
            if booking.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
                return booking
            if booking.status is not BookingStatus.HOLD:
                raise Conflict("booking_state", status=booking.status.value)
            return await self._end(tx, booking, BookingStatus.CANCELLED, reason, by=by)

    async def expire_job(self, job: Job) -> None:
        """The hold's time is over, unless it was extended meanwhile."""
        await self._expire(str(job.payload["booking_id"]))

    async def sweep(self) -> int:
        """At start: holds that ran out while nobody was running."""
        async with self._db.read() as session:
            gone = await store.run_out(session, self._clock.now())
        for booking_id in gone:
            await self._expire(booking_id)
        return len(gone)

    async def live_hold(self, conversation_id: str) -> Booking | None:
        now = self._clock.now()
        async with self._db.read() as session:
            holds = await store.holds_of(session, conversation_id)
        return next((booking for booking in reversed(holds) if booking.is_live(now)), None)

    async def find(self, code: str) -> Booking | None:
        async with self._db.read() as session:
            return await store.by_code(session, code.strip().upper())

    async def listing(
        self, *, status: str | None = None, conversation_id: str | None = None, limit: int = 100
    ) -> tuple[Booking, ...]:
        async with self._db.read() as session:
            return await self.listed(session, status=status, conversation_id=conversation_id, limit=limit)

    async def listed(
        self, session: AsyncSession, *, status: str | None = None, conversation_id: str | None = None, limit: int = 100
    ) -> tuple[Booking, ...]:
        found = await store.listing(session, status=status, conversation_id=conversation_id, limit=limit)
        return tuple(found)

    def json(self, booking: Booking) -> dict[str, Any]:
        return rules.as_json(booking, self.business, self._clock.now())

    async def _offers(
        self, check_in: date, check_out: date, *, guests: int, children: int, holder: str | None
    ) -> tuple[Offer, ...]:
        now = self._clock.now()
        sold = await self._pms.occupied(check_in, check_out)
        async with self._db.read() as session:
            own = await store.holds_of(session, holder) if holder else []
            taken = await store.taken(session, check_in, check_out, now=now, except_booking=own[-1].id if own else None)
        busy = set(taken) | {room for room, nights in sold.items() if nights}
        offers = []
        for kind in self.business.room_types:
            free = len([room for room in kind.rooms if room not in busy])
            if free and kind.capacity >= guests:
                price = rules.quote(self.business, kind, check_in, check_out, guests=guests, children=children)
                offers.append(Offer(kind.code, kind.name, kind.capacity, free, price))
        return tuple(sorted(offers, key=lambda offer: (offer.quote.total.amount, offer.capacity, offer.room_type)))

    async def _take_a_room(self, tx: Tx, booking: Booking, kind: RoomType, sold: set[str]) -> str:
        now = booking.created_at
        nights = rules.nights_of(booking.check_in, booking.check_out)
        taken = await store.taken(tx.session, booking.check_in, booking.check_out, now=now)
        rooms = rules.candidate_rooms(kind.rooms, set(taken) | sold, self._chance())
        for room in rooms[:ROOMS_TO_TRY]:
            savepoint = await tx.session.begin_nested()
            if await store.take_nights(
                tx.session, booking.id, room, nights, expires_at=booking.hold_expires_at, now=now
            ):
                await savepoint.commit()
                return room
            await savepoint.rollback()
        raise Conflict("no_room", room_type=kind.name)

    async def _new_code(self, session: AsyncSession) -> str:
        while True:
            code = f"{self.business.code_prefix}-{self._ids.code(rules.CODE_LENGTH)}"
            if await store.by_code(session, code) is None:
                return code

    async def _expire(self, booking_id: str) -> None:
        async with self._db.write() as tx:
            booking = await store.by_id(tx.session, booking_id)
            if booking is None or booking.status is not BookingStatus.HOLD or booking.is_live(self._clock.now()):
                return
            await self._end(tx, booking, BookingStatus.EXPIRED, None, by=SYSTEM)

    async def _end(self, tx: Tx, booking: Booking, status: BookingStatus, reason: str | None, *, by: str) -> Booking:
        rules.move(booking.status, status)
        if not await store.set_status(tx.session, booking.id, before=booking.status, after=status):
            raise Conflict("booking_state", status=booking.status.value)
        await store.free_nights(tx.session, booking.id)
        what = "expired" if status is BookingStatus.EXPIRED else "released"
        await store.audit(tx.session, booking.id, what, by=by, at=self._clock.now(), reason=reason)
        ended = await self._get(tx.session, booking.id)
        await self._announce(tx, ended)
        return ended

    async def _promise_expiry(self, tx: Tx, booking: Booking) -> None:
        await self._work.promise(
            tx,
            EXPIRE,
            key=f"expire:{booking.id}:{booking.extensions}",
            payload={"booking_id": booking.id},
            run_at=booking.hold_expires_at,
        )

    async def _announce(self, tx: Tx, booking: Booking) -> None:
        data = self.json(booking)
        await self._live.announce(tx, TOPIC, "booking", data)
        await self._live.announce(tx, f"conversation:{booking.conversation_id}", "booking", data)
        await tx.publish(BookingChanged(booking.id, booking.code, booking.conversation_id, booking.status))

    async def _get(self, session: AsyncSession, booking_id: str) -> Booking:
        booking = await store.by_id(session, booking_id)
        if booking is None:
            raise NotFound("no_booking")
        return booking

    async def _by_code(self, session: AsyncSession, code: str) -> Booking:
        booking = await store.by_code(session, code.strip().upper())
        if booking is None:
            raise NotFound("no_booking")
        return booking
