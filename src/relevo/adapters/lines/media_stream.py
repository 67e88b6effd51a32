"""One socket of a media stream in Twilio's protocol: JSON text frames, mu-law at 8 kHz, marks and clears.

Whoever speaks it (the carrier, the browser page, the loopback) is not trusted: a frame that breaks the protocol ends
this call with its reason and touches nothing else. Laid out for speed: no models, one decode and one table per frame.
Who may connect is decided by the door that passes ``admit``.
"""

from __future__ import annotations

import asyncio
import binascii
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from relevo.calls.media import mulaw
from relevo.calls.ports import LINE_RATE, LineListener, Pcm
from relevo.calls.rules import EndReason
from relevo.kit import log
from relevo.kit.errors import RelevoError
from relevo.kit.tasks import Tasks

_log = log.get("lines.stream")

LEAD_FRAMES = 10
"""200 ms wait at the carrier: enough for our hiccups, half of what may be lost to a ``clear``."""
MAX_FRAME = 65_536
MAX_SOUND = 16_000
"""Bytes of mu-law in one frame (2 s)."""
MAX_GAP = 80_000
"""Samples (10 s) that a timestamp may jump ahead."""
MAX_UNSENT = 250
"""Frames (5 s) that may wait for a socket that is not read."""
OPENING_SECONDS = 10
"""Time to say ``start`` after connecting."""
_PARAMETERS = 20


class ProtocolError(Exception):
    """The other side broke the protocol."""


@dataclass(frozen=True, slots=True)
class Start:
    """The first real frame: which stream this is."""

    stream: str
    call: str
    parameters: dict[str, str] = field(default_factory=dict, repr=False)


class StreamLine:
    """The customer's leg over a socket. Writes are queued here and sent by the socket's own task."""

    lead_frames = LEAD_FRAMES

    def __init__(self, name: str, stream: str, *, captions: bool = False) -> None:
        self.name = name
        self._stream = stream
        self._captions = captions
        self._frames: deque[str] = deque()
        self._sounds = 0
        self._wake = asyncio.Event()
        self._head = f'{{"event":"media","streamSid":{json.dumps(stream)},"media":{{"payload":"'
        self.hung_up = False
        self.stalled = False

    def write(self, pcm: Pcm) -> None:
        payload = binascii.b2a_base64(mulaw.encode(pcm), newline=False).decode()
        self._sounds += 1
        if self._sounds > MAX_UNSENT:
            self.stalled = self.hung_up = True
        self._put(f'{self._head}{payload}"}}}}')

    def mark(self, name: str) -> None:
        self._put(json.dumps({"event": "mark", "streamSid": self._stream, "mark": {"name": name}}))

    def clear(self) -> None:
        # Marks that were not sent yet are dropped with their sound: nobody waits for them after a clear.
        self._frames.clear()
        self._sounds = 0
        self._put(json.dumps({"event": "clear", "streamSid": self._stream}))

    def caption(self, author: str, text: str) -> None:
        if self._captions:
            self._put(json.dumps({"event": "caption", "author": author, "text": text}))

    def hang_up(self) -> None:
        self.hung_up = True
        self._wake.set()

    async def drain(self, socket: WebSocket) -> None:
        """Send until hung up."""
        while not self.hung_up:
            while self._frames:
                frame = self._frames.popleft()
                if frame.startswith(self._head):
                    self._sounds -= 1
                await socket.send_text(frame)
            if self.hung_up:
                return
            self._wake.clear()
            await self._wake.wait()

    def _put(self, frame: str) -> None:
        self._frames.append(frame)
        self._wake.set()


Admitted = tuple[StreamLine, Callable[[StreamLine], Awaitable[LineListener]]]
Admit = Callable[[Start], Awaitable[Admitted | None]]
"""Looks at ``start``; answers the line and how to connect it, or None to refuse."""


async def carry(socket: WebSocket, admit: Admit) -> None:
    """Speak the protocol on an accepted socket until either side ends it. Never raises for what the peer does."""
    listener: LineListener | None = None
    reason = EndReason.LINE_LOST
    tasks = Tasks()
    line: StreamLine | None = None
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            start = await _opening(socket)
            admitted = await admit(start)
        if admitted is None:
            return
        line, connect = admitted
        listener = await connect(line)
        sender = tasks.start(_send(line, socket), name="line out")
        reader = tasks.start(_read(socket, start.stream, listener), name="line in")
        await asyncio.wait({sender, reader}, return_when=asyncio.FIRST_COMPLETED)
        if line.stalled:
            reason = EndReason.LINE_STALLED
        elif reader.done():
            reason = reader.result()
    except ProtocolError as error:
        reason = EndReason.PROTOCOL_ERROR
        _log.warning("a media stream broke the protocol", why=str(error))
    except RelevoError as error:
        _log.warning("a media stream was refused", code=error.code)
    except (WebSocketDisconnect, TimeoutError):
        _log.info("a media stream went away before it began")
    finally:
        if listener is not None:
            listener.closed(reason.value)
        await tasks.close()
        await _close(socket, 1008 if reason is EndReason.PROTOCOL_ERROR else 1000)


async def _opening(socket: WebSocket) -> Start:
    while True:
        frame = await _receive(socket)
        event = frame.get("event")
        if event == "connected":
            continue
        if event != "start":
            raise ProtocolError("something came before start")
        start = _dict(frame, "start")
        stream = start.get("streamSid") or frame.get("streamSid")
        call = start.get("callSid", "")
        given = start.get("customParameters") or {}
        if not isinstance(stream, str) or not stream or len(stream) > 80 or not isinstance(call, str):
            raise ProtocolError("start names no stream")
        if not isinstance(given, dict) or len(given) > _PARAMETERS:
            raise ProtocolError("bad parameters")
        form = start.get("mediaFormat") or {}
        if not isinstance(form, dict) or form.get("encoding", "audio/x-mulaw") != "audio/x-mulaw":
            raise ProtocolError("not mu-law")
        if form.get("sampleRate", 8_000) not in (8_000, "8000"):
            raise ProtocolError("not 8 kHz")
        return Start(stream, call, {str(key): str(value) for key, value in given.items()})


async def _send(line: StreamLine, socket: WebSocket) -> None:
    try:
        await line.drain(socket)
    except (WebSocketDisconnect, RuntimeError):
        _log.info("a media stream closed while we were sending")


async def _read(socket: WebSocket, stream: str, listener: LineListener) -> EndReason:
    position = 0
    try:
        while True:
            frame = await _receive(socket)
            event = frame.get("event")
            if event == "media":
                if frame.get("streamSid", stream) != stream:
                    raise ProtocolError("another stream's sound")
                media = _dict(frame, "media")
                pcm = _sound(media)
                if pcm is not None:
                    position = _position(media, position)
                    listener.sound(pcm, position)
                    position += len(pcm)
            elif event == "mark":
                listener.marked(str(_dict(frame, "mark").get("name", "")))
            elif event == "dtmf":
                digit = _dict(frame, "dtmf").get("digit")
                if not isinstance(digit, str) or len(digit) != 1 or digit not in "0123456789*#ABCD":
                    raise ProtocolError("bad key")
                listener.digit(digit)
            elif event == "stop":
                return EndReason.CUSTOMER_HUNG_UP
            elif event in ("start", "connected"):
                raise ProtocolError("started twice")
    except ProtocolError as error:
        _log.warning("a media stream broke the protocol", why=str(error))
        return EndReason.PROTOCOL_ERROR
    except WebSocketDisconnect:
        return EndReason.LINE_LOST


async def _receive(socket: WebSocket) -> dict[str, Any]:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None:
        raise ProtocolError("a binary frame")
    if len(text) > MAX_FRAME:
        raise ProtocolError("a frame too large")
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not JSON") from error
    if not isinstance(frame, dict):
        raise ProtocolError("not an object")
    return frame


def _sound(media: dict[str, Any]) -> Pcm | None:
    if media.get("track", "inbound") != "inbound":
        return None
    try:
        payload = binascii.a2b_base64(media["payload"], strict_mode=True)
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError("sound that is not base64") from error
    if len(payload) > MAX_SOUND:
        raise ProtocolError("too much sound at once")
    return mulaw.decode(payload)


def _position(media: dict[str, Any], counted: int) -> int:
    """Where the sound belongs: by the carrier's timestamp (ms) if it is believable, else right after the last."""
    stamp = media.get("timestamp")
    if not isinstance(stamp, str) or not stamp.isdecimal() or len(stamp) > 10:
        return counted
    stamped = int(stamp) * LINE_RATE // 1_000
    return stamped if counted < stamped <= counted + MAX_GAP else counted


def _dict(frame: dict[str, Any], key: str) -> dict[str, Any]:
    value = frame.get(key)
    if not isinstance(value, dict):
        raise ProtocolError("a field is missing")
    return value


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        try:
            await socket.close(code)
        except (RuntimeError, WebSocketDisconnect):
            _log.info("a media stream was closed already")
