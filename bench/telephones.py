"""Hundreds of telephones in one process: the load client of ``make bench-calls``.

Each is a media stream in Twilio's protocol: 50 frames a second of recorded speech with pauses and line noise, marks
answered when they have been played, ``clear`` obeyed. Calls are staggered over the 20 ms. It is told on standard input
what to do, one JSON object a line (``grow``, ``measure``, ``stop``), and answers the same way.

*Added delay* of a frame from our side is the time by which it arrives here later than its place on the 20 ms grid of
the process that sent it (``measures.late_on_grid``: the grid is the lower envelope over all its calls); the frames that
open a speech are sent 200 ms ahead of time on purpose and are not judged. *Lost* is a place on the grid for which no
frame came. A *glitch* is a frame that came after the carrier had run out of sound in the middle of a speech. Of an
echo, the added delay is its round trip less the shortest ones (their first percentile) of its call, and lost is what
did not come back.

What this process itself is late by is measured and printed too: beyond a few ms, or with its core nearly full, the
figures are about the telephones and not about the server.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import itertools
import json
import os
import secrets
import sys
import time
from array import array
from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench import measures, tape
from bench.processes import used
from relevo.adapters.lines.loopback import LoopbackTwilio, Stream, Wire
from relevo.adapters.lines.media_stream import LEAD_FRAMES
from relevo.adapters.lines.twilio import INCOMING

FRAME_S = 0.02
SLOTS = 20
PER_SECOND = 5
"""New calls in a second while the load grows: callers do not ring all at once."""
STAMP = 8
"""Bytes at the start of an echoed frame that say its number; plain letters survive the way through mu-law."""
PERSON_AFTER = 0.5
"""Seconds after which a caller of the busy mode presses 0."""
ACCOUNT, NUMBER = "AC00000000000000000000000000000000", "+543414000000"

_MEDIA, _CLEARED, _OTHER = 1, 2, 3


class Telephone(WSListener):
    """One call. Cheap: a frame that comes costs one look at the clock and an append."""

    def __init__(self, number: int, stream: Stream, sid: str, *, echo: bool, clock: asyncio.AbstractEventLoop) -> None:
        self.sid = sid
        self.sent = 0
        self.came = array("d")
        self.stamps = array("l")
        self.sent_at = array("d")
        self.stretches: list[int] = []
        self.glitches = 0
        self.closed = False
        self._echo = echo
        self._loop = clock
        self._transport: WSTransport | None = None
        self._stream = f"MZ{secrets.token_hex(16)}"
        self._parameters = stream.parameters
        self._play_end = 0.0
        self._last = _OTHER
        self._payload_at = 0
        which, first = tape.start_of(number)
        turned = tape.frames(which)[first:] + tape.frames(which)[:first]
        self._frames = turned if echo else _encoded(which)[first:] + _encoded(which)[:first]
        self._tail = f'"}},"streamSid":"{self._stream}"}}'.encode()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._say({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        self._event("start", {
            "streamSid": self._stream, "accountSid": ACCOUNT, "callSid": self.sid, "tracks": ["inbound"],
            "customParameters": self._parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        })  # fmt: skip

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        del transport
        self.closed = True

    def speak(self) -> None:
        """The next 20 ms."""
        if self.closed or self._transport is None:
            return
        number = self.sent
        self.sent += 1
        frame = self._frames[number % len(self._frames)]
        if self._echo:
            self.sent_at.append(time.monotonic())
            frame = base64.b64encode(b"%08x" % number + frame[STAMP:])
        head = _HEAD % (number + 2, number + 1, 20 * number)
        self._transport.send(WSMsgType.TEXT, head + frame + self._tail)

    def press(self, digit: str) -> None:
        self._event("dtmf", {"track": "inbound_track", "digit": digit})

    def hang_up(self) -> None:
        if not self.closed and self._transport is not None:
            self._event("stop", {"accountSid": ACCOUNT, "callSid": self.sid})
            self._transport.disconnect()

    def forget(self) -> None:
        """A new measurement begins."""
        self.came, self.stamps, self.stretches, self.glitches = array("d"), array("l"), [], 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        del transport
        if frame.msg_type != WSMsgType.TEXT:
            return
        now = time.monotonic()
        text = frame.get_payload_as_bytes()
        if text.find(b'"media"', 0, 24) < 0:
            self._control(json.loads(text), now)
            return
        self.came.append(now)
        if self._echo:
            self._stamped(text)
            return
        if now > self._play_end:
            if self._last == _MEDIA:
                self.glitches += 1
            else:
                self.stretches.append(len(self.came) - 1)
            self._play_end = now
        self._play_end += FRAME_S
        # What comes right after a clear is the end of the sound that was cut, faded.
        self._last = _OTHER if self._last == _CLEARED else _MEDIA

    def _stamped(self, text: bytes) -> None:
        if not self._payload_at:
            self._payload_at = text.index(b'"', text.index(b":", text.index(b'"payload"'))) + 1
        try:
            self.stamps.append(int(base64.b64decode(text[self._payload_at : self._payload_at + 12])[:STAMP], 16))
        except ValueError:
            self.stamps.append(-1)

    def _control(self, event: Mapping[str, Any], now: float) -> None:
        kind = event.get("event")
        self._last = _CLEARED if kind == "clear" else _OTHER
        if kind == "mark":
            name = event["mark"]["name"]
            self._loop.call_later(max(0.0, self._play_end - now), self._event, "mark", {"name": name})
        elif kind == "clear":
            self._play_end = now

    def _event(self, event: str, body: Mapping[str, Any]) -> None:
        self._say({"event": event, "sequenceNumber": "1", "streamSid": self._stream, event: body})

    def _say(self, message: Mapping[str, Any]) -> None:
        if not self.closed and self._transport is not None:
            self._transport.send(WSMsgType.TEXT, json.dumps(message).encode())


_HEAD = b'{"event":"media","sequenceNumber":"%d","media":{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"'
_kept: dict[int, tuple[bytes, ...]] = {}


def _encoded(which: int) -> tuple[bytes, ...]:
    if which not in _kept:
        _kept[which] = tuple(map(base64.b64encode, tape.frames(which)))
    return _kept[which]


class Exchange:
    """All telephones of this process, spoken for by twenty timers, one for each millisecond of the 20."""

    def __init__(self, url: str, *, token: str, echo: bool, busy: bool) -> None:
        self.telephones: list[Telephone] = []
        self.late = array("d")
        self._url = url
        self._echo = echo
        self._busy = busy
        self._token = token
        self._slots: list[list[Telephone]] = [[] for _ in range(SLOTS)]
        self._loop = asyncio.get_running_loop()
        self._http = httpx.AsyncClient(timeout=30)
        begin = self._loop.time() + FRAME_S
        for slot in range(SLOTS):
            self._loop.call_at(begin + slot * FRAME_S / SLOTS, self._speak, slot, begin + slot * FRAME_S / SLOTS)

    async def grow(self, to: int) -> None:
        while len(self.telephones) < to:
            began = self._loop.time()
            await self._ring(len(self.telephones))
            await asyncio.sleep(max(0.0, 1 / PER_SECOND - (self._loop.time() - began)))

    async def measure(self, seconds: float, server: int) -> dict[str, Any]:
        for telephone in self.telephones:
            telephone.forget()
        self.late = array("d")
        before, server_before = used(os.getpid()), used(server)
        first = [telephone.sent for telephone in self.telephones]
        await asyncio.sleep(seconds)
        after, server_after = used(os.getpid()), used(server)
        last = [telephone.sent for telephone in self.telephones]
        if self._echo:
            # What is under way comes back, or does not.
            await asyncio.sleep(1.0)
            delays = self._echoed(first, last)
        else:
            delays = self._ours()
        return {
            "calls": len(self.telephones),
            "frames": delays.frames,
            "lost": delays.lost,
            "p50_ms": delays.percentile(50),
            "p99_ms": delays.percentile(99),
            "max_ms": delays.worst,
            "glitches": sum(telephone.glitches for telephone in self.telephones),
            "closed": sum(telephone.closed for telephone in self.telephones),
            "server_cpu": server_after.cpu_since(server_before),
            "client_cpu": after.cpu_since(before),
            "client_late_p99_ms": float(np.percentile(self.late, 99)) * 1_000 if self.late else 0.0,
            "sent": {t.sid: [a, b] for t, a, b in zip(self.telephones, first, last, strict=True)},
        }

    async def stop(self) -> dict[str, Any]:
        for telephone in self.telephones:
            telephone.hang_up()
        await self._http.aclose()
        return {"sent": {telephone.sid: telephone.sent for telephone in self.telephones}}

    def _speak(self, slot: int, due: float) -> None:
        now = self._loop.time()
        self.late.append(now - due)
        for telephone in self._slots[slot]:
            telephone.speak()
        self._loop.call_at(due + FRAME_S, self._speak, slot, due + FRAME_S)

    async def _ring(self, number: int) -> None:
        if self._echo:
            sid, stream = f"CA{secrets.token_hex(16)}", Stream(self._url, {})
        else:
            carrier = LoopbackTwilio(
                account_sid=ACCOUNT, auth_token=self._token, post=self._post, connect=_no_connection
            )
            sid, stream = await carrier.ring(self._url + INCOMING, from_=f"+549341{5_000_000 + number}", to=NUMBER)
        _, made = await ws_connect(
            lambda: Telephone(number, stream, sid, echo=self._echo, clock=self._loop), stream.url, proxy=None
        )
        assert isinstance(made, Telephone)
        telephone = made
        self.telephones.append(telephone)
        # The golden section spreads any number of calls evenly over the 20 ms.
        self._slots[int(number * 0.618_034 % 1 * SLOTS)].append(telephone)
        if self._busy:
            self._loop.call_later(PERSON_AFTER, telephone.press, "0")

    async def _post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        response = await self._http.post(url, data=dict(form), headers=dict(headers))
        return response.status_code, response.text

    def _ours(self) -> measures.Delays:
        stretches = []
        for telephone in self.telephones:
            times = np.frombuffer(telephone.came, np.float64) * 1_000
            edges = [0, *(at for at in telephone.stretches if at), len(times)]
            stretches += [times[a:b] for a, b in itertools.pairwise(edges) if b > a]
        return measures.late_on_grid(stretches, skip=0 if self._busy else LEAD_FRAMES)

    def _echoed(self, first: list[int], last: list[int]) -> measures.Delays:
        trips, lost = [], 0
        for telephone, begin, end in zip(self.telephones, first, last, strict=True):
            back: dict[int, float] = {}
            for stamp, at in zip(telephone.stamps, telephone.came, strict=False):
                back.setdefault(stamp, at)
            back_again = [back[number] - telephone.sent_at[number] for number in range(begin, end) if number in back]
            lost += end - begin - len(back_again)
            trips.append(1_000 * np.array(back_again))
        return measures.above_own_minimum(trips, lost)


async def _no_connection(url: str, headers: Mapping[str, str]) -> Wire:
    raise NotImplementedError


async def serve(exchange: Exchange) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        answer: dict[str, Any] = {}
        if order["do"] == "grow":
            await exchange.grow(order["to"])
        elif order["do"] == "measure":
            answer = await exchange.measure(order["seconds"], order["cpu_of"])
        elif order["do"] == "stop":
            answer = await exchange.stop()
        print(json.dumps(answer), flush=True)
        if order["do"] == "stop":
            return


async def run(given: argparse.Namespace) -> None:
    token = os.environ.get("BENCH_TOKEN", "")
    await serve(Exchange(given.url, token=token, echo=given.echo, busy=given.busy))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--core", type=int, required=True)
    parser.add_argument("--echo", action="store_true", help="the server sends every frame back")
    parser.add_argument("--busy", action="store_true", help="every caller asks for a person and hears music")
    given = parser.parse_args()
    os.sched_setaffinity(0, {given.core})
    gc.disable()
    uvloop.run(run(given))


if __name__ == "__main__":
    main()
