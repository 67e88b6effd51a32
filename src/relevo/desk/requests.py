"""What guests ask the house for: a transfer, a group, a special need, an invoice. Taken down once, seen to by a person.

Nothing is promised here: a request is a note to the staff. What a person answers goes to the guest in the conversation
it was asked in, on the ordinary road; where that cannot carry it, it says so and nothing is settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import Conversation, window_open
from relevo.conversations.service import Conversations
from relevo.desk import request_store as store
from relevo.desk.events import AnswerUndone, GuestAnswered, GuestAsked
from relevo.desk.rules import GuestRequest, RequestKind, RequestState
from relevo.kit import audit
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.people.rules import Staff
from relevo.people.service import People
from relevo.texts import Texts

REQUESTS = "requests"
"""Topic of the live feed."""
MAX_VALUE = 300
"""Characters of a detail; a guest may write pages."""


class Requests:
    def __init__(
        self,
        db: Database,
        live: Live,
        people: People,
        conversations: Conversations,
        clock: Clock,
        ids: Ids,
        texts: Texts,
    ) -> None:
        self._db = db
        self._live = live
        self._people = people
        self._conversations = conversations
        self._clock = clock
        self._ids = ids
        self._texts = texts

    async def ask(
        self,
        kind: RequestKind,
        *,
        conversation_id: str,
        person_id: str,
        details: Mapping[str, str],
        key: str,
        booking_code: str | None = None,
    ) -> GuestRequest:
        """Take it down. Under the same ``key`` of a conversation it is the same one: what is open is written anew, what
        a person has settled stays as it is."""
        kept = {name: " ".join(value.split())[:MAX_VALUE] for name, value in details.items() if value.strip()}
        summary = self._summary(kind, kept)
        async with self._db.write() as tx:
            channel = (await self._conversations.get(tx.session, conversation_id)).channel
            made = GuestRequest(
                self._ids.new("req"), kind, key, conversation_id, channel, person_id, booking_code, summary, kept,
                RequestState.OPEN, None, False, self._clock.now(),
            )  # fmt: skip
            if await store.add(tx.session, made):
                await tx.publish(GuestAsked(made.id, kind, conversation_id))
                await self._announce(tx, made)
                return made
            known = await store.under(tx.session, conversation_id, key)
            code = booking_code or known.booking_code
            if known.state is not RequestState.OPEN or (known.details, known.booking_code) == (kept, code):
                return known
            await store.rewrite(tx.session, known.id, summary=summary, details=kept, booking_code=code)
            return await self._changed(tx, known.id)

    async def of_conversation(self, conversation_id: str) -> list[GuestRequest]:
        async with self._db.read() as session:
            return await store.listing(session, conversation_id=conversation_id)

    async def listing(
        self,
        session: AsyncSession,
        *,
        state: RequestState | None = RequestState.OPEN,
        booking_code: str | None = None,
        conversation_id: str | None = None,
        limit: int = 200,
        viewer: Staff | None = None,
    ) -> list[dict[str, Any]]:
        found = await store.listing(
            session, state=state, booking_code=booking_code, conversation_id=conversation_id, limit=limit, viewer=viewer
        )
        return await self._json(session, found)

    async def settle(self, request_id: str, *, done: bool, line: str, staff: Staff) -> dict[str, Any]:
        """A person has seen to it, or says that it cannot be; ``line`` is sent to the guest. Raises ``Conflict`` where
        it was settled otherwise already or the line cannot be sent, ``Invalid`` for a no that leaves the guest waiting
        where they could be told."""
        wanted, line = RequestState.DONE if done else RequestState.DECLINED, line.strip()
        async with self._db.write() as tx:
            known = await store.request(tx.session, request_id, lock=True)
            if known is None:
                raise NotFound("no_request")
            if known.state is not RequestState.OPEN:
                if known.state is wanted and known.answer == (line or None):
                    return (await self._json(tx.session, [known]))[0]
                raise Conflict("request_settled")
            if line:
                await self._tell(tx, known, line)
            elif not done and self._reachable(await self._conversations.get(tx.session, known.conversation_id)):
                raise Invalid("request_line")
            await store.settle(
                tx.session, request_id, wanted, answer=line or None, told=bool(line), by=staff.id, at=self._clock.now()
            )
            await tx.publish(GuestAnswered(request_id))
            return (await self._json(tx.session, [await self._changed(tx, request_id)]))[0]

    async def reopen(self, request_id: str, *, staff: Staff) -> dict[str, Any]:
        """It was settled by mistake. Raises ``Conflict`` where the guest was told: that cannot be unsaid."""
        async with self._db.write() as tx:
            known = await store.request(tx.session, request_id, lock=True)
            if known is None:
                raise NotFound("no_request")
            if known.told:
                raise Conflict("request_told")
            if known.state is RequestState.OPEN:
                return (await self._json(tx.session, [known]))[0]
            await store.open_again(tx.session, request_id)
            await tx.publish(AnswerUndone(request_id))
            await audit.noted(tx, "request_reopened", request_id, by=staff.id, at=self._clock.now())
            return (await self._json(tx.session, [await self._changed(tx, request_id)]))[0]

    async def forget(self, tx: Tx, conversation_id: str, before: datetime | None) -> None:
        """The words of its conversation are gone: those made of them go too, and nobody waits for an answer."""
        for request_id in await store.forget(tx.session, conversation_id, before):
            await tx.publish(GuestAnswered(request_id))

    async def _tell(self, tx: Tx, asked: GuestRequest, line: str) -> None:
        conversation = await self._conversations.now(tx, asked.conversation_id)
        if not self._conversations.carries(conversation.channel):
            raise Conflict("request_by_voice")
        if not window_open(conversation, self._clock.now()):
            raise Conflict("window_closed")
        await self._conversations.system_says(
            tx, conversation.id, text=line, meta={"request": asked.id}, key=f"request:{asked.id}"
        )

    async def _changed(self, tx: Tx, request_id: str) -> GuestRequest:
        known = await store.request(tx.session, request_id)
        assert known is not None
        await self._announce(tx, known)
        return known

    async def _announce(self, tx: Tx, asked: GuestRequest) -> None:
        await self._live.announce(tx, REQUESTS, "request", (await self._json(tx.session, [asked]))[0])

    async def _json(self, session: AsyncSession, found: Sequence[GuestRequest]) -> list[dict[str, Any]]:
        people = await self._people.get_many(session, sorted({each.person_id for each in found}))
        names = await self._people.staff_names(session) if any(each.done_by for each in found) else {}
        known: dict[str, Conversation] = {}
        for each in found:
            if each.state is RequestState.OPEN and each.conversation_id not in known:
                known[each.conversation_id] = await self._conversations.get(session, each.conversation_id)
        shown = []
        for each in found:
            person = people.get(each.person_id)
            shown.append(
                {
                    "id": each.id,
                    "kind": each.kind.value,
                    "kind_name": self._texts.here.say(f"desk.request.kind.{each.kind.value}"),
                    "state": each.state.value,
                    "summary": each.summary,
                    "details": [
                        {"name": name, "label": self._label(name), "value": self._written(value)}
                        for name, value in each.details.items()
                    ],
                    "conversation_id": each.conversation_id,
                    "channel": each.channel,
                    "reachable": self._reachable(known.get(each.conversation_id)),
                    "person": {"id": each.person_id, "name": person.name if person else None},
                    "booking_code": each.booking_code,
                    "answer": each.answer,
                    "told": each.told,
                    "created_at": each.created_at.isoformat(),
                    "done_at": each.done_at.isoformat() if each.done_at else None,
                    "done_by": {"id": each.done_by, "name": names.get(each.done_by)} if each.done_by else None,
                }
            )
        return shown

    def _reachable(self, conversation: Conversation | None) -> bool:
        """Whether a line would get to the guest in the conversation as it is now."""
        if conversation is None or not self._conversations.carries(conversation.channel):
            return False
        return window_open(conversation, self._clock.now())

    def _summary(self, kind: RequestKind, details: Mapping[str, str]) -> str:
        parts = [
            self._texts.say("desk.request.part", label=self._label(name), value=self._written(value))
            for name, value in details.items()
        ]
        return " · ".join(parts) or self._texts.say(f"desk.request.kind.{kind.value}")

    def _label(self, name: str) -> str:
        key = f"desk.request.detail.{name}"
        return self._texts.here.say(key) if self._texts.has(key) else name

    def _written(self, value: str) -> str:
        """Days the way people write them, our own words for what was chosen among ours."""
        key = f"desk.request.value.{value}"
        if value.isidentifier() and self._texts.has(key):
            return self._texts.here.say(key)
        try:
            return self._texts.here.day(date.fromisoformat(value))
        except ValueError:
            return value
