"""Other travellers, in a process of their own: ``python -m tests.tours.processes <database> <first> <count>`` prints
how many places they got, and how often there were too few.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from tests.tours.conftest import SATURDAY, tours_on

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def travel(url: str, first: int, count: int) -> dict[str, int]:
    db, clock = Database(url, Events(Tasks())), FixedClock(NOW)
    tours = tours_on(db, Live(db, clock), clock, RandomIds())
    got = {"places": 0, "refused": 0}

    async def one(number: int) -> None:
        try:
            made = await tours.book(
                "islas", SATURDAY, adults=1 + number % 3, children=0, person_id="per_1", conversation_id=None,
                name=None, phone=None, key=f"traveller {number}",
            )  # fmt: skip
        except Conflict as refused:
            got["refused"] += refused.code == "places_taken"
        else:
            got["places"] += made.people

    await asyncio.gather(*(one(number) for number in range(first, first + count)))
    await db.close()
    return got


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(travel(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
