"""Reports and exports over HTTP: whose they are, what a file is, what is refused."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site


async def test_figures_of_today_open_what_they_are_made_of(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("hola")
    await site.product.work.idle()
    report = (await site.staff("GET", "/api/reports", "supervisor")).json()
    shown = {each["key"]: each for each in report["figures"]}
    assert shown["conversations"]["value"] == 1
    assert shown["messages_in"]["definition"]
    assert report["channels"][0]["key"] == "webchat"
    made_of = (await site.staff("GET", "/api/reports/figures/conversations", "supervisor")).json()
    assert (made_of["kind"], [each["id"] for each in made_of["items"]]) == ("conversation", [guest.id])
    assert (await site.staff("GET", "/api/reports/figures/nonsense", "supervisor")).status_code == 404


async def test_everybody_sees_their_own_figures_and_few_the_houses(site: Site) -> None:
    assert (await site.staff("GET", "/api/reports/mine")).status_code == 200
    for path in ("/api/reports", "/api/reports/staff", "/api/exports/conversations"):
        assert (await site.staff("GET", path)).status_code == 403
    assert (await site.staff("GET", "/api/reports/staff", "supervisor")).json() == {"items": []}


async def test_an_export_is_a_file_with_a_name(site: Site) -> None:
    await site.visitor()
    answer = await site.staff("GET", "/api/exports/conversations?format=csv&since=2026-11-01&until=2026-11-30", "admin")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="conversations_2026-11-01_2026-11-30.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.text.splitlines()) == 2
    excel = await site.staff("GET", "/api/exports/bookings", "admin")
    assert excel.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/exports/nonsense", 404),
        ("/api/exports/calls?since=2026-11-30&until=2026-11-01", 422),
        ("/api/exports/calls?since=2000-01-01&until=2026-11-01", 422),
        ("/api/exports/calls?since=yesterday", 422),
        ("/api/exports/calls?format=exe", 422),
        ("/api/reports?since=9999-12-31&until=9999-12-31", 422),
        ("/api/reports/figures/sales?offset=-1", 422),
    ],
)
async def test_nonsense_is_refused(site: Site, path: str, status: int) -> None:
    assert (await site.staff("GET", path, "admin")).status_code == status


async def test_exports_on_time_are_listed_and_dropped(site: Site) -> None:
    body = {"kind": "bookings", "every": "month", "to": ["direccion@hotel.example"]}
    made = await site.staff("POST", "/api/exports/schedules", "admin", json=body)
    assert (made.status_code, made.json()["next_at"]) == (201, "2026-12-01T10:00:00.000Z")
    assert (await site.staff("POST", "/api/exports/schedules", "admin", json=body | {"to": ["x"]})).status_code == 422
    (kept,) = (await site.staff("GET", "/api/exports/schedules", "admin")).json()["items"]
    assert (await site.staff("DELETE", f"/api/exports/schedules/{kept['id']}", "admin")).status_code == 204
    assert (await site.staff("DELETE", f"/api/exports/schedules/{kept['id']}", "admin")).status_code == 404


async def test_prices_are_set_by_whoever_manages_the_desk_and_costs_follow(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("hola")
    await site.product.work.idle()
    body = {"amount": 85, "since": "2026-11-01"}
    assert (await site.staff("PUT", "/api/reports/prices/whatsapp_message", "supervisor", json=body)).status_code == 403
    assert (await site.staff("PUT", "/api/reports/prices/nonsense", "admin", json=body)).status_code == 422
    made = (await site.staff("PUT", "/api/reports/prices/whatsapp_message", "admin", json=body)).json()
    (price,) = [each for each in made["items"] if each["key"] == "whatsapp_message"]
    assert (price["amount"], len(price["history"])) == (85, 1)
    assert (await site.staff("GET", "/api/reports/prices")).status_code == 403
    report = (await site.staff("GET", "/api/reports", "supervisor")).json()
    assert {part["key"]: part["missing"] for part in report["costs"]}["whatsapp_message"] is False
    assert (await site.staff("PUT", "/api/reports/prices/agent_hour", "admin", json={"amount": -1})).status_code == 422
    wrong = {"amount": 1, "since": "1999-01-01"}
    assert (await site.staff("PUT", "/api/reports/prices/agent_hour", "admin", json=wrong)).status_code == 422


async def test_ones_own_figure_opens_ones_own_list_and_any_list_is_a_file(site: Site) -> None:
    guest = await site.visitor()
    await guest.say("hola")
    await site.product.work.idle()
    own = (await site.staff("GET", "/api/reports/mine/messages_agent")).json()
    assert (own["kind"], own["items"], own["next"]) == ("conversation", [], None)
    file = await site.staff("GET", "/api/exports/figures/messages_in?format=csv", "supervisor")
    assert (file.status_code, len(file.text.splitlines())) == (200, 2)
    assert (await site.staff("GET", "/api/exports/figures/messages_in")).status_code == 403
    for figure in ("occupancy", "cost", "service_level", "room_occupancy", "deposits_pending", "adr"):
        answer = await site.staff("GET", f"/api/reports/figures/{figure}", "supervisor")
        assert (answer.status_code, answer.json()["figure"]["key"]) == (200, figure)
