"""Excursions of the house: what leaves, what is left of it, and places that nobody else can have.

One short transaction writes a booking with all its seats or nothing; whoever comes second learns how many are left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried, take_turns
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.tours import rules, store
from relevo.tours.rules import Catalogue, Departure, Place, Status

CODE = "EX-"
TOURS = "tours"
"""Topic of the live feed."""
_MOST = 50
_MOST_OF_DAY = 500


class Tours:
    """``Excursions`` over the database of this installation."""

    def __init__(self, db: Database, live: Live, facts: Catalogue, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._live = live
        self._facts = facts
        self._clock = clock
        self._ids = ids

    async def catalogue(self) -> Catalogue:
        return self._facts

    async def departures(self, first: date, last: date, *, excursion: str | None = None) -> tuple[Departure, ...]:
        wanted = (self._facts.excursion(excursion),) if excursion else self._facts.excursions
        async with self._db.read() as session:
            sold = await store.sold(session, first, last)
        now = self._clock.now()
        return tuple(
            sorted(
                Departure(
                    rules.start_of(self._facts, each, day), each.code, day,
                    max(each.capacity - sold.get((each.code, day), 0), 0),
                )
                for each in wanted
                for day in rules.days_of(self._facts, each, first, last, now=now)
            )
        )  # fmt: skip

    @retried
    async def book(
        self,
        excursion: str,
        day: date,
        *,
        adults: int,
        children: int,
        person_id: str,
        conversation_id: str | None,
        name: str | None,
        phone: str | None,
        key: str,
    ) -> Place:
        wanted, now = self._facts.excursion(excursion), self._clock.now()
        rules.check_party(adults, children)
        async with self._db.write() as tx:
            await take_turns(tx.session, f"tour {excursion} {day}")
            if known := await store.by_key(tx.session, key):
                return known
            rules.check_day(self._facts, wanted, day, now=now)
            taken = await store.taken(tx.session, excursion, day)
            free = [seat for seat in range(wanted.capacity) if seat not in taken]
            if len(free) < adults + children:
                raise Conflict("places_taken", left=len(free))
            made = Place(
                self._ids.new("trp"), CODE + self._ids.code(5), person_id, conversation_id, excursion, wanted.name,
                day, rules.start_of(self._facts, wanted, day), adults, children,
                rules.price(wanted, adults, children), Status.BOOKED, name, phone, now,
            )  # fmt: skip
            await store.add(tx.session, made, key)
            if not await store.take(tx.session, made, free[: made.people]):
                raise Conflict("places_taken", left=0)
            await self._announce(tx, made)
        return made

    async def find(self, code: str) -> Place | None:
        async with self._db.read() as session:
            return await store.by_code(session, code.strip().upper())

    async def of(self, people: Collection[str]) -> tuple[Place, ...]:
        async with self._db.read() as session:
            return await store.of_people(session, people, _MOST)

    async def day(self, day: date) -> tuple[Place, ...]:
        """Who goes on a day, by time and excursion."""
        async with self._db.read() as session:
            return await store.of_day(session, day, _MOST_OF_DAY)

    @retried
    async def cancel(self, code: str, *, by: str, by_staff: bool = False) -> Place:
        async with self._db.write() as tx:
            found = await store.by_code(tx.session, code.strip().upper(), lock=True)
            if found is None:
                raise NotFound("no_places")
            now = self._clock.now()
            rules.check_cancel(self._facts, found, now=now, by_staff=by_staff)
            await store.settle(tx.session, found.id, at=now, by=by)
            await store.free(tx.session, found.id)
            after = await store.by_code(tx.session, found.code)
            assert after is not None
            await self._announce(tx, after)
        return after

    async def _announce(self, tx: Tx, place: Place) -> None:
        await self._live.announce(tx, TOURS, "place", place_json(place))


def place_json(place: Place) -> dict[str, Any]:
    """The ``Place`` of docs/api.md."""
    return {
        "code": place.code,
        "excursion": {"code": place.excursion, "name": place.name},
        "day": place.day.isoformat(),
        "start": place.start.isoformat(),
        "adults": place.adults,
        "children": place.children,
        "price": {"amount": place.price.amount, "currency": place.price.currency},
        "status": place.status.value,
        "name": place.guest_name,
        "phone": place.guest_phone,
        "person_id": place.person_id,
        "conversation_id": place.conversation_id,
    }
