"""kill -9 in the middle of a hold leaves a whole hold or none: nights, booking, audit, timer and news together."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import date
from pathlib import Path

from relevo.bookings.rules import BookingStatus
from tests.bookings.world import Hotel

ROOT = Path(__file__).parents[2]
IN, OUT = date(2027, 6, 12), date(2027, 6, 14)
POINTS = {
    "old hold ended": "doble",
    "nights written": "doble",
    "before the commit": "doble",
    "after the commit": "suite",
}
"""Where a change from a double to a suite dies, and what must be held afterwards."""


async def process(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bookings.processes", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def test_a_change_cut_short_is_done_or_not_done(hotel: Hotel) -> None:
    before = {point: await hotel.hold(f"cnv_{n}", "doble", IN, OUT, guests=2) for n, point in enumerate(POINTS, 1)}
    told = len(await hotel.announced("bookings"))
    running = await process("victims", hotel.db.url, *POINTS)
    out, _ = await running.communicate()
    assert json.loads(out) == [-signal.SIGKILL] * len(POINTS)
    for point, survivor in POINTS.items():
        live = await hotel.bookings.live_hold(before[point].conversation_id)
        assert live is not None, point
        assert live.room_type == survivor, point
        old = await hotel.bookings.find(before[point].code)
        assert old is not None
        assert (old.status is BookingStatus.HOLD) == (survivor == "doble"), point
    news = (await hotel.announced("bookings"))[told:]
    assert [(data["status"], data["conversation_id"]) for data in news] == [("cancelled", "cnv_4"), ("hold", "cnv_4")]
    assert await hotel.problems() == []


async def test_a_busy_process_killed_anywhere_leaves_whole_holds(hotel: Hotel) -> None:
    busy = await process("busy", hotel.db.url)
    assert busy.stdout is not None
    acknowledged = [(await busy.stdout.readline()).decode().strip() for _ in range(15)]
    busy.kill()
    rest, _ = await busy.communicate()
    acknowledged += rest.decode().split()
    assert await hotel.problems() == []
    for code in acknowledged:
        assert await hotel.bookings.find(code) is not None
