"""What bookings need from outside: the property management system, which is the truth about rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from relevo.bookings.rules import Booking, Business
from relevo.kit.money import Money


@dataclass(frozen=True, slots=True)
class Reservation:
    """Nights of one room as the PMS has them: a sale, ours or not, or a block."""

    number: str
    """The PMS's number of the sale; empty for a block."""
    line: str
    """What tells it apart from every other one, also of the same sale."""
    code: str | None
    """Our code, where we sold it."""
    room: str
    check_in: date
    check_out: date
    live: bool
    total: Money | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is or was going on in the PMS."""

    reservations: tuple[Reservation, ...]
    until: datetime
    """Ask from here on the next time."""
    complete: bool
    """Everything that is live and not over, or only what changed."""


class Pms(Protocol):
    """A property management system. Every call may raise ``ProviderError``."""

    name: str

    async def business(self) -> Business:
        """The house: room types, rooms, prices, seasons, policies. Read at start."""
        ...

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        """Nights per room number that the PMS has sold or blocked, between the two dates."""
        ...

    async def stays(self, check_in: date, check_out: date) -> tuple[Reservation, ...]:
        """Who or what has a night between the two dates: live sales, and blocks (rooms out of service), which have no
        number. The same nights as ``occupied``, in as few questions whatever the number of rooms."""
        ...

    async def prices(self, check_in: date, check_out: date) -> Mapping[str, Money] | None:
        """What the stay costs in all, tax included, by room type; a type that is missing is not sold for this stay
        (too short or too long). None: the prices are those of ``business()``."""
        ...

    async def book(self, booking: Booking) -> str:
        """Sell it and answer the PMS's own number. Our code is the idempotency key: again answers the same number."""
        ...

    async def modify(self, booking: Booking) -> str:
        """Bring the sale with our code to the stay of ``booking`` and answer its number, which may be a new one.
        Asked again it changes nothing. After ``Conflict("no_room")`` the earlier stay is sold as before."""
        ...

    async def find(self, code: str) -> str | None:
        """The PMS's number of a live reservation with our code."""
        ...

    async def cancel(self, code: str) -> bool:
        """Give the nights back. False if there was nothing to cancel."""
        ...

    async def changes(self, since: datetime | None) -> Changes:
        """What changed since then, cancelled sales included; None for everything that is live and not over."""
        ...

    async def health(self) -> None:
        """Raises what is wrong with it, if anything is."""
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...
