"""200 takeovers and as many hand-backs, at random moments, as the customer hears them.

The product runs in a process of its own with scripted words. Customers call by a carrier's media stream over real
sockets; agents are signed in, their voices connected, by WebRTC and by the WebSocket fallback; a click is a request
over HTTP. Bot and agents speak in tones of their own. An agent's microphone is between -35 and -12 dBFS, another level
every time, of which the product has heard a few seconds before the click. What is measured (``switches``) is measured
on the samples that the customer's telephone played. *Gap* is the silence or the overlap between the two voices, where
one was being heard when the switch came. *Click to voice* is from sending the request to the moment at which the
telephone plays the agent's first sample. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import numpy as np

from bench.call_server import BOT_HZ
from bench.calls import Ours, ours, sound_of
from bench.customer import Customer
from bench.legs import AGENT_HZ, Agent, Microphone, SocketAgent, WebRtcAgent, signed_in
from bench.measures import missing_samples
from bench.processes import agent_email
from bench.switches import HEARD_DB, Switch, levels_db, switch
from relevo.adapters.lines.scripted import clip
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE
from relevo.kit.tasks import Tasks

LANES = ("webrtc", "webrtc", "opus", "webrtc", "opus", "websocket")
MOMENTS = ("bot", "user", "silence")
MIC_DB = (-35.0, -12.0)
HEARD_BEFORE = 3.5
"""Seconds of the agent's voice, to a colleague or another customer, before the click."""
AROUND = int(1.2 * LINE_RATE)
QUESTION = "5"
"""A key that the bot answers with a sentence."""
SURELY_OVER = 7.0
CLEARED = 2
"""Frames that a carrier may still play of a bot whose sound was taken back: the one it plays now, and its fade."""
LEFT_TO_PLAY = 4
"""And of an agent, whose last two are played, then faded: nobody takes back half a word of a person's."""
NAN = float("nan")


@dataclass(slots=True)
class Round:
    lane: str
    moment: str
    mic_db: float
    taken: Switch
    returned: Switch
    click_ms: float
    return_ms: float
    bot_after: int
    """Frames of the bot that the customer heard after the takeover's request had been answered."""
    agent_after: int
    """Frames of the agent that the customer heard after the hand-back's had."""


@dataclass(slots=True)
class Lane:
    """One customer and one agent."""

    kind: str
    agent: Agent
    customer: Customer
    draw: random.Random
    conversation_id: str = ""
    call_id: str = ""
    rounds: list[Round] = field(default_factory=list)

    async def run(self, rounds: int) -> None:
        await self._find_call()
        for _ in range(rounds):
            await self._round()

    async def _find_call(self) -> None:
        while not self.conversation_id:
            for call in (await self.agent.http.get("/api/calls")).raise_for_status().json()["items"]:
                if call["from"] == self.customer.from_:
                    self.conversation_id, self.call_id = call["conversation_id"], call["id"]
            await asyncio.sleep(0.1)
        # The greeting.
        await asyncio.sleep(SURELY_OVER)

    async def _round(self) -> None:
        moment, mic_db = self.draw.choice(MOMENTS), self.draw.uniform(*MIC_DB)
        microphone = self.agent.microphone
        microphone.level_db, microphone.on, microphone.holding = mic_db, True, False
        await asyncio.sleep(HEARD_BEFORE)
        microphone.holding = True
        if moment == "bot":
            self.customer.press(QUESTION)
            await self._until_bot_speaks()
        elif moment == "user":
            self.customer.say(clip("martin_1"))
        await asyncio.sleep(self.draw.uniform(0.3, 1.2))

        start = self.customer.position
        clicked = time.monotonic()
        await self._post("take_over")
        answered = time.monotonic()
        await asyncio.sleep(1.3)
        taken = self._switch(start, BOT_HZ, AGENT_HZ)
        bot_after = self._frames_after(start, answered, BOT_HZ, CLEARED)
        click_ms = self._since(start, taken, clicked)

        interrupted = self.draw.random() < 0.3
        if interrupted:
            self.customer.say(clip("martin_2"))
            await asyncio.sleep(self.draw.uniform(0.1, 1.0))
        start = self.customer.position
        clicked = time.monotonic()
        await self._post("hand_back", {"note": "Sigue el asistente."})
        answered = time.monotonic()
        await asyncio.sleep(1.3)
        microphone.on = microphone.holding = False
        returned = self._switch(start, AGENT_HZ, BOT_HZ)
        return_ms = self._since(start, returned, clicked)
        agent_after = self._frames_after(start, answered, AGENT_HZ, LEFT_TO_PLAY)
        if interrupted:
            # The bot waits for the end of what the customer says, as it must.
            returned, return_ms = replace(returned, silence_ms=NAN, step_db=NAN, dropout_ms=NAN), NAN
        await asyncio.sleep(self.draw.uniform(1.0, 3.0))
        self.rounds.append(
            Round(self.kind, moment, mic_db, taken, returned, click_ms, return_ms, bot_after, agent_after)
        )

    async def _until_bot_speaks(self) -> None:
        for _ in range(60):
            await asyncio.sleep(0.05)
            now = self.customer.between(self.customer.position - 800, self.customer.position)
            if (levels_db(now, (BOT_HZ,))[:, 0] > HEARD_DB).all():
                return

    async def _post(self, what: str, body: dict[str, Any] | None = None) -> None:
        answer = await self.agent.http.post(f"/api/conversations/{self.conversation_id}/{what}", json=body or {})
        answer.raise_for_status()

    def _switch(self, start: int, old: tuple[float, ...], new: tuple[float, ...]) -> Switch:
        begin = max(0, start - AROUND)
        before = levels_db(self.customer.between(start - 60 * 8, start), (old, new))
        return switch(
            self.customer.between(begin, self.customer.position), old, new, old_spoke=bool((before[:, 0] > -35).all())
        )

    def _since(self, start: int, found: Switch, clicked: float) -> float:
        if found.first is None:
            return float("nan")
        return (
            self.customer.when(max(0, start - AROUND) // FRAME_SAMPLES * FRAME_SAMPLES + found.first) - clicked
        ) * 1_000

    def _frames_after(self, start: int, answered: float, hz: tuple[float, ...], allowed: int) -> int:
        """How many of the old voice came more than ``allowed`` frames after the answer."""
        frames = range(start // FRAME_SAMPLES, self.customer.position // FRAME_SAMPLES)
        late = [f for f in frames if self.customer.times[f] > answered + allowed * FRAME_MS / 1_000]
        if not late:
            return 0
        heard = levels_db(self.customer.between(late[0] * FRAME_SAMPLES, self.customer.position), (hz,))
        return int(np.count_nonzero(heard[:, 0] > HEARD_DB)) * 20 // FRAME_SAMPLES


async def bench(count: int, seed: int) -> dict[str, Any]:
    draw, tasks = random.Random(seed), Tasks()
    with ours(None, "--wav", "--voice", "tones", "--agents", str(len(LANES)), country="ES") as server:
        lanes = [await _lane(server, kind, number, draw, tasks) for number, kind in enumerate(LANES)]
        share = -(-count // len(lanes))
        await asyncio.gather(*(lane.run(share) for lane in lanes))
        checks = Counter[str]()
        for lane in lanes:
            lane.customer.gone = True
        await tasks.settle()
        for lane in lanes:
            checks.update(await _whole(server, lane))
        checks["recording_ms_off"] //= len(lanes)
        for lane in lanes:
            await lane.agent.leave()
            await lane.agent.http.aclose()
    return report([part for lane in lanes for part in lane.rounds], checks)


async def _lane(server: Ours, kind: str, number: int, draw: random.Random, tasks: Tasks) -> Lane:
    http, token = await signed_in(server.url, agent_email(number), server.token)
    microphone = Microphone(seed=number)
    agent: Agent
    if kind == "websocket":
        agent = SocketAgent(http, token, microphone)
    else:
        agent = WebRtcAgent(http, token, microphone, codec="opus" if kind == "opus" else "PCMU")
    await agent.join()
    customer = Customer(f"+5493416{number:06}", number)
    async with httpx.AsyncClient(timeout=15) as carrier:
        await customer.dial(carrier, server.url, server.token, tasks)
    return Lane(kind, agent, customer, random.Random(draw.random()))


async def _whole(server: Ours, lane: Lane) -> Counter[str]:
    """Is the recording as long as the call and without a hole, and the transcript without one?"""
    found: Counter[str] = Counter()
    while True:
        call = (await lane.agent.http.get(f"/api/calls/{lane.call_id}")).raise_for_status().json()
        if call["status"] == "ended" and call["recording"] and call["recording"]["seconds"] is not None:
            break
        await asyncio.sleep(0.3)
    numbers = [message["seq"] for message in call["transcript"]]
    events = Counter(message["meta"].get("event") for message in call["transcript"])
    found["transcript_holes"] = len(set(range(numbers[0], numbers[-1] + 1)) - set(numbers)) if numbers else 1
    found["takeovers_not_in_transcript"] = abs(len(lane.rounds) - events["took_over"])
    stereo = sound_of(server.folder, call["recording"]["id"])
    if stereo is None:
        found["recordings_missing"] = 1
        return found
    said = mulaw.decode(mulaw.encode(np.concatenate(lane.customer.said)))
    found["recording_ms_off"] = int(abs(len(stereo) - len(said)) * 1_000 / LINE_RATE)
    found["customer_samples_lost"] = min(
        # What came before the call was connected is not recorded: then the recording begins inside what was said.
        missing_samples(said[max(0, -shift) :][: len(stereo) - shift], stereo[max(0, shift) :, 0])
        for shift in range(-50 * FRAME_SAMPLES, 50 * FRAME_SAMPLES, FRAME_SAMPLES)
    )
    heard = np.concatenate(lane.customer.heard)
    for who, hz in (("bot", BOT_HZ), ("agent", AGENT_HZ)):
        ms = [int(np.count_nonzero(levels_db(sound, (hz,)) > -38)) * 5 // 2 for sound in (heard, stereo[:, 1])]
        found[f"{who}_ms_heard"], found[f"{who}_ms_recorded"] = ms
    return found


def report(rounds: list[Round], checks: Counter[str]) -> dict[str, Any]:
    """Print the table; answer the figures."""

    def of(values: list[float], q: float) -> float:
        kept = [value for value in values if value == value]
        return round(float(np.percentile(kept, q)), 1) if kept else float("nan")

    columns = ("n", "gaps", "gap p50", "gap p99", "overlap", "hole p99", "dB p50", "dB max", "click p50", "click p95")
    print(f"{'':<22}" + "".join(f"{column:>10}" for column in columns))
    for name, kind, way in (
        *((f"take over, {kind}", kind, "taken") for kind in ("webrtc", "opus", "websocket")),
        *((f"hand back, {kind}", kind, "returned") for kind in ("webrtc", "opus", "websocket")),
    ):
        chosen = [part for part in rounds if part.lane == kind]
        if not chosen:
            continue
        made = [getattr(part, way) for part in chosen]
        gaps = [one.silence_ms for one in made if one.step_db == one.step_db]
        steps = [abs(one.step_db) for one in made]
        click = [part.click_ms if way == "taken" else part.return_ms for part in chosen]
        overlaps, holes = [one.overlap_ms for one in made], [one.dropout_ms for one in made]
        row = (len(made), len(gaps), of(gaps, 50), of(gaps, 99), of(overlaps, 99), of(holes, 99), of(steps, 50),
               of(steps, 100), of(click, 50), of(click, 95))  # fmt: skip
        print(f"{name:<22}" + "".join(f"{value:>10}" for value in row))
    both = [one for part in rounds for one in (part.taken, part.returned)]
    spoke = [one for one in both if one.step_db == one.step_db]
    by_webrtc = [part.click_ms for part in rounds if part.lane != "websocket"]
    for name, value in sorted(checks.items()):
        print(f"{name:<32} {value}")
    print(f"{'silent after the click':<32} {sum(part.taken.first is None for part in rounds)}")
    return {
        "gap_ms_p99": of([max(one.silence_ms, one.overlap_ms) for one in spoke], 99),
        "bot_frames_after": sum(part.taken.old_frames_after + part.bot_after for part in rounds),
        "agent_frames_after": sum(part.returned.old_frames_after + part.agent_after for part in rounds),
        "loudness_db": of([abs(one.step_db) for one in spoke], 95),
        "click_to_voice_ms_p95": of(by_webrtc, 95),
        "n": 2 * len(rounds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="takeovers, each with its hand-back")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(bench(given.rounds, given.seed))))


if __name__ == "__main__":
    main()
