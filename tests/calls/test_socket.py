"""Real sockets on a real server: a media door and the web share one port, and picows keeps to what we rely on."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
import uvloop
import websockets
from fastapi import FastAPI, WebSocket
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from relevo.adapters.lines import socket as media_socket
from relevo.adapters.lines.media_stream import MAX_FRAME, MAX_UNSENT, Admit, Admitted, Start, StreamLine
from relevo.adapters.lines.socket import Opening, web_sockets

SOUND = bytes(range(160))
FAULT = b"\x00" * 160


class Echo:
    """A call that says what it hears."""

    def __init__(self, line: StreamLine) -> None:
        self.line = line
        self.heard: list[tuple[bytes, int]] = []
        self.keys: list[str] = []
        self.over: list[str] = []
        self.ended = asyncio.Event()

    def sound(self, mulaw: bytes, position: int) -> None:
        if mulaw == FAULT:
            raise LookupError("our own mistake")
        self.heard.append((mulaw, position))
        self.line.write(mulaw)

    def marked(self, name: str) -> None:
        self.line.mark(name)

    def digit(self, digit: str) -> None:
        self.keys.append(digit)

    def closed(self, reason: str) -> None:
        self.over.append(reason)
        self.ended.set()


class Desk:
    def __init__(self) -> None:
        self.openings: list[Opening] = []
        self.calls: list[Echo] = []
        self.refuses = False

    def door(self, opening: Opening) -> Admit:
        self.openings.append(opening)

        async def admit(start: Start) -> Admitted | None:
            if self.refuses:
                return None

            async def connect(line: StreamLine) -> Echo:
                self.calls.append(Echo(line))
                return self.calls[-1]

            return StreamLine("test", start.stream), connect

        return admit


@pytest.fixture(params=["asyncio", "uvloop"])
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    factory: Callable[[], asyncio.AbstractEventLoop] | None = (
        uvloop.new_event_loop if request.param == "uvloop" else None
    )
    with asyncio.Runner(loop_factory=factory) as running:
        yield running


class Connections(set[Any]):
    """uvicorn's, with a bell for when it is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.empty = asyncio.Event()

    def add(self, connection: Any) -> None:
        super().add(connection)
        self.empty.clear()

    def discard(self, connection: Any) -> None:
        super().discard(connection)
        if not self:
            self.empty.set()

    def remove(self, connection: Any) -> None:
        self.discard(connection)


async def nothing_left(server: uvicorn.Server) -> None:
    connections = server.server_state.connections
    assert isinstance(connections, Connections)
    await asyncio.wait_for(connections.empty.wait(), 5)


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    app = FastAPI()

    @app.websocket("/web")
    async def web(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    @app.get("/page")
    async def page() -> str:
        return "hello"

    config = uvicorn.Config(
        app,
        port=0,
        ws=web_sockets({"/media": desk.door}),
        lifespan="off",
        log_config=None,
        log_level="error",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    server.server_state.connections = Connections()
    ready = asyncio.Event()
    started = server.startup

    async def startup(sockets: object = None) -> None:
        await started(sockets)  # type: ignore[arg-type]
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    task = asyncio.ensure_future(server.serve())
    await ready.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"ws://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 10)


def start() -> list[str]:
    return [
        json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}),
        json.dumps({"event": "start", "start": {"streamSid": "MZ1", "callSid": "CA1"}}),
    ]


def media(sound: bytes = SOUND) -> str:
    body = {"track": "inbound", "payload": base64.b64encode(sound).decode()}
    return json.dumps({"event": "media", "streamSid": "MZ1", "media": body})


async def code_of(socket: websockets.ClientConnection) -> int:
    with suppress(websockets.ConnectionClosed):
        async for _ in socket:
            pass
    assert socket.close_code is not None
    return socket.close_code


def test_sound_goes_both_ways_and_the_web_is_still_there(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _), websockets.connect(f"{url}/web") as web:
            async with websockets.connect(f"{url}/media?a=b", additional_headers={"X-Twilio-Signature": "s"}) as call:
                for frame in [*start(), media(), media(SOUND[::-1])]:
                    await call.send(frame)
                back = [json.loads(await call.recv()) for _ in range(2)]
                assert [base64.b64decode(frame["media"]["payload"]) for frame in back] == [SOUND, SOUND[::-1]]
                await call.send(json.dumps({"event": "mark", "streamSid": "MZ1", "mark": {"name": "m1"}}))
                assert json.loads(await call.recv())["mark"] == {"name": "m1"}
                await call.send(json.dumps({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "5"}}))
                await (await call.ping())
                assert call.response is not None
                assert "Sec-WebSocket-Extensions" not in call.response.headers
                await call.send(json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {}}))
                assert await code_of(call) == 1000
            echo = desk.calls[0]
            assert ([position for _, position in echo.heard], echo.keys) == ([0, 160], ["5"])
            assert echo.over == ["customer_hung_up"]
            opening = desk.openings[0]
            assert (opening.path, opening.headers["x-twilio-signature"], opening.peer) == ("/media", "s", "127.0.0.1")
            await web.send("hi")
            assert await web.recv() == "hi"

    runner.run(run())


@pytest.mark.parametrize("bad", [b"binary", "{nope", media(SOUND * 200), "x" * (MAX_FRAME + 1)])
def test_whoever_breaks_the_protocol_ends_only_their_call(runner: asyncio.Runner, bad: str | bytes) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _), websockets.connect(f"{url}/media") as other:
            for frame in [*start(), media()]:
                await other.send(frame)
            await other.recv()
            async with websockets.connect(f"{url}/media") as call:
                for part in [*start(), media()]:
                    await call.send(part)
                await call.recv()
                await call.send(bad)
                assert await code_of(call) in (1008, 1009)
            await desk.calls[1].ended.wait()
            assert len(desk.calls[1].over) == 1
            await other.send(media())
            await other.recv()
            assert desk.calls[0].over == []

    runner.run(run())


def test_a_caller_who_vanishes_is_told_once(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _):
            call = await websockets.connect(f"{url}/media")
            for frame in [*start(), media()]:
                await call.send(frame)
            await call.recv()
            call.transport.abort()
            await desk.calls[0].ended.wait()
            assert desk.calls[0].over == ["line_lost"]

    runner.run(run())


def test_a_refused_stream_is_closed(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        desk.refuses = True
        async with serving(desk) as (url, _), websockets.connect(f"{url}/media") as call:
            for frame in start():
                await call.send(frame)
            assert await code_of(call) == 1000

    runner.run(run())


def test_the_server_stops_with_calls_on_it(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, server):
            call = await websockets.connect(f"{url}/media")
            for frame in [*start(), media()]:
                await call.send(frame)
            await call.recv()
            server.should_exit = True
            assert await code_of(call) == 1001
            await desk.calls[0].ended.wait()
            assert desk.calls[0].over == ["node_stopped"]

    runner.run(run())


def test_our_own_fault_ends_that_call_and_is_told_as_ours(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _), websockets.connect(f"{url}/media") as call:
            for frame in [*start(), media(FAULT)]:
                await call.send(frame)
            assert await code_of(call) == 1011
            assert desk.calls[0].over == ["internal_error"]

    runner.run(run())


def test_a_message_may_come_in_pieces_but_not_in_pieces_of_two(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _), websockets.connect(f"{url}/media") as call:
            for frame in start():
                await call.send(frame)
            whole = media()
            await call.send([whole[:50], "", whole[50:]])
            assert base64.b64decode(json.loads(await call.recv())["media"]["payload"]) == SOUND
            await call.send(["x" * MAX_FRAME, "x"])
            assert await code_of(call) == 1008
            assert desk.calls[0].over == ["protocol_error"]
            _, teller = await teller_of(f"{url}/media")
            teller.send("{", fin=False)
            teller.send("}", fin=True)
            assert await teller.code == 1008

    runner.run(run())


class Teller(WSListener):
    """The other client."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.texts: asyncio.Queue[str] = asyncio.Queue()

    def send(self, text: str, *, fin: bool = True) -> None:
        self.transport.send(WSMsgType.TEXT, text, fin)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self.texts.put_nowait(frame.get_payload_as_utf8_text())
        elif frame.msg_type == WSMsgType.CLOSE:
            self.code.set_result(int(frame.get_close_code()))  # type: ignore[call-overload]
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()


async def teller_of(url: str) -> tuple[WSTransport, Teller]:
    transport, teller = await ws_connect(Teller, url, proxy=None)
    assert isinstance(teller, Teller)
    return transport, teller


def test_a_door_may_close_with_a_code_of_its_own(runner: asyncio.Runner) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, _):
            _, teller = await teller_of(f"{url}/media")
            for frame in [*start(), media()]:
                teller.send(frame)
            await teller.texts.get()
            wire = desk.calls[0].line._wire
            assert wire is not None
            wire.close(4409)
            desk.calls[0].line.hang_up()
            assert await teller.code == 4409
            await desk.calls[0].ended.wait()

    runner.run(run())


def test_a_line_that_is_not_read_is_cut_off(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_socket, "CLOSING_SECONDS", 0.05)

    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, server), websockets.connect(f"{url}/media") as call:
            for frame in [*start(), media()]:
                await call.send(frame)
            await call.recv()
            call.transport.pause_reading()
            echo, written = desk.calls[0], 0
            while not echo.over:
                echo.line.write(SOUND)
                written += 1
                assert written < 100_000
            assert echo.over == ["line_stalled"]
            assert written * 200 > MAX_UNSENT
            await nothing_left(server)
            call.transport.abort()

    runner.run(run())


def test_who_does_not_answer_a_ping_is_gone(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_socket, "PING_SECONDS", 0.05)
    monkeypatch.setattr(media_socket, "PONG_SECONDS", 0.05)

    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, server):
            reader, writer = await raw(url, KEY)
            assert b" 101 " in await reader.readline()
            assert b"\x89\x00" in await reader.read()
            writer.close()
            await nothing_left(server)

    runner.run(run())


KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


async def raw(url: str, headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    lines = (
        "GET /media HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    )
    writer.write(f"{lines}{headers}\r\n".encode())
    return reader, writer


@pytest.mark.parametrize("headers", ["", "Sec-WebSocket-Key: short\r\n", "X: " + "x" * 20_000 + "\r\n" + KEY])
def test_a_bad_handshake_leaves_nothing_behind(runner: asyncio.Runner, headers: str) -> None:
    async def run() -> None:
        desk = Desk()
        async with serving(desk) as (url, server):
            reader, writer = await raw(url, headers)
            answer = await reader.read()
            assert b" 101 " not in answer
            writer.close()
            await nothing_left(server)
            assert desk.calls == []

    runner.run(run())
