"""Every night: what is past its time is deleted, then a backup is made. One night's work is one durable job.

The job promises the next night's before it does anything, so that a failure of one night is not the end of them. What
a legal hold protects stays; so do the words of a conversation whose booking still stands. Every deletion is noted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.app.backup import back_up
from relevo.bookings.forgetting import count_guests, forget_guests, in_use, papers_among
from relevo.calls.recordings import Recordings
from relevo.conversations.forgetting import count_conversations, forget_messages, sweep_files
from relevo.conversations.ports import FileStore
from relevo.desk.keeping import Keeping, Period
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.forgetting import Found, Held, Spare, sparing
from relevo.kit.work import Job, Work
from relevo.people.legal import LegalHolds
from relevo.settings import Settings

_log = log.get("app.nightly")

NIGHTLY = "app.nightly"
AT = time(3, 30)
"""When nobody is at the desk, by the house's clock."""


class Forgetting(Protocol):
    async def __call__(self, before: datetime, *, held: Held, rule: str, at: datetime) -> int:
        """Returns how much that was."""
        ...


def next_night(now: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The day and the moment of the night's work that comes next."""
    day = now.astimezone(zone).date()
    due = datetime.combine(day, AT, zone)
    if due <= now:
        day += timedelta(days=1)
        due = datetime.combine(day, AT, zone)
    return day, due


class Nightly:
    def __init__(
        self,
        settings: Settings,
        keeping: Keeping,
        db: Database,
        work: Work,
        holds: LegalHolds,
        recordings: Recordings | None,
        files: FileStore,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._settings = settings
        self._keeping = keeping
        self._db = db
        self._work = work
        self._holds = holds
        self._recordings = recordings
        self._files = files
        self._clock = clock
        self._zone = zone
        self.also: dict[str, tuple[str, Forgetting]] = {}
        """What else is past its time: what it is, the setting that says when, and who deletes it."""
        self.counting: dict[str, tuple[Period, Callable[[datetime], Awaitable[int]]]] = {}
        """Of what else it can be told beforehand how much a period would delete."""

    @property
    def now(self) -> datetime:
        return self._clock.now()

    @property
    def next_at(self) -> datetime:
        return next_night(self._clock.now(), self._zone)[1].astimezone(UTC)

    async def promise(self) -> None:
        """The coming night; once, whoever asks."""
        day, due = next_night(self._clock.now(), self._zone)
        async with self._db.write() as tx:
            await self._work.promise(tx, NIGHTLY, key=f"nightly:{day.isoformat()}", run_at=due)

    async def job(self, _job: Job) -> None:
        await self.promise()
        await self.forget()
        if self._settings.backups:
            made = await back_up(
                self._settings, now=self._clock.now(), into=self._settings.backup_folder, keep=self._settings.backups
            )
            _log.info("backup made", backup=made.path.name, size=made.size, files=made.files)

    async def forget(self) -> dict[str, int]:
        """Delete what is past its time; how much of each."""
        now, days = self._clock.now(), await self._keeping.days()
        since = {period.value: now - timedelta(days=kept) for period, kept in days.items()}
        rules = {period.value: f"{period.value}={kept}" for period, kept in days.items()}
        audio = 0
        if self._recordings is not None:
            audio = await self._recordings.forget(since["keep_audio"], held=self._holds.held, rule=rules["keep_audio"])
        done = {
            "recordings": audio,
            "messages": await forget_messages(
                self._db,
                since["keep_messages"],
                spare=self._spare(since["keep_messages"]),
                needed=papers_among,
                rule=rules["keep_messages"],
                at=now,
            ),
            "guests": await forget_guests(
                self._db, since["keep_cancelled"], held=self._holds.held, rule=rules["keep_cancelled"], at=now
            ),
        }
        for what, (setting, run) in self.also.items():
            done[what] = await run(since[setting], held=self._holds.held, rule=rules[setting], at=now)
        done["files"] = await sweep_files(self._db, self._files, at=now)
        _log.info("what was past its time is deleted", **done)
        return done

    async def would_forget(self, period: Period, days: int) -> dict[str, int]:
        """How much of what the coming night would delete with such a period; nothing is deleted."""
        before, held = self._clock.now() - timedelta(days=days), self._holds.held
        found: dict[str, int] = {}
        if period is Period.MESSAGES:
            found["conversations"] = await count_conversations(self._db, before, spare=self._spare(before))
        if period is Period.AUDIO and self._recordings is not None:
            found["recordings"] = await self._recordings.count_old(before, held=held)
        if period is Period.CANCELLED:
            found["guests"] = await count_guests(self._db, before, held=held)
        for what, (of, count) in self.counting.items():
            if of is period:
                found[what] = await count(before)
        return found

    def _spare(self, before: datetime) -> Spare:
        """Conversations that a booking still needs, and those of people who are held."""
        ended = before.astimezone(self._zone).date()

        async def spare(session: AsyncSession, found: Found) -> frozenset[str]:
            used = await in_use(session, [conversation for conversation, _ in found], ended)
            return used | await sparing(self._holds.held)(session, found)

        return spare
