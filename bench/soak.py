"""Minutes of calls that come and go, in real time: does the server keep anything of them?

Customers call, speak, hang up or break off; agents sign their voices on, take calls, put them on hold, hand them back,
break off too. The server's memory is sampled all the while; when everybody has gone its tasks, open files and Python
objects are counted against what they were when the first callers had come and gone. The last line is JSON. Eight hours
of the same pass in virtual time in ``tests/calls/test_soak.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.calls import Ours, ours
from bench.customer import Customer
from bench.legs import Agent, Microphone, SocketAgent, WebRtcAgent, signed_in
from bench.processes import agent_email, files_of, used
from relevo.adapters.lines.scripted import clip
from relevo.kit.tasks import Tasks

AGENTS = 4
WARM = 20.0
"""Seconds of calls before anything is counted: pools fill, modules load."""
SAMPLE = 5.0
QUIET = 90.0
"""Seconds until what is left of the last call (a recording being compressed) must be done."""


class Day:
    """One stretch of traffic."""

    def __init__(self, server: Ours, together: int, seed: int) -> None:
        self.server = server
        self.together = together
        self.count: Counter[str] = Counter()
        self._draw = random.Random(seed)
        self._open = True
        self._number = 0
        self._numbers = seed * 100_000

    async def run(self, seconds: float) -> None:
        tasks = Tasks()
        work = [*(self._customers() for _ in range(self.together)), *(self._agent(n) for n in range(AGENTS))]
        for each in work:
            tasks.start(each, name="traffic")
        await asyncio.sleep(seconds)
        self._open = False
        await tasks.settle()

    async def _customers(self) -> None:
        async with httpx.AsyncClient(timeout=30) as http:
            while self._open:
                await asyncio.sleep(self._draw.uniform(0, 3))
                await self._one_call(http)

    async def _one_call(self, http: httpx.AsyncClient) -> None:
        self._number += 1
        customer, tasks = Customer(f"+549342{self._numbers + self._number:07}", self._number), Tasks()
        try:
            await customer.dial(http, self.server.url, self.server.token, tasks)
        except (httpx.HTTPError, ConnectionError):
            self.count["calls refused"] += 1
            return
        end = time.monotonic() + self._draw.uniform(4, 25)
        while self._open and time.monotonic() < end and customer.call.ended_by is None:
            customer.say(clip(self._draw.choice(("florencia_5", "martin_2", "martin_6", "florencia_4"))))
            await asyncio.sleep(self._draw.uniform(3, 7))
        if self._draw.random() < 0.3:
            # The line breaks: no goodbye.
            customer.call.hang_up("line")
        customer.gone = True
        await tasks.settle()
        self.count["calls"] += 1

    async def _agent(self, number: int) -> None:
        http, token = await signed_in(self.server.url, agent_email(number), self.server.token)
        try:
            while self._open:
                microphone = Microphone(seed=number)
                microphone.on = True
                agent: Agent = (WebRtcAgent if number % 2 else SocketAgent)(http, token, microphone)
                await agent.join()
                self.count["voices"] += 1
                for _ in range(self._draw.randrange(1, 4)):
                    await asyncio.sleep(self._draw.uniform(1, 4))
                    await self._take_one(http)
                await agent.leave()
        finally:
            await http.aclose()

    async def _take_one(self, http: httpx.AsyncClient) -> None:
        free = [call for call in (await http.get("/api/calls")).json()["items"] if call["control"] != "agent"]
        if not free or not self._open:
            return
        call = self._draw.choice(free)
        where = f"/api/conversations/{call['conversation_id']}"
        if (await http.post(f"{where}/take_over", json={})).is_error:
            self.count["takeovers refused"] += 1
            return
        self.count["takeovers"] += 1
        await asyncio.sleep(self._draw.uniform(1, 4))
        if self._draw.random() < 0.3:
            await http.post(f"/api/calls/{call['id']}/hold", json={"on": True})
            await asyncio.sleep(1)
            await http.post(f"/api/calls/{call['id']}/hold", json={"on": False})
        if self._draw.random() < 0.7:
            await http.post(f"{where}/hand_back", json={})


async def _quiet(server: Ours) -> dict[str, Any]:
    """When everybody has gone and the house is tidy: what the server holds."""
    end, before = time.monotonic() + QUIET, None
    while True:
        await asyncio.sleep(2)
        told = await asyncio.to_thread(server.stats, collect=True)
        now = {"tasks": _named(told["tasks"]), "files": files_of(server.pid), "objects": told["objects"]}
        settled = before is not None and now["tasks"] == before["tasks"] and now["files"] == before["files"]
        if (not told["calls"] and settled) or time.monotonic() > end:
            return {**now, "calls": told["calls"], "mb": used(server.pid).mb}
        before = now


def _named(tasks: list[str]) -> dict[str, int]:
    """By name; the server's own connections have numbers."""
    return dict(Counter("request" if name.startswith("Task-") else name for name in tasks))


async def bench(minutes: float, together: int) -> dict[str, Any]:
    with ours(None, "--agents", str(AGENTS)) as server:
        await Day(server, together, 1).run(WARM)
        before = await _quiet(server)
        day = Day(server, together, 2)
        memory: list[tuple[float, float]] = []
        sampling = Tasks()
        sampling.start(_sample(server.pid, memory), name="memory")
        await day.run(60 * minutes)
        await sampling.close()
        after = await _quiet(server)
        strays = await asyncio.to_thread(_strays, server.folder)
    return report(day.count, before, after, memory, strays, minutes)


async def _sample(pid: int, memory: list[tuple[float, float]]) -> None:
    began = time.monotonic()
    while True:
        memory.append((time.monotonic() - began, used(pid).mb))
        await asyncio.sleep(SAMPLE)


def _strays(folder: Path) -> list[str]:
    """Files beside the recordings that belong to no recording any more."""
    files = [path for path in (folder / "recordings").rglob("*") if path.is_file()]
    sounds = {path.stem for path in files if path.suffix in (".wav", ".opus", ".ogg")}
    return sorted(path.name for path in files if path.stem not in sounds or path.suffix in (".tmp", ".part"))


def report(
    count: Counter[str],
    before: dict[str, Any],
    after: dict[str, Any],
    memory: list[tuple[float, float]],
    strays: list[str],
    minutes: float,
) -> dict[str, Any]:
    for name, value in sorted(count.items()):
        print(f"{name:<20} {value:>8}")
    print(f"{'':<20} {'before':>8} {'after':>8}")
    for name in ("mb", "files", "objects", "calls"):
        print(f"{name:<20} {before[name]:>8.0f} {after[name]:>8.0f}")
    tasks = sum(after["tasks"].values()) - sum(before["tasks"].values())
    if tasks:
        print(f"tasks before {before['tasks']}, after {after['tasks']}", file=sys.stderr)
    # The first third fills caches; what counts is whether it goes on.
    later = np.array(memory[len(memory) // 3 :])
    slope = float(np.polyfit(later[:, 0], later[:, 1], 1)[0]) * 3_600 if len(later) > 5 else float("nan")
    return {
        "minutes": minutes,
        "calls": count["calls"],
        "mb_per_hour": round(slope, 1),
        "mb_grown": round(after["mb"] - before["mb"], 1),
        "objects_per_call": round((after["objects"] - before["objects"]) / max(1, count["calls"]), 1),
        "tasks_left": tasks,
        "files_left": after["files"] - before["files"],
        "stray_files": len(strays),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--together", type=int, default=12, help="customers at a time")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(bench(given.minutes, given.together))))


if __name__ == "__main__":
    main()
