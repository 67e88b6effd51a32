"""Staff's headsets over a WebSocket, for networks that let no UDP through: the media protocol, the browser being the
telephone.

Who asks is known from the session cookie, which counts only from our own pages, or from a token in ``start``; the
check itself is passed in. A browser that falls behind loses sound instead of hearing it late. What a headset is
connected to is decided in ``calls``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from relevo.adapters.lines.asgi import carry
from relevo.adapters.lines.media_stream import Admit, Admitted, Start, StreamLine, Wire
from relevo.calls.headsets import LEFT
from relevo.calls.media import mulaw
from relevo.calls.media.jitter import Feed
from relevo.calls.ports import FRAME_MS, Leg, LegListener, LineListener, Pcm
from relevo.calls.rules import EndReason
from relevo.kit.errors import Forbidden
from relevo.people.rules import Staff

NAME = "websocket"
PATH = "/agent-voice-stream"
REFUSED, REPLACED = 1008, 4409
MARK_EVERY = 5
MOST_AHEAD = 30
"""Frames (600 ms) that may be under way to a browser that tells how far it has played."""
SILENT_MS = 10_000

Connect = Callable[[Staff, Leg], LegListener]
"""``Headsets.connect``."""
Verify = Callable[[HTTPConnection, str], Awaitable[Staff | None]]
"""(the upgrade request, the token given in ``start`` or "") -> who may speak, or None."""


class SocketLeg:
    """A headset over the media protocol; both ends of it, the line's and the leg's."""

    name = NAME

    def __init__(self, stream: str) -> None:
        self.line = _Line(NAME, stream)
        self._feed = Feed()
        self._loop = asyncio.get_running_loop()
        self._came = self._loop.time()
        self._listener: LegListener | None = None
        self._written = self._played = 0
        self._tells = self._ending = False

    # As the clock sees it.

    def read(self) -> Pcm | None:
        if self._feed.silent * FRAME_MS > SILENT_MS and not self._ending:
            # Not now: the clock is going through all headsets.
            self._ending = True
            self._loop.call_soon(self.line.hang_up)
        return self._feed.pull()

    def write(self, pcm: Pcm) -> None:
        if self._tells and self._written - self._played > MOST_AHEAD:
            return
        self.line.write(mulaw.encode(pcm))
        self._written += 1
        if self._written % MARK_EVERY == 0:
            self.line.mark(str(self._written))

    def flush(self) -> None:
        self.line.clear()

    def silent_ms(self) -> int:
        return int((self._loop.time() - self._came) * 1_000)

    def hang_up(self) -> None:
        """The browser is told that its headset was replaced, so that it does not come back by itself."""
        self._ending = True
        self.line.close(REPLACED)
        self.line.hang_up()

    # As the socket sees it.

    def connected(self, listener: LegListener) -> None:
        self._listener = listener

    def sound(self, mulaw_bytes: bytes, position: int) -> None:  # noqa: ARG002 - the stream is complete and in order
        self._came = self._loop.time()
        self._feed.push(mulaw.decode(mulaw_bytes))

    def marked(self, name: str) -> None:
        if name.isdecimal() and len(name) < 12:
            self._tells = True
            self._played = max(self._played, min(int(name), self._written))

    def digit(self, digit: str) -> None:
        if self._listener is not None:
            self._listener.digit(digit)

    def closed(self, reason: str) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.closed(LEFT if reason == EndReason.CUSTOMER_HUNG_UP else reason)


class _Line(StreamLine):
    """The wire's side, which may say why it closes."""

    def attach(self, wire: Wire, over: Callable[[EndReason], None]) -> None:
        super().attach(wire, over)
        self._socket = wire

    def close(self, code: int) -> None:
        self._socket.close(code)


class AgentStream:
    """The door. ``admit`` is made for each socket from its upgrade request's headers (lower-case names)."""

    def __init__(self, connect: Connect, verify: Verify) -> None:
        self._connect = connect
        self._verify = verify

    def admit(self, headers: Mapping[str, str]) -> Admit:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        request = HTTPConnection({"type": "websocket", "path": PATH, "headers": raw, "query_string": b""})

        async def admit(start: Start) -> Admitted | None:
            staff = await self._verify(request, start.parameters.get("token", ""))
            leg = SocketLeg(start.stream)

            async def connect(_: StreamLine) -> LineListener:
                if staff is None:
                    leg.line.close(REFUSED)
                    raise Forbidden("not_allowed")
                leg.connected(self._connect(staff, leg))
                return leg

            return leg.line, connect

        return admit


def router(stream: AgentStream) -> APIRouter:
    """For ASGI servers; where ``lines.socket`` serves media, its door for ``PATH`` is
    ``lambda opening: stream.admit(opening.headers)``."""
    routes = APIRouter()

    @routes.websocket(PATH)
    async def agent_voice_stream(socket: WebSocket) -> None:
        await socket.accept()
        await carry(socket, stream.admit(dict(socket.headers)))

    return routes
