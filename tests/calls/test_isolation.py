"""A hundred calls at a time, each with a tone of its own: nobody ever hears, and no recording keeps, another's."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relevo.adapters.storage.local import LocalRecordings
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.calls.rules.floor import Seat
from relevo.people.rules import Role, Staff

from .virtual_time import virtual
from .world import ScriptedLeg, World, until, world

CALLS = 100
SECONDS = 1.5
FIRST_HZ, STEP_HZ = 320.0, 16.0
CUSTOMER, AGENT = 0.0, 8.0
"""A call's two voices are 8 Hz apart: 200 tones between 320 and 1920 Hz."""
LEVEL = 0.12
NEAR_HZ = 60.0
BOT_HZ = 2_600
STRANGE = 0.004
"""Share of full scale above which a tone is somebody (-48 dBFS); mu-law's noise is far below."""


def hz_of(call: int, whose: float = CUSTOMER) -> float:
    return FIRST_HZ + STEP_HZ * call + whose


@dataclass
class Tone:
    """A customer who sounds without end."""

    hz: float
    heard: list[Pcm] = field(default_factory=list)
    gone: bool = False
    at: int = 0

    def tick(self, heard: Pcm) -> Pcm | None:
        self.heard.append(heard)
        if self.gone:
            return None
        turn = 2 * np.pi * self.hz * (self.at + np.arange(FRAME_SAMPLES)) / LINE_RATE
        self.at += FRAME_SAMPLES
        return (np.sin(turn) * LEVEL * 32_767).astype(np.int16)


def steady(sound: NDArray[np.int16]) -> NDArray[np.int16]:
    """A second in which nobody came or went, right before the end."""
    return sound[-LINE_RATE - 2_000 : -2_000]


def far(found: set[float], call: int) -> set[float]:
    """Without the call's own tones and what their beginning and end spread over."""
    return {hz for hz in found if abs(hz - hz_of(call)) > NEAR_HZ}


def tones_in(sound: NDArray[np.int16]) -> set[float]:
    """Which of the 200 tones are in ``sound``, half a second of it at a time."""
    found: set[float] = set()
    size = LINE_RATE // 2
    window = np.blackman(size)
    places = np.round(np.array([hz_of(call, whose) for call in range(CALLS) for whose in (CUSTOMER, AGENT)]) * 8)
    for start in range(0, len(sound) - size + 1, size):
        # Sixteen times as fine as the block is long; a Blackman window is down to -58 dB three bins (6 Hz) away.
        spectrum = np.abs(np.fft.rfft(sound[start : start + size] / 32_768 * window, LINE_RATE * 8)) * 2 / window.sum()
        loud = spectrum[places.astype(int)] > STRANGE
        found |= {float(place) / 8 for place in places[loud]}
    return found


def kept(w: World, recording: str) -> NDArray[np.int16]:
    path = LocalRecordings(w.folder / "recordings").find(recording)
    assert path is not None
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


async def seated(w: World, staff: Staff, leg: ScriptedLeg, call_id: str, seat: Seat) -> None:
    w.wear(leg, staff)
    session = w.calls.here.session_of(call_id)
    headset = w.headsets.of(staff.id)
    assert session is not None
    assert headset is not None
    session.staffing.join(headset, seat)


@virtual
async def test_a_hundred_calls_do_not_hear_each_other(tmp_path: Path) -> None:
    async with world(tmp_path, most=CALLS) as w:
        w.voice.hz = {"": BOT_HZ}
        customers = [Tone(hz_of(call)) for call in range(CALLS)]
        for call, customer in enumerate(customers):
            await w.call(customer, from_=f"+54934155{call:05}")
        await until(lambda: w.calls.carried == CALLS)
        rows = {row["from"]: row for row in await w.rows()}
        ids = [rows[f"+54934155{call:05}"]["id"] for call in range(CALLS)]

        agents: dict[int, ScriptedLeg] = {}
        listeners: dict[int, ScriptedLeg] = {}
        for call in range(0, CALLS, 4):
            staff = await w.staff(f"Agente{call}")
            agents[call] = ScriptedLeg(hz_of(call, AGENT), LEVEL, pauses=False)
            w.wear(agents[call], staff)
            async with w.db.write() as tx:
                await w.conversations.take_over(tx, rows[f"+54934155{call:05}"]["conversation_id"], staff=staff)
        for call in range(0, CALLS, 6):
            staff = await w.staff(f"Supervisora{call}", Role.SUPERVISOR)
            listeners[call] = ScriptedLeg(0.0)
            await seated(w, staff, listeners[call], ids[call], Seat.LISTEN)
        heard_before = [len(customer.heard) for customer in customers]
        await until(lambda: len(customers[-1].heard) > heard_before[-1] + SECONDS * 50, SECONDS + 5)
        recordings = [row["recording"]["id"] for row in (rows[f"+54934155{call:05}"] for call in range(CALLS))]
        for customer in customers:
            customer.gone = True
        await w.settle()

        for call, customer in enumerate(customers):
            theirs = {hz_of(call, AGENT)} if call in agents else set()
            whole, stereo = np.concatenate(customer.heard), kept(w, recordings[call])
            assert tones_in(steady(whole)) == theirs, call
            assert tones_in(steady(stereo[:, 0])) == {hz_of(call)}, call
            assert tones_in(steady(stereo[:, 1])) == theirs, call
            assert not far(tones_in(whole) | tones_in(stereo[:, 0]) | tones_in(stereo[:, 1]), call), call
        for call, leg in (*agents.items(), *listeners.items()):
            also = {hz_of(call, AGENT)} if leg is listeners.get(call) and call in agents else set()
            assert tones_in(steady(np.concatenate(leg.heard))) == {hz_of(call)} | also, call
            assert not far(tones_in(np.concatenate(leg.heard)), call), call
