"""News between the processes of one installation: short, at once, and never the only way to know something.

Where there is one process (SQLite) nobody else hears. On PostgreSQL it is the database's own NOTIFY, which takes no
further server. What is said while the connection is down is lost, and those who hear are told that something may be
missing; whoever needs more than that reads the tables. Nothing is stored here.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import make_url

from relevo.kit import log
from relevo.kit.db import Database
from relevo.kit.tasks import Tasks

_log = log.get("bus")

CHANNEL = "relevo_bus"
LONGEST = 7_800
"""Bytes; the server takes 8,000."""
BACKLOG = 2_000
AGAIN = 2.0
"""Seconds between tries to reach the server."""

Ear = Callable[[str, Any], None]
"""Hears which process says what."""


class Bus:
    """A process that is alone. ``alone``: it is of no use to say anything."""

    alone = True

    def __init__(self, node: str) -> None:
        self.node = node
        self._ears: defaultdict[str, list[Ear]] = defaultdict(list)
        self._mended: list[Callable[[], None]] = []

    def hear(self, subject: str, ear: Ear) -> None:
        self._ears[subject].append(ear)

    def when_mended(self, run: Callable[[], None]) -> None:
        """Call ``run`` whenever the others can be heard again, the first time included."""
        self._mended.append(run)

    def say(self, subject: str, data: Any) -> bool:
        """Tell the others; False where it cannot be said (too long, too much at once)."""
        del subject, data
        return False

    def start(self) -> None:
        """Nothing to reach."""

    async def close(self) -> None:
        """Nothing to leave."""

    def arrived(self, text: str) -> None:
        """What the wire brought."""
        try:
            node, subject, data = json.loads(text)
        except (ValueError, TypeError):
            _log.warning("a message between processes is none")
            return
        if node == self.node:
            return
        for ear in self._ears.get(subject, ()):
            try:
                ear(str(node), data)
            except Exception:
                _log.exception("a message between processes was not understood", subject=subject)

    def mended(self) -> None:
        for run in self._mended:
            run()


class PostgresBus(Bus):
    """Over NOTIFY, with two connections of its own."""

    alone = False

    def __init__(self, node: str, url: str) -> None:
        super().__init__(node)
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._out: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self._tasks = Tasks()

    def say(self, subject: str, data: Any) -> bool:
        text = json.dumps([self.node, subject, data], ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > LONGEST or self._out.full():
            return False
        self._out.put_nowait(text)
        return True

    def start(self) -> None:
        self._tasks.start(self._keep(self._listen), name="bus listener")
        self._tasks.start(self._keep(self._send), name="bus sender")

    async def close(self) -> None:
        await self._tasks.close()

    async def _keep(self, work: Callable[[Any], Any]) -> None:
        import psycopg

        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._address, autocommit=True, application_name="relevo bus", connect_timeout=10
                ) as connection:
                    await work(connection)
            except psycopg.Error:
                _log.warning("the other processes cannot be reached; it is tried again")
            await asyncio.sleep(AGAIN)

    async def _listen(self, connection: Any) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        self.mended()
        async for news in connection.notifies():
            self.arrived(news.payload)

    async def _send(self, connection: Any) -> None:
        while True:
            text = await self._out.get()
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))


def make_bus(db: Database, node: str) -> Bus:
    """The one that belongs to the database at hand."""
    return Bus(node) if db.is_sqlite else PostgresBus(node, db.url)
