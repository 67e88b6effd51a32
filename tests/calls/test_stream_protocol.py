"""The protocol object by itself: fed anything it never raises, ends once, and lets no sound run ahead of the clock."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from relevo.adapters.lines.media_stream import (
    AHEAD,
    MAX_EARLY,
    MAX_GAP,
    MAX_SOUND,
    MAX_UNSENT,
    Admitted,
    MediaStream,
    Start,
    StreamLine,
)
from relevo.calls.rules import EndReason
from relevo.kit.errors import Conflict
from relevo.kit.tasks import Tasks

from .virtual_time import VirtualLoop, virtual


class Wire:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.codes: list[int] = []
        self.waiting = 0

    def send(self, text: bytes) -> None:
        self.sent.append(text)

    def unsent(self) -> int:
        return self.waiting

    def close(self, code: int) -> None:
        self.codes.append(code)


class Ear:
    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []
        self.told: list[str] = []
        self.over: list[str] = []

    def sound(self, mulaw: bytes, position: int) -> None:
        assert not self.over
        self.heard.append((position, len(mulaw)))

    def marked(self, name: str) -> None:
        self.told.append(name)

    def digit(self, digit: str) -> None:
        self.told.append(digit)

    def closed(self, reason: str) -> None:
        self.over.append(reason)


class Side:
    """A stream with both of its ends."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.wire, self.ear, self.tasks = Wire(), Ear(), Tasks()
        self.line = StreamLine("test", "MZ1")
        self.fault = fault
        self.gate = asyncio.Event()
        self.gate.set()
        self.stream = MediaStream(self.wire, self.admit, self.tasks)

    async def admit(self, start: Start) -> Admitted | None:
        assert start.stream == "MZ1"

        async def connect(_: StreamLine) -> Ear:
            await self.gate.wait()
            if self.fault is not None:
                raise self.fault
            return self.ear

        return self.line, connect

    def say(self, event: str, **more: Any) -> None:
        self.stream.text(json.dumps({"event": event, **more}).encode())

    async def begin(self) -> Side:
        self.say("connected")
        self.say("start", start={"streamSid": "MZ1", "callSid": "CA1"})
        await self.tasks.settle()
        return self

    def sound(self, size: int = 160, **more: Any) -> None:
        self.say("media", media={"payload": base64.b64encode(bytes(size)).decode(), **more})


SCALARS = st.sampled_from([None, True, 0, -1, 1.5, 10**30, "", "x", "ñ\U0001f600", "inbound", "7", "²", "A" * 90])
ANY_JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["name", "digit"]), SCALARS)
SOUNDS = st.integers(0, 16_400).map(lambda size: base64.b64encode(bytes(size)).decode())
STAMPS = st.integers(0, 60_000).map(str)
GOOD = st.builds(
    lambda payload, stamp: {"event": "media", "media": {"payload": payload, "timestamp": stamp}}, SOUNDS, STAMPS
)
ODD = st.fixed_dictionaries(
    {"event": st.sampled_from(["media", "mark", "dtmf", "start", "connected", "stop"]) | ANY_JSON},
    optional={
        "streamSid": st.just("MZ1") | ANY_JSON,
        "media": st.fixed_dictionaries({}, optional={"payload": SOUNDS | ANY_JSON, "timestamp": STAMPS | ANY_JSON})
        | ANY_JSON,
        "mark": ANY_JSON,
        "dtmf": ANY_JSON,
    },
)
WIRED = st.integers(0, 9).flatmap(
    lambda die: (
        (GOOD if die < 8 else ODD).map(lambda frame: json.dumps(frame).encode()) if die else st.binary(max_size=20)
    )
)


EDGE = json.dumps({"event": "media", "media": {"payload": "A" * 496, "timestamp": "3999"}}).encode()
MORE = json.dumps({"event": "media", "media": {"payload": "AA==", "timestamp": "1169"}}).encode()


@example([(EDGE, 2.0), (MORE, 0.0)])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(WIRED, st.floats(0, 3)), max_size=30))
def test_whatever_is_fed_it_ends_once_and_sound_keeps_to_the_clock(frames: list[tuple[bytes, float]]) -> None:
    async def run() -> None:
        side = await Side().begin()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        for frame, later in frames:
            loop.now += later
            heard = len(side.ear.heard)
            side.stream.text(frame)
            until = loop.now * 8_000 + AHEAD
            for position, size in side.ear.heard[heard:]:
                before = [at + length for at, length in side.ear.heard[:heard]]
                assert max(before, default=0) <= position <= until
                assert position - max(before, default=0) <= MAX_GAP
                assert size <= MAX_SOUND
        side.stream.lost()
        assert len(side.ear.over) == len(side.wire.codes) == 1
        assert side.stream.done.is_set()
        assert EndReason(side.ear.over[0]) is not EndReason.INTERNAL_ERROR

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())


@virtual
async def test_sound_lies_where_its_timestamp_says_if_that_is_believable() -> None:
    side = await Side().begin()
    for stamp in ("0", "20", "60", "40", "999999", "-5", "x", 100, "100"):
        side.sound(timestamp=stamp)
    assert [position for position, _ in side.ear.heard] == [0, 160, 480, 640, 800, 960, 1120, 1280, 1440]


@virtual
async def test_who_talks_faster_than_time_is_cut_off() -> None:
    side = await Side().begin()
    for _ in range(AHEAD // 160):
        side.sound()
    assert not side.ear.over
    await asyncio.sleep(1)
    for _ in range(50):
        side.sound()
    assert not side.ear.over
    side.sound()
    assert (side.ear.over, side.wire.codes) == (["protocol_error"], [1008])
    side.sound()
    assert len(side.ear.heard) == AHEAD // 160 + 50


@virtual
async def test_what_comes_while_connecting_is_heard_in_order_but_not_without_end() -> None:
    side = Side()
    side.gate.clear()
    side.say("start", start={"streamSid": "MZ1"})
    for key in "123":
        side.say("dtmf", dtmf={"digit": key})
    side.gate.set()
    await side.tasks.settle()
    assert side.ear.told == ["1", "2", "3"]
    other = Side()
    other.gate.clear()
    other.say("start", start={"streamSid": "MZ1"})
    for _ in range(MAX_EARLY + 1):
        other.sound()
    assert other.wire.codes == [1008]
    await other.tasks.settle()


@pytest.mark.parametrize("fault", [Conflict("call_not_ringing"), LookupError("ours")])
def test_who_cannot_be_connected_is_hung_up_on_at_once(fault: Exception) -> None:
    @virtual
    async def scenario() -> None:
        side = await Side(fault).begin()
        assert side.stream.done.is_set()
        assert (side.wire.codes, side.ear.over) == ([1000], [])

    scenario()


@virtual
async def test_a_hang_up_while_connecting_reaches_the_call() -> None:
    side = Side()
    side.gate.clear()
    side.say("start", start={"streamSid": "MZ1"})
    await asyncio.sleep(1)
    side.gate.set()
    side.stream.lost()
    await side.tasks.settle()
    assert side.stream.done.is_set()
    assert side.ear.heard == []


@virtual
async def test_what_is_written_is_framed_and_a_full_wire_ends_the_call() -> None:
    side = await Side().begin()
    side.line.write(bytes(range(160)))
    side.line.mark("m1")
    side.line.clear()
    frames = [json.loads(text) for text in side.wire.sent]
    assert [frame["event"] for frame in frames] == ["media", "mark", "clear"]
    assert {frame["streamSid"] for frame in frames} == {"MZ1"}
    assert base64.b64decode(frames[0]["media"]["payload"]) == bytes(range(160))
    side.wire.waiting = MAX_UNSENT + 1
    for _ in range(16):
        side.line.write(bytes(160))
    assert side.ear.over == ["line_stalled"]
    sent = len(side.wire.sent)
    side.line.write(bytes(160))
    side.line.mark("m2")
    assert len(side.wire.sent) == sent
