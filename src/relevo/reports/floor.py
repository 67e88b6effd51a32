"""Facts that no query tells: how much of their time people were busy, and which promises of the queues were kept.

Read from what the desk says of itself: the line of somebody's states with its corrections, and the clocks of a queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.calls.parts import CHANNEL as CALL
from relevo.desk import timeline
from relevo.desk.board import Board
from relevo.desk.shifts import State
from relevo.desk.timeline import Piece
from relevo.desk.timesheets import Timesheets
from relevo.kit.clock import Clock
from relevo.people.service import People
from relevo.reports import facts_store, rules
from relevo.reports.rules import DaySum, Fact, Listed, Sum

Stretch = tuple[datetime, datetime]


@dataclass(slots=True)
class Floor:
    """``timesheets`` or ``board`` None: a house without them has no such facts."""

    people: People
    clock: Clock
    zone: ZoneInfo
    timesheets: Timesheets | None = None
    board: Board | None = None

    async def of_shifts(self, session: AsyncSession, since: date, until: date) -> list[DaySum]:
        """Both days included; of whoever was there."""
        if self.timesheets is None:
            return []
        start, end = rules.bounds(since, self.zone)[0], rules.bounds(until, self.zone)[1]
        sheets = await self.timesheets.sheets(session, start, end, await self.people.all_staff(session))
        held: dict[str, list[Stretch]] = {}
        for who, begun, over in await facts_store.held(session, start, end, CALL):
            held.setdefault(who, []).append((begun, over or self.clock.now()))
        found = []
        for sheet in sheets:
            if not any(piece.state in _THERE for piece in sheet.pieces):
                continue
            talks = merged(held.get(sheet.member.id, ()))
            for day in rules.days_of(since, until):
                there, busy = worked(timeline.clipped(sheet.pieces, *rules.bounds(day, self.zone)), talks)
                if there:
                    found.append(DaySum(day, Fact.SHIFT, "", sheet.member.id, Sum(1, there)))
                    found.append(DaySum(day, Fact.BUSY, "", sheet.member.id, Sum(1, busy)))
        return found

    async def of_promises(self, session: AsyncSession, since: datetime, until: datetime) -> list[tuple[Fact, Listed]]:
        """Latest first."""
        if self.board is None:
            return []
        judged = await self.board.judged(session, since, until)
        found = []
        for entry, kept in reversed(judged):
            assert entry.ended_at is not None
            row = Listed(entry.conversation_id, entry.ended_at, entry.channel, entry.taken_by or "", int(kept))
            found.append((Fact.PROMISES, row))
            if kept:
                found.append((Fact.PROMISES_KEPT, row))
        return found


_BUSY = (State.ON_CALL, State.WRAP_UP)
_THERE = (*_BUSY, State.AVAILABLE)


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Two conversations at once take no more time than one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def worked(pieces: Iterable[Piece], held: Sequence[Stretch]) -> tuple[int, int]:
    """Seconds in which work could come, and of those the ones with a call, its wrap-up or a conversation."""
    there = busy = 0
    for piece in pieces:
        if piece.state not in _THERE:
            continue
        there += piece.seconds
        if piece.state in _BUSY:
            busy += piece.seconds
            continue
        inside = ((max(start, piece.start), min(end, piece.end)) for start, end in held)
        busy += sum(int((end - start).total_seconds()) for start, end in inside if start < end)
    return there, busy
