"""Outreach over HTTP, in the whole product: from a confirmed deposit to the score, and who may be called."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from relevo.kit.clock import FixedClock
from relevo.outreach.wording import Links
from tests.web.conftest import PASSWORD, Site, Visitor

HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")


async def booked(site: Site) -> tuple[Visitor, str, str]:
    """A visitor whose deposit was confirmed: them, the code, the booking's id."""
    visitor = await site.visitor()
    product = site.product
    async with product.db.read() as session:
        person_id = (await product.conversations.get(session, visitor.id)).person_id
    booking = await product.bookings.hold(
        conversation_id=visitor.id, person_id=person_id, room_type="doble", check_in=date(2026, 12, 10),
        check_out=date(2026, 12, 13), guests=2, guest_name="Ana Paz", guest_phone="+5491145678901",
    )  # fmt: skip
    body = {"amount": booking.deposit.amount, "force": True}
    answer = await site.staff("POST", f"/api/bookings/{booking.code}/deposit/confirm", json=body)
    assert answer.status_code == 200, answer.text
    await product.work.idle()
    return visitor, booking.code, booking.id


async def test_from_the_deposit_to_the_score(site: Site, clock: FixedClock) -> None:
    visitor, code, _ = await booked(site)
    assert (await site.staff("GET", f"/api/bookings/{code}")).json()["status"] == "confirmed"
    items = (await site.staff("GET", f"/api/bookings/{code}/reminders")).json()["items"]
    assert [(item["kind"], item["state"]) for item in items] == [
        ("week_before", "planned"), ("day_before", "planned"), ("arrival_day", "planned"), ("feedback", "planned")
    ]  # fmt: skip
    day = (await site.staff("GET", "/api/reminders", params={"day": "2026-12-09"})).json()["items"]
    assert [(item["kind"], item["code"]) for item in day] == [("day_before", code)]
    cancelled = await site.staff("POST", f"/api/reminders/{day[0]['id']}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    assert (await site.staff("POST", f"/api/reminders/{day[0]['id']}/cancel")).status_code == 409

    clock.advance(datetime(2026, 12, 14, 11, tzinfo=HOUSE) - clock.now())
    await site.product.work.idle()
    question = (await visitor.thread())[-1]
    assert question["author"] == "system"
    assert "Del 1 al 5" in question["text"]
    assert await visitor.replies("2, el desayuno llegó frío") == (
        "Gracias por decírnoslo, y perdón por lo que no estuvo bien. Alguien del equipo lo va a leer hoy."
    )
    site.tokens["agent"], _ = await site.product.people.sign_in("marta@x.com", PASSWORD, address="test")
    scores = (await site.staff("GET", "/api/feedback")).json()["items"]
    assert [(each["code"], each["score"], each["text"]) for each in scores] == [(code, 2, "el desayuno llegó frío")]
    alerts = (await site.staff("GET", "/api/alerts")).json()["items"]
    assert "low_feedback" in {alert["kind"] for alert in alerts}


async def test_baja_is_answered_once_and_kept(site: Site) -> None:
    visitor = await site.visitor()
    said = await visitor.replies("baja")
    assert said.startswith("De acuerdo: no te enviamos más avisos.")
    await site.product.work.idle()
    assert [item["author"] for item in await visitor.thread()].count("system") == 1
    async with site.product.db.read() as session:
        person_id = (await site.product.conversations.get(session, visitor.id)).person_id
    rows = (await site.staff("GET", f"/api/people/{person_id}/consents")).json()["items"]
    assert {(row["purpose"], row["state"]) for row in rows} == {
        ("reminder", "withdrawn"), ("survey", "withdrawn"), ("commercial", "withdrawn")
    }  # fmt: skip
    body = {"purpose": "reminder", "channel": "email", "state": "given", "proof": "formulario 12"}
    noted = await site.staff("POST", f"/api/people/{person_id}/consents", json=body)
    assert noted.status_code == 201
    assert noted.json()["items"][-1]["proof"] == "formulario 12"
    assert (await site.staff("POST", f"/api/people/{person_id}/consents", "auditor", json=body)).status_code == 403


async def test_the_pages_of_a_letter_change_nothing_until_a_button_is_pressed(site: Site) -> None:
    _, code, booking_id = await booked(site)
    links = Links(site.product.settings.signing_secret(), site.product.settings.url)
    page = links.feedback(booking_id)
    for _ in range(2):
        shown = await site.http.get(page)
        assert shown.status_code == 200
        assert shown.headers["content-type"].startswith("text/html")
        assert len(re.findall('type="radio"', shown.text)) == 5
    assert (await site.staff("GET", "/api/feedback")).json()["items"] == []
    assert (await site.http.post(page, data={"score": "9"})).status_code == 422
    assert (await site.http.post(page, data={"score": "5", "text": "<b>lindo</b>"})).status_code == 200
    scores = (await site.staff("GET", "/api/feedback")).json()["items"]
    assert [(each["code"], each["score"], each["via"]) for each in scores] == [(code, 5, "link")]
    assert "radio" not in (await site.http.get(page)).text

    async with site.product.db.read() as session:
        booking = await site.product.bookings.find(code)
        assert booking is not None
        assert await site.product.outreach.consents.json(session, booking.person_id) == []
    stop = links.stop(booking.person_id)
    assert (await site.http.get(stop)).status_code == 200
    async with site.product.db.read() as session:
        assert await site.product.outreach.consents.json(session, booking.person_id) == []
    assert (await site.http.post(stop)).status_code == 200
    async with site.product.db.read() as session:
        assert len(await site.product.outreach.consents.json(session, booking.person_id)) == 3


async def test_a_link_that_was_made_up_opens_nothing(site: Site) -> None:
    links = Links("another secret", "")
    for path in (links.feedback("bkg_1"), links.stop("per_1"), "/api/feedback/x", "/api/stop/x"):
        assert (await site.http.get(path)).status_code == 404
        assert (await site.http.post(path, data={"score": "5"})).status_code == 404


async def test_nobody_is_called_whom_the_rules_spare(site: Site, clock: FixedClock) -> None:
    ask = {"number": "+34911234567", "purpose": "commercial", "channel": "call", "automated": "true"}
    answer = (await site.staff("GET", "/api/may-contact", params=ask)).json()
    assert (answer["allowed"], answer["rule"]) == (False, "es.lgt_66_1_a")
    assert (await site.staff("GET", "/api/may-contact", params={**ask, "purpose": "service"})).json()["allowed"]
    body = {"to_number": "+34911234567", "purpose": "commercial"}
    placed = await site.staff("POST", "/outbound-call", json=body)
    assert placed.status_code == 403
    error = placed.json()["error"]
    assert error["code"] == "may_not_contact"
    assert "máquina" in error["message"]
    clock.advance(timedelta(hours=1))
    assert (await site.staff("GET", "/api/calls", params={"status": "all"})).json()["items"] == []


async def test_staff_see_what_a_reminder_will_say_and_may_have_it_sent_after_all(site: Site, clock: FixedClock) -> None:
    _, code, _ = await booked(site)
    (planned,) = (await site.staff("GET", "/api/reminders", params={"day": "2026-12-09"})).json()["items"]
    assert (planned["guest_name"], planned["check_in"], planned["actions"]) == ("Ana Paz", "2026-12-10", ["cancel"])
    path = f"/api/reminders/{planned['id']}"
    shown = (await site.staff("GET", path)).json()
    said = [way for way in shown["ways"] if way["allowed"]]
    assert [way["form"] for way in said] == ["message"]
    assert code in said[0]["body"]
    assert shown["quiet"]["from"] == "21:00"
    assert shown["quiet"]["due_at"] == planned["due_at"]
    assert (await site.staff("POST", f"{path}/again")).status_code == 409
    assert (await site.staff("POST", f"{path}/cancel")).json()["actions"] == ["again"]
    again = (await site.staff("POST", f"{path}/again")).json()
    assert (again["state"], again["due_at"], again["reason"]) == ("planned", planned["due_at"], None)
    clock.advance(datetime(2026, 12, 9, 10, 1, tzinfo=HOUSE) - clock.now())
    await site.product.work.idle()
    site.tokens["agent"], _ = await site.product.people.sign_in("marta@x.com", PASSWORD, address="test")
    assert (await site.staff("GET", path)).json()["state"] == "sent"
    assert (await site.staff("GET", "/api/reminders/rem_no")).status_code == 404


async def test_what_did_not_leave_is_listed_with_its_reason(site: Site, clock: FixedClock) -> None:
    visitor, code, _ = await booked(site)
    async with site.product.db.read() as session:
        person_id = (await site.product.conversations.get(session, visitor.id)).person_id
    body = {"purpose": "reminder", "channel": "any", "state": "withdrawn", "proof": "lo dijo por teléfono"}
    assert (await site.staff("POST", f"/api/people/{person_id}/consents", json=body)).status_code == 201
    clock.advance(datetime(2026, 12, 9, 10, 1, tzinfo=HOUSE) - clock.now())
    await site.product.work.idle()
    site.tokens["agent"], _ = await site.product.people.sign_in("marta@x.com", PASSWORD, address="test")
    unsent = (await site.staff("GET", "/api/reminders/unsent")).json()["items"]
    assert (code, "not_allowed") in {(each["code"], each["reason"]) for each in unsent}
    assert {tuple(each["actions"]) for each in unsent} == {()}


async def test_a_number_is_answered_for_every_purpose_with_whom_it_is(site: Site) -> None:
    visitor, _, _ = await booked(site)
    async with site.product.db.read() as session:
        person_id = (await site.product.conversations.get(session, visitor.id)).person_id
    asked = (await site.staff("GET", "/api/contact-check", params={"number": "+34 911 23 45 67"})).json()
    assert (asked["number"], asked["country"], asked["person"]) == ("+34911234567", "ES", None)
    machine = [each for each in asked["items"] if each["purpose"] == "commercial" and each["automated"]]
    denied = {each["channel"]: each["text"] for each in machine if not each["allowed"]}
    assert denied["call"] == "No consintió que lo llame una máquina."
    assert (await site.staff("GET", "/api/contact-check", params={"number": "hola"})).status_code == 422
    body = {"purpose": "any", "channel": "any", "state": "withdrawn", "proof": "carta del 3/11"}
    await site.staff("POST", f"/api/people/{person_id}/consents", json=body)
    listed = (await site.staff("GET", "/api/withdrawals")).json()
    assert [(each["person"]["id"], each["proof"], each["by"], each["by_name"]) for each in listed["items"]] == [
        (person_id, "carta del 3/11", "staff", "Marta")
    ]
    assert listed["next"] is None
    theirs = (await site.staff("GET", "/api/contact-check", params={"number": "+5491145678901"})).json()
    assert theirs["person"]["id"] == person_id
    assert [each for each in theirs["items"] if each["allowed"]] == []
    one = (await site.staff("GET", "/api/withdrawals?limit=1")).json()
    assert (await site.staff("GET", f"/api/withdrawals?before={one['next']}")).json()["items"] == []


async def test_scores_are_counted_and_say_whose_stay_it_was(site: Site) -> None:
    _, _, booking_id = await booked(site)
    empty = (await site.staff("GET", "/api/feedback/figures")).json()
    assert (empty["count"], empty["average"]) == (0, None)
    await site.product.outreach.feedbacks.by_link(booking_id, 2, "frío")
    (given,) = (await site.staff("GET", "/api/feedback")).json()["items"]
    assert (given["guest_name"], given["check_out"], given["conversation_id"] is not None) == (
        "Ana Paz", "2026-12-13", True,
    )  # fmt: skip
    figures = (await site.staff("GET", "/api/feedback/figures?days=30")).json()
    assert (figures["average"], figures["scores"]["2"], figures["low"]) == (2.0, 1, 2)
