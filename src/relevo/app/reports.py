"""Reports and exports, wired."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from relevo.bookings.rules import Business
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.ids import Ids
from relevo.kit.mail import Mailer
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.reports.exports import SEND, Exports
from relevo.reports.service import ROLL, Reports
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import reports as reports_http
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Figures:
    reports: Reports
    exports: Exports

    def routers(self, gate: Gate) -> list[APIRouter]:
        return [
            reports_http.router(self.reports, gate),
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
) -> Figures:
    zone = business.timezone
    return Figures(
        Reports(db, work, people, clock, texts, zone, business.currency),
        Exports(db, work, people, mailer, clock, ids, texts, zone, settings.data_dir / "exports"),
    )
