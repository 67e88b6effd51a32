"""One WebRTC connection with one audio stream each way, on aiortc, without its queues.

aiortc decodes in threads and holds back four packets before it gives out sound; here packets are handed on as they
arrive, and what is sent goes out when it is written. PCMU passes as it is, Opus is coded here. It knows no staff, calls
or HTTP, and it is imported only where aiortc is installed.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import av
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.rtp import RtpPacket
from aiortc.sdp import SessionDescription, candidate_from_sdp

from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.kit import log
from relevo.kit.errors import Invalid, Misconfigured

_log = log.get("lines.webrtc")

QUEUED = 2
"""Frames that may wait to be sent."""
MAX_PAYLOAD = 960
GATHER_SECONDS = 1
KEYS = "0123456789*#ABCD"
OPUS_RATE = 48_000

_PAUSE = 0.2
_TIME_BASE = Fraction(1, LINE_RATE)
_DOWN = OPUS_RATE // LINE_RATE
_TAPS = 96

Hear = Callable[[int, int, int, int, Pcm], None]
"""(source, clock rate, number, time, sound) of a packet."""


class Peer:
    """``hear`` gets every packet, ``changed`` every state ("connected", "failed", "closed"), ``key`` every digit."""

    def __init__(
        self,
        servers: list[dict[str, Any]],
        hear: Hear,
        changed: Callable[[Peer, str], None],
        key: Callable[[str], None],
    ) -> None:
        self.codec = ""
        """What the answer prefers: PCMU or opus."""
        self._hear = hear
        self._changed = changed
        self._key = key
        self._mouth = _Mouth()
        self._payloads: dict[int, str] = {}
        self._opus = _OpusDecoder()
        self._screen: RTCDataChannel | None = None
        given = [RTCIceServer(server["urls"], server.get("username"), server.get("credential")) for server in servers]
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=given))
        self._connection.on("connectionstatechange", self._state)
        self._connection.on("datachannel", self._channel)

    @property
    def state(self) -> str:
        return str(self._connection.connectionState)

    async def answer(self, offer: str) -> str:
        """Take the browser's offer; answers ours. Raises ``Invalid`` for one that makes no sense."""
        try:
            await self._accept(offer)
        except Exception as error:
            _log.warning("an offer was refused", exc_info=error)
            await self.close()
            if isinstance(error, Misconfigured):
                raise
            raise Invalid("bad_offer") from error
        return str(self._connection.localDescription.sdp)

    async def candidate(self, given: dict[str, Any] | None) -> None:
        """A candidate of the other side (``RTCIceCandidate.toJSON()``); None: there are no more."""
        line = str((given or {}).get("candidate") or "")
        if given is not None and (".local " in line or not line):
            return
        try:
            found = None
            if given is not None:
                found = candidate_from_sdp(line.removeprefix("candidate:"))
                found.sdpMid = given.get("sdpMid")
                found.sdpMLineIndex = given.get("sdpMLineIndex")
            await self._connection.addIceCandidate(found)
        except (ValueError, AssertionError, IndexError) as error:
            raise Invalid("bad_offer") from error

    def write(self, frame: bytes) -> None:
        """Send 20 ms of mu-law now."""
        self._mouth.write(frame)

    def clear(self) -> None:
        """Drop what was not sent yet."""
        self._mouth.waiting.clear()

    def show(self, text: str) -> None:
        """Send a text over the browser's data channel, if it has opened one."""
        if self._screen is not None and self._screen.readyState == "open":
            self._screen.send(text)

    async def close(self) -> None:
        await self._connection.close()

    async def _accept(self, offer: str) -> None:
        # Names of the local network cannot be resolved from here, and trying costs seconds.
        lines = [line for line in offer.splitlines() if not (line.startswith("a=candidate") and ".local " in line)]
        remote = RTCSessionDescription("\r\n".join(lines) + "\r\n", "offer")
        kinds = sorted(media.kind for media in SessionDescription.parse(remote.sdp).media)
        if kinds not in (["audio"], ["application", "audio"]):
            raise ValueError("not one audio stream")
        transceiver = self._connection.addTransceiver(self._mouth, "sendrecv")
        able = RTCRtpReceiver.getCapabilities("audio")
        known = {codec.mimeType.lower(): codec for codec in able.codecs} if able else {}
        transceiver.setCodecPreferences([known["audio/pcmu"], known["audio/opus"]])
        _tap(transceiver.receiver, self._packet)
        _hurry(transceiver.receiver)
        await self._connection.setRemoteDescription(remote)
        await self._connection.setLocalDescription()
        agreed = SessionDescription.parse(self._connection.localDescription.sdp)
        codecs = next(media.rtp.codecs for media in agreed.media if media.kind == "audio")
        self._payloads = {codec.payloadType or 0: codec.name.lower() for codec in codecs}
        self.codec = codecs[0].name
        self._mouth.encoder = _OpusEncoder() if self.codec.lower() == "opus" else None

    def _state(self) -> None:
        self._changed(self, self.state)

    def _packet(self, packet: RtpPacket) -> None:
        codec = self._payloads.get(packet.payload_type)
        if codec is None or not packet.payload or len(packet.payload) > MAX_PAYLOAD:
            return
        rate = OPUS_RATE if codec == "opus" else LINE_RATE
        try:
            pcm = self._opus.decode(packet.payload) if codec == "opus" else mulaw.decode(packet.payload)
        except av.FFmpegError:
            return
        self._hear(packet.ssrc, rate, packet.sequence_number, packet.timestamp, pcm)

    def _channel(self, channel: RTCDataChannel) -> None:
        self._screen = channel

        @channel.on("message")
        def message(text: object) -> None:
            if not isinstance(text, str) or len(text) > 64:
                return
            try:
                said = json.loads(text)
            except ValueError:
                return
            digit = said.get("digit") if isinstance(said, dict) else None
            if isinstance(digit, str) and len(digit) == 1 and digit in KEYS:
                self._key(digit)


class _Mouth(MediaStreamTrack):
    """Our sound: what is written is sent at once, coded already."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.encoder: _OpusEncoder | None = None
        self.waiting: deque[tuple[int, bytes]] = deque(maxlen=QUEUED)
        self._came = asyncio.Event()
        self._time = asyncio.get_running_loop().time
        self._stamp = 0
        self._written = self._time()

    def write(self, frame: bytes) -> None:
        now = self._time()
        if now - self._written > _PAUSE:
            # Nothing was written for a while: the stamps go on as time did, or the other side would wait longer.
            self._stamp += int((now - self._written) * 1_000 / FRAME_MS - 1) * FRAME_SAMPLES
        self._written = now
        self.waiting.append((self._stamp, frame))
        self._stamp += FRAME_SAMPLES
        self._came.set()

    async def recv(self) -> av.Packet[Any]:
        while not self.waiting:
            self._came.clear()
            await self._came.wait()
        stamp, frame = self.waiting.popleft()
        packet = av.Packet(frame if self.encoder is None else self.encoder.encode(frame))
        packet.pts = stamp
        packet.time_base = _TIME_BASE
        return packet


class _OpusEncoder:
    """Narrow band in, so that it costs a seventh of what aiortc's own does."""

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.format = "s16"
        self._codec.layout = "mono"
        self._codec.sample_rate = LINE_RATE
        self._codec.time_base = _TIME_BASE
        self._codec.bit_rate = 24_000
        self._codec.options = {"application": "voip", "frame_duration": "20", "compression_level": "5"}
        self._at = 0

    def encode(self, frame: bytes) -> bytes:
        sound = av.AudioFrame.from_ndarray(mulaw.decode(frame)[None, :], format="s16", layout="mono")
        sound.sample_rate = LINE_RATE
        sound.pts = self._at
        self._at += FRAME_SAMPLES
        return b"".join(bytes(packet) for packet in self._codec.encode(sound))


class _OpusDecoder:
    """48 kHz comes out of every Opus stream; a filter of 96 taps (1 ms) brings it to the line's rate."""

    def __init__(self) -> None:
        self._codec: Any = None
        self._tail = np.zeros(_TAPS - _DOWN, np.float32)
        at = np.arange(_TAPS) - (_TAPS - 1) / 2
        taps = np.sinc(at * 0.9 / _DOWN) * np.kaiser(_TAPS, 6.0)
        self._taps = (taps / taps.sum()).astype(np.float32)

    def decode(self, payload: bytes) -> Pcm:
        if self._codec is None:
            self._codec = av.CodecContext.create("libopus", "r")
            self._codec.layout = "mono"
            self._codec.format = "s16"
            self._codec.sample_rate = OPUS_RATE
        pieces = [frame.to_ndarray()[0] for frame in self._codec.decode(av.Packet(payload))]
        wide = np.concatenate([self._tail, *pieces]).astype(np.float32)
        self._tail = wide[-len(self._tail) :]
        windows = np.lib.stride_tricks.sliding_window_view(wide, _TAPS)[::_DOWN]
        narrow: Pcm = np.clip(windows @ self._taps, -32_768, 32_767).astype(np.int16)
        return narrow


class _Through:
    """Stands where aiortc keeps its jitter buffer: every packet passes on at once and nothing is left to decode."""

    def __init__(self, hear: Callable[[RtpPacket], None]) -> None:
        self._hear = hear

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        self._hear(packet)
        return False, None


def _tap(receiver: RTCRtpReceiver, hear: Callable[[RtpPacket], None]) -> None:
    name = "_RTCRtpReceiver__jitter_buffer"
    if not hasattr(receiver, name):
        raise Misconfigured("webrtc_unknown_version")
    setattr(receiver, name, _Through(hear))


def _hurry(receiver: RTCRtpReceiver) -> None:
    """A STUN or TURN server that does not answer would keep the browser waiting for five seconds."""
    connection = receiver.transport.transport.iceGatherer._connection
    gather = connection.get_component_candidates
    setattr(connection, "get_component_candidates", partial(gather, timeout=GATHER_SECONDS))  # noqa: B010
