"""Who something is booked for at the counter: somebody we know, or somebody by the telephone or e-mail they give."""

from __future__ import annotations

from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.contacts import contacts
from relevo.people.service import People


class Guests:
    def __init__(self, db: Database, people: People, country: str) -> None:
        self._db = db
        self._people = people
        self._country = country

    async def person(self, person_id: str | None, *, name: str | None, phone: str | None, email: str | None) -> str:
        """Their id; who is not known yet becomes known. Raises ``Invalid("guest_contact")``, ``NotFound``."""
        if person_id:
            async with self._db.read() as session:
                known = await self._people.get(session, person_id)
            if known is None:
                raise NotFound("no_person")
            return known.id
        given = contacts(phone, email, self._country)
        async with self._db.write() as tx:
            return (await self._people.find_or_create(tx, given, name=name)).id
