"""A loopback QloApps with our adapter before it: what the tests of both build the same way."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from relevo.adapters.pms.embedded import read_business
from relevo.adapters.pms.loopback_qloapps import KEY, Faults, Served, Shop, served
from relevo.adapters.pms.loopback_qloapps.shop import Line, Order
from relevo.adapters.pms.qloapps import House, QloApps, Settings, read_house
from relevo.adapters.pms.qloapps.bodies import sale
from relevo.bookings.rules import Booking, RoomType
from relevo.kit.money import Money
from tests.bookings.test_rules import BOOKING
from tests.conftest import NOW

FACTS = read_business(None)
DATA = Path(__file__).parents[1] / "data" / "qloapps"
SETTLE = 0.03


def shop_time() -> datetime:
    return NOW.astimezone(FACTS.timezone).replace(tzinfo=None)


@dataclass
class Place:
    """One QloApps, and as many adapters before it as a test wants."""

    served: Served
    house: House
    adapters: list[QloApps] = field(default_factory=list)

    @property
    def shop(self) -> Shop:
        return self.served.shop

    @property
    def faults(self) -> Faults:
        return self.served.faults

    def settings(self, *, settle: float = SETTLE, timeout: float = 5.0) -> Settings:
        return Settings(url=self.served.url, key=SecretStr(KEY), settle_seconds=settle, timeout=timeout)

    def adapter(self, *, settle: float = SETTLE, timeout: float = 5.0) -> QloApps:
        made = QloApps(self.settings(settle=settle, timeout=timeout), self.house, now=lambda: NOW)
        self.adapters.append(made)
        return made

    def live(self, room: int, first: date, last: date) -> int:
        return len(self.shop.live(room, first, last))

    def sell(self, wish: Booking, *, source: str) -> int:
        """At the front desk, in no time. Returns the order."""
        now, order = self.shop.now(), self.shop.next_id("order")
        self.shop.orders[order] = Order(order, source, now, now, customer=2)
        kind, room = self.house.types[wish.room_type], self.house.rooms[wish.room_number]
        line = self.shop.next_id("line")
        self.shop.lines[line] = Line(line, order, kind, room, wish.check_in, wish.check_out, now)
        return order

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who talks to QloApps without us."""
        async with httpx.AsyncClient(
            base_url=self.served.url, auth=httpx.BasicAuth(KEY, ""), headers={"Output-Format": "JSON"}, timeout=30
        ) as http:
            yield http

    async def rival(self, booking: Booking) -> int:
        """The hotel's own web site: it sells and never looks again. Returns the status of its answer."""
        room = self.house.rooms[booking.room_number]
        body = sale(booking, hotel=1, room_type=self.house.types[booking.room_type], room=room)
        async with self.http() as http:
            answer = await http.post("/api/bookings", content=body.replace("relevo-", "web-").encode())
        return answer.status_code


@asynccontextmanager
async def place(
    tmp_path: Path,
    *,
    faults: Faults | None = None,
    chance: Callable[[], float] | None = None,
    named: dict[int, RoomType] | None = None,
    numbers: dict[int, str] | None = None,
) -> AsyncIterator[Place]:
    async with served(now=shop_time, faults=faults, chance=chance or random.Random(5).random) as server:
        for id_, number in (numbers or {}).items():
            server.shop.rooms[id_].number = number
        settings = Settings(url=server.url, key=SecretStr(KEY))
        house = await asyncio.to_thread(
            read_house, settings, FACTS, NOW.date(), kept=tmp_path / "house.json", named=named or {}
        )
        found = Place(server, house)
        try:
            yield found
        finally:
            for adapter in found.adapters:
                await adapter.close()


def stay(code: str, room: str, room_type: str, check_in: date, check_out: date, *, total: int = 302_500) -> Booking:
    return replace(
        BOOKING, code=code, room_number=room, room_type=room_type, check_in=check_in, check_out=check_out,
        total=Money(total, "EUR"), deposit=Money(total * 3 // 10, "EUR"),
    )  # fmt: skip


DOUBLE = RoomType("doble", "Habitación doble", 4, (), Money(0, "EUR"))
