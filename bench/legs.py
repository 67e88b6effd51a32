"""Agents of the benches: a microphone that says when it speaks and how loud it is, on a WebSocket or on WebRTC."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from fractions import Fraction
from typing import Any

import av
import httpx
import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.scripted_speech import chord
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.kit.tasks import Tasks

AGENT_HZ = (1_100.0, 1_630.0)
ROOM_DB = -78.0
ON_MS, OFF_MS = 1_200, 240
"""A voice that never pauses is a noise and is taken out."""
_RAMP = 80


class Microphone:
    """What an agent's machine sends. Speaks while ``on``, with pauses unless ``holding``."""

    def __init__(self, hz: Sequence[float] = AGENT_HZ, level_db: float = -20.0, seed: int = 0) -> None:
        self.hz = hz
        self.level_db = level_db
        self.on = False
        self.holding = False
        """Goes on without a pause: somebody is in the middle of a word."""
        self._at = 0
        self._voiced = 0.0
        self._noise = np.random.default_rng(seed)

    def next(self) -> Pcm:
        moment = self._at * 1_000 // LINE_RATE % (ON_MS + OFF_MS)
        wanted = float(self.on and (self.holding or moment < ON_MS))
        ramp = np.full(FRAME_SAMPLES, wanted)
        ramp[:_RAMP] = np.linspace(self._voiced, wanted, _RAMP)
        self._voiced = wanted
        sound = chord(self.hz, FRAME_SAMPLES, level_db=self.level_db, start=self._at) * ramp
        room = self._noise.standard_normal(FRAME_SAMPLES) * 32_768 * 10 ** (ROOM_DB / 20)
        self._at += FRAME_SAMPLES
        said: Pcm = np.clip(np.round(sound + room), -32_768, 32_767).astype(np.int16)
        return said


class Weather:
    """How bad the network is: what it does to the packets in one direction."""

    def __init__(self, seed: int = 0) -> None:
        self.loss = 0.0
        self.double = 0.0
        self.jitter_ms = 0.0
        self.away = False
        self.lost = self.passed = 0
        self._draw = random.Random(seed)

    def delays(self) -> list[float]:
        """Seconds that each copy of a packet takes; none if it is lost."""
        if self.away or self._draw.random() < self.loss:
            self.lost += 1
            return []
        self.passed += 1
        copies = 2 if self._draw.random() < self.double else 1
        return [self._draw.random() * self.jitter_ms / 1_000 for _ in range(copies)]


class Agent:
    """Somebody who is signed in. ``heard`` is what their headset plays."""

    name = ""

    def __init__(self, http: httpx.AsyncClient, token: str, microphone: Microphone) -> None:
        self.http = http
        self.token = token
        self.microphone = microphone
        self.heard: list[Pcm] = []
        self.tasks = Tasks()

    async def join(self) -> None: ...
    async def leave(self) -> None: ...

    async def _each_frame(self, send: Callable[[Pcm], Awaitable[None]]) -> None:
        due = time.monotonic()
        while True:
            await send(self.microphone.next())
            due += FRAME_MS / 1_000
            await asyncio.sleep(max(0.0, due - time.monotonic()))


class SocketAgent(Agent):
    """The fallback: the media protocol over a WebSocket."""

    name = "websocket"
    _socket: ClientConnection

    def __init__(self, http: httpx.AsyncClient, token: str, microphone: Microphone, *, through: str = "") -> None:
        super().__init__(http, token, microphone)
        self._url = (through or str(http.base_url)).rstrip("/").replace("http", "ws", 1)

    async def join(self) -> None:
        url = f"{self._url}/agent-voice-stream"
        self._stream = f"MZ{secrets.token_hex(8)}"
        self._socket = await connect(url, compression=None, proxy=None)
        await self._socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {"streamSid": self._stream, "customParameters": {"token": self.token}, "tracks": ["inbound"]}
        await self._socket.send(json.dumps({"event": "start", "streamSid": self._stream, "start": start}))
        self.tasks.start(self._each_frame(self._send), name="agent speaks")
        self.tasks.start(self._listen(), name="agent listens")

    async def leave(self) -> None:
        await self.tasks.close()
        await self._socket.close()

    async def _send(self, pcm: Pcm) -> None:
        payload = base64.b64encode(mulaw.encode(pcm)).decode()
        await self._socket.send(
            json.dumps({"event": "media", "streamSid": self._stream, "media": {"payload": payload}})
        )

    async def _listen(self) -> None:
        try:
            async for text in self._socket:
                frame = json.loads(text)
                if frame["event"] == "media":
                    self.heard.append(mulaw.decode(base64.b64decode(frame["media"]["payload"])))
                elif frame["event"] == "mark":
                    await self._socket.send(json.dumps({**frame, "streamSid": self._stream}))
        except ConnectionClosed:
            return


class WebRtcAgent(Agent):
    """A browser's stand-in. ``weather`` is what the network does to what it sends."""

    name = "webrtc"

    def __init__(self, http: httpx.AsyncClient, token: str, microphone: Microphone, *, codec: str = "PCMU") -> None:
        super().__init__(http, token, microphone)
        self.weather = Weather()
        self.connection = RTCPeerConnection()
        self._codec = codec
        self._wire: Callable[[bytes], Awaitable[None]]

    async def join(self) -> None:
        transceiver = self.connection.addTransceiver(_Track(self.microphone), "sendrecv")
        able = RTCRtpReceiver.getCapabilities("audio")
        assert able is not None
        transceiver.setCodecPreferences([codec for codec in able.codecs if codec.name == self._codec])
        self.connection.on("track", lambda track: self.tasks.start(self._listen(track), name="agent listens"))
        await self.connection.setLocalDescription(await self.connection.createOffer())
        offered = {"sdp": self.connection.localDescription.sdp, "type": "offer"}
        answer = (await self.http.post("/api/voice/webrtc", json=offered)).raise_for_status().json()
        await self.connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        ice = transceiver.sender.transport.transport
        self._wire, ice._send = ice._send, self._through

    async def leave(self) -> None:
        await self.connection.close()
        await self.tasks.close()

    async def _through(self, data: bytes) -> None:
        sound = 127 < data[0] < 192 and not 192 <= data[1] <= 223
        if not sound:
            # What keeps the connection (ICE, DTLS, reports) only fails when all of the network does.
            if not self.weather.away:
                await self._wire(data)
            return
        for delay in self.weather.delays():
            if delay:
                self.tasks.start(self._late(data, delay), name="a packet under way")
            else:
                await self._wire(data)

    async def _late(self, data: bytes, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await self._wire(data)
        except ConnectionError:
            return

    async def _listen(self, track: Any) -> None:
        try:
            while True:
                frame = await track.recv()
                step = frame.sample_rate // LINE_RATE
                mono = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0]
                self.heard.append(mono[::step].astype(np.int16))
        except MediaStreamError:
            return


class _Track(MediaStreamTrack):
    kind = "audio"

    def __init__(self, microphone: Microphone) -> None:
        super().__init__()
        self._microphone = microphone
        self._at = 0
        self._began = 0.0

    async def recv(self) -> av.AudioFrame:
        self._began = self._began or time.monotonic()
        await asyncio.sleep(max(0.0, self._began + self._at / LINE_RATE - time.monotonic()))
        frame = av.AudioFrame.from_ndarray(self._microphone.next()[None, :], layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = LINE_RATE, self._at, Fraction(1, LINE_RATE)
        self._at += FRAME_SAMPLES
        return frame


async def signed_in(url: str, email: str, password: str) -> tuple[httpx.AsyncClient, str]:
    """A client of the API, with the token it uses."""
    http = httpx.AsyncClient(base_url=url, timeout=15)
    answer = await http.post("/api/auth/login", json={"email": email, "password": password})
    token = str(answer.raise_for_status().json()["token"])
    http.headers["authorization"] = f"Bearer {token}"
    return http, token
