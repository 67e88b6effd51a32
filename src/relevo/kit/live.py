"""The live feed's memory and its hub: every change is an event with a number of its own topic.

An event is written in the transaction that changes the business, so a client that was asleep asks for everything
since the last number it saw and loses nothing. Sockets live in ``web``; here is only who wants which topic.
Ephemeral news (words being recognised, somebody typing) go straight to whoever listens and are not stored.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, Integer, String, Table, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from relevo.kit.clock import Clock
from relevo.kit.db import Base, Database, Tx, upsert

KEEP = timedelta(hours=24)
REPLAY_LIMIT = 500
"""A client that is further behind gets a snapshot: it is smaller."""
QUEUE_LIMIT = 500
"""A client that does not read this many frames is cut off; it comes back and resumes by number."""


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
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._count_up: Any = None
        self._news: WeakKeyDictionary[Tx, list[tuple[str, str, dict[str, Any]]]] = WeakKeyDictionary()

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
            tx.after_commit(partial(self._push, event))
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

    def whisper(self, topic: str, kind: str, data: dict[str, Any]) -> None:
        """Ephemeral news: to those who listen now, or nobody."""
        if topic in self._listeners:
            self._push(LiveEvent(topic, None, kind, data))

    def listen(self, listener: Listener, topic: str) -> None:
        self._listeners[topic].add(listener)

    def leave(self, listener: Listener, topic: str) -> None:
        listeners = self._listeners.get(topic, set())
        listeners.discard(listener)
        if not listeners:
            self._listeners.pop(topic, None)

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

    def _push(self, event: LiveEvent) -> None:
        for listener in list(self._listeners.get(event.topic, ())):
            listener.push(event)
