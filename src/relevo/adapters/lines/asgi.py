"""A media stream carried by any ASGI server: the way in tests, and where the server is not ours.

A frame costs about twice what it does through ``lines.socket``; the protocol and its limits are the same object.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from relevo.adapters.lines.media_stream import CLOSING_SECONDS, STOPPING_CODES, Admit, MediaStream
from relevo.calls.rules import EndReason
from relevo.kit import log
from relevo.kit.tasks import Tasks

_log = log.get("lines.asgi")


async def carry(socket: WebSocket, admit: Admit) -> None:
    """Speak the protocol on an accepted ASGI socket until either side ends it."""
    tasks = Tasks()
    wire = _AsgiWire()
    stream = MediaStream(wire, admit, tasks)
    sender = tasks.start(wire.drain(socket), name="line out")
    reader = tasks.start(_read(socket, stream), name="line in")
    ended = tasks.start(_until(stream.done), name="line")
    try:
        await asyncio.wait({sender, reader, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stream.end(EndReason.NODE_STOPPED if _stopping(reader) else EndReason.LINE_LOST)
        await tasks.close()
        await _close(socket, wire.code)


class _AsgiWire:
    """Writes wait here for the task that may await the socket."""

    def __init__(self) -> None:
        self.code = 1000
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()

    def send(self, text: bytes) -> None:
        self._frames.append(text)
        self._bytes += len(text)
        self._wake.set()

    def unsent(self) -> int:
        return self._bytes

    def close(self, code: int) -> None:
        # The first code counts: whoever closes early has the better reason.
        self.code = code if self.code == 1000 else self.code

    async def drain(self, socket: WebSocket) -> None:
        try:
            while True:
                while self._frames:
                    frame = self._frames.popleft()
                    await socket.send_text(frame.decode())
                    self._bytes -= len(frame)
                self._wake.clear()
                await self._wake.wait()
        except (WebSocketDisconnect, RuntimeError):
            _log.info("a media stream closed while we were sending")


async def _read(socket: WebSocket, stream: MediaStream) -> int:
    """Until the socket is closed; the code that it was closed with."""
    while not stream.done.is_set():
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return int(message.get("code") or 0)
        text = message.get("text")
        if text is None:
            stream.broken("a binary frame")
        else:
            stream.text(text.encode())
    return 0


def _stopping(reader: asyncio.Task[int]) -> bool:
    return reader.done() and not reader.cancelled() and reader.exception() is None and reader.result() in STOPPING_CODES


async def _until(done: asyncio.Event) -> None:
    await done.wait()


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await socket.close(code)
        except (RuntimeError, WebSocketDisconnect, TimeoutError):
            _log.info("a media stream was closed already")
