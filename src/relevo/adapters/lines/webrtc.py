"""Staff's headsets over WebRTC: offers and answers, candidates as they come, reconnection without losing the call.

A browser that comes back with the id of its connection goes on with the same headset. Which member of staff asks is
known from the request; what a headset is connected to is decided in ``calls``. Where UDP is blocked the browser falls
back on ``agent_stream``.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.lines.ice import Settings
from relevo.calls.headsets import LEFT
from relevo.calls.media import mulaw
from relevo.calls.media.jitter import JitterBuffer
from relevo.calls.ports import LINE_RATE, Leg, LegListener, Pcm
from relevo.kit import log
from relevo.kit.errors import Misconfigured, NotFound, RelevoError
from relevo.kit.ids import Ids
from relevo.kit.tasks import Tasks
from relevo.people.rules import Staff

if TYPE_CHECKING:
    from relevo.adapters.lines.webrtc_peer import Peer

_log = log.get("lines.webrtc")

NAME = "webrtc"
CODECS = ("PCMU", "opus")
CONNECT_SECONDS = 15
SILENT_SECONDS = 10
"""Nothing at all has come for so long: the other side is gone."""
GRACE_SECONDS = 0.3
HEALTHY_MS = 1_000
PEERS_PER_PERSON = 4
MAX_SDP = 20_000

Connect = Callable[[Staff, Leg], LegListener]
"""``Headsets.connect``."""


def installed() -> bool:
    return find_spec("aiortc") is not None


def warm() -> None:
    """Load aiortc, which takes half a second, before anybody talks."""
    if installed():
        from relevo.adapters.lines import webrtc_peer  # noqa: F401


class Ending(StrEnum):
    """Why a connection is over."""

    LEFT = LEFT
    """Its owner switched it off."""
    CLOSED = "closed"
    """The browser closed it, or was closed."""
    LOST = "lost"
    """Nothing comes any more, or it never opened."""
    HUNG_UP = "hung_up"
    """We ended it."""


class Sound:
    """The sound of one browser, over one connection after another: packets in, frames out, frames sent."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._source = (0, LINE_RATE)
        self._came = self._loop.time()
        self._peer: Peer | None = None
        self.jitter = JitterBuffer()

    def use(self, peer: "Peer") -> None:
        """Send over this connection from now on."""
        self._peer = peer

    def hear(self, source: int, rate: int, number: int, stamp: int, pcm: Pcm) -> None:
        if (source, rate) != self._source:
            if rate != self._source[1]:
                self.jitter = JitterBuffer(clock_rate=rate)
            self.jitter.flush()
            self._source = (source, rate)
        self._came = self._loop.time()
        self.jitter.push(number, stamp, pcm)

    def send(self, frame: bytes) -> None:
        if self._peer is not None:
            self._peer.write(frame)

    def show(self, text: str) -> None:
        if self._peer is not None:
            self._peer.show(text)

    def clear(self) -> None:
        if self._peer is not None:
            self._peer.clear()

    def silent_ms(self) -> int:
        return int((self._loop.time() - self._came) * 1_000)


class WebRtcLeg:
    """A headset."""

    name = NAME

    def __init__(self, hang_up: Callable[[], None]) -> None:
        self.sound = Sound()
        self._hang_up = hang_up

    def read(self) -> Pcm | None:
        return self.sound.jitter.pull()

    def write(self, pcm: Pcm) -> None:
        self.sound.send(mulaw.encode(pcm))

    def flush(self) -> None:
        self.sound.clear()

    def silent_ms(self) -> int:
        return self.sound.silent_ms()

    def hang_up(self) -> None:
        self._hang_up()


class Link:
    """One browser's connection and those that replace it. Nothing of aiortc shows outside.

    ``opened`` is called when sound can flow for the first time, ``closed`` once at the end, whatever happened before.
    """

    def __init__(
        self,
        sound: Sound,
        *,
        opened: Callable[[], None],
        key: Callable[[str], None],
        closed: Callable[[Ending], None],
        tasks: Tasks,
    ) -> None:
        self._sound = sound
        self._opened = opened
        self._key = key
        self._closed = closed
        self._tasks = tasks
        self._peer: Peer | None = None
        self._coming: Peer | None = None
        self._open = False
        self._over = False
        self._loop = asyncio.get_running_loop()
        self._patience = self._loop.call_later(CONNECT_SECONDS, self._look)

    async def answer(self, offer: str, servers: list[dict[str, Any]]) -> str:
        """A first offer, or a later one: then the old connection carries on until the new one does."""
        from relevo.adapters.lines.webrtc_peer import Peer

        peer = Peer(servers, self._sound.hear, self._changed, self._key)
        try:
            answer = await peer.answer(offer)
        except RelevoError:
            if self._peer is None and self._coming is None:
                self.close(Ending.LOST)
            raise
        if self._over:
            self._drop(peer)
            raise NotFound("no_voice_link")
        if self._coming is not None:
            self._drop(self._coming)
        self._coming = peer
        if self._open:
            self._patience.cancel()
            self._patience = self._loop.call_later(1, self._look)
        return answer

    async def candidate(self, given: dict[str, Any] | None) -> None:
        peer = self._coming or self._peer
        if peer is not None:
            await peer.candidate(given)

    def goodbye(self) -> None:
        """The browser lets go. Whoever says so after long silence has lost the connection before."""
        self.close(Ending.LEFT if self._sound.silent_ms() < HEALTHY_MS else Ending.LOST)

    def close(self, ending: Ending = Ending.HUNG_UP) -> None:
        if self._over:
            return
        self._over = True
        self._patience.cancel()
        for peer in (self._peer, self._coming):
            if peer is not None:
                self._drop(peer)
        self._closed(ending)

    def _changed(self, peer: "Peer", state: str) -> None:
        if self._over or peer not in (self._peer, self._coming):
            return
        if state == "connected" and peer is self._coming:
            old, self._peer, self._coming = self._peer, peer, None
            self._sound.use(peer)
            if old is not None:
                self._drop(old)
            if not self._open:
                self._open = True
                self._opened()
        elif state in ("failed", "closed"):
            self._drop(peer)
            if peer is self._coming:
                self._coming = None
            else:
                self._peer = None
            if self._peer is None and self._coming is None:
                # A goodbye in words may follow at once and says more.
                ending = Ending.LOST if state == "failed" else Ending.CLOSED
                self._patience.cancel()
                self._patience = self._loop.call_later(GRACE_SECONDS, self.close, ending)

    def _look(self) -> None:
        """Whether anybody is still there."""
        if not self._open or self._sound.silent_ms() > SILENT_SECONDS * 1_000:
            _log.info("a browser's connection went away")
            self.close(Ending.LOST)
        else:
            self._patience = self._loop.call_later(1, self._look)

    def _drop(self, peer: "Peer") -> None:
        self._tasks.start(peer.close(), name="webrtc closes")


@dataclass(slots=True)
class _Known:
    staff: Staff
    link: Link


class Peers:
    """All headsets over WebRTC of this process."""

    def __init__(self, connect: Connect, settings: Settings, ids: Ids) -> None:
        self._connect = connect
        self._settings = settings
        self._ids = ids
        self._known: dict[str, _Known] = {}
        self._tasks = Tasks()

    def __len__(self) -> int:
        return len(self._known)

    async def offer(self, staff: Staff, sdp: str, peer_id: str | None = None) -> tuple[str, str]:
        """Answers the connection's id and our side's description."""
        if not installed():
            raise Misconfigured("webrtc_not_installed")
        servers = self._settings.servers(staff.id)
        known = self._known.get(peer_id or "")
        if peer_id is None or known is None or known.staff.id != staff.id:
            mine = [other.link for other in self._known.values() if other.staff.id == staff.id]
            if len(mine) >= PEERS_PER_PERSON:
                mine[0].close()
            peer_id = self._ids.new("rtc")
            known = self._known[peer_id] = _Known(staff, self._link(staff, peer_id))
        return peer_id, await known.link.answer(sdp, servers)

    async def candidate(self, staff: Staff, peer_id: str, given: dict[str, Any] | None) -> None:
        await self._of(staff, peer_id).candidate(given)

    def hang_up(self, staff: Staff, peer_id: str) -> None:
        self._of(staff, peer_id).goodbye()

    async def close(self) -> None:
        for known in list(self._known.values()):
            known.link.close()
        await self._tasks.settle()

    def _of(self, staff: Staff, peer_id: str) -> Link:
        known = self._known.get(peer_id)
        if known is None or known.staff.id != staff.id:
            raise NotFound("no_voice_link")
        return known.link

    def _link(self, staff: Staff, peer_id: str) -> Link:
        leg = WebRtcLeg(lambda: link.close())
        listener: list[LegListener] = []

        def key(digit: str) -> None:
            for told in listener:
                told.digit(digit)

        def closed(ending: Ending) -> None:
            self._known.pop(peer_id, None)
            for told in listener:
                told.closed(ending.value)

        link = Link(
            leg.sound,
            opened=lambda: listener.append(self._connect(staff, leg)),
            key=key,
            closed=closed,
            tasks=self._tasks,
        )
        return link


class Offer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sdp: str = Field(max_length=MAX_SDP)
    type: Literal["offer"] = "offer"
    id: str | None = Field(None, max_length=60)


class Candidate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    candidate: dict[str, Any] | None = Field(max_length=12)


def router(peers: Peers, allowed: Callable[[Request], Awaitable[Staff]]) -> APIRouter:
    """``allowed`` is ``gate.require(Action.ANSWER)``."""
    routes = APIRouter(prefix="/api/voice/webrtc", tags=["voice"])
    Speaker = Annotated[Staff, Depends(allowed)]

    @routes.post("")
    async def offer(body: Offer, staff: Speaker) -> dict[str, Any]:
        peer_id, sdp = await peers.offer(staff, body.sdp, body.id)
        return {"id": peer_id, "type": "answer", "sdp": sdp}

    @routes.post("/{peer_id}/candidates", status_code=204)
    async def candidate(peer_id: str, body: Candidate, staff: Speaker) -> None:
        await peers.candidate(staff, peer_id, body.candidate)

    @routes.delete("/{peer_id}", status_code=204)
    async def goodbye(peer_id: str, staff: Speaker) -> None:
        peers.hang_up(staff, peer_id)

    return routes
