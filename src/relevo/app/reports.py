"""Reports and exports, wired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter

from relevo.bookings.rules import Business
from relevo.desk.board import Board
from relevo.desk.timesheets import Timesheets
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.ids import Ids
from relevo.kit.mail import Mailer
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.reports.exports import SEND, Exports
from relevo.reports.floor import Floor
from relevo.reports.lists import Lists
from relevo.reports.rolling import Rolling
from relevo.reports.service import ROLL, Reports
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import reports as reports_http
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Figures:
    reports: Reports
    lists: Lists
    exports: Exports

    def routers(self, gate: Gate) -> list[APIRouter]:
        return [
            reports_http.router(self.reports, self.lists, gate),
            reports_http.exports_router(self.exports, self.reports, gate),
        ]

    def handle(self, work: Work) -> None:
        work.handle(ROLL, self.reports.roll_job)
        work.handle(SEND, self.exports.send_job)


def wire(
    settings: Settings,
    db: Database,
    work: Work,
    people: People,
    mailer: Mailer,
    business: Business,
    clock: Clock,
    ids: Ids,
    texts: Texts,
    timesheets: Timesheets,
    board: Board,
) -> Figures:
    zone = business.timezone
    floor = Floor(people, clock, zone, timesheets, board)
    rolling = Rolling(
        db, clock, zone, floor,
        rooms=lambda: sum(len(each.rooms) for each in business.room_types),
        keep_words=timedelta(days=settings.keep_messages),
        keep_shifts=timedelta(days=settings.keep_shifts),
    )  # fmt: skip
    reports = Reports(db, work, people, clock, texts, rolling, business.currency)
    lists = Lists(db, people, clock, zone, reports, rolling, floor)
    return Figures(
        reports,
        lists,
        Exports(db, work, people, mailer, clock, ids, texts, zone, settings.data_dir / "exports", lists),
    )
