"""Deposits over HTTP: a guest's picture, two clicks, what staff may and may not do."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Site, Visitor

PICTURE = b"\xff\xd8\xff a transfer"


async def held(site: Site) -> tuple[Visitor, dict[str, Any]]:
    guest = await site.visitor()
    await guest.replies("Hola, quiero una doble del 12 al 15 de diciembre para dos")
    await guest.replies("Sí, dale")
    (booking,) = (await site.staff("GET", "/api/bookings", params={"conversation_id": guest.id})).json()["items"]
    return guest, booking


async def send(site: Site, guest: Visitor, content: bytes = PICTURE) -> str:
    sent = await site.http.post(
        f"/api/webchat/sessions/{guest.id}/attachments",
        files={"file": ("pago.jpg", content, "image/jpeg")},
        headers={"authorization": f"Bearer {guest.token}"},
    )
    assert sent.status_code == 202, sent.text
    return str(sent.json()["attachments"][0]["id"])


async def test_two_clicks_from_a_picture_to_a_confirmed_booking(site: Site) -> None:
    guest, booking = await held(site)
    file = await send(site, guest)
    code = booking["code"]
    attached = await site.staff("POST", f"/api/bookings/{code}/receipts", json={"attachment_id": file})
    assert attached.status_code == 200, attached.text
    (case,) = (await site.staff("GET", "/api/deposits")).json()["items"]
    assert case["deposit"]["status"] == "received"
    assert case["receipts"][0]["media_type"] == "image/jpeg"
    confirmed = await site.staff("POST", f"/api/bookings/{code}/deposit/confirm")
    assert confirmed.json()["deposit"]["status"] == "confirmed"
    await site.product.work.idle()
    assert (await site.staff("GET", f"/api/bookings/{code}")).json()["status"] == "confirmed"
    steps = (await site.staff("GET", f"/api/bookings/{code}/history")).json()["items"]
    assert {"created", "receipt", "confirmed", "sold"} <= {step["kind"] for step in steps}
    assert {"id", "name"} <= set(next(step["by"] for step in steps if step["kind"] == "confirmed"))


async def test_a_change_is_priced_and_a_cancellation_too(site: Site) -> None:
    _, booking = await held(site)
    code = booking["code"]
    await site.staff("POST", f"/api/bookings/{code}/deposit/confirm", json={})
    await site.product.work.idle()
    wanted = {"check_in": "2026-12-12", "check_out": "2026-12-16"}
    priced = (await site.staff("POST", f"/api/bookings/{code}/change", json={**wanted, "dry_run": True})).json()
    assert priced["difference"]["amount"] == priced["after"]["amount"] - priced["before"]["amount"] > 0
    other = await site.staff("POST", f"/api/bookings/{code}/change", json={**wanted, "total": 1})
    assert other.json()["error"]["code"] == "offer_changed"
    done = await site.staff("POST", f"/api/bookings/{code}/change", json={**wanted, "total": priced["after"]["amount"]})
    assert done.status_code == 200, done.text
    await site.product.work.idle()
    assert (await site.staff("GET", f"/api/bookings/{code}")).json()["check_out"] == "2026-12-16"
    terms = (await site.staff("GET", f"/api/bookings/{code}/cancel")).json()
    assert terms["refund"] == terms["paid"]
    cancelled = (await site.staff("POST", f"/api/bookings/{code}/cancel", json={"reason": "no viene"})).json()
    assert (cancelled["booking"]["status"], cancelled["refund"]) == ("cancelled", terms["refund"])
    refunded = await site.staff("POST", f"/api/bookings/{code}/deposit/refunded")
    assert refunded.json()["deposit"]["status"] == "refunded"


async def test_who_may_confirm_money(site: Site) -> None:
    _, booking = await held(site)
    for who in ("auditor", "executive"):
        answer = await site.staff("POST", f"/api/bookings/{booking['code']}/deposit/confirm", who)
        assert answer.status_code == 403
    assert (await site.staff("GET", "/api/deposits", "auditor")).status_code == 200
    rejected = await site.staff("POST", f"/api/bookings/{booking['code']}/deposit/reject", json={"reason": ""})
    assert rejected.status_code == 422
    missing = await site.staff("POST", "/api/bookings/RL-ZZZZZ/deposit/confirm")
    assert missing.json()["error"]["code"] == "no_booking"
