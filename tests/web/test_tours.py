"""Excursions and agencies over HTTP: a person of the house books places; who manages agencies sees what they earned."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from relevo.kit.clock import FixedClock
from tests.web.conftest import Site


async def test_reception_books_places_and_gives_them_back(site: Site) -> None:
    visitor = await site.visitor()
    async with site.product.db.read() as session:
        person = (await site.product.conversations.get(session, visitor.id)).person_id
    assert [each["code"] for each in (await site.staff("GET", "/api/excursions")).json()["items"]] == [
        "islas", "kayak", "ciudad",
    ]  # fmt: skip
    path = "/api/excursions/departures?excursion=kayak&days=7"
    leaves = (await site.staff("GET", path)).json()["items"]
    assert [(each["left"], each["capacity"]) for each in leaves] == [(6, 6)] * len(leaves)
    wanted = {
        "excursion": "kayak", "day": leaves[0]["day"], "adults": 2, "children": 1, "person_id": person, "name": "Ana",
        "client_id": "1",
    }  # fmt: skip
    made = await site.staff("POST", "/api/excursions/places", json=wanted)
    assert made.status_code == 201
    assert made.json()["price"] == {"amount": 5_500_000, "currency": "ARS"}
    assert (await site.staff("POST", "/api/excursions/places", json=wanted)).json() == made.json()
    assert (await site.staff("GET", path)).json()["items"][0]["left"] == 3
    full = await site.staff("POST", "/api/excursions/places", json=wanted | {"adults": 4, "client_id": "2"})
    assert (full.status_code, full.json()["error"]["code"]) == (409, "places_taken")
    code = made.json()["code"]
    on_the_day = (await site.staff("GET", f"/api/excursions/places?day={leaves[0]['day']}", "executive")).json()
    assert [each["code"] for each in on_the_day["items"]] == [code]
    assert (await site.staff("POST", f"/api/excursions/places/{code}/cancel", "executive")).status_code == 403
    assert (await site.staff("POST", f"/api/excursions/places/{code}/cancel")).json()["status"] == "cancelled"
    assert (await site.staff("GET", f"/api/excursions/places/{code}")).json()["status"] == "cancelled"
    assert (await site.staff("GET", f"/api/excursions/places?person_id={person}")).json()["items"][0]["code"] == code
    assert (await site.staff("GET", "/api/excursions/places/EX-NADIE")).status_code == 404


async def test_agencies_are_the_executives_matter(site: Site) -> None:
    assert (await site.staff("GET", "/api/partners", "supervisor")).status_code == 403
    (andes,) = (await site.staff("GET", "/api/partners", "executive")).json()["items"]
    assert (andes["code"], andes["percent"], andes["active"]) == ("AG-ANDES", "12", True)
    body = {"name": "Río Turismo", "percent": "12.5", "email": "ventas@rio.example"}
    made = await site.staff("POST", "/api/partners", "executive", json=body)
    assert (made.status_code, made.json()["percent"]) == (201, "12.5")
    path = f"/api/partners/{made.json()['id']}"
    changed = await site.staff("PATCH", path, "admin", json={"percent": 15, "active": False})
    assert (changed.json()["percent"], changed.json()["active"], changed.json()["email"]) == (
        "15", False, "ventas@rio.example",
    )  # fmt: skip
    wrong = await site.staff("PATCH", path, "admin", json={"percent": 80})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_rate")
    empty = (await site.staff("GET", f"{path}/statement?month=2026-11", "executive")).json()
    assert (empty["entries"], empty["total"]) == ([], None)
    sheet = await site.staff("GET", f"{path}/statement.csv?month=2026-11", "executive")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.text.splitlines()[1].startswith("Fecha;Reserva")
    assert (await site.staff("GET", f"{path}/statement?month=2026-13", "executive")).status_code == 422


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_an_agency_books_in_a_conversation_is_earned_when_the_stay_is_over(
    site: Site, clock: FixedClock, cancelled: bool
) -> None:
    agency = await site.visitor()
    assert "12 %" in await agency.replies("hola, somos la agencia AG-ANDES, reservas@andes.example")
    first = date(2026, 11, 24)
    booking = await site.product.bookings.hold(
        conversation_id=agency.id, person_id=(await _person(site, agency.id)), room_type="doble", check_in=first,
        check_out=first + timedelta(days=2), guests=2, guest_name="Marta",
    )  # fmt: skip
    await site.product.deposits.confirm(booking.code, by="stf_1", force=True)
    await site.product.work.idle()
    (andes,) = (await site.staff("GET", "/api/partners", "executive")).json()["items"]
    path = f"/api/partners/{andes['id']}"

    async def title() -> str:
        (only,) = (await site.staff("GET", f"{path}/bookings", "executive")).json()["items"]
        assert only["code"] == booking.code
        return str(only["title"])

    assert await title() == "booked"
    if cancelled:
        await site.product.changes.cancel(booking.code, by="stf_1", reason="guest")
        assert await title() == "lost"
        return
    clock.advance(timedelta(days=5, hours=6))
    await site.product.work.idle()
    assert await _earned(site, path) == [("accrual", 1_632_000)]


async def _earned(site: Site, path: str) -> list[tuple[str, int]]:
    partners = site.product.trade.partners
    partner_id = path.rsplit("/", 1)[1]
    found = await partners.statement(partner_id, "2026-11")
    return [(each.kind.value, each.amount.amount) for each in found.entries]


async def _person(site: Site, conversation_id: str) -> str:
    async with site.product.db.read() as session:
        return (await site.product.conversations.get(session, conversation_id)).person_id


async def test_somebody_new_goes_by_their_telephone(site: Site) -> None:
    leaves = (await site.staff("GET", "/api/excursions/departures?excursion=kayak&days=7")).json()["items"]
    wanted = {
        "excursion": "kayak", "day": leaves[0]["day"], "adults": 1, "name": "Rita", "email": "rita@x.example",
        "client_id": "1",
    }  # fmt: skip
    made = (await site.staff("POST", "/api/excursions/places", json=wanted)).json()
    assert (made["name"], (await site.staff("POST", "/api/excursions/places", json=wanted)).json()) == ("Rita", made)
    nobody = await site.staff("POST", "/api/excursions/places", json=wanted | {"email": None, "client_id": "2"})
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (422, "guest_contact")
