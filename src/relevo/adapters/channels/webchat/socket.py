"""The socket of a visitor's page. Who it is, the first frame says, never the address; a page that does not read is cut
off, and comes back by the last number that it has seen.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from relevo.adapters.channels.webchat import frames
from relevo.adapters.channels.webchat.frames import Frame
from relevo.adapters.channels.webchat.sessions import Sessions
from relevo.adapters.channels.webchat.sites import is_own
from relevo.adapters.channels.webchat.visits import Visit, Visits
from relevo.conversations.rules import Conversation
from relevo.conversations.service import topic
from relevo.kit.address import counted_as
from relevo.kit.errors import Unauthorized
from relevo.kit.live import Listener, Live
from relevo.kit.tasks import Tasks

PATH = "/ws/chat"
HELLO_SECONDS = 10
IDLE_SECONDS = 150
"""A page in the background may beat only once a minute."""
SEND_SECONDS = 20
GOODBYE_SECONDS = 2
MAX_FRAME = 64_000
MOST_PAGES = 8
"""Of one session: tabs."""
NORMAL, TOO_LARGE = 1000, 1009
BAD_SESSION, WRONG_ORIGIN, TOO_SLOW, BAD_VERSION, TOO_MANY, BAD_FRAME = 4401, 4403, 4408, 4409, 4429, 4400
_ABORT = "relevo.abort"
"""Where a socket's scope has the way to drop the connection now."""


class _Over(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ChatSocket:
    def __init__(self, sessions: Sessions, visits: Visits, live: Live, public_url: str) -> None:
        self._sessions = sessions
        self._visits = visits
        self._live = live
        self._public_url = public_url
        self._open: Counter[str] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        code = NORMAL
        try:
            if not is_own(socket, self._public_url):
                raise _Over(WRONG_ORIGIN)
            if socket.query_params.get("v", "1") != str(frames.VERSION):
                raise _Over(BAD_VERSION)
            hello = await self._hello(socket)
            conversation = await self._conversation(hello)
            if self._open[conversation.id] >= MOST_PAGES:
                raise _Over(TOO_MANY)
            self._open[conversation.id] += 1
            try:
                await _Page(socket, self._visits, self._live, conversation, hello.last_seq).run()
            finally:
                self._open[conversation.id] -= 1
                self._open += Counter()
        except _Over as over:
            code = over.code
        except (WebSocketDisconnect, RuntimeError):
            # The page is gone already.
            return
        finally:
            await _say_goodbye(socket, code)

    async def _hello(self, socket: WebSocket) -> frames.Hello:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                asked = frames.Envelope.model_validate(await _read(socket))
            if asked.t != "hello":
                raise _Over(BAD_FRAME)
            return frames.Hello.model_validate(asked.d)
        except TimeoutError:
            raise _Over(TOO_SLOW) from None
        except ValidationError:
            raise _Over(BAD_FRAME) from None

    async def _conversation(self, hello: frames.Hello) -> Conversation:
        try:
            return await self._sessions.check(hello.session, hello.token)
        except Unauthorized:
            raise _Over(BAD_SESSION) from None


class _Page:
    def __init__(self, socket: WebSocket, visits: Visits, live: Live, conversation: Conversation, seen: int) -> None:
        self._socket = socket
        self._visits = visits
        self._live = live
        self._conversation = conversation
        self._visit = Visit(visits, conversation, seen)
        self._listener = Listener()
        self._sending = asyncio.Lock()
        self._sender = counted_as(socket.client.host if socket.client else None)

    async def run(self) -> None:
        self._live.listen(self._listener, topic(self._conversation.id))
        tasks = Tasks()
        try:
            await self._put(await self._visit.welcome())
            ends = [
                tasks.start(self._tell(), name="chat sender"),
                tasks.start(self._hear(), name="chat receiver"),
                tasks.start(self._listener.overrun.wait(), name="chat overrun"),
            ]
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if self._listener.overrun.is_set():
                raise _Over(TOO_SLOW)
            codes = [code for each in done if isinstance(code := each.result(), int) and not isinstance(code, bool)]
            raise _Over(codes[0] if codes else NORMAL)
        except TimeoutError:
            raise _Over(TOO_SLOW) from None
        finally:
            self._live.leave_all(self._listener)
            await tasks.close()

    async def _tell(self) -> int:
        try:
            while True:
                await self._put(await self._visit.told(await self._listener.queue.get()))
        except TimeoutError:
            return TOO_SLOW
        except (WebSocketDisconnect, RuntimeError):
            return NORMAL

    async def _hear(self) -> int:
        try:
            while True:
                async with asyncio.timeout(IDLE_SECONDS):
                    order = await _read(self._socket)
                await self._put(await self._visits.obey(self._conversation, order, self._sender))
        except _Over as over:
            return over.code
        except TimeoutError:
            return TOO_SLOW
        except (WebSocketDisconnect, RuntimeError):
            return NORMAL

    async def _put(self, made: list[Frame]) -> None:
        async with asyncio.timeout(SEND_SECONDS), self._sending:
            for each in made:
                await self._socket.send_text(json.dumps(each, ensure_ascii=False, separators=(",", ":")))


async def _read(socket: WebSocket) -> Any:
    try:
        text = await socket.receive_text()
    except KeyError:
        raise _Over(BAD_FRAME) from None
    if len(text) > MAX_FRAME:
        raise _Over(TOO_LARGE)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _Over(BAD_FRAME) from None


async def _say_goodbye(socket: WebSocket, code: int) -> None:
    # A socket that is closed politely first empties its buffer, and whoever reads nothing keeps it for ever.
    abort = socket.scope.get(_ABORT)
    if abort is not None:
        asyncio.get_running_loop().call_later(GOODBYE_SECONDS, abort)
    with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await socket.close(code)


def router(chat: ChatSocket) -> APIRouter:
    routes = APIRouter()

    @routes.websocket(PATH)
    async def page(socket: WebSocket) -> None:
        await chat.serve(socket)

    return routes
