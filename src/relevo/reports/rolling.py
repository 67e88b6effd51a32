"""Adding up: what days came to, from the facts themselves or as kept. The business is only read.

Days that are over are added up once, hourly, and kept; again until it is known who came back; and again whenever
something is written to what they are made of, however late. What was deleted by age since is left as it was added up.
Today, and any day not kept yet, is added up when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.reports import facts_store, late_store, rules, store
from relevo.reports.floor import Floor
from relevo.reports.rules import KEPT, OF_NIGHTS, OF_QUEUES, OF_SHIFTS, OF_WORDS, RETURN, DaySum, Fact, Sum

AGAIN = timedelta(days=2)
"""So long after its end a day is added up again every hour."""
KNOWN = RETURN + timedelta(days=1)
"""So long after its end it is known of a whole day who came back."""
AT_ONCE = 40
"""Days that one job takes."""
MARGIN = timedelta(minutes=5)
"""What was written by a transaction that took so long is not missed."""


class Rolling:
    def __init__(
        self,
        db: Database,
        clock: Clock,
        zone: ZoneInfo,
        floor: Floor,
        rooms: Callable[[], int] = lambda: 0,
        keep_words: timedelta = timedelta(days=36_500),
        keep_shifts: timedelta = timedelta(days=36_500),
    ) -> None:
        self._db = db
        self._clock = clock
        self._zone = zone
        self._floor = floor
        self._rooms = rooms
        self._keep = {OF_WORDS: keep_words, OF_SHIFTS: keep_shifts}

    def today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    async def roll(self) -> bool:
        """Add up days that are over; True where some are left for the next time."""
        today, now = self.today(), self._clock.now()
        async with self._db.read() as session:
            first = await self._first(session) or today
            kept = await store.figured(session, first, today)
            since = await late_store.looked(session)
            late = await late_store.touched(session, since - MARGIN, self._zone) if since and kept else set()
        days = rules.days_of(first, today - timedelta(days=1))
        again = [day for day in days if day in late and day in kept]
        due = [day for day in days if day not in again and self._is_due(day, kept.get(day), now)]
        # The latest first: they are what is looked at.
        for chunk in _chunks(sorted([*again, *due[-AT_ONCE:]])):
            async with self._db.read() as session:
                sums = await self.of_days(session, chunk)
            of_day: dict[date, list[DaySum]] = {day: [] for day in chunk}
            for each in sums:
                of_day[each.day].append(each)
            for day in reversed(chunk):
                async with self._db.write() as tx:
                    await store.put_day(tx.session, day, of_day[day], now, self._told(day, now, day in kept))
        async with self._db.write() as tx:
            await late_store.look(tx.session, now)
        return len(due) > AT_ONCE

    def _told(self, day: date, now: datetime, kept: bool) -> Collection[Fact]:
        """Facts that can still be told of a day."""
        begin = rules.bounds(day, self._zone)[0]
        gone = {fact for facts, keep in self._keep.items() if begin < now - keep for fact in facts}
        return [fact for fact in KEPT if fact not in gone or not kept]

    def _is_due(self, day: date, kept: datetime | None, now: datetime) -> bool:
        if kept is None:
            return True
        end = rules.bounds(day, self._zone)[1]
        fresh = kept < end + AGAIN and now - kept >= timedelta(hours=1)
        return fresh or kept < end + KNOWN <= now

    async def _first(self, session: AsyncSession) -> date | None:
        """The first day that there can be figures of."""
        began, night = await facts_store.first_day(session), await facts_store.first_night(session)
        days = [began.astimezone(self._zone).date()] if began else []
        return min([*days, *([night] if night else [])], default=None)

    async def of_days(self, session: AsyncSession, days: Sequence[date]) -> list[DaySum]:
        """Added up from the facts themselves, between the first and the last of ``days``."""
        if not days:
            return []
        since, until = rules.bounds(days[0], self._zone)[0], rules.bounds(days[-1], self._zone)[1]
        now, wanted = self._clock.now(), set(days)
        sums: dict[tuple[date, Fact, str, str], Sum] = {}

        def put(day: date, fact: Fact, channel: str, staff_id: str, found: Sum) -> None:
            if day in wanted:
                key = (day, fact, channel, staff_id)
                sums[key] = sums.get(key, Sum()) + found

        for fact in KEPT:
            if fact in OF_SHIFTS or fact in OF_QUEUES or fact in OF_NIGHTS:
                continue
            for at, channel, staff_id, found in await facts_store.add_up(session, fact, since, until, now):
                put(at.astimezone(self._zone).date(), fact, channel, staff_id, found)
        for of_nights in (Fact.NIGHTS, Fact.OWN_NIGHTS):
            for row in await facts_store.add_up_nights(session, of_nights, days[0], days[-1], now):
                put(row.day, of_nights, row.channel, row.staff_id, row.sum)
        known = await facts_store.first_night(session)
        for day in days if known and self._rooms() else ():
            if known is not None and day >= known:
                put(day, Fact.ROOMS, "", "", Sum(self._rooms()))
        for each in await self._floor.of_shifts(session, days[0], days[-1]):
            put(each.day, each.fact, each.channel, each.staff_id, each.sum)
        for promise, listed in await self._floor.of_promises(session, since, until):
            assert isinstance(listed.at, datetime)
            put(listed.at.astimezone(self._zone).date(), promise, listed.channel, listed.staff_id, Sum(1))
        return [DaySum(*key, found) for key, found in sums.items()]

    async def fresh(self, session: AsyncSession, since: date, until: date) -> list[DaySum]:
        """Of days of a period that are not kept."""
        first = await self._first(session)
        if first is None:
            return []
        since, until = max(since, first), min(until, self.today())
        kept = await store.figured(session, since, until)
        open_ = [day for day in rules.days_of(since, until) if day not in kept]
        return [each for chunk in _chunks(open_) for each in await self.of_days(session, chunk)]

    async def sums(
        self,
        session: AsyncSession,
        since: date,
        until: date,
        fresh: Iterable[DaySum],
        *,
        by: Collection[str],
        channel: str | None,
        staff_id: str | None,
        facts: Collection[Fact] | None = None,
    ) -> list[DaySum]:
        """Kept days and ``fresh`` ones, apart by ``by``."""
        found = await store.sums(session, since, until, by=by, channel=channel, staff_id=staff_id, facts=facts)
        return found + [
            DaySum(
                each.day if "day" in by else date.min, each.fact, each.channel if "channel" in by else "",
                each.staff_id if "staff_id" in by else "", each.sum,
            )
            for each in fresh
            if channel in (None, each.channel) and staff_id in (None, each.staff_id) and since <= each.day <= until
            if facts is None or each.fact in facts
        ]  # fmt: skip


def _chunks(days: Sequence[date]) -> list[list[date]]:
    """Days that follow each other closely are read together."""
    found: list[list[date]] = []
    for day in days:
        if found and (day - found[-1][-1]).days <= 3 and len(found[-1]) < AT_ONCE:
            found[-1].append(day)
        else:
            found.append([day])
    return found
