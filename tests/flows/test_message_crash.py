"""kill -9 anywhere while messages are in flight: after the restart each has one reply, handed over under one key."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from relevo.conversations.models import MessageRow
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.tasks import Tasks
from relevo.kit.work import JobRow
from tests.flows.message_processes import handed_over

ROOT = Path(__file__).parents[2]
IN_FLIGHT = 20
ENDS = (1, 2, 3, 7, 18, 33, 41)
"""Some of the places where it may die; ``make bench-crash-messages`` takes many more, with 500 in flight."""


async def play(folder: Path, count: int, ends: list[int], *, quiet: bool = False) -> list[int]:
    playing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.message_processes", str(folder), str(count), *map(str, ends), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL if quiet else None,
    )  # fmt: skip
    out, _ = await playing.communicate()
    codes: list[int] = json.loads(out.splitlines()[-1])
    return codes


async def wrong(folder: Path, count: int) -> list[str]:
    """Whatever is missing or there twice."""
    db = Database(f"sqlite+aiosqlite:///{folder / 'relevo.db'}", Events(Tasks()))
    async with db.read() as session:
        rows = (await session.execute(select(MessageRow))).scalars().all()
        left = (await session.execute(select(JobRow.kind, JobRow.state).where(JobRow.state != "done"))).all()
    await db.close()
    received = [row for row in rows if row.author == "customer"]
    replies = [row for row in rows if row.author == "bot"]
    taken = Counter(key for key, _ in handed_over(folder))
    found = []
    if len(received) != count or len({row.external_id for row in received}) != count:
        found.append(f"{len(received)} received of {count}")
    if Counter(row.meta.get("reply_to") for row in replies) != Counter({row.id: 1 for row in received}):
        found.append(f"{len(replies)} replies to {len(received)}")
    if set(taken) != {row.id for row in replies}:
        found.append(f"{len(taken)} messages at the carrier of {len(replies)}")
    found += [f"{row.id} is {row.delivery}" for row in replies if row.delivery != "sent"]
    again = Counter(handed_over(folder))
    found += [f"{key} was attempt {attempt} twice" for (key, attempt), times in again.items() if times > 1]
    return found + [f"{kind} is {state}" for kind, state in left if state in ("parked", "running")]


async def test_whatever_dies_in_flight_is_answered_once_and_handed_over(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    codes = await play(folder, IN_FLIGHT, list(ENDS))
    assert codes == [-signal.SIGKILL] * len(ENDS) + [0]
    assert await wrong(folder, IN_FLIGHT) == []
