"""Messages per second and core: webhook to stored to understood to answered, one process, on SQLite and on PostgreSQL.

Guests who wait for each answer before they write again keep the process busy; what it uses meanwhile, all threads
counted, says how many messages a second of CPU carries (``messages_per_s_core``). Then guests come by chance at half
of that rate, whether or not the others have been answered: ``p95_ms`` is from the first byte of the request to the
moment at which the answer is handed to the carrier. A third, shorter run counts the CPU time of every stage. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.guests import NUMBER_ID, SECRET, WABA_ID, Carrier, Heard, Whatsapp, conversation
from bench.processes import cores, free_port, running, used, wait_for
from tests import postgres

GUESTS = 32
WARM_UP = 60
"""Messages that are not counted: caches fill."""


@dataclass
class Server:
    port: int
    pid: int
    database: int | None
    """The first process of the database server, where it has processes of its own."""


@contextmanager
def database(engine: str) -> Iterator[tuple[str, int | None]]:
    if engine == "sqlite":
        yield "", None
        return
    with postgres.running(durable=True) as server:
        server.make_template()
        with server.database() as url:
            folder = Path(server.url.query["host"])  # type: ignore[arg-type]
            yield url, int((folder / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def serving(url: str, postmaster: int | None, carrier: int, *, core: int | None, stages: bool) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        port, learned = free_port(), Path(tempfile.gettempdir(), "relevo-bench-understanding")
        learned.mkdir(exist_ok=True)
        Path(folder, "cache").mkdir()
        Path(folder, "cache", "understanding").symlink_to(learned)
        env = {
            "RELEVO_DATA_DIR": folder, "RELEVO_PORT": str(port), "RELEVO_SPEECH": "off", "RELEVO_DATABASE_URL": url,
            "RELEVO_LOG_LEVEL": "INFO", "RELEVO_BACKUPS": "0", "RELEVO_WHATSAPP_META_TOKEN": "bench",
            "RELEVO_WHATSAPP_META_APP_SECRET": SECRET, "RELEVO_WHATSAPP_META_PHONE_NUMBER_ID": NUMBER_ID,
            "RELEVO_WHATSAPP_META_WABA_ID": WABA_ID, "RELEVO_WHATSAPP_META_URL": f"http://127.0.0.1:{carrier}",
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.message_server"]
        command += ["--core", str(core)] if core is not None else []
        command += ["--stages"] if stages else []
        with Path(folder, "log").open("wb") as log, running(command, env=env, log=log) as process:
            wait_for(f"http://127.0.0.1:{port}/health", process)
            yield Server(port, process.pid, postmaster)


def cpu_of(server: Server) -> tuple[float, float]:
    """(the process, its database server and all that it has started)."""
    database = 0.0
    if server.database is not None:
        children = Path(f"/proc/{server.database}/task/{server.database}/children").read_text().split()
        database = sum(used(int(pid)).cpu_s for pid in [*children, server.database])
    return used(server.pid).cpu_s, database


class Crowd:
    """Guests by number, none twice."""

    def __init__(self, server: Server, carrier: Carrier, show: bool) -> None:
        self._server = server
        self._carrier = carrier
        self._show = show
        self._number = random.randrange(10**6) * 100
        self.heard = Heard()

    async def guest(self, *, until: int) -> None:
        """One after the other, each waiting for the answers, until so many have been answered."""
        while self.heard.answered < until:
            self._number += 1
            await self.one(self._number, until=until)

    async def one(self, number: int, *, until: int) -> None:
        road = Whatsapp(self._server.port, self._carrier, number)
        try:
            for turn, text in enumerate(conversation(number)):
                await self.say(road, text, f"{number}-{turn}")
                if self.heard.answered >= until:
                    return
        finally:
            road.close()

    async def say(self, road: Whatsapp, text: str, key: str) -> None:
        try:
            delay, answer = await road.say(text, key)
        except TimeoutError:
            self.heard.unanswered += 1
            return
        self.heard.delays_ms.append(delay)
        if self._show:
            print(f"> {text}\n< {answer}\n")

    async def by_chance(self, rate: float, seconds: float) -> None:
        """Messages come at ``rate`` whatever has become of the others; a guest's own wait for each other."""
        begun, pending, lanes = time.monotonic(), set(), asyncio.Queue[tuple[Whatsapp, list[str], int]]()
        due = begun
        while (now := time.monotonic()) < begun + seconds:
            if now < due:
                await asyncio.sleep(due - now)
                continue
            due += random.expovariate(rate)
            task = asyncio.create_task(self._next(lanes))
            pending.add(task)
            task.add_done_callback(pending.discard)
        while pending:
            await asyncio.wait(pending)
        while not lanes.empty():
            lanes.get_nowait()[0].close()

    async def _next(self, lanes: asyncio.Queue[tuple[Whatsapp, list[str], int]]) -> None:
        """The next sentence of a guest who has been answered, or the first of a new one."""
        if lanes.empty():
            self._number += 1
            number = self._number
            road, lines = Whatsapp(self._server.port, self._carrier, number), conversation(number)
        else:
            road, lines, number = lanes.get_nowait()
        await self.say(road, lines[0], f"{number}-{len(lines)}")
        if lines[1:]:
            lanes.put_nowait((road, lines[1:], number))
        else:
            road.close()


def percentile(delays: list[float], part: float) -> float:
    ordered = sorted(delays) or [0.0]
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)


async def saturated(crowd: Crowd, server: Server, guests: int, messages: int) -> dict[str, float]:
    await asyncio.gather(*(crowd.guest(until=WARM_UP) for _ in range(guests)))
    crowd.heard = Heard()
    since, (cpu, database) = time.monotonic(), cpu_of(server)
    await asyncio.gather(*(crowd.guest(until=messages) for _ in range(guests)))
    took, (cpu_after, database_after) = time.monotonic() - since, cpu_of(server)
    count = crowd.heard.answered
    return {
        "messages_per_s_core": round(count / (cpu_after - cpu), 1),
        "messages_per_s": round(count / took, 1),
        "cpu_ms": round(1_000 * (cpu_after - cpu) / count, 2),
        "database_cpu_ms": round(1_000 * (database_after - database) / count, 2),
        "unanswered": crowd.heard.unanswered,
    }


async def half_load(crowd: Crowd, rate: float, seconds: float) -> dict[str, float]:
    crowd.heard = Heard()
    await crowd.by_chance(rate, seconds)
    delays = crowd.heard.delays_ms
    found = {f"p{round(part * 100)}_ms": percentile(delays, part) for part in (0.5, 0.95, 0.99)}
    return {"rate": round(rate, 1), **found, "late": crowd.heard.unanswered}


def stages_of(server: Server) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/bench/stats") as answer:
        found: dict[str, Any] = json.load(answer)
    return found


async def shares(crowd: Crowd, server: Server, guests: int, messages: int) -> dict[str, float]:
    """CPU milliseconds of each stage per message."""
    await asyncio.gather(*(crowd.guest(until=WARM_UP) for _ in range(guests)))
    crowd.heard = Heard()
    before = stages_of(server)
    await asyncio.gather(*(crowd.guest(until=messages) for _ in range(guests)))
    after, count = stages_of(server), crowd.heard.answered
    spent = {stage: after["spent"][stage] - before["spent"].get(stage, 0.0) for stage in after["spent"]}
    other = after["process"] - before["process"] - sum(spent.values())
    spent["loop and database threads"] = other
    return {stage: round(1_000 * value / count, 2) for stage, value in sorted(spent.items(), key=lambda it: -it[1])}


async def on(engine: str, url: str, postmaster: int | None, given: argparse.Namespace) -> dict[str, Any]:
    core = cores()[0] if given.pin else None
    carrier = Carrier()
    await carrier.open()
    found: dict[str, Any] = {}
    try:
        with serving(url, postmaster, carrier.port, core=core, stages=False) as server:
            crowd = Crowd(server, carrier, given.show)
            found |= await saturated(crowd, server, given.guests, given.messages)
            print(f"{engine}: {found}", flush=True)
            if given.seconds:
                found |= await half_load(crowd, min(found["messages_per_s"], given.goal) / 2, given.seconds)
                print(f"{engine}: {found}", flush=True)
        if given.stages:
            with serving(url, postmaster, carrier.port, core=core, stages=True) as server:
                found["stages"] = await shares(Crowd(server, carrier, False), server, given.guests, given.messages // 2)
                print(f"{engine}: {found['stages']}", flush=True)
    finally:
        carrier.close()
    found["unasked"] = carrier.unasked
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--engines", default="sqlite,postgresql")
    arguments.add_argument("--messages", type=int, default=2_000, help="answered per engine at saturation")
    arguments.add_argument("--guests", type=int, default=GUESTS, help="who write at a time")
    arguments.add_argument("--seconds", type=float, default=20, help="at half the load; 0 leaves it out")
    arguments.add_argument("--goal", type=float, default=200, help="messages a second; half load is at most half of it")
    arguments.add_argument("--no-pin", dest="pin", action="store_false", help="the server may use every core")
    arguments.add_argument("--no-stages", dest="stages", action="store_false")
    arguments.add_argument("--show", action="store_true", help="print what is said")
    given = arguments.parse_args()
    by_engine = {}
    for engine in given.engines.split(","):
        with database(engine) as (url, postmaster):
            by_engine[engine] = asyncio.run(on(engine, url, postmaster, given))
    names = dict.fromkeys(name for found in by_engine.values() for name in found)
    print(json.dumps({name: {engine: found.get(name) for engine, found in by_engine.items()} for name in names}))
    sys.exit(any(found["unanswered"] or found["unasked"] for found in by_engine.values()))


if __name__ == "__main__":
    main()
