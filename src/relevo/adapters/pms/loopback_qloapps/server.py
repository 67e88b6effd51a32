"""The loopback QloApps on a socket of this machine."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from relevo.adapters.loopback import listening
from relevo.adapters.pms.loopback_qloapps.api import Loopback
from relevo.adapters.pms.loopback_qloapps.faults import Faults
from relevo.adapters.pms.loopback_qloapps.shop import Shop

KEY = "LOOPBACK0LOOPBACK0LOOPBACK0LOOPB"


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
    async with listening(app, name="loopback qloapps", port=port) as url:
        yield Served(url, shop, faults, app)
