"""A process that sends what is due and dies where it is told: run by the tests, killed for real.

``python -m tests.outreach.posting DATABASE MOMENT OUTBOX NTH``: after the nth letter has left, before anything is
written about it, the process is gone. ``NTH`` 0: it lives.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from tests.outreach.conftest import world_on


class Outbox:
    """Letters as lines of a file: what is in it has left."""

    on = True

    def __init__(self, path: Path, dies_after: int) -> None:
        self._path = path
        self._left = dies_after

    async def send(self, *, key: str, **_letter: Any) -> None:
        with self._path.open("a") as file:
            file.write(f"{key}\n")
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, moment: str, outbox: str, dies_after: int) -> None:
    tasks = Tasks()
    events = Events(tasks)
    db, clock, ids = Database(url, events), FixedClock(datetime.fromisoformat(moment)), RandomIds()
    work = make_work(db, clock, ids)
    world_on(db, Live(db, clock), work, events, clock, ids, Outbox(Path(outbox), dies_after))
    await work.recover()
    await work.drain()
    await work.close()
    await tasks.close()
    await db.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
