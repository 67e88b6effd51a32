"""The live feed's memory and its hub: every change is an event with a number of its own topic.

An event is written in the transaction that changes the business, so a client that was asleep asks for everything
since the last number it saw and loses nothing. Sockets live in ``web``; here is only who wants which topic.
Ephemeral news (words being recognised, somebody typing) go straight to whoever listens and are not stored.
Other processes are told of ephemeral news themselves, and of events only that there are some: they read them here.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Integer, String, Table, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit import log
from relevo.kit.bus import Bus
from relevo.kit.clock import Clock
from relevo.kit.db import Base, Database, Tx, upsert

_log = log.get("live")

KEEP = timedelta(hours=24)
REPLAY_LIMIT = 500
"""A client that is further behind gets a snapshot: it is smaller."""
QUEUE_LIMIT = 500
"""A client that does not read this many frames is cut off; it comes back and resumes by number."""
HINT, WHISPER = "live.hint", "live.whisper"
"""What processes tell each other: a topic's last number, and ephemeral news."""


class TopicRow(Base):
    __tablename__ = "live_topic"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)


class EventRow(Base):
    __tablename__ = "live_event"

    topic: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)


_TOPIC = cast(Table, TopicRow.__table__)
_EVENTS = insert(cast(Table, EventRow.__table__))


@dataclass(frozen=True, slots=True)
class LiveEvent:
    topic: str
    seq: int | None
    """None for ephemeral news."""
    kind: str
    data: dict[str, Any]


class Listener:
    """One client's queue over any number of topics."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[LiveEvent] = asyncio.Queue(QUEUE_LIMIT)
        self.overrun = asyncio.Event()

    def push(self, event: LiveEvent) -> None:
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.overrun.set()


class Live:
    def __init__(self, db: Database, clock: Clock, bus: Bus | None = None) -> None:
        self._db = db
        self._clock = clock
        self._bus = bus if bus is not None else Bus("")
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._count_up: Any = None
        self._news: WeakKeyDictionary[Tx, list[tuple[str, str, dict[str, Any]]]] = WeakKeyDictionary()
        self._known: dict[str, int] = {}
        """The last number that listeners of this process were given, of topics that have any."""
        self._hints: dict[str, int] = {}
        self._behind: dict[str, int] = {}
        self._is_behind = asyncio.Event()
        self._watchers: list[Callable[[str], None]] = []
        self._bus.hear(HINT, self._on_hint)
        self._bus.hear(WHISPER, self._on_whisper)
        self._bus.when_mended(self._look_at_all)

    async def announce(self, tx: Tx, topic: str, kind: str, data: dict[str, Any]) -> None:
        """Number and store an event in ``tx``; listeners get it once the transaction is committed."""
        news = self._news.get(tx)
        if news is None:
            news = self._news[tx] = []
            tx.before_commit(lambda: self._number(tx), last=True)
        news.append((topic, kind, data))

    async def _number(self, tx: Tx) -> None:
        """Numbers are given at the end and topic by topic in order: a topic's last number is a row that everybody
        writes, and two who take two of them crosswise would wait for each other."""
        news = self._news.pop(tx)
        numbers: dict[str, int] = {}
        counting = self._counting(tx.session)
        for topic, count in sorted(Counter(topic for topic, _, _ in news).items()):
            last = await tx.session.execute(counting, {"topic": topic, "seq": count, "more": count})
            numbers[topic] = last.scalar_one() - count
        rows: list[dict[str, Any]] = []
        for topic, kind, data in news:
            numbers[topic] += 1
            event = LiveEvent(topic, numbers[topic], kind, data)
            rows.append({"topic": topic, "seq": event.seq, "kind": kind, "data": data, "at": self._clock.now()})
            tx.after_commit(partial(self._committed, event))
        await tx.session.execute(_EVENTS, rows)

    def _counting(self, session: AsyncSession) -> Any:
        """Takes the next numbers of a topic. Made once: to put a statement together costs more than to run it."""
        if self._count_up is None:
            self._count_up = (
                upsert(session, _TOPIC)
                .on_conflict_do_update(index_elements=["topic"], set_={"seq": _TOPIC.c.seq + bindparam("more")})
                .returning(_TOPIC.c.seq)
            )
        return self._count_up

    def whisper(self, topic: str, kind: str, data: dict[str, Any], *, far: bool = True) -> None:
        """Ephemeral news: to those who listen now, or nobody; ``far``: to those of other processes too."""
        if topic in self._listeners:
            self._push(LiveEvent(topic, None, kind, data))
        if far and not self._bus.alone:
            self._bus.say(WHISPER, [topic, kind, data])

    def wanted(self, topic: str) -> bool:
        """Whether anybody listens in this process."""
        return topic in self._listeners

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call ``watcher`` with the topic of every event, of whatever process."""
        self._watchers.append(watcher)

    def listen(self, listener: Listener, topic: str) -> None:
        self._listeners[topic].add(listener)

    def reached(self, topic: str, seq: int) -> None:
        """Somebody who listens was shown ``topic`` as it was at ``seq``: what other processes add comes after it."""
        if topic in self._listeners:
            self._known.setdefault(topic, seq)

    def leave(self, listener: Listener, topic: str) -> None:
        listeners = self._listeners.get(topic, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(topic, None)
            self._known.pop(topic, None)

    def leave_all(self, listener: Listener) -> None:
        for topic in [topic for topic, listeners in self._listeners.items() if listener in listeners]:
            self.leave(listener, topic)

    async def seq(self, session: AsyncSession, topic: str) -> int:
        """The topic's last number. Read it in the same session as the snapshot that goes with it."""
        return (await session.execute(select(TopicRow.seq).where(TopicRow.topic == topic))).scalar_one_or_none() or 0

    async def since(self, session: AsyncSession, topic: str, seq: int) -> list[LiveEvent] | None:
        """Events after ``seq``, oldest first; None when some are gone or there are too many (send a snapshot)."""
        last = await self.seq(session, topic)
        if seq > last or last - seq > REPLAY_LIMIT:
            return None
        rows = await session.execute(
            select(EventRow).where(EventRow.topic == topic, EventRow.seq > seq).order_by(EventRow.seq)
        )
        events = [LiveEvent(row.topic, row.seq, row.kind, row.data) for row in rows.scalars()]
        return events if len(events) == last - seq else None

    async def forget_old(self) -> int:
        async with self._db.write() as tx:
            gone = await tx.session.execute(delete(EventRow).where(EventRow.at < self._clock.now() - KEEP))
            return int(getattr(gone, "rowcount", 0))

    async def count(self) -> int:
        async with self._db.read() as session:
            return (await session.execute(select(func.count()).select_from(EventRow))).scalar_one()

    def _committed(self, event: LiveEvent) -> None:
        if not self._bus.alone:
            if not self._hints:
                asyncio.get_running_loop().call_soon(self._hint)
            self._hints[event.topic] = max(event.seq or 0, self._hints.get(event.topic, 0))
        self._push(event)
        self._tell_watchers(event.topic)

    def _hint(self) -> None:
        hints, self._hints = self._hints, {}
        self._bus.say(HINT, hints)

    def _push(self, event: LiveEvent) -> None:
        listeners = self._listeners.get(event.topic)
        if not listeners:
            return
        if event.seq is not None:
            self._known[event.topic] = max(event.seq, self._known.get(event.topic, 0))
        for listener in list(listeners):
            listener.push(event)

    def _tell_watchers(self, topic: str) -> None:
        for watcher in self._watchers:
            watcher(topic)

    # What other processes did.

    def _on_hint(self, _node: str, hints: Any) -> None:
        for topic, seq in hints.items():
            self._tell_watchers(topic)
            if topic in self._listeners and seq > self._known.get(topic, 0):
                self._behind[topic] = max(seq, self._behind.get(topic, 0))
                self._is_behind.set()

    def _on_whisper(self, _node: str, said: Any) -> None:
        topic, kind, data = said
        if topic in self._listeners:
            self._push(LiveEvent(topic, None, kind, data))

    def _look_at_all(self) -> None:
        """The others could not be heard for a while."""
        for topic in self._listeners:
            self._behind.setdefault(topic, 0)
        self._is_behind.set()

    async def follow(self) -> None:
        """Fetch what other processes announced; goes on until it is cancelled."""
        while True:
            await self._is_behind.wait()
            self._is_behind.clear()
            behind, self._behind = self._behind, {}
            try:
                await self.catch_up(behind)
            except Exception:
                _log.exception("the news of other processes could not be read; the next ones bring them")

    async def catch_up(self, behind: dict[str, int]) -> None:
        """Give listeners what they lack of each topic. Whoever is too far behind sees the hole, and asks."""
        async with self._db.read() as session:
            for topic, hinted in behind.items():
                known = self._known.get(topic)
                if known is None:
                    # Nobody here knows how far the listeners are: the last one shows them whether they lack any.
                    known = max((hinted or await self.seq(session, topic)) - 1, 0)
                for event in await self.since(session, topic, known) or await self._last(session, topic):
                    if event.seq is not None and event.seq > self._known.get(topic, 0):
                        self._push(event)

    async def _last(self, session: AsyncSession, topic: str) -> list[LiveEvent]:
        return await self.since(session, topic, max(await self.seq(session, topic) - 1, 0)) or []
