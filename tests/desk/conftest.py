"""The desk on a real database, with probes that answer what the test wants and a post box for letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from relevo.desk.letters import Letters
from relevo.desk.models import AlertRow
from relevo.desk.rules import News
from relevo.desk.service import LOOK, MAIL, Alerts, Watch
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.live import EventRow, Live
from relevo.kit.mail import MailFile
from relevo.kit.work import Work
from relevo.people import account_store as store
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.texts import Texts


class PostBox:
    """Keeps letters; refuses ``broken`` times first."""

    on = True

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.keys: list[str] = []
        self.broken = 0

    async def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        attachments: Sequence[MailFile] = (),
        key: str,
    ) -> None:
        if self.broken:
            self.broken -= 1
            raise NotReady("mail_unavailable")
        self.letters.append((to, subject, text))
        self.keys.append(key)


@dataclass
class Desk:
    db: Database
    work: Work
    clock: FixedClock
    alerts: Alerts
    watch: Watch
    letters: Letters
    box: PostBox
    marta: Staff
    seen: dict[str, str] = field(default_factory=lambda: {"pms": "ok", "speech": "off"})
    """What each part answers when it is asked."""

    async def looks(self, times: int) -> None:
        for _ in range(times):
            self.clock.advance(LOOK)
            await self.watch.look()

    async def mode(self) -> dict[str, Any]:
        async with self.db.read() as session:
            return await self.watch.house_json(session)

    async def open(self) -> list[dict[str, Any]]:
        async with self.db.read() as session:
            items: list[dict[str, Any]] = (await self.alerts.list_json(session))["items"]
            return items

    async def report(self, news: News) -> None:
        async with self.db.write() as tx:
            await self.alerts.report(tx, news)

    async def announced(self, topic: str) -> list[dict[str, Any]]:
        async with self.db.read() as session:
            query = select(EventRow).where(EventRow.topic == topic).order_by(EventRow.seq)
            return [row.data for row in (await session.execute(query)).scalars()]

    async def rows(self) -> list[AlertRow]:
        async with self.db.read() as session:
            return list((await session.execute(select(AlertRow).order_by(AlertRow.created_at))).scalars())

    async def minute(self) -> None:
        self.clock.advance(timedelta(minutes=1))
        await self.work.drain()


@pytest.fixture
async def desk(db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds) -> Desk:
    people, texts, box = People(db, clock, ids), Texts("es"), PostBox()
    marta = Staff(ids.new("stf"), "marta@x.com", "Marta", Role.SUPERVISOR)
    async with db.write() as tx:
        await store.put_staff(tx.session, marta, clock.now())
    letters = Letters(box, ("marta@x.com", "luz@x.com"))
    alerts = Alerts(db, live, work, people, clock, ids, texts, letters, "https://hotel.example")
    watch = Watch(db, live, work, people, alerts, clock, texts)
    work.handle(MAIL, alerts.mail_job)
    made = Desk(db, work, clock, alerts, watch, letters, box, marta)

    def probe(name: str) -> Any:
        async def ask() -> str:
            return made.seen[name]

        return ask

    watch.probes.update({name: probe(name) for name in made.seen})
    return made
