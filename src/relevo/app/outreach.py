"""Outreach, wired: reminders with their booking, what guests answer to them, leave to call, alerts to the staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from relevo.bookings.events import BookingCancelled, BookingChangedStay, BookingConfirmed
from relevo.bookings.rules import Business
from relevo.conversations.events import MessageReceived
from relevo.conversations.service import Conversations
from relevo.desk.rules import News, Severity
from relevo.desk.service import Alerts
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.outreach.consents import Consents
from relevo.outreach.events import LowFeedback, ReminderUnsent
from relevo.outreach.feedback import Feedbacks
from relevo.outreach.ports import Mailer, Templates
from relevo.outreach.previews import Previews
from relevo.outreach.rules import Purpose
from relevo.outreach.service import REMIND, Reminders
from relevo.outreach.wishes import Wishes
from relevo.outreach.wording import Links, Wording
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import aftercare as aftercare_http
from relevo.web import outreach as outreach_http
from relevo.web.auth import Gate


@dataclass(frozen=True, slots=True)
class Outreach:
    conversations: Conversations
    consents: Consents
    reminders: Reminders
    feedbacks: Feedbacks
    alerts: Alerts
    wishes: Wishes
    routers: Callable[[Gate], list[APIRouter]]

    def subscribe(self, events: Events) -> None:
        events.on_within(BookingConfirmed, self.reminders.on_confirmed)
        events.on_within(BookingChangedStay, self.reminders.on_changed)
        events.on_within(BookingCancelled, self.reminders.on_cancelled)
        events.on_within(LowFeedback, self._low)
        events.on_within(ReminderUnsent, self._unsent)

    def handle(self, work: Work) -> None:
        work.handle(REMIND, self.reminders.remind_job)

    async def hear(self, tx: Tx, event: MessageReceived) -> bool:
        """Whether a customer's message was an answer to what we sent, and needs no other reply."""
        message = await self.conversations.message(tx.session, event.message_id)
        if message is None:
            return False
        return await self.consents.hear(tx, event, message) or await self.feedbacks.hear(tx, event, message)

    async def may_call(self, number: str, purpose: str) -> None:
        """Asked before a call is placed. One that is about a booking is placed by a person, one by one."""
        meant = Purpose(purpose)
        await self.consents.may_call(number, meant, automated=meant is not Purpose.SERVICE)

    async def _low(self, tx: Tx, event: LowFeedback) -> None:
        link = f"/c/{event.conversation_id}"
        params = {"score": str(event.score)}
        await self.alerts.report(tx, News("low_feedback", event.booking_id, Severity.WARNING, params, link))

    async def _unsent(self, tx: Tx, event: ReminderUnsent) -> None:
        link = f"/c/{event.conversation_id}"
        await self.alerts.report(tx, News("reminder_unsent", event.booking_id, Severity.WARNING, {}, link))


def wire(
    settings: Settings,
    secret: str,
    db: Database,
    live: Live,
    work: Work,
    people: People,
    conversations: Conversations,
    business: Business,
    alerts: Alerts,
    mailer: Mailer,
    texts: Texts,
    clock: Clock,
    ids: Ids,
    templates: Templates | None = None,
) -> Outreach:
    links = Links(secret, settings.url)
    consents = Consents(
        db, people, conversations, clock, texts, zone=business.timezone, country=settings.country
    )  # fmt: skip
    wording = Wording(texts, business, links)
    reminders = Reminders(
        db, live, work, people, conversations, consents, business, wording, texts, mailer,
        clock, ids, templates,
    )  # fmt: skip
    previews = Previews(reminders, business, wording, texts, clock)
    feedbacks = Feedbacks(db, conversations, clock, texts)

    def routers(gate: Gate) -> list[APIRouter]:
        return [
            aftercare_http.router(db, reminders, previews, consents, feedbacks, gate, clock),
            outreach_http.router(db, reminders, consents, feedbacks, gate, clock, business),
            outreach_http.pages(db, consents, feedbacks, links, texts, business),
        ]

    wishes = Wishes(db, people, reminders, consents, feedbacks, business)
    return Outreach(conversations, consents, reminders, feedbacks, alerts, wishes, routers)
