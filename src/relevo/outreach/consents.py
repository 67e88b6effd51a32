"""Who agreed to what, and who wants to hear no more: kept with its proof, and asked before anybody is contacted.

What somebody says is kept as they said it; nothing is assumed from silence. Messages about a booking of theirs are not
stopped by "baja".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store as booked
from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Control, Message, iso
from relevo.conversations.service import Conversations
from relevo.kit import phone
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Forbidden, Invalid, NotFound
from relevo.outreach import rules, store
from relevo.outreach.rules import Allow, Consent, Contact, Decision, Deny, Given, Purpose, Way
from relevo.people.rules import Identity, IdentityKind, Staff
from relevo.people.service import People
from relevo.texts import Texts

STOPPED = (Purpose.REMINDER, Purpose.SURVEY, Purpose.COMMERCIAL)
"""What "baja" ends."""
CUSTOMER = "customer"
ASKED = tuple(
    (purpose, way, automated)
    for purpose in Purpose
    for way in Way
    for automated in ((False, True) if way is Way.CALL else (True,))
    if purpose is not Purpose.ANY and way not in (Way.ANY, Way.SMS, Way.WEBCHAT)
)
"""What is asked about a number: each purpose by each way there is, calls by a person and by a machine."""


class Consents:
    def __init__(
        self,
        db: Database,
        people: People,
        conversations: Conversations,
        clock: Clock,
        texts: Texts,
        *,
        zone: ZoneInfo,
        country: str,
    ) -> None:
        self._db = db
        self._people = people
        self._conversations = conversations
        self._clock = clock
        self._texts = texts
        self.zone = zone
        self._country = country

    def number(self, raw: str | None) -> str | None:
        """A number as it was given, in E.164."""
        return phone.identity(raw, self._country) if raw else None

    async def contact(
        self, session: AsyncSession, person_id: str | None, number: str | None, *, wrote_at: datetime | None = None
    ) -> Contact:
        return Contact(
            zones=rules.zones_of(number, self.zone),
            consents=await self._said_by(session, person_id) if person_id else (),
            wrote_at=wrote_at,
        )

    async def check(self, number: str, purpose: Purpose, way: Way, *, automated: bool) -> Decision:
        """What would be answered now."""
        async with self._db.read() as session:
            return (await self._ask(session, number, purpose, way, automated))[0]

    async def may_call(self, number: str, purpose: Purpose, *, automated: bool) -> None:
        """Asked before a call is placed; the answer is kept. Raises ``Forbidden`` with the reason."""
        async with self._db.write() as tx:
            decision, person_id, country = await self._ask(tx.session, number, purpose, Way.CALL, automated)
            await store.add_decision(
                tx.session,
                person_id=person_id,
                purpose=purpose,
                way=Way.CALL,
                automated=automated,
                country=country,
                rule_id=None if isinstance(decision, Allow) else decision.rule_id,
                at=self._clock.now(),
            )
        if not isinstance(decision, Allow):
            key = f"outreach.denied.{decision.reason}"
            raise Forbidden("may_not_contact", why=self._texts.say(key), rule=decision.rule_id)

    async def give(
        self, tx: Tx, person_id: str, purpose: Purpose, way: Way, *, proof: str, by: str, automated: bool = False
    ) -> None:
        if not proof.strip():
            raise Invalid("proof_missing")
        consent = Consent(purpose, way, Given.GIVEN, self._clock.now(), proof.strip(), automated)
        await store.add_consent(tx.session, person_id, consent, by=by)

    async def withdraw(self, tx: Tx, person_id: str, purpose: Purpose, way: Way, *, proof: str, by: str) -> None:
        consent = Consent(purpose, way, Given.WITHDRAWN, self._clock.now(), proof.strip())
        await store.add_consent(tx.session, person_id, consent, by=by)

    async def told(self, tx: Tx, person_id: str, consent: Consent, *, by: str) -> None:
        """What was said elsewhere, when it was said: it may come late, and a second time adds nothing."""
        if consent not in await self._said_by(tx.session, person_id):
            await store.add_consent(tx.session, person_id, consent, by=by)

    async def stop(self, tx: Tx, person_id: str, way: Way, *, proof: str, by: str = CUSTOMER) -> None:
        """They want no reminders, questions or offers any more."""
        for purpose in STOPPED:
            await self.withdraw(tx, person_id, purpose, way, proof=proof, by=by)

    async def said(
        self, staff: Staff, person_id: str, purpose: Purpose, way: Way, state: Given, *, proof: str, automated: bool
    ) -> list[dict[str, Any]]:
        """What a customer told a member of staff."""
        async with self._db.write() as tx:
            if await self._people.get(tx.session, person_id) is None:
                raise NotFound("no_person")
            if state is Given.GIVEN:
                await self.give(tx, person_id, purpose, way, proof=proof, by=staff.id, automated=automated)
            else:
                await self.withdraw(tx, person_id, purpose, way, proof=proof, by=staff.id)
            return await self.json(tx.session, person_id)

    async def json(self, session: AsyncSession, person_id: str) -> list[dict[str, Any]]:
        return [
            {
                "purpose": each.purpose.value,
                "channel": each.way.value,
                "state": each.state.value,
                "automated": each.automated,
                "proof": each.proof,
                "at": iso(each.at),
            }
            for each in await self._said_by(session, person_id)
        ]

    async def withdrawals(self, session: AsyncSession, *, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Who wants to hear no more, the latest first."""
        found = await store.withdrawals(session, before, limit)
        people = await self._people.get_many(session, sorted({person_id for _, person_id, _, _ in found}))
        staff = await self._people.staff_names(session)
        return [
            {
                "id": number,
                "person_id": person_id,
                "person": {"id": person_id, "name": people[person_id].shown_name if person_id in people else None},
                "purpose": said.purpose.value,
                "channel": said.way.value,
                "proof": said.proof,
                "by": "customer" if by == CUSTOMER else "staff",
                "by_name": staff.get(by),
                "at": iso(said.at),
            }
            for number, person_id, said, by in found
        ]

    async def answers(self, number: str) -> dict[str, Any]:
        """Whom the number is, and what the rules answer now for everything they might be contacted about. Raises
        ``Invalid("bad_number")``."""
        known = self.number(number)
        if known is None:
            raise Invalid("bad_number")
        now, country, asked = self._clock.now(), rules.country_of(known), []
        async with self._db.read() as session:
            person_id = await self._whose(session, known)
            person = await self._people.get(session, person_id) if person_id else None
            contact = await self.contact(session, person_id, known)
        for purpose, way, automated in ASKED:
            decision = rules.may_contact(contact, purpose, way, automated, now, country)
            asked.append(
                {"purpose": purpose.value, "automated": automated, **decision_json(way, decision)}
                | {"text": None if isinstance(decision, Allow) else self.why(decision)}
            )
        return {
            "number": known,
            "country": country,
            "zones": [zone.key for zone in contact.zones],
            "at": iso(now),
            "quiet": rules.is_quiet(now, contact.zones),
            "person": {"id": person.id, "name": person.shown_name} if person else None,
            "items": asked,
        }

    def why(self, denied: Deny) -> str:
        return self._texts.say(f"outreach.denied.{denied.reason}")

    async def _said_by(self, session: AsyncSession, person_id: str) -> tuple[Consent, ...]:
        """A no counts under whatever id it was said."""
        return await store.consents(session, await self._people.same_as(session, person_id))

    async def hear(self, tx: Tx, event: MessageReceived, message: Message) -> bool:
        """Whether the message was a wish to hear no more, and nothing else has to answer it."""
        way = rules.withdraws(message.text)
        if way is None:
            return False
        conversation = await self._conversations.get(tx.session, event.conversation_id)
        await self.stop(tx, conversation.person_id, way, proof=f"{message.id}: {message.text}")
        await self._conversations.record(tx, conversation.id, event="no_more_messages")
        if event.control is not Control.BOT or not self._conversations.carries(event.channel):
            return False
        person = await self._people.get(tx.session, conversation.person_id)
        await self._conversations.system_says(
            tx,
            conversation.id,
            text=self._texts.other(person.locale if person else None).say("outreach.stopped"),
            meta={"reply_to": message.id},
            key=f"stopped:{message.id}",
        )
        return True

    async def _whose(self, session: AsyncSession, number: str | None) -> str | None:
        """Who writes or calls from it; else who, as the only one, gave it with a booking: what they said counts."""
        if number is None:
            return None
        person_id = await self._people.known(session, [Identity(IdentityKind.PHONE, number)])
        if person_id is not None:
            return person_id
        booked_by = await booked.booked_with(session, [number], 2)
        return booked_by[0] if len(booked_by) == 1 else None

    async def _ask(
        self, session: AsyncSession, number: str, purpose: Purpose, way: Way, automated: bool
    ) -> tuple[Decision, str | None, str | None]:
        known = self.number(number)
        person_id = await self._whose(session, known)
        country = rules.country_of(known)
        contact = await self.contact(session, person_id, known)
        decision = rules.may_contact(contact, purpose, way, automated, self._clock.now(), country)
        return decision, person_id, country


def decision_json(way: Way, decision: Decision) -> Mapping[str, Any]:
    if isinstance(decision, Allow):
        return {"channel": way.value, "allowed": True, "rules": list(decision.rules)}
    return {
        "channel": way.value,
        "allowed": False,
        "rule": decision.rule_id,
        "reason": decision.reason,
        "source": decision.source,
    }
