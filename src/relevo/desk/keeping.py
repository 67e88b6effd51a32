"""How long the house keeps what: what the environment says, unless somebody chose otherwise in the console.

Every choice is a row that stays, with who made it; giving one up is another. Nothing is deleted here, and no period
leaves its bounds: too short a one would delete what is still being worked with, too long a one keeps what nobody needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk import keeping_store as store
from relevo.kit import audit
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid
from relevo.people.rules import Staff
from relevo.people.service import People

HISTORY = 30
CHANGED = "retention_changed"


class Period(StrEnum):
    """What is kept for a time of its own."""

    MESSAGES = "keep_messages"
    AUDIO = "keep_audio"
    CANCELLED = "keep_cancelled"
    SHIFTS = "keep_shifts"


@dataclass(frozen=True, slots=True)
class Bounds:
    least: int
    most: int


BOUNDS: Mapping[Period, Bounds] = {
    Period.MESSAGES: Bounds(7, 1_825),
    Period.AUDIO: Bounds(1, 1_825),
    Period.CANCELLED: Bounds(30, 3_650),
    Period.SHIFTS: Bounds(30, 3_650),
}


def checked_days(period: Period, days: int) -> int:
    bounds = BOUNDS[period]
    if not bounds.least <= days <= bounds.most:
        raise Invalid("bad_keeping", least=bounds.least, most=bounds.most)
    return days


class Keeping:
    def __init__(self, db: Database, people: People, clock: Clock, given: Mapping[Period, int]) -> None:
        self._db = db
        self._people = people
        self._clock = clock
        self._given = dict(given)

    async def days(self) -> dict[Period, int]:
        """What holds now."""
        async with self._db.read() as session:
            return await self._days(session)

    async def choose(self, staff: Staff, period: Period, days: int | None) -> None:
        """Raises ``Invalid``. The same again adds nothing."""
        wanted = checked_days(period, days) if days is not None else None
        async with self._db.write() as tx:
            before = await store.chosen(tx.session)
            if before.get(period.value) == wanted:
                return
            now = self._clock.now()
            await store.add(tx.session, period.value, wanted, by=staff.id, at=now)
            details = {"from": before.get(period.value), "to": wanted}
            await audit.noted(tx, CHANGED, period.value, by=staff.id, at=now, details=details)

    async def json(self) -> dict[str, Any]:
        async with self._db.read() as session:
            chosen, days = await store.chosen(session), await self._days(session)
            history = await store.history(session, HISTORY)
            names = await self._people.staff_names(session)
        return {
            "items": [
                {
                    "name": period.value,
                    "days": days[period],
                    "given": self._given[period],
                    "chosen": chosen.get(period.value) is not None,
                    "least": BOUNDS[period].least,
                    "most": BOUNDS[period].most,
                }
                for period in Period
            ],
            "history": [
                {
                    "name": name,
                    "days": length,
                    "by": {"id": by, "name": names.get(by)},
                    "at": at.isoformat(),
                }
                for name, length, by, at in history
            ],
        }

    async def _days(self, session: AsyncSession) -> dict[Period, int]:
        chosen = await store.chosen(session)
        return {period: chosen.get(period.value) or self._given[period] for period in Period}
