"""The grid and the counter's holds over HTTP: what is refused, who may, and that a hold shows at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Site

WISH: dict[str, Any] = {
    "room_type": "doble", "room": "203", "check_in": "2026-12-01", "check_out": "2026-12-03", "guests": 2,
    "guest_name": "Rita Paz", "guest_phone": "11 5555-0103", "client_id": "one",
}  # fmt: skip


def bars(grid: dict[str, Any], room: str) -> list[dict[str, Any]]:
    return next(row["stays"] for kind in grid["types"] for row in kind["rooms"] if row["number"] == room)


async def test_a_hold_of_the_counter_shows_in_the_grid_and_in_the_guests_record(site: Site) -> None:
    made = await site.staff("POST", "/api/bookings/holds", json=WISH)
    assert made.status_code == 201, made.text
    assert (await site.staff("POST", "/api/bookings/holds", json=WISH)).json()["code"] == made.json()["code"]
    grid = (await site.staff("GET", "/api/availability/grid?from=2026-11-30&nights=7", "auditor")).json()
    (bar,) = bars(grid, "203")
    assert (bar["code"], bar["guest_name"], bar["what"]) == (made.json()["code"], "Rita Paz", "hold")
    assert (bar["first"], bar["nights"], grid["totals"][1]["held"]) == ("2026-12-01", 2, 1)
    found = (await site.staff("GET", "/api/people?q=Rita")).json()["items"]
    assert [each["name"] for each in found] == ["Rita Paz"]
    taken = await site.staff("POST", "/api/bookings/holds", "agent2", json=WISH | {"client_id": "two"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "no_room")
    assert (await site.staff("POST", "/api/bookings/holds", "auditor", json=WISH)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("nights=7", "malformed"), ("from=ayer", "malformed"), ("from=2026-12-01&nights=0", "grid_nights"),
        ("from=2026-12-01&nights=63", "grid_nights"), ("from=1999-01-01", "grid_from"),
        ("from=2099-01-01", "grid_from"),
        ("from=9999-12-31&nights=62", "grid_from"),
    ],
)  # fmt: skip
async def test_nonsense_is_refused_in_words(site: Site, asked: str, code: str) -> None:
    answer = await site.staff("GET", f"/api/availability/grid?{asked}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert answer.json()["error"]["message"]
