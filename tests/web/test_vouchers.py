"""Vouchers at the doors: staff open and send them, guests find them in their chat."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from relevo.bookings.events import BookingConfirmed
from relevo.bookings.models import BookingRow
from relevo.bookings.rules import Booking
from tests.web.conftest import Site, Visitor


async def held(site: Site, visitor: Visitor) -> Booking:
    async with site.product.db.read() as session:
        conversation = await site.product.conversations.get(session, visitor.id)
    return await site.product.bookings.hold(
        conversation_id=visitor.id, person_id=conversation.person_id, room_type="doble",
        check_in=date(2026, 12, 16), check_out=date(2026, 12, 20), guests=2, guest_name="Ana Paz",
    )  # fmt: skip


async def sold(site: Site, visitor: Visitor) -> Booking:
    booking = await held(site, visitor)
    async with site.product.db.write() as tx:
        await tx.session.execute(
            update(BookingRow)
            .where(BookingRow.id == booking.id)
            .values(status="confirmed", paid=booking.deposit.amount)
        )
        await tx.publish(BookingConfirmed(booking.id, booking.code, visitor.id, 1))
    await site.product.work.idle()
    return booking


async def test_the_guest_finds_it_in_the_chat(site: Site) -> None:
    visitor = await site.visitor()
    booking = await sold(site, visitor)
    (told,) = [each for each in await visitor.thread() if each["author"] == "system" and each["attachments"]]
    assert booking.code in told["text"]
    pdf, calendar = told["attachments"]
    headers = {"authorization": f"Bearer {visitor.token}"}
    answer = await site.http.get(f"/api/webchat/sessions/{visitor.id}/attachments/{pdf['id']}", headers=headers)
    assert answer.content.startswith(b"%PDF-")
    answer = await site.http.get(f"/api/webchat/sessions/{visitor.id}/attachments/{calendar['id']}", headers=headers)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_staff_open_it_and_send_it_again(site: Site) -> None:
    visitor = await site.visitor()
    booking = await sold(site, visitor)
    answer = await site.staff("GET", f"/api/bookings/{booking.code}/voucher.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert f'filename="voucher-{booking.code}.pdf"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"%PDF-")
    answer = await site.staff("POST", f"/api/bookings/{booking.code}/voucher/send")
    assert (answer.status_code, answer.json()) == (202, {"chat": True, "mail": False})
    assert (await site.staff("POST", f"/api/bookings/{booking.code}/voucher/send", "auditor")).status_code == 403


async def test_a_hold_has_none(site: Site) -> None:
    booking = await held(site, await site.visitor())
    answer = await site.staff("GET", f"/api/bookings/{booking.code}/voucher.pdf")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_voucher")
    assert (await site.staff("POST", "/api/bookings/RL-22222/voucher/send")).status_code == 404
