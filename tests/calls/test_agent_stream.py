"""Headsets over a WebSocket, over an in-memory wire and in virtual time."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from relevo.adapters.lines import agent_stream
from relevo.adapters.lines.agent_stream import AgentStream
from relevo.calls.headsets import LEFT
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Leg, LegListener, Pcm
from relevo.people.rules import Role, Staff

from .virtual_time import virtual
from .world import AsgiWire, loudest_hz, tone, until

MARTA = Staff("stf_marta", "marta@example.test", "Marta", Role.AGENT)


class Listener:
    def __init__(self) -> None:
        self.digits: list[str] = []
        self.reasons: list[str] = []

    def digit(self, digit: str) -> None:
        self.digits.append(digit)

    def closed(self, reason: str) -> None:
        self.reasons.append(reason)


class Desk:
    """Stands for ``Headsets`` and for who may speak."""

    def __init__(self) -> None:
        self.legs: list[Leg] = []
        self.listeners: list[Listener] = []
        self.app = FastAPI()
        self.app.include_router(agent_stream.router(AgentStream(self.connect, self.verify)))

    def connect(self, staff: Staff, leg: Leg) -> LegListener:
        assert staff == MARTA
        self.legs.append(leg)
        self.listeners.append(Listener())
        return self.listeners[-1]

    async def verify(self, request: HTTPConnection, token: str) -> Staff | None:
        own = request.cookies.get("relevo_session") == "good" and request.headers.get("origin") == "https://relevo.test"
        return MARTA if own or token == "good-token" else None

    async def open(self, token: str = "", headers: dict[str, str] | None = None) -> Browser:
        wire = await AsgiWire(self.app, agent_stream.PATH, headers or {}).open()
        browser = Browser(wire)
        await browser.send("connected", protocol="Call", version="1.0.0")
        await browser.send("start", start={"streamSid": "MZ1", "callSid": "CA1", "customParameters": {"token": token}})
        return browser


class Browser:
    def __init__(self, wire: AsgiWire) -> None:
        self.wire = wire
        self.chunk = 0
        self.heard: list[Pcm] = []
        self.marks: list[str] = []
        self.cleared = 0
        self.over = False
        wire.tasks.start(self._listen(), name="browser")

    async def send(self, event: str, **body: Any) -> None:
        await self.wire.send(json.dumps({"event": event, "streamSid": "MZ1", **body}))

    async def say(self, pcm: Pcm) -> None:
        payload = base64.b64encode(mulaw.encode(pcm)).decode()
        await self.send("media", media={"track": "inbound", "payload": payload})

    async def _listen(self) -> None:
        while (text := await self.wire.receive()) is not None:
            frame = json.loads(text)
            if frame["event"] == "media":
                self.heard.append(mulaw.decode(base64.b64decode(frame["media"]["payload"])))
            elif frame["event"] == "mark":
                self.marks.append(frame["mark"]["name"])
            elif frame["event"] == "clear":
                self.cleared += 1
        self.over = True


async def talk_for(leg: Leg, browser: Browser, ticks: int, hz: float = 440, *, echo: bool = True) -> list[Pcm | None]:
    said, back, heard = tone(hz, 20 * ticks), tone(900, 20 * ticks), []
    for tick in range(ticks):
        piece = slice(tick * FRAME_SAMPLES, (tick + 1) * FRAME_SAMPLES)
        await browser.say(said[piece])
        if echo and browser.marks:
            await browser.send("mark", mark={"name": browser.marks.pop(0)})
        await asyncio.sleep(0.02)
        heard.append(leg.read())
        leg.write(back[piece])
    return heard


@virtual
async def test_sound_goes_both_ways() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    [leg] = desk.legs
    assert leg.name == "websocket"
    heard = await talk_for(leg, browser, 100)
    await asyncio.sleep(0.1)
    assert loudest_hz(np.concatenate([frame for frame in heard if frame is not None]), LINE_RATE) == pytest.approx(
        440, abs=2
    )
    assert sum(frame is None for frame in heard) <= 2
    assert loudest_hz(np.concatenate(browser.heard), LINE_RATE) == pytest.approx(900, abs=2)
    assert len(browser.heard) == 100
    assert leg.silent_ms() <= 120
    await browser.wire.close()


@virtual
async def test_a_cookie_counts_from_our_own_page_only_and_a_stranger_is_told_not_to_come_back() -> None:
    desk = Desk()
    own = {"cookie": "relevo_session=good", "origin": "https://relevo.test"}
    good = await desk.open(headers=own)
    await until(lambda: len(desk.legs) == 1)
    for headers in ({**own, "origin": "https://evil.test"}, {"cookie": "relevo_session=bad"}, {}):
        refused = await desk.open("", headers)
        await until(lambda wire=refused: wire.over)
        assert refused.wire.code == agent_stream.REFUSED
    assert len(desk.legs) == 1
    await good.wire.close()


@virtual
async def test_stop_means_switched_off_and_a_broken_socket_means_lost() -> None:
    desk = Desk()
    endings = (("stop", LEFT), ("break", "line_lost"), ("nonsense", "protocol_error"))
    for turn, (ending, reason) in enumerate(endings, 1):
        browser = await desk.open("good-token")
        await until(lambda turn=turn: len(desk.listeners) == turn)
        if ending == "stop":
            await browser.send("stop", stop={})
        elif ending == "break":
            await browser.wire.close()
        else:
            await browser.wire.send("{")
        await until(lambda: bool(desk.listeners[-1].reasons))
        assert desk.listeners[-1].reasons == [reason]


@virtual
async def test_a_replaced_headset_is_told_so() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    desk.legs[0].hang_up()
    desk.legs[0].hang_up()
    await until(lambda: browser.over)
    assert browser.wire.code == agent_stream.REPLACED
    assert len(desk.listeners[0].reasons) == 1


@virtual
async def test_keys_reach_the_listener() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    await browser.send("dtmf", dtmf={"digit": "5"})
    await until(lambda: desk.listeners[0].digits == ["5"])
    await browser.wire.close()


@virtual
async def test_a_browser_that_falls_behind_loses_sound_and_goes_on_when_it_is_back() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    await talk_for(desk.legs[0], browser, 50)
    await talk_for(desk.legs[0], browser, 200, echo=False)
    assert len(browser.heard) <= 50 + agent_stream.MOST_AHEAD + 2 * agent_stream.MARK_EVERY
    before = len(browser.heard)
    await talk_for(desk.legs[0], browser, 100)
    assert len(browser.heard) - before > 80
    await browser.wire.close()


@virtual
async def test_flush_clears_what_waits_at_the_browser() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    desk.legs[0].flush()
    await until(lambda: browser.cleared == 1)
    await browser.wire.close()


@virtual
async def test_after_three_seconds_without_sound_it_goes_on_without_a_burst() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    leg = desk.legs[0]
    await talk_for(leg, browser, 50)
    for _ in range(150):
        await asyncio.sleep(0.02)
        leg.read()
    assert leg.silent_ms() >= 3_000
    assert not desk.listeners[0].reasons
    for _ in range(150):
        await browser.say(tone(1_300, 20))
    heard = await talk_for(leg, browser, 100, hz=600)
    spoken = [frame for frame in heard if frame is not None]
    old = sum(loudest_hz(frame, LINE_RATE) > 1_000 for frame in spoken)
    assert old <= 3
    assert loudest_hz(np.concatenate(spoken[30:]), LINE_RATE) == pytest.approx(600, abs=3)
    await browser.wire.close()


@virtual
async def test_silence_without_end_ends_it() -> None:
    desk = Desk()
    browser = await desk.open("good-token")
    await until(lambda: bool(desk.legs))
    for _ in range(510):
        await asyncio.sleep(0.02)
        desk.legs[0].read()
    await until(lambda: desk.listeners[0].reasons == ["line_lost"])
    await until(lambda: browser.over)
