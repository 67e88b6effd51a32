"""The interaction log: what each answered turn understood, did, cost and said, and the figures made of it.

It looks back and decides nothing. The figures carry no words of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from relevo.bot import interaction_store as store
from relevo.bot.ports import Understanding
from relevo.bot.specialists import specialists
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import NotFound
from relevo.kit.ids import Ids
from relevo.people.service import People


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One use of a tool. ``error``: the code with which it refused or failed."""

    tool: str
    ms: float
    error: str | None = None

    @property
    def json(self) -> dict[str, Any]:
        return {"tool": self.tool, "ms": self.ms, "ok": self.error is None, "error": self.error}


@dataclass(frozen=True, slots=True)
class Interaction:
    """One turn. ``llm_answer``: the same in a language model's words, where those were said."""

    person_id: str
    channel: str
    message: str
    intent: str | None
    confidence: float
    entities: dict[str, Any]
    specialists: tuple[str, ...]
    engine_answer: str
    api_calls: tuple[ApiCall, ...]
    processing_ms: float
    error: str | None = None
    llm_answer: str | None = None
    handoff: str | None = None
    meant: str | None = None
    """What the customer picked who was asked what the turn before had meant."""


PLUS = "+"
"""Between the names of those who answered a turn together."""


def days_until(now: datetime, zone: ZoneInfo, count: int) -> list[tuple[date, datetime, datetime]]:
    """The last ``count`` days of a house, the newest first, with when each began and ended."""
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(count)]
    return [(day, _midnight(day, zone), _midnight(day + timedelta(days=1), zone)) for day in days]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


class Interactions:
    def __init__(self, db: Database, people: People, clock: Clock, ids: Ids, zone: ZoneInfo) -> None:
        self._db = db
        self._people = people
        self._clock = clock
        self._ids = ids
        self._zone = zone

    async def note(self, tx: Tx, conversation_id: str, turn: Interaction) -> None:
        """In the transaction that stores the answer."""
        await store.add(tx.session, self._ids.new("int"), conversation_id, turn, self._clock.now())

    async def forget(self, tx: Tx, conversation_id: str, before: datetime | None) -> None:
        """What was said until then is deleted, also here."""
        await store.forget(tx.session, conversation_id, before)

    async def stats(self, days: int) -> dict[str, Any]:
        """The views together, over the last ``days``."""
        since = self._days(days)[-1][1]
        return {
            "since": since,
            "conversation_stats": await self.conversation_stats(days),
            "intent_stats": await self.intent_stats(since),
            "specialist_stats": await self.specialist_stats(since),
            "error_stats": await self.error_stats(since),
        }

    async def conversation_stats(self, days: int) -> Sequence[dict[str, Any]]:
        """Day by day, by the house's calendar; the newest first, days on which nobody wrote left out."""
        async with self._db.read() as session:
            return await store.conversation_stats(session, self._days(days))

    async def intent_stats(self, since: datetime) -> Sequence[dict[str, Any]]:
        """What people want, the most frequent first."""
        async with self._db.read() as session:
            return await store.intent_stats(session, since)

    async def specialist_stats(self, since: datetime) -> Sequence[dict[str, Any]]:
        """How each specialist does, those that nobody needed included; the busiest first. A turn that several answered
        counts for each of them."""
        async with self._db.read() as session:
            rows = await store.action_stats(session, since)
        tracks = {each.name: each.track.value for each in specialists()}
        found = {name: {"turns": 0, "failed": 0, "handoffs": 0, "ms": 0.0} for name in tracks}
        for row in rows:
            for name in filter(None, str(row["action"]).split(PLUS)):
                counted = found.setdefault(name, {"turns": 0, "failed": 0, "handoffs": 0, "ms": 0.0})
                for figure in counted:
                    counted[figure] += row[figure] or 0
        items = [
            {
                "specialist": name,
                "track": tracks.get(name),
                "turns": each["turns"],
                "succeeded": each["turns"] - each["failed"],
                "handoffs": each["handoffs"],
                "average_ms": round(each["ms"] / each["turns"], 3) if each["turns"] else None,
            }
            for name, each in found.items()
        ]
        return sorted(items, key=lambda each: (-int(each["turns"] or 0), str(each["specialist"])))

    async def error_stats(self, since: datetime) -> Sequence[dict[str, Any]]:
        """What went wrong, the most frequent first."""
        async with self._db.read() as session:
            return await store.error_stats(session, since)

    async def get_user_conversation_stats(self, person_id: str) -> dict[str, Any]:
        """One customer's turns, under all the ids by which they are known."""
        async with self._db.read() as session:
            person = await self._people.get(session, person_id)
            if person is None:
                raise NotFound("no_person")
            return {"person_id": person.id, **await store.user_stats(session, sorted(person.ids))}

    def _days(self, count: int) -> list[tuple[date, datetime, datetime]]:
        return days_until(self._clock.now(), self._zone, count)


def entities_json(heard: Understanding) -> dict[str, Any]:
    said = heard.entities
    nights = (said.check_out - said.check_in).days if said.check_in and said.check_out else said.nights
    return {
        "check_in": said.check_in.isoformat() if said.check_in else None,
        "check_out": said.check_out.isoformat() if said.check_out else None,
        "nights": nights,
        "guests": said.guests,
        "adults": said.adults,
        "children": said.children,
        "rooms": said.rooms,
        "room_type": said.room_type,
        "guest_name": said.guest_name,
        "phone": said.phone,
        "email": said.email,
        "booking_code": said.booking_code,
        "topics": list(said.topics),
    }
