"""Recorded guests who call the service as a telephone would and book a room, for ``relevo demo`` and the voice bench.

A guest waits until the other side has stopped speaking, like anybody on the telephone, and then says the next sentence;
nothing tells it what the other side understood. ``run`` checks the hold that must come out of it. It never touches the
service but through its doors.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from relevo.adapters.lines.loopback import LoopbackTwilio, Wire
from relevo.adapters.lines.twilio import INCOMING
from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, Pcm
from relevo.kit.tasks import Tasks
from relevo.texts import Texts

AUDIBLE = 600
"""Sample value above which something is heard (-35 dBFS)."""
SETTLED_MS = 900
"""Quiet after the other side's words before the guest speaks."""
PATIENCE_MS = 15_000
"""How long the guest waits for an answer before hanging up."""
POLL = 0.4


@dataclass(frozen=True, slots=True)
class Script:
    """One guest: what they say, and the hold that must be there at the end."""

    name: str
    from_: str
    words: tuple[tuple[str, str], ...]
    """(clip, what it says)"""
    noise: str | None
    room_type: str
    check_in: date
    check_out: date
    guests: int


def scripts(today: date) -> dict[str, Script]:
    """The packaged guests, with dates that are still to come."""
    given = tomllib.loads(files("relevo").joinpath("data/demo_call/scripts.toml").read_text(encoding="utf-8"))
    return {key: _script(part, today) for key, part in given.items()}


def clip(name: str) -> Pcm:
    return mulaw.decode(files("relevo").joinpath(f"data/demo_call/{name}.ulaw").read_bytes())


def _script(part: Mapping[str, Any], today: date) -> Script:
    month, day = map(int, part["check_in"].split("-"))
    year = today.year if date(today.year, month, day) > today else today.year + 1
    return Script(
        name=part["name"],
        from_=part["from"],
        words=tuple((clip_name, text) for clip_name, text in part["words"]),
        noise=part.get("noise"),
        room_type=part["room_type"],
        check_in=date(year, month, day),
        check_out=date.fromisoformat(f"{year}-{part['check_out']}"),
        guests=part["guests"],
    )


@dataclass(slots=True)
class Guest:
    """Plays clips one after the other, each when the other side has finished; measures how long answers took."""

    clips: Sequence[Pcm]
    noise: Pcm | None = None
    spoke: Callable[[int], None] | None = None
    """Told the number of a sentence when it begins."""
    delays_ms: list[float] = field(default_factory=list)
    """From the end of each sentence to the first sound of the answer, by the samples of the line."""
    gave_up: bool = False
    _next: int = 0
    _sound: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))
    _silent_since: float | None = None
    _answered: bool = False
    _quiet_ms: int = 0
    _waited_ms: int = 0
    _now_ms: int = 0

    def tick(self, heard: Pcm) -> Pcm | None:
        self._listen(heard)
        if not len(self._sound) and self._answered and self._quiet_ms >= SETTLED_MS:
            if self._next == len(self.clips):
                return None
            self._begin()
        self._now_ms += FRAME_MS
        self._waited_ms = 0 if len(self._sound) else self._waited_ms + FRAME_MS
        if self._waited_ms > PATIENCE_MS and self._quiet_ms > PATIENCE_MS:
            self.gave_up = True
            return None
        frame = np.zeros(FRAME_SAMPLES, np.int16)
        now, self._sound = self._sound[:FRAME_SAMPLES], self._sound[FRAME_SAMPLES:]
        frame[: len(now)] = now
        if self.noise is not None:
            start = self._now_ms * 8 % (len(self.noise) - FRAME_SAMPLES)
            frame[len(now) :] = self.noise[start : start + FRAME_SAMPLES][len(now) :]
        return frame

    def _listen(self, heard: Pcm) -> None:
        loud = np.flatnonzero(np.abs(heard) > AUDIBLE)
        if not len(loud):
            self._quiet_ms += FRAME_MS
            return
        self._quiet_ms = 0
        if self._silent_since is not None and self._now_ms >= self._silent_since:
            self.delays_ms.append(self._now_ms + int(loud[0]) / 8 - self._silent_since)
            self._silent_since = None
        if not len(self._sound):
            self._answered = True

    def _begin(self) -> None:
        if self.spoke is not None:
            self.spoke(self._next)
        self._sound = self.clips[self._next]
        self._silent_since = self._now_ms + spoken_ms(self._sound)
        self._next += 1
        self._answered = False


def spoken_ms(pcm: Pcm) -> float:
    """Where the voice of a clip ends: its last 10 ms that are not far below the loudest."""
    blocks = pcm[: len(pcm) // 80 * 80].reshape(-1, 80).astype(np.float64)
    level = np.sqrt((blocks**2).mean(axis=1))
    return float((np.flatnonzero(level > 0.12 * level.max())[-1] + 1) * 10)


class SocketWire:
    """A real WebSocket to the service."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise ConnectionError("the service closed the socket") from error

    async def receive(self) -> str | None:
        try:
            return str(await self._socket.recv())
        except ConnectionClosed:
            return None

    async def close(self) -> None:
        await self._socket.close()


async def dial(
    http: httpx.AsyncClient, base_url: str, *, account_sid: str, auth_token: str, guest: Guest, from_: str, to: str
) -> str:
    """One whole call; answers its CallSid."""

    async def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        response = await http.post(url, data=dict(form), headers=dict(headers))
        return response.status_code, response.text

    async def open_socket(url: str, headers: Mapping[str, str]) -> Wire:
        return SocketWire(await connect(url, additional_headers=dict(headers), compression=None))

    carrier = LoopbackTwilio(account_sid=account_sid, auth_token=auth_token, post=post, connect=open_socket)
    sid, stream = await carrier.ring(base_url + INCOMING, from_=from_, to=to)
    call = await carrier.answer(sid, stream, guest)
    await call.run()
    return sid


async def run(
    base_url: str,
    *,
    account_sid: str,
    auth_token: str,
    email: str,
    password: str,
    to: str,
    today: date,
    say: Callable[[str], None],
    who: Sequence[str] = ("florencia", "martin"),
) -> bool:
    """Let the recorded guests call, print what is said as it is said, and check the holds. True if all are right."""
    texts, good = Texts("es"), True
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=base_url, timeout=15))
        signed_in = await http.post("/api/auth/login", json={"email": email, "password": password})
        signed_in.raise_for_status()
        http.headers["authorization"] = f"Bearer {signed_in.json()['token']}"
        known = scripts(today)
        for script in (known[name] for name in who):
            say("")
            say(texts.say("demo.calling", name=script.name, number=script.from_))
            said = [text for _, text in script.words]
            guest = Guest(
                [clip(name) for name, _ in script.words],
                clip(script.noise) if script.noise else None,
                lambda number, said=said: say(texts.say("demo.guest", text=said[number])),  # type: ignore[misc]
            )
            expected = await _expected_total(http, script)
            tasks = Tasks()
            follower = tasks.start(_follow(http, script.from_, texts, say), name="transcript")
            try:
                await dial(
                    http,
                    base_url,
                    account_sid=account_sid,
                    auth_token=auth_token,
                    guest=guest,
                    from_=script.from_,
                    to=to,
                )
                conversation_id = await asyncio.wait_for(follower, 15)
            finally:
                await tasks.close()
            good = await _check(http, script, conversation_id, expected, guest, texts, say) and good
    return good


async def _expected_total(http: httpx.AsyncClient, script: Script) -> int:
    query: dict[str, str | int] = {
        "check_in": script.check_in.isoformat(),
        "check_out": script.check_out.isoformat(),
        "guests": script.guests,
    }
    answer = await http.get("/api/availability", params=query)
    answer.raise_for_status()
    return next(
        int(item["total"]["amount"]) for item in answer.json()["items"] if item["room_type"] == script.room_type
    )


async def _follow(http: httpx.AsyncClient, from_: str, texts: Texts, say: Callable[[str], None]) -> str:
    """Print what the other side says, and what was understood, until the call is over; answers its conversation."""
    call_id, shown = None, 0
    while True:
        await asyncio.sleep(POLL)
        if call_id is None:
            items = (await http.get("/api/calls", params={"status": "active"})).json()["items"]
            call_id = next((item["id"] for item in items if item["from"] == from_), None)
            continue
        call = (await http.get(f"/api/calls/{call_id}")).json()
        for message in call["transcript"]:
            if message["seq"] <= shown or message["kind"] != "text":
                continue
            shown = message["seq"]
            key = "demo.understood" if message["author"] == "customer" else "demo.assistant"
            say(texts.say(key, text=message["text"]))
        if call["status"] == "ended" and call["recording"] and call["recording"]["seconds"] is not None:
            return str(call["conversation_id"])


async def _check(
    http: httpx.AsyncClient,
    script: Script,
    conversation_id: str,
    expected: int,
    guest: Guest,
    texts: Texts,
    say: Callable[[str], None],
) -> bool:
    answer = await http.get("/api/bookings", params={"conversation_id": conversation_id})
    answer.raise_for_status()
    found = [item for item in answer.json()["items"] if item["status"] == "hold"]
    wanted = (script.room_type, script.check_in.isoformat(), script.check_out.isoformat(), script.guests, expected)
    seen = [
        (item["room"]["type"], item["check_in"], item["check_out"], item["guests"], item["total"]["amount"])
        for item in found
    ]
    if seen != [wanted]:
        say(texts.say("demo.wrong", wanted=str(wanted), seen=str(seen)))
        return False
    hold = found[0]
    say(
        texts.say(
            "demo.right",
            code=hold["code"],
            room=hold["room"]["number"],
            type=hold["room"]["type_name"],
            check_in=hold["check_in"],
            check_out=hold["check_out"],
            name=hold["guest_name"] or "-",
        )
    )
    if guest.delays_ms:
        say(texts.say("demo.delay", median=f"{np.median(guest.delays_ms) / 1000:.2f}"))
    return True
