"""What bookings need from outside: the property management system, which is the truth about rooms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from relevo.bookings.rules import Booking, Business


class Pms(Protocol):
    """A property management system. Every call may raise ``ProviderError``."""

    name: str

    async def business(self) -> Business:
        """The house: room types, rooms, prices, seasons, policies. Read at start."""
        ...

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        """Nights per room number that the PMS has sold or blocked, between the two dates."""
        ...

    async def book(self, booking: Booking) -> str:
        """Sell it and answer the PMS's own number. Our code is the idempotency key: again answers the same number."""
        ...

    async def find(self, code: str) -> str | None:
        """The PMS's number of a live reservation with our code."""
        ...

    async def cancel(self, code: str) -> bool:
        """Give the nights back. False if there was nothing to cancel."""
        ...
