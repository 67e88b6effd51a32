"""An ASGI application on a socket of this machine, inside the process that wants it: how the loopback products are
served to tests, demos and drills. It takes no signals and writes no log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from relevo.kit.tasks import Tasks


class _Guest(uvicorn.Server):
    """The process, and its signals, belong to somebody else."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(app: Any, *, name: str, port: int = 0, lifespan: bool = False) -> AsyncIterator[str]:
    """Serve ``app`` on ``port``, or on any that is free; its address. ``lifespan``: the application is started too."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            app, log_config=None, lifespan="on" if lifespan else "off", access_log=False, timeout_graceful_shutdown=1
        )
        server = _Guest(config)
        tasks = Tasks()
        running = tasks.start(server.serve(sockets=[listener]), name=name)
        await server.ready.wait()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running
            await tasks.close()
