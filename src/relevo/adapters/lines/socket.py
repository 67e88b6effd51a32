"""Media sockets on the product's one port, past ASGI: a frame costs a third of what it costs through a web framework.

uvicorn reads an upgrade request and hands its transport to the class made here. For the path of a media door the
transport goes to picows, whose protocol (``picows.picows.WSProtocol``) is used directly because it has no public way
to adopt a connection; ``tests/calls/test_socket.py`` holds it to that with real sockets. Every other path goes on to
uvicorn's own WebSocket protocol. What a door admits is its own business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import picows.picows
from picows import WSAutoPingStrategy, WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from relevo.adapters.lines.media_stream import MAX_FRAME, Admit, MediaStream
from relevo.kit.tasks import Tasks

HANDSHAKE_SECONDS = 5
PING_SECONDS, PONG_SECONDS = 20, 20
_READ_BUFFER = 2_048
_WSProtocol: Any = getattr(picows.picows, "WSProtocol")  # noqa: B009 - compiled, and not in its type hints
_quiet = logging.getLogger("relevo.lines.picows")
_quiet.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a socket before its first frame. Header names are lower-case."""

    path: str
    headers: Mapping[str, str] = field(repr=False)
    peer: str


Door = Callable[[Opening], Admit]
"""Who may stream here: looks at the opening, answers what looks at ``start``."""


def web_sockets(doors: Mapping[str, Door]) -> type[asyncio.Protocol]:
    """The ``ws`` class for ``uvicorn.Config``: media doors by path, everything else as always."""

    class Sockets(WebSocketsSansIOProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._raw = transport
            self._web = False

        def data_received(self, data: bytes) -> None:
            if self._web:
                super().data_received(data)
                return
            path = urlsplit(data.split(b" ", 2)[1].decode("latin-1")).path
            door = doors.get(path)
            if door is None:
                self._web = True
                super().connection_made(self._raw)
                super().data_received(data)
                return
            _Adopted(self._raw, data, _opening(path, data, self._raw), door, self.connections)

    return Sockets


class _Adopted:
    """A transport that changed hands. uvicorn sees it among its connections until it is closed."""

    def __init__(self, transport: Any, request: bytes, opening: Opening, door: Door, connections: set[Any]) -> None:
        self._transport = transport
        self._connections = connections
        self._listener = _Listener(door(opening), self._gone)
        connections.add(self)
        # uvicorn sets its own protocol when we return; the buffered one takes over in the next turn of the loop.
        transport.pause_reading()
        asyncio.get_running_loop().call_soon(self._switch, request)

    def shutdown(self) -> None:
        """The server stops."""
        self._listener.stop()

    def _switch(self, request: bytes) -> None:
        protocol = _WSProtocol(
            None, None, False, lambda _request: self._listener, _quiet, True, HANDSHAKE_SECONDS, True, PING_SECONDS,
            PONG_SECONDS, WSAutoPingStrategy.PING_WHEN_IDLE, True, MAX_FRAME, None, _READ_BUFFER,
        )  # fmt: skip
        if self._transport.is_closing():
            self._gone()
            return
        protocol.connection_made(self._transport)
        self._transport.set_protocol(protocol)
        view = memoryview(request)
        while view:
            buffer = protocol.get_buffer(-1)
            taken = min(len(buffer), len(view))
            buffer[:taken] = view[:taken]
            view = view[taken:]
            protocol.buffer_updated(taken)
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _gone(self) -> None:
        self._connections.discard(self)


class _Listener(WSListener):
    """picows on one side, the media stream on the other."""

    def __init__(self, admit: Admit, gone: Callable[[], None]) -> None:
        super().__init__()
        self._admit = admit
        self._gone = gone
        self._tasks = Tasks()
        self._socket: WSTransport | None = None
        self._stream: MediaStream | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._socket = transport
        self._send = transport.send
        self._unsent = transport.underlying_transport.get_write_buffer_size
        self._stream = MediaStream(self, self._admit, self._tasks)
        self._text = self._stream.text

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind == WSMsgType.TEXT and frame.fin:
            self._text(frame.get_payload_as_bytes())
        elif kind == WSMsgType.CLOSE:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()
        elif kind in (WSMsgType.BINARY, WSMsgType.CONTINUATION, WSMsgType.TEXT) and self._stream is not None:
            # Binary, or a message in pieces: neither is in the protocol.
            self._stream.binary()

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002
        self._gone()
        if self._stream is not None:
            self._stream.lost()

    def stop(self) -> None:
        if self._socket is not None:
            self._socket.send_close(WSCloseCode.GOING_AWAY)
            self._socket.disconnect()

    # The wire of a media stream.

    def send(self, text: bytes) -> None:
        self._send(WSMsgType.TEXT, text)

    def unsent(self) -> int:
        return int(self._unsent())

    def close(self, code: int) -> None:
        if self._socket is not None and not self._socket.is_disconnected:
            self._socket.send_close(WSCloseCode(code))
            self._socket.disconnect()


def _opening(path: str, request: bytes, transport: asyncio.BaseTransport) -> Opening:
    lines = request.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    peer = transport.get_extra_info("peername")
    return Opening(path, headers, str(peer[0]) if peer else "")
