"""Legal holds: customers of whom nothing may be deleted by age, and who said so."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.people import store
from relevo.people.rules import LegalHold, Staff

MAX_REASON = 200


class LegalHolds:
    def __init__(self, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids

    async def place(self, person_id: str, *, reason: str, staff: Staff) -> LegalHold:
        """One that stands is answered as it is. Raises ``Invalid``, ``NotFound("no_person")``."""
        reason = " ".join(reason.split())[:MAX_REASON]
        if not reason:
            raise Invalid("hold_reason_missing")
        async with self._db.write() as tx:
            person = await store.person(tx.session, person_id)
            if person is None:
                raise NotFound("no_person")
            standing = await store.holds(tx.session, person.ids)
            if standing:
                return standing[0]
            hold = LegalHold(self._ids.new("lho"), person_id, reason, staff.id, self._clock.now())
            await store.add_hold(tx.session, hold)
        return hold

    async def end(self, person_id: str, *, staff: Staff) -> None:
        """Raises ``NotFound("no_legal_hold")``."""
        async with self._db.write() as tx:
            person = await store.person(tx.session, person_id)
            ids = person.ids if person else (person_id,)
            if not await store.end_hold(tx.session, ids, by=staff.id, at=self._clock.now()):
                raise NotFound("no_legal_hold")

    async def standing(self) -> list[LegalHold]:
        async with self._db.read() as session:
            return await store.holds(session)

    async def held(self, session: AsyncSession, people: Collection[str]) -> frozenset[str]:
        """Those of ``people`` that a hold protects, their own or that of somebody they were found to be."""
        known = await store.people(session, people)
        ids = frozenset[str](people).union(*(person.ids for person in known.values()))
        held = {hold.person_id for hold in await store.holds(session, ids)}
        return frozenset(each for each in people if held & (known[each].ids if each in known else {each}))
