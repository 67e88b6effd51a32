"""The jobs that carry what was decided here into the PMS: sell, change, cancel; and what follows where it says no.

Each job belongs to one turn of its booking: one that is out of date does nothing. A PMS that does not answer is asked
again without end, and guest and staff are told once; an answer is believed only after our code is found there. Whatever
is written afterwards is one transaction, so that dying anywhere leaves either the job to be run again or its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from relevo.bookings import road_store, store
from relevo.bookings.deposits import CONFIRM, LATE, Deposits
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed
from relevo.bookings.notices import ALTERNATIVES, Notices
from relevo.bookings.ports import Pms
from relevo.bookings.rooms import SYSTEM, Rooms
from relevo.bookings.rules import Booking, BookingStatus, Needs, road
from relevo.bookings.service import Bookings
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import BadCredentials, Conflict, Invalid, Misconfigured, NotReady, ProviderError
from relevo.kit.work import Handler, Job
from relevo.texts import Texts

_log = log.get("confirming")

CHANGE_PMS = "bookings.change_pms"
CANCEL_PMS = "bookings.cancel_pms"
PATIENCE = 120
"""Seconds after which a PMS that says nothing counts as one that does not answer."""
OVERDUE = timedelta(minutes=10)
"""How long after its time a job may be under way before it counts as lost."""
_LIED = "pms_lied"
_KIND = {
    BookingStatus.CONFIRMING: CONFIRM,
    BookingStatus.CONFIRMED: CHANGE_PMS,
    BookingStatus.CANCELLED: CANCEL_PMS,
    BookingStatus.EXPIRED: LATE,
    BookingStatus.NEEDS_STAFF: ALTERNATIVES,
}


class Confirming:
    def __init__(
        self,
        db: Database,
        bookings: Bookings,
        deposits: Deposits,
        notices: Notices,
        pms: Pms,
        clock: Clock,
        texts: Texts,
    ) -> None:
        self._db = db
        self._bookings = bookings
        self._rooms: Rooms = bookings.rooms
        self._deposits = deposits
        self._notices = notices
        self._pms = pms
        self._clock = clock
        self._texts = texts

    @property
    def jobs(self) -> Mapping[str, Handler]:
        """Who does which kind of job."""
        return {
            CONFIRM: self.confirm_job,
            CHANGE_PMS: self.change_job,
            CANCEL_PMS: self.cancel_job,
            LATE: self.late_job,
            ALTERNATIVES: self.alternatives_job,
        }

    async def confirm_job(self, job: Job) -> None:
        """Sell it in the PMS, under our code, looked up there before (by ``book``) and after."""
        booking = await self._due(job, BookingStatus.CONFIRMING)
        if booking is None:
            return

        async def sell() -> dict[str, Any]:
            # Also when it was sold before: ``book`` looks our code up, and makes sure that the sale stands.
            await self._pms.book(booking)
            number = await self._pms.find(booking.code)
            if number is None:
                raise NotReady(_LIED)
            return {"number": number}

        async def sold(result: dict[str, Any]) -> None:
            await self._sold(job, str(result["number"]))

        await self._ask(job, sell, sold, self._no_room)

    async def change_job(self, job: Job) -> None:
        """Bring the sale to the stay that is wanted."""
        booking = await self._due(job, BookingStatus.CONFIRMED)
        if booking is None:
            return
        async with self._db.read() as session:
            change = await road_store.pending_change(session, booking.id)
        if change is None:
            return
        wanted = replace(
            booking, room_number=change.room_number, room_type=change.room_type,
            type_name=self._rooms.business.room_type(change.room_type).name, check_in=change.check_in,
            check_out=change.check_out, guests=change.guests, children=change.children, babies=change.babies,
            total=replace(booking.total, amount=change.total),
        )  # fmt: skip

        async def modify() -> dict[str, Any]:
            await self._pms.modify(wanted)
            number = await self._pms.find(booking.code)
            if number is None:
                raise NotReady(_LIED)
            return {"number": number}

        async def done(result: dict[str, Any]) -> None:
            await self._changed(job, wanted, change.id, str(result["number"]))

        async def refused(_job: Job) -> None:
            await self._not_changed(job, change.id, Needs.CHANGE_REFUSED)

        await self._ask(job, modify, done, refused)

    async def cancel_job(self, job: Job) -> None:
        """Give the nights back to the PMS."""
        booking = await self._due(job, BookingStatus.CANCELLED)
        if booking is None:
            return

        async def give_back() -> dict[str, Any]:
            await self._pms.cancel(booking.code)
            if await self._pms.find(booking.code) is not None:
                raise NotReady(_LIED)
            return {}

        async def done(_result: dict[str, Any]) -> None:
            async with self._db.write() as tx:
                if await self._mine(tx, job):
                    await road_store.settled(tx.session, booking.id)
                    await self._step(tx, booking, "cancelled_in_pms")

        await self._ask(job, give_back, done, self._refused)

    async def late_job(self, job: Job) -> None:
        """Whether the room of a late receipt is still free."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._deposits.settle_late(str(job.payload["booking_id"]))
        except (ProviderError, TimeoutError):
            await self._later(job)

    async def alternatives_job(self, job: Job) -> None:
        """Other rooms for a guest who has paid and lost theirs."""
        booking = await self._due(job, BookingStatus.NEEDS_STAFF)
        if booking is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._bookings.alternatives(
                    booking.check_in, booking.check_out, guests=booking.guests, babies=booking.babies,
                    room_type=booking.room_type,
                )  # fmt: skip
        except Invalid:
            found = ()
        except (ProviderError, TimeoutError):
            await self._later(job)
            return
        async with self._db.write() as tx:
            if not await self._mine(tx, job):
                return
            await road_store.settled(tx.session, booking.id)
            if found:
                texts = self._texts.other(await self._notices.locale(tx, booking))
                lines = [
                    texts.say(
                        "bookings.alternative", name=offer.name, check_in=offer.quote.check_in,
                        check_out=offer.quote.check_out, total=offer.quote.total,
                    )
                    for offer in found
                ]  # fmt: skip
                await self._notices.tell(
                    tx, booking, "alternatives", once=f"alternatives:{booking.version}", offers="\n".join(lines)
                )

    async def sweep(self) -> int:
        """Bookings whose job was lost (its process died with it again and again) get a new one."""
        async with self._db.read() as session:
            overdue = await road_store.overdue(session, self._clock.now() - OVERDUE)
        for booking_id in overdue:
            async with self._db.write() as tx:
                booking = (await self._rooms.get(tx.session, booking_id, lock=True)).as_of(self._clock.now())
                kind = _KIND.get(booking.status)
                if kind is None:
                    await road_store.settled(tx.session, booking_id)
                else:
                    _log.warning("a job is promised anew", kind=kind, booking=booking_id)
                    await self._rooms.promise(tx, booking_id, kind)
        return len(overdue)

    async def _ask(
        self,
        job: Job,
        effect: Callable[[], Awaitable[dict[str, Any]]],
        done: Callable[[dict[str, Any]], Awaitable[None]],
        no_room: Callable[[Job], Awaitable[None]],
    ) -> None:
        """Do ``effect`` at the PMS and take whatever it answers, or does not answer, to its end."""
        try:
            async with asyncio.timeout(PATIENCE):
                result = await job.once("pms", effect)
        except Conflict:
            await no_room(job)
        except (NotReady, BadCredentials, Misconfigured, TimeoutError) as error:
            lied = getattr(error, "code", "") == _LIED
            if lied and int(job.payload["failures"]) + 1 >= road.GIVE_UP_LIES:
                await self._refused(job)
            else:
                await self._later(job)
        except ProviderError as error:
            await (self._later(job) if error.retryable else self._refused(job))
        else:
            await done(result)

    async def _due(self, job: Job, status: BookingStatus) -> Booking | None:
        """The booking, if this is the job it waits for."""
        booking_id = str(job.payload["booking_id"])
        async with self._db.read() as session:
            booking = await store.by_id(session, booking_id)
            turn = await road_store.turn_of(session, booking_id)
        due = booking is not None and booking.status is status and turn == job.payload["turn"]
        return booking if due else None

    async def _mine(self, tx: Tx, job: Job) -> Booking | None:
        """The same within a transaction, with the booking's lock."""
        booking = await self._rooms.get(tx.session, str(job.payload["booking_id"]), lock=True)
        return booking if await road_store.turn_of(tx.session, booking.id) == job.payload["turn"] else None

    async def _sold(self, job: Job, number: str) -> None:
        async with self._db.write() as tx:
            booking = await self._mine(tx, job)
            if booking is None or booking.status is not BookingStatus.CONFIRMING:
                booking = await self._rooms.get(tx.session, str(job.payload["booking_id"]))
                if booking.status is BookingStatus.CANCELLED:
                    # Cancelled while the PMS was being told: what was sold just now is given back.
                    await self._rooms.promise(tx, booking.id, CANCEL_PMS)
                return
            now = self._clock.now()
            booking = await self._rooms.move(
                tx, booking, status=BookingStatus.CONFIRMED, pms_number=number, confirmed_at=now, needs=None
            )
            await road_store.settled(tx.session, booking.id)
            await self._step(tx, booking, "sold", number)
            await self._notices.tell(tx, booking, "confirmed", once=f"confirmed:{booking.version}")
            await tx.publish(BookingConfirmed(booking.id, booking.code, booking.conversation_id, booking.version))
            await self._deposits.announce(tx, booking)

    async def _no_room(self, job: Job) -> None:
        """The PMS has sold the room to somebody else: another of its type, or the money back."""
        booking = await self._due(job, BookingStatus.CONFIRMING)
        if booking is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                sold = await self._pms.occupied(booking.check_in, booking.check_out)
        except (ProviderError, TimeoutError):
            await self._later(job)
            return
        async with self._db.write() as tx:
            if await self._mine(tx, job) is None:
                return
            await store.free_nights(tx.session, booking.id)
            try:
                if not sold.get(booking.room_number):
                    raise Conflict("no_room")
                room = await self._rooms.take(tx, booking, sold, until=None)
            except Conflict:
                await road_store.settled(tx.session, booking.id)
                booking = await self._deposits.room_is_gone(tx, booking, booking.paid, by=SYSTEM)
            else:
                await self._step(tx, booking, "other_room", room)
                booking = await self._rooms.move(tx, booking, room_number=room)
                await self._rooms.promise(tx, booking.id, CONFIRM)
            await self._deposits.announce(tx, booking)

    async def _changed(self, job: Job, wanted: Booking, change_id: str, number: str) -> None:
        async with self._db.write() as tx:
            booking = await self._mine(tx, job)
            now = self._clock.now()
            if booking is None or not await road_store.end_change(tx.session, change_id, "done", now):
                return
            booking = await self._rooms.move(
                tx, booking, room_number=wanted.room_number, room_type=wanted.room_type, type_name=wanted.type_name,
                check_in=wanted.check_in, check_out=wanted.check_out, guests=wanted.guests, children=wanted.children,
                babies=wanted.babies, total=wanted.total.amount, version=booking.version + 1, pms_number=number,
            )  # fmt: skip
            await store.free_other_nights(
                tx.session, booking.id, booking.room_number, booking.check_in, booking.check_out
            )
            await road_store.settled(tx.session, booking.id)
            await self._step(tx, booking, "changed", number)
            await self._notices.tell(tx, booking, "changed", once=f"changed:{booking.version}", total=booking.total)
            await tx.publish(BookingChangedStay(booking.id, booking.version))
            await self._rooms.announce(tx, booking)

    async def _not_changed(self, job: Job, change_id: str, why: Needs) -> None:
        """The stay remains what it was."""
        async with self._db.write() as tx:
            booking = await self._mine(tx, job)
            now = self._clock.now()
            if booking is None or not await road_store.end_change(tx.session, change_id, "refused", now):
                return
            await store.free_other_nights(
                tx.session, booking.id, booking.room_number, booking.check_in, booking.check_out
            )
            await road_store.settled(tx.session, booking.id)
            await self._step(tx, booking, "change_refused")
            await self._notices.tell(tx, booking, "change_refused", once=f"refused:{change_id}")
            await self._notices.need_staff(tx, booking, why, ask=True)
            await self._rooms.announce(tx, booking)

    async def _refused(self, job: Job) -> None:
        """The PMS will not, whatever the reason, and waiting does not help. The nights are kept for a person to act."""
        async with self._db.write() as tx:
            booking = await self._mine(tx, job)
            if booking is None:
                return
            pending = await road_store.pending_change(tx.session, booking.id)
            if booking.status is BookingStatus.CONFIRMING:
                booking = await self._rooms.move(
                    tx, booking, status=BookingStatus.NEEDS_STAFF, needs=Needs.PMS_REFUSED.value
                )
                await self._notices.tell(tx, booking, "pms_refused", once=f"refused:{job.payload['turn']}")
            elif pending is not None:
                await road_store.end_change(tx.session, pending.id, "refused", self._clock.now())
                await store.free_other_nights(
                    tx.session, booking.id, booking.room_number, booking.check_in, booking.check_out
                )
                await self._notices.tell(tx, booking, "change_refused", once=f"refused:{pending.id}")
            await road_store.settled(tx.session, booking.id)
            await self._step(tx, booking, "pms_refused")
            await self._notices.need_staff(tx, booking, Needs.PMS_REFUSED, ask=True)
            await self._rooms.announce(tx, booking)

    async def _later(self, job: Job) -> None:
        """Ask again after a pause; after some, guest and staff are told, once."""
        failures = int(job.payload["failures"]) + 1
        async with self._db.write() as tx:
            booking = await self._mine(tx, job)
            if booking is None:
                return
            await self._rooms.promise(tx, booking.id, job.kind, failures=failures)
            if failures == road.TELL_AFTER:
                await self._step(tx, booking, "pms_waiting")
                if booking.status is BookingStatus.CONFIRMING:
                    await self._notices.tell(tx, booking, "pms_waiting", once=f"waiting:{booking.version}")
                await self._notices.need_staff(tx, booking, Needs.PMS_WAITING)

    async def _step(self, tx: Tx, booking: Booking, what: str, reason: str | None = None) -> None:
        await road_store.step(tx.session, booking.id, what, by=SYSTEM, at=self._clock.now(), reason=reason)


async def cancelled_in_pms(tx: Tx, rooms: Rooms, notices: Notices, booking: Booking, clock: Clock) -> Booking:
    """The front desk has cancelled a confirmed booking: it is off here too, and a person sees to the deposit."""
    booking = await rooms.move(
        tx, booking, status=BookingStatus.CANCELLED, cancelled_at=clock.now(), needs=Needs.CANCELLED_IN_PMS.value
    )
    await store.free_nights(tx.session, booking.id)
    await road_store.step(tx.session, booking.id, "cancelled", by="pms", at=clock.now())
    await notices.need_staff(tx, booking, Needs.CANCELLED_IN_PMS)
    await tx.publish(BookingCancelled(booking.id))
    await rooms.announce(tx, booking)
    return booking
