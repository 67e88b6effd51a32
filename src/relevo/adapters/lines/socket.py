"""Media sockets on the product's one port, past ASGI: a frame costs half of what it costs through a web framework.

uvicorn reads an upgrade request and hands its transport to the class made here. For the path of a media door the
transport goes to picows, whose protocol (``picows.picows.WSProtocol``) is used directly because it has no public way
to adopt a connection; ``tests/calls/test_socket.py`` holds it to that with real sockets. Every other path goes on to
uvicorn's own WebSocket protocol. What a door admits is its own business.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import picows.picows
from picows import WSAutoPingStrategy, WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from relevo.adapters.lines.media_stream import CLOSING_SECONDS, MAX_FRAME, Admit, MediaStream
from relevo.calls.rules import EndReason
from relevo.kit.tasks import Tasks

HANDSHAKE_SECONDS = 5
PING_SECONDS, PONG_SECONDS = 20, 20
SEND_BUFFER = 32_768
"""Asked of the kernel (which takes twice as much): a second or two of sound. By itself it would take megabytes, and a
line that is not read would be found out after minutes."""
_READ_BUFFER = 2_048
_WSProtocol: Any = getattr(picows.picows, "WSProtocol")  # noqa: B009 - compiled, and not in its type hints
_quiet = logging.getLogger("relevo.lines.picows")
_quiet.setLevel(logging.CRITICAL)
_TEXT, _MORE, _BINARY, _CLOSE = WSMsgType.TEXT, WSMsgType.CONTINUATION, WSMsgType.BINARY, WSMsgType.CLOSE


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

        def connection_lost(self, exc: Exception | None) -> None:
            # A transport may go while it changes hands; what uvicorn tidies up was never there then.
            if self._web:
                super().connection_lost(exc)

    return Sockets


class _Adopted:
    """A transport that changed hands. uvicorn sees it among its connections until it is closed."""

    def __init__(self, transport: Any, request: bytes, opening: Opening, door: Door, connections: set[Any]) -> None:
        self._transport = transport
        self._connections = connections
        self._listener = _Listener(door(opening))
        connections.add(self)
        # uvicorn sets its own protocol when we return; the buffered one takes over in the next turn of the loop.
        transport.pause_reading()
        asyncio.get_running_loop().call_soon(self._switch, request)

    def shutdown(self) -> None:
        """The server stops."""
        if not self._listener.stop():
            self._transport.close()

    def _switch(self, request: bytes) -> None:
        if self._transport.is_closing():
            self._gone()
            return
        try:
            self._take_over(request)
        except BaseException:
            self._transport.abort()
            self._gone()
            raise

    def _take_over(self, request: bytes) -> None:
        protocol = _Protocol(
            None, None, False, lambda _request: self._listener, _quiet, True, HANDSHAKE_SECONDS, True, PING_SECONDS,
            PONG_SECONDS, WSAutoPingStrategy.PING_WHEN_IDLE, True, MAX_FRAME, None, _READ_BUFFER,
        )  # fmt: skip
        protocol.gone = self._gone
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        protocol.connection_made(self._transport)
        self._transport.set_protocol(protocol)
        view = memoryview(request)
        while view and not self._transport.is_closing():
            buffer = protocol.get_buffer(-1)
            taken = min(len(buffer), len(view))
            buffer[:taken] = view[:taken]
            view = view[taken:]
            protocol.buffer_updated(taken)
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _gone(self) -> None:
        self._connections.discard(self)


class _Protocol(_WSProtocol):  # type: ignore[misc]
    """picows tells its listener of the end only if the handshake was good; ``gone`` is told of every end."""

    gone: Callable[[], None]

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone()


class _Listener(WSListener):
    """picows on one side, the media stream on the other, whose wire this is."""

    def __init__(self, admit: Admit) -> None:
        super().__init__()
        self._admit = admit
        self._tasks = Tasks()
        self._pieces: bytearray | None = None
        self._socket: WSTransport | None = None
        self._stream: MediaStream | None = None
        self._cut: asyncio.TimerHandle | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._socket = transport
        self._send = transport.send
        self._unsent = transport.underlying_transport.get_write_buffer_size
        self._stream = MediaStream(self, self._admit, self._tasks)
        self._text = self._stream.text

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind == _TEXT and frame.fin and self._pieces is None:
            self._text(frame.get_payload_as_bytes())
        elif kind == _CLOSE:
            self.close(1000)
            transport.disconnect()
        elif kind in (_TEXT, _MORE):
            self._piece(frame, opens=kind == _TEXT)
        elif kind == _BINARY:
            self._broken("a binary frame")

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002
        if self._cut is not None:
            self._cut.cancel()
        if self._stream is not None:
            self._stream.lost()

    def pause_writing(self) -> None:
        """How much waits is asked where it matters."""

    def resume_writing(self) -> None:
        """Nothing was paused."""

    def stop(self) -> bool:
        """Say goodbye because the server stops. False before there is anybody to say it to."""
        if self._stream is None:
            return False
        self._stream.end(EndReason.NODE_STOPPED)
        return True

    def _piece(self, frame: WSFrame, *, opens: bool) -> None:
        """Part of a message. The protocol's own speakers send none; a proxy may."""
        if opens is not (self._pieces is None):
            self._broken("pieces of two messages")
            return
        self._pieces = self._pieces or bytearray()
        self._pieces += frame.get_payload_as_bytes()
        if frame.fin or len(self._pieces) > MAX_FRAME:
            whole, self._pieces = bytes(self._pieces), None
            self._text(whole)

    def _broken(self, why: str) -> None:
        if self._stream is not None:
            self._stream.broken(why)

    # The wire of a media stream.

    def send(self, text: bytes) -> None:
        self._send(_TEXT, text)

    def unsent(self) -> int:
        return int(self._unsent())

    def close(self, code: int) -> None:
        """Once, with the first code. The other side answers and the socket ends; whoever does not is cut off."""
        if self._socket is not None and self._cut is None:
            self._socket.send_close(cast(WSCloseCode, code))
            self._cut = asyncio.get_running_loop().call_later(CLOSING_SECONDS, self._socket.disconnect, False)


def _opening(path: str, request: bytes, transport: asyncio.BaseTransport) -> Opening:
    lines = request.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    peer = transport.get_extra_info("peername")
    return Opening(path, headers, str(peer[0]) if peer else "")
