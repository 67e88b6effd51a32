"""The HTTP of the loopback QloApps, as an ASGI application.

Sales are made the way PHP's workers make them: each looks for a free room, thinks, and writes, and nobody holds the
others up. ``faults`` says how long they think and what else goes wrong.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, ParseError, fromstring

from relevo.adapters.pms.loopback_qloapps import answers, lists
from relevo.adapters.pms.loopback_qloapps.faults import Fault, Faults
from relevo.adapters.pms.loopback_qloapps.sales import Refused, Sales
from relevo.adapters.pms.loopback_qloapps.shop import HOTEL, Line, Room, Season, Shop

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
RESOURCES = sorted(
    ["bookings", "currencies", "feature_prices", "hotel_ari", "hotel_room_types", "hotel_rooms", "hotels", "languages",
     "order_histories", "order_states", "orders", "room_bookings", "room_types"]
)  # fmt: skip


class Answer(Exception):  # noqa: N818 - the way out of any depth
    def __init__(self, status: int, body: object = None, *, text: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.content = text if text is not None else "" if body is None else json.dumps(body)
        self.media_type = "text/html; charset=utf-8" if text is not None else "application/json"


def error(status: int, code: int, message: str) -> Answer:
    return Answer(status, {"errors": [{"code": code, "message": message}]})


class Loopback:
    def __init__(self, shop: Shop, faults: Faults, key: str, *, chance: Callable[[], float]) -> None:
        self.shop = shop
        self.faults = faults
        self._sales = Sales(shop, faults, chance)
        self._key = key
        self._workers = asyncio.Semaphore(faults.workers)
        self.requests: list[tuple[str, str]] = []
        """(method, path) of everything that was asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = await _body(receive)
        self.requests.append((scope["method"], scope["path"]))
        async with self._workers:
            answer = await self._answer(scope, body)
        if answer is None:
            # More is announced than comes: the server ends the connection in the middle.
            headers = [(b"content-length", b"999")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            return
        headers = [(b"content-type", answer.media_type.encode()), (b"psws-version", b"1.6.1.23")]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content.encode()})

    async def _answer(self, scope: Scope, body: str) -> Answer | None:
        if self.faults.slow:
            await asyncio.sleep(self.faults.slow)
        if self.faults.down:
            return Answer(503, text="<h1>503</h1>")
        try:
            self._check_key(scope)
            parts = scope["path"].strip("/").split("/")[1:]
            params = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
            resource, id_ = (parts + ["", ""])[:2]
            if not resource:
                return Answer(200, RESOURCES)
            if resource not in RESOURCES:
                raise error(400, 27, f'Resource of type "{resource}" does not exists.')
            if scope["method"] in ("GET", "HEAD"):
                self._read(resource, id_, params)
            fault = self.faults.writes.popleft() if self.faults.writes and resource != "hotel_ari" else None
            return await self._write(scope["method"], resource, id_, body, fault)
        except Answer as answer:
            return answer
        except Refused as refused:
            return error(400, 404, refused.message)

    async def _write(self, method: str, resource: str, id_: str, body: str, fault: Fault | None) -> Answer | None:
        answer: Answer | None = None
        if fault is None or fault.endswith("_done"):
            try:
                await self._do(method, resource, id_, body)
            except Answer as made:
                answer = made
        match fault:
            case "garbage" | "garbage_done":
                return Answer(200, text="<b>Warning</b>: something happened")
            case "empty_500" | "empty_500_done":
                return Answer(500, text="")
            case "hang_up" | "hang_up_done":
                return None
            case "slow_done":
                await asyncio.sleep(max(self.faults.slow, 0.5))
        return answer

    def _check_key(self, scope: Scope) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"").decode()
        if not given.startswith("Basic "):
            raise Answer(401, text="401 Unauthorized")
        key = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")[0]
        if len(key) != 32:
            raise error(401, 18, "Invalid authentication key format")
        if key != self._key:
            raise error(401, 20, "Authentification key is not active")

    def _read(self, resource: str, id_: str, params: dict[str, str]) -> None:
        if resource == "hotel_ari":
            raise error(405, 23, "Method GET is not allowed for the resource hotel_ari")
        found = answers.rows(self.shop, resource)
        root, rows = found if found is not None else (resource, [])
        if not id_:
            try:
                rows = rows if resource == "bookings" else lists.chosen(rows, params)
            except lists.UnknownFilter:
                raise error(400, 32, "This filter does not exist.") from None
            raise Answer(200, {root: rows} if rows else [])
        row = next((row for row in rows if str(row["id"]) == id_), None)
        if row is None:
            raise Answer(404, text="")
        if resource == "bookings":
            raise Answer(200, answers.booking(self.shop, self.shop.orders[int(id_)]))
        raise Answer(200, {root.removesuffix("s"): row})

    async def _do(self, method: str, resource: str, id_: str, body: str) -> None:
        match method, resource:
            case "POST", "hotel_ari":
                raise self._search(_parsed(body, empty=error(400, 85, "ARI search parameters are missing.")))
            case "POST", "bookings":
                order = await self._sales.create(_parsed(body, empty=Answer(500, text="")))
                if order is None:
                    raise Answer(200, text="Fatal error")
                raise Answer(200, answers.booking(self.shop, order))
            case "PUT", "bookings":
                order = self._sales.change(id_, _parsed(body, empty=Answer(500, text="")))
                raise Answer(200, answers.booking(self.shop, order))
        asked = _parsed(body, empty=error(400, 127, "XML error")) if method != "DELETE" else Element("none")
        match method, resource:
            case "POST", "order_histories":
                self.shop.set_state(int(_text(asked, "id_order")), int(_text(asked, "id_order_state")))
                raise Answer(201, {"order_history": {"id_order": _text(asked, "id_order")}})
            case "PUT", "orders":
                self.shop.set_state(int(id_), int(_text(asked, "current_state")))
                raise Answer(200, {"order": answers.order_row(self.shop, self.shop.orders[int(id_)])})
            case "DELETE", "orders":
                # The lines stay, and block their rooms for good.
                del self.shop.orders[int(id_)]
                raise Answer(200)
            case "POST", "room_bookings":
                raise Answer(201, {"booking": answers.line_row(self.shop, self._block(asked))})
            case "DELETE", "room_bookings":
                del self.shop.lines[int(id_)]
                raise Answer(200)
            case "PUT", "hotel_rooms":
                room = self.shop.rooms[int(id_)]
                self.shop.rooms[room.id] = Room(
                    room.id, room.kind, _text(asked, "room_num"), int(_text(asked, "id_status")), room.closed
                )
                raise Answer(200, {"room": {"id": id_}})
            case "PUT", "hotel_room_types":
                kind = self.shop.kinds[int(_text(asked, "id_product"))]
                kind.min_nights, kind.max_nights = int(_text(asked, "min_los")), int(_text(asked, "max_los"))
                raise Answer(200, {"hotel_room_type": {"id": id_}})
            case "POST", "feature_prices":
                self._season(asked)
                raise Answer(201, {"feature_price": {"id": "1"}})
        raise error(405, 101, f"Method {method} is not allowed for the resource {resource}")

    def _search(self, asked: Element) -> Answer:
        for name in ("id_hotel", "date_from", "date_to"):
            if not _text(asked, name):
                return error(400, 41, f'parameter "{name}" required')
        try:
            first, last = (date.fromisoformat(_text(asked, name)[:10]) for name in ("date_from", "date_to"))
        except ValueError:
            return error(400, 85, 'Validation error: "The date_from field is invalid."')
        if last <= first:
            return error(400, 85, "Validation error: date_to must be after date_from")
        occupancies = asked.findall(".//room_occupancy")
        if any(int(each.findtext("adults") or 0) < 1 for each in occupancies):
            return error(400, 85, "Validation error: Invalid value for number of adults")
        kind = _text(asked, "id_room_type")
        kinds = [each.id for each in self.shop.kinds.values() if each.active and kind in ("", str(each.id))]
        if _text(asked, "id_hotel") != str(HOTEL):
            kinds = []
        names = {"available": "available", "booked": "booked", "unavailable": "unavailable",
                 "partially_available": "partial_available"}  # fmt: skip
        wanted = {state for state, name in names.items() if _text(asked, f"get_{name}_rooms") == "1"}
        return Answer(
            200, answers.ari(self.shop, kinds, first, last, max(len(occupancies), 1), wanted or {"available"})
        )

    def _block(self, asked: Element) -> Line:
        """A line without an order; a second one of the same nights is taken as well."""
        line = Line(
            id=self.shop.next_id("line"), order=int(_text(asked, "id_order")), kind=int(_text(asked, "id_product")),
            room=int(_text(asked, "id_room")), first=date.fromisoformat(_text(asked, "date_from")[:10]),
            last=date.fromisoformat(_text(asked, "date_to")[:10]), updated=self.shop.now(),
        )  # fmt: skip
        self.shop.lines[line.id] = line
        return line

    def _season(self, asked: Element) -> None:
        rule = asked.find(".//price_rule")
        percent = Decimal(_text(asked, "impact_value"))
        if rule is not None:
            first, last = (date.fromisoformat(rule.findtext(name) or "") for name in ("date_from", "date_to"))
            self.shop.seasons.append(Season(int(_text(asked, "id_product")), int(percent), first, last))


def _parsed(body: str, *, empty: Answer) -> Element:
    """What is inside ``<qloapps><thing>``."""
    try:
        return next(iter(fromstring(body)))  # noqa: S314 - it listens to this machine only
    except (ParseError, StopIteration):
        raise empty from None


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


async def _body(receive: Receive) -> str:
    whole, more = b"", True
    while more:
        message = await receive()
        whole += message.get("body", b"")
        more = message.get("more_body", False)
    return whole.decode()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
