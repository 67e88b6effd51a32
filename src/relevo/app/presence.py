"""The states of the staff, wired: what calls do to them, who is watched, and the doors to it all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter

from relevo.calls.events import CallEnded, CallHeld, SeatChanged
from relevo.desk.attendance import Attendance
from relevo.desk.events import PresenceChanged
from relevo.desk.presence import WRAP_UP, Presence
from relevo.desk.service import Alerts
from relevo.desk.timesheets import Timesheets
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import presence as presence_http
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Shifts:
    db: Database
    presence: Presence
    timesheets: Timesheets
    attendance: Attendance

    def routers(self, gate: Gate) -> list[APIRouter]:
        """Whatever anybody does through the gate shows that they are there."""
        gate.acted = self.attendance.acted
        own = presence_http.own_router(self.db, self.presence, self.timesheets, self.attendance, gate)
        return [own, presence_http.team_router(self.db, self.presence, self.timesheets, gate)]

    def subscribe(self, events: Events, work: Work) -> None:
        presence = self.presence

        async def held(tx: Tx, event: CallHeld) -> None:
            await presence.holds_call(tx, event.conversation_id, event.staff_id)

        async def over(tx: Tx, event: CallEnded) -> None:
            await presence.call_over(tx, event.conversation_id)

        async def seat(tx: Tx, event: SeatChanged) -> None:
            await presence.sits_in(tx, event.staff_id, event.conversation_id)

        events.on_within(CallHeld, held)
        events.on_within(CallEnded, over)
        events.on_within(SeatChanged, seat)
        events.on_within(PresenceChanged, self.attendance.on_presence)
        work.handle(WRAP_UP, presence.wrap_up_job)


def wire(
    settings: Settings,
    db: Database,
    live: Live,
    work: Work,
    people: People,
    alerts: Alerts,
    clock: Clock,
    texts: Texts,
    zone: ZoneInfo,
) -> Shifts:
    presence = Presence(
        db, live, work, people, clock, texts, reasons=settings.pause_reasons_list, use=settings.presence
    )  # fmt: skip
    attendance = Attendance(
        db, people, presence, alerts, clock, quiet=timedelta(hours=settings.still_there_hours),
        offline_after=timedelta(minutes=settings.still_there_offline),
    )  # fmt: skip
    return Shifts(db, presence, Timesheets(db, people, presence, clock, zone), attendance)
