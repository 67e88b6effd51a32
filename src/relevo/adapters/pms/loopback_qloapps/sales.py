"""How the loopback QloApps sells: look, think, write, and sometimes notice that somebody else was quicker.

As measured: of two at once both succeed; of many, some become ghosts (their line is given back, their order is as new,
and their answer is that of a sale). Only the refusals that were seen are made; past days and nine adults are fine.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from relevo.adapters.pms.loopback_qloapps.faults import Faults
from relevo.adapters.pms.loopback_qloapps.shop import (
    CANCELLED,
    HOTEL,
    NEW,
    PAID,
    PARTLY_PAID,
    REFUNDED,
    TAX,
    Line,
    Order,
    Shop,
)

STATES = {"1": NEW, "2": PAID, "3": CANCELLED, "4": REFUNDED}
UNAVAILABLE = "Requested room(s) not available."


class Refused(Exception):  # noqa: N818 - what QloApps calls a 400 with code 404
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Wish:
    """One ``room_type`` of a request."""

    def __init__(self, asked: Element, shop: Shop) -> None:
        self.kind = int(_text(asked, "id_room_type") or 0)
        try:
            self.first = date.fromisoformat(_text(asked, "checkin_date")[:10])
            self.last = date.fromisoformat(_text(asked, "checkout_date")[:10])
        except ValueError:
            raise Refused("Invalid check in and check out dates in the request") from None
        if self.last < self.first:
            raise Refused("Invalid check in and check out dates in the request")
        if self.kind not in shop.kinds:
            raise Refused("Please provide valid id_room_type.")
        self.named = asked.findall("rooms/room")
        self.rooms = max(int(_text(asked, "number_of_rooms") or 1), 1)
        self.services = [
            tuple(int(each.findtext("id_service") or 0) for each in room.findall("services/service"))
            for room in self.named
        ]

    def same_stay(self, line: Line) -> bool:
        return (line.kind, line.first, line.last) == (self.kind, self.first, self.last)


class Sales:
    def __init__(self, shop: Shop, faults: Faults, chance: Callable[[], float]) -> None:
        self._shop = shop
        self._faults = faults
        self._chance = chance

    async def create(self, asked: Element) -> Order | None:
        """None: it crashed, as it does over an e-mail that it does not like."""
        if _text(asked, "id_property") != str(HOTEL):
            raise Refused("Please provide a valid id_property.")
        if _text(asked, "currency") != "EUR":
            raise Refused("Please provide valid currency.")
        customer = {
            name: _text(asked, f".//customer_detail/{name}") for name in ("firstname", "lastname", "email", "phone")
        }
        if not customer["firstname"] or not customer["lastname"]:
            raise Refused("Please provide valid customer details.")
        if not customer["phone"]:
            raise Refused("Please provide a valid phone number.")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", customer["email"]):
            return None
        wishes = [Wish(each, self._shop) for each in asked.findall(".//room_types/room_type")]
        if not wishes:
            raise Refused("Rooms not found in the request.")
        chosen = [(wish, self._choose(wish)) for wish in wishes]
        await self._think()
        made = self._write(asked, customer, chosen)
        await self._think()
        self._notice(made)
        return made

    def change(self, id_: str, asked: Element) -> Order:
        """PUT: cancels, un-cancels without giving the room back, strips services, moves guests."""
        shop = self._shop
        if not _text(asked, "id"):
            raise Refused("Please provide id.")
        order = shop.orders.get(int(id_) if id_.isdigit() else 0)
        if order is None:
            raise Refused("Booking not found.")
        wishes = [Wish(each, shop) for each in asked.findall(".//room_types/room_type")]
        if not wishes:
            raise Refused("Rooms not found in the request.")
        state = STATES.get(_text(asked, "booking_status"), order.state)
        if state in (CANCELLED, REFUNDED) or order.state in (CANCELLED, REFUNDED):
            shop.set_state(order.id, state)
            return order
        lines = [line for line in shop.lines.values() if line.order == order.id and not line.refunded]
        for wish in wishes:
            kept = [line for line in lines if wish.same_stay(line)]
            lines = [line for line in lines if line not in kept]
            for line, services in zip(kept, wish.services or [()] * len(kept), strict=False):
                line.services = services
                line.net = shop.net(line.kind, line.first, line.last, services)
            if not kept:
                self._add_lines(order, wish, self._choose(wish))
        for line in lines:
            del shop.lines[line.id]
        if paid := _text(asked, ".//price_details/total_paid"):
            order.paid = Decimal(paid)
        shop.touch(order.id)
        return order

    def _choose(self, wish: Wish) -> list[int]:
        """Rooms that look free now."""
        if wish.last == wish.first:
            raise Refused(UNAVAILABLE)
        free = self._shop.free_rooms(wish.kind, wish.first, wish.last)
        named = [int(room) for each in wish.named if (room := each.findtext("id_room"))]
        if any(room not in free for room in named) or len(free) < wish.rooms:
            raise Refused(UNAVAILABLE)
        return named or free[: wish.rooms]

    def _write(self, asked: Element, customer: dict[str, str], chosen: list[tuple[Wish, list[int]]]) -> Order:
        shop, now = self._shop, self._shop.now()
        known = shop.customer(customer)
        order = Order(shop.next_id("order"), _text(asked, "source"), now, now, known["id"])
        if remark := _text(asked, "remark"):
            order.remarks.append(remark)
        shop.orders[order.id] = order
        for wish, rooms in chosen:
            self._add_lines(order, wish, rooms)
        total = _text(asked, ".//price_details/total_price_with_tax")
        if total and len(chosen) == 1 and Decimal(total) > shop.total(order.id):
            lines = [line for line in shop.lines.values() if line.order == order.id]
            for line in lines:
                line.net = Decimal(total) / (1 + TAX) / len(lines)
        if paid := _text(asked, ".//price_details/total_paid"):
            order.paid = Decimal(paid)
            order.state = PAID if order.paid >= shop.total(order.id) else PARTLY_PAID
        if _text(asked, "booking_status") in ("3", "4"):
            shop.set_state(order.id, STATES[_text(asked, "booking_status")])
        return order

    def _add_lines(self, order: Order, wish: Wish, rooms: list[int]) -> None:
        shop = self._shop
        for index, room in enumerate(rooms):
            services = wish.services[index] if index < len(wish.services) else ()
            line = Line(
                id=shop.next_id("line"), order=order.id, kind=wish.kind, room=room, first=wish.first, last=wish.last,
                updated=shop.now(), services=services, net=shop.net(wish.kind, wish.first, wish.last, services),
                customer=order.customer,
            )  # fmt: skip
            if index < len(wish.named):
                line.adults = int(wish.named[index].findtext("adults") or 2)
                line.children = len(wish.named[index].findall("child_ages/child_age"))
            shop.lines[line.id] = line

    def _notice(self, order: Order) -> None:
        """Only one that wrote after somebody else can notice anything."""
        for line in [line for line in self._shop.lines.values() if line.order == order.id and not line.refunded]:
            earlier = [other for other in self._shop.live(line.room, line.first, line.last) if other.id < line.id]
            if earlier and self._chance() < self._faults.notice:
                line.refunded = True
                order.state = NEW

    async def _think(self) -> None:
        if self._faults.before_write is not None:
            quicker, self._faults.before_write = self._faults.before_write, None
            quicker()
        await asyncio.sleep(self._faults.think * self._chance())


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
