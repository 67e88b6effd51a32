"""What the adapter asks of a QloApps without changing anything: lines, orders, searches, room states."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from relevo.adapters.pms.qloapps import bodies, parsing
from relevo.adapters.pms.qloapps.client import Client
from relevo.adapters.pms.qloapps.parsing import Ari, Line, Order, RoomStatus
from relevo.kit.errors import Misconfigured

LINE_FIELDS = "[id,id_order,id_room,date_from,date_to,is_refunded,is_cancelled,is_back_order]"
ORDER_FIELDS = "[id,reference,source,total_paid_tax_incl]"
AT_ONCE = 100
"""Ids in one filter: an address has its limits."""
PRICES_KEPT = 5.0
MOST_KEPT = 64


class Reading:
    def __init__(self, client: Client, hotel: int, time: Callable[[], float]) -> None:
        """``time``: seconds that only grow."""
        self._client = client
        self._hotel = hotel
        self._time = time
        self._searches: dict[tuple[date, date], tuple[float, Ari]] = {}
        self._cancelled: int | None = None

    async def search(self, check_in: date, check_out: date, room_type: int | None = None) -> Ari:
        return parsing.ari(
            await self._client.ask("hotel_ari", bodies.search(self._hotel, check_in, check_out, room_type))
        )

    async def recent_search(self, check_in: date, check_out: date) -> Ari:
        """At most a few seconds old: for prices and offers, never for a sale."""
        now = self._time()
        kept = self._searches.get((check_in, check_out))
        if kept is not None and now - kept[0] < PRICES_KEPT:
            return kept[1]
        found = await self.search(check_in, check_out)
        self._searches = dict(list(self._searches.items())[-MOST_KEPT:]) | {(check_in, check_out): (now, found)}
        return found

    def forget_searches(self) -> None:
        self._searches.clear()

    async def lines_between(self, check_in: date, check_out: date | None = None) -> list[Line]:
        """Live lines of the whole hotel with a night between the two days."""
        until = {"filter[date_from]": f"<[{check_out.isoformat()}]"} if check_out is not None else {}
        return await self._live({"filter[date_to]": f">[{check_in.isoformat()}]"} | until)

    async def lines_of_room(self, room: int, check_in: date, check_out: date) -> list[Line]:
        found = await self._live(
            {
                "filter[id_room]": f"[{room}]",
                "filter[date_from]": f"<[{check_out.isoformat()}]",
                "filter[date_to]": f">[{check_in.isoformat()}]",
            }
        )
        return [line for line in found if line.room == room and line.meets(check_in, check_out)]

    async def lines_of(self, orders: Collection[int]) -> list[Line]:
        """All lines of some orders, also those that have no room any more."""
        found: list[Line] = []
        for some in _portions(orders):
            found += await self._lines({"filter[id_order]": _any_of(some)})
        return [line for line in found if line.order in orders]

    async def orders(self, ids: Collection[int]) -> dict[int, Order]:
        found: list[dict[str, Any]] = []
        for some in _portions(ids):
            found += await self._client.list("orders", **{"filter[id]": _any_of(some), "display": ORDER_FIELDS})
        return {each.id: each for each in map(parsing.order, found)}

    async def orders_of(self, code: str) -> list[Order]:
        """With our code in them, the first made first."""
        found = await self._client.list(
            "orders", **{"filter[source]": f"[{parsing.SOURCE}{code}]", "display": ORDER_FIELDS}
        )
        return sorted((each for each in map(parsing.order, found) if each.code == code), key=lambda each: each.id)

    async def changed_since(self, at: datetime) -> tuple[list[Line], dict[int, Order]]:
        """Lines of orders that changed, and lines that changed by themselves. ``at``: the shop's own time."""
        since = {"date": "1", "filter[date_upd]": f">[{at:%Y-%m-%d %H:%M:%S}]"}
        rows, lines = await asyncio.gather(
            self._client.list("orders", **since, display=ORDER_FIELDS), self._lines(since)
        )
        orders = {each.id: each for each in map(parsing.order, rows)}
        also = {line.order for line in lines} - set(orders) - {0}
        more, others = await asyncio.gather(self.lines_of(orders), self.orders(also))
        return list({line.id: line for line in [*lines, *more]}.values()), orders | others

    async def inactive(self) -> dict[int, tuple[RoomStatus, int]]:
        """Rooms out of service, with their type."""
        rows = await self._client.list("hotel_rooms", "rooms", display="[id,id_product,id_hotel,id_status]")
        found = {int(row["id"]): (int(row["id_status"]), int(row["id_product"])) for row in rows}
        return {
            room: (RoomStatus(status), kind)
            for room, (status, kind) in found.items()
            if status in (RoomStatus.INACTIVE, RoomStatus.INACTIVE_ON_DATES)
        }

    async def cancelled_state(self) -> int:
        """The order state that means cancelled; its number is the shop's own business."""
        if self._cancelled is None:
            rows = await self._client.list("order_states", display="full")
            for row in rows:
                if "order_canceled" in str(row.get("template")):
                    self._cancelled = int(row["id"])
                    break
            else:
                raise Misconfigured("pms_refused")
        return self._cancelled

    async def is_there(self) -> None:
        """Raises what is wrong, if anything is."""
        rows = await self._client.list("hotels", display="[id]")
        if self._hotel not in {int(row["id"]) for row in rows}:
            raise Misconfigured("pms_hotel", hotel=self._hotel)

    async def _live(self, filters: dict[str, str]) -> list[Line]:
        alive = {
            "filter[id_hotel]": f"[{self._hotel}]",
            "filter[is_refunded]": "[0]",
            "filter[is_back_order]": "[0]",
        }
        return [line for line in await self._lines(filters | alive) if line.live]

    async def _lines(self, filters: dict[str, str]) -> list[Line]:
        rows = await self._client.list("room_bookings", "bookings", **filters, display=LINE_FIELDS, sort="[id_ASC]")
        return [parsing.line(row) for row in rows]


def _any_of(ids: Iterable[int]) -> str:
    return f"[{'|'.join(str(id_) for id_ in ids)}]"


def _portions(ids: Collection[int]) -> list[list[int]]:
    every = sorted(ids)
    return [every[first : first + AT_ONCE] for first in range(0, len(every), AT_ONCE)]
