"""Calling back those who would rather not wait: requests that are kept until somebody has called.

Nobody is dialled here: a member of staff calls, or says that it is done. When to offer it is decided in ``waiting.py``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls import store
from relevo.calls.rules.callbacks import RECENT, Callback, CallbackRequest, request
from relevo.conversations.rules import iso
from relevo.conversations.service import Conversations
from relevo.desk.plans import Plans
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.people.rules import Staff
from relevo.people.service import People

TOPIC = "calls"


class Callbacks:
    def __init__(
        self,
        db: Database,
        live: Live,
        conversations: Conversations,
        people: People,
        clock: Clock,
        ids: Ids,
        *,
        zone: tzinfo,
    ) -> None:
        self._db = db
        self._live = live
        self._conversations = conversations
        self._people = people
        self._clock = clock
        self._ids = ids
        self._zone = zone
        self.handling: deque[float] = deque(maxlen=RECENT)
        """Seconds that the last calls with a person took."""
        self.plans: Plans | None = None
        """Who is to be called for other reasons than a call that was given up."""

    def now(self) -> datetime:
        """In the business's time."""
        return self._clock.now().astimezone(self._zone)

    def request(self, number: str, wait_s: float | None) -> CallbackRequest | None:
        return request(number, self.now(), wait_s)

    async def ask(self, call_id: str, conversation_id: str, person_id: str, wanted: CallbackRequest) -> Callback:
        """Keep the wish. The same call again: the same wish, with what was said last."""
        async with self._db.write() as tx:
            known = await store.callback_of_call(tx.session, call_id)
            callback = Callback(
                known.id if known else self._ids.new("cbk"), call_id, conversation_id, person_id, wanted.number,
                wanted.begin, wanted.end, self._clock.now(), None, None,
            )  # fmt: skip
            await store.put_callback(tx.session, callback)
            await self._conversations.record(
                tx, conversation_id, event="callback_wanted", begin=f"{wanted.begin:%H:%M}", end=f"{wanted.end:%H:%M}"
            )
            await self._announce(tx, callback)
        return callback

    async def done(self, callback_id: str, staff: Staff) -> dict[str, Any]:
        """They were called."""
        if self.plans is not None and self.plans.has(callback_id):
            return await self.plans.done(callback_id, staff)
        async with self._db.write() as tx:
            if await store.callback(tx.session, callback_id) is None:
                raise NotFound("no_callback")
            if not await store.callback_done(tx.session, callback_id, by=staff.id, at=self._clock.now()):
                raise Conflict("callback_done")
            callback = await store.callback(tx.session, callback_id)
            assert callback is not None
            await self._announce(tx, callback)
            return await self._json(tx.session, callback)

    async def withdraw(self, callback_id: str) -> None:
        """They speak with somebody already."""
        async with self._db.write() as tx:
            if await store.callback_done(tx.session, callback_id, by=None, at=self._clock.now()):
                callback = await store.callback(tx.session, callback_id)
                assert callback is not None
                await self._announce(tx, callback)

    async def waiting(self, session: AsyncSession) -> list[dict[str, Any]]:
        """Who is still to be called, the first one first."""
        own = [await self._json(session, callback) for callback in await store.open_callbacks(session)]
        others = await self.plans.waiting(session) if self.plans is not None else []
        return sorted([*own, *others], key=lambda each: (each["begin"], each["id"]))

    async def _announce(self, tx: Tx, callback: Callback) -> None:
        await self._live.announce(tx, TOPIC, "callback", await self._json(tx.session, callback))

    async def _json(self, session: AsyncSession, callback: Callback) -> dict[str, Any]:
        people = await self._people.get_many(session, [callback.person_id])
        person = people.get(callback.person_id)
        names = await self._people.staff_names(session)
        return {
            "id": callback.id,
            "call_id": callback.call_id,
            "conversation_id": callback.conversation_id,
            "person": {
                "id": person.id if person else callback.person_id,
                "name": person.shown_name if person else None,
            },  # fmt: skip
            "number": callback.number,
            "begin": iso(callback.begin),
            "end": iso(callback.end),
            "asked_at": iso(callback.asked_at),
            "done_at": iso(callback.done_at),
            "done_by": {"id": callback.done_by, "name": names.get(callback.done_by)} if callback.done_by else None,
        }


def spoken_window(wanted: CallbackRequest, now: datetime, today: str, days: Sequence[str]) -> dict[str, str]:
    """The window as it is said: ``days`` are the names of the weekdays, Monday first."""
    day = today if wanted.begin.date() == now.date() else days[wanted.begin.weekday()]
    return {"day": day, "begin": f"{wanted.begin:%H:%M}", "end": f"{wanted.end:%H:%M}"}
