"""Reminders: planned in the transaction that confirms a stay, moved and cancelled with it, sent by durable jobs.

Whether one may be sent is asked when it is sent, and the answer is kept with it. A kind is sent once per version of the
stay: in a conversation the message and its mark are one transaction; what goes outside carries a key made from the
reminder's id, is looked up before it is repeated where that can be asked, and is recognised where it cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store as booked
from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed
from relevo.bookings.rules import Booking, BookingStatus, Business, code_of
from relevo.bookings.service import TOPIC
from relevo.bot.ports import Reminded
from relevo.conversations.rules import Author, iso
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound, ProviderError
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.outreach import rules, store
from relevo.outreach.consents import Consents, decision_json
from relevo.outreach.events import ReminderUnsent
from relevo.outreach.ports import Mailer, Templates
from relevo.outreach.rules import Allow, Contact, Deny, Kind, Reach, Road, State, Stay, Way
from relevo.outreach.shown import reminder_json
from relevo.outreach.store import Reminder
from relevo.outreach.wording import Wording
from relevo.people.rules import IdentityKind, Person
from relevo.people.service import People
from relevo.texts import Texts

REMIND = "outreach.remind"
BEFORE = tuple(kind for kind in Kind if rules.PURPOSES[kind] is rules.Purpose.REMINDER)
_log = log.get("outreach")


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a reminder is decided on, as of now."""

    reminder: Reminder
    booking: Booking
    person: Person | None
    reach: Reach
    contact: Contact
    number: str | None
    email: str | None

    @property
    def locale(self) -> str | None:
        return self.booking.locale or (self.person.locale if self.person else None)


class Reminders:
    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        people: People,
        conversations: Conversations,
        consents: Consents,
        business: Business,
        wording: Wording,
        texts: Texts,
        mailer: Mailer,
        clock: Clock,
        ids: Ids,
        templates: Templates | None = None,
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._people = people
        self._conversations = conversations
        self._consents = consents
        self._business = business
        self._wording = wording
        self._texts = texts
        self._mailer = mailer
        self._clock = clock
        self._ids = ids
        self._templates = templates

    # With the booking, in its transaction.

    async def on_confirmed(self, tx: Tx, event: BookingConfirmed) -> None:
        await self._plan(tx, event.booking_id, event.version)

    async def on_changed(self, tx: Tx, event: BookingChangedStay) -> None:
        await self._cancel_all(tx, event.booking_id, "moved", below=event.version)
        await self._plan(tx, event.booking_id, event.version)

    async def on_cancelled(self, tx: Tx, event: BookingCancelled) -> None:
        await self._cancel_all(tx, event.booking_id, "not_confirmed")

    # As customers ask for it.

    async def wish(self, tx: Tx, booking: Booking) -> Reminded:
        """They want to be reminded the day before: one that was let go is planned again, if its moment is to come."""
        if booking.status is not BookingStatus.CONFIRMED:
            return Reminded(None, "not_confirmed")
        known = await self._day_before(tx, booking)
        if known is None:
            await self._plan(tx, booking.id, booking.version)
            known = await self._day_before(tx, booking)
        assert known is not None
        if known.state is State.SENT:
            return Reminded(None, "already_sent")
        if known.state is State.PLANNED:
            return Reminded(known.due_at)
        if known.due_at <= self._clock.now():
            return Reminded(None, "late")
        await store.plan_again(tx.session, known.id, known.due_at, known.until, known.tries + 1)
        await self._promise(tx, known.id, known.tries + 1, known.due_at)
        await self._announce(tx, known.id)
        return Reminded(known.due_at)

    async def unwanted(self, tx: Tx, bookings: Collection[str]) -> int:
        """They want none: what was still to come of these bookings is let go. Returns how many."""
        gone = await store.cancel_kinds(tx.session, bookings, BEFORE, "unwanted")
        for reminder_id in gone:
            await self._announce(tx, reminder_id)
        return len(gone)

    async def _day_before(self, tx: Tx, booking: Booking) -> Reminder | None:
        found = await store.of_booking(tx.session, booking.id)
        return next((e for e in found if e.kind is Kind.DAY_BEFORE and e.version == booking.version), None)

    # Sending.

    async def remind_job(self, job: Job) -> None:
        async with self._db.read() as session:
            reminder = await store.reminder(session, str(job.payload["reminder_id"]))
            if reminder is None or reminder.state is not State.PLANNED:
                return
            case = await self.case(session, reminder)
        now = self._clock.now()
        if case is None or case.booking.status is not BookingStatus.CONFIRMED:
            await self._settle(reminder, State.CANCELLED, "not_confirmed")
        elif case.booking.version != reminder.version:
            await self._settle(reminder, State.CANCELLED, "moved")
        elif now >= reminder.until:
            await self._settle(reminder, State.SKIPPED, "too_late", unsent=reminder.kind is not Kind.FEEDBACK)
        else:
            await self._send(job, case, now)

    # For staff.

    async def of_booking(self, session: AsyncSession, code: str) -> list[dict[str, Any]]:
        booking = await booked.by_code(session, code_of(self._business, code))
        if booking is None:
            raise NotFound("no_booking")
        return [self._shown(each, booking) for each in await store.of_booking(session, booking.id)]

    async def of_day(self, session: AsyncSession, day: date) -> list[dict[str, Any]]:
        """Due on a day of the house."""
        begin = datetime.combine(day, time(0), self._business.timezone)
        end = datetime.combine(day + timedelta(days=1), time(0), self._business.timezone)
        items = []
        for each in await store.due_between(session, begin, end):
            booking = await booked.by_id(session, each.booking_id)
            items.append(self._shown(each, booking))
        return items

    async def json(self, session: AsyncSession, reminder: Reminder) -> dict[str, Any]:
        return self._shown(reminder, await booked.by_id(session, reminder.booking_id))

    async def cancel(self, reminder_id: str, *, by: str) -> dict[str, Any]:
        async with self._db.write() as tx:
            reminder = await store.reminder(tx.session, reminder_id, lock=True)
            if reminder is None:
                raise NotFound("no_reminder")
            if not await store.settle(tx.session, reminder.id, State.CANCELLED, reason="by_staff", decision={"by": by}):
                raise Conflict("reminder_settled")
            return await self._announce(tx, reminder.id)

    async def again(self, reminder_id: str, *, by: str) -> dict[str, Any]:
        """One that could not be sent, or that staff cancelled, is to leave after all: at its moment, or now."""
        async with self._db.write() as tx:
            reminder = await store.reminder(tx.session, reminder_id, lock=True)
            if reminder is None:
                raise NotFound("no_reminder")
            booking = await booked.by_id(tx.session, reminder.booking_id)
            now = self._clock.now()
            stands = booking is not None and booking.status is BookingStatus.CONFIRMED
            if not stands or not rules.may_go_again(reminder.state, reminder.reason, reminder.until, now):
                raise Conflict("reminder_settled")
            due, tries = max(reminder.due_at, now), reminder.tries + 1
            await store.plan_again(tx.session, reminder.id, due, reminder.until, tries)
            await self._promise(tx, reminder.id, tries, due)
            _log.info("a reminder is to leave after all", reminder=reminder.id, by=by)
            return await self._announce(tx, reminder.id)

    # Inside.

    async def _plan(self, tx: Tx, booking_id: str, version: int) -> None:
        booking = await booked.by_id(tx.session, booking_id)
        if booking is None:
            raise NotFound("no_booking")
        person = await self._people.get(tx.session, booking.person_id)
        zones = rules.zones_of(self._number(booking, person), self._business.timezone)
        stay = Stay(booking.check_in, booking.check_out, self._clock.now())
        sent = await store.sent(tx.session, booking.id)
        for planned in rules.plan(stay, zones, self._business.timezone, sent):
            reminder_id = self._ids.new("rem")
            if not await store.add(tx.session, reminder_id, booking.id, booking.conversation_id, version, planned):
                continue
            if planned.skip is None:
                await self._promise(tx, reminder_id, 0, planned.due_at)
            await self._announce(tx, reminder_id)

    async def _cancel_all(self, tx: Tx, booking_id: str, reason: str, *, below: int | None = None) -> None:
        for reminder_id in await store.cancel_planned(tx.session, booking_id, reason, below=below):
            await self._announce(tx, reminder_id)

    async def case(self, session: AsyncSession, reminder: Reminder) -> Case | None:
        booking = await booked.by_id(session, reminder.booking_id)
        if booking is None:
            return None
        person = await self._people.get(session, booking.person_id)
        conversation = await self._conversations.get(session, booking.conversation_id)
        said = await self._conversations.messages(session, conversation.id)
        wrote_at = max((each.at for each in said if each.author is Author.CUSTOMER), default=None)
        number = self._number(booking, person)
        email = booking.guest_email or (person.first(IdentityKind.EMAIL) if person else None)
        reach = Reach(
            channel=conversation.channel,
            carried=self._conversations.carries(conversation.channel),
            wrote_at=wrote_at,
            email=bool(email) and self._mailer.on,
            template=bool(number) and self._templates is not None,
        )
        contact = await self._consents.contact(session, booking.person_id, number, wrote_at=wrote_at)
        return Case(reminder, booking, person, reach, contact, number, email)

    async def _send(self, job: Job, case: Case, now: datetime) -> None:
        """By the best road that is allowed and works."""
        reminder, refused, allowed = case.reminder, False, False
        country = rules.country_of(case.number)
        asked: list[Mapping[str, Any]] = []
        decision = {
            "purpose": rules.PURPOSES[reminder.kind].value, "country": country,
            "zones": [zone.key for zone in case.contact.zones], "at": iso(now), "asked": asked,
        }  # fmt: skip
        for road, way in rules.roads(case.reach, now):
            answer = rules.may_contact(
                self.as_written(case, way), rules.PURPOSES[reminder.kind], way, True, now, country
            )
            asked.append(decision_json(way, answer))
            if isinstance(answer, Deny) and answer.reason == "quiet_hours":
                await self._put_off(
                    reminder, rules.next_allowed(now, case.contact.zones, self._business.timezone), decision
                )
                return
            if not isinstance(answer, Allow):
                continue
            allowed = True
            try:
                await self._by(road, way, job, case, decision)
            except ProviderError as error:
                if error.retryable:
                    later = rules.again(now, reminder.tries, case.contact.zones, self._business.timezone)
                    await self._put_off(reminder, later, decision)
                    return
                _log.warning("a reminder was refused; the next way is tried", reminder=reminder.id, code=error.code)
                refused = True
                continue
            return
        reason = "refused" if refused else "not_allowed" if asked and not allowed else "unreachable"
        await self._settle(reminder, State.SKIPPED, reason, decision=decision, unsent=reason != "not_allowed")

    async def _by(self, road: Road, way: Way, job: Job, case: Case, decision: Mapping[str, Any]) -> None:
        reminder, booking, key = case.reminder, case.booking, f"reminder:{case.reminder.id}"
        if road is Road.CONVERSATION:
            text = self._wording.chat(reminder.kind, booking, case.locale)
            async with self._db.write() as tx:
                current = await store.reminder(tx.session, reminder.id, lock=True)
                if current is None or current.state is not State.PLANNED:
                    return
                message = await self._conversations.system_says(tx, booking.conversation_id, text=text, key=key)
                await self._sent(tx, reminder, way, message.id, decision)
            return
        if road is Road.EMAIL:

            async def post() -> dict[str, Any]:
                letter = self._wording.mail(reminder.kind, booking, case.locale)
                await self._mailer.send(to=case.email or "", subject=letter.subject, text=letter.text, key=key)
                return {}

            done = await job.once("letter", post)
        else:
            done = await job.once("template", lambda: self._template(case, key))
        async with self._db.write() as tx:
            await self._sent(tx, reminder, way, done.get("id"), decision)
            await self._conversations.record(
                tx,
                booking.conversation_id,
                event="reminder_sent",
                what=self._texts.say(f"outreach.kind.{reminder.kind.value}"),
                channel=self._texts.say(f"outreach.channel.{way.value}"),
            )

    async def _template(self, case: Case, key: str) -> dict[str, Any]:
        assert self._templates is not None
        assert case.number is not None
        known = await self._templates.find(key)
        if known is None:
            known = await self._templates.send(
                to=case.number,
                template=f"relevo_{case.reminder.kind.value}",
                locale=case.locale or self._business.locale,
                params=self._wording.template(case.reminder.kind, case.booking, case.locale),
                key=key,
            )
        return {"id": known}

    async def _sent(
        self, tx: Tx, reminder: Reminder, way: Way, message_id: str | None, decision: Mapping[str, Any]
    ) -> None:
        await store.mark_sent(
            tx.session, reminder.id, channel=way.value, message_id=message_id, decision=decision, at=self._clock.now()
        )
        await self._announce(tx, reminder.id)

    async def _put_off(self, reminder: Reminder, later: datetime, decision: Mapping[str, Any]) -> None:
        """Try again later, unless it helps nobody then."""
        if later >= reminder.until:
            unsent = reminder.kind is not Kind.FEEDBACK
            await self._settle(reminder, State.SKIPPED, "too_late", decision=decision, unsent=unsent)
            return
        async with self._db.write() as tx:
            await store.put_off(tx.session, reminder.id, later, reminder.tries + 1)
            await self._promise(tx, reminder.id, reminder.tries + 1, later)
            await self._announce(tx, reminder.id)

    async def _settle(
        self,
        reminder: Reminder,
        state: State,
        reason: str,
        *,
        decision: Mapping[str, Any] | None = None,
        unsent: bool = False,
    ) -> None:
        async with self._db.write() as tx:
            if not await store.settle(tx.session, reminder.id, state, reason=reason, decision=decision):
                return
            await self._announce(tx, reminder.id)
            if unsent:
                await tx.publish(ReminderUnsent(reminder.id, reminder.booking_id, reminder.conversation_id, reason))

    async def _promise(self, tx: Tx, reminder_id: str, tries: int, at: datetime) -> None:
        key = f"remind:{reminder_id}:{tries}"
        await self._work.promise(tx, REMIND, key=key, payload={"reminder_id": reminder_id}, run_at=at)

    async def _announce(self, tx: Tx, reminder_id: str) -> dict[str, Any]:
        reminder = await store.reminder(tx.session, reminder_id)
        assert reminder is not None
        booking = await booked.by_id(tx.session, reminder.booking_id)
        data = self._shown(reminder, booking)
        await self._live.announce(tx, TOPIC, "reminder", data)
        return data

    def _number(self, booking: Booking, person: Person | None) -> str | None:
        """The guest's telephone in E.164: the booking's own, else the person's."""
        return self._consents.number(booking.guest_phone) or (person.first(IdentityKind.PHONE) if person else None)

    def as_written(self, case: Case, way: Way) -> Contact:
        """A word in the web chat is no word on WhatsApp."""
        if way.value == case.reach.channel:
            return case.contact
        return Contact(case.contact.zones, case.contact.region, case.contact.consents)

    def _shown(self, reminder: Reminder, booking: Booking | None) -> dict[str, Any]:
        return reminder_json(self._texts, reminder, booking, self._clock.now())
