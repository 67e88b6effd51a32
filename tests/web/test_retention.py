"""What is past its time is deleted and noted; what a legal hold or a standing booking needs stays."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from relevo.app.nightly import NIGHTLY, next_night
from relevo.bookings.rules import Booking
from relevo.kit.audit import deletions
from relevo.kit.clock import FixedClock
from tests.web.conftest import PASSWORD, STAFF, Site, Visitor

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


@pytest.mark.parametrize(
    ("now", "day", "due"),
    [
        (datetime(2026, 11, 21, 5, 0, tzinfo=UTC), date(2026, 11, 21), datetime(2026, 11, 21, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 21, 6, 30, tzinfo=UTC), date(2026, 11, 22), datetime(2026, 11, 22, 6, 30, tzinfo=UTC)),
        (datetime(2026, 11, 22, 1, 0, tzinfo=UTC), date(2026, 11, 22), datetime(2026, 11, 22, 6, 30, tzinfo=UTC)),
    ],
)
def test_the_next_night_is_the_houses_own(now: datetime, day: date, due: datetime) -> None:
    assert next_night(now, ZONE) == (day, due)


@pytest.fixture(autouse=True)
async def _only_by_hand(site: Site) -> None:
    """The night's own job, due as soon as the clock is moved, would do at any moment what a test does by hand."""
    async with site.product.db.write() as tx:
        await tx.session.execute(text("delete from job where kind = :kind"), {"kind": NIGHTLY})


@dataclass
class Guest:
    visitor: Visitor
    person: str


async def guest(site: Site, said: str) -> Guest:
    visitor = await site.visitor()
    await visitor.say(said)
    await site.product.work.idle()
    async with site.product.db.read() as session:
        return Guest(visitor, (await site.product.conversations.get(session, visitor.id)).person_id)


async def held(site: Site, who: Guest, *, in_days: int) -> Booking:
    first = site.product.bookings.business.today(site.product.conversations._clock.now()) + timedelta(days=in_days)
    return await site.product.bookings.hold(
        conversation_id=who.visitor.id, person_id=who.person, room_type="doble", check_in=first,
        check_out=first + timedelta(days=2), guests=2, guest_name="Ana", guest_phone="+5493415550000",
        guest_email="ana@example.com",
    )  # fmt: skip


async def sign_in_again(site: Site) -> None:
    for key, (email, _name, _role) in STAFF.items():
        site.tokens[key], _ = await site.product.people.sign_in(email, PASSWORD, address="test")


async def words(site: Site, who: Guest) -> int:
    async with site.product.db.read() as session:
        return len(await site.product.conversations.messages(session, who.visitor.id))


async def test_words_go_after_their_time_with_what_the_bot_made_of_them(site: Site, clock: FixedClock) -> None:
    old = await guest(site, "¿tienen pileta?")
    clock.advance(timedelta(days=89))
    new = await guest(site, "¿tienen cochera?")
    assert (await site.product.nightly.forget())["messages"] == 0
    clock.advance(timedelta(days=2))
    before = await words(site, old)
    assert (await site.product.nightly.forget())["messages"] == before > 0
    assert await words(site, old) == 0
    assert await words(site, new) > 0
    async with site.product.db.read() as session:
        shown = await site.product.conversations.get(session, old.visitor.id)
        states = (await session.execute(text("select conversation_id from bot_dialogue"))).scalars().all()
    assert shown.last_text is None
    assert states == [new.visitor.id]
    noted = await deletions(site.product.db)
    assert [(each["what"], each["subject"], each["count"], each["rule"]) for each in noted] == [
        ("messages", old.visitor.id, before, "keep_messages=90")
    ]
    assert (await site.product.nightly.forget())["messages"] == 0


async def test_a_legal_hold_keeps_everything_until_it_is_ended(site: Site, clock: FixedClock) -> None:
    who = await guest(site, "se me cayó el techo encima")
    path = f"/api/people/{who.person}/legal-hold"
    assert (await site.staff("POST", path, "agent", json={"reason": "juicio"})).status_code == 403
    assert (await site.staff("POST", path, "admin", json={"reason": "  "})).status_code == 422
    placed = await site.staff("POST", path, "admin", json={"reason": "juicio"})
    assert placed.status_code == 200
    again = await site.staff("POST", path, "admin", json={"reason": "otra vez"})
    assert again.json() == placed.json()
    booking = await held(site, who, in_days=3)
    clock.advance(timedelta(days=500))
    await site.product.bookings.sweep()
    assert set((await site.product.nightly.forget()).values()) == {0}
    await sign_in_again(site)
    assert [each["person_id"] for each in (await site.staff("GET", "/api/legal-holds", "admin")).json()["items"]] == [
        who.person
    ]
    assert (await site.staff("DELETE", path, "admin")).status_code == 204
    assert (await site.staff("DELETE", path, "admin")).status_code == 404
    done = await site.product.nightly.forget()
    assert done["messages"] > 0
    assert done["guests"] == 1
    assert await words(site, who) == 0
    kept = await site.product.bookings.find(booking.code)
    assert kept is not None
    assert (kept.guest_name, kept.guest_phone, kept.guest_email) == (None, None, None)
    assert kept.total == booking.total
    listed = (await site.staff("GET", "/api/deletions", "admin")).json()["items"]
    assert {each["what"] for each in listed} == {"messages", "guest"}


async def test_a_booking_that_stands_keeps_its_words(site: Site, clock: FixedClock) -> None:
    who = await guest(site, "hola")
    booking = await held(site, who, in_days=200)
    async with site.product.db.write() as tx:
        await tx.session.execute(text("update booking set status = 'confirmed' where id = :id"), {"id": booking.id})
    clock.advance(timedelta(days=250))
    assert (await site.product.nightly.forget())["messages"] == 0
    clock.advance(timedelta(days=60))
    assert (await site.product.nightly.forget())["messages"] > 0
    kept = await site.product.bookings.find(booking.code)
    assert kept is not None
    assert kept.guest_name == "Ana"


async def test_a_guest_is_forgotten_a_year_after_a_booking_that_came_to_nothing(site: Site, clock: FixedClock) -> None:
    booking = await held(site, await guest(site, "hola"), in_days=3)
    clock.advance(timedelta(days=364))
    await site.product.bookings.sweep()
    assert (await site.product.nightly.forget())["guests"] == 0
    clock.advance(timedelta(days=2))
    assert (await site.product.nightly.forget())["guests"] == 1
    kept = await site.product.bookings.find(booking.code)
    assert kept is not None
    assert kept.guest_phone is None


async def test_each_night_is_promised_once_and_makes_a_backup(site: Site, clock: FixedClock) -> None:
    product = site.product
    await product.nightly.promise()
    clock.advance(timedelta(days=1))
    product.work._wake.set()
    await product.work.idle()
    async with product.db.read() as session:
        found = await session.execute(text("select state from job where kind = :kind order by id"), {"kind": NIGHTLY})
        assert [row[0] for row in found] == ["done", "waiting"]
    assert len(list(product.settings.backup_folder.glob("relevo-*.tar"))) == 1


async def test_files_go_with_their_words_and_receipts_stay(site: Site, clock: FixedClock) -> None:
    who = await guest(site, "hola")
    booking = await held(site, who, in_days=3)
    product = site.product
    ids = {}
    for name in ("picture", "receipt", "orphan"):
        stored = await product.attachments.store(b"%PDF-1.7 " + name.encode())
        path = product.settings.data_dir / "files" / f"{stored.sha256[:2]}/{stored.sha256}"
        os.utime(path, (clock.now().timestamp(),) * 2)
        if name != "orphan":
            async with product.db.write() as tx:
                ids[name] = (await product.attachments.add(tx, who.visitor.id, name=f"{name}.pdf", stored=stored)).id
    async with product.db.write() as tx:
        values = {"id": "rcp_1", "booking": booking.id, "file": ids["receipt"], "at": "2026-06-01 10:00:00"}
        await tx.session.execute(
            text(
                "insert into receipt (id, booking_id, attachment_id, sha256, at, by)"
                " values (:id, :booking, :file, 'x', :at, 'guest')"
            ),
            values,
        )
    clock.advance(timedelta(hours=23))
    assert (await product.nightly.forget())["files"] == 0
    clock.advance(timedelta(days=91))
    await product.bookings.sweep()
    done = await product.nightly.forget()
    assert (done["messages"] > 0, done["files"]) == (True, 2)
    async with product.db.read() as session:
        left = await product.attachments.of(session, who.visitor.id)
    assert [each.id for each in left] == [ids["receipt"]]
    assert await product.attachments.read(left[0]) == b"%PDF-1.7 receipt"
