"""Giving out what waits: offers that are accepted, let pass or run out, and what comes back from those who left.

Who gets what is decided in ``routing``; here it is read, asked, written and announced, each in a short transaction of
its own. One process at a time gives out; every step says what it expects to find.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from relevo.conversations.rules import Author, Change, Control
from relevo.conversations.service import Conversations
from relevo.desk import entry_store, routing
from relevo.desk.events import PresenceChanged, QueueMoved
from relevo.desk.floor import Floor, Floors
from relevo.desk.queue_rules import CALL, DECLINE_PAUSE, Entry, EntryState, Mode, Passed, Queue, Requeued
from relevo.desk.queues import Queues
from relevo.desk.routing import Advisor, Match
from relevo.desk.shifts import State
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, NotFound, RelevoError
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People

_log = log.get("desk.offering")

EXPIRE = "desk.offer_over"
"""Job: an offer that nobody answered. Payload: ``entry_id``, ``number``."""
REQUEUE = "desk.requeue"
"""Job: what somebody who left had waiting. Payload: ``staff_id``."""
GRACE = timedelta(seconds=30)
"""A browser that was closed by mistake is back by then; a minute is what was promised."""
MOST_ROUNDS = 20

Standing = tuple[int, int, int]
"""How many are before one, how many people serve them, and how many of those are free."""


class Offering:
    def __init__(
        self,
        db: Database,
        work: Work,
        people: People,
        conversations: Conversations,
        floors: Floors,
        queues: Queues,
        clock: Clock,
    ) -> None:
        self._db = db
        self._work = work
        self._people = people
        self._conversations = conversations
        self._floors = floors
        self._queues = queues
        self._clock = clock
        self.advisor: Callable[[], Awaitable[Advisor | None]] = _nobody
        """Who knows better than the rules, if anybody."""
        self._standing: dict[str, Standing] = {}

    # Jobs.

    async def route_job(self, _job: Job) -> None:
        await self.route()

    async def route(self) -> int:
        """Give out what can be given out now. Returns how much that was."""
        given = 0
        for _ in range(MOST_ROUNDS):
            async with self._db.read() as session:
                floor = await self._floors.read(session)
            self._remember(floor)
            waiting = floor.offerable(self._clock.now())
            if not waiting or not floor.agents:
                break
            advise = await self.advisor()
            matches = routing.decide(floor.setup.queues, waiting, floor.agents, self._clock.now(), advise)
            entries = {entry.id: entry for entry in waiting}
            done = [await self._give(entries[match.entry_id], match, floor) for match in matches]
            given += sum(done)
            if not any(done):
                break
        return given

    async def expire_job(self, job: Job) -> None:
        async with self._db.write() as tx:
            entry = await entry_store.by_id(tx.session, str(job.payload["entry_id"]), lock=True)
            number = int(job.payload["number"])
            if entry is not None and entry.offers == number:
                await self._back(tx, entry, Passed.EXPIRED)

    async def requeue_job(self, job: Job) -> None:
        await self.requeue(str(job.payload["staff_id"]))

    async def requeue(self, staff_id: str) -> int:
        """Whoever waits for an answer of somebody who is gone goes back to the queue. Returns how many."""
        async with self._db.read() as session:
            now = (await self._floors.presence.states(session)).get(staff_id)
            left = now is not None and now.state is State.OFFLINE and await self._floors.presence.in_use(session)
            held = await entry_store.live(session, EntryState.TAKEN, taken_by=staff_id) if left else []
        count = 0
        for entry in held:
            if entry.channel == CALL:
                # A lost voice is the call's own affair: it knows within seconds.
                continue
            async with self._db.write() as tx:
                conversation = await self._conversations.now(tx, entry.conversation_id)
                waits = conversation.last_author is Author.CUSTOMER or entry.first_reply_at is None
                if waits and conversation.control is Control.AGENT and conversation.agent_id == staff_id:
                    change = Change(Control.QUEUED, None, Requeued.OFFLINE.value, conversation.priority)
                    await self._conversations.pass_on(tx, conversation.id, change, event="requeued", staff=None)
                    count += 1
        return count

    async def sweep(self) -> None:
        """What no job has seen to: offers that ran out, those who left, doors that opened, languages waited for."""
        now = self._clock.now()
        async with self._db.read() as session:
            live = await entry_store.live(session)
            if not live:
                self._standing = {}
                return
            states = await self._floors.presence.states(session)
        for entry in live:
            if entry.state is EntryState.OFFERED and entry.offered_until is not None and entry.offered_until <= now:
                async with self._db.write() as tx:
                    await self._back(tx, entry, Passed.EXPIRED)
        holders = {each.taken_by for each in live if each.state is EntryState.TAKEN and each.taken_by is not None}
        for who in sorted(holders):
            gone = states.get(who)
            if gone is not None and gone.state is State.OFFLINE and (gone.since is None or gone.since + GRACE <= now):
                await self.requeue(who)
        await self.route()

    # What agents say.

    async def accept(self, entry_id: str, staff: Staff) -> str:
        """It is theirs. Answers the id of the conversation."""
        async with self._db.read() as session:
            found = await entry_store.by_id(session, entry_id)
        async with self._db.write() as tx:
            if found is not None:
                # Held in the same order as by whoever takes it by hand: first the conversation, then its entry.
                await self._conversations.now(tx, found.conversation_id)
            entry = await self._offered(tx, entry_id, staff)
            await self._conversations.take_over(tx, entry.conversation_id, staff=staff)
            return entry.conversation_id

    async def decline(self, entry_id: str, staff: Staff) -> None:
        async with self._db.write() as tx:
            await self._back(tx, await self._offered(tx, entry_id, staff), Passed.DECLINED)

    # Listed in ``app``: within the transaction.

    async def on_presence(self, tx: Tx, event: PresenceChanged) -> None:
        """Who is there now is given something; who is not any more is asked nothing."""
        if event.state is State.AVAILABLE:
            await self._queues.give_out(tx)
            return
        for entry in await entry_store.live(tx.session, EntryState.OFFERED, offered_to=event.staff_id):
            if event.state is not State.ON_CALL or entry.channel == CALL:
                await self._back(tx, entry, Passed.GONE)
        if event.state is State.OFFLINE:
            await self._work.promise(
                tx, REQUEUE, key=f"{REQUEUE}:{event.staff_id}:{event.at.isoformat()}",
                payload={"staff_id": event.staff_id}, run_at=event.at + GRACE,
            )  # fmt: skip

    def standing(self, conversation_id: str) -> Standing | None:
        """How things stand for a caller who waits in a queue, as it was seen last in this process."""
        return self._standing.get(conversation_id)

    # Inside.

    async def _give(self, entry: Entry, match: Match, floor: Floor) -> bool:
        queue = floor.setup.queues[entry.queue_id or ""]
        staff = floor.staff.get(match.advice.agent_id)
        if staff is None or not may(staff, Action.ANSWER):
            return False
        try:
            if queue.mode is Mode.ASSIGN:
                return await self._assign(entry, match, staff)
            return await self._offer(entry, match, queue)
        except RelevoError as error:
            # Somebody was quicker. It is looked at again when that is announced.
            _log.info("what was to be given out is not there any more", entry=entry.id, code=error.code)
            return False

    async def _offer(self, entry: Entry, match: Match, queue: Queue) -> bool:
        now = self._clock.now()
        until = now + timedelta(seconds=queue.offer_seconds)
        async with self._db.write() as tx:
            offered = await entry_store.offer(tx.session, entry, match, now, until)
            if offered is None:
                return False
            await self._work.promise(
                tx, EXPIRE, key=f"{EXPIRE}:{entry.id}:{offered.offers}",
                payload={"entry_id": entry.id, "number": offered.offers}, run_at=until,
            )  # fmt: skip
            await self._tell(tx, offered)
        return True

    async def _assign(self, entry: Entry, match: Match, staff: Staff) -> bool:
        now = self._clock.now()
        async with self._db.write() as tx:
            await self._conversations.now(tx, entry.conversation_id)
            offered = await entry_store.offer(tx.session, entry, match, now, now)
            if offered is None:
                return False
            await self._conversations.take_over(tx, entry.conversation_id, staff=staff)
        return True

    async def _offered(self, tx: Tx, entry_id: str, staff: Staff) -> Entry:
        entry = await entry_store.by_id(tx.session, entry_id, lock=True)
        if entry is None:
            raise NotFound("no_offer")
        if entry.state is not EntryState.OFFERED or entry.offered_to != staff.id or not self._stands(entry):
            raise Conflict("offer_gone")
        return entry

    def _stands(self, entry: Entry) -> bool:
        return entry.offered_until is None or self._clock.now() < entry.offered_until

    async def _back(self, tx: Tx, entry: Entry, outcome: Passed) -> None:
        """It waits again, at its place; whoever let it pass is not asked about it for a while."""
        if entry.state is not EntryState.OFFERED or entry.offered_to is None:
            return
        until = self._clock.now() + DECLINE_PAUSE
        declined: dict[str, datetime] = {**entry.declined, entry.offered_to: until}
        changed = await entry_store.offer_over(tx.session, entry.id, entry.offers, declined=declined)
        if changed is None:
            return
        await entry_store.settle_offer(tx.session, entry.id, entry.offers, outcome)
        await self._tell(tx, changed)
        await self._queues.give_out(tx)

    async def _tell(self, tx: Tx, entry: Entry) -> None:
        await self._queues.announce(tx, entry)
        await tx.publish(
            QueueMoved(entry.id, entry.conversation_id, entry.channel, entry.state.value, entry.offered_to)
        )  # fmt: skip

    def _remember(self, floor: Floor) -> None:
        now = self._clock.now()
        callers = [each for each in floor.entries if each.channel == CALL and each.taken_by is None]
        self._standing = {}
        for each in callers if floor.in_use else ():
            if each.queue_id in floor.setup.queues:
                seen = routing.standing(each, floor.setup.queues, callers, floor.serving, floor.agents, now)
                # Nobody is on their way to a queue that is closed, whoever is still in the house.
                shut = not floor.setup.is_open(each.queue_id, now)
                self._standing[each.conversation_id] = (seen[0], 0, 0) if shut else seen


async def _nobody() -> Advisor | None:
    return None
