"""A house of two teams for the matrix: the same things three times, ours, theirs and nobody's, and everybody who may
look at them. Every name, number and word of a side occurs on no other, so that a leak is a word in an answer."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, select, update

from relevo.adapters.understanding.embedded import Embedded
from relevo.app import Product, build
from relevo.appointments.models import AppointmentRow
from relevo.bookings.models import BookingRow
from relevo.calls.models import CallbackRow, CallRow, RecordingRow
from relevo.conversations.models import ConversationRow
from relevo.desk.queue_models import PlannedCallbackRow, QueueEntryRow
from relevo.desk.rules import News, RequestKind, Severity
from relevo.kit.clock import FixedClock
from relevo.kit.db import Tx
from relevo.outreach.models import FeedbackRow, ReminderRow
from relevo.people.rules import Breadth, Identity, IdentityKind, Role
from relevo.settings import Settings
from relevo.tours.models import TourPlaceRow
from tests.ready import migrate

PASSWORD = "a long password"
STAFF = {
    "agent": (Role.AGENT, Breadth.HOUSE),
    "supervisor": (Role.SUPERVISOR, Breadth.HOUSE),
    "executive": (Role.EXECUTIVE, Breadth.HOUSE),
    "admin": (Role.ADMIN, Breadth.HOUSE),
    "auditor": (Role.AUDITOR, Breadth.HOUSE),
    "our agent": (Role.AGENT, Breadth.TEAMS),
    "our supervisor": (Role.SUPERVISOR, Breadth.TEAMS),
}
NARROW = ("our agent", "our supervisor")
SIDES = ("ours", "theirs", "free")


@dataclass(frozen=True)
class Side:
    """What there is of one side, by the parameter that names it in an address."""

    ids: dict[str, str]
    marks: tuple[str, ...]
    """Words of its own."""


@dataclass
class Town:
    product: Product
    http: httpx.AsyncClient
    tokens: dict[str, str]
    staff: dict[str, str]
    sides: dict[str, Side]

    async def ask(self, who: str, method: str, path: str, **how: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        return await self.http.request(method, path, headers=headers, **how)


@asynccontextmanager
async def built(folder: Path, clock: FixedClock, engine: Embedded, url: str = "") -> AsyncIterator[Town]:
    settings = Settings(
        data_dir=folder / "var", database_url=url, speech="fake", appointments="embedded", tours="embedded",
        twilio_auth_token="twilio-secret",  # type: ignore[arg-type]
    )  # fmt: skip
    await migrate(settings)
    product = build(settings, clock=clock, understander=engine)
    async with (
        product.web.router.lifespan_context(product.web),
        httpx.AsyncClient(transport=httpx.ASGITransport(product.web), base_url="http://localhost:8000") as http,
    ):
        staff, tokens = {}, {}
        for who, (role, _) in STAFF.items():
            email = f"{who.replace(' ', '.')}@x.com"
            staff[who] = (await product.people.enrol(email=email, name=f"Staff {who}", role=role, password=PASSWORD)).id
            tokens[who], _member = await product.people.sign_in(email, PASSWORD, address="test")
        other = await product.people.enrol(email="z@x.com", name="Zulema Zeta", role=Role.AGENT, password=PASSWORD)
        town = Town(product, http, tokens, staff, {})
        await _teams(town, other.id)
        for who in NARROW:
            path = f"/api/staff/{staff[who]}"
            assert (await town.ask("admin", "PATCH", path, json={"scope": "teams"})).status_code == 200
        for number, side in enumerate(SIDES):
            town.sides[side] = await _side(town, side, number, clock, other.id)
        await product.work.idle()
        yield town


async def _teams(town: Town, other: str) -> None:
    async def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await town.ask("admin", "POST", path, json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    ours = [{"id": town.staff[who]} for who in NARROW]
    setup = await post("/api/teams", {"name": "Equipo nuestro", "members": ours})
    setup = await post("/api/teams", {"name": "Equipo zafiro", "members": [{"id": other}]})
    teams = {each["name"]: each["id"] for each in setup["teams"]}
    for name, reason, team in (
        ("Cola nuestra", "words", ["Equipo nuestro"]),
        ("Cola zafiro", "anger", ["Equipo zafiro"]),
        ("Cola de todos", "payment", []),
    ):
        body = {"name": name, "reasons": [reason], "teams": [teams[each] for each in team], "result_required": True}
        await post("/api/queues", body)


WORD = {"ours": "orquidea", "theirs": "zarzamora", "free": "farolito"}
NAME = {"ours": "Ona Orquidea", "theirs": "Zoilo Zarzamora", "free": "Fabia Farolito"}
QUEUE = {"ours": "words", "theirs": "anger", "free": "payment"}
ROOM = {"ours": "DBL", "theirs": "TPL", "free": "SUI"}


async def _side(town: Town, side: str, number: int, clock: FixedClock, other: str) -> Side:
    product, word = town.product, WORD[side]
    phone, mail = f"+549341550{number}77{number}", f"{word}@guest.example"
    async with product.db.write() as tx:
        person = await product.people.find_or_create(
            tx, [Identity(IdentityKind.PHONE, phone), Identity(IdentityKind.EMAIL, mail)], name=NAME[side]
        )
        opened = await product.conversations.open(tx, channel="webchat", person_id=person.id)
        called = await product.conversations.open(tx, channel="call", person_id=person.id)
    stored = await product.attachments.store(f"%PDF-1.4 {word}".encode())
    async with product.db.write() as tx:
        said = await product.conversations.receive(tx, opened.id, text=f"busco {word}", answer=False)
        await product.conversations.receive(tx, called.id, text=f"llamo por {word}", answer=False)
        for each in (opened, called):
            now_ = await product.conversations.now(tx, each.id)
            await product.conversations.ask_for_person(
                tx, each.id, version=now_.control_version, reason=QUEUE[side]
            )  # fmt: skip
        file = await product.attachments.add(tx, opened.id, name=f"{word}.pdf", stored=stored)
    stay = date(2026, 12, 10 + number)
    kinds = [each.code for each in product.bookings.business.room_types]
    booking = await product.bookings.hold(
        conversation_id=opened.id, person_id=person.id, room_type=kinds[number % len(kinds)], check_in=stay,
        check_out=stay + timedelta(days=2), guests=1, guest_name=NAME[side], guest_phone=phone, guest_email=mail,
    )  # fmt: skip
    asked = await product.requests.ask(
        RequestKind.GROUPS, conversation_id=opened.id, person_id=person.id, details={"words": word}, key="k",
        booking_code=booking.code,
    )  # fmt: skip
    ids = {
        "conversation_id": opened.id, "message_id": said.message.id, "attachment_id": file.id,
        "call_id": f"cal_{word}", "recording_id": f"rec_{word}", "callback_id": f"cbk_{word}", "code": booking.code,
        "appointment": f"CI-{word[:5].upper()}", "places": f"EX-{word[:5].upper()}", "reminder_id": f"rem_{word}",
        "request_id": asked.id, "person_id": person.id,
    }  # fmt: skip
    async with product.db.write() as tx:
        await _rows(tx, side, ids, called.id, person.id, phone, product, clock, booking.id)
        entry = select(QueueEntryRow.id, QueueEntryRow.queue_id).where(QueueEntryRow.conversation_id == opened.id)
        ids["entry_id"], ids["queue_id"] = (await tx.session.execute(entry)).one()
        alert = await product.house.alerts.report(
            tx, News("needs_staff", f"{booking.id}:x", Severity.WARNING, {"code": booking.code, "why": "no_room"})
        )
        ids["alert_id"] = alert.id
        if side == "theirs":
            # Zulema has the call, so that nobody else is in it.
            await product.conversations.take_over(tx, called.id, staff=await _member(product, other))
    await _sound(product, f"rec_{word}")
    if side != "free":
        setup = (await town.ask("admin", "GET", "/api/queues")).json()
        name = "Equipo nuestro" if side == "ours" else "Equipo zafiro"
        ids["team_id"] = next(each["id"] for each in setup["teams"] if each["name"] == name)
        ids["staff_id"] = town.staff["our agent"] if side == "ours" else other
    # Of a number that is searched for only what follows is the guest's own.
    marks = (word, word.capitalize(), phone[4:], *(ids[key] for key in sorted(ids) if key not in ("staff_id",)))
    if side == "theirs":
        marks = (*marks, "zafiro")
    return Side({**ids, "called": called.id}, marks)


async def _member(product: Product, staff_id: str) -> Any:
    member = await product.people.staff(staff_id)
    assert member is not None
    return member


async def _rows(
    tx: Tx, side: str, ids: dict[str, str], called: str, person: str, phone: str, product: Product,
    clock: FixedClock, booking: str,
) -> None:  # fmt: skip
    now, word, run = clock.now(), WORD[side], tx.session.execute
    await run(insert(CallRow).values(
        id=ids["call_id"], conversation_id=called, person_id=person, direction="inbound", line="twilio",
        external_id=f"CA{word}", session_id=None, from_number=phone, to_number="+543410000", status="active",
        node=product.nodes.id, started_at=now, answered_at=now,
    ))  # fmt: skip
    await run(insert(RecordingRow).values(
        id=ids["recording_id"], call_id=ids["call_id"], milliseconds=1000, size=100, started_at=now, ended_at=now,
        state="kept_wav", number=len(word), markers=[], words=f"hablamos de {word}", names=word,
    ))  # fmt: skip
    await run(insert(CallbackRow).values(
        id=ids["callback_id"], call_id=ids["call_id"], conversation_id=called, person_id=person, number=phone,
        begin_at=now, end_at=now + timedelta(hours=1), asked_at=now,
    ))  # fmt: skip
    await run(insert(PlannedCallbackRow).values(
        id=f"pcb_{word}", conversation_id=called, person_id=person, number=phone, begin_at=now,
        end_at=now + timedelta(hours=1), asked_at=now, why="result",
    ))  # fmt: skip
    await run(insert(ReminderRow).values(
        id=ids["reminder_id"], booking_id=booking, conversation_id=ids["conversation_id"],
        kind="week_before", version=1, about=now.date(), due_at=now, until=now + timedelta(days=1),
        state="skipped", reason="unreachable", decision={},
        tries=0,
    ))  # fmt: skip
    await run(insert(FeedbackRow).values(booking_id=booking, score=4, text=f"muy {word}", via="link", at=now))
    await run(insert(AppointmentRow).values(
        id=f"apt_{word}", code=ids["appointment"], key=word, person_id=person,
        conversation_id=ids["conversation_id"], service="masaje", resource="r", place=0, start=now,
        end=now + timedelta(hours=1), status="booked", price=1, currency="ARS", name=NAME[side], phone=phone,
        created_at=now,
    ))  # fmt: skip
    await run(insert(TourPlaceRow).values(
        id=f"tpl_{word}", code=ids["places"], key=word, person_id=person, conversation_id=ids["conversation_id"],
        excursion="x", name="Excursión", day=now.date(), start=now, adults=1, children=0, price=1, currency="ARS",
        status="booked", guest_name=NAME[side], guest_phone=phone, created_at=now,
    ))  # fmt: skip
    await run(update(BookingRow).where(BookingRow.id == booking).values(deposit_status="received"))
    conversation = ConversationRow.id == ids["conversation_id"]
    assert (await run(select(ConversationRow.queue_id).where(conversation))).scalar_one() is not None


async def _sound(product: Product, recording_id: str) -> None:
    assert product.voice is not None
    path: Path = product.settings.data_dir / "recordings"
    place = product.voice.archive._shelf.place(recording_id)
    assert path in place.parents
    place.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(place), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(32_000))
