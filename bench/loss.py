"""A bad network between an agent and us, over real sockets: does the customer notice more than a poorer voice?

Two agents hold a call each, one by WebRTC whose packets pass a shim that loses, delays, reorders and doubles them, one
by the WebSocket fallback through a proxy that stalls. No network namespace and no privilege is needed. A *glitch* is a
moment in which the customer's telephone ran out of sound while an agent held the call (our side sends something in
every tick then, if only the line's background), or a click: a step from one sample to the next that is twice as high as
any in the phase without faults. *Voice* is the share of the agent's voice that the customer heard. After a gap of three
seconds the call has gone to the bot, as it must after two; the agent takes it again on the same connection, and
*back* is how long after the click they are heard. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from bench.calls import ours
from bench.customer import Customer
from bench.legs import AGENT_HZ, Agent, Microphone, SocketAgent, WebRtcAgent, signed_in
from bench.processes import agent_email, free_port
from bench.switches import HEARD_DB, levels_db
from relevo.calls.ports import FRAME_SAMPLES
from relevo.kit.tasks import Tasks

SETTLE = 1.0
"""Seconds in which the jitter buffer learns a new kind of weather; judged for glitches, not for voice."""
GAP = 3.0


@dataclass(frozen=True, slots=True)
class Phase:
    name: str
    loss: float = 0.0
    jitter_ms: float = 0.0
    double: float = 0.0


PHASES = (
    Phase("clean"),
    Phase("20 % loss", loss=0.2),
    Phase("200 ms jitter", jitter_ms=200),
    Phase("20 % twice, reordered", jitter_ms=60, double=0.2),
    Phase("all of it", loss=0.2, jitter_ms=200, double=0.2),
    Phase("clean again"),
)


class Proxy:
    """Between the fallback's socket and the server: TCP loses nothing, it only comes late and in lumps."""

    def __init__(self, port: int, seed: int = 0) -> None:
        self.port = free_port()
        self.jitter_ms = 0.0
        self.open = asyncio.Event()
        self.open.set()
        self._to = port
        self._draw = random.Random(seed)
        self._tasks = Tasks()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._tasks.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._tasks.start(self._pipe(reader, back), name="to the server")
        self._tasks.start(self._pipe(there, writer), name="to the agent")

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            # A lost segment holds up what comes after it.
            if self.jitter_ms and self._draw.random() < 0.1:
                await asyncio.sleep(self._draw.random() * self.jitter_ms / 1_000)
            await self.open.wait()
            writer.write(data)
        writer.close()


@dataclass(slots=True)
class Heard:
    name: str
    glitches: int
    steepest: int
    voice: float


class Watched:
    """A customer whose call an agent holds."""

    def __init__(self, agent: Agent, customer: Customer) -> None:
        self.agent = agent
        self.customer = customer
        self.conversation_id = ""
        self.steepest = 0

    async def take(self) -> float:
        """Take the call over; answers how many ms after the click the agent is heard."""
        while not self.conversation_id:
            for call in (await self.agent.http.get("/api/calls")).raise_for_status().json()["items"]:
                if call["from"] == self.customer.from_:
                    self.conversation_id = call["conversation_id"]
            await asyncio.sleep(0.05)
        start, clicked = self.customer.position, time.monotonic()
        url = f"/api/conversations/{self.conversation_id}/take_over"
        (await self.agent.http.post(url, json={})).raise_for_status()
        await asyncio.sleep(1.5)
        heard = levels_db(self.customer.between(start, self.customer.position), (AGENT_HZ,))[:, 0]
        audible = np.flatnonzero(heard > HEARD_DB)
        return (self.customer.when(start + 20 * int(audible[0])) - clicked) * 1_000 if len(audible) else float("nan")

    def judge(self, name: str, start: int, *, voice_from: int) -> Heard:
        sound = self.customer.between(start, self.customer.position)
        frames = sound.reshape(-1, FRAME_SAMPLES)
        steepest = int(np.abs(np.diff(sound.astype(np.int64))).max())
        self.steepest = self.steepest or steepest
        heard = levels_db(self.customer.between(voice_from, self.customer.position), (AGENT_HZ,))[:, 0]
        return Heard(
            name,
            glitches=int(np.count_nonzero(~frames.any(axis=1))) + (steepest > 2 * self.steepest),
            steepest=steepest,
            voice=float(np.mean(heard > HEARD_DB)),
        )


async def bench(seconds: float) -> dict[str, Any]:
    tasks = Tasks()
    with ours(None, "--voice", "tones", "--agents", "2") as server:
        port = int(server.url.rpartition(":")[2])
        proxy = Proxy(port)
        await proxy.start()
        watched: dict[str, Watched] = {}
        for number, kind in enumerate(("webrtc", "websocket")):
            through = server.url if kind == "webrtc" else f"http://localhost:{proxy.port}"
            http, token = await signed_in(server.url, agent_email(number), server.token)
            microphone = Microphone(seed=number)
            microphone.on = microphone.holding = True
            agent: Agent
            if kind == "webrtc":
                agent = WebRtcAgent(http, token, microphone)
            else:
                agent = SocketAgent(http, token, microphone, through=through)
            await agent.join()
            customer = Customer(f"+5493417{number:06}", number)
            async with httpx.AsyncClient(timeout=15) as carrier:
                await customer.dial(carrier, server.url, server.token, tasks)
            watched[kind] = Watched(agent, customer)
        await asyncio.sleep(2)
        for one in watched.values():
            await one.take()
        rows: dict[str, list[Heard]] = {kind: [] for kind in watched}
        for phase in PHASES:
            _weather(watched["webrtc"], proxy, phase)
            found = await _phase(watched, phase.name, seconds)
            for kind, heard in found.items():
                rows[kind].append(heard)
        back = await _gap(watched, proxy, rows)
        for one in watched.values():
            one.customer.gone = True
        await tasks.settle()
        for one in watched.values():
            await one.agent.leave()
            await one.agent.http.aclose()
        await proxy.close()
    return report(rows, back)


def _weather(one: Watched, proxy: Proxy, phase: Phase) -> None:
    assert isinstance(one.agent, WebRtcAgent)
    weather = one.agent.weather
    weather.loss, weather.jitter_ms, weather.double = phase.loss, phase.jitter_ms, phase.double
    proxy.jitter_ms = max(phase.jitter_ms, 200 * phase.loss)


async def _phase(watched: dict[str, Watched], name: str, seconds: float) -> dict[str, Heard]:
    starts = {kind: one.customer.position for kind, one in watched.items()}
    await asyncio.sleep(SETTLE)
    settled = {kind: one.customer.position for kind, one in watched.items()}
    await asyncio.sleep(seconds)
    return {kind: one.judge(name, starts[kind], voice_from=settled[kind]) for kind, one in watched.items()}


async def _gap(watched: dict[str, Watched], proxy: Proxy, rows: dict[str, list[Heard]]) -> dict[str, float]:
    """The network is gone for a while. Judged for glitches as long as the agents hold the calls."""
    webrtc = watched["webrtc"].agent
    assert isinstance(webrtc, WebRtcAgent)
    webrtc.weather.away = True
    proxy.open.clear()
    found = await _phase(watched, f"{GAP:.0f} s gap", 1.6 - SETTLE)
    for kind, heard in found.items():
        rows[kind].append(heard)
    await asyncio.sleep(GAP - 1.6)
    webrtc.weather.away = False
    proxy.open.set()
    await asyncio.sleep(1)
    back = {kind: await one.take() for kind, one in watched.items()}
    for kind, heard in (await _phase(watched, "after the gap", 2)).items():
        rows[kind].append(heard)
    return back


def report(rows: dict[str, list[Heard]], back: dict[str, float]) -> dict[str, Any]:
    for kind, found in rows.items():
        print(f"{kind:<24} {'glitches':>8} {'steepest':>8} {'voice %':>8}")
        for one in found:
            print(f"{one.name:<24} {one.glitches:>8} {one.steepest:>8} {100 * one.voice:>8.1f}")
        print(f"{'back after the gap':<24} {back[kind]:>8.0f} ms")
    everything = [one for found in rows.values() for one in found]
    named = {one.name: round(100 * one.voice, 1) for one in rows["webrtc"]}
    return {
        "customer_glitches": sum(one.glitches for one in everything),
        "voice_percent_at_20_loss": named["20 % loss"],
        "voice_percent_at_200_jitter": named["200 ms jitter"],
        "voice_percent_after_gap": named["after the gap"],
        "back_ms": round(max(back.values()), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each kind of weather")
    print(json.dumps(asyncio.run(bench(parser.parse_args().seconds))))


if __name__ == "__main__":
    main()
