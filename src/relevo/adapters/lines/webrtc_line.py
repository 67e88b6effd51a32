"""Calls from the web page over WebRTC: this end is the carrier that plays what is written and tells what was played.

The page belongs to a web chat session and proves it with that session's token. Nothing rings before sound can flow.
Where UDP is blocked the page falls back on the socket (``browser``).
"""

import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.lines.browser import NAME
from relevo.adapters.lines.ice import Settings
from relevo.adapters.lines.webrtc import MAX_SDP, Ending, Link, Sound, installed
from relevo.calls.media import mulaw
from relevo.calls.media.clock import MediaClock
from relevo.calls.ports import FRAME_SAMPLES, LineListener
from relevo.calls.rules import EndReason
from relevo.calls.service import Calls, Ringing
from relevo.kit import log
from relevo.kit.errors import Forbidden, Misconfigured, NotFound, RelevoError, TooMany
from relevo.kit.ids import Ids
from relevo.kit.tasks import Tasks

_log = log.get("lines.webrtc")

LEAD_FRAMES = 2
LINKS_PER_SESSION = 2
MOST_LINKS = 200
QUIET = bytes([mulaw.SILENCE]) * FRAME_SAMPLES

Verify = Callable[[str, str], Awaitable[str | None]]
"""(session id, token) -> the visitor's person id, or None."""


class WebRtcLine:
    """The customer's leg. ``tick`` is the carrier's beat: one frame each way."""

    name = NAME
    lead_frames = LEAD_FRAMES

    def __init__(self, hang_up: Callable[[], None]) -> None:
        self.sound = Sound()
        self._hang_up = hang_up
        self._queue: deque[bytes | str] = deque()
        self._listener: LineListener | None = None
        self._position = 0

    def write(self, frame: bytes) -> None:
        self._queue.append(frame)

    def mark(self, name: str) -> None:
        self._queue.append(name)

    def clear(self) -> None:
        kept = [part for part in self._queue if isinstance(part, str)]
        self._queue = deque(kept)
        self.sound.clear()

    def caption(self, author: str, text: str) -> None:
        self.sound.show(json.dumps({"event": "caption", "author": author, "text": text}))

    def hang_up(self) -> None:
        self._hang_up()

    def connected(self, listener: LineListener) -> None:
        self.sound.jitter.flush()
        self._listener = listener

    def tick(self) -> None:
        self.sound.send(self._play())
        pcm = self.sound.jitter.pull()
        if pcm is not None and self._listener is not None:
            self._listener.sound(mulaw.encode(pcm), self._position)
        self._position += FRAME_SAMPLES

    def press(self, digit: str) -> None:
        if self._listener is not None:
            self._listener.digit(digit)

    def over(self, reason: EndReason) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.closed(reason.value)

    def _play(self) -> bytes:
        """What is heard now, and the marks that are reached with it."""
        frame: bytes | None = None
        while self._queue:
            part = self._queue[0]
            if isinstance(part, bytes):
                if frame is not None:
                    break
                frame = part
            elif self._listener is not None:
                self._listener.marked(part)
            self._queue.popleft()
        return QUIET if frame is None else frame


class Visitors:
    """All calls over WebRTC from the page."""

    def __init__(self, calls: Calls, clock: MediaClock, verify: Verify, settings: Settings, ids: Ids) -> None:
        self._calls = calls
        self._clock = clock
        self._verify = verify
        self._settings = settings
        self._ids = ids
        self._known: dict[str, tuple[str, Link]] = {}
        self._tasks = Tasks()

    def __len__(self) -> int:
        return len(self._known)

    async def offer(self, session: str, token: str, sdp: str, link_id: str | None = None) -> tuple[str, str]:
        """Answers the connection's id and our side's description."""
        person_id = await self._person(session, token)
        if not installed():
            raise Misconfigured("webrtc_not_installed")
        servers = self._settings.servers(session)
        known = self._known.get(link_id or "")
        if link_id is None or known is None or known[0] != session:
            mine = [link for owner, link in self._known.values() if owner == session]
            if len(mine) >= LINKS_PER_SESSION or len(self._known) >= MOST_LINKS:
                raise TooMany("lines_busy")
            link_id = self._ids.new("rtc")
            known = self._known[link_id] = (session, self._link(link_id, session, person_id))
        return link_id, await known[1].answer(sdp, servers)

    async def candidate(self, session: str, token: str, link_id: str, given: dict[str, Any] | None) -> None:
        await self._person(session, token)
        known = self._known.get(link_id)
        if known is None or known[0] != session:
            raise NotFound("no_voice_link")
        await known[1].candidate(given)

    async def close(self) -> None:
        for _, link in list(self._known.values()):
            link.close()
        await self._tasks.settle()

    async def _person(self, session: str, token: str) -> str:
        person_id = await self._verify(session, token)
        if person_id is None:
            raise Forbidden("not_allowed")
        return person_id

    def _link(self, link_id: str, session: str, person_id: str) -> Link:
        line = WebRtcLine(lambda: link.close())

        def opened() -> None:
            self._clock.join(line.tick, fault)
            self._tasks.start(begin(), name="webrtc call begins")

        def fault(_: Exception) -> None:
            link.close()

        async def begin() -> None:
            try:
                call = await self._calls.ring(Ringing(NAME, from_=session, to=NAME, person_id=person_id))
                listener = await self._calls.connect(call.id, line)
            except RelevoError as error:
                _log.warning("a call from the page was refused", code=error.code)
                link.close()
                return
            except Exception:
                link.close()
                raise
            line.connected(listener)
            if link_id not in self._known:
                # Closed while it was being connected: the call has a session that must hear of it.
                line.over(EndReason.LINE_LOST)

        def closed(ending: Ending) -> None:
            self._known.pop(link_id, None)
            self._clock.leave(line.tick)
            line.over(EndReason.CUSTOMER_HUNG_UP if ending in (Ending.LEFT, Ending.CLOSED) else EndReason.LINE_LOST)

        link = Link(line.sound, opened=opened, key=line.press, closed=closed, tasks=self._tasks)
        return link


class Offer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    session: str = Field(max_length=120)
    token: str = Field(max_length=200)
    sdp: str = Field(max_length=MAX_SDP)
    id: str | None = Field(None, max_length=60)


class Candidate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    session: str = Field(max_length=120)
    token: str = Field(max_length=200)
    candidate: dict[str, Any] | None = Field(max_length=12)


_OPEN = {"x-open": "a visitor of the page; the web chat session's token is checked"}


def router(visitors: Visitors) -> APIRouter:
    routes = APIRouter(prefix="/browser-call/webrtc", tags=["voice"])

    @routes.post("", openapi_extra=_OPEN)
    async def offer(body: Offer) -> dict[str, Any]:
        link_id, sdp = await visitors.offer(body.session, body.token, body.sdp, body.id)
        return {"id": link_id, "type": "answer", "sdp": sdp}

    @routes.post("/{link_id}/candidates", status_code=204, openapi_extra=_OPEN)
    async def candidate(link_id: str, body: Candidate) -> None:
        await visitors.candidate(body.session, body.token, link_id, body.candidate)

    return routes
