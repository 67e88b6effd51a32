"""Where appointments live: the calendar of the house, or somebody else's system behind the same questions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol, runtime_checkable

from relevo.appointments.rules import Agenda, Appointment, Part, Profile, Purchase, Slot


@runtime_checkable
class Profiles(Protocol):
    """A calendar that keeps its customers' own data as well (``Agenda.profiles``). Raises ``ProviderError``."""

    async def profile(self, person_id: str) -> Profile | None: ...

    async def save_profile(self, person_id: str, new: Profile) -> Profile:
        """What is None stays as it is; answers all that is known then. To do it again changes nothing."""
        ...


@runtime_checkable
class Days(Protocol):
    """A calendar that tells whole days. Not every other system does."""

    async def days(self, first: date, count: int) -> tuple[Appointment, ...]:
        """Of ``count`` days of the house, by time."""
        ...


class Calendar(Protocol):
    """Raises ``ProviderError`` where the other side fails. ``key`` makes a repetition harmless: it answers what the
    first time made."""

    name: str

    async def agenda(self) -> Agenda: ...

    async def free(self, service: str, day: date, *, part: Part | None = None) -> tuple[Slot, ...]:
        """By time, one per start. Raises ``Invalid`` for a service that there is not."""
        ...

    async def book(
        self,
        service: str,
        start: datetime,
        *,
        person_id: str,
        conversation_id: str | None,
        name: str | None,
        phone: str | None,
        key: str,
    ) -> Appointment:
        """Raises ``Conflict("slot_taken")`` where somebody was faster, ``Invalid`` for an impossible start."""
        ...

    async def find(self, code: str) -> Appointment | None: ...

    async def of(self, person_id: str) -> tuple[Appointment, ...]:
        """The latest first."""
        ...

    async def cancel(self, code: str, *, by: str, by_staff: bool = False) -> Appointment:
        """Raises ``Conflict`` where it is over or too late, ``NotFound``."""
        ...

    async def buy(self, package: str, *, person_id: str, key: str) -> Purchase: ...

    async def bought(self, person_id: str) -> tuple[Purchase, ...]:
        """The latest first."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
