"""Exports: one row per conversation, call, recording or booking of a period, as Excel or CSV, now or by e-mail on time.

An export reads batches and writes a file piece by piece, so that its size is nobody's burden; who took what is noted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from relevo.conversations.rules import iso
from relevo.kit.audit import noted
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden, Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.kit.mail import Mailer, MailFile
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.reports import exports_store, rules, schedule_store
from relevo.reports.files import MEDIA, Files, Format
from relevo.reports.lists import Lists
from relevo.reports.rules import LONGEST
from relevo.reports.schedule_store import Every, Schedule
from relevo.reports.sheets import Cell, Column
from relevo.texts import Texts

SEND = "reports.send"
"""Job: post one scheduled export. Payload: ``schedule_id``, ``due``."""
AT = time(7, 0)
"""When scheduled ones are posted, by the house's clock."""
LARGEST = 15_000_000
"""Bytes of a file that goes by e-mail; a larger one is fetched from the console."""
MOST_ADDRESSES = 10
TAKES = {
    "conversations": Action.SEE_CONVERSATIONS,
    "calls": Action.SEE_CALLS,
    "recordings": Action.HEAR_RECORDINGS,
    "bookings": Action.SEE_BOOKINGS,
}
"""Besides the permission to export: nobody takes away what they may not look at."""


@dataclass(frozen=True, slots=True)
class Wish:
    kind: str
    format: Format
    since: date
    until: date
    channel: str | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}_{self.since}_{self.until}.{self.format.value}"


class Exports:
    def __init__(
        self,
        db: Database,
        work: Work,
        people: People,
        mailer: Mailer,
        clock: Clock,
        ids: Ids,
        texts: Texts,
        zone: ZoneInfo,
        folder: Path,
        lists: Lists,
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._mailer = mailer
        self._clock = clock
        self._ids = ids
        self._texts = texts
        self._zone = zone
        self._files = Files(folder, zone, texts.say("reports.export.total"))
        self._lists = lists

    async def take(self, wish: Wish, *, by: Staff) -> AsyncIterator[bytes]:
        """Check, note who takes it, and give the pieces. Raises ``Forbidden``, ``NotFound``, ``Invalid``."""
        self._check(wish.kind, by)
        if not rules.is_period(wish.since, wish.until):
            raise Invalid("bad_period", days=LONGEST)
        details = {"format": wish.format.value, "since": str(wish.since), "until": str(wish.until)}
        async with self._db.write() as tx:
            await noted(tx, "exported", wish.kind, by=by.id, at=self._clock.now(), details=details)
        return self._pieces(wish, by)

    def _check(self, kind: str, member: Staff) -> None:
        if kind not in TAKES:
            raise NotFound("no_export")
        if not may(member, Action.EXPORT) or not may(member, TAKES[kind]):
            raise Forbidden("not_allowed")

    async def _pieces(self, wish: Wish, by: Staff) -> AsyncIterator[bytes]:
        begin, end = rules.bounds(wish.since, self._zone)[0], rules.bounds(wish.until, self._zone)[1]
        columns = self._columns(wish.kind)
        batches = exports_store.batches(self._db, wish.kind, begin, end, channel=wish.channel, viewer=by)
        title = self._texts.say(f"reports.export.{wish.kind}")
        async for piece in self._files.pieces(wish.format, title, columns, batches):
            yield piece

    async def take_list(
        self, figure: str, form: Format, since: date, until: date, *, channel: str | None = None, by: Staff
    ) -> tuple[str, AsyncIterator[bytes]]:
        """What a figure is made of, as a file with a name. Raises ``Forbidden``, ``NotFound``, ``Invalid``."""
        if not rules.is_period(since, until):
            raise Invalid("bad_period", days=LONGEST)
        described = self._lists.described(figure)
        if not may(by, Action.EXPORT) or not may(by, Action.SEE_REPORTS):
            raise Forbidden("not_allowed")
        details = {"figure": figure, "format": form.value, "since": str(since), "until": str(until)}
        async with self._db.write() as tx:
            await noted(tx, "exported", "figure", by=by.id, at=self._clock.now(), details=details)
        amount = _CELLS.get(self._lists.amounts(figure) or "")
        cells = [("id", Cell.TEXT), ("at", Cell.MOMENT), ("customer", Cell.TEXT), ("channel", Cell.TEXT)]
        cells += [("agent", Cell.TEXT), *([("amount", amount)] if amount else [])]
        columns = [Column(key, self._texts.say(f"reports.column.{key}"), cell) for key, cell in cells]
        listed = self._lists.every(figure, since, until, channel=channel, viewer=by)

        async def batches() -> AsyncIterator[Sequence[Sequence[Any]]]:
            async for rows, subjects, names in listed:
                yield [
                    [row.id, _moment(row.at, self._zone), subjects.get(row.id), row.channel, names.get(row.staff_id)]
                    + ([row.amount] if amount else [])
                    for row in rows
                ]

        name = f"{figure}_{since}_{until}.{form.value}"
        return name, self._files.pieces(form, str(described["name"]), columns, batches())

    def _columns(self, kind: str) -> list[Column]:
        return [
            Column(key, self._texts.say(f"reports.column.{key}"), cell, key not in exports_store.UNSUMMED)
            for key, cell, _ in exports_store.TABLES[kind]().fields
        ]

    async def plan(self, kind: str, form: Format, every: Every, to: list[str], *, by: Staff) -> dict[str, Any]:
        """Post it from now on. Raises ``Forbidden``, ``NotFound``, ``Invalid("bad_addresses")``."""
        self._check(kind, by)
        addresses = sorted({each.strip().lower() for each in to})
        if not addresses or len(addresses) > MOST_ADDRESSES or any(not _is_address(each) for each in addresses):
            raise Invalid("bad_addresses", most=MOST_ADDRESSES)
        due = self._due(every, self._clock.now())
        made = Schedule(self._ids.new("sch"), kind, form.value, every, tuple(addresses), by.id, due)
        async with self._db.write() as tx:
            await schedule_store.add(tx.session, made, self._clock.now())
            details = {"kind": kind, "every": every.value, "addresses": len(addresses)}
            await noted(tx, "export_planned", made.id, by=by.id, at=self._clock.now(), details=details)
            await self._promise(tx, made)
        return self._json(made)

    async def plans(self, member: Staff) -> list[dict[str, Any]]:
        """Those that this member of staff could have made."""
        async with self._db.read() as session:
            found = await schedule_store.every(session)
        return [self._json(each) for each in found if each.kind in TAKES and may(member, TAKES[each.kind])]

    async def drop(self, schedule_id: str, *, by: Staff) -> None:
        async with self._db.write() as tx:
            if not await schedule_store.drop(tx.session, schedule_id):
                raise NotFound("no_export")
            await noted(tx, "export_dropped", schedule_id, by=by.id, at=self._clock.now())

    async def send_job(self, job: Job) -> None:
        """Promises the next one before anything else. Whoever planned it must still be allowed to take it."""
        due = datetime.fromisoformat(str(job.payload["due"]))
        async with self._db.write() as tx:
            plan = await schedule_store.one(tx.session, str(job.payload["schedule_id"]))
            if plan is None:
                return
            if plan.next_at == due:
                plan = await schedule_store.move(tx.session, plan, self._due(plan.every, due))
                await self._promise(tx, plan)
        member = await self._people.staff(plan.by)
        if member is None or not may(member, Action.EXPORT) or not may(member, TAKES[plan.kind]):
            return
        since, until = _period(plan.every, due.astimezone(self._zone).date())
        wish = Wish(plan.kind, Format(plan.format), since, until)
        content = b"".join([piece async for piece in self._pieces(wish, member)])
        kind = self._texts.say(f"reports.export.{plan.kind}")
        words = {"kind": kind, "since": since.isoformat(), "until": until.isoformat()}
        small = len(content) <= LARGEST
        files = [MailFile(wish.name, MEDIA[wish.format], content)] if small else []
        text = self._texts.say("reports.mail.text" if small else "reports.mail.too_large", **words)
        subject = self._texts.say("reports.mail.subject", **words)
        for number, address in enumerate(plan.to):

            async def send(number: int = number, address: str = address) -> dict[str, Any]:
                await self._mailer.send(
                    to=address, subject=subject, text=text, attachments=files, key=f"{job.key}:{number}"
                )
                return {}

            await job.once(f"letter {number}", send)

    async def _promise(self, tx: Any, plan: Schedule) -> None:
        due = plan.next_at.isoformat()
        payload = {"schedule_id": plan.id, "due": due}
        await self._work.promise(tx, SEND, key=f"{SEND}:{plan.id}:{due}", payload=payload, run_at=plan.next_at)

    def _due(self, every: Every, after: datetime) -> datetime:
        """The first morning after ``after`` on which one is due."""
        day = after.astimezone(self._zone).date()
        while True:
            due = datetime.combine(day, AT, self._zone)
            if due > after and _is_due(every, day):
                return due.astimezone(UTC)
            day += timedelta(days=1)

    def _json(self, plan: Schedule) -> dict[str, Any]:
        return {
            "id": plan.id,
            "kind": plan.kind,
            "format": plan.format,
            "every": plan.every.value,
            "to": list(plan.to),
            "next_at": iso(plan.next_at),
        }


_CELLS = {"seconds": Cell.SECONDS, "money": Cell.MONEY, "mark": Cell.COUNT}
"""Of the amounts of a figure's list."""


def _moment(at: date | datetime, zone: ZoneInfo) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time(), zone)


def _is_address(text: str) -> bool:
    name, at, domain = text.partition("@")
    return bool(name and at and "." in domain) and text.isprintable() and " " not in text and len(text) <= 254


def _is_due(every: Every, day: date) -> bool:
    return {Every.DAY: True, Every.WEEK: day.weekday() == 0, Every.MONTH: day.day == 1}[every]


def _period(every: Every, day: date) -> tuple[date, date]:
    """What is told on the morning of ``day``: yesterday, last week, last month."""
    last = day - timedelta(days=1)
    if every is Every.DAY:
        return last, last
    if every is Every.WEEK:
        return day - timedelta(days=7), last
    return last.replace(day=1), last
