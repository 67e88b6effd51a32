"""The live feed's socket: one per console. Topics are granted by the same ``may`` as everything else.

A session that ends (sign-out, new password, account switched off) ends its sockets in the same moment, and within
fifteen seconds whoever ends it. A console that
does not read is nobody's burden: it is waited for only outside of the database, not for long, and then cut off.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import Database
from relevo.kit.errors import RelevoError
from relevo.kit.live import Listener, Live, LiveEvent
from relevo.kit.tasks import Tasks
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.web.auth import COOKIE, same_origin
from relevo.web.beside import VIEWING, Beside, Doing, gate_of
from relevo.web.reach import Reach
from relevo.web.server import ABORT

Snapshot = Callable[[AsyncSession, Staff, str], Awaitable[dict[str, Any]]]
"""Makes a topic's snapshot from (session, who asks, the part after the colon)."""

Seat = Callable[[str], Awaitable[None]]
"""Told the id of a member of staff."""

HELLO_SECONDS = 10
CHECK_SECONDS = 15
SEND_SECONDS = 20
GOODBYE_SECONDS = 2
MAX_TOPICS = 50
GONE = "gone"
"""Kind of the event for what somebody saw and may not see any more."""
NOT_SIGNED_IN, WRONG_ORIGIN, TOO_SLOW, BAD_FRAME = 4401, 4403, 4408, 4400
BEGIN_AGAIN = 4409
"""They may see more or less of the house than when they came: nothing that is shown is to be gone on with."""


class Topic:
    """What stands behind a topic: the permission it takes and its snapshot."""

    def __init__(self, action: Action, snapshot: Snapshot) -> None:
        self.action = action
        self.snapshot = snapshot


class Feed:
    def __init__(
        self,
        db: Database,
        live: Live,
        people: People,
        topics: Mapping[str, Topic],
        public_url: str,
        beside: Beside | None = None,
        reach: Reach | None = None,
    ) -> None:
        self.reach = reach or Reach()
        self._clients: set[_Client] = set()
        self.saw: Callable[[Staff, str, str], None] = lambda *_: None
        """Who notes what was looked at."""
        self._db = db
        self._live = live
        self._people = people
        self._topics = topics
        self._public_url = public_url
        self._beside = beside
        self.opened: Seat = _nobody
        self.closed: Seat = _nobody
        """Who wants to know that somebody has a console open, and has it no more."""

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        token = await self._authenticate(socket)
        staff = await self._people.by_token(token) if token else None
        if token is None or staff is None:
            await self._say_goodbye(socket, NOT_SIGNED_IN)
            return
        client = _Client(self, socket, staff)
        self._clients.add(client)
        await self.opened(staff.id)
        tasks = Tasks()
        ends = [
            tasks.start(client.send(), name="live sender"),
            tasks.start(self._watch(token, client), name="live session check"),
            tasks.start(client.receive(), name="live receiver"),
            tasks.start(client.listener.overrun.wait(), name="live overrun"),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients.discard(client)
            self._live.leave_all(client.listener)
            self.show(client, None)
            await tasks.close()
            await self._say_goodbye(socket, TOO_SLOW if client.listener.overrun.is_set() else client.closing)
            await self.closed(staff.id)

    async def _say_goodbye(self, socket: WebSocket, code: int) -> None:
        # A socket that is closed politely first empties its buffer, and whoever reads nothing keeps it for ever.
        abort = socket.scope.get(ABORT)
        if abort is not None:
            asyncio.get_running_loop().call_later(GOODBYE_SECONDS, abort)
        # The other side may be gone already, or deaf, and then there is nobody to say goodbye to.
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await socket.close(code)

    async def _authenticate(self, socket: WebSocket) -> str | None:
        """The cookie counts only from our own pages; programs send their token in the first frame."""
        cookie = socket.cookies.get(COOKIE)
        if cookie is not None:
            return cookie if same_origin(socket, self._public_url) else None
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                frame = json.loads(await socket.receive_text())
        except (TimeoutError, ValueError, WebSocketDisconnect, KeyError, RecursionError):
            return None
        token = frame.get("token") if isinstance(frame, dict) and frame.get("type") == "auth" else None
        return token if isinstance(token, str) else None

    async def _watch(self, token: str, client: _Client) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await client.looked_at.wait()
            client.looked_at.clear()
            staff = await self._people.by_token(token)
            if staff is None:
                client.closing = NOT_SIGNED_IN
                return
            if staff.scope != client.staff.scope:
                client.closing = BEGIN_AGAIN
                return
            client.staff = staff

    def look_again(self, staff_id: str | None) -> None:
        """What somebody may see may be different, or they are signed in no more: their consoles are looked at in this
        moment. None: those of all whom not the whole house is for."""
        for client in self._clients:
            if client.staff.id == staff_id or (staff_id is None and not client.staff.scope.whole):
                client.looked_at.set()

    async def subscribe(self, client: _Client, name: str, since: int | None) -> None:
        # While a topic is being set up nothing is forwarded, so that no event falls between snapshot and listening.
        async with client.turn:
            await self._subscribe(client, name, since)

    async def _subscribe(self, client: _Client, name: str, since: int | None) -> None:
        kind, _, rest = name.partition(":")
        topic = self._topics.get(kind)
        full = name not in client.seen and len(client.seen) >= MAX_TOPICS
        narrowed = not client.staff.scope.whole
        if narrowed:
            # What was shown before may be somebody else's now, and the other way round: the whole picture, always.
            since = None
        if topic is None or full or not may(client.staff, topic.action):
            self.unsubscribe(client, name)
            await client.put({"type": "denied", "topic": name})
            return
        self._live.listen(client.listener, name)
        try:
            # Only read here: a console that is slow to take its snapshot may not hold a connection meanwhile.
            async with self._db.read() as session:
                events = await self._live.since(session, name, since) if since is not None else None
                if events is None:
                    data = await topic.snapshot(session, client.staff, rest)
                    if narrowed and "items" in data:
                        data = {**data, "items": await self.reach.mine(session, client.staff, data["items"])}
                    client.seen[name] = await self._live.seq(session, name)
        except RelevoError:
            self.unsubscribe(client, name)
            await client.put({"type": "denied", "topic": name})
            return
        self._live.reached(
            name, client.seen[name] if events is None else max([since or 0, *(e.seq or 0 for e in events)])
        )
        if events is None:
            client.shows(name, data)
            if kind == "conversation":
                self.saw(client.staff, "conversation_read", rest)
            await client.put({"type": "snapshot", "topic": name, "seq": client.seen[name], "data": data})
        else:
            client.seen[name] = since or 0
            for event in events:
                await client.forward(event)
        if self._beside is not None and (items := self._beside.of(name)):
            await client.forward(LiveEvent(name, None, VIEWING, {"items": items}))

    def unsubscribe(self, client: _Client, name: str) -> None:
        self._live.leave(client.listener, name)
        client.seen.pop(name, None)
        client.told.pop(name, None)
        client.shown.pop(name, None)
        shown = self._beside.shown(client.id) if self._beside is not None else None
        if shown is not None and gate_of(shown) == name:
            self.show(client, None)

    async def viewing(self, staff: Staff, data: Mapping[str, Any]) -> dict[str, Any]:
        """Who shows what, without the things of others."""
        things = {each["thing"]: each["thing"].partition(":") for each in data["items"]}
        asked = [thing_id for kind, _, thing_id in things.values() if kind == "conversation"]
        mine = await self.reach.among(staff, asked)
        bookings = [
            {"code": code, "thing": f"{kind}:{code}"} for kind, _, code in things.values() if kind != "conversation"
        ]
        theirs = {each["thing"] for each in await self.reach.having(staff, bookings, "code", "code")}
        theirs |= {f"conversation:{each}" for each in mine}
        return {**data, "items": [each for each in data["items"] if each["thing"] in theirs]}

    def show(self, client: _Client, thing: str | None, doing: Doing = Doing.LOOKING) -> bool:
        """What a console has on the screen; False where it was not granted the topic of that."""
        if self._beside is None:
            return True
        if thing is None:
            self._beside.leave(client.id)
            return True
        if gate_of(thing) not in client.seen:
            self._beside.leave(client.id)
            return False
        self._beside.show(client.id, client.staff.id, client.staff.name, thing, doing)
        return True


class _Client:
    def __init__(self, feed: Feed, socket: WebSocket, staff: Staff) -> None:
        self._feed = feed
        self._socket = socket
        self.id = secrets.token_hex(6)
        self.staff = staff
        self.listener = Listener()
        self.looked_at = asyncio.Event()
        self.seen: dict[str, int] = {}
        self.told: dict[str, int] = {}
        """By topic, the last number that was sent, where not everything is."""
        self.shown: dict[str, set[str]] = {}
        """By topic, what was shown of it, where not everything is."""
        self.closing = 1000
        self.turn = asyncio.Lock()
        self._sending = asyncio.Lock()

    async def put(self, frame: dict[str, Any]) -> None:
        async with asyncio.timeout(SEND_SECONDS), self._sending:
            await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    def shows(self, topic: str, data: Mapping[str, Any]) -> None:
        """What a snapshot brought."""
        if not self.staff.scope.whole:
            self.told[topic] = self.seen[topic]
            self.shown[topic] = {str(item.get("id")) for item in data.get("items", ()) if isinstance(item, dict)}

    async def forward(self, event: LiveEvent) -> None:
        if not self.staff.scope.whole:
            await self._forward_theirs(event)
            return
        if event.seq is None:
            await self.put({"type": "ephemeral", "topic": event.topic, "kind": event.kind, "data": event.data})
            return
        last = self.seen.get(event.topic)
        if last is None or event.seq <= last:
            return
        self.seen[event.topic] = event.seq
        await self.put(
            {"type": "event", "topic": event.topic, "seq": event.seq, "kind": event.kind, "data": event.data}
        )

    async def _forward_theirs(self, event: LiveEvent) -> None:
        """As ``forward``, to somebody who is not to see everything. ``after`` names the number that they were told
        last, so that a hole is not taken for a loss; what they saw and is no longer theirs is ``gone``."""
        kind, data, topic = event.kind, event.data, event.topic
        if event.seq is None:
            if kind == VIEWING and (data := await self._feed.viewing(self.staff, data)) == {"items": []}:
                return
            await self.put({"type": "ephemeral", "topic": topic, "kind": kind, "data": data})
            return
        last = self.seen.get(topic)
        if last is None or event.seq <= last:
            return
        self.seen[topic] = event.seq
        shown, thing = self.shown.setdefault(topic, set()), str(data.get("id"))
        if await self._feed.reach.event(self.staff, data):
            shown.add(thing)
        elif topic.partition(":")[1]:
            self._feed.unsubscribe(self, topic)
            await self.put({"type": "denied", "topic": topic})
            return
        elif thing in shown:
            shown.discard(thing)
            kind, data = GONE, {"id": data["id"]}
        else:
            return
        after, self.told[topic] = self.told.get(topic, event.seq - 1), event.seq
        await self.put({"type": "event", "topic": topic, "seq": event.seq, "after": after, "kind": kind, "data": data})

    async def send(self) -> None:
        try:
            while True:
                event = await self.listener.queue.get()
                async with self.turn:
                    await self.forward(event)
        except TimeoutError:
            self.closing = TOO_SLOW
        except (WebSocketDisconnect, RuntimeError):
            return

    async def receive(self) -> None:
        while True:
            try:
                frame = json.loads(await self._socket.receive_text())
            except WebSocketDisconnect:
                return
            except (ValueError, KeyError, RecursionError):
                self.closing = BAD_FRAME
                return
            if not isinstance(frame, dict):
                self.closing = BAD_FRAME
                return
            try:
                await self._obey(frame)
            except TimeoutError:
                self.closing = TOO_SLOW
                return
            except (WebSocketDisconnect, RuntimeError):
                return

    async def _obey(self, frame: dict[str, Any]) -> None:
        topic, since = frame.get("topic"), frame.get("since")
        match frame.get("type"):
            case "subscribe" if isinstance(topic, str) and len(topic) <= 80:
                await self._feed.subscribe(self, topic, since if isinstance(since, int) else None)
            case "unsubscribe" if isinstance(topic, str):
                self._feed.unsubscribe(self, topic)
            case "ping":
                await self.put({"type": "pong"})
            case "view":
                thing, doing = frame.get("thing"), frame.get("doing", Doing.LOOKING.value)
                said = (thing is None or isinstance(thing, str)) and isinstance(doing, str) and doing in set(Doing)
                if not said or not self._feed.show(self, thing, Doing(doing)):
                    await self.put({"type": "denied", "topic": str(thing)[:80]})
            case _:
                await self.put({"type": "denied", "topic": str(topic)[:80]})


async def _nobody(_staff_id: str) -> None:
    """Nobody wants to know."""


def router(feed: Feed) -> APIRouter:
    routes = APIRouter()

    @routes.websocket("/api/live")
    async def live(socket: WebSocket) -> None:
        await feed.serve(socket)

    return routes
