"""A QloApps (1.6.1 or newer, with its web service) behind the port of the bookings room."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import httpx

from relevo.adapters.pms.qloapps import parsing
from relevo.adapters.pms.qloapps.client import Client, Settings
from relevo.adapters.pms.qloapps.house import House
from relevo.adapters.pms.qloapps.parsing import Ari, Line, Order, RoomStatus
from relevo.adapters.pms.qloapps.reading import Reading
from relevo.adapters.pms.qloapps.selling import Selling
from relevo.bookings.ports import Changes, Reservation
from relevo.bookings.rules import Booking, Business, nights_of, stretches
from relevo.kit.failover import FailoverTransport
from relevo.kit.money import Money

OVERLAP = timedelta(minutes=2)
"""How far apart the two machines' clocks may be."""


class QloApps:
    name = "qloapps"

    def __init__(
        self,
        settings: Settings,
        house: House,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._house = house
        self._now = now
        self.failover = transport if isinstance(transport, FailoverTransport) else None
        """Which of its addresses is asked; None where there is only one."""
        self._client = Client(settings, transport)
        self._reading = Reading(self._client, house.hotel, time.monotonic)
        self._selling = Selling(self._client, self._reading, house, settings.settle_seconds)

    def __repr__(self) -> str:
        return f"QloApps({self._client!r})"

    async def close(self) -> None:
        await self._client.close()

    async def business(self) -> Business:
        return self._house.business

    async def occupied(self, check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
        lines, inactive = await asyncio.gather(
            self._reading.lines_between(check_in, check_out), self._reading.inactive()
        )
        nights: defaultdict[int, set[date]] = defaultdict(set)
        for line in lines:
            nights[line.room].update(nights_of(max(line.check_in, check_in), min(line.check_out, check_out)))
        await self._out_of_service(inactive, nights, check_in, check_out)
        return {
            self._house.names[room]: frozenset(found) for room, found in nights.items() if room in self._house.names
        }

    async def stays(self, check_in: date, check_out: date) -> tuple[Reservation, ...]:
        lines, inactive = await asyncio.gather(
            self._reading.lines_between(check_in, check_out), self._reading.inactive()
        )
        # A line that ends on the first day is found too, and has no night in between.
        lines = [line for line in lines if line.meets(check_in, check_out)]
        orders = await self._reading.orders({line.order for line in lines} - {0})
        closed: defaultdict[int, set[date]] = defaultdict(set)
        await self._out_of_service(inactive, closed, check_in, check_out)
        return (
            *self._reservations(lines, orders),
            *(
                Reservation("", f"closed:{room}:{first}", None, self._house.names[room], first, last, live=True)
                for room, nights in closed.items()
                if room in self._house.names
                for first, last in stretches(nights)
            ),
        )

    async def prices(self, check_in: date, check_out: date) -> Mapping[str, Money]:
        found = await self._reading.recent_search(check_in, check_out)
        return {
            code: parsing.minor(found.types[id_].total_gross, found.currency)
            for code, id_ in self._house.types.items()
            if id_ in found.types and not found.types[id_].refuses_the_stay
        }

    async def search(self, check_in: date, check_out: date, room_type: int | None = None) -> Ari:
        """QloApps' own answer, for those who compare."""
        return await self._reading.search(check_in, check_out, room_type)

    async def book(self, booking: Booking) -> str:
        return await self._selling.book(booking)

    async def modify(self, booking: Booking) -> str:
        return await self._selling.modify(booking)

    async def find(self, code: str) -> str | None:
        order = await self._selling.find(code)
        return None if order is None else str(order)

    async def cancel(self, code: str) -> bool:
        return await self._selling.cancel(code)

    async def changes(self, since: datetime | None) -> Changes:
        until = self._now() - OVERLAP
        zone = self._house.business.timezone
        if since is None:
            today = self._house.business.today(self._now())
            lines = await self._reading.lines_between(today)
            orders = await self._reading.orders({line.order for line in lines} - {0})
        else:
            lines, orders = await self._reading.changed_since(since.astimezone(zone))
        return Changes(tuple(self._reservations(lines, orders)), until, complete=since is None)

    async def health(self) -> None:
        if self.failover is not None:
            await self.failover.look()
        await self._reading.is_there()

    def _reservations(self, lines: Iterable[Line], orders: Mapping[int, Order]) -> Iterable[Reservation]:
        for line in lines:
            if line.room not in self._house.names:
                continue
            order = orders.get(line.order)
            yield Reservation(
                number=str(line.order) if line.order else "",
                line=str(line.id),
                code=order.code if order else None,
                room=self._house.names[line.room],
                check_in=line.check_in,
                check_out=line.check_out,
                live=line.live,
                total=parsing.minor(order.total, self._house.business.currency) if order else None,
            )

    async def _out_of_service(
        self,
        inactive: Mapping[int, tuple[RoomStatus, int]],
        nights: defaultdict[int, set[date]],
        check_in: date,
        check_out: date,
    ) -> None:
        """Rooms that are closed altogether, and those closed on days that only a search tells."""
        every = set(nights_of(check_in, check_out))
        on_dates = {kind for status, kind in inactive.values() if status is RoomStatus.INACTIVE_ON_DATES}
        found = {kind: await self._reading.search(check_in, check_out, kind) for kind in sorted(on_dates)}
        for room, (status, kind) in inactive.items():
            answer = found[kind].types.get(kind) if kind in found else None
            if status is RoomStatus.INACTIVE or answer is None:
                nights[room] |= every
            elif days := answer.blocked.get(room):
                for first, last in days:
                    nights[room] |= every & set(nights_of(first, last))
            elif room not in answer.available and room not in answer.booked:
                # Stay limits hide the reason; closed is the safe reading.
                nights[room] |= every
