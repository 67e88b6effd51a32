"""What the tours room offers to the rooms above it, and what it needs from outside: how a stay stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from relevo.kit.db import Tx
from relevo.tours.rules import Attributed, Catalogue, Departure, Partner, Place, StayNow


class Stays(Protocol):
    """The bookings, as far as commissions depend on them."""

    async def stay(self, tx: Tx, booking_id: str) -> StayNow | None:
        """As it is written in this transaction."""
        ...


class Excursions(Protocol):
    """``key`` makes a repetition harmless: it answers what the first time made."""

    async def catalogue(self) -> Catalogue: ...

    async def departures(self, first: date, last: date, *, excursion: str | None = None) -> tuple[Departure, ...]:
        """Those that can still be booked, by time, sold out ones included. Raises ``Invalid`` for no excursion."""
        ...

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
        """Raises ``Conflict("places_taken")`` where fewer are left, ``Invalid`` for an impossible wish."""
        ...

    async def find(self, code: str) -> Place | None: ...

    async def of(self, people: Collection[str]) -> tuple[Place, ...]:
        """Of one person, by all their ids; the latest first."""
        ...

    async def cancel(self, code: str, *, by: str, by_staff: bool = False) -> Place:
        """Raises ``Conflict`` where it is over or too late, ``NotFound``."""
        ...


class Agencies(Protocol):
    """Partners, as far as a conversation may reach them."""

    async def identify(
        self, code: str, *, phone: str | None, email: str | None, conversation_id: str
    ) -> Partner | None:
        """None whether the code or the contact was wrong. From now on the conversation is the agency's, for a while.
        Raises ``TooMany`` after too many tries."""
        ...

    async def known(self, conversation_id: str) -> Partner | None:
        """The agency whose conversation this is."""
        ...

    async def brought(self, partner_id: str, *, limit: int = 10) -> tuple[Attributed, ...]:
        """The latest first."""
        ...
