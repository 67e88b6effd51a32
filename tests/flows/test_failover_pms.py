"""A QloApps that is gone at its first address and there at its second: rooms are sold on, once each."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

from relevo.adapters.pms.loopback_qloapps import KEY
from relevo.adapters.pms.qloapps import QloApps, Settings
from relevo.kit.clock import FixedClock
from relevo.kit.errors import NotReady
from relevo.kit.failover import Failover, FailoverTransport, Switched
from tests.bookings.qloapps import SETTLE, place, stay

GONE = "http://127.0.0.1:9"
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)


async def test_rooms_are_sold_on_at_the_second_address(tmp_path: Path, clock: FixedClock) -> None:
    told: list[Switched] = []
    async with place(tmp_path) as found:
        failover = Failover("pms", GONE, found.served.url, clock, told=told.append)
        transport = FailoverTransport(failover, httpx.AsyncHTTPTransport())
        settings = Settings(url=GONE, key=SecretStr(KEY), settle_seconds=SETTLE, timeout=5.0)
        adapter = QloApps(settings, found.house, transport=transport, now=clock.now)
        found.adapters.append(adapter)
        failures = 0
        while failures < 5:
            try:
                await adapter.health()
                break
            except NotReady:
                failures += 1
        assert failures <= 1
        assert [(switched.url, switched.to_backup) for switched in told] == [(found.served.url, True)]
        number, room = next(iter(found.house.rooms.items()))
        kind = next(kind.code for kind in found.house.business.room_types if number in kind.rooms)
        booking = stay("RL-4K7Q2", number, kind, IN, OUT)
        first = await adapter.book(booking)
        assert await adapter.book(booking) == first
        assert found.live(room, IN, OUT) == 1
        clock.advance(timedelta(hours=1))
        await transport.look()
        assert failover.on_backup
