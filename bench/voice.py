"""How long a caller waits for an answer, measured where the caller is: by the samples of the telephone line.

It starts the real service (Whisper, Silero, the voice, the bot, real sockets) on an empty data folder and lets the
recorded guests call it in turn. The delay of a turn is the time from the last sound of the guest's sentence
to the first sound of the answer. The parts come from what the service keeps with each reply. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from relevo.adapters.lines.scripted import Guest, Script, clip, dial, scripts

ACCOUNT, NUMBER = "AC00000000000000000000000000000000", "+543414000000"
START_SECONDS = 180
PARTS = ("words", "turn", "answer", "sound")
MORE = {
    "florencia": (("florencia_5", "¿Aceptan mascotas en el hotel?"),),
    "martin": (("martin_6", "¿Hay cochera en el hotel?"),),
}
"""Further questions before the guests' last sentence, so that there are more turns of different kinds."""


@dataclass
class Measured:
    delays_ms: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=lambda: {part: [] for part in PARTS})
    unanswered: int = 0
    lateness: list[float] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def service(folder: Path, *, token: str, password: str) -> AsyncIterator[str]:
    """The product in a process of its own; answers its address."""
    port = free_port()
    env = os.environ | {
        "PORT": str(port), "RELEVO_DATA_DIR": str(folder), "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": token,
        "TWILIO_PHONE_NUMBER": NUMBER, "RELEVO_DEMO_PASSWORD": password, "RELEVO_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "relevo", "demo-hotel", env=env, stdout=asyncio.subprocess.DEVNULL
    )
    url = f"http://localhost:{port}"
    try:
        async with httpx.AsyncClient() as http, asyncio.timeout(START_SECONDS):
            while process.returncode is None:
                try:
                    if (await http.get(f"{url}/health")).is_success:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.5)
        if process.returncode is not None:
            raise SystemExit(f"the service did not start ({process.returncode})")
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def measure(url: str, *, token: str, password: str, rounds: int) -> Measured:
    measured = Measured()
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        login = await http.post("/api/auth/login", json={"email": "supervisor@demo.relevo", "password": password})
        http.headers["authorization"] = f"Bearer {login.raise_for_status().json()['token']}"
        for number in range(rounds):
            for which, (key, script) in enumerate(scripts(date.today()).items()):
                script = replace(script, words=(*script.words[:-1], *MORE.get(key, ()), script.words[-1]))
                from_ = f"+549341555{number:02}{which:02}"
                await one_call(http, url, script, from_, token=token, measured=measured)
    return measured


async def one_call(
    http: httpx.AsyncClient, url: str, script: Script, from_: str, *, token: str, measured: Measured
) -> None:
    guest = Guest([clip(name) for name, _ in script.words], clip(script.noise) if script.noise else None)
    await dial(http, url, account_sid=ACCOUNT, auth_token=token, guest=guest, from_=from_, to=NUMBER)
    measured.unanswered += len(script.words) - len(guest.delays_ms)
    call = await finished(http, from_)
    timings = [m["meta"]["timing"] for m in call["transcript"] if m["author"] == "bot" and "timing" in m["meta"]]
    for message in call["transcript"]:
        if message["kind"] == "text":
            print(f"   {message['author']:>8}: {message['text']}")
    print(f"{'turn':>6} {'delay':>7}   words   turn answer  sound   (ms after the voice fell silent)")
    for index, delay in enumerate(guest.delays_ms):
        measured.delays_ms.append(delay)
        timing = timings[index] if index < len(timings) else {}
        for part in PARTS:
            if part in timing:
                measured.parts[part].append(timing[part])
        print(f"{index + 1:>6} {delay:>7.0f}   " + "  ".join(f"{timing.get(part, 0):>5}" for part in PARTS), flush=True)


async def finished(http: httpx.AsyncClient, from_: str) -> dict[str, Any]:
    while True:
        items = (await http.get("/api/calls", params={"status": "ended"})).raise_for_status().json()["items"]
        for item in items:
            if item["from"] == from_ and item["recording"] and item["recording"]["seconds"] is not None:
                return dict((await http.get(f"/api/calls/{item['id']}")).raise_for_status().json())
        await asyncio.sleep(0.2)


def summary(measured: Measured) -> dict[str, Any]:
    def seconds(values: list[float], percentile: float) -> float | None:
        return round(float(np.percentile(values, percentile)) / 1_000, 3) if values else None

    delays, parts = measured.delays_ms, measured.parts
    return {
        "p50_s": seconds(delays, 50),
        "p95_s": seconds(delays, 95),
        "turns": len(delays),
        "unanswered": measured.unanswered,
        "parts_p50_s": {
            "words_known": seconds(parts["words"], 50),
            "turn_end": seconds(parts["turn"], 50),
            "answer_decided": seconds(parts["answer"], 50),
            "first_sound_sent": seconds(parts["sound"], 50),
        },
        "cpus": os.cpu_count(),
    }


async def bench(rounds: int) -> dict[str, Any]:
    token, password = secrets.token_hex(16), secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory() as folder:
        async with service(Path(folder), token=token, password=password) as url:
            return summary(await measure(url, token=token, password=password, rounds=rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how often every guest calls")
    print(json.dumps(asyncio.run(bench(parser.parse_args().rounds))))


if __name__ == "__main__":
    main()
