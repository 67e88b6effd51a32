"""Eight hours of calls that come and go, in virtual time: nothing of them is left, and what stays does not grow."""

from __future__ import annotations

import asyncio
import gc
import os
import random
from pathlib import Path

from relevo.people.rules import Staff

from .virtual_time import virtual
from .world import Guest, ScriptedLeg, World, tone, until, world

HOURS = 8
CALLS_PER_HOUR = 4
SETTLED = 2
"""Hours after which caches are full."""


async def one_call(w: World, number: int, draw: random.Random, agent: Staff) -> None:
    """A question, an answer; often an agent who comes, and sometimes stays to the end; or a line that breaks off."""
    says = [(draw.randrange(500, 1_500), tone(440, draw.randrange(300, 900)))]
    guest = Guest(says, hangs_up_at=draw.randrange(2_000, 5_000))
    call = await w.call(guest, from_=f"+54934155{number % 40:05}")
    if draw.random() < 0.5:
        await until(lambda: guest.ms > 1_000)
        leg = w.wear(ScriptedLeg(1_000), agent)
        session = next((row for row in await w.rows() if row["status"] == "active"), None)
        if session is not None:
            async with w.db.write() as tx:
                await w.conversations.take_over(tx, session["conversation_id"], staff=agent)
        await until(lambda: guest.ms >= min(guest.hangs_up_at, 2_500))
        leg.close("lost" if draw.random() < 0.5 else "left")
    if draw.random() < 0.2:
        await until(lambda: guest.ms > 500)
        call.hang_up("line")
    await w.settle()


def left(w: World) -> dict[str, object]:
    """What must be none when nobody calls."""
    return {
        "carried": w.calls.carried,
        "detector rows": w.detector.rows,
        "headsets": w.headsets.connected(),
        "tasks": [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()],
    }


@virtual
async def test_eight_hours_leave_nothing_behind(tmp_path: Path) -> None:
    draw = random.Random(8)
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "¿Hay cochera?"}
        before = left(w)
        objects, files = [], []
        for hour in range(HOURS):
            for number in range(CALLS_PER_HOUR):
                await one_call(w, hour * CALLS_PER_HOUR + number, draw, w.agent)
                await asyncio.sleep(3_600 / CALLS_PER_HOUR - 5)
            assert left(w) == before
            gc.collect()
            objects.append(len(gc.get_objects()))
            files.append(len(os.listdir("/proc/self/fd")))
        assert asyncio.get_running_loop().time() > (HOURS - 0.5) * 3_600
        rows = await w.rows()
        assert all(row["status"] == "ended" for row in rows)
        assert len(list((tmp_path / "recordings").rglob("*.wav"))) == len(rows)
        assert max(files) == min(files)
        assert objects[-1] - objects[SETTLED] < 20 * (HOURS - SETTLED) * CALLS_PER_HOUR, objects
