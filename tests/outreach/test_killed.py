"""Processes that are killed while they send: every guest gets every letter, and one letter has one Message-ID."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.outreach.conftest import World

ROOT = Path(__file__).parents[2]
HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")
DUE = datetime(2026, 12, 3, 10, tzinfo=HOUSE)
GUESTS = 4


async def post(url: str, outbox: Path, dies_after: int) -> int:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.outreach.posting", url, DUE.isoformat(), str(outbox), str(dies_after), cwd=ROOT
    )
    return await running.wait()


async def test_a_process_killed_after_every_letter_leaves_each_sent_once(world: World, tmp_path: Path) -> None:
    stays = [
        await world.booked(date(2026, 12, 10), date(2026, 12, 13), phone=f"+549114567890{number}")
        for number in range(GUESTS)
    ]
    outbox = tmp_path / "outbox"
    ends = [await post(world.db.url, outbox, dies_after) for dies_after in (1, 2, 0)]
    assert ends == [-9, -9, 0]
    left = Counter(outbox.read_text().split())
    wanted = {f"reminder:{(await world.of(stay))['week_before'].id}" for stay in stays}
    assert set(left) == wanted
    assert sum(left.values()) == GUESTS + 2
    assert [(await world.states(stay))["week_before"] for stay in stays] == ["sent"] * GUESTS
    told = [kind for stay in stays for _, kind, _ in await world.thread(stay.conversation_id)]
    assert told.count("event") == GUESTS
