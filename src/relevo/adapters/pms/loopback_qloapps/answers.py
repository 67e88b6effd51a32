"""How the loopback QloApps words its answers: the shapes recorded from a real one. No HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from relevo.adapters.pms.loopback_qloapps.shop import HOTEL, MAINTENANCE, TAX, Line, Order, Room, Shop

STATES = {1: "awaiting_payment", 2: "payment_accepted", 3: "processing", 4: "order_canceled", 5: "refund",
          6: "payment_error", 7: "overbooking_paid", 8: "partial_payment_accepted"}  # fmt: skip


def number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def six(value: Decimal) -> str:
    return f"{value:.6f}"


def midnight(day: date) -> str:
    return f"{day.isoformat()} 00:00:00"


def languages(text: str) -> list[dict[str, Any]]:
    return [{"id": 1, "value": text}, {"id": 2, "value": text}]


def ari(shop: Shop, kinds: list[int], first: date, last: date, rooms: int, wanted: set[str]) -> dict[str, Any]:
    head: dict[str, Any] = {"id_hotel": str(HOTEL), "date_from": first.isoformat(), "date_to": last.isoformat()}
    head["currency"] = "EUR"
    if not kinds:
        return {"hotel_ari": head}
    states = {kind: shop.states(kind, first, last) for kind in kinds}
    totals = {
        f"total_{word}_rooms": sum(len(each[state]) for each in states.values())
        for word, state in (
            ("available", "available"), ("unavailable", "unavailable"), ("partial_available", "partial"),
            ("booked", "booked"),
        )
    }  # fmt: skip
    head["total_rooms"] = sum(len(list(shop.of_kind(kind))) for kind in kinds)
    return {
        "hotel_ari": head
        | totals
        | {"room_types": [_type(shop, kind, states[kind], first, last, rooms, wanted) for kind in kinds]}
    }


def _type(
    shop: Shop, kind: int, states: dict[str, list[int]], first: date, last: date, rooms: int, wanted: set[str]
) -> dict[str, Any]:
    net = shop.net(kind, first, last, (MAINTENANCE,))
    base = net / (last - first).days
    listed = {
        "unavailable": {id_: _closed(shop, shop.rooms[id_], first, last) for id_ in states["unavailable"]},
        "booked": {id_: _booked(shop, shop.rooms[id_], first, last) for id_ in states["booked"]},
        "available": {id_: _available(shop.rooms[id_]) for id_ in states["available"]},
        "partially_available": {id_: _booked(shop, shop.rooms[id_], first, last) for id_ in states["partial"]},
    }
    return {
        "id_room_type": kind,
        "base_price": number(base),
        "base_price_with_tax": number(base * (1 + TAX)),
        "total_price": number(net * rooms),
        "total_price_with_tax": number(net * (1 + TAX) * rooms),
        "name": shop.kinds[kind].name,
        "rooms": {
            state: {str(id_): row for id_, row in found.items()} or []
            for state, found in listed.items()
            if state in wanted
        },
    }


def _closed(shop: Shop, room: Room, first: date, last: date) -> dict[str, Any]:
    return _room(room) | {"detail": shop.why_closed(room, first, last)}


def _booked(shop: Shop, room: Room, first: date, last: date) -> dict[str, Any]:
    return _room(room) | {
        "detail": [
            {
                "id_htl_booking": line.id, "date_from": midnight(line.first), "date_to": midnight(line.last),
                "id_customer": line.customer, "booking_type": 1, "booking_status": 1, "comment": "",
            }
            for line in shop.live(room.id, first, last)
        ]
    }  # fmt: skip


def _available(room: Room) -> dict[str, Any]:
    return _room(room) | {"room_comment": "", "max_adult": 2, "max_children": 2, "max_occupancy": 4}


def _room(room: Room) -> dict[str, Any]:
    return {"id_room": room.id, "id_product": room.kind, "id_hotel": HOTEL, "room_num": room.number}


def booking(shop: Shop, order: Order) -> dict[str, Any]:
    """Without any word of its state: a cancelled one looks just the same."""
    lines = [line for line in shop.lines.values() if line.order == order.id]
    groups: dict[tuple[int, date, date], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.kind, line.first, line.last), []).append(line)
    net = sum((line.net for line in lines), Decimal(0))
    customer = next(each for each in shop.customers.values() if each["id"] == order.customer)
    return {
        "booking": {
            "id": order.id,
            "id_property": HOTEL,
            "currency": "EUR",
            "source": order.source,
            "booking_date": f"{order.added:%Y-%m-%d %H:%M:%S}",
            "id_language": 1,
            "associations": {
                "customer_detail": {
                    "id_customer": order.customer,
                    **{key: customer.get(key, "") for key in ("firstname", "lastname", "email", "phone")},
                },
                "price_details": {
                    "total_paid": number(order.paid),
                    "total_price_without_tax": number(net),
                    "total_tax": number(net * TAX),
                },
                "cart_rules": [],
                "remarks": order.remarks,
                "room_types": [
                    {
                        "id_room_type": kind,
                        "checkin_date": midnight(first),
                        "checkout_date": midnight(last),
                        "total_tax": number(sum((line.net for line in some), Decimal(0)) * TAX),
                        "number_of_rooms": len(some),
                        "name": shop.kinds[kind].name,
                        "rooms": [_line_of_booking(line) for line in some],
                    }
                    for (kind, first, last), some in groups.items()
                ],
            },
        }
    }


def _line_of_booking(line: Line) -> dict[str, Any]:
    return {
        "id_room": line.room, "id_hotel_booking": line.id, "adults": line.adults, "child": line.children,
        "unit_price_without_tax": number(line.net), "total_tax": number(line.net * TAX),
    }  # fmt: skip


def rows(shop: Shop, resource: str) -> tuple[str, list[dict[str, Any]]] | None:
    """A resource's rows with the root they come under; None if there is no such resource."""
    match resource:
        case "hotels":
            hotel = {
                "id": HOTEL, "city": "Demo City", "phone": "0987654321", "email": "hotelprime@htl.com", "active": 1,
                "check_in": "12:00", "check_out": "11:00", "hotel_name": languages("The Hotel Prime"),
            }  # fmt: skip
            return resource, [hotel]
        case "room_types":
            return resource, [
                {
                    "id": kind.id, "id_hotel": HOTEL, "active": int(kind.active), "price": six(kind.price),
                    "id_tax_rules_group": 1, "name": languages(kind.name),
                }
                for kind in shop.kinds.values()
            ]  # fmt: skip
        case "hotel_room_types":
            return resource, [
                {
                    "id": kind.id, "id_product": kind.id, "id_hotel": HOTEL, "adults": 2, "children": 2,
                    "max_adults": 2, "max_children": 2, "max_guests": 4, "min_los": kind.min_nights,
                    "max_los": kind.max_nights,
                }
                for kind in shop.kinds.values()
            ]  # fmt: skip
        case "hotel_rooms":
            return "rooms", [
                {
                    "id": room.id, "id_product": room.kind, "id_hotel": HOTEL, "room_num": room.number,
                    "id_status": room.status, "floor": "First", "comment": "",
                }
                for room in shop.rooms.values()
            ]  # fmt: skip
        case "currencies":
            return resource, [{"id": 1, "name": "Euro", "iso_code": "EUR", "deleted": 0, "active": 1}]
        case "languages":
            return resource, [
                {"id": 1, "name": "English (English)", "iso_code": "en", "active": 1},
                {"id": 2, "name": "Español", "iso_code": "es", "active": 1},
            ]
        case "order_states":
            return resource, [
                {"id": id_, "deleted": 0, "template": languages(template)} for id_, template in STATES.items()
            ]
        case "orders":
            return resource, [order_row(shop, order) for order in shop.orders.values()]
        case "bookings":
            return resource, [{"id": order} for order in shop.orders]
        case "room_bookings":
            return "bookings", [line_row(shop, line) for line in shop.lines.values()]
    return None


def order_row(shop: Shop, order: Order) -> dict[str, Any]:
    total = shop.total(order.id)
    return {
        "id": order.id, "id_customer": order.customer, "current_state": order.state, "source": order.source,
        "reference": order.reference, "payment": "Order from API", "total_paid": six(total),
        "total_paid_tax_incl": six(total), "total_paid_tax_excl": six(total / (1 + TAX)),
        "total_paid_real": six(order.paid), "date_add": f"{order.added:%Y-%m-%d %H:%M:%S}",
        "date_upd": f"{order.updated:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip


def line_row(shop: Shop, line: Line) -> dict[str, Any]:
    return {
        "id": line.id, "id_product": line.kind, "id_hotel": HOTEL, "id_order": line.order, "id_room": line.room,
        "id_customer": line.customer, "booking_type": 1, "id_status": 1, "date_from": midnight(line.first),
        "date_to": midnight(line.last), "total_price_tax_excl": six(line.net), "is_refunded": int(line.refunded),
        "is_cancelled": int(line.cancelled), "is_back_order": 0, "room_num": shop.rooms[line.room].number,
        "adults": line.adults, "children": line.children, "date_upd": f"{line.updated:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip
