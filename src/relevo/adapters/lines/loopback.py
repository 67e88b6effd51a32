"""A Twilio of our own on this machine: signed webhooks, TwiML, the media socket in real time, and enough of REST.

It powers ``relevo demo``, the voice bench and the tests, none of which need an account. It plays what it is sent the
way a carrier does: 20 ms per 20 ms, marks echoed when reached, ``clear`` empties what waits. There is no telephone
network behind it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs
from xml.etree import ElementTree

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, Pcm
from relevo.kit import log
from relevo.kit.tasks import Tasks

_log = log.get("lines.loopback")

FRAME_SECONDS = FRAME_MS / 1_000


class Wire(Protocol):
    """A connected WebSocket, seen from the client."""

    async def send(self, text: str) -> None: ...
    async def receive(self) -> str | None:
        """The next text frame; None once it is closed."""
        ...

    async def close(self) -> None: ...


Post = Callable[[str, Mapping[str, str], Mapping[str, str]], Awaitable[tuple[int, str]]]
"""(url, form, headers) -> (status, body)."""
Connect = Callable[[str, Mapping[str, str]], Awaitable[Wire]]
"""(url, headers) -> an open socket."""


class Caller(Protocol):
    """The person on the telephone. Called every 20 ms; must return at once."""

    def tick(self, heard: Pcm) -> Pcm | None:
        """What they say in this moment, having heard ``heard``; None hangs up."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """What the TwiML asked to connect to."""

    url: str
    parameters: dict[str, str] = field(repr=False)


def read_twiml(text: str) -> Stream | None:
    """The bidirectional stream of a TwiML document, if it has one."""
    root = ElementTree.fromstring(text)  # noqa: S314 - our own server's answer
    node = root.find("./Connect/Stream")
    if root.tag != "Response" or node is None:
        return None
    given = {part.get("name", ""): part.get("value", "") for part in node.findall("Parameter")}
    return Stream(node.get("url", ""), given)


class PlayOut:
    """The carrier's buffer towards the telephone: bytes and marks in one queue, drained at real time's pace."""

    def __init__(self) -> None:
        self._queue: deque[bytes | str] = deque()
        self.queued = 0
        self.peak = 0
        """Most bytes that ever waited."""

    def media(self, payload: bytes) -> None:
        self._queue.append(payload)
        self.queued += len(payload)
        self.peak = max(self.peak, self.queued)

    def mark(self, name: str) -> list[str]:
        """Echoed at once when nothing is waiting."""
        if not self._queue:
            return [name]
        self._queue.append(name)
        return []

    def clear(self) -> list[str]:
        marks = [part for part in self._queue if isinstance(part, str)]
        self._queue.clear()
        self.queued = 0
        return marks

    def play(self) -> tuple[bytes, list[str]]:
        """The next 20 ms, filled up with silence, and the marks that were reached."""
        sound, marks = b"", []
        while self._queue:
            part = self._queue[0]
            if isinstance(part, str):
                marks.append(part)
                self._queue.popleft()
                continue
            if len(sound) == FRAME_SAMPLES:
                break
            take = FRAME_SAMPLES - len(sound)
            sound += part[:take]
            self.queued -= len(part[:take])
            if len(part) > take:
                self._queue[0] = part[take:]
            else:
                self._queue.popleft()
        return sound.ljust(FRAME_SAMPLES, bytes([mulaw.SILENCE])), marks


class LoopbackCall:
    """One telephone call: the socket on one side, a ``Caller`` on the other, a clock of 20 ms in between."""

    def __init__(self, account: str, sid: str, stream: Stream, wire: Wire, caller: Caller) -> None:
        self.sid = sid
        self.stream_sid = f"MZ{secrets.token_hex(16)}"
        self.buffer = PlayOut()
        self.ended_by: str | None = None
        self._account = account
        self._stream = stream
        self._wire = wire
        self._caller = caller
        self._sequence = 0
        self._over = asyncio.Event()
        self._keys: deque[str] = deque()

    async def run(self) -> None:
        """Until one side hangs up."""
        tasks = Tasks()
        try:
            await self._wire.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
            await self._send("start", self._start())
            tasks.start(self._listen(), name="loopback reads")
            await self._pace()
            if self.ended_by == "caller":
                await self._send("stop", {"accountSid": self._account, "callSid": self.sid})
        finally:
            await tasks.close()
            await self._wire.close()

    def hang_up(self, by: str = "caller") -> None:
        self.ended_by = self.ended_by or by
        self._over.set()

    def press(self, digit: str) -> None:
        """The caller presses a key."""
        self._keys.append(digit)

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        due, chunk = loop.time(), 0
        while not self._over.is_set():
            chunk += 1
            sound, marks = self.buffer.play()
            for mark in marks:
                await self._send("mark", {"name": mark})
            said = self._caller.tick(mulaw.decode(sound))
            if said is None:
                self.hang_up()
                return
            while self._keys:
                await self._send("dtmf", {"track": "inbound_track", "digit": self._keys.popleft()})
            payload = base64.b64encode(mulaw.encode(said)).decode()
            stamp = str((chunk - 1) * FRAME_MS)
            await self._send("media", {"track": "inbound", "chunk": str(chunk), "timestamp": stamp, "payload": payload})
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))

    async def _listen(self) -> None:
        while (text := await self._wire.receive()) is not None:
            frame = json.loads(text)
            event = frame.get("event")
            if frame.get("streamSid") != self.stream_sid:
                continue
            if event == "media":
                self.buffer.media(base64.b64decode(frame["media"]["payload"]))
            elif event == "mark":
                for name in self.buffer.mark(frame["mark"]["name"]):
                    await self._send("mark", {"name": name})
            elif event == "clear":
                for name in self.buffer.clear():
                    await self._send("mark", {"name": name})
        self.hang_up("server")

    def _start(self) -> dict[str, Any]:
        return {
            "streamSid": self.stream_sid,
            "accountSid": self._account,
            "callSid": self.sid,
            "tracks": ["inbound"],
            "customParameters": self._stream.parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }

    async def _send(self, event: str, body: dict[str, Any]) -> None:
        self._sequence += 1
        frame = {"event": event, "sequenceNumber": str(self._sequence), "streamSid": self.stream_sid, event: body}
        try:
            await self._wire.send(json.dumps(frame))
        except ConnectionError:
            self.hang_up("server")


@dataclass(slots=True)
class Placed:
    """A call that our server asked for over REST."""

    sid: str
    form: dict[str, list[str]]
    status: str = "queued"


class LoopbackTwilio:
    """One account. ``post`` and ``connect`` reach the server under test; its REST side is ``rest``."""

    def __init__(self, *, account_sid: str, auth_token: str, post: Post, connect: Connect) -> None:
        self.account_sid = account_sid
        self._validator = RequestValidator(auth_token)
        self._token = auth_token
        self._post = post
        self._connect = connect
        self.placed: dict[str, Placed] = {}
        path = f"/2010-04-01/Accounts/{account_sid}/Calls"
        self.rest = Starlette(
            routes=[
                Route(f"{path}.json", self._place, methods=["POST"]),
                Route(f"{path}/{{sid}}.json", self._change, methods=["POST"]),
            ]
        )

    async def webhook(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """POST a signed form."""
        signature = self._validator.compute_signature(url, dict(form))
        return await self._post(url, form, {"X-Twilio-Signature": signature})

    async def ring(self, url: str, *, from_: str, to: str, sid: str | None = None) -> tuple[str, Stream]:
        """Somebody calls our number: ask the server what to do."""
        sid = sid or f"CA{secrets.token_hex(16)}"
        form = {
            "AccountSid": self.account_sid, "CallSid": sid, "From": from_, "To": to, "Caller": from_, "Called": to,
            "Direction": "inbound", "ApiVersion": "2010-04-01", "CallStatus": "ringing",
        }  # fmt: skip
        status, body = await self.webhook(url, form)
        stream = read_twiml(body) if status == 200 else None
        if stream is None:
            raise ConnectionError(f"the voice webhook answered {status}")
        return sid, stream

    async def answer(self, sid: str, stream: Stream, caller: Caller) -> LoopbackCall:
        """Connect the stream; ``run`` the call that comes back."""
        signature = self._validator.compute_signature(stream.url, {})
        wire = await self._connect(stream.url, {"X-Twilio-Signature": signature})
        return LoopbackCall(self.account_sid, sid, stream, wire, caller)

    async def pick_up(self, sid: str, caller: Caller) -> LoopbackCall:
        """The person called by our server answers."""
        placed = self.placed[sid]
        placed.status = "in-progress"
        stream = read_twiml(placed.form["Twiml"][0])
        if stream is None:
            raise ConnectionError("the TwiML connects to nothing")
        return await self.answer(sid, stream, caller)

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        wanted = base64.b64encode(f"{self.account_sid}:{self._token}".encode()).decode()
        return secrets.compare_digest(given, f"Basic {wanted}")

    async def _place(self, request: Request) -> Response:
        if not self._allowed(request):
            return _error(401, 20003)
        form = parse_qs((await request.body()).decode())
        if not re.fullmatch(r"\+\d{6,15}", form.get("To", [""])[0]):
            return _error(400, 21211)
        if "From" not in form or not ("Twiml" in form or "Url" in form):
            return _error(400, 21205)
        placed = Placed(f"CA{secrets.token_hex(16)}", form)
        self.placed[placed.sid] = placed
        return JSONResponse({"sid": placed.sid, "status": placed.status, "direction": "outbound-api"}, 201)

    async def _change(self, request: Request) -> Response:
        if not self._allowed(request):
            return _error(401, 20003)
        placed = self.placed.get(request.path_params["sid"])
        if placed is None:
            return _error(404, 20404)
        placed.status = parse_qs((await request.body()).decode()).get("Status", [placed.status])[0]
        return JSONResponse({"sid": placed.sid, "status": placed.status})


def _error(status: int, code: int) -> Response:
    return JSONResponse({"code": code, "message": "refused", "status": status}, status)


def silence() -> Pcm:
    return np.zeros(FRAME_SAMPLES, np.int16)
