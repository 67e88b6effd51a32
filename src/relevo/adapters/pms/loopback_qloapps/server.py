"""The loopback QloApps on a socket of this machine."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn

from relevo.adapters.pms.loopback_qloapps.api import Loopback
from relevo.adapters.pms.loopback_qloapps.faults import Faults
from relevo.adapters.pms.loopback_qloapps.shop import Shop
from relevo.kit.tasks import Tasks

KEY = "LOOPBACK0LOOPBACK0LOOPBACK0LOOPB"


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


@dataclass(frozen=True, slots=True)
class Served:
    """One that runs: where it is, and everything in it."""

    url: str
    shop: Shop
    faults: Faults
    app: Loopback


@asynccontextmanager
async def served(
    *,
    now: Callable[[], datetime] = datetime.now,
    faults: Faults | None = None,
    chance: Callable[[], float] = random.random,
    port: int = 0,
) -> AsyncIterator[Served]:
    """On ``port``, or on any that is free. ``now``: the shop's own time, without an offset."""
    shop, faults = Shop(now), faults or Faults()
    app = Loopback(shop, faults, KEY, chance=chance)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False, timeout_graceful_shutdown=1)
        server = _Guest(config)
        tasks = Tasks()
        running = tasks.start(server.serve(sockets=[listener]), name="loopback qloapps")
        await server.ready.wait()
        try:
            yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", shop, faults, app)
        finally:
            server.should_exit = True
            await running
            await tasks.close()
