"""The morning's letter to the staff: who comes and goes, and what waits for a person. At 08:00 by the house's clock.

One morning is one durable job, which promises the next one before it does anything. A morning that nobody was running
for is told at the start, and of several only the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from relevo.bookings import store as booked
from relevo.bookings.rules import Booking, BookingStatus, DepositStatus
from relevo.conversations import reach_store
from relevo.conversations import store as threads
from relevo.conversations.rules import Control
from relevo.desk import store as desk
from relevo.desk.letters import Letters
from relevo.desk.rules import Mode, News, Severity
from relevo.desk.service import Alerts
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.work import Job, Work
from relevo.people.rules import Staff
from relevo.texts import Texts

SUMMARY = "desk.summary"
AT = time(8, 0)
MOST = 1_000
STALE = timedelta(hours=12)
"""A morning that is over is not told any more: the next one is near."""


@dataclass(frozen=True, slots=True)
class Figures:
    day: date
    at: datetime
    mode: Mode
    arrivals: Sequence[Booking]
    departures: Sequence[Booking]
    deposits: int
    holds: int
    waiting: int
    alerts: int
    parked: int


class Mornings:
    def __init__(
        self,
        db: Database,
        work: Work,
        alerts: Alerts,
        letters: Letters,
        clock: Clock,
        texts: Texts,
        zone: ZoneInfo,
    ) -> None:
        self._db = db
        self._work = work
        self._alerts = alerts
        self._letters = letters
        self._clock = clock
        self._texts = texts
        self._zone = zone

    async def promise(self) -> None:
        """The next morning's letter, unless it is promised already."""
        async with self._db.write() as tx:
            await self._promise(tx)

    async def json(self, day: date | None, viewer: Staff) -> dict[str, Any]:
        figures = await self._theirs(await self.figures(day), viewer)
        return {
            "day": figures.day.isoformat(),
            "at": figures.at.isoformat(),
            "mode": figures.mode.value,
            "arrivals": len(figures.arrivals),
            "departures": len(figures.departures),
            "deposits": figures.deposits,
            "holds": figures.holds,
            "waiting": figures.waiting,
            "alerts": figures.alerts,
            "parked": figures.parked,
            "arriving": [_short(booking) for booking in figures.arrivals],
            "departing": [_short(booking) for booking in figures.departures],
        }

    async def figures(self, day: date | None = None) -> Figures:
        """Of ``day`` (today) for who comes and goes; everything else is as it is now."""
        now = self._clock.now()
        day = day or now.astimezone(self._zone).date()
        parked = (await self._work.counts()).get("parked", 0)
        async with self._db.read() as session:
            holds, deposits = await booked.open_counts(session, now)
            return Figures(
                day=day,
                at=now,
                mode=(await desk.house(session, now)).mode,
                arrivals=await booked.staying(session, arriving=day),
                departures=await booked.staying(session, leaving=day),
                deposits=deposits,
                holds=holds,
                waiting=await threads.count(session, Control.QUEUED),
                alerts=await desk.count_open(session),
                parked=parked,
            )

    async def _theirs(self, figures: Figures, viewer: Staff) -> Figures:
        """Only what is of the part of the house that somebody sees."""
        if viewer.scope.whole:
            return figures
        about = {each.conversation_id for each in (*figures.arrivals, *figures.departures)}
        async with self._db.read() as session:
            seen = await reach_store.seen(session, viewer, about)
            status, now = BookingStatus.HOLD.value, figures.at
            held = await booked.listing(
                session, status=status, conversation_id=None, limit=MOST, now=now, viewer=viewer
            )
            received = await booked.with_deposit(session, [DepositStatus.RECEIVED.value], MOST, viewer)
            waiting = await reach_store.listing(session, folder=reach_store.QUEUE, viewer=viewer, limit=MOST)
            alerts = await self._alerts.list_json(session, limit=1, viewer=viewer)
        return replace(
            figures, holds=len(held), deposits=len(received), waiting=len(waiting), alerts=alerts["open"],
            arrivals=[each for each in figures.arrivals if each.conversation_id in seen],
            departures=[each for each in figures.departures if each.conversation_id in seen],
        )  # fmt: skip

    async def job(self, job: Job) -> None:
        day = date.fromisoformat(str(job.payload["day"]))
        async with self._db.write() as tx:
            await self._promise(tx)
        if self._clock.now() - datetime.combine(day, AT, self._zone) > STALE:
            return
        figures = await self.figures(day)
        async with self._db.write() as tx:
            if not await desk.open_about(tx.session, ("summary",), day.isoformat()):
                await self._alerts.settle_all(tx, "summary", "")
                news = News("summary", day.isoformat(), Severity.INFO, {"line": self._line(figures)}, "/hoy")
                await self._alerts.report(tx, news)
        if self._letters.on:
            subject = self._texts.say("desk.summary.subject", day=self._texts.day(day))
            await self._letters.post(job, subject=subject, text=self.letter(figures))

    def letter(self, figures: Figures) -> str:
        texts = self._texts
        lines = [texts.say(f"desk.summary.mode_{figures.mode.value}"), ""]
        for name, stays in (("arrivals", figures.arrivals), ("departures", figures.departures)):
            lines += [texts.say(f"desk.summary.{name}", n=len(stays)), *(self._entry(stay) for stay in stays), ""]
        for name in ("deposits", "holds", "waiting", "alerts", "parked"):
            lines.append(texts.say(f"desk.summary.{name}", n=getattr(figures, name)))
        return "\n".join(lines)

    def _line(self, figures: Figures) -> str:
        return self._texts.say(
            "desk.summary.line", arrivals=len(figures.arrivals), departures=len(figures.departures),
            deposits=figures.deposits, waiting=figures.waiting,
        )  # fmt: skip

    def _entry(self, booking: Booking) -> str:
        texts = self._texts
        return texts.say(
            "desk.summary.booking", code=booking.code, name=booking.guest_name or texts.say("desk.summary.nameless"),
            type=booking.type_name, room=booking.room_number, people=texts.count("bot.people", booking.guests),
        )  # fmt: skip

    async def _promise(self, tx: Tx) -> None:
        day, due = next_morning(self._clock.now(), self._zone)
        await self._work.promise(tx, SUMMARY, key=f"{SUMMARY}:{day}", payload={"day": day.isoformat()}, run_at=due)


def next_morning(now: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The day and the moment of the morning that comes next."""
    day = now.astimezone(zone).date()
    if datetime.combine(day, AT, zone) <= now:
        day += timedelta(days=1)
    return day, datetime.combine(day, AT, zone)


def _short(booking: Booking) -> dict[str, Any]:
    return {
        "code": booking.code, "guest_name": booking.guest_name, "room_number": booking.room_number,
        "type_name": booking.type_name, "guests": booking.guests, "check_in": booking.check_in.isoformat(),
        "check_out": booking.check_out.isoformat(), "conversation_id": booking.conversation_id,
    }  # fmt: skip
