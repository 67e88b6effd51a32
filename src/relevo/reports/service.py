"""Use cases of the reports: what a period came to, beside the one before it, and what each figure is made of.

Days that are over are added up once, hourly and in the night, and kept; today, and any day that is not kept yet, is
added up when it is asked for. So a report is always right, and quick once its days are kept. The business is only read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.work import Job, Work
from relevo.people.service import People
from relevo.reports import facts_store, rules, store
from relevo.reports.rules import BY_KEY, FIGURES, LONGEST, DaySum, Fact, Figure, Sum, Unit
from relevo.texts import Texts

ROLL = "reports.roll"
"""Job: add up the days that are over. One per hour."""
AGAIN = timedelta(days=2)
"""So long after its end a day is added up again: what came late is in it then."""
AT_ONCE = 40
"""Days of a first time that one job takes."""


class Reports:
    def __init__(
        self, db: Database, work: Work, people: People, clock: Clock, texts: Texts, zone: ZoneInfo, currency: str
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._clock = clock
        self._texts = texts
        self._zone = zone
        self._currency = currency

    def today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    async def promise(self, *, soon: bool = False) -> None:
        """The next hour's adding up, unless it is promised already; ``soon``: there is more to do at once."""
        now = self._clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        due, key = (now, f"{ROLL}:{now.isoformat()}") if soon else (hour, f"{ROLL}:{hour.isoformat()}")
        async with self._db.write() as tx:
            await self._work.promise(tx, ROLL, key=key, run_at=due)

    async def roll_job(self, _job: Job) -> None:
        await self.promise()
        if await self.roll():
            await self.promise(soon=True)

    async def roll(self) -> bool:
        """Add up days that are over; True where some are left for the next time."""
        today, now = self.today(), self._clock.now()
        async with self._db.read() as session:
            began = await store.first_day(session)
            first = began.astimezone(self._zone).date() if began else today
            kept = await store.figured(session, first, today)
        due = [day for day in rules.days_of(first, today - timedelta(days=1)) if self._is_due(day, kept.get(day), now)]
        # The latest first: they are what is looked at.
        part = due[-AT_ONCE:]
        async with self._db.read() as session:
            sums = await self._of_days(session, part)
        of_day: dict[date, list[DaySum]] = {day: [] for day in part}
        for each in sums:
            of_day[each.day].append(each)
        for day in reversed(part):
            async with self._db.write() as tx:
                await store.put_day(tx.session, day, of_day[day], now)
        return len(due) > AT_ONCE

    def _is_due(self, day: date, kept: datetime | None, now: datetime) -> bool:
        if kept is None:
            return True
        end = rules.bounds(day, self._zone)[1]
        return kept < end + AGAIN and now - kept >= timedelta(hours=1)

    async def _of_days(self, session: AsyncSession, days: Sequence[date]) -> list[DaySum]:
        """Added up from the facts themselves."""
        if not days:
            return []
        since, until = rules.bounds(days[0], self._zone)[0], rules.bounds(days[-1], self._zone)[1]
        wanted, sums = set(days), dict[tuple[date, Fact, str, str], Sum]()
        for fact in Fact:
            for at, channel, staff_id, found in await facts_store.add_up(session, fact, since, until):
                key = (at.astimezone(self._zone).date(), fact, channel, staff_id)
                if key[0] in wanted:
                    sums[key] = sums.get(key, Sum()) + found
        return [DaySum(*key, found) for key, found in sums.items()]

    async def _sums(
        self, session: AsyncSession, since: date, until: date, channel: str | None, staff_id: str | None
    ) -> list[DaySum]:
        kept = await store.figured(session, since, until)
        found = await store.sums(session, since, until, tuple(Fact), channel=channel, staff_id=staff_id)
        began = await store.first_day(session)
        if began is None:
            return found
        since, until = max(since, began.astimezone(self._zone).date()), min(until, self.today())
        open_ = [day for day in rules.days_of(since, until) if day not in kept]
        return found + [
            each
            for each in await self._of_days(session, open_)
            if channel in (None, each.channel) and staff_id in (None, each.staff_id)
        ]

    async def report(
        self,
        since: date,
        until: date,
        *,
        channel: str | None = None,
        staff_id: str | None = None,
        compare: bool = True,
    ) -> dict[str, Any]:
        """Every figure of the period, by day, with the period before it. Raises ``Invalid("bad_period")``."""
        self._check(since, until)
        earlier = rules.before(since, until)
        async with self._db.read() as session:
            found = await self._sums(session, since, until, channel, staff_id)
            past = await self._sums(session, *earlier, channel, staff_id) if compare else []
        days = rules.days_of(since, until)
        by_day = rules.grouped(found, lambda each: each.day)
        now_sums, then_sums = rules.added(found), rules.added(past)
        return {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "before": [each.isoformat() for each in earlier] if compare else None,
            "as_of": iso(self._clock.now()),
            "currency": self._currency,
            "days": [day.isoformat() for day in days],
            "figures": [
                self._described(figure)
                | {
                    "value": rules.value(figure, now_sums),
                    "before": rules.value(figure, then_sums) if compare else None,
                    "series": [rules.value(figure, by_day.get(day, {})) for day in days],
                }
                for figure in FIGURES
            ],
            "channels": self._split(found, lambda each: each.channel),
        }

    async def of_staff(self, since: date, until: date) -> dict[str, Any]:
        """What each member of staff did in the period."""
        self._check(since, until)
        async with self._db.read() as session:
            found = await self._sums(session, since, until, None, None)
            names = await self._people.staff_names(session)
        mine = self._split([each for each in found if each.staff_id], lambda each: each.staff_id)
        return {"items": [each | {"name": names.get(each["key"], each["key"])} for each in mine]}

    def _split(self, found: Sequence[DaySum], by: Callable[[DaySum], str]) -> list[dict[str, Any]]:
        return [
            {"key": key, "values": {figure.key: rules.value(figure, sums) for figure in FIGURES}}
            for key, sums in sorted(rules.grouped(found, by).items())
        ]

    async def listing(
        self,
        figure: str,
        since: date,
        until: date,
        *,
        channel: str | None = None,
        staff_id: str | None = None,
        offset: int = 0,
        limit: int = 100,
    ) -> dict[str, Any]:
        """What ``figure`` is made of, latest first. Raises ``NotFound("no_figure")``."""
        self._check(since, until)
        if figure not in BY_KEY:
            raise NotFound("no_figure")
        begin, _ = rules.bounds(since, self._zone)
        _, end = rules.bounds(until, self._zone)
        async with self._db.read() as session:
            kind, rows = await facts_store.listing(
                session, BY_KEY[figure].of, begin, end, channel=channel, staff_id=staff_id, offset=offset,
                limit=limit + 1,
            )  # fmt: skip
            names = await self._people.staff_names(session)
        return {
            "figure": self._described(BY_KEY[figure]),
            "kind": kind,
            "items": [
                {
                    "id": subject,
                    "at": iso(at),
                    "channel": where,
                    "staff": {"id": who, "name": names.get(who)} if who else None,
                    "amount": amount,
                }
                for subject, at, where, who, amount in rows[:limit]
            ],
            "next": offset + limit if len(rows) > limit else None,
        }

    def _described(self, figure: Figure) -> dict[str, Any]:
        """Name and definition, as they are shown beside the number."""
        return {
            "key": figure.key,
            "name": self._texts.say(f"reports.{figure.key}.name"),
            "definition": self._texts.say(f"reports.{figure.key}.definition"),
            "unit": figure.unit.value,
            "currency": self._currency if figure.unit is Unit.MONEY else None,
            "good": figure.good,
        }

    def _check(self, since: date, until: date) -> None:
        if not rules.is_period(since, until):
            raise Invalid("bad_period", days=LONGEST)
