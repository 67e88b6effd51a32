"""Who is to be called later: because whoever had them promised it, or because they asked while nobody was there.

Nobody is dialled here. Those who would not wait on a call are kept by the calls themselves, in the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.events import MessageReceived
from relevo.conversations.rules import Control, Conversation, iso
from relevo.conversations.service import Conversations
from relevo.desk import entry_store
from relevo.desk.entry_store import Planned
from relevo.desk.floor import Floors
from relevo.desk.hours import opens_at
from relevo.kit import phone
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.people.rules import IdentityKind, Staff
from relevo.people.service import People
from relevo.texts import Texts

TOPIC = "calls"
PREFIX = "pcb"
LENGTH = timedelta(hours=1)
FARTHEST = timedelta(days=365)
RESULT, CLOSED = "result", "closed"
ASKED, NUMBER, DONE = "open", "number", "done"
"""How far the offer to call back has come."""
_WANTS = re.compile(r"\b(ll[aá]m\w*|tel[eé]fono|devu[eé]lv\w+|call)\b|^\W*(s[ií]|yes|dale|ok)\W*$", re.I)
_NOT = re.compile(r"\b(no|not|don'?t)\b", re.I)
_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,20}\d")


def wants_call(text: str) -> bool:
    """The answer to whether they would rather be called."""
    return _WANTS.search(text) is not None and _NOT.search(text) is None


@dataclass(slots=True)
class Plans:
    db: Database
    live: Live
    conversations: Conversations
    people: People
    floors: Floors
    clock: Clock
    ids: Ids
    texts: Texts
    country: str

    async def plan(self, tx: Tx, conversation: Conversation, at: datetime, why: str, number: str | None = None) -> None:
        """To be called from ``at`` on. Raises ``Invalid("callback_number_missing")``, ``Invalid("callback_time")``."""
        now = self.clock.now()
        if not now - LENGTH <= at <= now + FARTHEST:
            raise Invalid("callback_time")
        number = number or await self.number_of(tx.session, conversation)
        if number is None:
            raise Invalid("callback_number_missing")
        planned = Planned(
            self.ids.new(PREFIX), conversation.id, conversation.person_id, number, at, at + LENGTH, now, why
        )
        await entry_store.plan(tx.session, planned)
        begin, end = (each.astimezone(self.floors.zone) for each in (planned.begin, planned.end))
        await self.conversations.record(
            tx, conversation.id, event="callback_wanted", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}"
        )
        await self.live.announce(tx, TOPIC, "callback", await self._json(tx.session, planned))

    async def number_of(self, session: AsyncSession, conversation: Conversation) -> str | None:
        person = await self.people.get(session, conversation.person_id)
        return person.first(IdentityKind.PHONE) if person else None

    async def waiting(self, session: AsyncSession) -> list[dict[str, Any]]:
        return [await self._json(session, each) for each in await entry_store.planned(session)]

    def has(self, callback_id: str) -> bool:
        """Whether it is one of these."""
        return callback_id.startswith(f"{PREFIX}_")

    async def done(self, planned_id: str, staff: Staff) -> dict[str, Any]:
        async with self.db.write() as tx:
            if not await entry_store.planned(tx.session, planned_id):
                raise NotFound("no_callback")
            if not await entry_store.planned_done(tx.session, planned_id, by=staff.id, at=self.clock.now()):
                raise Conflict("callback_done")
            (planned,) = await entry_store.planned(tx.session, planned_id)
            data = await self._json(tx.session, planned)
            await self.live.announce(tx, TOPIC, "callback", data)
            return data

    async def hear(self, tx: Tx, event: MessageReceived) -> None:
        """A customer who was told that nobody is there now, and asked whether we should call, may say so."""
        if event.control is not Control.QUEUED:
            return
        entry = await entry_store.live_of(tx.session, event.conversation_id)
        if entry is None or entry.callback_offered not in (ASKED, NUMBER):
            return
        message = await self.conversations.message(tx.session, event.message_id)
        text = message.text if message else ""
        given = _NUMBER.search(text)
        number = phone.identity(given[0], self.country) if given else None
        if number is None and not (entry.callback_offered == ASKED and wants_call(text)):
            return
        conversation = await self.conversations.now(tx, event.conversation_id)
        number = number or await self.number_of(tx.session, conversation)
        person = await self.people.get(tx.session, conversation.person_id)
        texts = self.texts.other(person.locale if person else None)
        if number is None:
            await entry_store.change(tx.session, entry.id, callback_offered=NUMBER)
            await self._say(tx, entry.conversation_id, texts.say("queues.callback_number"), event)
            return
        setup = await self.floors.setup(tx.session)
        at = opens_at(setup.schedule(entry.queue_id), self.clock.now()) or self.clock.now()
        await self.plan(tx, conversation, at, CLOSED, number)
        await entry_store.change(tx.session, entry.id, callback_offered=DONE)
        local = at.astimezone(self.floors.zone)
        said = texts.say("queues.callback_noted", number=number, day=local.date(), time=local.time())
        await self._say(tx, entry.conversation_id, said, event)

    async def _say(self, tx: Tx, conversation_id: str, text: str, event: MessageReceived) -> None:
        await self.conversations.system_says(
            tx, conversation_id, text=text, meta={"reply_to": event.message_id}, key=f"callback:{event.message_id}"
        )

    async def _json(self, session: AsyncSession, planned: Planned) -> dict[str, Any]:
        """The ``Callback`` of docs/api.md, of no call."""
        people = await self.people.get_many(session, [planned.person_id])
        person = people.get(planned.person_id)
        names = await self.people.staff_names(session)
        return {
            "id": planned.id,
            "call_id": None,
            "conversation_id": planned.conversation_id,
            "person": {
                "id": person.id if person else planned.person_id,
                "name": person.shown_name if person else None,
            },
            "number": planned.number,
            "begin": iso(planned.begin),
            "end": iso(planned.end),
            "asked_at": iso(planned.asked_at),
            "done_at": iso(planned.done_at),
            "done_by": {"id": planned.done_by, "name": names.get(planned.done_by)} if planned.done_by else None,
            "why": planned.why,
        }
