"""Following the PMS: what the front desk sells and cancels there shows here within a minute, and what differs is told.

Every half minute the PMS is asked what changed; when something did (and every ten minutes anyway) everything is
compared. Nights sold there become booked here, sales of ours that were cancelled there are cancelled here, and two
sales under one code become one again. All else that differs is a person's to put right: nothing is cancelled here only
because the PMS does not mention it, nor there because it is unknown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from relevo.bookings import mirror_store, store
from relevo.bookings.confirming import cancelled_in_pms
from relevo.bookings.notices import Notices
from relevo.bookings.ports import Changes, Pms, Reservation
from relevo.bookings.rooms import Rooms
from relevo.bookings.rules import Booking, BookingStatus
from relevo.bookings.rules.mirror import STANDING, Difference, Discrepancy, compare, nights_sold
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, ProviderError
from relevo.kit.work import Job, Work

_log = log.get("bookings.mirror")

MIRROR = "bookings.mirror"
EVERY = timedelta(seconds=30)
COMPLETE = timedelta(minutes=10)


class Mirror:
    def __init__(self, db: Database, work: Work, rooms: Rooms, notices: Notices, pms: Pms, clock: Clock) -> None:
        self._db = db
        self._work = work
        self._rooms = rooms
        self._notices = notices
        self._pms = pms
        self._clock = clock

    async def promise(self) -> None:
        """The next look, one for the whole installation."""
        now = self._clock.now()
        turn = int(now.timestamp() // EVERY.total_seconds()) + 1
        async with self._db.write() as tx:
            await self._work.promise(
                tx,
                MIRROR,
                key=f"{MIRROR}:{turn}",
                run_at=datetime.fromtimestamp(turn * EVERY.total_seconds(), now.tzinfo),
            )

    async def job(self, job: Job) -> None:  # noqa: ARG002 - every look is the same
        await self.promise()
        await self.look()

    async def look(self, *, complete: bool = False) -> None:
        """Once. A PMS that does not answer is noted, and asked again by the next one."""
        now = self._clock.now()
        async with self._db.read() as session:
            state = await mirror_store.state(session)
            since = state.asked_until if state else None
            due = state is None or state.complete_at is None or now - state.complete_at >= COMPLETE
        try:
            changes = await self._pms.changes(since) if since is not None else None
            if changes is not None:
                await self._follow(changes.reservations)
            if complete or due or changes is None or changes.reservations or changes.complete:
                await self._compare(changes)
            else:
                await self._note(asked_until=changes.until, error=None)
        except ProviderError as error:
            _log.warning("the PMS was not followed", why=error.code)
            await self._note(error=error.code)

    async def report(self) -> dict[str, Any]:
        """What differed at the last look."""
        async with self._db.read() as session:
            state = await mirror_store.state(session)
        at = state.complete_at if state else None
        return {
            "items": list(state.found) if state else [],
            "compared_at": at.isoformat() if at else None,
            "error": state.error if state else None,
        }

    async def _follow(self, reservations: Iterable[Reservation]) -> None:
        """Sales of ours that somebody cancelled there. Only what the PMS itself calls cancelled counts."""
        ended = {each.code for each in reservations if each.code is not None and not each.live}
        for code in sorted(ended - {each.code for each in reservations if each.live}):
            booking = await self._quiet(code)
            if booking is None or await self._pms.find(code) is not None:
                continue
            async with self._db.write() as tx:
                locked = await store.by_code(tx.session, code, lock=True)
                unchanged = locked is not None and locked == booking
                if locked is not None and unchanged and code not in await mirror_store.with_job(tx.session):
                    _log.warning("cancelled at the front desk", code=code)
                    await cancelled_in_pms(tx, self._rooms, self._notices, locked, self._clock)

    async def _quiet(self, code: str) -> Booking | None:
        """A confirmed booking that no job is at work on."""
        async with self._db.read() as session:
            booking = await store.by_code(session, code)
            busy = await mirror_store.with_job(session)
        confirmed = booking is not None and booking.status is BookingStatus.CONFIRMED and code not in busy
        return booking if confirmed else None

    async def _compare(self, changes: Changes | None) -> None:
        """Everything on both sides. What moves meanwhile is left to the next time."""
        now = self._clock.now()
        today = self._rooms.business.today(now)
        before, busy_before = await self._standing(today)
        every = changes if changes is not None and changes.complete else await self._pms.changes(None)
        after, busy_after = await self._standing(today)
        moving = {code for code in before.keys() | after.keys() if before.get(code) != after.get(code)}
        moving |= busy_before | busy_after
        found = compare(every.reservations, after, skip=moving, today=today)
        found = await self._heal(found, after)
        sold = nights_sold(every.reservations, today)
        async with self._db.write() as tx:
            wanted = {night: mirror_store.PMS + each.line for night, each in sold.items()}
            await mirror_store.mirror_nights(tx.session, wanted, now, today)
            owners = await mirror_store.owners(tx.session, today, now)
            known = await mirror_store.codes(
                tx.session, {owner for owner in owners.values() if not owner.startswith(mirror_store.PMS)}
            )
            held: dict[str, Discrepancy] = {}
            for night, each in sold.items():
                owner = known.get(owners.get(night, ""))
                if owner is not None and owner != each.code and owner not in moving:
                    held[each.line] = Discrepancy(
                        Difference.HELD, each.room, each.check_in, each.check_out, owner, each.number
                    )
            await mirror_store.keep_state(
                tx.session,
                asked_until=changes.until if changes is not None else every.until,
                looked_at=now,
                complete_at=now,
                error=None,
                found=[each.json() for each in [*found, *held.values()]],
            )

    async def _heal(self, found: Sequence[Discrepancy], bookings: dict[str, Booking]) -> list[Discrepancy]:
        """Two sales under one code become the one that is right."""
        twice = {each.code for each in found if each.what is Difference.DUPLICATE and each.code is not None}
        for code in sorted(twice):
            try:
                await self._pms.modify(bookings[code])
            except (Conflict, ProviderError) as error:
                _log.warning("sold twice under one code", code=code, why=error.code)
                twice.discard(code)
        return [each for each in found if not (each.what is Difference.DUPLICATE and each.code in twice)]

    async def _standing(self, today: date) -> tuple[dict[str, Booking], set[str]]:
        async with self._db.read() as session:
            found = {each.code: each for each in await store.standing(session, STANDING, today)}
            return found, await mirror_store.with_job(session)

    async def _note(self, **values: Any) -> None:
        async with self._db.write() as tx:
            await mirror_store.keep_state(tx.session, looked_at=self._clock.now(), **values)
