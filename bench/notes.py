"""How long somebody waits who sends a voice note, and whether a live call notices that notes are being heard.

The first part sends notes of about ten seconds, the recorded guests' sentences as a telephone packs them, to the real
service in a process of its own, over the demo's WhatsApp: the phone's upload, the signed webhook, the file in two
steps, Whisper, the bot, the carrier. An answer is there when the phone shows it, in writing and, after that, spoken.
The second part hears a caller's sentences again and again, first alone and then beside a note of ten minutes. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import secrets
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import soxr

from bench.voice import service
from relevo.adapters.lines.scripted import clip
from relevo.adapters.speech import note_files
from relevo.adapters.speech.notes import Files, Notes
from relevo.adapters.speech.whisper import Settings, Whisper
from relevo.adapters.speech.workers import NICE
from relevo.calls.ports import SPEECH_RATE, Pcm
from relevo.kit.tasks import Tasks

SAID: tuple[tuple[tuple[str, ...], str], ...] = (
    (("florencia_1", "florencia_5"), "hola quería reservar una habitación doble para 2 personas del 15 al 17 de marzo "
     "aceptan mascotas en el hotel"),
    (("martin_1", "martin_6"), "buenas tardes quería reservar una habitación doble para 2 personas del 4 al 6 de mayo "
     "hay cochera en el hotel"),
    (("martin_1", "martin_2"), "buenas tardes quería reservar una habitación doble para 2 personas del 4 al 6 de mayo "
     "está incluido el desayuno"),
    (("florencia_5", "florencia_1"), "aceptan mascotas en el hotel hola quería reservar una habitación doble para 2 "
     "personas del 15 al 17 de marzo"),
)  # fmt: skip
SECONDS = 10.0
GOAL_S = 4.0
PATIENCE_S = 40.0
POLL_S = 0.03
LIVE = ("florencia_2", "martin_3", "florencia_3", "martin_6")
LONG_SECONDS = 600.0


@dataclass
class Waited:
    written: list[float] = field(default_factory=list)
    spoken: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    """Share of the words that came out wrong."""
    unclear: int = 0


def wide(name: str) -> Pcm:
    sound = soxr.resample(clip(name).astype(np.float32), 8_000, SPEECH_RATE)
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


def note(names: Sequence[str], seconds: float = SECONDS) -> bytes:
    """The sentences with pauses that fill it up, at a telephone's 16 kbit/s."""
    said = [wide(name) for name in names]
    rest = max(0, int(seconds * SPEECH_RATE) - sum(map(len, said)))
    pause = np.zeros(rest // len(said), np.int16)
    return note_files.encoded(np.concatenate([part for each in said for part in (each, pause)]), SPEECH_RATE, 16_000)


async def ask(http: httpx.AsyncClient, number: str, content: bytes, waited: Waited, *, spoken: bool) -> None:
    began = time.perf_counter()
    sent = await http.post(
        "/demo/whatsapp/api/file", data={"number": number, "name": "Bench", "voice": "1"},
        files={"file": ("nota.ogg", content, "audio/ogg")},
    )  # fmt: skip
    sent.raise_for_status()
    written = False
    async with asyncio.timeout(PATIENCE_S):
        while True:
            got = (await http.get("/demo/whatsapp/api/thread", params={"number": number})).raise_for_status().json()
            theirs = [each for each in got["bubbles"] if not each["mine"]]
            if theirs and not written:
                written = True
                waited.written.append(time.perf_counter() - began)
                waited.unclear += "audio" in theirs[0]["text"] and "escrib" in theirs[0]["text"]
            if written and (not spoken or any(each["type"] == "audio" for each in theirs)):
                if spoken:
                    waited.spoken.append(time.perf_counter() - began)
                return
            await asyncio.sleep(POLL_S)


async def road(count: int, *, spoken: bool) -> tuple[Waited, float]:
    """Notes one after the other, each of another guest; the first finds the workers asleep and is counted apart."""
    token, password = secrets.token_hex(16), secrets.token_urlsafe(12)
    waited, first = Waited(), Waited()
    os.environ["RELEVO_VOICE_REPLIES"] = "mirror" if spoken else "off"
    with tempfile.TemporaryDirectory() as folder:
        async with (
            service(Path(folder), token=token, password=password) as url,
            httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http,
        ):
            login = await http.post("/api/auth/login", json={"email": "supervisor@demo.relevo", "password": password})
            staff = {"authorization": f"Bearer {login.raise_for_status().json()['token']}"}
            for index in range(count + 1):
                names, text = SAID[index % len(SAID)]
                into = waited if index else first
                await ask(http, f"549341557{index:04}", note(names), into, spoken=spoken)
                heard = await last_note(http, staff)
                into.heard.append(wrong(text, heard["text"]))
                print(
                    f"{index:>4} {into.written[-1]:6.2f} s written "
                    + (f"{into.spoken[-1]:6.2f} s spoken " if spoken else "")
                    + f"{100 * into.heard[-1]:4.0f} % wrong  {heard['meta'].get('voice')}",
                    flush=True,
                )
    return waited, first.written[0]


async def last_note(http: httpx.AsyncClient, staff: dict[str, str]) -> dict[str, Any]:
    """The note as the console shows it."""
    listed = await http.get("/api/conversations", headers=staff)
    newest = listed.raise_for_status().json()["items"][0]["id"]
    thread = await http.get(f"/api/conversations/{newest}", headers=staff)
    return next(dict(each) for each in thread.raise_for_status().json()["messages"] if each["author"] == "customer")


def wrong(said: str, heard: str) -> float:
    """Word errors over words."""
    one, two = plain(said), plain(heard)
    row = list(range(len(two) + 1))
    for at, word in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, other in enumerate(two, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (word != other))
    return row[-1] / len(one)


def plain(text: str) -> list[str]:
    folded = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return ["2" if word == "dos" else word for word in re.findall(r"\w+", folded)]


async def beside(turns: int, cache: Path) -> dict[str, float]:
    """A caller's recogniser alone, beside a note of ten minutes in its own modest process, and beside one that shares
    the caller's process as it would without."""
    live, modest, files = Whisper(Settings(cache=cache)), Whisper(Settings(cache=cache), nice=NICE), Files()
    await live.start()
    await modest.start()
    sounds = [wide(name) for name in LIVE]
    talk = np.concatenate([wide("florencia_1"), wide("martin_1"), np.zeros(SPEECH_RATE, np.int16)])
    content = note_files.encoded(np.resize(talk, int(LONG_SECONDS * SPEECH_RATE)), SPEECH_RATE, 16_000)

    async def caller() -> list[float]:
        found = []
        for turn in range(turns):
            await asyncio.sleep(0.2)
            began = time.perf_counter()
            await live.transcribe(sounds[turn % len(sounds)])
            found.append((time.perf_counter() - began) * 1_000)
        return found

    async def while_hearing(recognizer: Whisper) -> list[float]:
        tasks = Tasks()
        hearing = tasks.start(Notes(files, recognizer).transcribe(content, language="es"), name="long note")
        await asyncio.sleep(2.0)
        found = await caller()
        if hearing.done():
            print("   the note was over before the caller")
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
        await tasks.close()
        return found

    try:
        cost = await cpu_of_a_note(Notes(files, modest), files, modest)
        await caller()
        alone, apart, shared = await caller(), await while_hearing(modest), await while_hearing(live)
    finally:
        await live.close()
        await modest.close()
        await files.close()
    return {"cpu_s_per_note": cost} | {
        f"{name}_{word}_ms": round(float(np.percentile(values, percentile)))
        for name, values in (("live_alone", alone), ("live_beside_note", apart), ("live_if_shared", shared))
        for word, percentile in (("p50", 50), ("p95", 95))
    }


async def cpu_of_a_note(notes: Notes, files: Files, recognizer: Whisper) -> float:
    """Seconds of a core for a note of ten seconds, reading and hearing it; the same however busy the machine is."""
    contents = [note(names) for names, _ in SAID]
    await notes.transcribe(contents[0], language="es")
    before = sum(map(cpu_seconds, files.pool.pids + recognizer.pool.pids))
    for content in contents:
        await notes.transcribe(content, language="es")
    spent = sum(map(cpu_seconds, files.pool.pids + recognizer.pool.pids)) - before
    return round(spent / len(contents), 2)


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def bench(count: int, turns: int) -> dict[str, Any]:
    waited, first = await road(count, spoken=True)
    with tempfile.TemporaryDirectory() as folder:
        calls = await beside(turns, Path(folder))
    p95 = float(np.percentile(waited.written, 95))
    return {
        "notes": len(waited.written),
        "seconds_each": SECONDS,
        "p50_s": round(float(np.percentile(waited.written, 50)), 2),
        "p95_s": round(p95, 2),
        "first_s": round(first, 2),
        "spoken_p50_s": round(float(np.percentile(waited.spoken, 50)), 2),
        "spoken_p95_s": round(float(np.percentile(waited.spoken, 95)), 2),
        "wrong_words": round(float(np.mean(waited.heard)), 3),
        "asked_to_write": waited.unclear,
        "goal_s": GOAL_S,
        "ok": p95 < GOAL_S,
        **calls,
        "cpus": os.cpu_count(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=40)
    parser.add_argument("--turns", type=int, default=40, help="sentences of the caller in each part")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(bench(given.notes, given.turns))))


if __name__ == "__main__":
    main()
