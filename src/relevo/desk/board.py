"""How queues stand: who waits and for how long, what was promised and is kept, and the news of it.

Everything is worked out from stored times when it is asked for. Nobody is given anything here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import timing_store
from relevo.conversations.rules import iso
from relevo.desk import clocks, entry_store, routing
from relevo.desk.clocks import Reading, State, Times
from relevo.desk.floor import Floor, Floors, Setup
from relevo.desk.queue_rules import Entry, EntryState
from relevo.kit.clock import Clock
from relevo.kit.db import Tx
from relevo.kit.live import Live
from relevo.people.rules import WHOLE, Staff
from relevo.people.service import People
from relevo.texts import Texts

TOPIC = "queues"


@dataclass(slots=True)
class Board:
    live: Live
    people: People
    floors: Floors
    clock: Clock
    texts: Texts

    async def announce(self, tx: Tx, entry: Entry) -> None:
        """The entry as it is now, to whoever looks at queues."""
        setup = await self.floors.setup(tx.session)
        await self.live.announce(tx, TOPIC, "entry", (await self.entries_json(tx.session, [entry], setup))[0])

    async def snapshot(self, session: AsyncSession) -> dict[str, Any]:
        """All that live, as the topic shows them first."""
        setup = await self.floors.setup(session)
        entries = routing.in_order(await entry_store.live(session), setup.queues)
        return {"items": await self.entries_json(session, entries, setup)}

    async def offers(self, session: AsyncSession, staff: Staff) -> list[dict[str, Any]]:
        """What is being offered to them."""
        setup = await self.floors.setup(session)
        found = await entry_store.live(session, EntryState.OFFERED, offered_to=staff.id)
        return await self.entries_json(session, found, setup)

    async def entries_json(
        self, session: AsyncSession, entries: Sequence[Entry], setup: Setup
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The ``QueueEntry`` of docs/api.md."""
        now = self.clock.now()
        people = await self.people.get_many(session, [each.person_id for each in entries])
        readings = await self.readings(session, entries, setup, now)
        found = []
        for each in entries:
            queue = setup.queues.get(each.queue_id or "")
            person = people.get(each.person_id)
            found.append(
                {
                    "id": each.id,
                    "conversation_id": each.conversation_id,
                    "channel": each.channel,
                    "person": {"name": person.shown_name if person else None},
                    "queue": {"id": queue.id, "name": queue.name} if queue else None,
                    "state": each.state.value,
                    "priority": each.priority.value,
                    "reason": each.reason,
                    "reason_text": self._why(each.reason),
                    "language": each.language,
                    "skills": dict(each.skills),
                    "since": iso(each.since),
                    "offered_to": each.offered_to,
                    "offered_until": iso(each.offered_until),
                    "taken_by": each.taken_by,
                    "requeues": each.requeues,
                    "requeued_why": each.requeued_why,
                    "closed_hours": each.closed_hours,
                    "clocks": [clocks.reading_json(reading) for reading in readings[each.id]],
                    "at": iso(now),
                }
            )
        return found

    async def readings(
        self, session: AsyncSession, entries: Sequence[Entry], setup: Setup, now: datetime
    ) -> dict[str, tuple[Reading, ...]]:
        """The clocks of each, by its id."""
        asked = [
            each.conversation_id
            for each in entries
            if each.state is EntryState.TAKEN and each.first_reply_at is not None and _promises_next(setup, each)
        ]
        unanswered = await timing_store.unanswered(session, asked) if asked else {}
        found: dict[str, tuple[Reading, ...]] = {}
        for each in entries:
            queue = setup.queues.get(each.queue_id or "")
            times = Times(each.since, each.first_reply_at, unanswered.get(each.conversation_id), each.ended_at)
            found[each.id] = clocks.read(setup.schedule(each.queue_id), queue.targets, times, now) if queue else ()
        return found

    async def judged(self, session: AsyncSession, since: datetime, until: datetime) -> list[tuple[Entry, bool]]:
        """Of all that ended between two moments, each promise that was made: whether it was kept."""
        setup = await self.floors.setup(session)
        promising = {queue.id for queue in setup.queues.values() if queue.targets != clocks.Targets()}
        if not promising:
            return []
        ended = await entry_store.ended_since(session, since, until, limit=1_000_000, queues=promising)
        readings = await self.readings(session, ended, setup, self.clock.now())
        return [
            (each, reading.state is State.MET) for each in ended for reading in readings[each.id] if _is_judged(reading)
        ]

    async def json(self, session: AsyncSession, viewer: Staff | None = None) -> dict[str, Any]:
        """The board: every queue that ``viewer`` sees, with its figures of now and of today."""
        now, scope = self.clock.now(), viewer.scope if viewer is not None else WHOLE
        floor = await self.floors.read(session)
        if not scope.whole:
            entries = tuple(each for each in floor.entries if each.queue_id in scope.queues)
            theirs = {key: queue for key, queue in floor.setup.queues.items() if key in scope.queues}
            serving = tuple(each for each in floor.serving if each.id in scope.colleagues)
            floor = replace(
                floor, entries=entries, serving=serving, setup=Setup(theirs, floor.setup.schedules)
            )  # fmt: skip
        midnight = datetime.combine(now.astimezone(self.floors.zone).date(), time(), self.floors.zone)
        ended = [
            each for each in await entry_store.ended_since(session, midnight)
            if scope.whole or each.queue_id in scope.queues
        ]  # fmt: skip
        running = await self.readings(session, floor.entries, floor.setup, now)
        over = await self.readings(session, ended, floor.setup, now)
        queues = [
            {
                "id": queue.id,
                "name": queue.name,
                "open": floor.setup.is_open(queue.id, now),
                **self._figures(floor, ended, {**running, **over}, queue.id, now),
            }
            for queue in floor.setup.queues.values()
            if queue.active
        ]
        return {
            "queues": queues,
            "all": self._figures(floor, ended, {**running, **over}, None, now),
            "in_use": floor.in_use,
            "at": iso(now),
        }

    def _figures(
        self,
        floor: Floor,
        ended: Sequence[Entry],
        readings: Mapping[str, Sequence[Reading]],
        queue_id: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """Of one queue, or of all. The definitions are in docs/queues.md."""
        live = [each for each in floor.entries if queue_id in (None, each.queue_id) and each.queue_id is not None]
        done = [each for each in ended if queue_id in (None, each.queue_id) and each.queue_id is not None]
        waiting = [each for each in live if each.taken_by is None and each.state is not EntryState.TAKEN]
        over = [reading for each in (*live, *done) for reading in readings[each.id] if _is_judged(reading)]
        kept = sum(reading.state is State.MET for reading in over)
        now_running = [reading.state for each in live for reading in readings[each.id]]
        lost = sum(entry_store.abandoned(each) for each in done)
        first = min((each.since for each in waiting), default=None)
        queue = floor.setup.queues.get(queue_id or "")
        serving = [
            agent for agent in floor.serving
            if queue is None or not queue.teams or not agent.teams.isdisjoint(queue.teams)
        ]  # fmt: skip
        return {
            "waiting": len(waiting),
            "longest_since": iso(first),
            "longest_seconds": round((now - first).total_seconds()) if first else 0,
            "with_agents": len(live) - len(waiting),
            "at_risk": now_running.count(State.AT_RISK),
            "broken": now_running.count(State.BROKEN),
            "sla": round(100 * kept / len(over), 1) if over else None,
            "handled": len(done) - lost,
            "abandoned": lost,
            "abandoned_share": round(100 * lost / len(done), 1) if done else None,
            "people": len(serving),
            "free": sum(agent in floor.agents and not agent.asked for agent in serving),
        }

    def _why(self, reason: str | None) -> str | None:
        key = f"conversations.reason.{reason}"
        return self.texts.here.say(key) if reason and self.texts.has(key) else reason


def _promises_next(setup: Setup, entry: Entry) -> bool:
    queue = setup.queues.get(entry.queue_id or "")
    return queue is not None and queue.targets.next is not None


def _is_judged(reading: Reading) -> bool:
    """A promise that was kept or broken; what still runs says nothing yet."""
    return reading.state in (State.MET, State.BROKEN)
