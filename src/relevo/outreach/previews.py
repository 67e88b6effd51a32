"""What a reminder would say if it left now, by which way, and when it may: for staff, before it is sent. Sends nothing.

Asked of the same rules and the same wording as the sending itself; what it answers may be different an hour later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.rules import Business
from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.errors import NotFound
from relevo.outreach import rules, store
from relevo.outreach.consents import decision_json
from relevo.outreach.rules import Deny, Road
from relevo.outreach.service import Case, Reminders
from relevo.outreach.shown import reminder_json
from relevo.outreach.wording import Wording
from relevo.texts import Texts

UNSENT = ("refused", "unreachable", "too_late", "not_allowed")
"""Why one did not leave that was meant to."""
LOOK_BACK = timedelta(days=14)
MOST = 100


class Previews:
    def __init__(self, reminders: Reminders, business: Business, wording: Wording, texts: Texts, clock: Clock) -> None:
        self._reminders = reminders
        self._business = business
        self._wording = wording
        self._texts = texts
        self._clock = clock

    async def unsent(self, session: AsyncSession) -> list[dict[str, Any]]:
        """What did not leave of late, and why."""
        since = self._clock.now() - LOOK_BACK
        found = await store.failed(session, since, UNSENT, MOST)
        return [await self._reminders.json(session, each) for each in found]

    async def preview(self, session: AsyncSession, reminder_id: str) -> dict[str, Any]:
        reminder = await store.reminder(session, reminder_id)
        case = await self._reminders.case(session, reminder) if reminder is not None else None
        if reminder is None or case is None:
            raise NotFound("no_reminder")
        now = self._clock.now()
        asked = [self._asked(case, road, way, now) for road, way in rules.roads(case.reach, now)]
        zones = case.contact.zones
        return {
            **reminder_json(self._texts, reminder, case.booking, now),
            "ways": asked,
            "quiet": {
                "now": rules.is_quiet(now, zones),
                "from": f"{rules.QUIET_FROM:%H:%M}",
                "until": f"{rules.QUIET_UNTIL:%H:%M}",
                "zones": [zone.key for zone in zones],
                "due_at": iso(rules.next_allowed(max(now, reminder.due_at), zones, self._business.timezone)),
            },
        }

    def _asked(self, case: Case, road: Road, way: rules.Way, now: datetime) -> Mapping[str, Any]:
        """As it would be at its moment, not in the night in which somebody looks."""
        at = rules.next_allowed(max(now, case.reminder.due_at), case.contact.zones, self._business.timezone)
        contact = self._reminders.as_written(case, way)
        decision = rules.may_contact(
            contact, rules.PURPOSES[case.reminder.kind], way, True, at, rules.country_of(case.number)
        )
        denied = self._texts.say(f"outreach.denied.{decision.reason}") if isinstance(decision, Deny) else None
        return {**decision_json(way, decision), "text": denied, **self._words(case, road)}

    def _words(self, case: Case, road: Road) -> dict[str, Any]:
        kind, booking = case.reminder.kind, case.booking
        if road is Road.CONVERSATION:
            return {"form": "message", "subject": None, "body": self._wording.chat(kind, booking, case.locale)}
        if road is Road.EMAIL:
            letter = self._wording.mail(kind, booking, case.locale, links=False)
            return {"form": "letter", "subject": letter.subject, "body": letter.text}
        params = self._wording.template(kind, booking, case.locale)
        return {"form": "template", "subject": f"relevo_{kind.value}", "body": " · ".join(params)}
