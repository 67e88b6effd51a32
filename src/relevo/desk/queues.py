"""Queues: what waits for a person, from the moment control says so to the moment it says otherwise.

An entry follows ``ControlChanged`` and nothing else, so that whoever takes a conversation by hand needs no queue. It
keeps its place when it comes back. Who is offered what is ``offering``'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.events import AgentSpoke, ControlChanged, MessagesForgotten, PriorityChanged
from relevo.conversations.rules import Control, Conversation
from relevo.conversations.service import Conversations
from relevo.desk import entry_store, queue_rules, queue_store
from relevo.desk.events import QueueMoved
from relevo.desk.floor import Floors, Setup
from relevo.desk.hours import opens_at
from relevo.desk.queue_rules import CALL, DECLINE_PAUSE, Ended, Entry, EntryState, Passed, Queue, Requeued
from relevo.kit.clock import Clock
from relevo.kit.db import Tx
from relevo.kit.ids import Ids
from relevo.kit.work import Work
from relevo.people.service import People
from relevo.texts import Texts

ROUTE = "desk.route"
"""Job: give out what waits. Without payload: it looks at everything."""
LANE = "desk.route"
WRAP_UP_SECONDS = 60
ASKED, NUMBER, DONE = "open", "number", "done"
"""How far the offer to call back has come."""


class Queues:
    def __init__(
        self,
        work: Work,
        people: People,
        conversations: Conversations,
        floors: Floors,
        clock: Clock,
        ids: Ids,
        texts: Texts,
    ) -> None:
        self._work = work
        self._people = people
        self._conversations = conversations
        self._floors = floors
        self._clock = clock
        self._ids = ids
        self._texts = texts
        self.announce: Callable[[Tx, Entry], Awaitable[None]] = _to_nobody
        """Who shows it to the consoles."""

    # Listed in ``app``: within the transaction.

    async def on_control(self, tx: Tx, event: ControlChanged) -> None:
        entry = await entry_store.live_of(tx.session, event.conversation_id)
        if entry is None and (event.control not in (Control.QUEUED, Control.AGENT) or not await self._on(tx.session)):
            return
        if event.control is Control.QUEUED:
            entry = await (self._enter(tx, event) if entry is None else self._again(tx, entry, event))
        elif event.control is Control.AGENT:
            entry = await (self._enter(tx, event) if entry is None else self._taken(tx, entry, event))
        elif entry is not None:
            entry = await self._over(tx, entry, event)
        if entry is not None:
            await self._moved(tx, entry)

    async def on_spoke(self, tx: Tx, event: AgentSpoke) -> None:
        await entry_store.replied(tx.session, event.conversation_id, self._clock.now())

    async def on_priority(self, tx: Tx, event: PriorityChanged) -> None:
        entry = await entry_store.live_of(tx.session, event.conversation_id)
        if entry is not None:
            entry = await entry_store.change(tx.session, entry.id, priority=event.priority.value)
        if entry is not None:
            await self._moved(tx, entry)

    async def on_forgotten(self, tx: Tx, event: MessagesForgotten) -> None:
        if event.all:
            await entry_store.forget(tx.session, event.conversation_id)

    # What others ask.

    async def queue_of(self, session: AsyncSession, conversation_id: str) -> tuple[Entry | None, Queue | None]:
        """The last time it needed somebody, and the queue it was in."""
        entry = await entry_store.last_of(session, conversation_id)
        if entry is None or entry.queue_id is None:
            return entry, None
        return entry, await queue_store.queue(session, entry.queue_id)

    async def wrap_up_seconds(self, session: AsyncSession, conversation_id: str) -> int:
        """How long whoever had it has afterwards."""
        _, queue = await self.queue_of(session, conversation_id)
        return queue.wrap_up_seconds if queue is not None else WRAP_UP_SECONDS

    async def give_out(self, tx: Tx, *, at: datetime | None = None) -> None:
        """Something is different: what waits is looked at once more, now or then."""
        when = at or self._clock.now()
        await self._work.promise(tx, ROUTE, key=f"route:{self._ids.new('rte')}", run_at=when, lane=LANE)

    # Inside.

    async def _on(self, session: AsyncSession) -> bool:
        return await queue_store.has_queues(session)

    async def _enter(self, tx: Tx, event: ControlChanged) -> Entry:
        now = self._clock.now()
        conversation = await self._conversations.now(tx, event.conversation_id)
        language = await self._language(tx.session, conversation)
        setup = await self._floors.setup(tx.session)
        queue = queue_rules.choose_queue(
            setup.queues.values(), channel=event.channel, language=language, reason=event.reason
        )
        taken = event.control is Control.AGENT
        shut = queue is not None and not taken and not setup.is_open(queue.id, now)
        ids = await self._people.same_as(tx.session, conversation.person_id)
        entry = Entry(
            id=self._ids.new("qen"), conversation_id=conversation.id, person_id=conversation.person_id,
            queue_id=queue.id if queue else None, channel=event.channel, language=language, reason=event.reason,
            priority=event.priority, skills=queue.skills if queue else {},
            state=EntryState.TAKEN if taken else EntryState.WAITING, since=now,
            last_agent_id=None if taken else await entry_store.last_agent(tx.session, ids), closed_hours=shut,
            taken_at=now if taken else None, taken_by=event.agent_id if taken else None,
        )  # fmt: skip
        await entry_store.add(tx.session, entry)
        if entry.queue_id is not None and not (taken and conversation.queue_id is not None):
            # Who takes it by hand does not take it away from those whose it was.
            await self._conversations.came_to(tx, conversation.id, entry.queue_id)
        if taken and entry.channel == CALL:
            await entry_store.replied(tx.session, entry.conversation_id, now)
        if shut and queue is not None:
            await self._while_closed(tx, entry, queue, setup)
        return entry

    async def _again(self, tx: Tx, entry: Entry, event: ControlChanged) -> Entry | None:
        """Back to the queue, at its old place; whoever had it is not asked at once."""
        if entry.state is not EntryState.TAKEN:
            return None
        why = event.reason if event.reason in set(Requeued) else Requeued.PASSED_ON.value
        until = self._clock.now() + DECLINE_PAUSE
        declined = {entry.taken_by: until.isoformat()} if entry.taken_by else {}
        return await entry_store.change(
            tx.session, entry.id, state=EntryState.WAITING.value, taken_by=None, offered_to=None, offered_until=None,
            requeues=entry.requeues + 1, requeued_why=why, declined=declined, last_agent_id=None,
        )  # fmt: skip

    async def _taken(self, tx: Tx, entry: Entry, event: ControlChanged) -> Entry | None:
        now = self._clock.now()
        if entry.state is EntryState.OFFERED:
            meant = entry.offered_to == event.agent_id
            await entry_store.settle_offer(
                tx.session, entry.id, entry.offers, Passed.ACCEPTED if meant else Passed.GONE
            )  # fmt: skip
        if entry.channel == CALL:
            await entry_store.replied(tx.session, entry.conversation_id, now)
        return await entry_store.change(
            tx.session, entry.id, state=EntryState.TAKEN.value, taken_by=event.agent_id, offered_to=None,
            offered_until=None, taken_at=entry.taken_at or now, callback_offered=None,
        )  # fmt: skip

    async def _over(self, tx: Tx, entry: Entry, event: ControlChanged) -> Entry | None:
        if entry.state is EntryState.OFFERED:
            await entry_store.settle_offer(tx.session, entry.id, entry.offers, Passed.GONE)
        if entry.taken_at is None:
            why = Ended.ABANDONED
        else:
            why = Ended.HANDED_BACK if event.control is Control.BOT else Ended.RESOLVED
        return await entry_store.change(
            tx.session, entry.id, state=EntryState.ENDED.value, ended_at=self._clock.now(), ended_why=why.value,
            offered_to=None, offered_until=None,
        )  # fmt: skip

    async def _moved(self, tx: Tx, entry: Entry) -> None:
        await self.announce(tx, entry)
        await tx.publish(
            QueueMoved(entry.id, entry.conversation_id, entry.channel, entry.state.value, entry.offered_to)
        )  # fmt: skip
        await self.give_out(tx)

    async def _while_closed(self, tx: Tx, entry: Entry, queue: Queue, setup: Setup) -> None:
        opens = opens_at(setup.schedule(queue.id), entry.since)
        if opens is not None:
            await self.give_out(tx, at=opens)
        if not self._conversations.carries(entry.channel):
            return
        # At the end, so that it comes after what the assistant says of it.
        tx.before_commit(lambda: self._say_closed(tx, entry, queue, setup))

    async def _say_closed(self, tx: Tx, entry: Entry, queue: Queue, setup: Setup) -> None:
        person = await self._people.get(tx.session, entry.person_id)
        texts = self._texts.other(person.locale if person else None)
        opens = opens_at(setup.schedule(queue.id), entry.since)
        said = queue.closed_answer or texts.say("queues.closed")
        if queue.closed_answer is None and opens is not None:
            local = opens.astimezone(self._floors.zone)
            said = texts.say("queues.closed_until", day=local.date(), time=local.time())
        if queue.closed_callback:
            said = f"{said} {texts.say('queues.callback_offer')}"
            await entry_store.change(tx.session, entry.id, callback_offered=ASKED)
        await self._conversations.system_says(tx, entry.conversation_id, text=said, key=f"closed:{entry.id}")

    async def _language(self, session: AsyncSession, conversation: Conversation) -> str | None:
        said = queue_rules.language_of(conversation.meta.get("locale"))
        if said is not None:
            return said
        person = await self._people.get(session, conversation.person_id)
        return queue_rules.language_of(person.locale if person else None)


async def _to_nobody(_tx: Tx, _entry: Entry) -> None:
    """Where nobody looks."""
