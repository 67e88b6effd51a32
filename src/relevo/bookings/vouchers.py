"""Making vouchers and sending them: one per booking and version of its stay, by the conversation and by e-mail.

The files are made and stored before the transaction that says them; that one writes the voucher's row, the message and
the promise of the letter together, so that a crash leaves either nothing or all of it. The letter is a job of its own:
a mail server that is down holds up nothing else.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from relevo.bookings import rules, store
from relevo.bookings.events import BookingChangedStay, BookingConfirmed, NeedsStaff
from relevo.bookings.rules import Booking, BookingStatus, Business, Needs
from relevo.bookings.voucher import Made, Printer, Voucher, letter, retry_mail_after, voucher_of
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import Attachment, StoredFile
from relevo.conversations.rules import Conversation
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound, ProviderError
from relevo.kit.mail import Mailer, MailFile
from relevo.kit.work import Job, Work
from relevo.texts import Texts

_log = log.get("vouchers")

VOUCHER = "bookings.voucher"
"""Job: make the voucher of a confirmed booking and send it. Payload: ``booking_id``."""
VOUCHER_MAIL = "bookings.voucher_mail"
"""Job: post it. Payload: ``booking_id``, ``version``, ``number`` (of the sending), ``tries``."""
NEEDS_STAFF = "needs_staff"
AGAIN_AFTER = timedelta(seconds=10)
"""Asked for again sooner, it was a double click."""
FINAL = frozenset({"mail_address", "mail_refused"})
"""What no other try will change. A server or password that is wrong is parked for the owner instead."""


@dataclass(frozen=True, slots=True)
class Sent:
    chat: bool
    mail: bool


@dataclass(frozen=True, slots=True)
class _Printed:
    voucher: Voucher
    pdf: StoredFile
    calendar: StoredFile


class Vouchers:
    def __init__(
        self,
        db: Database,
        work: Work,
        conversations: Conversations,
        attachments: Attachments,
        printer: Printer,
        mailer: Mailer,
        business: Business,
        clock: Clock,
    ) -> None:
        self._db = db
        self._work = work
        self._conversations = conversations
        self._attachments = attachments
        self._printer = printer
        self._mailer = mailer
        self._business = business
        self._clock = clock

    async def promise(self, tx: Tx, event: BookingConfirmed | BookingChangedStay) -> None:
        """A stay is sold, or is another one now: it gets its voucher."""
        await self._work.promise(
            tx, VOUCHER, key=f"voucher:{event.booking_id}:{event.version}", payload={"booking_id": event.booking_id}
        )

    async def make_job(self, job: Job) -> None:
        await self._make(str(job.payload["booking_id"]))

    async def send(self, code: str, *, by: str) -> Sent:
        """Send it once more. Raises ``Conflict`` where the booking has none."""
        booking = await self._confirmed(code)
        if not await self._make(booking.id):
            await self._send_again(booking, by=by)
        carried = self._conversations.carries((await self._conversation(booking)).channel)
        return Sent(carried, bool(booking.guest_email) and self._mailer.on)

    async def pdf(self, code: str) -> tuple[str, bytes]:
        """Name and content of the voucher as it stands now. Raises ``Conflict`` where the booking has none."""
        booking = await self._confirmed(code)
        await self._make(booking.id)
        made, files = await self._files(booking)
        return files[0].name, await self._attachments.read(files[0])

    async def mail_job(self, job: Job) -> None:
        """Post the letter. What is wrong with the letter itself is told to the staff; all else is tried again."""
        booking, made = await self._made(str(job.payload["booking_id"]), int(job.payload["version"]))
        if booking is None or made is None or booking.status is not BookingStatus.CONFIRMED or not booking.guest_email:
            return
        if booking.version != made.version:
            return
        to = booking.guest_email
        made, files = await self._files(booking)
        voucher = await self._voucher(booking, made)

        async def post() -> dict[str, Any]:
            contents = [MailFile(file.name, file.media_type, await self._attachments.read(file)) for file in files]
            subject, text = letter(voucher)
            key = f"voucher:{booking.id}:{made.version}:{job.payload['number']}"
            await self._mailer.send(to=to, subject=subject, text=text, attachments=contents, key=key)
            return {}

        try:
            await job.once("post", post)
        except ProviderError as error:
            await self._not_posted(job, booking, made, error)
            return
        async with self._db.write() as tx:
            await store.set_voucher(tx.session, made, mailed_at=self._clock.now(), mail_error=None)

    async def _make(self, booking_id: str) -> bool:
        """Make and send the voucher of the stay as it is now; False if there is nothing to make."""
        while True:
            async with self._db.read() as session:
                booking = await store.by_id(session, booking_id)
                known = booking and await store.voucher(session, booking.id, booking.version)
            if booking is None or booking.status is not BookingStatus.CONFIRMED or known is not None:
                return False
            printed = await self._print(booking, None)
            async with self._db.write() as tx:
                now = await store.by_id(tx.session, booking_id, lock=True)
                if now != booking:
                    continue
                if await store.voucher(tx.session, booking.id, booking.version) is not None:
                    return False
                await self._say_first(tx, booking, printed)
            return True

    async def _say_first(self, tx: Tx, booking: Booking, printed: _Printed) -> None:
        files = await self._add(tx, booking, printed)
        at = printed.voucher.issued
        made = Made(booking.id, booking.version, files[0].id, files[1].id, at, 1, at, None, None)
        await store.add_voucher(tx.session, made)
        key = "voucher.chat" if booking.version == 1 else "voucher.chat_changed"
        await self._say(tx, booking, made, printed.voucher, key, files)

    async def _send_again(self, booking: Booking, *, by: str) -> None:
        made, files = await self._files(booking)
        voucher = await self._voucher(booking, made)
        async with self._db.write() as tx:
            await store.by_id(tx.session, booking.id, lock=True)
            made = await store.voucher(tx.session, booking.id, booking.version) or made
            now = self._clock.now()
            if made.sent_at is not None and now < made.sent_at + AGAIN_AFTER:
                return
            await store.set_voucher(tx.session, made, sent=made.sent + 1, sent_at=now)
            made = await store.voucher(tx.session, booking.id, booking.version) or made
            await self._say(tx, booking, made, voucher, "voucher.chat_again", files)
        _log.info("voucher sent again", code=booking.code, by=by)

    async def _say(
        self, tx: Tx, booking: Booking, made: Made, voucher: Voucher, key: str, files: tuple[Attachment, Attachment]
    ) -> None:
        """Put it in the thread, promise the letter; where there is neither way to the guest, a person is told."""
        conversation = await self._conversations.get(tx.session, booking.conversation_id)
        texts = Texts(voucher.locale)
        meta = {"booking": booking.code, "voucher": booking.version}
        carried = self._conversations.carries(conversation.channel)
        if carried:
            stay = texts.stay(booking.check_in, booking.check_out)
            await self._conversations.system_says(
                tx, conversation.id, text=texts.say(key, code=booking.code, house=voucher.house, stay=stay),
                attachments=files, meta=meta, key=f"voucher:{booking.id}:{booking.version}:{made.sent}",
            )  # fmt: skip
        else:
            await self._conversations.record(
                tx, conversation.id, event="voucher_made", meta=meta, attachments=files, code=booking.code
            )
        if booking.guest_email and self._mailer.on:
            await self._promise_letter(tx, made, tries=1)
        elif not carried:
            await self._tell_staff(tx, booking)

    async def _promise_letter(self, tx: Tx, made: Made, *, tries: int, pause: timedelta = timedelta()) -> None:
        await self._work.promise(
            tx,
            VOUCHER_MAIL,
            key=f"voucher-mail:{made.booking_id}:{made.version}:{made.sent}:{tries}",
            payload={
                "booking_id": made.booking_id, "version": made.version, "number": made.sent, "tries": tries,
            },
            run_at=self._clock.now() + pause,
        )  # fmt: skip

    async def _not_posted(self, job: Job, booking: Booking, made: Made, error: ProviderError) -> None:
        tries = int(job.payload["tries"])
        pause = retry_mail_after(tries) if error.retryable else None
        if pause is None and not error.retryable and error.code not in FINAL:
            raise error
        async with self._db.write() as tx:
            await store.set_voucher(tx.session, made, mail_error=error.code)
            if pause is not None:
                await self._promise_letter(tx, made, tries=tries + 1, pause=pause)
                return
            await self._conversations.record(
                tx, booking.conversation_id, event="voucher_not_mailed", meta={"booking": booking.code},
                code=booking.code,
            )  # fmt: skip
            await self._tell_staff(tx, booking)

    async def _tell_staff(self, tx: Tx, booking: Booking) -> None:
        await tx.publish(NeedsStaff(NEEDS_STAFF, booking.id, booking.conversation_id, Needs.TELL_GUEST.value))

    async def _files(self, booking: Booking) -> tuple[Made, tuple[Attachment, Attachment]]:
        """PDF and calendar of the stay as it is; made once more where they were deleted with old messages."""
        async with self._db.read() as session:
            made = await store.voucher(session, booking.id, booking.version)
            if made is None:
                raise Conflict("no_voucher")
            try:
                files = (
                    await self._attachments.get(session, made.attachment_id),
                    await self._attachments.get(session, made.calendar_id),
                )
            except NotFound:
                files = None
        if files is not None:
            return made, files
        printed = await self._print(booking, made)
        async with self._db.write() as tx:
            files = await self._add(tx, booking, printed)
            await store.set_voucher(tx.session, made, attachment_id=files[0].id, calendar_id=files[1].id)
        return made, files

    async def _add(self, tx: Tx, booking: Booking, printed: _Printed) -> tuple[Attachment, Attachment]:
        stem, add = printed.voucher.stem, self._attachments.add
        pdf = await add(tx, booking.conversation_id, name=f"{stem}.pdf", stored=printed.pdf)
        return pdf, await add(tx, booking.conversation_id, name=f"{stem}.ics", stored=printed.calendar)

    async def _print(self, booking: Booking, made: Made | None) -> _Printed:
        voucher = await self._voucher(booking, made)
        pdf, calendar = await asyncio.gather(
            asyncio.to_thread(self._printer.pdf, voucher), asyncio.to_thread(self._printer.calendar, voucher)
        )
        return _Printed(voucher, await self._attachments.store(pdf), await self._attachments.store(calendar))

    async def _voucher(self, booking: Booking, made: Made | None) -> Voucher:
        conversation = await self._conversation(booking)
        locale = booking.locale or str(conversation.meta.get("locale") or self._business.locale)
        issued = made.made_at if made is not None else self._clock.now()
        return voucher_of(booking, self._business, locale=locale, issued=issued)

    async def _conversation(self, booking: Booking) -> Conversation:
        async with self._db.read() as session:
            return await self._conversations.get(session, booking.conversation_id)

    async def _made(self, booking_id: str, version: int) -> tuple[Booking | None, Made | None]:
        async with self._db.read() as session:
            return await store.by_id(session, booking_id), await store.voucher(session, booking_id, version)

    async def _confirmed(self, code: str) -> Booking:
        async with self._db.read() as session:
            booking = await store.by_code(session, rules.code_of(self._business, code))
        if booking is None:
            raise NotFound("no_booking")
        if booking.status is not BookingStatus.CONFIRMED:
            raise Conflict("no_voucher")
        return booking
