"""The floor at one moment: queues with their hours, who waits, and who is there with what they can and have.

Only read, in one go, by whoever gives out work or shows how things stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk import entry_store, queue_store
from relevo.desk.hours import Schedule, is_open
from relevo.desk.presence import Presence
from relevo.desk.queue_rules import Entry, EntryState, Profile, Queue, Team
from relevo.desk.routing import Agent, agent_of
from relevo.desk.shifts import WORKING, State
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People


@dataclass(frozen=True, slots=True)
class Setup:
    """What was set up, without who is there."""

    queues: Mapping[str, Queue]
    schedules: Mapping[str, Schedule]
    """By queue."""

    def schedule(self, queue_id: str | None) -> Schedule:
        return self.schedules[queue_id or ""]

    def is_open(self, queue_id: str | None, at: datetime) -> bool:
        return is_open(self.schedule(queue_id), at)


@dataclass(frozen=True, slots=True)
class Floor:
    setup: Setup
    entries: tuple[Entry, ...]
    """All that live."""
    agents: tuple[Agent, ...]
    """Who is there and wants work."""
    serving: tuple[Agent, ...] = ()
    """These, and who is busy with a call or with what comes after it."""
    teams: tuple[Team, ...] = ()
    staff: Mapping[str, Staff] = field(default_factory=dict)
    in_use: bool = True
    """Whether the house declares who is there at all."""

    def waiting(self) -> list[Entry]:
        return [each for each in self.entries if each.state is EntryState.WAITING]

    def offerable(self, at: datetime) -> list[Entry]:
        """What is to be given out now: of queues that are closed, nothing."""
        shut: dict[str | None, bool] = {}
        for entry in self.entries:
            if entry.queue_id not in shut:
                shut[entry.queue_id] = not self.setup.is_open(entry.queue_id, at)
        return [each for each in self.waiting() if not shut[each.queue_id]]


@dataclass(slots=True)
class Floors:
    people: People
    presence: Presence
    zone: ZoneInfo
    channels: Callable[[str], frozenset[str] | None] = lambda _staff_id: None
    """On which channels somebody can be reached now; None: on all."""

    async def setup(self, session: AsyncSession) -> Setup:
        queues = {each.id: each for each in await queue_store.queues(session)}
        hours = {each.id: each for each in await queue_store.all_hours(session)}
        always = Schedule(self.zone)
        schedules = {
            each.id: hours[each.hours_id].schedule(self.zone) if each.hours_id in hours else always
            for each in queues.values()
        }
        return Setup(queues, {"": always, **schedules})

    async def read(self, session: AsyncSession) -> Floor:
        setup = await self.setup(session)
        entries = tuple(await entry_store.live(session))
        staff = {each.id: each for each in await self.people.all_staff(session)}
        teams = tuple(await queue_store.teams(session))
        states = await self.presence.states(session)
        in_use = await self.presence.in_use(session)
        there = [
            who for who, now in states.items()
            if now.state in WORKING and who in staff and may(staff[who], Action.ANSWER)
        ]  # fmt: skip
        profiles = await queue_store.profiles(session)
        begun = await entry_store.last_taken(session)
        loads, asked = _loads(entries)
        serving = [
            agent_of(
                profiles.get(who, Profile(who)),
                load=loads.get(who, {}),
                teams=[team.id for team in teams if who in team.members],
                idle_since=max(filter(None, (states[who].since, begun.get(who))), default=None),
                channels=self.channels(who),
                asked=who in asked,
            )
            for who in (sorted(there) if in_use else ())
        ]
        agents = tuple(each for each in serving if states[each.id].state is State.AVAILABLE)
        return Floor(setup, entries, agents, tuple(serving), teams, staff, in_use)


def _loads(entries: tuple[Entry, ...]) -> tuple[dict[str, Counter[str]], set[str]]:
    loads: dict[str, Counter[str]] = {}
    asked: set[str] = set()
    for entry in entries:
        who = entry.taken_by if entry.state is EntryState.TAKEN else entry.offered_to
        if who is not None:
            loads.setdefault(who, Counter())[entry.channel] += 1
        if entry.state is EntryState.OFFERED and entry.offered_to is not None:
            asked.add(entry.offered_to)
    return loads, asked
