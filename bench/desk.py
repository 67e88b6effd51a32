"""The desk under load: consoles with sockets while customers write, a year of conversations behind the inbox.

Customers of web chats that people have taken over write 20 messages a second; every console listens to the inbox and
to one conversation. ``stored_to_event_ms`` is from the moment the message is stored to its event at a console;
``strays`` counts events of conversations that a console did not ask for. The same load with a quarter and with half of
the consoles says what one console more costs. Then pages of the inbox, every report and the list of every figure over
twelve months, and the size of the console's first load. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import websockets
from sqlalchemy import select, update

from bench.house_year import ROOMS, fill
from bench.processes import cores, free_port, running, used, wait_for
from relevo.desk.queue_models import QueueEntryRow, QueueRow
from relevo.kit.clock import SystemClock
from relevo.kit.db import Database
from relevo.kit.events import Events
from relevo.kit.ids import RandomIds
from relevo.kit.tasks import Tasks
from relevo.kit.work import make_work
from relevo.people.models import StaffRow
from relevo.people.service import People
from relevo.reports.floor import Floor
from relevo.reports.rolling import Rolling
from relevo.reports.rules import FIGURES
from relevo.reports.service import STANDING

PASSWORD = "demo1234demo"
USERS = ("recepcion@demo.relevo", "supervisor@demo.relevo", "admin@demo.relevo")
THREADS = 100
CONSOLE = Path(__file__).parents[1] / "src" / "relevo" / "web" / "console_dist"


@dataclass
class Console:
    """One signed-in console: what came, how late, and what should not have come."""

    topic: str
    late_ms: list[float] = field(default_factory=list)
    events: int = 0
    strays: int = 0

    def take(self, frame: dict[str, Any]) -> None:
        if frame.get("type") != "event":
            return
        self.events += 1
        topic, data = frame["topic"], frame["data"]
        if topic not in (self.topic, "inbox"):
            self.strays += 1
        if topic == self.topic and frame["kind"] == "message" and data.get("author") == "customer":
            stored = datetime.fromisoformat(data["at"])
            self.late_ms.append((datetime.now(UTC) - stored).total_seconds() * 1000)


@asynccontextmanager
async def consoles(base: str, tokens: list[str], topics: list[str], count: int) -> AsyncIterator[list[Console]]:
    async def one(console: Console, token: str, ready: asyncio.Event) -> None:
        async with websockets.connect(f"{base.replace('http', 'ws')}/api/live", max_size=None) as socket:
            await socket.send(json.dumps({"type": "auth", "token": token}))
            for topic in ("inbox", console.topic):
                await socket.send(json.dumps({"type": "subscribe", "topic": topic}))
            snapshots = 0
            async for raw in socket:
                frame = json.loads(raw)
                snapshots += frame.get("type") == "snapshot"
                if snapshots == 2:
                    ready.set()
                console.take(frame)

    made = [Console(topics[number % len(topics)]) for number in range(count)]
    ready = [asyncio.Event() for _ in made]
    running_ = [
        asyncio.create_task(one(console, tokens[number % len(tokens)], ready[number]))
        for number, console in enumerate(made)
    ]
    try:
        async with asyncio.timeout(120):
            await asyncio.gather(*(each.wait() for each in ready))
        yield made
    finally:
        for task in running_:
            task.cancel()
        await asyncio.gather(*running_, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Chat:
    id: str
    token: str
    address: str


async def chats(http: httpx.AsyncClient, staff: str) -> list[Chat]:
    """Web chats that a person has: what customers write there waits for nobody's answer."""
    found = []
    for number in range(THREADS):
        # One address may begin few chats a minute: these come from as many.
        address = f"198.51.100.{number}"
        answer = await http.post("/api/webchat/sessions", json={}, headers={"x-forwarded-for": address})
        started = answer.raise_for_status().json()
        headers = {"authorization": f"Bearer {staff}"}
        taken = await http.post(f"/api/conversations/{started['id']}/take_over", json={}, headers=headers)
        taken.raise_for_status()
        found.append(Chat(started["id"], started["token"], address))
    return found


async def write(http: httpx.AsyncClient, threads: list[Chat], rate: float, seconds: float) -> int:
    """At a steady rate, whether or not the others have been stored."""
    begun, writing = time.monotonic(), set()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        chat = threads[number % len(threads)]
        sent = http.post(
            f"/api/webchat/sessions/{chat.id}/messages",
            json={"text": f"Mensaje {number}"},
            headers={"authorization": f"Bearer {chat.token}", "x-forwarded-for": chat.address},
        )
        writing.add(asyncio.create_task(_status(sent)))
    statuses = await asyncio.gather(*writing)
    return sum(status >= 400 for status in statuses)


async def _status(sent: Any) -> int:
    return int((await sent).status_code)


async def load(
    http: httpx.AsyncClient, base: str, pid: int, tokens: list[str], threads: list[Chat], count: int, given: Any
) -> dict[str, Any]:
    topics = [f"conversation:{chat.id}" for chat in threads]
    async with consoles(base, tokens, topics, count) as open_:
        before = used(pid)
        refused = await write(http, threads, given.rate, given.seconds)
        await asyncio.sleep(1)
        after = used(pid)
    late = np.asarray([each for console in open_ for each in console.late_ms])
    listening = [sum(each.topic == topic for each in open_) for topic in topics]
    expected = sum(listening[number % len(threads)] for number in range(int(given.rate * given.seconds)))
    return {
        "consoles": count,
        "p50_ms": round(float(np.percentile(late, 50)), 1) if len(late) else None,
        "p95_ms": round(float(np.percentile(late, 95)), 1) if len(late) else None,
        "cpu_percent": round(after.cpu_since(before), 1),
        "events": sum(console.events for console in open_),
        "message_events": len(late),
        "missing": max(0, expected - len(late)),
        "strays": sum(console.strays for console in open_),
        "refused": refused,
    }


async def timed(http: httpx.AsyncClient, token: str, path: str, times: int) -> dict[str, float]:
    headers = {"authorization": f"Bearer {token}"}
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        (await http.get(path, headers=headers)).raise_for_status()
        took.append((time.perf_counter() - begun) * 1000)
    return {"p50_ms": round(float(np.percentile(took, 50)), 1), "p95_ms": round(float(np.percentile(took, 95)), 1)}


def first_load() -> dict[str, float]:
    """Kilobytes, packed, of what the console's page names itself; empty where it was not built."""
    index = CONSOLE / "index.html"
    if not index.is_file():
        return {}
    names = re.findall(r'(?:src|href)="/(assets/[^"]+)"', index.read_text())
    parts = [index, *(CONSOLE / name for name in names)]
    return {"first_load_kb": round(sum(len(gzip.compress(part.read_bytes(), 6)) for part in parts) / 1000, 1)}


async def measure(base: str, pid: int, folder: Path, given: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=base, timeout=120, limits=httpx.Limits(max_connections=64)) as http:
        tokens = []
        for number in range(given.consoles):
            body = {"email": USERS[number % len(USERS)], "password": PASSWORD}
            tokens.append((await http.post("/api/auth/login", json=body)).raise_for_status().json()["token"])
        boss = tokens[1]
        db = Database(f"sqlite+aiosqlite:///{folder / 'relevo.db'}", Events(Tasks()))
        async with db.read() as session:
            staff = list((await session.execute(select(StaffRow.id))).scalars())
        begun = time.monotonic()
        await fill(db, conversations=given.conversations, each=10, until=datetime.now(UTC), staff=staff)
        async with db.write() as tx:
            # What was waited for came to a queue that promises something.
            queue = (await tx.session.execute(select(QueueRow.id).order_by(QueueRow.id))).scalars().first()
            over = QueueEntryRow.ended_at.is_not(None)
            await tx.session.execute(update(QueueEntryRow).where(over).values(queue_id=queue))
        print(f"{given.conversations} conversations filled in {time.monotonic() - begun:.0f} s", flush=True)
        threads = await chats(http, tokens[0])
        loads: list[dict[str, Any]] = []
        for count in (given.consoles // 4, given.consoles // 2, given.consoles):
            loads.append(await load(http, base, pid, tokens, threads, count, given))
            print(loads[-1], flush=True)
        inbox = {
            folder: await timed(http, boss, f"/api/conversations?folder={folder}", 40)
            for folder in ("all", "mine", "queued", "bot", "closed")
        }
        kept = await keep_days(db)
        await db.close()
        reports = await year_of(http, boss)
        slowest = max(reports, key=lambda path: reports[path]["p95_ms"])
        many = loads[-1]
        return {
            "consoles": given.consoles,
            "messages_per_s": given.rate,
            "event_p50_ms": many["p50_ms"],
            "event_p95_ms": many["p95_ms"],
            "strays": sum(each["strays"] for each in loads),
            "missing": sum(each["missing"] for each in loads),
            "cpu_percent": {str(each["consoles"]): each["cpu_percent"] for each in loads},
            "cpu_percent_per_console": {
                str(each["consoles"]): round(each["cpu_percent"] / each["consoles"], 3) for each in loads
            },
            "messages": given.conversations * 10,
            "conversations": given.conversations,
            "inbox": inbox,
            "inbox_p95_ms": max(each["p95_ms"] for each in inbox.values()),
            "days_kept_s": round(kept, 1),
            "reports_slowest_ms": reports[slowest]["p95_ms"],
            "reports_slowest": slowest,
            "reports": reports,
            **first_load(),
        }


async def year_of(http: httpx.AsyncClient, boss: str) -> dict[str, dict[str, float]]:
    """Every report and the list of every figure, over twelve months."""
    today = datetime.now(UTC).date()
    days = f"since={today - timedelta(days=364)}&until={today}"
    paths = {"report": f"/api/reports?{days}", "channel": f"/api/reports?{days}&channel=whatsapp"}
    paths |= {"staff": f"/api/reports/staff?{days}", "today": "/api/reports"}
    paths |= {key: f"/api/reports/figures/{key}?{days}" for key in (*STANDING, *(each.key for each in FIGURES))}
    return {name: await timed(http, boss, path, 5) for name, path in paths.items()}


async def keep_days(db: Database) -> float:
    """Add up the year's days as the hourly job does; answers the seconds that takes."""
    clock, begun = SystemClock(), time.monotonic()
    work, people = make_work(db, clock, RandomIds()), People(db, clock, RandomIds())
    zone = ZoneInfo("America/Argentina/Buenos_Aires")
    rolling = Rolling(db, clock, zone, Floor(people, clock, zone), lambda: ROOMS)
    while await rolling.roll():
        pass
    await work.close()
    return time.monotonic() - begun


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--consoles", type=int, default=200)
    arguments.add_argument("--rate", type=float, default=20, help="messages a second")
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--conversations", type=int, default=100_000, help="of ten messages each")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port, (core, _) = free_port(), cores()
        env = {
            "PORT": str(port),
            "RELEVO_DATA_DIR": folder,
            "RELEVO_DEMO_PASSWORD": PASSWORD,
            "RELEVO_SPEECH": "off",
            "OMP_NUM_THREADS": "1",
            "RELEVO_TRUSTED_PROXIES": "127.0.0.1",
        }
        with running(["taskset", "-c", str(core), sys.executable, "-m", "relevo", "demo-hotel"], env=env) as server:
            base = f"http://127.0.0.1:{port}"
            wait_for(f"{base}/health", server)
            found = asyncio.run(measure(base, server.pid, Path(folder), given))
    print(json.dumps(found))
    sys.exit(bool(found["strays"] or found["missing"]))


if __name__ == "__main__":
    main()
