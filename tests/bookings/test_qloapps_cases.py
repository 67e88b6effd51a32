"""The availability cases measured on a real QloApps 1.7, asked through our adapter, and what it then sold."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relevo.adapters.pms.qloapps import QloApps
from relevo.adapters.pms.qloapps.parsing import minor
from relevo.bookings.rules import free_rooms, nights_of
from relevo.kit.errors import Conflict
from tests.bookings.qloapps import DATA, Place, place, stay

RECORDED: dict[str, Any] = json.loads((DATA / "availability_cases.json").read_text())
CASES = RECORDED["cases"]


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return list(CASES)


@pytest.fixture
async def hotel(tmp_path: Path) -> AsyncIterator[Place]:
    async with place(tmp_path) as found, found.http() as http:
        for step in RECORDED["setup"]:
            answer = await http.request(step["method"], step["path"], content=step["body"].encode())
            assert answer.status_code == step["status"], step["step"]
        yield found


async def test_every_case_is_answered_as_the_real_one_did(hotel: Place, cases: list[dict[str, Any]]) -> None:
    adapter = hotel.adapter()
    assert len(cases) == 32
    for case in cases:
        first, last = date.fromisoformat(case["date_from"]), date.fromisoformat(case["date_to"])
        asked = case["id_room_type"]
        found = await adapter.search(first, last, asked)
        assert len(found.types) == len(case["types"]), case["id"]
        for word, rooms in (
            ("available", [each.available for each in found.types.values()]),
            ("booked", [each.booked for each in found.types.values()]),
            ("unavailable", [frozenset(each.unavailable) for each in found.types.values()]),
            ("partial", [each.partial for each in found.types.values()]),
        ):
            assert sum(map(len, rooms)) == (case[word] or 0), (case["id"], word)
        for wanted in case["types"]:
            kind = found.types[wanted["id_room_type"]]
            assert sorted(kind.available) == wanted["available_room_ids"], case["id"]
            assert kind.total_net == Decimal(str(wanted["total_net"])), case["id"]
            assert kind.total_gross == Decimal(str(wanted["total_gross"])), case["id"]
            await offered(hotel, adapter, first, last, wanted)


async def offered(hotel: Place, adapter: QloApps, first: date, last: date, wanted: dict[str, Any]) -> None:
    """Through the port, as the bookings room asks: the same rooms, and the same price to the cent."""
    code = hotel.house.type_code(wanted["id_room_type"]) or ""
    kind = next(each for each in hotel.house.business.room_types if each.code == code)
    prices, busy = await adapter.prices(first, last), await adapter.occupied(first, last)
    rooms = free_rooms(kind, nights_of(first, last), busy) if code in prices else []
    assert sorted(hotel.house.rooms[room] for room in rooms) == wanted["available_room_ids"]
    if code in prices:
        assert prices[code] == minor(Decimal(str(wanted["total_gross"])), "EUR")


async def test_what_it_sells_after_that_is_what_the_real_one_sold(hotel: Place) -> None:
    adapter = hotel.adapter()
    for attempt in RECORDED["booking_attempts_after_cases"]:
        kind = str(attempt["id_room_type"])
        first, last = date.fromisoformat(attempt["checkin"]), date.fromisoformat(attempt["checkout"])
        prices, busy = await adapter.prices(first, last), await adapter.occupied(first, last)
        rooms = next(each for each in hotel.house.business.room_types if each.code == kind)
        free = free_rooms(rooms, nights_of(first, last), busy) if kind in prices else []
        assert (len(free) >= attempt["rooms"]) is attempt["ok"], attempt["id"]
        if not attempt["ok"]:
            taken = next(room for room in rooms.rooms if room not in free)
            with pytest.raises(Conflict):
                await adapter.book(stay("RL-TAKEN", taken, kind, first, last))
            continue
        for number, room in enumerate(free[: attempt["rooms"]]):
            total = prices[kind].amount
            made = await adapter.book(stay(f"RL-{attempt['id']}{number}", room, kind, first, last, total=total))
            assert minor(hotel.shop.total(int(made)), "EUR") == prices[kind], attempt["id"]
