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
CONSIDERED = 20
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
        (not queue.teams or not agent.teams.isdisjoint(queue.teams))
        and (entry.language in agent.languages or not _insists(entry, queue, now))
        and (agent.channels is None or entry.channel in agent.channels)
        and agent.most(entry.channel, queue) > 0
        and all(agent.skills.get(skill, 0) >= level for skill, level in entry.skills.items())
    )


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
    free = [agent for agent in sorted(agents, key=lambda each: each.id) if not agent.asked]
    fit: dict[tuple[object, ...], list[Agent]] = {}
    used: set[str] = set()
    matches: list[Match] = []
    for entry in in_order(entries, queues):
        if len(used) == len(free):
            break
        queue = queues.get(entry.queue_id or "")
        if queue is None:
            continue
        wanted = entry.language if _insists(entry, queue, now) else None
        kind = (queue.id, entry.channel, wanted, *sorted(entry.skills.items()))
        if kind not in fit:
            able = (each for each in free if each.room(entry.channel, queue) > 0 and may_have(each, entry, queue, now))
            fit[kind] = sorted(able, key=lambda each: _least(each, entry))
        elif used:
            fit[kind] = [each for each in fit[kind] if each.id not in used]
        able_now = [each for each in fit[kind] if each.id not in used and not _let_pass(entry, each.id, now)]
        if not able_now:
            continue
        chosen = _choose(entry, able_now, advise)
        used.add(chosen.agent_id)
        matches.append(Match(entry.id, chosen, tuple(each.id for each in able_now[:CONSIDERED])))
    return matches


def _let_pass(entry: Entry, agent_id: str, now: datetime) -> bool:
    until = entry.declined.get(agent_id)
    return until is not None and now < until


def _choose(entry: Entry, able: Sequence[Agent], advise: Advisor | None) -> Advice:
    known = next((each for each in able if each.id == entry.last_agent_id), None)
    if known is not None:
        return Advice(known.id, RULES, reasons=("knows_customer",))
    advice = advise(entry, able[:CONSIDERED]) if advise is not None and len(able) > 1 else None
    if advice is not None and any(each.id == advice.agent_id for each in able):
        return advice
    first = able[0]
    why = ["least_busy" if first.occupancy == 0 or len(able) > 1 else "only_one"]
    if entry.skills:
        why.append("has_skills")
    return Advice(first.id, RULES, reasons=tuple(why))


_LONG_AGO = datetime.min


def _least(agent: Agent, entry: Entry) -> tuple[float, datetime, int, str]:
    """The least busy first, then who has waited for work longest, then who is not better needed elsewhere."""
    idle = agent.idle_since.replace(tzinfo=None) if agent.idle_since else _LONG_AGO
    surplus = sum(level - entry.skills.get(skill, 0) for skill, level in agent.skills.items())
    return agent.occupancy, idle, surplus, agent.id


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
