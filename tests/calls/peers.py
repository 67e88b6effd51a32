"""A browser of our own: a second WebRTC peer in this process, with a microphone, ears and a bad network."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm


class Browser:
    """Says a tone without end and keeps what it hears."""

    def __init__(self, hz: float, *, codecs: tuple[str, ...] = (), seed: int = 0) -> None:
        from aiortc import RTCPeerConnection, RTCRtpReceiver

        self.connection = RTCPeerConnection()
        self.hz = hz
        self.loudness = 9_000
        self.heard: list[Pcm] = []
        self.draw = random.Random(seed)
        self.loss = self.double = 0.0
        self.jitter_ms = 0
        self.away = False
        self.tasks: list[asyncio.Task[None]] = []
        transceiver = self.connection.addTransceiver(self._microphone(), "sendrecv")
        able = RTCRtpReceiver.getCapabilities("audio")
        assert able is not None
        if codecs:
            transceiver.setCodecPreferences([codec for codec in able.codecs if codec.name in codecs])
        self.keypad = self.connection.createDataChannel("control")
        self.connection.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self._listen(track))))

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        from aiortc import RTCSessionDescription

        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        ice = self.connection.getTransceivers()[0].sender.transport.transport
        self._wire = ice._send
        ice._send = self._lossy

    async def close(self) -> None:
        await self.connection.close()
        for task in self.tasks:
            task.cancel()

    async def _lossy(self, data: bytes) -> None:
        sound = 127 < data[0] < 192 and not 192 <= data[1] <= 223
        if self.away or (sound and self.draw.random() < self.loss):
            return
        copies = 2 if sound and self.draw.random() < self.double else 1
        for _ in range(copies):
            if sound and self.jitter_ms:
                self.tasks.append(asyncio.ensure_future(self._later(data, self.draw.random() * self.jitter_ms / 1_000)))
            else:
                await self._wire(data)

    async def _later(self, data: bytes, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            await self._wire(data)
        except ConnectionError:
            return

    def _microphone(self) -> Any:
        import av
        from aiortc import MediaStreamTrack

        browser = self

        class Microphone(MediaStreamTrack):
            kind = "audio"
            at = 0
            began = 0.0

            async def recv(self) -> av.AudioFrame:
                self.began = self.began or time.monotonic()
                await asyncio.sleep(max(0.0, self.began + self.at / LINE_RATE - time.monotonic()))
                phase = 2 * np.pi * browser.hz * (self.at + np.arange(FRAME_SAMPLES)) / LINE_RATE
                frame = av.AudioFrame.from_ndarray(
                    (browser.loudness * np.sin(phase)).astype(np.int16)[None, :], layout="mono"
                )
                frame.sample_rate, frame.pts, frame.time_base = LINE_RATE, self.at, Fraction(1, LINE_RATE)
                self.at += FRAME_SAMPLES
                return frame

        return Microphone()

    async def _listen(self, track: Any) -> None:
        from aiortc.mediastreams import MediaStreamError

        try:
            while True:
                frame = await track.recv()
                step = frame.sample_rate // LINE_RATE
                mono = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0]
                self.heard.append(mono[::step].astype(np.int16))
        except MediaStreamError:
            return


async def soon(condition: Callable[[], bool], seconds: float = 3) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens on a wire
            await asyncio.sleep(0.01)
