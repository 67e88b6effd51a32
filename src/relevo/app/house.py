"""The house as a whole, wired: alerts, the watch over its parts with what each is asked, the morning's letter."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from relevo.app.summary import Mornings
from relevo.bookings import store as booked
from relevo.bookings.events import BookingCancelled, BookingConfirmed, NeedsStaff
from relevo.bookings.ports import Pms
from relevo.bookings.rules import Business
from relevo.bookings.rules.road import Needs
from relevo.bot.ports import ReadingContext, Understander
from relevo.desk import store as desk
from relevo.desk.events import AnswerUndone, GuestAnswered, GuestAsked
from relevo.desk.rules import GUEST_REQUEST, News, RequestKind, Severity
from relevo.desk.service import Alerts, Watch
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.failover import FailoverTransport, Switched
from relevo.kit.health import OFF, OK, Probe
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work
from relevo.settings import Settings

ROOM_NEEDED = 200 * 2**20
"""Bytes that have to be free where the data is: below, a hold may not be written whole."""
LATE = timedelta(minutes=3)
NEEDS, REFUND = "needs_staff", "refund_due"
MONEY = frozenset({Needs.REFUND, Needs.PAID_AFTER_CANCEL})
URGENT = frozenset({Needs.NO_ROOM, Needs.PMS_REFUSED, Needs.REFUND, Needs.CANCELLED_IN_PMS})


@dataclass(frozen=True, slots=True)
class House:
    alerts: Alerts
    watch: Watch
    mornings: Mornings


class BookingAlerts:
    """Bookings that need a person are alerts, one for each reason, until the booking has gone on."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    async def need(self, tx: Tx, event: NeedsStaff) -> None:
        booking = await booked.by_id(tx.session, event.booking_id)
        code = booking.code if booking is not None else event.booking_id
        kind = REFUND if event.reason in MONEY else NEEDS
        severity = Severity.CRITICAL if event.reason in URGENT else Severity.WARNING
        params = {"code": code, "why": event.reason}
        news = News(kind, f"{event.booking_id}:{event.reason}", severity, params, f"/reservas/{code}")
        await self._alerts.report(tx, news)

    async def confirmed(self, tx: Tx, event: BookingConfirmed) -> None:
        await self._alerts.settle_all(tx, NEEDS, f"{event.booking_id}:")

    async def cancelled(self, tx: Tx, event: BookingCancelled) -> None:
        """What is owed to the guest stays open."""
        await self._alerts.settle_all(tx, NEEDS, f"{event.booking_id}:")


class RequestAlerts:
    """What a guest asked for is an alert until a person has seen to it. A group is somebody's business today."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    async def asked(self, tx: Tx, event: GuestAsked) -> None:
        severity = Severity.WARNING if event.kind is RequestKind.GROUPS else Severity.INFO
        why = f"request_{event.kind.value}"
        await self._alerts.report(tx, News(GUEST_REQUEST, event.request_id, severity, {"why": why}, "/hoy"))

    async def answered(self, tx: Tx, event: GuestAnswered) -> None:
        await self._alerts.settle(tx, GUEST_REQUEST, event.request_id)

    async def undone(self, tx: Tx, event: AnswerUndone) -> None:
        await self._alerts.revive(tx, GUEST_REQUEST, event.request_id)


def switch_alerts(alerts: Alerts, db: Database, tasks: Tasks) -> Callable[[Switched], None]:
    """Whoever changes over to a backup address, or back, is told of by an alert (``Failover.told``)."""

    async def write(switched: Switched) -> None:
        async with db.write() as tx:
            if switched.to_backup:
                await alerts.report(tx, News("failover", switched.service, Severity.WARNING, link="/hoy"))
            else:
                await alerts.settle(tx, "failover", switched.service)

    def told(switched: Switched) -> None:
        tasks.start(write(switched), name="switch alert")

    return told


def watch_addresses(pms: Pms, watch: Watch, alerts: Alerts, db: Database, tasks: Tasks) -> None:
    """A PMS that has a second address: each process goes back to the first by itself, and staff are told."""
    transport = getattr(pms, "failover", None)
    if isinstance(transport, FailoverTransport):
        transport.failover.told = switch_alerts(alerts, db, tasks)
        watch.before.append(transport.look)


def probes(
    settings: Settings,
    db: Database,
    work: Work,
    pms: Pms,
    business: Business,
    understander: Understander,
    clock: Clock,
) -> Mapping[str, Probe]:
    """How each part is asked how it is. Whatever raises is down, by the code of its error."""

    async def rooms() -> str:
        await pms.health()
        return OK

    async def understanding() -> str:
        context = ReadingContext(clock.now().astimezone(business.timezone))
        await asyncio.to_thread(understander.read, "hola", context)
        return OK

    async def engine() -> str:
        return await understander.check()

    async def disk() -> str:
        free = await asyncio.to_thread(lambda: shutil.disk_usage(settings.data_dir).free)
        return "low_disk" if free < ROOM_NEEDED else OK

    async def database() -> str:
        async with db.read() as session:
            await desk.is_selling(session)
        return OK

    async def jobs() -> str:
        since = await work.late_since()
        return "late_jobs" if since is not None and clock.now() - since > LATE else OK

    return {
        "pms": rooms, "understanding": understanding, "disk": disk, "database": database,
        "work": jobs, "understanding_engine": engine,
    }  # fmt: skip


def voice_probe(check: Callable[[], Awaitable[str]] | None) -> Probe:
    async def speech() -> str:
        return OFF if check is None else await check()

    return speech
