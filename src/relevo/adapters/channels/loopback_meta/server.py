"""The loopback WhatsApp on a socket of this machine, or to be mounted in an application that is there already."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from relevo.adapters.channels.loopback_meta.faults import Faults
from relevo.adapters.channels.loopback_meta.graph import Graph
from relevo.adapters.channels.loopback_meta.hooks import Hooks
from relevo.adapters.channels.loopback_meta.people import World
from relevo.adapters.channels.loopback_meta.phone import Phones
from relevo.adapters.channels.loopback_meta.templates import approved
from relevo.adapters.loopback import listening

TOKEN = "loopback-token"  # noqa: S105 - opens nothing but the loopback
APP_SECRET = "loopback-app-secret"  # noqa: S105
VERIFY_TOKEN = "loopback-verify"  # noqa: S105
NUMBER_ID = "100000000000001"
WABA_ID = "200000000000002"
DISPLAY = "5493414000000"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Loopback:
    """One that is set up: everything in it. ``url`` once it is served."""

    now: Callable[[], datetime] = _now
    token: str = TOKEN
    secret: str = APP_SECRET
    faults: Faults = field(default_factory=Faults)
    url: str = ""
    world: World = field(init=False)
    hooks: Hooks = field(init=False)
    graph: Graph = field(init=False)
    phones: Phones = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.now, NUMBER_ID, WABA_ID, DISPLAY, templates=approved())
        self.hooks = Hooks(self.world, self.faults, self.secret, rng=random.Random(5))  # noqa: S311 - no secret
        self.graph = Graph(self.world, self.faults, self.hooks, self.token)
        self.phones = Phones(self.graph)


@asynccontextmanager
async def served(*, now: Callable[[], datetime] = _now, port: int = 0) -> AsyncIterator[Loopback]:
    """On ``port``, or on any that is free. Set ``hooks.url`` to be told of what happens."""
    loopback = Loopback(now)
    async with listening(loopback.graph.app, name="loopback meta", port=port) as url:
        loopback.url = url
        try:
            yield loopback
        finally:
            await loopback.hooks.close()
