"""A bad network between an agent and us: the customer's leg never glitches and the agent's comes back.

The real jitter buffer, levels, floor, bridge and media stream in virtual time; only the packets are made here.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.lines.webrtc import WebRtcLeg
from relevo.calls.media.levels import active_level
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm

from .virtual_time import virtual
from .voices import at_level, steepest
from .world import BOT_HZ, Guest, World, energy, until, world

AGENT_HZ = 1_000.0
TAKEN = 4_000


class Network:
    """Carries an agent's packets badly. ``plan`` answers how many milliseconds each takes; None: lost."""

    def __init__(self, leg: WebRtcLeg, plan: Callable[[int], list[int]]) -> None:
        self.leg = leg
        self.plan = plan
        self.away: tuple[int, int] = (0, 0)
        self.number = 0
        at = np.arange(LINE_RATE * 30) / LINE_RATE
        # With pauses, like a voice.
        voiced = np.convolve((at * 1_000) % 500 < 400, np.ones(80) / 80, "same")
        self.voice = at_level(np.sin(2 * np.pi * AGENT_HZ * at) * voiced, -30)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            number = self.number
            self.number += 1
            away = self.away[0] <= number * 20 < self.away[1]
            for delay in [] if away else self.plan(number):
                loop.call_later(delay / 1_000, self._arrive, number)
            await asyncio.sleep(max(0.0, begun + self.number * 0.02 - loop.time()))

    def _arrive(self, number: int) -> None:
        frame = self.voice[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES]
        self.leg.sound.hear(7, LINE_RATE, (65_300 + number) % 65_536, number * FRAME_SAMPLES, frame)


def rough(seed: int, *, loss: float, jitter_ms: int, double: float) -> Callable[[int], list[int]]:
    draw = random.Random(seed)

    def plan(_: int) -> list[int]:
        if draw.random() < loss:
            return []
        delays = [draw.randint(0, jitter_ms)]
        return delays + [draw.randint(0, jitter_ms)] if draw.random() < double else delays

    return plan


async def taken_over(w: World, plan: Callable[[int], list[int]]) -> tuple[Guest, Network]:
    leg = WebRtcLeg(lambda: None)
    w.headsets.connect(w.agent, leg)
    network = Network(leg, plan)
    w.tasks.start(network.run(), name="network")
    guest = Guest(hangs_up_at=20_000)
    await w.call(guest)
    await until(lambda: guest.ms >= TAKEN)
    await w.take_over()
    return guest, network


def heard(guest: Guest, since: int, until_ms: int) -> Pcm:
    return np.concatenate(guest.heard[since // 20 : until_ms // 20])


@virtual
async def test_a_fifth_lost_200_ms_of_jitter_reordered_and_doubled(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest, network = await taken_over(w, rough(5, loss=0.2, jitter_ms=200, double=0.1))
        await until(lambda: guest.ms >= 14_000)
        after = heard(guest, TAKEN + 1_000, 14_000)
        assert energy(after, AGENT_HZ) > 0.5
        assert energy(after, BOT_HZ) < 0.001
        assert active_level(after) == pytest.approx(-20, abs=2)
        clean = at_level(np.sin(2 * np.pi * AGENT_HZ * np.arange(LINE_RATE) / LINE_RATE), -20)
        assert steepest(after) <= 1.8 * steepest(clean)
        voice = np.abs(after.reshape(-1, FRAME_SAMPLES)).max(axis=1) > 1_000
        assert 0.6 < voice.mean() < 0.95
        jitter = network.leg.sound.jitter
        assert jitter.duplicate > 20
        assert jitter.late < 30
        assert (await w.call_json())["voice"]["agent_voice"] == "on"


@virtual
@pytest.mark.parametrize("gap_ms", [600, 1_200])
async def test_a_short_gap_costs_the_gap_and_nothing_of_it_comes_later(tmp_path: Path, gap_ms: int) -> None:
    async with world(tmp_path) as w:
        guest, network = await taken_over(w, lambda _: [40])
        await until(lambda: guest.ms >= 7_000)
        begin = network.number * 20
        network.away = (begin, begin + gap_ms)
        await until(lambda: guest.ms >= 7_000 + gap_ms + 1_500)
        silent = heard(guest, 7_400, 7_000 + gap_ms)
        assert np.abs(silent).max() < 300
        back = heard(guest, 7_000 + gap_ms + 300, 7_000 + gap_ms + 1_300)
        assert energy(back, AGENT_HZ) > 0.5
        assert network.leg.sound.jitter.delay_ms <= 40
        assert (await w.call_json())["voice"]["agent_voice"] == "on"


@virtual
async def test_after_three_seconds_without_a_packet_the_customer_has_somebody_and_the_agent_can_come_back(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as w:
        guest, network = await taken_over(w, lambda _: [40])
        await until(lambda: guest.ms >= 7_000)
        begin = network.number * 20
        network.away = (begin, begin + 3_000)
        await until(lambda: guest.ms >= 9_200)
        meanwhile = heard(guest, 8_400, 9_200)
        assert energy(meanwhile, BOT_HZ) > 0.5, "the bot has the call within two seconds"
        await until(lambda: guest.ms >= 12_000)
        assert network.leg.silent_ms() < 100
        await w.take_over()
        await until(lambda: guest.ms >= 13_500)
        assert energy(heard(guest, 12_300, 13_500), AGENT_HZ) > 0.5
