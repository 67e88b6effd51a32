"""Appointments over HTTP: a person of the house books and cancels for somebody, and nobody without the right does."""

from __future__ import annotations

from datetime import timedelta

from relevo.kit.clock import FixedClock
from tests.web.conftest import Site


async def test_reception_books_and_cancels_for_a_guest(site: Site, clock: FixedClock) -> None:
    visitor = await site.visitor()
    async with site.product.db.read() as session:
        person = (await site.product.conversations.get(session, visitor.id)).person_id
    agenda = (await site.staff("GET", "/api/appointments/agenda", "agent")).json()
    assert "masaje" in [each["code"] for each in agenda["services"]]
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    free = (await site.staff("GET", f"/api/appointments/slots?service=masaje&day={day}", "agent")).json()["items"]
    wanted = {"service": "masaje", "start": free[0]["start"], "person_id": person, "name": "Ana", "client_id": "1"}
    made = await site.staff("POST", "/api/appointments", "agent", json=wanted)
    assert made.status_code == 201
    assert (await site.staff("POST", "/api/appointments", "agent", json=wanted)).json() == made.json()
    code = made.json()["code"]
    listed = (await site.staff("GET", f"/api/appointments?person_id={person}", "agent")).json()["items"]
    assert [each["code"] for each in listed] == [code]
    for _ in range(2):
        wanted["client_id"] += "1"
        last = await site.staff("POST", "/api/appointments", "agent", json=wanted)
    assert (last.status_code, last.json()["error"]["code"]) == (409, "slot_taken")
    wanted |= {"start": free[0]["start"].replace(":00+", ":07+"), "client_id": "odd"}
    assert (await site.staff("POST", "/api/appointments", "agent", json=wanted)).status_code == 422
    refused = await site.staff("POST", f"/api/appointments/{code}/cancel", "executive")
    assert refused.status_code == 403
    assert (await site.staff("POST", f"/api/appointments/{code}/cancel", "agent")).json()["status"] == "cancelled"
    assert (await site.staff("GET", f"/api/appointments/{code}", "agent")).json()["status"] == "cancelled"
    assert (await site.staff("GET", "/api/appointments/CT-NADIE", "agent")).status_code == 404


async def test_a_day_is_shown_and_somebody_new_is_booked_by_their_telephone(site: Site, clock: FixedClock) -> None:
    agenda = (await site.staff("GET", "/api/appointments/agenda", "agent")).json()
    assert agenda["days"] is True
    assert {"timezone", "hours", "closed"} <= agenda.keys()
    assert all(set(each["services"]) for each in agenda["resources"])
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    free = (await site.staff("GET", f"/api/appointments/slots?service=masaje&day={day}", "agent")).json()["items"]
    wanted = {"service": "masaje", "start": free[0]["start"], "name": "Rita", "phone": "11 5555-0103", "client_id": "1"}
    made = (await site.staff("POST", "/api/appointments", "agent", json=wanted)).json()
    again = (await site.staff("POST", "/api/appointments", "agent", json=wanted)).json()
    assert again == made
    shown = (await site.staff("GET", f"/api/appointments/days?first={day}&days=7", "auditor")).json()["items"]
    assert [(each["code"], each["name"]) for each in shown] == [(made["code"], "Rita")]
    before = (clock.now() + timedelta(days=1)).date().isoformat()
    assert (await site.staff("GET", f"/api/appointments/days?first={before}", "agent")).json()["items"] == []
    assert (await site.staff("GET", f"/api/appointments/days?first={day}&days=32", "agent")).status_code == 422
    nobody = await site.staff("POST", "/api/appointments", "agent", json=wanted | {"phone": " ", "client_id": "2"})
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (422, "guest_contact")
    wanted |= {"person_id": "per_x", "client_id": "3"}
    lost = await site.staff("POST", "/api/appointments", "agent", json=wanted)
    assert lost.status_code == 404
