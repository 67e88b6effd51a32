"""Selling in a QloApps that does not look after its rooms: write, look again, and give back what was not won.

Two sales of one night at the same moment both succeed there, and an answer that looks like a sale can be a ghost
without a room. So a sale of ours counts only after its line was seen to be the one that keeps the room, at once and
again when rivals that began before us have written. Among ours the first line keeps it; a sale by anybody else (the
front desk, the hotel's web site) is never argued with. A write without a clear answer is looked up by our code, which
is in the order's ``source``, before anything is written again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from enum import Enum, auto

from relevo.adapters.pms.qloapps import bodies, parsing
from relevo.adapters.pms.qloapps.client import Client, Unknown
from relevo.adapters.pms.qloapps.house import House
from relevo.adapters.pms.qloapps.parsing import Line
from relevo.adapters.pms.qloapps.reading import Reading
from relevo.bookings.rules import Booking
from relevo.kit import log
from relevo.kit.errors import Conflict, NotReady, ProviderError

_log = log.get("pms.qloapps")

ATTEMPTS = 4
"""A room may come free again between two looks, when all its rivals withdrew at once."""
LOOKS = (0.1, 0.5, 1.5)
"""Pauses between looks for a sale without an answer, in units of the time that things take to settle."""


class Outcome(Enum):
    WON = auto()
    LOST = auto()
    """Somebody else keeps the room."""
    GHOST = auto()
    """Sold without a room."""


class Selling:
    def __init__(self, client: Client, reading: Reading, house: House, settle: float) -> None:
        self._client = client
        self._reading = reading
        self._house = house
        self._settle = settle
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By room: every sale names the one that it is for."""

    async def book(self, booking: Booking) -> str:
        kind, room = self._ids(booking)
        async with self._turns[room]:
            self._reading.forget_searches()
            return str(await self._sell(booking, kind, room, known=await self._mine(booking.code)))

    async def cancel(self, code: str) -> bool:
        """Cancel whatever is live with our code; raises unless it was seen to be gone."""
        mine = await self._mine(code)
        await self._give_back({line.order for line in mine})
        self._reading.forget_searches()
        return bool(mine)

    async def find(self, code: str) -> int | None:
        return min((line.order for line in await self._mine(code)), default=None)

    async def modify(self, booking: Booking) -> str:
        """Never by PUT, which moves guests to other rooms, strips services and refuses in a full house."""
        kind, room = self._ids(booking)
        async with self._turns[room]:
            self._reading.forget_searches()
            mine = await self._mine(booking.code)
            right = [line for line in mine if _is_stay(line, room, booking)]
            if right:
                keep = min(line.order for line in right)
                await self._give_back({line.order for line in mine} - {keep})
                return str(keep)
            if not any(line.room == room and line.meets(booking.check_in, booking.check_out) for line in mine):
                made = await self._sell(booking, kind, room, known=[], beside=mine)
                await self._give_back({line.order for line in mine} - {made})
                return str(made)
            return str(await self._exchange(booking, kind, room, mine))

    async def _exchange(self, booking: Booking, kind: int, room: int, mine: list[Line]) -> int:
        """The new stay overlaps the old one in the same room, which QloApps takes for a rival of itself."""
        own = {line.id for line in mine}
        nights = await self._reading.lines_of_room(room, booking.check_in, booking.check_out)
        if any(line.id not in own for line in nights):
            raise Conflict("no_room", room_type=booking.type_name)
        await self._give_back({line.order for line in mine})
        try:
            return await self._sell(booking, kind, room, known=[])
        except Conflict:
            for line in mine:
                earlier = replace(
                    booking,
                    room_number=self._house.names[line.room],
                    check_in=line.check_in,
                    check_out=line.check_out,
                )
                await self._sell(earlier, kind, line.room, known=[])
            raise

    async def _sell(
        self, booking: Booking, kind: int, room: int, *, known: list[Line], beside: Collection[Line] = ()
    ) -> int:
        """``known``: what there is with our code already; ``beside``: the stay that this one is to replace."""
        ignored = {line.order for line in beside}
        for _ in range(ATTEMPTS):
            if known:
                outcome, order = await self._keeps(booking, known, ignored)
            else:
                outcome, order = await self._try(booking, kind, room, ignored)
            if outcome is Outcome.WON:
                return order
            await self._give_back({order})
            known = []
            if await self._reading.lines_of_room(room, booking.check_in, booking.check_out):
                break
        raise Conflict("no_room", room_type=booking.type_name)

    async def _try(self, booking: Booking, kind: int, room: int, ignored: set[int]) -> tuple[Outcome, int]:
        body = bodies.sale(booking, hotel=self._house.hotel, room_type=kind, room=room)
        try:
            made = parsing.created(await self._client.write("bookings", body))
        except Unknown:
            made = None
        except Conflict:
            raise Conflict("no_room", room_type=booking.type_name) from None
        if made is None:
            return await self._keeps(booking, await self._look_up(booking.code, ignored), ignored)
        lines = [line for line in await self._reading.lines_of({made.order}) if line.live]
        if not lines:
            _log.warning("sold without a room", code=booking.code)
            return Outcome.GHOST, made.order
        return await self._keeps(booking, lines, ignored)

    async def _look_up(self, code: str, ignored: set[int]) -> list[Line]:
        """What came of a write without an answer. Raises ``Unknown`` while there is nothing: it may still come."""
        for pause in LOOKS:
            await asyncio.sleep(pause * self._settle)
            found = [line for line in await self._mine(code) if line.order not in ignored]
            if found:
                return found
        raise Unknown

    async def _keeps(self, booking: Booking, lines: list[Line], ignored: set[int]) -> tuple[Outcome, int]:
        outcome, order = await self._judge(booking, lines, ignored)
        if outcome is Outcome.WON:
            await asyncio.sleep(self._settle)
            again = [line for line in await self._reading.lines_of({order}) if line.live]
            if not again:
                return Outcome.GHOST, order
            outcome, order = await self._judge(booking, again, ignored)
        return outcome, order

    async def _judge(self, booking: Booking, lines: list[Line], ignored: set[int]) -> tuple[Outcome, int]:
        """Whether our line is the one that keeps the room. Of several sales with one code the first stays."""
        same = {line for line in await self._mine(booking.code) if line.order not in ignored} | set(lines)
        first = min(same, key=lambda line: (line.order, line.id))
        if surplus := {line.order for line in same} - {first.order}:
            await self._give_back(surplus)
        rivals = [
            line
            for line in await self._reading.lines_of_room(first.room, first.check_in, first.check_out)
            if line.order != first.order and line.order not in surplus
        ]
        if not rivals:
            return Outcome.WON, first.order
        orders = await self._reading.orders({line.order for line in rivals} - {0})
        for rival in rivals:
            ours = rival.order in orders and orders[rival.order].code is not None
            if not ours or rival.id < first.id:
                _log.warning("somebody else has the room", code=booking.code)
                return Outcome.LOST, first.order
        return Outcome.WON, first.order

    async def _give_back(self, orders: Collection[int]) -> None:
        """Cancelled, and seen to have no room any more."""
        orders = set(orders)
        if not orders:
            return
        state = await self._reading.cancelled_state()
        for order in sorted(orders):
            try:
                await self._client.write("order_histories", bodies.cancellation(order, state))
            except Unknown:
                _log.warning("a cancellation has no answer; it is looked up")
        if any(line.live for line in await self._reading.lines_of(orders)):
            raise NotReady("pms_failed")

    async def _mine(self, code: str) -> list[Line]:
        """Live lines with our code. A cancelled order reads like a live one there; its lines tell."""
        orders = {order.id for order in await self._reading.orders_of(code)}
        return [line for line in await self._reading.lines_of(orders) if line.live] if orders else []

    def _ids(self, booking: Booking) -> tuple[int, int]:
        try:
            return self._house.types[booking.room_type], self._house.rooms[booking.room_number]
        except KeyError:
            raise ProviderError("pms_unknown_room") from None


def _is_stay(line: Line, room: int, booking: Booking) -> bool:
    return (line.room, line.check_in, line.check_out) == (room, booking.check_in, booking.check_out)
