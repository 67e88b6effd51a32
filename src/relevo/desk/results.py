"""How conversations ended: the results of each queue, said by whoever had it, and what follows from one.

Nothing is guessed from what was written. A result may be said again; the newest counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.conversations.service import Conversations
from relevo.desk import entry_store, queue_rules, queue_store
from relevo.desk.entry_store import Chosen
from relevo.desk.events import ResultChosen
from relevo.desk.plans import RESULT, Plans
from relevo.desk.queue_rules import Result
from relevo.desk.queues import Queues
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden, Invalid
from relevo.kit.ids import Ids
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People

MAX_NOTE = 1_000
PENDING = timedelta(days=7)
"""So far back somebody is reminded of what they have not said."""


@dataclass(slots=True)
class Results:
    db: Database
    conversations: Conversations
    people: People
    queues: Queues
    plans: Plans
    clock: Clock
    ids: Ids

    async def json(self, session: AsyncSession, conversation_id: str) -> dict[str, Any]:
        """What can be said of it, whether it must be, and what was."""
        await self.conversations.get(session, conversation_id)
        entry, queue = await self.queues.queue_of(session, conversation_id)
        items = (await queue_store.results(session, queue.id)).get(queue.id, []) if queue else []
        chosen = await entry_store.result_of(session, entry.id) if entry else None
        return {
            "items": [result_json(each) for each in items],
            "required": bool(queue and queue.result_required and items),
            "queue": {"id": queue.id, "name": queue.name} if queue else None,
            "chosen": await self._chosen_json(session, chosen) if chosen else None,
        }

    async def choose(
        self,
        conversation_id: str,
        staff: Staff,
        code: str,
        *,
        note: str = "",
        callback_at: datetime | None = None,
        do_not_call: bool = False,
    ) -> dict[str, Any]:
        """Raises ``Invalid("unknown_result")`` and what ``decide_result`` and ``Plans.plan`` raise."""
        if len(note) > MAX_NOTE:
            raise Invalid("text_too_long", maximum=MAX_NOTE)
        async with self.db.write() as tx:
            conversation = await self.conversations.now(tx, conversation_id)
            entry, queue = await self.queues.queue_of(tx.session, conversation_id)
            if entry is None or queue is None:
                raise Invalid("unknown_result")
            if entry.taken_by not in (None, staff.id) and not may(staff, Action.TAKE_FROM_COLLEAGUE):
                raise Forbidden("not_in_control")
            offered = (await queue_store.results(tx.session, queue.id)).get(queue.id, [])
            result = queue_rules.decide_result(offered, code, note=note, callback_at=callback_at)
            before = await entry_store.result_of(tx.session, entry.id)
            silent = do_not_call or result.do_not_call
            chosen = Chosen(
                before.id if before else self.ids.new("res"), conversation_id, entry.id, queue.id, result.code,
                result.name, result.good, " ".join(note.split()) or None, callback_at, silent, staff.id,
                self.clock.now(),
            )  # fmt: skip
            await entry_store.put_result(tx.session, chosen)
            if callback_at is not None and (before is None or before.callback_at != callback_at):
                await self.plans.plan(tx, conversation, callback_at, RESULT)
            if before is None or before.code != result.code:
                await self.conversations.record(
                    tx, conversation_id, event="result", meta={"result": result.code}, what=result.name, name=staff.name
                )
            await tx.publish(
                ResultChosen(conversation_id, conversation.person_id, result.code, staff.id, silent, chosen.note)
            )
            return await self.json(tx.session, conversation_id)

    async def pending(self, session: AsyncSession, staff: Staff) -> list[dict[str, Any]]:
        """What they had, in queues that want to know how it ended, and have not said."""
        queues = {each.id: each for each in await queue_store.queues(session) if each.result_required}
        known = await queue_store.results(session)
        wanted = [each for each in queues if known.get(each)]
        since = self.clock.now() - PENDING
        found = await entry_store.without_result(session, staff.id, wanted, since) if wanted else []
        people = await self.people.get_many(session, [each.person_id for each in found])
        return [
            {
                "conversation_id": each.conversation_id,
                "channel": each.channel,
                "queue": {"id": each.queue_id, "name": queues[each.queue_id or ""].name},
                "person": {"name": person.shown_name if (person := people.get(each.person_id)) else None},
                "ended_at": iso(each.ended_at),
            }
            for each in found
        ]

    async def _chosen_json(self, session: AsyncSession, chosen: Chosen) -> dict[str, Any]:
        names = await self.people.staff_names(session)
        return {
            "code": chosen.code,
            "name": chosen.name,
            "note": chosen.note,
            "callback_at": iso(chosen.callback_at),
            "do_not_call": chosen.do_not_call,
            "by": {"id": chosen.by, "name": names.get(chosen.by)},
            "at": iso(chosen.at),
        }


def result_json(result: Result) -> dict[str, Any]:
    return {
        "code": result.code,
        "name": result.name,
        "needs_note": result.needs_note,
        "callback": result.callback,
        "do_not_call": result.do_not_call,
        "good": result.good,
    }
