"""kill -9 anywhere on the road from a hold to its voucher: after the restart everything is there once."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from relevo.bookings.models import BookingRow, ReceiptRow, RoomNightRow, VoucherRow
from relevo.conversations.models import MessageRow
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.tasks import Tasks
from relevo.kit.work import JobRow
from relevo.outreach.models import ReminderRow
from tests.flows.deposit_processes import sales

ROOT = Path(__file__).parents[2]
POINTS = (9, 13, 16, 19, 22, 25)
"""Some of the places where it may die; ``make bench-crash`` takes all of them and many more."""


async def play(folder: Path, guests: list[str]) -> list[list[int]]:
    playing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.deposit_processes", str(folder), *guests, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await playing.communicate()
    codes: list[list[int]] = json.loads(out)
    return codes


async def wrong(url: str, folder: Path) -> list[str]:
    """Whatever is missing or there twice."""
    db = Database(url, Events(Tasks()))
    sold = Counter(sales(folder))
    found = []
    async with db.read() as session:
        bookings = (await session.execute(select(BookingRow))).scalars().all()
        nights = dict((await session.execute(_count(RoomNightRow.booking_id))).all())
        receipts = dict((await session.execute(_count(ReceiptRow.booking_id))).all())
        vouchers = dict((await session.execute(_count(VoucherRow.booking_id))).all())
        reminders = (await session.execute(select(ReminderRow.booking_id, ReminderRow.kind))).all()
        said = (await session.execute(select(MessageRow.conversation_id, MessageRow.external_id))).all()
        left = (await session.execute(select(JobRow.kind, JobRow.state).where(JobRow.state != "done"))).all()
    await db.close()
    kinds = {kind for _, kind in reminders}
    if len(bookings) != len({row.conversation_id for row in bookings}):
        found.append("somebody has two bookings")
    for row in bookings:
        keys = [key or "" for conversation, key in said if conversation == row.conversation_id]
        counts = {
            "sales": sold[row.code],
            "vouchers": vouchers.get(row.id, 0),
            "receipts": receipts.get(row.id, 0),
            "confirmations": sum(":confirmed:" in key for key in keys),
            "voucher messages": sum("voucher:" in key for key in keys),
            **{f"reminder {kind}": sum(each == (row.id, kind) for each in reminders) for kind in kinds},
        }
        if row.status != "confirmed" or set(counts.values()) != {1} or nights.get(row.id) != 2:
            found.append(f"{row.code} is {row.status}, {counts}, nights {nights.get(row.id)}")
    if len(kinds) < 3:
        found.append(f"reminders: {sorted(kinds)}")
    return found + [f"{kind} is {state}" for kind, state in left if state in ("parked", "running")]


def _count(column: Any) -> Any:
    return select(column, func.count()).group_by(column)


async def test_whatever_dies_on_the_road_is_taken_up_and_done_once(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    guests = [f"{number}:{point}" for number, point in enumerate(POINTS, 2)]
    guests.append(f"{len(guests) + 2}:14:4:2:3")
    codes = await play(folder, guests)
    assert all(code == -signal.SIGKILL for run in codes for code in run[:-1])
    assert all(run[-1] >= 0 for run in codes)
    assert await wrong(f"sqlite+aiosqlite:///{folder / 'relevo.db'}", folder) == []
