"""Headsets over WebRTC: two real peers on this machine's loopback, one of them a browser with a bad network.

The only tests of sound in real time. They ask little of the clock and much of what is heard.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import numpy as np
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from relevo.adapters.lines import webrtc
from relevo.adapters.lines.ice import Settings
from relevo.adapters.lines.webrtc import Ending, Peers, WebRtcLeg
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Leg, LegListener, Pcm
from relevo.kit.errors import Invalid, Misconfigured, NotFound, RelevoError
from relevo.kit.ids import CountingIds
from relevo.people.rules import Role, Staff

from .peers import Browser, soon
from .voices import level
from .world import loudest_hz, tone

pytest.importorskip("aiortc")

MARTA = Staff("stf_marta", "marta@example.test", "Marta", Role.AGENT)
JULIAN = Staff("stf_julian", "julian@example.test", "Julián", Role.AGENT)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])


class Listener:
    def __init__(self) -> None:
        self.digits: list[str] = []
        self.reasons: list[str] = []

    def digit(self, digit: str) -> None:
        self.digits.append(digit)

    def closed(self, reason: str) -> None:
        self.reasons.append(reason)


class Desk:
    """Stands for ``Headsets``."""

    def __init__(self) -> None:
        self.legs: list[Leg] = []
        self.whose: dict[Leg, Staff] = {}
        self.listeners: list[Listener] = []

    def connect(self, staff: Staff, leg: Leg) -> LegListener:
        self.legs.append(leg)
        self.whose[leg] = staff
        self.listeners.append(Listener())
        return self.listeners[-1]


async def beat(leg: Leg, hz: float, ticks: int) -> list[Pcm | None]:
    """The clock: every 20 ms a frame out and a frame in."""
    out, heard, began = tone(hz, 20 * ticks), list[Pcm | None](), time.monotonic()
    for tick in range(ticks):
        leg.write(out[tick * FRAME_SAMPLES : (tick + 1) * FRAME_SAMPLES])
        heard.append(leg.read())
        await asyncio.sleep(max(0.0, began + (tick + 1) * 0.02 - time.monotonic()))
    return heard


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Desk, Peers]]:
    made = Desk()
    peers = Peers(made.connect, Settings(), CountingIds())
    try:
        yield made, peers
    finally:
        await peers.close()
        assert len(peers) == 0


async def call_in(peers: Peers, browser: Browser, staff: Staff = MARTA, again: str | None = None) -> str:
    peer_id, answer = await peers.offer(staff, await browser.offer(), again)
    await browser.accept(answer)
    return peer_id


def clean(frames: list[Pcm], hz: float) -> float:
    """The share of frames that are this tone and hardly anything else."""
    good = 0
    for frame in frames:
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(len(frame)))) ** 2
        at = round(hz * len(frame) / LINE_RATE)
        wanted = spectrum[max(0, at - 3) : at + 4].sum()
        good += wanted > 30 * (spectrum.sum() - wanted)
    return good / len(frames)


async def test_sound_goes_both_ways_in_pcmu_and_opus_and_through_a_bad_network() -> None:
    browsers = [Browser(440), Browser(520, codecs=("opus",)), Browser(610, seed=3)]
    said = [700.0, 800.0, 900.0]
    staff = [Staff(f"stf_{index}", "", "", Role.AGENT) for index in range(3)]
    async with desk() as (made, peers):
        for browser, person in zip(browsers, staff, strict=True):
            await call_in(peers, browser, person)
        await soon(lambda: len(made.legs) == 3)
        made.legs.sort(key=lambda leg: made.whose[leg].id)
        bad = browsers[2]
        bad.loss, bad.double, bad.jitter_ms = 0.2, 0.1, 60
        beats = [beat(leg, hz, 75) for leg, hz in zip(made.legs, said, strict=True)]
        heard = await asyncio.gather(*beats)
        legs = [leg for leg in made.legs if isinstance(leg, WebRtcLeg)]
        for index, browser in enumerate(browsers):
            frames = heard[index][25:]
            assert sum(frame is not None for frame in frames) > 0.7 * len(frames)
            spoken = [frame for frame in frames if frame is not None]
            out = np.concatenate(spoken)
            assert loudest_hz(out, LINE_RATE) == pytest.approx(browser.hz, abs=12)
            # The browser's stand-in spreads one channel over two when it speaks Opus, which costs 3 dB.
            expected = level(tone(440, 100, level=9_000 / 32_767)) - (3 if index == 1 else 0)
            assert float(np.median([level(frame) for frame in spoken])) == pytest.approx(expected, abs=1.5)
            assert clean(spoken, browser.hz) > 0.5
            back = browser.heard[-40:]
            assert loudest_hz(np.concatenate(back), LINE_RATE) == pytest.approx(said[index], abs=12)
            assert clean(back, said[index]) > 0.5
        assert legs[2].sound.jitter.lost > 0
        assert all(leg.silent_ms() < 1_000 for leg in legs)
        for browser in browsers:
            await browser.close()


async def test_a_gap_a_new_connection_with_the_same_id_keys_and_the_goodbye() -> None:
    first, second = Browser(440), Browser(1_200)
    async with desk() as (made, peers):
        peer_id = await call_in(peers, first)
        await soon(lambda: bool(made.legs))
        leg, listener = made.legs[0], made.listeners[0]
        await soon(lambda: first.keypad.readyState == "open")
        for text in ('{"digit": "7"}', '{"digit": "77"}', "nonsense", "[]", '{"digit": "#"}'):
            first.keypad.send(text)
        await beat(leg, 700, 25)
        assert listener.digits == ["7", "#"]

        first.away = True
        heard = await beat(leg, 700, 25)
        assert leg.silent_ms() >= 400
        assert heard[-1] is None
        first.away = False
        assert not listener.reasons
        heard = await beat(leg, 700, 20)
        back = np.concatenate([frame for frame in heard[-8:] if frame is not None])
        assert loudest_hz(back, LINE_RATE) == pytest.approx(440, abs=12)

        first.away = True
        assert await call_in(peers, second, again=peer_id) == peer_id
        heard = await beat(leg, 700, 45)
        assert len(made.legs) == 1
        assert not listener.reasons
        now = np.concatenate([frame for frame in heard[-15:] if frame is not None])
        assert loudest_hz(now, LINE_RATE) == pytest.approx(1_200, abs=12)
        assert loudest_hz(np.concatenate(second.heard[-20:]), LINE_RATE) == pytest.approx(700, abs=12)

        await second.close()
        await soon(lambda: bool(listener.reasons), 2)
        assert listener.reasons == [Ending.CLOSED]
        await first.close()


async def test_we_hang_up_and_the_listener_hears_of_it_once() -> None:
    browser = Browser(440)
    async with desk() as (made, peers):
        await call_in(peers, browser)
        await soon(lambda: bool(made.legs))
        made.legs[0].hang_up()
        made.legs[0].hang_up()
        assert made.listeners[0].reasons == [Ending.HUNG_UP]
        made.legs[0].write(tone(500, 20))
        await soon(lambda: browser.connection.connectionState == "closed", 2)
        await browser.close()


async def test_who_never_connects_or_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webrtc, "CONNECT_SECONDS", 0.05)
    monkeypatch.setattr(webrtc, "SILENT_SECONDS", 0.1)
    browser, absent = Browser(440), Browser(440)
    async with desk() as (made, peers):
        await peers.offer(JULIAN, await absent.offer())
        assert len(peers) == 1
        await soon(lambda: len(peers) == 0, 2)
        monkeypatch.setattr(webrtc, "CONNECT_SECONDS", 2)
        await call_in(peers, browser)
        await soon(lambda: bool(made.legs))
        browser.away = True
        await soon(lambda: made.listeners[0].reasons == [Ending.LOST], 3)
        await browser.close()
        await absent.close()


async def test_candidates_may_come_one_by_one() -> None:
    browser = Browser(440)
    async with desk() as (made, peers):
        whole = await browser.offer()
        candidates = [line for line in whole.splitlines() if line.startswith("a=candidate")]
        bare = "\r\n".join(line for line in whole.splitlines() if "candidate" not in line) + "\r\n"
        peer_id, answer = await peers.offer(MARTA, bare)
        await browser.accept(answer)
        await peers.candidate(
            MARTA, peer_id, {"candidate": "candidate:1 1 udp 1 hidden.local 9 typ host", "sdpMid": "0"}
        )
        for line in candidates:
            await peers.candidate(MARTA, peer_id, {"candidate": line[2:], "sdpMid": "0", "sdpMLineIndex": 0})
        await peers.candidate(MARTA, peer_id, None)
        with pytest.raises(Invalid):
            await peers.candidate(MARTA, peer_id, {"candidate": "candidate:nonsense", "sdpMid": "0"})
        with pytest.raises(NotFound):
            await peers.candidate(JULIAN, peer_id, None)
        await soon(lambda: bool(made.legs))
        await browser.close()


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "v=0",
        "\r\n" * 50,
        "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
        "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n",
        "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n",
    ],
)
async def test_an_offer_that_makes_no_sense_is_refused_and_leaves_nothing(sdp: str) -> None:
    async with desk() as (made, peers):
        with pytest.raises(Invalid):
            await peers.offer(MARTA, sdp)
        assert len(peers) == 0
        assert not made.legs


async def test_a_person_who_keeps_connecting_keeps_the_latest_connections() -> None:
    async with desk() as (_, peers):
        browsers = [Browser(440) for _ in range(webrtc.PEERS_PER_PERSON + 2)]
        for browser in browsers:
            await peers.offer(MARTA, await browser.offer())
        assert len(peers) == webrtc.PEERS_PER_PERSON
        for browser in browsers:
            await browser.close()


async def test_a_stun_server_that_does_not_answer_costs_little_time() -> None:
    made = Desk()
    peers = Peers(made.connect, Settings(ice_servers=SecretStr("stun:127.0.0.1:9")), CountingIds())
    browser = Browser(440)
    began = time.monotonic()
    await call_in(peers, browser)
    assert time.monotonic() - began < 4
    await soon(lambda: bool(made.legs))
    await peers.close()
    await browser.close()


async def test_http(monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk() as (made, peers):
        app = FastAPI()

        @app.exception_handler(RelevoError)
        async def refuse(_: Request, error: RelevoError) -> JSONResponse:
            return JSONResponse({"error": {"code": error.code}}, error.status)

        async def allowed(request: Request) -> Staff:
            return JULIAN if request.headers.get("x-me") == "julian" else MARTA

        app.include_router(webrtc.router(peers, allowed))
        transport = httpx.ASGITransport(app)
        browser = Browser(440)
        async with httpx.AsyncClient(transport=transport, base_url="http://relevo.test") as client:
            base = "/api/voice/webrtc"
            said = (await client.post(base, json={"type": "offer", "sdp": await browser.offer()})).json()
            assert said["type"] == "answer"
            await browser.accept(said["sdp"])
            path = f"{base}/{said['id']}"
            assert (await client.post(f"{path}/candidates", json={"candidate": None})).status_code == 204
            assert (await client.delete(path, headers={"x-me": "julian"})).status_code == 404
            await soon(lambda: bool(made.legs))
            assert (await client.delete(path)).status_code == 204
            assert made.listeners[0].reasons == [Ending.LEFT]
            assert (await client.delete(path)).status_code == 404
            assert (await client.post(base, json={"sdp": "x" * 20_001})).status_code == 422
            monkeypatch.setattr(webrtc, "installed", lambda: False)
            missing = await client.post(base, json={"sdp": "v=0"})
            assert (missing.status_code, missing.json()["error"]["code"]) == (502, "webrtc_not_installed")
        await browser.close()


def test_ice_servers_as_json_or_in_short() -> None:
    short = Settings(
        ice_servers=SecretStr("stun:stun.example.test:3478, turn:ana:s3cret@turn.example.test:3478?transport=tcp")
    )
    assert short.servers() == [
        {"urls": ["stun:stun.example.test:3478"]},
        {"urls": ["turn:turn.example.test:3478?transport=tcp"], "username": "ana", "credential": "s3cret"},
    ]
    given = '[{"urls": ["turn:t.example.test"], "username": "u", "credential": "p"}]'
    assert Settings(ice_servers=SecretStr(given)).servers()[0]["credential"] == "p"
    assert Settings().servers() == []
    assert "s3cret" not in repr(short)
    for bad in ("http://example.test", "[{]", '[{"url": "x"}]', "stun:"):
        with pytest.raises(Misconfigured):
            Settings(ice_servers=SecretStr(bad)).servers()


def test_a_shared_secret_makes_credentials_for_a_day() -> None:
    settings = Settings(ice_servers=SecretStr("turn:turn.example.test"), turn_secret=SecretStr("north"))
    [server] = settings.servers("stf_marta", now=1_700_000_000)
    assert server["username"] == "1700043200:stf_marta"
    digest = hmac.new(b"north", b"1700043200:stf_marta", "sha1").digest()
    assert base64.b64decode(server["credential"]) == digest
