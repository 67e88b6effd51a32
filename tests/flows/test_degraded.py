"""The hotel's system fails, slows down or lies low: nothing is sold, everybody is told, and it ends by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import func, select, update

from relevo.adapters.pms.embedded import ReservationRow
from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build
from relevo.app.house import switch_alerts, watch_addresses
from relevo.bookings.events import BookingCancelled, NeedsStaff
from relevo.bookings.models import BookingRow, RoomNightRow, VoucherRow
from relevo.bookings.ports import Pms
from relevo.bookings.rules import Booking
from relevo.bookings.rules.road import Needs
from relevo.bot.service import Turn
from relevo.conversations.rules import Conversation, Kind
from relevo.desk.service import LOOK
from relevo.kit.clock import FixedClock
from relevo.kit.errors import Conflict, NotReady
from relevo.kit.failover import Failover, FailoverTransport, Switched
from relevo.kit.tasks import Tasks
from relevo.people.rules import Role, Staff
from relevo.settings import Settings
from relevo.texts import entries
from tests.ready import migrate

PASSWORD = "a long password"
WANTS = "Hola, una doble del 12 al 15 de diciembre para dos personas"
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)


class House:
    """The whole product in one process with a clock that stands still, and a PMS that can be taken away."""

    def __init__(self, product: Product, http: httpx.AsyncClient, clock: FixedClock) -> None:
        self.product = product
        self.http = http
        self.clock = clock
        self.tokens: dict[str, str] = {}
        self.staff: dict[str, Staff] = {}
        self.trouble: NotReady | None = None
        self._guests = 0
        pms = product.bookings._pms
        occupied = pms.occupied

        async def asked(check_in: date, check_out: date) -> Mapping[str, frozenset[date]]:
            if self.trouble is not None:
                raise self.trouble
            return await occupied(check_in, check_out)

        async def health() -> None:
            if self.trouble is not None:
                raise self.trouble

        pms.occupied, pms.health = asked, health  # type: ignore[method-assign]
        find, book = pms.find, pms.book

        async def found(code: str) -> str | None:
            await health()
            return await find(code)

        async def sold(booking: Booking) -> str:
            await health()
            return await book(booking)

        pms.find, pms.book = found, sold  # type: ignore[method-assign]

    async def enrol(self, name: str, role: Role) -> None:
        await self.product.people.enrol(email=f"{name}@x.com", name=name, role=role, password=PASSWORD)
        await self.sign_in(name)

    async def sign_in(self, name: str) -> None:
        token, staff = await self.product.people.sign_in(f"{name}@x.com", PASSWORD, address="test")
        self.tokens[name], self.staff[name] = token, staff

    async def looks(self, times: int) -> None:
        for _ in range(times):
            self.clock.advance(LOOK)
            await self.product.house.watch.look()

    async def minutes(self, count: int) -> None:
        """Time goes by, with everything that is due in it."""
        for _ in range(count):
            self.clock.advance(timedelta(minutes=1) - LOOK)
            await self.looks(1)
            await self.product.work.idle()

    async def said(self, guest: tuple[str, str]) -> list[str]:
        async with self.product.db.read() as session:
            thread = await self.product.conversations.messages(session, guest[0])
        return [message.text for message in thread if message.kind is Kind.TEXT]

    async def ask(self, method: str, path: str, who: str = "julian", **kwargs: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        return await self.http.request(method, path, headers=headers, **kwargs)

    async def guest(self) -> tuple[str, str]:
        started = (await self.http.post("/api/webchat/sessions", json={})).json()
        return started["id"], started["token"]

    async def says(self, guest: tuple[str, str], text: str) -> str:
        answer = await self.http.post(
            f"/api/webchat/sessions/{guest[0]}/messages?wait=1",
            json={"text": text},
            headers={"authorization": f"Bearer {guest[1]}"},
        )
        return "\n".join(reply["text"] for reply in answer.json().get("replies", []))

    async def conversation(self, guest: tuple[str, str]) -> Conversation:
        async with self.product.db.read() as session:
            return await self.product.conversations.get(session, guest[0])

    async def alerts(self) -> list[tuple[str, str]]:
        items = (await self.ask("GET", "/api/alerts")).json()["items"]
        return sorted((item["kind"], item["link"]) for item in items)


@asynccontextmanager
async def living(product: Product) -> AsyncIterator[None]:
    async with product.web.router.lifespan_context(product.web):
        yield


@pytest.fixture
async def house(tmp_path: Path, clock: FixedClock, engine: Embedded) -> AsyncIterator[House]:
    settings = Settings(data_dir=tmp_path / "var", speech="off")
    await migrate(settings)
    product = build(settings, clock=clock, understander=engine)
    transport = httpx.ASGITransport(product.web)
    async with living(product), httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        made = House(product, http, clock)
        await made.enrol("julian", Role.SUPERVISOR)
        yield made


async def test_an_outage_from_its_first_failure_to_its_end(house: House) -> None:
    guest, other = await house.guest(), await house.guest()
    assert "Doble" in await house.says(guest, WANTS)
    house.trouble = NotReady("pms_unreachable")
    # Before the outage is certain a guest is passed on as well; nobody is told that the room is gone.
    said = await house.says(guest, "Sí, reservala")
    assert "ocupar" not in said
    assert (await house.conversation(guest)).control == "queued"
    await house.looks(3)
    mode = (await house.ask("GET", "/api/mode")).json()
    assert (mode["mode"], mode["selling"]) == ("degraded", False)
    assert {part["name"]: part["state"] for part in mode["parts"]}["pms"] == "down"
    assert "una persona sigue la conversación" in await house.says(other, WANTS)
    waiting = await house.conversation(other)
    assert (waiting.control, waiting.reason) == ("queued", "not_selling")
    assert await house.alerts() == [
        ("escalated", f"/c/{guest[0]}"), ("pms_down", "/hoy"), ("waiting", f"/c/{other[0]}"),
    ]  # fmt: skip
    health = (await house.http.get("/health")).json()
    assert (health["status"], health["checks"]["pms"]) == ("degraded", "pms_unreachable")

    house.trouble = None
    await house.looks(8)
    late = await house.guest()
    assert "una persona sigue" in await house.says(late, WANTS)
    await house.looks(1)
    assert (await house.ask("GET", "/api/mode")).json()["mode"] == "normal"
    fresh = await house.guest()
    assert "Doble" in await house.says(fresh, WANTS)
    assert "bloque" in await house.says(fresh, "Sí, reservala")
    for waits in (guest, other, late):
        async with house.product.db.write() as tx:
            await house.product.conversations.take_over(tx, waits[0], staff=house.staff["julian"])
    assert await house.alerts() == []


async def test_what_has_nothing_to_do_with_rooms_is_still_answered(house: House) -> None:
    house.trouble = NotReady("pms_unreachable")
    await house.looks(3)
    guest = await house.guest()
    assert "pileta" in (await house.says(guest, "¿Tienen pileta?")).lower()
    assert (await house.conversation(guest)).control == "bot"


async def test_manual_mode_by_hand(house: House) -> None:
    await house.enrol("marta", Role.AGENT)
    wish = {"mode": "manual", "reason": "Se corta la luz"}
    assert (await house.ask("POST", "/api/mode", "marta", json=wish)).status_code == 403
    assert (await house.ask("POST", "/api/mode", json={"mode": "manual"})).json()["error"]["code"] == "mode_reason"
    answer = (await house.ask("POST", "/api/mode", json=wish)).json()
    assert (answer["mode"], answer["reason"], answer["by"]["name"]) == ("manual", "Se corta la luz", "julian")
    guest = await house.guest()
    assert "una persona sigue" in await house.says(guest, WANTS)
    conversation = await house.conversation(guest)
    with pytest.raises(Conflict, match="not_selling"):
        await house.product.bookings.hold(
            conversation_id=conversation.id, person_id=conversation.person_id, room_type="doble", check_in=IN,
            check_out=OUT, guests=2,
        )  # fmt: skip
    assert (await house.ask("GET", "/api/mode", "marta")).json()["mode"] == "manual"
    (alert,) = (await house.ask("GET", "/api/alerts", "marta")).json()["items"]
    done = (await house.ask("POST", f"/api/alerts/{alert['id']}/done", "marta")).json()
    assert (done["state"], done["done_by"]["name"]) == ("done", "marta")
    back = (await house.ask("POST", "/api/mode", json={"mode": "normal"})).json()
    assert (back["mode"], back["selling"]) == ("normal", True)
    history = (await house.ask("GET", "/api/mode/history")).json()["items"]
    assert [(entry["mode"], entry["by"]["name"]) for entry in history] == [("normal", "julian"), ("manual", "julian")]


async def test_a_yes_to_an_offer_from_before_is_not_kept_and_not_called_full(house: House) -> None:
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.ask("POST", "/api/mode", json={"mode": "manual", "reason": "obra"})
    said = await house.says(guest, "Sí, reservala")
    assert "una persona sigue" in said
    assert "ocupar" not in said
    assert (await house.conversation(guest)).reason == "not_selling"
    assert await house.product.bookings.live_hold(guest[0]) is None


async def test_a_hold_goes_on_through_an_outage(house: House) -> None:
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.says(guest, "Sí, reservala")
    house.trouble = NotReady("pms_unreachable")
    await house.looks(3)
    booking = await house.product.bookings.live_hold(guest[0])
    assert booking is not None
    assert (await house.product.bookings.extend(booking.code, by="julian")).extensions == 1


async def test_staff_go_on_by_hand_while_a_guest_is_refused(house: House) -> None:
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.says(guest, "Sí, reservala")
    booking = await house.product.bookings.live_hold(guest[0])
    assert booking is not None
    await house.ask("POST", "/api/mode", json={"mode": "manual", "reason": "obra"})
    wish = {"check_out": "2026-12-16", "dry_run": True}
    assert (await house.ask("POST", f"/api/bookings/{booking.code}/change", json=wish)).status_code == 200
    with pytest.raises(NotReady, match="not_selling"):
        await house.product.changes.propose_change(booking.code, check_out=date(2026, 12, 16), by_guest=True)


async def test_a_caller_is_told_in_words_for_the_ear(house: House) -> None:
    house.trouble = NotReady("pms_unreachable")
    await house.looks(3)
    guest = await house.guest()
    conversation = await house.conversation(guest)
    turn = Turn(conversation.id, conversation.person_id, "call", WANTS, "msg_1", conversation.control_version)
    answer = await house.product.bot.respond(turn)
    assert answer.handoff == "not_selling"
    assert "Te paso con una persona" in (answer.replies[0].spoken_text or "")


async def test_a_booking_that_needs_a_person_is_an_alert_until_it_has_gone_on(house: House) -> None:
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.says(guest, "Sí, reservala")
    booking = await house.product.bookings.live_hold(guest[0])
    assert booking is not None
    async with house.product.db.write() as tx:
        await tx.publish(NeedsStaff("booking", booking.id, guest[0], Needs.NO_ROOM))
        await tx.publish(NeedsStaff("booking", booking.id, guest[0], Needs.REFUND))
    link = f"/reservas/{booking.code}"
    assert await house.alerts() == [("needs_staff", link), ("refund_due", link)]
    async with house.product.db.write() as tx:
        await tx.publish(BookingCancelled(booking.id))
    assert await house.alerts() == [("refund_due", link)]


async def test_a_pms_with_two_addresses_is_watched_and_told_of(house: House) -> None:
    refused: list[str] = []

    class Gone(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            refused.append(request.url.host)
            if request.url.host == "pms.one" and len(refused) < 4:
                raise httpx.ConnectError("no", request=request)
            return httpx.Response(200)

    tasks, product = Tasks(), house.product
    transport = FailoverTransport(Failover("pms", "http://pms.one", "http://pms.two", house.clock), Gone())
    pms, watch = SimpleNamespace(failover=transport), product.house.watch
    watch_addresses(cast(Pms, pms), watch, product.house.alerts, product.db, tasks)
    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("http://pms.one/")
        assert (await http.get("http://pms.one/")).status_code == 200
        await tasks.settle()
        assert await house.alerts() == [("failover", "/hoy")]
        await house.looks(12)
        await tasks.settle()
    assert await house.alerts() == []
    assert not transport.failover.on_backup


async def test_another_address_is_told_of_and_so_is_the_way_back(house: House) -> None:
    tasks = Tasks()
    tell = switch_alerts(house.product.house.alerts, house.product.db, tasks)
    tell(Switched("pms", "http://pms.two", True))
    await tasks.settle()
    assert await house.alerts() == [("failover", "/hoy")]
    tell(Switched("pms", "http://pms.one", False))
    await tasks.settle()
    assert await house.alerts() == []


async def test_a_deposit_confirmed_into_an_outage_of_an_hour(house: House) -> None:
    """Nothing is lost, guest and staff are told once, and it ends without hands."""
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.says(guest, "Sí, reservala")
    await house.says(guest, "A nombre de Florencia Paz, flor@example.com")
    booking = await house.product.bookings.live_hold(guest[0])
    assert booking is not None
    house.trouble = NotReady("pms_unreachable")
    await house.product.deposits.confirm(booking.code, by=house.staff["julian"].id)
    before = len(await house.said(guest))
    await house.minutes(60)
    waits = await house.product.bookings.find(booking.code)
    assert waits is not None
    assert waits.status.value == "confirming"
    assert len(await house.said(guest)) - before <= 2
    assert [kind for kind, _ in await house.alerts()] == ["needs_staff", "pms_down"]
    async with house.product.db.read() as session:
        assert (await session.execute(select(func.count()).select_from(ReservationRow))).scalar_one() == 0

    house.trouble = None
    await house.minutes(6)
    done = await house.product.bookings.find(booking.code)
    assert done is not None
    assert (done.status.value, done.deposit_status.value) == ("confirmed", "confirmed")
    assert await house.alerts() == []
    assert (await house.ask("GET", "/api/mode")).json()["mode"] == "normal"
    async with house.product.db.read() as session:
        assert (await session.execute(select(func.count()).select_from(ReservationRow))).scalar_one() == 1
        assert (await session.execute(select(func.count()).select_from(VoucherRow))).scalar_one() == 1
        nights = (await session.execute(select(RoomNightRow.status))).scalars().all()
    assert nights == ["booked"] * 3


@pytest.mark.parametrize("reason", list(Needs))
@pytest.mark.parametrize("locale", ["es", "en"])
def test_every_reason_has_words(reason: Needs, locale: str) -> None:
    assert f"desk.why.{reason.value}" in entries(locale)


async def test_the_morning_is_told_once(house: House) -> None:
    guest = await house.guest()
    await house.says(guest, WANTS)
    await house.says(guest, "Sí, reservala")
    today = house.clock.now().astimezone(house.product.bookings.business.timezone).date() + timedelta(days=1)
    async with house.product.db.write() as tx:
        await tx.session.execute(
            update(BookingRow).values(
                status="confirmed", check_in=today, guest_name="Ana Paz", deposit_status="confirmed"
            )
        )
    zone = house.product.bookings.business.timezone
    at_eight = datetime(today.year, today.month, today.day, 8, tzinfo=zone)
    house.clock.advance(at_eight - house.clock.now())
    await house.product.work.idle()
    await house.sign_in("julian")
    (alert,) = (await house.ask("GET", "/api/alerts")).json()["items"]
    assert (alert["kind"], alert["subject"], alert["severity"]) == ("summary", today.isoformat(), "info")
    assert alert["text"].startswith("1 llegadas, 0 salidas")
    summary = (await house.ask("GET", "/api/summary")).json()
    assert (summary["arrivals"], summary["departures"], summary["alerts"]) == (1, 0, 1)
    assert summary["arriving"][0]["guest_name"] == "Ana Paz"
    figures = await house.product.house.mornings.figures()
    assert "Ana Paz · Doble" in house.product.house.mornings.letter(figures)
    house.clock.advance(timedelta(days=1))
    await house.product.work.idle()
    await house.sign_in("julian")
    items = (await house.ask("GET", "/api/alerts")).json()["items"]
    assert [item["subject"] for item in items] == [(today + timedelta(days=1)).isoformat()]
