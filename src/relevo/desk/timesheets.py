"""The time of the staff: a day's line, what it adds up to, calls attended; corrections and how long it is all kept.

Reads what ``presence`` wrote. What was recorded is never changed: whoever corrects says why, and both are shown. Time
that has not come yet is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import iso
from relevo.desk import presence_store as store
from relevo.desk import shifts, timeline
from relevo.desk.presence import Presence
from relevo.desk.presence_store import Talk
from relevo.desk.shifts import State
from relevo.desk.timeline import Correction, Piece
from relevo.kit import audit
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.forgetting import Held
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People

LONGEST = timedelta(days=366)
LONGEST_CORRECTION = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One member of staff over a stretch of time."""

    member: Staff
    recorded: Sequence[Piece]
    pieces: Sequence[Piece]
    """With what was corrected."""
    talks: Sequence[Talk]

    @property
    def seconds(self) -> dict[State, int]:
        return timeline.totals(self.pieces)


class Timesheets:
    def __init__(self, db: Database, people: People, presence: Presence, clock: Clock, zone: ZoneInfo) -> None:
        self._db = db
        self._people = people
        self._presence = presence
        self._clock = clock
        self._zone = zone

    async def day_json(self, session: AsyncSession, staff_id: str, day: date | None) -> dict[str, Any]:
        """A day of theirs, in their time zone: line, changes as they were written, totals, calls."""
        member = await self._member(staff_id)
        zone = await self._zone_of(session, staff_id)
        day = day or self._clock.now().astimezone(zone).date()
        start, end = timeline.day_bounds(day, zone)
        sheet = next(iter(await self.sheets(session, start, end, [member])))
        changes = await store.changes(session, staff_id, start, end)
        corrections = (await store.corrections(session, start, end, [staff_id])).get(staff_id, [])
        names = await self._people.staff_names(session)
        return {
            "staff": {"id": member.id, "name": member.name},
            "day": day.isoformat(),
            "zone": zone.key,
            "start": iso(start),
            "end": iso(end),
            "until": iso(self._until(end)),
            "pieces": [self._piece_json(piece) for piece in sheet.pieces],
            "changes": [
                {
                    "id": change.id,
                    "at": iso(change.mark.at),
                    "state": change.mark.state.value,
                    "before": change.mark.before.value,
                    "reason": change.mark.reason,
                    "reason_name": self._presence.reason_name(change.mark.reason),
                    "why": change.mark.why.value,
                    "by": _who(change.mark.by, names),
                    "note": change.mark.note,
                    "conversation_id": change.mark.about,
                }
                for change in changes
            ],
            "corrections": [self._correction_json(each, names, sheet) for each in corrections],
            **self._sums(sheet),
        }

    async def totals_json(
        self, session: AsyncSession, first: date, last: date, *, staff_id: str | None = None, named: bool = True
    ) -> dict[str, Any]:
        """Days of everybody, or of one, each in their own time zone; without ``named`` only the sum of all."""
        if last < first or last - first > LONGEST:
            raise Invalid("presence_days")
        members = [await self._member(staff_id)] if staff_id is not None else await self._all(session)
        zones = await store.zones(session)
        found: list[Sheet] = []
        # Those who live by the same clock have the same days.
        for zone in sorted({zones.get(member.id, self._zone.key) for member in members}):
            there = [member for member in members if zones.get(member.id, self._zone.key) == zone]
            start, _ = timeline.day_bounds(first, ZoneInfo(zone))
            _, end = timeline.day_bounds(last, ZoneInfo(zone))
            found += await self.sheets(session, start, end, there)
        whole = _added(found)
        people = [{"id": each.member.id, "name": each.member.name, **self._sums(each)} for each in found]
        return {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "items": sorted(people, key=lambda each: str(each["name"])) if named else [],
            "people": len(found),
            **whole,
        }

    async def sheets(
        self, session: AsyncSession, start: datetime, end: datetime, members: Iterable[Staff]
    ) -> list[Sheet]:
        """Lines with their corrections, up to now."""
        by_id = {member.id: member for member in members}
        end = self._until(end)
        if end <= start:
            return [Sheet(member, (), (), ()) for member in by_id.values()]
        points = await store.points(session, start, end, by_id.keys())
        corrections = await store.corrections(session, start, end, by_id.keys())
        talks = await store.talks(session, start, end, by_id.keys())
        found = []
        for who, member in by_id.items():
            recorded = timeline.line(points.get(who, ()), start, end)
            pieces = timeline.corrected(recorded, corrections.get(who, ()))
            found.append(Sheet(member, recorded, pieces, talks.get(who, ())))
        return found

    async def correct(
        self, staff_id: str, start: datetime, end: datetime, state: State, reason: str | None, *, note: str, by: Staff
    ) -> dict[str, Any]:
        """A stretch of the past was something else. It lies above what was recorded, which stays."""
        start, end = shifts.whole(start.astimezone(UTC)), shifts.whole(end.astimezone(UTC))
        if not start < end <= self._clock.now() or end - start > LONGEST_CORRECTION:
            raise Invalid("presence_stretch")
        if state in shifts.DECLARED:
            reason = shifts.checked(state, reason, self._presence.reasons).reason
        member = await self._member(staff_id)
        correction = Correction(
            0, start, end, state, reason if state is State.PAUSE else None, shifts.clean_note(note), by.id,
            self._clock.now(),
        )  # fmt: skip
        async with self._db.write() as tx:
            number = await store.add_correction(tx.session, staff_id, correction)
            details = {"correction": number, "state": state.value, "note": correction.note}
            await audit.noted(tx, "time_corrected", staff_id, by=by.id, at=self._clock.now(), details=details)
            day = start.astimezone(await self._zone_of(tx.session, staff_id)).date()
            await self._presence.corrected(tx, member)
        async with self._db.read() as session:
            return await self.day_json(session, staff_id, day)

    async def place(self, staff_id: str, zone: str | None) -> dict[str, Any]:
        """By which clock somebody's days are; None: by the house's. Raises ``Invalid``."""
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError) as unknown:
                raise Invalid("presence_zone") from unknown
        member = await self._member(staff_id)
        async with self._db.write() as tx:
            await store.locked(tx.session, staff_id)
            await store.set_zone(tx.session, staff_id, zone)
            await self._presence.corrected(tx, member)
            return {**await self._presence.person_json(tx.session, member), "zone": zone}

    async def forget(self, before: datetime, *, held: Held, rule: str, at: datetime) -> int:  # noqa: ARG002
        """Delete what is past its time; what somebody did when it ends stays known. No customer is in it, so no
        legal hold is either."""
        async with self._db.read() as session:
            aged = await store.aged(session, before)
        count = 0
        for staff_id, version in aged:
            async with self._db.write() as tx:
                count += await self._forget(tx, staff_id, version, before, rule, at)
        return count

    async def count_old(self, before: datetime) -> int:
        """How many changes of state ``forget`` would delete."""
        async with self._db.read() as session:
            return await store.count_aged(session, before)

    async def _forget(self, tx: Tx, staff_id: str, version: int, before: datetime, rule: str, at: datetime) -> int:
        gone = await store.forget(tx.session, staff_id, version, before)
        if gone:
            await audit.deleted(tx, "shifts", staff_id, count=gone, rule=rule, at=at)
        return gone

    def _until(self, end: datetime) -> datetime:
        return min(end, shifts.whole(self._clock.now()))

    async def _member(self, staff_id: str) -> Staff:
        member = await self._people.staff(staff_id)
        if member is None:
            raise NotFound("no_colleague")
        return member

    async def _all(self, session: AsyncSession) -> list[Staff]:
        return [member for member in await self._people.all_staff(session) if may(member, Action.KEEP_SHIFT)]

    async def _zone_of(self, session: AsyncSession, staff_id: str) -> ZoneInfo:
        own = (await store.zones(session)).get(staff_id)
        return ZoneInfo(own) if own is not None else self._zone

    def _piece_json(self, piece: Piece) -> dict[str, Any]:
        return {
            "start": iso(piece.start),
            "end": iso(piece.end),
            "seconds": piece.seconds,
            "state": piece.state.value,
            "reason": piece.reason,
            "reason_name": self._presence.reason_name(piece.reason),
            "conversation_id": piece.about,
            "correction": piece.correction,
        }

    def _correction_json(self, each: Correction, names: dict[str, str], sheet: Sheet) -> dict[str, Any]:
        return {
            "id": each.id,
            "start": iso(each.start),
            "end": iso(each.end),
            "state": each.state.value,
            "reason": each.reason,
            "reason_name": self._presence.reason_name(each.reason),
            "note": each.note,
            "by": _who(each.by, names),
            "at": iso(each.at),
            "recorded": [self._piece_json(piece) for piece in timeline.clipped(sheet.recorded, each.start, each.end)],
        }

    def _sums(self, sheet: Sheet) -> dict[str, Any]:
        return _figures(sheet.seconds, sheet.talks, _wrap_ups(sheet.pieces), _pauses(sheet.pieces))


def _figures(seconds: dict[State, int], talks: Sequence[Talk], wrap_ups: int, pauses: dict[str, int]) -> dict[str, Any]:
    """What a line adds up to. A call that is going on is attended, and not yet part of the means."""
    over = [talk for talk in talks if talk.left_at is not None]
    talked = sum(int((talk.left_at - talk.entered_at).total_seconds()) for talk in over if talk.left_at is not None)
    talk = talked / len(over) if over else None
    wrap_up = seconds[State.WRAP_UP] / wrap_ups if wrap_ups else None
    handling = None if talk is None else talk + seconds[State.WRAP_UP] / len(over)
    return {
        "totals": {state.value: count for state, count in seconds.items()},
        "pauses": pauses,
        "occupancy": timeline.occupancy(seconds),
        "attended": len(talks),
        "mean_talk": talk,
        "mean_wrap_up": wrap_up,
        "mean_handling": handling,
    }


def _added(sheets: Sequence[Sheet]) -> dict[str, Any]:
    seconds = dict.fromkeys(State, 0)
    pauses: dict[str, int] = {}
    for sheet in sheets:
        for state, count in sheet.seconds.items():
            seconds[state] += count
        for reason, count in _pauses(sheet.pieces).items():
            pauses[reason] = pauses.get(reason, 0) + count
    talks = [talk for sheet in sheets for talk in sheet.talks]
    return _figures(seconds, talks, sum(_wrap_ups(sheet.pieces) for sheet in sheets), pauses)


def _wrap_ups(pieces: Sequence[Piece]) -> int:
    return sum(piece.state is State.WRAP_UP for piece in pieces)


def _pauses(pieces: Sequence[Piece]) -> dict[str, int]:
    """Seconds by reason."""
    sums: dict[str, int] = {}
    for piece in pieces:
        if piece.state is State.PAUSE and piece.reason is not None:
            sums[piece.reason] = sums.get(piece.reason, 0) + piece.seconds
    return sums


def _who(staff_id: str | None, names: dict[str, str]) -> dict[str, Any] | None:
    return {"id": staff_id, "name": names.get(staff_id)} if staff_id is not None else None
