"""What holds, deposits and changes share inside a transaction: a booking's moves, its nights, its timers and news.

Every function joins the caller's transaction and asks nobody outside.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import road_store, rules, store
from relevo.bookings.events import BookingChanged, NeedsStaff
from relevo.bookings.rules import Booking, BookingStatus, Business, Busy, DepositStatus, Needs, road
from relevo.conversations.service import topic
from relevo.kit.clock import Clock
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.live import Live
from relevo.kit.work import Work

EXPIRE = "bookings.expire_hold"
TOPIC = "bookings"
SYSTEM = "system"
NEEDS_STAFF = "needs_staff"
"""The kind of ``NeedsStaff`` for everything on the road of a booking."""


class Rooms:
    def __init__(self, live: Live, work: Work, business: Business, clock: Clock, chance: Callable[[], float]) -> None:
        self._live = live
        self._work = work
        self.business = business
        self._clock = clock
        self._chance = chance
        """A number from 0 to below 1: where to begin among the free rooms of a type."""

    async def get(self, session: AsyncSession, booking_id: str, *, lock: bool = False) -> Booking:
        booking = await store.by_id(session, booking_id, lock=lock)
        if booking is None:
            raise NotFound("no_booking")
        return booking

    async def by_code(self, session: AsyncSession, code: str, *, lock: bool = False) -> Booking:
        booking = await store.by_code(session, rules.code_of(self.business, code), lock=lock)
        if booking is None:
            raise NotFound("no_booking")
        return booking

    async def move(
        self,
        tx: Tx,
        booking: Booking,
        *,
        status: BookingStatus | None = None,
        deposit_status: DepositStatus | None = None,
        **columns: Any,
    ) -> Booking:
        """Along the road, by compare-and-set. ``booking`` was read, locked, in this transaction."""
        if status is not None and status is not booking.status:
            rules.check_move(booking.status, status)
            columns["status"] = status.value
        if deposit_status is not None:
            road.check_deposit_move(booking.deposit_status, deposit_status)
            columns["deposit_status"] = deposit_status.value
        if columns and not await store.move(tx.session, booking, columns):
            raise Conflict("booking_state", status=booking.status.value)
        return await self.get(tx.session, booking.id)

    async def end(self, tx: Tx, booking: Booking, status: BookingStatus, reason: str | None, *, by: str) -> Booking:
        """A hold is over: its nights are free. Money that somebody says to have sent is not forgotten with it."""
        paid = booking.deposit_status is DepositStatus.RECEIVED
        gone = status is BookingStatus.CANCELLED and reason != "replaced"
        now = self._clock.now()
        when = {"cancelled_at": now} if status is BookingStatus.CANCELLED else {}
        booking = await self.move(
            tx, booking, status=status, deposit_status=DepositStatus.REFUND_DUE if paid and gone else None, **when
        )
        await store.free_nights(tx.session, booking.id)
        what = "expired" if status is BookingStatus.EXPIRED else "released"
        await store.audit(tx.session, booking.id, what, by=by, at=now, reason=reason)
        if paid and reason != "replaced":
            why = Needs.REFUND if gone else Needs.RECEIPT_WAITING
            await tx.publish(NeedsStaff(NEEDS_STAFF, booking.id, booking.conversation_id, why))
        return booking

    async def carry_receipts(self, tx: Tx, before: Booking, booking: Booking) -> Booking:
        """The guest has paid for a hold and wants another stay instead: what was sent is for the new one."""
        if before.deposit_status is not DepositStatus.RECEIVED:
            return booking
        await self.move(tx, before, deposit_status=DepositStatus.REQUESTED)
        await road_store.move_receipts(tx.session, before.id, booking.id)
        now = self._clock.now()
        await road_store.step(tx.session, booking.id, "carried", by=SYSTEM, at=now, reason=before.code)
        return await self.move(tx, booking, deposit_status=DepositStatus.RECEIVED)

    async def take(
        self,
        tx: Tx,
        booking: Booking,
        sold: Busy,
        *,
        until: datetime | None,
        first: str | None = None,
        only: str | None = None,
    ) -> str:
        """Write the nights of the booking's stay on a free room of its type, ``first`` before all others (or ``only``
        that one), beside those it has already. Without ``until`` for good. Raises ``Conflict("no_room")``."""
        kind = self.business.room_type(booking.room_type)
        nights = rules.nights_of(booking.check_in, booking.check_out)
        now = self._clock.now()
        own = await store.nights_of(tx.session, booking.id)
        await store.take_turn(tx.session, moves=bool(own))
        taken = await store.taken(
            tx.session, booking.check_in, booking.check_out, now=now, except_booking=booking.id if own else None
        )
        free = rules.free_rooms(kind, nights, rules.together(sold, taken))
        in_turn = rules.in_turn([room for room in free if only in (None, room)], self._chance())
        if first in free and only is None:
            in_turn = [first, *(room for room in in_turn if room != first)]
        for room in in_turn:
            savepoint = await tx.session.begin_nested()
            missing = [night for night in nights if (room, night) not in own]
            if await store.take_nights(tx.session, booking.id, room, missing, expires_at=until, now=now):
                await savepoint.commit()
                return room
            await savepoint.rollback()
        raise Conflict("no_room", room_type=kind.name)

    async def make_firm(self, tx: Tx, booking: Booking, sold: Busy) -> str:
        """Its nights are booked for good: those it holds, or, where they ran out, whatever room of its type is free.
        Raises ``Conflict("no_room")``; it has no nights then."""
        if await store.firm_nights(tx.session, booking.id) == booking.nights:
            return booking.room_number
        await store.free_nights(tx.session, booking.id)
        return await self.take(tx, booking, sold, until=None, first=booking.room_number)

    async def hold_again(self, tx: Tx, booking: Booking, sold: Busy) -> Booking:
        """A hold that ran out begins anew. Raises ``Conflict("no_room")``."""
        now = self._clock.now()
        until = rules.expires_at(self.business, now)
        await store.free_nights(tx.session, booking.id)
        room = await self.take(tx, booking, sold, until=until, first=booking.room_number)
        booking = await self.move(
            tx, booking, status=BookingStatus.HOLD, room_number=room, hold_expires_at=until,
            extensions=booking.extensions + 1,
        )  # fmt: skip
        await store.audit(tx.session, booking.id, "held_again", by=SYSTEM, at=now)
        await self.promise_expiry(tx, booking)
        return booking

    async def prolong(self, tx: Tx, booking: Booking, *, by: str) -> Booking:
        """Another ``hold_minutes`` from now for a live hold. Raises ``Conflict`` when there is nothing to extend."""
        now = self._clock.now()
        until = rules.extend(booking, self.business, now)
        if await store.keep_nights(tx.session, booking.id, until, now=now) != booking.nights:
            raise Conflict("hold_expired")
        await store.set_expiry(tx.session, booking.id, until, booking.extensions + 1)
        await store.audit(tx.session, booking.id, "extended", by=by, at=now)
        booking = await self.get(tx.session, booking.id)
        await self.promise_expiry(tx, booking)
        return booking

    async def promise_expiry(self, tx: Tx, booking: Booking) -> None:
        await self._work.promise(
            tx,
            EXPIRE,
            key=f"expire:{booking.id}:{booking.extensions}",
            payload={"booking_id": booking.id},
            run_at=booking.hold_expires_at,
        )

    async def promise(self, tx: Tx, booking_id: str, kind: str, *, failures: int = 0) -> None:
        """The one job a booking waits for. Jobs promised for it before find themselves out of date, and those of one
        booking never run side by side."""
        now = self._clock.now()
        run_at = now + road.pause(failures) if failures else now
        turn = await road_store.next_turn(tx.session, booking_id, run_at)
        await self._work.promise(
            tx,
            kind,
            key=f"road:{booking_id}:{turn}",
            payload={"booking_id": booking_id, "turn": turn, "failures": failures},
            run_at=run_at,
            lane=f"road:{booking_id}",
        )

    async def announce(self, tx: Tx, booking: Booking) -> None:
        data = rules.as_json(booking, self.business, self._clock.now())
        await self._live.announce(tx, TOPIC, "booking", data)
        await self._live.announce(tx, topic(booking.conversation_id), "booking", data)
        await tx.publish(BookingChanged(booking.id, booking.code, booking.conversation_id, booking.status))

    async def announce_deposit(self, tx: Tx, case: dict[str, Any]) -> None:
        await self._live.announce(tx, TOPIC, "deposit", case)

    def stay_is_over(self, booking: Booking) -> bool:
        """Whether its first night has passed, so that it cannot be sold any more."""
        today: date = self.business.today(self._clock.now())
        return booking.check_in < today
