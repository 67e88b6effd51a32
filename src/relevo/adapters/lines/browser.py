"""Calls from a browser page, without a carrier: the same protocol as the telephone's media stream, plus captions.

The page belongs to a web chat session and proves it with that session's token in ``start``; the call is a conversation
of its own with the same person. Which session is good is decided by the caller of ``router``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.websockets import WebSocket

from relevo.adapters.lines.asgi import carry
from relevo.adapters.lines.media_stream import Admit, Admitted, Start, StreamLine
from relevo.calls.ports import LineListener
from relevo.calls.rules import EndReason
from relevo.calls.service import Calls, Ringing
from relevo.kit import log
from relevo.kit.errors import RelevoError

_log = log.get("lines.browser")

NAME = "browser"
STREAM = "/browser-call"

Verify = Callable[[str, str], Awaitable[str | None]]
"""(session id, token) -> the visitor's person id, or None."""


def stream_door(calls: Calls, verify: Verify) -> Admit:
    """Lets in the visitor of a web chat, by that session's token."""

    async def admit(start: Start) -> Admitted | None:
        session, token = start.parameters.get("session", ""), start.parameters.get("token", "")
        person_id = await verify(session, token) if session and token else None
        if person_id is None:
            return None

        if calls.here.carries_from(session) or not calls.here.has_room(NAME):
            _log.info("a visitor cannot call now", session=session)
            return None

        async def connect(line: StreamLine) -> LineListener:
            call = await calls.ring(Ringing(NAME, from_=session, to=NAME, person_id=person_id))
            try:
                return await calls.connect(call.id, line)
            except RelevoError:
                await calls.ended(call.id, EndReason.FAILED)
                raise

        return StreamLine(NAME, start.stream, captions=True), connect

    return admit


def router(calls: Calls, verify: Verify) -> APIRouter:
    routes = APIRouter()
    admit = stream_door(calls, verify)

    @routes.websocket(STREAM)
    async def browser_call(socket: WebSocket) -> None:
        await socket.accept()
        await carry(socket, admit)

    return routes
