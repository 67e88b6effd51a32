"""Who gets what: pure and deterministic, over everybody who waits and everybody who is there.

Nobody is given more than they may have at once, nothing goes to somebody who may not have it, and nobody waits for
ever: what is urgent has a head start of so many seconds, and no more. At most one thing goes to each agent at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from relevo.conversations.rules import Priority
from relevo.desk.queue_rules import CAPACITY, Entry, Profile, Queue

QUEUE_HEAD_START = timedelta(minutes=2)
"""For each degree of its queue's priority."""
HEAD_START = {Priority.NORMAL: timedelta(), Priority.HIGH: timedelta(minutes=10), Priority.URGENT: timedelta(hours=1)}
LANGUAGE_PATIENCE = timedelta(minutes=3)
"""So long somebody who speaks the customer's language is waited for, unless the queue insists on it anyway."""
CONSIDERED = 10
"""So many, the first by the rules, are put to whoever advises."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who may answer, is there and wants work."""

    id: str
    languages: frozenset[str] = frozenset({"es"})
    skills: Mapping[str, int] = field(default_factory=dict)
    capacity: Mapping[str, int] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)
    """What they have of each channel, offers included."""
    teams: frozenset[str] = frozenset()
    idle_since: datetime | None = None
    channels: frozenset[str] | None = None
    """Those they can be reached for now; None: all."""
    asked: bool = False
    """Something is being offered to them already."""

    def most(self, channel: str, queue: Queue) -> int:
        own = self.capacity.get(channel, CAPACITY.get(channel, 1))
        return min(own, queue.capacity.get(channel, own))

    def room(self, channel: str, queue: Queue) -> int:
        return self.most(channel, queue) - self.load.get(channel, 0)

    @property
    def occupancy(self) -> float:
        """How full they are, over all channels: one chat of three weighs a third."""
        return sum(
            count / max(1, self.capacity.get(channel, CAPACITY.get(channel, 1))) for channel, count in self.load.items()
        )


@dataclass(frozen=True, slots=True)
class Advice:
    agent_id: str
    by: str
    """``rules`` or ``model``."""
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    """Codes (text ``desk.routing.<code>``)."""


RULES = "rules"
Advisor = Callable[[Entry, Sequence[Agent]], Advice | None]
"""Asked about candidates that are all fit, the first by the rules first. None: the rules decide."""


@dataclass(frozen=True, slots=True)
class Match:
    entry_id: str
    advice: Advice
    among: tuple[str, ...]
    """Who was considered."""


def agent_of(
    profile: Profile,
    *,
    load: Mapping[str, int],
    teams: Iterable[str],
    idle_since: datetime | None,
    channels: frozenset[str] | None = None,
    asked: bool = False,
) -> Agent:
    capacity = {**CAPACITY, **profile.capacity}
    languages = frozenset(profile.languages)
    return Agent(
        profile.staff_id, languages, profile.skills, capacity, load, frozenset(teams), idle_since, channels, asked
    )


def place(entry: Entry, queue: Queue | None) -> tuple[datetime, datetime, str]:
    """Where it stands: who came first, as if what is urgent had come earlier."""
    start = HEAD_START[entry.priority] + QUEUE_HEAD_START * (queue.priority if queue else 0)
    return entry.since - start, entry.since, entry.id


def in_order(entries: Iterable[Entry], queues: Mapping[str, Queue]) -> list[Entry]:
    return sorted(entries, key=lambda each: place(each, queues.get(each.queue_id or "")))


def may_have(agent: Agent, entry: Entry, queue: Queue, now: datetime) -> bool:
    """Whether this is for them at all, however much they have now."""
    return (
        _serves(agent, queue, entry.channel)
        and (not _insists(entry, queue, now) or entry.language in agent.languages)
        and _can(agent, entry)
    )


def _serves(agent: Agent, queue: Queue, channel: str) -> bool:
    return (
        (not queue.teams or not agent.teams.isdisjoint(queue.teams))
        and (agent.channels is None or channel in agent.channels)
        and agent.most(channel, queue) > 0
    )


def _can(agent: Agent, entry: Entry) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in entry.skills.items())


def _insists(entry: Entry, queue: Queue, now: datetime) -> bool:
    """Whether only somebody who speaks the language will do."""
    return entry.language is not None and (bool(queue.languages) or now - entry.since < LANGUAGE_PATIENCE)


def decide(
    queues: Mapping[str, Queue],
    entries: Iterable[Entry],
    agents: Iterable[Agent],
    now: datetime,
    advise: Advisor | None = None,
) -> list[Match]:
    """What is given out now. ``entries``: those that wait and were offered to nobody."""
    pool = _Pool(agents, queues)
    matches: list[Match] = []
    for entry in in_order(entries, queues):
        if not pool.anybody:
            break
        queue = queues.get(entry.queue_id or "")
        able = pool.able(entry, queue, now) if queue is not None else ()
        if able:
            chosen = _choose(entry, able, advise)
            pool.use(chosen.agent_id)
            matches.append(Match(entry.id, chosen, tuple(each.id for each in able[:CONSIDERED])))
    return matches


class _Pool:
    """Who is free, in the order in which the rules would ask them. It only ever shrinks."""

    def __init__(self, agents: Iterable[Agent], queues: Mapping[str, Queue]) -> None:
        self._free = sorted((each for each in agents if not each.asked), key=_order)
        self._queues = queues
        self._used: set[str] = set()
        self._of: dict[tuple[str, str], list[Agent]] = {}
        """With room for one more of a channel, by queue and channel."""
        self._nobody: set[tuple[object, ...]] = set()
        """What was asked for in vain will be in vain again."""

    @property
    def anybody(self) -> bool:
        return len(self._used) < len(self._free)

    def use(self, agent_id: str) -> None:
        self._used.add(agent_id)
        for known in self._of.values():
            for place, agent in enumerate(known):
                if agent.id == agent_id:
                    del known[place]
                    break

    def able(self, entry: Entry, queue: Queue, now: datetime) -> Sequence[Agent]:
        """Those who may have it, the first by the rules first: as many as are considered, and who had this customer
        last wherever they stand."""
        channel, insists = entry.channel, _insists(entry, queue, now)
        kind = (queue.id, channel, entry.language if insists else None, *sorted(entry.skills.items()))
        if kind in self._nobody:
            return ()
        found: list[Agent] = []
        passed = False
        for agent in self._with_room(queue, channel):
            if (insists and entry.language not in agent.languages) or (entry.skills and not _can(agent, entry)):
                continue
            if _let_pass(entry, agent.id, now):
                passed = True
            elif len(found) < CONSIDERED or agent.id == entry.last_agent_id:
                found.append(agent)
            elif entry.last_agent_id is None:
                break
        if not found and not passed:
            self._nobody.add(kind)
        return found

    def _with_room(self, queue: Queue, channel: str) -> list[Agent]:
        known = self._of.get((queue.id, channel))
        if known is None:
            known = self._of[queue.id, channel] = [
                each
                for each in self._free
                if each.id not in self._used and each.room(channel, queue) > 0 and _serves(each, queue, channel)
            ]
        return known


def _let_pass(entry: Entry, agent_id: str, now: datetime) -> bool:
    until = entry.declined.get(agent_id) if entry.declined else None
    return until is not None and now < until


def _choose(entry: Entry, able: Sequence[Agent], advise: Advisor | None) -> Advice:
    if entry.last_agent_id is not None and any(each.id == entry.last_agent_id for each in able):
        return Advice(entry.last_agent_id, RULES, reasons=("knows_customer",))
    advice = advise(entry, able) if advise is not None and len(able) > 1 else None
    if advice is not None and any(each.id == advice.agent_id for each in able):
        return advice
    why = ("least_busy" if len(able) > 1 else "only_one", *(("has_skills",) if entry.skills else ()))
    return Advice(able[0].id, RULES, reasons=why)


_LONG_AGO = datetime.min


def _order(agent: Agent) -> tuple[float, datetime, int, str]:
    """The least busy first, then who has waited for work longest, then who is not better needed elsewhere."""
    idle = agent.idle_since.replace(tzinfo=None) if agent.idle_since else _LONG_AGO
    return agent.occupancy, idle, sum(agent.skills.values()), agent.id


def standing(
    entry: Entry,
    queues: Mapping[str, Queue],
    entries: Iterable[Entry],
    serving: Iterable[Agent],
    agents: Iterable[Agent],
    now: datetime,
) -> tuple[int, int, int]:
    """For one who waits: how many stand before them in their queue and channel, how many people serve it now, busy
    ones too, and how many of those could take one more."""
    queue = queues.get(entry.queue_id or "")
    if queue is None:
        return 0, 0, 0
    own = place(entry, queue)
    ahead = sum(
        place(each, queue) < own for each in entries if each.queue_id == queue.id and each.channel == entry.channel
    )
    free = sum(
        agent.room(entry.channel, queue) > 0 and not agent.asked and may_have(agent, entry, queue, now)
        for agent in agents
    )
    return ahead, sum(may_have(agent, entry, queue, now) for agent in serving), free
