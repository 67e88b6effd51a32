"""What a figure is made of: the rows that were counted, a page at a time, latest first, or all of them for a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.reports import costs, facts_store, price_store, rules, store
from relevo.reports.floor import Floor
from relevo.reports.rolling import Rolling
from relevo.reports.rules import BY_KEY, OF_NIGHTS, OF_QUEUES, OF_SHIFTS, Fact, Listed, Unit
from relevo.reports.service import STANDING, Reports, check

STEP = timedelta(days=14)
"""What no query tells is read back in steps of this."""
BATCH = 500


class Lists:
    def __init__(
        self, db: Database, people: People, clock: Clock, zone: ZoneInfo, reports: Reports, rolling: Rolling,
        floor: Floor,
    ) -> None:  # fmt: skip
        self._db = db
        self._people = people
        self._clock = clock
        self._zone = zone
        self._reports = reports
        self._rolling = rolling
        self._floor = floor

    async def page(
        self,
        figure: str,
        since: date,
        until: date,
        *,
        channel: str | None = None,
        staff_id: str | None = None,
        offset: int = 0,
        limit: int = 100,
        viewer: Staff,
    ) -> dict[str, Any]:
        """Whose the rows are is told to those who may look at them. Raises ``NotFound("no_figure")`` and
        ``Invalid("bad_period")``."""
        check(since, until)
        described = self.described(figure)
        async with self._db.read() as session:
            kind, rows = await self._rows(
                session, figure, since, until, channel, staff_id, offset, limit + 1, viewer
            )  # fmt: skip
            names = await self._people.staff_names(session)
            ids = [row.id for row in rows[:limit]]
            subjects = await facts_store.subjects(session, kind, ids) if sees(viewer, kind) else {}
        return {
            "figure": described,
            "kind": kind,
            "amounts": self.amounts(figure),
            "items": [
                {
                    "id": row.id,
                    "at": iso(row.at) if isinstance(row.at, datetime) else row.at.isoformat(),
                    "subject": subjects.get(row.id),
                    "channel": row.channel,
                    "staff": {"id": row.staff_id, "name": names.get(row.staff_id)} if row.staff_id else None,
                    "amount": row.amount,
                }
                for row in rows[:limit]
            ],
            "next": offset + limit if len(rows) > limit else None,
        }

    def described(self, figure: str) -> dict[str, Any]:
        if figure in BY_KEY:
            return self._reports.described(BY_KEY[figure])
        if figure in STANDING:
            return self._reports.named(figure, Unit.MONEY if figure == STANDING[1] else Unit.COUNT)
        raise NotFound("no_figure")

    def amounts(self, figure: str) -> str | None:
        """What the amount of a row is, where it has one."""
        if figure in STANDING:
            return Unit.MONEY.value
        return _AMOUNTS.get(BY_KEY[figure].of)

    async def every(
        self,
        figure: str,
        since: date,
        until: date,
        *,
        channel: str | None = None,
        staff_id: str | None = None,
        viewer: Staff,
    ) -> AsyncIterator[tuple[Sequence[Listed], dict[str, str | None], dict[str, str]]]:
        """All of them in batches: rows, whose they are, names of staff. Of facts that a query tells, day by day, so
        that a year is never sorted at once."""
        async with self._db.read() as session:
            names = await self._people.staff_names(session)
        day = until
        whole = figure in STANDING or BY_KEY[figure].of in {*OF_SHIFTS, Fact.COST}
        while day >= since:
            first = since if whole else day
            offset = 0
            while True:
                async with self._db.read() as session:
                    kind, rows = await self._rows(
                        session, figure, first, day, channel, staff_id, offset, BATCH, viewer
                    )  # fmt: skip
                    ids = [row.id for row in rows]
                    subjects = await facts_store.subjects(session, kind, ids) if sees(viewer, kind) else {}
                if rows:
                    yield rows, subjects, names
                if len(rows) < BATCH:
                    break
                offset += BATCH
            day = first - timedelta(days=1)

    async def _rows(
        self, session: AsyncSession, figure: str, since: date, until: date, channel: str | None,
        staff_id: str | None, offset: int, limit: int, viewer: Staff,
    ) -> tuple[str, list[Listed]]:  # fmt: skip
        if figure in STANDING:
            return "booking", await facts_store.deposit_list(session, offset, limit, viewer)
        fact = BY_KEY[figure].of
        if fact in OF_SHIFTS:
            shifts = await self._shifts(session, since, until, staff_id)
            return "shift", shifts[offset : offset + limit]
        if fact is Fact.COST:
            used = await self._costs(session, since, until, channel, staff_id)
            return "cost", used[offset : offset + limit]
        if fact in OF_QUEUES:
            return "conversation", await self._promises(
                session, fact, since, until, channel, staff_id, offset, limit, viewer
            )  # fmt: skip
        begin: Any = since if fact in OF_NIGHTS else rules.bounds(since, self._zone)[0]
        end: Any = until + timedelta(days=1) if fact in OF_NIGHTS else rules.bounds(until, self._zone)[1]
        if fact in OF_NIGHTS:
            end = min(end, self._rolling.today() + timedelta(days=1))
        return await facts_store.listing(
            session, fact, begin, end, self._clock.now(), channel=channel, staff_id=staff_id, offset=offset,
            limit=limit, viewer=viewer,
        )  # fmt: skip

    async def _shifts(self, session: AsyncSession, since: date, until: date, staff_id: str | None) -> list[Listed]:
        kept = await store.shifts(session, since, until, staff_id)
        fresh: dict[tuple[date, str], int] = {}
        for each in await self._rolling.fresh(session, since, until):
            if each.fact is Fact.BUSY and staff_id in (None, each.staff_id):
                fresh[each.day, each.staff_id] = each.sum.total
        rows = [Listed(who, day, "", who, busy) for day, who, _, busy in kept]
        rows += [Listed(who, day, "", who, busy) for (day, who), busy in fresh.items()]
        return sorted(rows, key=lambda row: (-_ordinal(row), row.staff_id))

    async def _costs(
        self, session: AsyncSession, since: date, until: date, channel: str | None, staff_id: str | None
    ) -> list[Listed]:
        prices = await price_store.every(session)
        fresh = await self._rolling.fresh(session, since, until)
        days = await self._rolling.sums(
            session, since, until, fresh, by=("day", "channel"), channel=channel, staff_id=staff_id, facts=costs.FACTS
        )  # fmt: skip
        found = costs.priced(days, prices)
        rows = [
            Listed(each.use.value, each.day, each.channel, "", each.cost) for each in found if each.cost is not None
        ]
        return sorted(rows, key=lambda row: (-_ordinal(row), row.id, row.channel))

    async def _promises(
        self, session: AsyncSession, fact: Fact, since: date, until: date, channel: str | None,
        staff_id: str | None, offset: int, limit: int, viewer: Staff,
    ) -> list[Listed]:  # fmt: skip
        """Read back in steps until there are enough; longer ones where little happened."""
        found: list[Listed] = []
        last, step = min(until, self._rolling.today()), STEP
        while last >= since and len(found) < offset + limit:
            first = max(since, last - step + timedelta(days=1))
            begin, end = rules.bounds(first, self._zone)[0], rules.bounds(last, self._zone)[1]
            rows = await self._floor.of_promises(session, begin, end)
            seen = await facts_store.reachable(session, viewer, [row.id for _, row in rows])
            found += [
                row
                for each, row in rows
                if each is fact
                and row.id in seen
                and channel in (None, row.channel)
                and staff_id in (None, row.staff_id)
            ]
            last = first - timedelta(days=1)
            step = step * 4 if len(rows) < limit else STEP
        return found[offset : offset + limit]


LOOKS = {
    "conversation": Action.SEE_CONVERSATIONS,
    "call": Action.SEE_CALLS,
    "booking": Action.SEE_BOOKINGS,
    "shift": Action.SEE_TEAM,
    "cost": Action.SEE_REPORTS,
}
"""What it takes to look at a row of each kind."""


def sees(viewer: Staff, kind: str) -> bool:
    return may(viewer, LOOKS[kind])


def _ordinal(row: Listed) -> int:
    return row.at.toordinal()


_SECONDS = (
    Fact.FIRST_BOT, Fact.NEXT_BOT, Fact.FIRST_PERSON, Fact.NEXT_PERSON, Fact.HANDLED, Fact.CALLS_ANSWERED, Fact.BUSY,
)  # fmt: skip
_AMOUNTS = (
    dict.fromkeys(_SECONDS, Unit.SECONDS.value)
    | dict.fromkeys((Fact.SALES, Fact.CANCELLED, Fact.OWN_NIGHTS, Fact.COST), Unit.MONEY.value)
    | dict.fromkeys((Fact.FEEDBACK, Fact.HAPPY), Unit.MARK.value)
)
