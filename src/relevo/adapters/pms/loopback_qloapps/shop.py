"""The shop behind the loopback QloApps: the demo hotel's rooms and prices, orders and their lines, searches. No HTTP.

Nothing here keeps a night from being sold twice: ``free_room`` only looks, ``sell`` only writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

HOTEL = 1
TAX = Decimal("0.21")
MAINTENANCE, SERVICE_FEE = 5, 6
MAINTENANCE_PRICE = Decimal(250)
"""Per night, added to every price in a search and to no sale."""
NEW, PAID, CANCELLED, REFUNDED, PARTLY_PAID = 1, 2, 4, 5, 8
_TYPES = {1: ("General Rooms", "GR", 1000), 2: ("Delux Rooms", "DR", 1500), 3: ("Executive Rooms", "ER", 2000),
          4: ("Luxury Rooms", "LR", 2500)}  # fmt: skip


@dataclass(slots=True)
class Room:
    id: int
    kind: int
    number: str
    status: int = 1
    closed: tuple[tuple[date, date], ...] = ()


@dataclass(slots=True)
class Kind:
    id: int
    name: str
    price: Decimal
    min_nights: int = 1
    max_nights: int = 0
    active: bool = True


@dataclass(slots=True)
class Line:
    id: int
    order: int
    kind: int
    room: int
    first: date
    last: date
    updated: datetime
    services: tuple[int, ...] = ()
    net: Decimal = Decimal(0)
    adults: int = 2
    children: int = 2
    refunded: bool = False
    cancelled: bool = False
    customer: int = 0

    def meets(self, first: date, last: date) -> bool:
        return self.first < last and first < self.last


@dataclass(slots=True)
class Order:
    id: int
    source: str
    added: datetime
    updated: datetime
    customer: int
    state: int = NEW
    paid: Decimal = Decimal(0)
    remarks: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """Nine letters, like QloApps'."""
        rest, letters = self.id * 7919 + 26**8, ""
        for _ in range(9):
            rest, letter = divmod(rest, 26)
            letters += chr(65 + letter)
        return letters


@dataclass(slots=True)
class Season:
    kind: int
    percent: int
    first: date
    last: date
    """Counts as a night, too."""


class Shop:
    def __init__(self, now: Callable[[], datetime]) -> None:
        """``now``: the shop's own time, without an offset."""
        self.now = now
        self.kinds = {id_: Kind(id_, name, Decimal(price)) for id_, (name, _, price) in _TYPES.items()}
        self.rooms: dict[int, Room] = {}
        for kind, (_, letters, _) in _TYPES.items():
            for number in range(101, 106):
                id_ = len(self.rooms) + 1
                self.rooms[id_] = Room(id_, kind, f"{letters}-{number}")
        self.orders: dict[int, Order] = {}
        self.lines: dict[int, Line] = {}
        self.seasons: list[Season] = []
        self.customers: dict[str, dict[str, Any]] = {}
        self._last = {"order": 0, "line": 0}

    def customer(self, data: dict[str, str]) -> dict[str, Any]:
        """By e-mail; whoever comes later overwrites the name."""
        known = self.customers.setdefault(data["email"], {"id": len(self.customers) + 2})
        known.update(data)
        return known

    def next_id(self, what: str) -> int:
        self._last[what] += 1
        return self._last[what]

    def live(self, room: int, first: date, last: date) -> list[Line]:
        return [
            each for each in self.lines.values() if each.room == room and not each.refunded and each.meets(first, last)
        ]

    def free_rooms(self, kind: int, first: date, last: date) -> list[int]:
        return self.states(kind, first, last)["available"]

    def states(self, kind: int, first: date, last: date) -> dict[str, list[int]]:
        """Room ids of a type: available for the whole stay, booked, unavailable, partly available."""
        found: dict[str, list[int]] = {"available": [], "booked": [], "unavailable": [], "partial": []}
        for room in self.of_kind(kind):
            closed = [each["id_status"] for each in self.why_closed(room, first, last)]
            if closed:
                found["unavailable"].append(room.id)
            # A stay that is too short or too long hides no sale: such a room is listed twice.
            if self.live(room.id, first, last) and closed in ([], [4]):
                found["booked"].append(room.id)
            elif not closed:
                found["available"].append(room.id)
        nights = {first + timedelta(days=day) for day in range((last - first).days)}
        left = {
            room: {night for night in nights if not self.live(room, night, night + timedelta(days=1))}
            for room in found["booked"]
        }
        # Only where moving between such rooms covers the whole stay.
        if nights <= set().union(*left.values()):
            found["partial"] = [room for room, some in left.items() if some]
        return found

    def of_kind(self, kind: int) -> Iterable[Room]:
        return [room for room in self.rooms.values() if room.kind == kind]

    def why_closed(self, room: Room, first: date, last: date) -> list[dict[str, Any]]:
        kind, nights = self.kinds[room.kind], (last - first).days
        if nights < kind.min_nights or (kind.max_nights and nights > kind.max_nights):
            return [{"id_status": 4, "room_comment": "", "date_from": None, "date_to": None}]
        if room.status == 2:
            return [{"id_status": 2, "room_comment": "", "date_from": None, "date_to": None}]
        days = room.closed if room.status == 3 else ()
        return [
            {"id_status": 3, "room_comment": "", "date_from": start.isoformat(), "date_to": end.isoformat()}
            for start, end in days
            if start < last and first < end
        ]

    def net(self, kind: int, first: date, last: date, services: Iterable[int] = ()) -> Decimal:
        """All the nights, without tax."""
        total = Decimal(0)
        for day in range((last - first).days):
            night = first + timedelta(days=day)
            percent = sum(
                each.percent for each in self.seasons if each.kind == kind and each.first <= night <= each.last
            )
            total += self.kinds[kind].price * (100 + percent) / 100
        nights = (last - first).days
        extra = {MAINTENANCE: MAINTENANCE_PRICE * nights, SERVICE_FEE: Decimal(250)}
        return total + sum((extra[service] for service in services), Decimal(0))

    def sell(self, order: Order, line: Line) -> None:
        self.orders.setdefault(order.id, order)
        self.lines[line.id] = line

    def total(self, order: int) -> Decimal:
        """With tax; what lines of a cancelled order cost stays in it."""
        net = sum((line.net for line in self.lines.values() if line.order == order), Decimal(0))
        return (net * (1 + TAX)).quantize(Decimal("0.000001"))

    def set_state(self, order: int, state: int) -> None:
        """A cancelled order gives its rooms back; one that is un-cancelled does not get them again."""
        self.orders[order].state = state
        self.touch(order)
        for line in self.lines.values():
            if line.order == order and state in (CANCELLED, REFUNDED):
                line.refunded = True
                line.cancelled = state == CANCELLED

    def touch(self, order: int) -> None:
        self.orders[order].updated = self.now()
        for line in self.lines.values():
            if line.order == order:
                line.updated = self.now()
