"""Queues, wired: what waits, who is offered it, how it ended, and what others make of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls.callbacks import Callbacks
from relevo.calls.parts import CHANNEL as CALL
from relevo.calls.service import Calls
from relevo.conversations.events import (
    AgentSpoke,
    ControlChanged,
    MessageReceived,
    MessagesForgotten,
    PriorityChanged,
)
from relevo.conversations.service import Conversations
from relevo.desk.administration import Administration
from relevo.desk.board import TOPIC, Board
from relevo.desk.events import PresenceChanged, ResultChosen
from relevo.desk.floor import Floors
from relevo.desk.learning import Learning
from relevo.desk.offering import EXPIRE, REQUEUE, Offering
from relevo.desk.plans import Plans
from relevo.desk.presence import Presence
from relevo.desk.queue_rules import CHANNELS
from relevo.desk.queue_store import scope_of
from relevo.desk.queues import ROUTE, Queues
from relevo.desk.results import Results
from relevo.kit.clock import Clock, SystemClock
from relevo.kit.db import Database, Tx
from relevo.kit.events import Events
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.tasks import Tasks
from relevo.kit.work import Work
from relevo.outreach.consents import Consents
from relevo.outreach.rules import Way
from relevo.people.rules import Action, Staff
from relevo.people.service import People
from relevo.settings import Settings
from relevo.texts import Texts
from relevo.web import queues as queues_http
from relevo.web.auth import Gate
from relevo.web.live import Topic

WRITTEN = frozenset(CHANNELS) - {CALL}


@dataclass(frozen=True, slots=True)
class Waitings:
    """Everything about queues that the rest of the product uses."""

    db: Database
    floors: Floors
    queues: Queues
    offering: Offering
    board: Board
    results: Results
    plans: Plans
    administration: Administration
    learning: Learning

    def routers(self, gate: Gate) -> list[APIRouter]:
        return [
            queues_http.router(
                self.db, self.offering, self.board, self.results, self.learning.measured, gate
            ),
            queues_http.administration(self.db, self.administration, gate),
        ]  # fmt: skip

    def topics(self) -> dict[str, Topic]:
        async def live(session: AsyncSession, _staff: Staff, _rest: str) -> dict[str, Any]:
            return await self.board.snapshot(session)

        return {TOPIC: Topic(Action.SEE_CONVERSATIONS, live)}

    def subscribe(self, events: Events, consents: Consents) -> None:
        async def silence(tx: Tx, event: ResultChosen) -> None:
            if event.do_not_call:
                proof = f"{event.conversation_id}: {event.note or event.code}"
                await consents.stop(tx, event.person_id, Way.CALL, proof=proof, by=event.by)

        events.on_within(ControlChanged, self.queues.on_control)
        events.on_within(PriorityChanged, self.queues.on_priority)
        events.on_within(AgentSpoke, self.queues.on_spoke)
        events.on_within(MessagesForgotten, self.queues.on_forgotten)
        events.on_within(MessageReceived, self.plans.hear)
        events.on_within(PresenceChanged, self.offering.on_presence)
        events.on_within(ResultChosen, silence)

    def handle(self, work: Work) -> None:
        work.handle(ROUTE, self.offering.route_job)
        work.handle(EXPIRE, self.offering.expire_job)
        work.handle(REQUEUE, self.offering.requeue_job)

    def serve(self, calls: Calls, callbacks: Callbacks, has_voice: Callable[[str], bool]) -> None:
        """Calls are offered to those who can be heard now, callers are told how their queue stands, and all who are to
        be called are on one list."""
        calls.here.standing = self.offering.standing
        callbacks.plans = self.plans
        self.ring_only(has_voice)

    def ring_only(self, has_voice: Callable[[str], bool]) -> None:
        self.floors.channels = lambda staff_id: None if has_voice(staff_id) else WRITTEN


def wire(
    settings: Settings,
    db: Database,
    live: Live,
    work: Work,
    people: People,
    conversations: Conversations,
    presence: Presence,
    clock: Clock,
    ids: Ids,
    texts: Texts,
    zone: ZoneInfo,
) -> Waitings:
    people.scopes = scope_of
    floors = Floors(people, presence, zone)
    plans = Plans(db, live, conversations, people, floors, clock, ids, texts, settings.country)
    queues = Queues(work, people, conversations, floors, clock, ids, texts)
    board = Board(live, people, floors, clock, texts)
    queues.announce = board.announce
    offering = Offering(db, work, people, conversations, floors, queues, clock)
    learning = Learning(db, clock)
    offering.advisor = learning.advisor
    results = Results(db, conversations, people, queues, plans, clock, ids)
    administration = Administration(db, people, floors, queues, clock, ids, texts)
    presence.wrap_ups = queues
    return Waitings(db, floors, queues, offering, board, results, plans, administration, learning)


async def measure_routing(settings: Settings) -> dict[str, Any]:
    """What the model would have done on the house's own outcomes; for the command line, with nothing running."""
    tasks = Tasks()
    db = Database(settings.database, Events(tasks))
    try:
        return await Learning(db, SystemClock()).measured()
    finally:
        await db.close()
        await tasks.close()
