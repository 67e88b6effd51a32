"""Vouchers: what they say, one per version of a stay, and on their way by chat and e-mail."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from pypdf import PdfReader
from sqlalchemy import func, select, update

from relevo.adapters.documents.voucher import VoucherPrinter
from relevo.adapters.storage.files import LocalFiles
from relevo.bookings.events import BookingChangedStay, BookingConfirmed, NeedsStaff
from relevo.bookings.models import BookingRow, VoucherRow
from relevo.bookings.rules import Booking
from relevo.bookings.voucher import MAIL_TRIES, Voucher, retry_mail_after, voucher_of
from relevo.bookings.vouchers import AGAIN_AFTER, VOUCHER, VOUCHER_MAIL, Vouchers
from relevo.conversations.attachments import Attachments
from relevo.conversations.models import AttachmentRow, ConversationRow
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Author, Delivery, Kind, Message
from relevo.conversations.service import DELIVER, Conversations
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, NotFound, NotReady, ProviderError, RelevoError
from relevo.kit.events import Events
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.mail import MailFile
from relevo.kit.work import JobRow, Work
from relevo.people.service import People
from relevo.texts import Texts
from tests.bookings.world import HOTEL, Hotel


class Post:
    """Keeps letters; fails first as often as it is told to."""

    def __init__(self) -> None:
        self.on = True
        self.letters: list[tuple[str, str, str, list[str], str]] = []
        self.failures: list[RelevoError] = []

    async def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        attachments: Sequence[MailFile] = (),
        key: str,
    ) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append((to, subject, text, [file.name for file in attachments], key))


class Page:
    name = "webchat"

    async def deliver(self, outgoing: Outgoing) -> Sent:  # noqa: ARG002
        return Sent(Delivery.SENT)


@dataclass
class House:
    hotel: Hotel
    db: Database
    work: Work
    clock: FixedClock
    conversations: Conversations
    attachments: Attachments
    vouchers: Vouchers
    post: Post
    told: list[NeedsStaff] = field(default_factory=list)

    async def confirmed(self, conversation: str = "cnv_1", **columns: object) -> Booking:
        """A booking that was sold, with its voucher promised."""
        held = await self.hotel.hold(
            conversation, "doble", date(2026, 12, 16), date(2026, 12, 20), guests=2, guest_name="María José Núñez"
        )
        given = {"status": "confirmed", "deposit_status": "confirmed", "paid": held.deposit.amount, **columns}
        async with self.db.write() as tx:
            await tx.session.execute(update(BookingRow).where(BookingRow.id == held.id).values(**given))
            await tx.publish(BookingConfirmed(held.id, held.code, conversation, 1))
        return held

    async def changed(self, booking: Booking, **columns: object) -> None:
        async with self.db.write() as tx:
            await tx.session.execute(update(BookingRow).where(BookingRow.id == booking.id).values(version=2, **columns))
            await tx.publish(BookingChangedStay(booking.id, 2))

    async def thread(self, conversation: str = "cnv_1") -> list[Message]:
        async with self.db.read() as session:
            return await self.conversations.messages(session, conversation)

    async def rows(self, table: type[VoucherRow] | type[AttachmentRow]) -> int:
        async with self.db.read() as session:
            return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


@pytest.fixture
async def house(
    hotel: Hotel,
    db: Database,
    events: Events,
    live: Live,
    work: Work,
    clock: FixedClock,
    ids: CountingIds,
    tmp_path: Path,
) -> House:
    conversations = Conversations(db, live, work, People(db, clock, ids), clock, ids, Texts("es"), {"webchat": Page()})
    attachments = Attachments(LocalFiles(tmp_path / "files"), clock, ids)
    post = Post()
    vouchers = Vouchers(db, work, conversations, attachments, VoucherPrinter(), post, HOTEL, clock)
    work.handle(VOUCHER, vouchers.make_job)
    work.handle(VOUCHER_MAIL, vouchers.mail_job)
    work.handle(DELIVER, conversations.deliver_job)
    found = House(hotel, db, work, clock, conversations, attachments, vouchers, post)

    async def tell(_tx: object, event: NeedsStaff) -> None:
        found.told.append(event)

    events.on_within(BookingConfirmed, vouchers.promise)
    events.on_within(BookingChangedStay, vouchers.promise)
    events.on_within(NeedsStaff, tell)
    return found


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def voucher(house: House, **columns: object) -> Voucher:
    held = await house.confirmed(**columns)
    booking = await house.hotel.bookings.find(held.code)
    assert booking is not None
    return voucher_of(booking, HOTEL, locale=booking.locale or "es_AR", issued=house.clock.now())


async def test_the_page_says_what_is_true_of_the_stay_in_the_guests_language(house: House) -> None:
    made = await voucher(house)
    text = words(VoucherPrinter().pdf(made))
    for said in (
        "Hotel Mirador del Río", "Reserva confirmada", made.code, "Presentá este código", "Llegada · miércoles",
        "16 de diciembre de 2026", "desde las 14:00", "20 de diciembre de 2026", "hasta las 10:00", "María José Núñez",
        "4 noches", "Doble", "2 personas", "$ 272.000", "$ 81.600", "$ 190.400", HOTEL.policies["cancelacion"],
        HOTEL.email, "21 de noviembre de 2026",
    ):  # fmt: skip
        assert said in text, said


async def test_the_page_in_english(house: House) -> None:
    text = words(VoucherPrinter().pdf(await voucher(house, locale="en")))
    for said in ("Booking confirmed", "Check-in · Wednesday", "16 December 2026", "$ 190,400 ARS", "2 people"):
        assert said in text, said


async def test_the_same_voucher_is_the_same_file_and_embeds_its_fonts(house: House) -> None:
    made = await voucher(house)
    pdf = VoucherPrinter().pdf(made)
    assert pdf == VoucherPrinter().pdf(made)
    assert VoucherPrinter().calendar(made) == VoucherPrinter().calendar(made)
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    descendants = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts.values()]
    assert all("/FontFile2" in each["/FontDescriptor"] for each in descendants)
    assert len(pdf) < 100_000


async def test_a_guest_whose_name_cannot_be_written_still_gets_a_page(house: House) -> None:
    text = words(VoucherPrinter().pdf(await voucher(house, guest_name="王伟 🏨")))
    assert "A nombre de" not in text
    assert "RL-" in text


async def test_the_calendar_has_the_hours_of_the_house(house: House) -> None:
    made = await voucher(house)
    calendar = Calendar.from_ical(VoucherPrinter().calendar(made))
    assert isinstance(calendar, Calendar)
    (entry,) = [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]
    assert entry.start.astimezone(UTC).isoformat() == "2026-12-16T17:00:00+00:00"
    assert entry.end.astimezone(UTC).isoformat() == "2026-12-20T13:00:00+00:00"
    assert made.code in str(entry["description"])


async def test_a_confirmed_booking_gets_one_voucher_by_chat_and_by_mail(house: House) -> None:
    booking = await house.confirmed(guest_email="maria@casa.example")
    await house.work.drain()
    (said,) = [each for each in await house.thread() if each.author is Author.SYSTEM and each.kind is Kind.TEXT]
    assert booking.code in said.text
    assert [(each["name"], each["media_type"]) for each in said.attachments] == [
        (f"voucher-{booking.code}.pdf", "application/pdf"),
        (f"voucher-{booking.code}.ics", "text/calendar"),
    ]
    assert said.delivery is Delivery.SENT
    ((to, subject, text, files, key),) = house.post.letters
    assert (to, files) == ("maria@casa.example", [each["name"] for each in said.attachments])
    assert booking.code in subject
    assert "Hola, María José Núñez:" in text
    assert key == f"voucher:{booking.id}:1:1"
    assert house.told == []


async def test_a_job_that_is_done_again_makes_nothing_new(house: House) -> None:
    await house.confirmed(guest_email="maria@casa.example")
    await house.work.drain()
    for _ in range(2):
        async with house.db.write() as tx:
            await tx.session.execute(update(JobRow).values(state="waiting"))
        await house.work.drain()
    assert await house.rows(VoucherRow) == 1
    assert await house.rows(AttachmentRow) == 2
    assert len([each for each in await house.thread() if each.kind is Kind.TEXT]) == 1
    assert len(house.post.letters) == 1


async def test_a_crash_after_printing_leaves_nothing_half_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.confirmed()
    with monkeypatch.context() as patch:

        async def dies(*_args: object, **_rest: object) -> None:
            raise OSError("gone")

        patch.setattr(house.conversations, "system_says", dies)
        await house.work.drain()
    assert (await house.rows(VoucherRow), await house.rows(AttachmentRow), await house.thread()) == (0, 0, [])
    house.clock.advance(timedelta(seconds=2))
    await house.work.drain()
    assert (await house.rows(VoucherRow), await house.rows(AttachmentRow)) == (1, 2)


async def test_another_stay_gets_another_voucher_and_the_old_job_does_no_harm(house: House) -> None:
    booking = await house.confirmed()
    await house.work.drain()
    await house.changed(booking, check_out=date(2026, 12, 21))
    await house.work.drain()
    texts = [each.text for each in await house.thread() if each.kind is Kind.TEXT]
    assert len(texts) == 2
    assert "reemplaza al anterior" in texts[1]
    name, pdf = await house.vouchers.pdf(booking.code)
    assert name == f"voucher-{booking.code}-2.pdf"
    assert "Versión 2" in words(pdf)
    assert "5 noches" in words(pdf)


async def test_a_booking_cancelled_in_the_meantime_gets_none(house: House) -> None:
    booking = await house.confirmed(status="cancelled", guest_email="maria@casa.example")
    await house.work.drain()
    assert await house.rows(VoucherRow) == 0
    assert house.post.letters == []
    with pytest.raises(Conflict):
        await house.vouchers.send(booking.code, by="stf_1")
    with pytest.raises(NotFound):
        await house.vouchers.pdf("RL-22222")


async def test_it_is_sent_again_when_asked_and_a_double_click_is_one(house: House) -> None:
    booking = await house.confirmed(guest_email="maria@casa.example")
    await house.work.drain()
    house.clock.advance(AGAIN_AFTER)
    for _ in range(2):
        sent = await house.vouchers.send(booking.code.lower(), by="stf_1")
        assert (sent.chat, sent.mail) == (True, True)
    await house.work.drain()
    said = [each for each in await house.thread() if each.kind is Kind.TEXT]
    assert len(said) == 2
    assert [each["id"] for each in said[0].attachments] == [each["id"] for each in said[1].attachments]
    assert [letter[4] for letter in house.post.letters] == [f"voucher:{booking.id}:1:{number}" for number in (1, 2)]
    assert await house.rows(AttachmentRow) == 2


async def test_files_deleted_with_old_messages_are_made_again(house: House) -> None:
    booking = await house.confirmed()
    await house.work.drain()
    _, before = await house.vouchers.pdf(booking.code)
    async with house.db.write() as tx:
        await tx.session.execute(AttachmentRow.__table__.delete())  # type: ignore[attr-defined]
    house.clock.advance(timedelta(days=100))
    _, after = await house.vouchers.pdf(booking.code)
    assert after == before


async def test_a_mail_server_that_is_down_for_an_hour_delays_the_letter_only(house: House) -> None:
    booking = await house.confirmed(guest_email="maria@casa.example")
    house.post.failures = [NotReady("mail_unavailable") for _ in range(6)]
    await house.work.drain()
    assert len([each for each in await house.thread() if each.kind is Kind.TEXT]) == 1
    for _ in range(6):
        assert house.post.letters == []
        house.clock.advance(timedelta(hours=1))
        await house.work.drain()
    assert [letter[4] for letter in house.post.letters] == [f"voucher:{booking.id}:1:1"]
    assert not await house.work.any_parked()


async def test_an_address_that_is_none_is_told_to_the_staff(house: House) -> None:
    booking = await house.confirmed(guest_email="maria@casa")
    house.post.failures = [ProviderError("mail_address")]
    await house.work.drain()
    assert [(event.booking_id, event.reason) for event in house.told] == [(booking.id, "tell_guest")]
    assert [each.meta["event"] for each in await house.thread() if each.kind is Kind.EVENT] == ["voucher_not_mailed"]
    assert not await house.work.any_parked()


async def test_a_caller_gets_it_by_mail_and_without_one_a_person_is_told(house: House) -> None:
    async with house.db.write() as tx:
        await tx.session.execute(
            update(ConversationRow).where(ConversationRow.id.in_(["cnv_1", "cnv_2"])).values(channel="call")
        )
    await house.confirmed("cnv_1", guest_email="maria@casa.example")
    await house.work.drain()
    assert (len(house.post.letters), house.told) == (1, [])
    (event,) = await house.thread("cnv_1")
    assert (event.kind, len(event.attachments)) == (Kind.EVENT, 2)
    await house.confirmed("cnv_2")
    await house.work.drain()
    assert [event.reason for event in house.told] == ["tell_guest"]


async def test_without_a_mail_server_it_goes_by_chat(house: House) -> None:
    house.post.on = False
    booking = await house.confirmed(guest_email="maria@casa.example")
    await house.work.drain()
    sent = await house.vouchers.send(booking.code, by="stf_1")
    assert (sent.chat, sent.mail) == (True, False)
    assert not await house.work.any_parked()


def test_the_post_is_tried_for_a_day() -> None:
    pauses = [retry_mail_after(tries) for tries in range(1, MAIL_TRIES)]
    assert sum((pause for pause in pauses if pause), timedelta()) >= timedelta(days=1)
    assert retry_mail_after(MAIL_TRIES) is None
