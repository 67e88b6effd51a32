"""How quickly a house of a year answers: every report, the list of every figure over twelve months, pages of the inbox.

A fresh database is filled with ``house_year``, its days are added up as the hourly job does, and everything is asked
for several times; ``--postgres`` starts a server of its own. With ``--file`` rows are taken away as files too, and the
memory that takes is told. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import text

from bench.house_year import ROOMS, fill
from relevo.app.database import migrate
from relevo.kit.clock import SystemClock
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from relevo.people.account_store import put_staff
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.reports.exports import Exports, Wish
from relevo.reports.files import Format
from relevo.reports.floor import Floor
from relevo.reports.lists import Lists
from relevo.reports.rolling import Rolling
from relevo.reports.rules import FIGURES
from relevo.reports.service import STANDING, Reports
from relevo.settings import Settings
from relevo.texts import Texts
from tests import postgres

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
AGENTS = 12
TIMES = 3
Ask = Callable[[], Awaitable[Any]]


class NoPost:
    on = False

    async def send(self, **letter: Any) -> None:
        raise AssertionError(f"nothing is posted here: {letter}")


async def timed(ask: Ask, times: int = TIMES) -> float:
    """The slowest of some, in ms."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - begun) * 1000)
    return round(float(np.max(took)), 1)


class House:
    """What is asked, on a database of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        clock = SystemClock()
        self.db = Database(url, Events(Tasks()))
        self.people = People(self.db, clock, RandomIds())
        self.work = make_work(self.db, clock, RandomIds())
        floor = Floor(self.people, clock, ZONE)
        self.rolling = Rolling(self.db, clock, ZONE, floor, lambda: ROOMS)
        texts = Texts("es")
        self.reports = Reports(self.db, self.work, self.people, clock, texts, self.rolling, "ARS")
        self.lists = Lists(self.db, self.people, clock, ZONE, self.reports, self.rolling, floor)
        self.exports = Exports(
            self.db, self.work, self.people, NoPost(), clock, RandomIds(), texts, ZONE, folder / "exports", self.lists
        )
        self.until = self.rolling.today()
        self.since = self.until - timedelta(days=364)

    async def ask(self, boss: Staff) -> dict[str, Any]:
        reports = {
            "year": await timed(lambda: self.reports.report(self.since, self.until)),
            "year_of_a_channel": await timed(lambda: self.reports.report(self.since, self.until, channel="whatsapp")),
            "year_of_one": await timed(lambda: self.reports.report(self.since, self.until, staff_id=boss.id)),
            "year_of_staff": await timed(lambda: self.reports.of_staff(self.since, self.until)),
            "today": await timed(lambda: self.reports.report(self.until, self.until)),
        }
        lists = {key: await timed(self._list(key, boss)) for key in (*STANDING, *(each.key for each in FIGURES))}
        slowest = max(lists, key=lambda key: lists[key])
        return {
            "reports_ms": reports,
            "lists_slowest": [slowest, lists[slowest]],
            "lists_over_1000_ms": {key: ms for key, ms in lists.items() if ms > 1000},
            "slowest_ms": max(*reports.values(), *lists.values()),
        }

    def _list(self, key: str, boss: Staff) -> Ask:
        return lambda: self.lists.page(key, self.since, self.until, viewer=boss)

    async def take(self, boss: Staff) -> dict[str, Any]:
        """Rows, seconds and what the process had at most while a file was made."""
        found = {}
        for form in Format:
            before, begun, size = _mb(), time.perf_counter(), 0
            async for piece in await self.exports.take(Wish("conversations", form, self.since, self.until), by=boss):
                size += len(piece)
            took = time.perf_counter() - begun
            found[form.value] = {
                "s": round(took, 1),
                "mb": round(size / 1e6, 1),
                "more_memory_mb": round(_mb() - before, 1),
            }
        return found


def _mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


async def measure(url: str, folder: Path, given: Any) -> dict[str, Any]:
    await migrate(Settings(data_dir=folder, database_url=url))
    house = House(url, folder)
    staff = [Staff(f"stf_y{n}", f"y{n}@example.com", f"Agente {n}", Role.ADMIN) for n in range(AGENTS)]
    async with house.db.write() as tx:
        for each in staff:
            await put_staff(tx.session, each, datetime.now(UTC))
    begun = time.monotonic()
    await fill(
        house.db, conversations=given.conversations, each=10, until=datetime.now(UTC), staff=[each.id for each in staff]
    )
    filled = time.monotonic() - begun
    async with house.db.write() as tx:
        await tx.session.execute(text("ANALYZE"))
    begun = time.monotonic()
    while await house.rolling.roll():
        pass
    rolled = time.monotonic() - begun
    print(f"filled in {filled:.0f} s, added up in {rolled:.0f} s", flush=True)
    found = await house.ask(staff[0])
    if given.file:
        found["files"] = await house.take(staff[0])
    begun = time.monotonic()
    await house.rolling.roll()
    found |= {
        "database": url.partition(":")[0],
        "messages": given.conversations * 10,
        "fill_s": round(filled, 1),
        "add_up_year_s": round(rolled, 1),
        "add_up_hour_s": round(time.monotonic() - begun, 1),
    }
    await house.work.close()
    await house.db.close()
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=100_000, help="of ten messages each")
    arguments.add_argument("--postgres", action="store_true")
    arguments.add_argument("--file", action="store_true", help="take a year away as files, too")
    given = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite+aiosqlite:///{folder / 'relevo.db'}"
        if given.postgres:
            server = stack.enter_context(postgres.running())
            server.make_template()
            url = stack.enter_context(server.database(empty=True))
        found = asyncio.run(measure(url, folder, given))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
