"""Who has the same thing on the screen now, and whether they are writing. Of no text, and of no time but this one.

Kept in memory by each process for its own consoles and told to the other processes over the bus; nothing is stored.
What a process that died had told ends with its silence. A console says what it shows only for a topic that it was
granted, and the news goes to subscribers of the thing's topics: who may not see a thing hears nothing of who does.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from relevo.kit.bus import Bus
from relevo.kit.live import Live

VIEWING = "viewing"
"""Kind of the ephemeral news, and subject on the bus."""
PACE = 1.0
"""Seconds between two frames to the same console, at least."""
BEAT = 2.5
PATIENCE = 8.0
"""Seconds of silence after which another process is taken to be gone."""
RENEWED = 70.0
"""A console that shows something says so again every half a minute."""
WRITING = 8.0
"""Somebody who has not typed for so long is looking again."""
AT_ONCE = 20
"""Consoles in one message between processes."""

_THING = re.compile(r"(conversation|booking|deposit):[\w.-]{1,60}")


class Doing(StrEnum):
    LOOKING = "looking"
    NOTE = "note"
    REPLY = "reply"


RANK = list(Doing)


@dataclass(frozen=True, slots=True)
class Seen:
    thing: str
    staff_id: str
    name: str
    doing: Doing


@dataclass(frozen=True, slots=True)
class _Here:
    seen: Seen
    until: float
    writes_until: float


def gate_of(thing: str) -> str | None:
    """The topic that somebody who shows this has been granted; None: there is no such thing."""
    if not _THING.fullmatch(thing):
        return None
    return thing if thing.startswith("conversation:") else "bookings"


def topics_of(thing: str) -> tuple[str, ...]:
    """Whose subscribers hear of it."""
    return (thing, "inbox") if thing.startswith("conversation:") else ("bookings",)


def summed(seen: Iterable[Seen]) -> list[dict[str, str]]:
    """Each person once, with the most that they do in any of their windows; those who write first."""
    people: dict[str, Seen] = {}
    for each in seen:
        known = people.get(each.staff_id)
        if known is None or RANK.index(each.doing) > RANK.index(known.doing):
            people[each.staff_id] = each
    order = sorted(people.values(), key=lambda each: (-RANK.index(each.doing), each.name, each.staff_id))
    return [{"id": each.staff_id, "name": each.name, "doing": each.doing.value} for each in order]


class Beside:
    def __init__(
        self, live: Live, bus: Bus, *, ticks: Callable[[], float] = time.monotonic, pace: float = PACE
    ) -> None:
        self._live = live
        self._bus = bus
        self._ticks = ticks
        self._pace = pace
        self._here: dict[str, _Here] = {}
        self._there: dict[str, dict[str, Seen]] = {}
        self._heard: dict[str, float] = {}
        self._changed: dict[str, None] = {}
        self._news = asyncio.Event()
        self._moved: dict[str, None] = {}
        """Consoles of ours of which the other processes have yet to be told."""
        bus.hear(VIEWING, self._on_bus)
        bus.when_mended(self._greet)

    # What consoles of this process say.

    def show(self, console: str, staff_id: str, name: str, thing: str, doing: Doing) -> None:
        now = self._ticks()
        known = self._here.get(console)
        seen = Seen(thing, staff_id, name, doing)
        self._here[console] = _Here(seen, now + RENEWED, now + WRITING)
        if known is None or known.seen != seen:
            self._moves(console, known.seen if known else None, seen)

    def leave(self, console: str) -> None:
        known = self._here.pop(console, None)
        if known is not None:
            self._moves(console, known.seen, None)

    def shown(self, console: str) -> str | None:
        known = self._here.get(console)
        return known.seen.thing if known else None

    # What is told.

    def of(self, topic: str) -> list[dict[str, Any]]:
        """Everything of ``topic`` that somebody shows."""
        things: dict[str, list[Seen]] = {}
        for each in self._all():
            if topic in topics_of(each.thing):
                things.setdefault(each.thing, []).append(each)
        return [{"thing": thing, "who": summed(seen)} for thing, seen in things.items()]

    def who(self, thing: str) -> list[dict[str, str]]:
        return summed(each for each in self._all() if each.thing == thing)

    async def run(self) -> None:
        """Tell what changed, at most so often; goes on until it is cancelled."""
        while True:
            await self._news.wait()
            self.flush()
            await asyncio.sleep(self._pace)

    async def keep(self) -> None:
        """Heartbeats, and the end of what was not renewed."""
        while True:
            await asyncio.sleep(BEAT)
            self.beat()

    def flush(self) -> None:
        self._news.clear()
        self._tell_processes()
        told: dict[str, list[dict[str, Any]]] = {}
        for thing in self._changed:
            wanted = [topic for topic in topics_of(thing) if self._live.wanted(topic)]
            if wanted:
                item = {"thing": thing, "who": self.who(thing)}
                for topic in wanted:
                    told.setdefault(topic, []).append(item)
        self._changed.clear()
        for topic, items in told.items():
            self._live.whisper(topic, VIEWING, {"items": items}, far=False)

    def beat(self) -> None:
        now = self._ticks()
        for console, known in list(self._here.items()):
            if known.until <= now:
                self.leave(console)
            elif known.seen.doing is not Doing.LOOKING and known.writes_until <= now:
                seen = replace(known.seen, doing=Doing.LOOKING)
                self._here[console] = replace(known, seen=seen)
                self._moves(console, known.seen, seen)
        for node in [node for node, at in self._heard.items() if at + PATIENCE <= now]:
            self._forget(node)
        if not self._bus.alone:
            self._tell_processes()
            self._bus.say(VIEWING, {"count": len(self._here)})

    def _all(self) -> Iterable[Seen]:
        yield from (known.seen for known in self._here.values())
        for seen in self._there.values():
            yield from seen.values()

    def _moves(self, console: str, before: Seen | None, after: Seen | None) -> None:
        self._moved[console] = None
        self._change(before, after)

    def _change(self, *seen: Seen | None) -> None:
        for each in seen:
            if each is not None:
                self._changed[each.thing] = None
        self._news.set()

    # Between processes.

    def _greet(self) -> None:
        """Who they are and what they show is asked for, and told."""
        self._bus.say(VIEWING, {"ask": True})
        self._tell_all()

    def _tell_all(self) -> None:
        self._moved.update(dict.fromkeys(self._here))
        self._news.set()

    def _tell_processes(self) -> None:
        consoles = list(self._moved)
        self._moved.clear()
        if self._bus.alone:
            return
        for start in range(0, len(consoles), AT_ONCE):
            part = consoles[start : start + AT_ONCE]
            known = [(console, self._here[console].seen) for console in part if console in self._here]
            shown = [[console, seen.thing, seen.staff_id, seen.name[:60], seen.doing.value] for console, seen in known]
            self._bus.say(VIEWING, {"shown": shown, "gone": [each for each in part if each not in self._here]})

    def _on_bus(self, node: str, said: Any) -> None:
        self._heard[node] = self._ticks()
        theirs = self._there.setdefault(node, {})
        if said.get("ask"):
            self._tell_all()
        for console, thing, staff_id, name, doing in said.get("shown", ()):
            before, after = theirs.get(console), Seen(thing, staff_id, name, Doing(doing))
            theirs[console] = after
            if before != after:
                self._change(before, after)
        for console in said.get("gone", ()):
            self._change(theirs.pop(console, None))
        if "count" in said and said["count"] != len(theirs):
            # Something was lost on the way.
            self._forget(node)
            self._bus.say(VIEWING, {"ask": True})

    def _forget(self, node: str) -> None:
        self._heard.pop(node, None)
        for seen in self._there.pop(node, {}).values():
            self._change(seen)
