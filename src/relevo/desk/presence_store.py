"""All queries about presence. They decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.presence_models import PresenceCallRow, PresenceChangeRow, PresenceCorrectionRow, PresenceRow
from relevo.desk.shifts import Mark, State, StateNow, Why, Wish
from relevo.desk.timeline import Correction, Point
from relevo.kit.db import upsert


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it was written."""

    id: int
    staff_id: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody in a call."""

    staff_id: str
    conversation_id: str
    entered_at: datetime
    left_at: datetime | None


async def locked(session: AsyncSession, staff_id: str) -> StateNow:
    """Their state, which nobody else changes before this transaction ends."""
    fresh = upsert(session, PresenceRow).values(
        staff_id=staff_id, state=State.OFFLINE.value, base_state=State.OFFLINE.value, gone=False, version=0
    )
    await session.execute(fresh.on_conflict_do_nothing(index_elements=["staff_id"]))
    query = select(PresenceRow).where(PresenceRow.staff_id == staff_id).with_for_update()
    return _now((await session.execute(query.execution_options(populate_existing=True))).scalar_one())


async def now_of(session: AsyncSession, staff_id: str) -> StateNow:
    row = await session.get(PresenceRow, staff_id, populate_existing=True)
    return _now(row) if row is not None else StateNow()


async def states(session: AsyncSession) -> dict[str, StateNow]:
    rows = await session.execute(select(PresenceRow).execution_options(populate_existing=True))
    return {row.staff_id: _now(row) for row in rows.scalars()}


async def put(session: AsyncSession, staff_id: str, before: int, now: StateNow, marks: Sequence[Mark]) -> bool:
    """Write what follows ``before``, with its changes. False: somebody else wrote meanwhile, and nothing is written."""
    version = before + 1
    values = {
        "state": now.state.value, "reason": now.reason, "since": now.since, "until": now.until, "about": now.about,
        "next_state": now.next_state.value if now.next_state else None, "next_reason": now.next_reason,
        "next_by": now.next_by, "next_note": now.next_note, "base_state": now.base.state.value,
        "base_reason": now.base.reason, "gone": now.gone, "acted_at": now.acted_at, "asked_at": now.asked_at,
        "version": version,
    }  # fmt: skip
    where = (PresenceRow.staff_id == staff_id, PresenceRow.version == before)
    written = await session.execute(update(PresenceRow).where(*where).values(values).returning(PresenceRow.version))
    if written.first() is None:
        return False
    rows = [
        {"staff_id": staff_id, "version": version, "step": step, "at": mark.at, "state": mark.state.value,
         "reason": mark.reason, "before": mark.before.value, "why": mark.why.value, "by": mark.by, "note": mark.note,
         "about": mark.about}
        for step, mark in enumerate(marks)
    ]  # fmt: skip
    if rows:
        await session.execute(insert(PresenceChangeRow), rows)
    return True


async def acted(session: AsyncSession, when: dict[str, datetime]) -> None:
    """When people last did something at the desk. It changes no state, so it takes no version."""
    for staff_id, at in sorted(when.items()):
        later = or_(PresenceRow.acted_at.is_(None), PresenceRow.acted_at < at)
        await session.execute(update(PresenceRow).where(PresenceRow.staff_id == staff_id, later).values(acted_at=at))


async def set_zone(session: AsyncSession, staff_id: str, zone: str | None) -> None:
    await session.execute(update(PresenceRow).where(PresenceRow.staff_id == staff_id).values(zone=zone))


async def zones(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(select(PresenceRow.staff_id, PresenceRow.zone).where(PresenceRow.zone.is_not(None)))
    return {row[0]: row[1] for row in rows if row[1] is not None}


async def last_declared(session: AsyncSession) -> datetime | None:
    """When anybody last said what they do."""
    said = PresenceChangeRow.why.in_((Why.DECLARED.value, Why.SUPERVISOR.value))
    query = select(PresenceChangeRow.at).where(said).order_by(PresenceChangeRow.at.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


# Calls.


async def in_call(session: AsyncSession, conversation_id: str) -> list[tuple[str, str]]:
    """(who, holder or seat) of those who are in a call now."""
    query = select(PresenceCallRow.staff_id, PresenceCallRow.role).where(
        PresenceCallRow.conversation_id == conversation_id, PresenceCallRow.left_at.is_(None)
    )
    return [(row[0], row[1]) for row in await session.execute(query.order_by(PresenceCallRow.staff_id))]


async def calls_of(session: AsyncSession, staff_id: str) -> list[tuple[str, str]]:
    """(conversation, holder or seat) of the calls that somebody is in now."""
    query = select(PresenceCallRow.conversation_id, PresenceCallRow.role).where(
        PresenceCallRow.staff_id == staff_id, PresenceCallRow.left_at.is_(None)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def enter(session: AsyncSession, staff_id: str, conversation_id: str, role: str, at: datetime) -> None:
    row = {"staff_id": staff_id, "conversation_id": conversation_id, "role": role, "entered_at": at}
    await session.execute(insert(PresenceCallRow).values(row))


async def leave(session: AsyncSession, staff_id: str, conversation_id: str, at: datetime, role: str | None) -> bool:
    """Whether they were in it."""
    where = [
        PresenceCallRow.staff_id == staff_id,
        PresenceCallRow.conversation_id == conversation_id,
        PresenceCallRow.left_at.is_(None),
    ]
    if role is not None:
        where.append(PresenceCallRow.role == role)
    left = await session.execute(update(PresenceCallRow).where(*where).values(left_at=at).returning(PresenceCallRow.id))
    return left.first() is not None


async def talks(
    session: AsyncSession, start: datetime, end: datetime, staff_ids: Collection[str]
) -> dict[str, list[Talk]]:
    """Calls that somebody entered in a stretch of time, in their order."""
    row = PresenceCallRow
    query = select(row).where(row.entered_at >= start, row.entered_at < end, row.staff_id.in_(list(staff_ids)))
    found: dict[str, list[Talk]] = {}
    for each in (await session.execute(query.order_by(row.id))).scalars():
        talk = Talk(each.staff_id, each.conversation_id, each.entered_at, each.left_at)
        found.setdefault(each.staff_id, []).append(talk)
    return found


# The line.


async def points(
    session: AsyncSession, start: datetime, end: datetime, staff_ids: Collection[str] | None = None
) -> dict[str, list[Point]]:
    """What each one's line is made of between two moments: the last change before, and all those in between."""
    row = PresenceChangeRow
    whose = row.staff_id.in_(list(staff_ids)) if staff_ids is not None else None
    latest = select(row.staff_id, func.max(row.version)).where(row.at <= start).group_by(row.staff_id)
    inside = and_(row.at > start, row.at < end)
    if whose is not None:
        latest, inside = latest.where(whose), and_(whose, inside)
    columns = (row.staff_id, row.at, row.state, row.reason, row.about)
    found: dict[str, list[Point]] = {}
    for where in (tuple_(row.staff_id, row.version).in_(latest), inside):
        query = select(*columns).where(where).order_by(row.staff_id, row.version, row.step)
        for each in await session.execute(query):
            found.setdefault(each.staff_id, []).append(Point(each.at, State(each.state), each.reason, each.about))
    return found


async def changes(session: AsyncSession, staff_id: str, start: datetime, end: datetime) -> list[Change]:
    row = PresenceChangeRow
    query = select(row).where(row.staff_id == staff_id, row.at >= start, row.at < end).order_by(row.version, row.step)
    return [_change(each) for each in (await session.execute(query)).scalars()]


async def corrections(
    session: AsyncSession, start: datetime, end: datetime, staff_ids: Collection[str] | None = None
) -> dict[str, list[Correction]]:
    row = PresenceCorrectionRow
    query = select(row).where(row.start_at < end, row.end_at > start).order_by(row.id)
    if staff_ids is not None:
        query = query.where(row.staff_id.in_(list(staff_ids)))
    found: dict[str, list[Correction]] = {}
    for each in (await session.execute(query)).scalars():
        found.setdefault(each.staff_id, []).append(
            Correction(each.id, each.start_at, each.end_at, State(each.state), each.reason, each.note, each.by, each.at)
        )
    return found


async def add_correction(session: AsyncSession, staff_id: str, correction: Correction) -> int:
    row = PresenceCorrectionRow(
        staff_id=staff_id, start_at=correction.start, end_at=correction.end, state=correction.state.value,
        reason=correction.reason, note=correction.note, by=correction.by, at=correction.at,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


async def aged(session: AsyncSession, before: datetime) -> list[tuple[str, int]]:
    """(whose, up to which version) changes are past their time: all but the one that says what was from then on."""
    row = PresenceChangeRow
    query = select(row.staff_id, func.max(row.version)).where(row.at < before).group_by(row.staff_id)
    return [(each[0], each[1]) for each in await session.execute(query.order_by(row.staff_id))]


async def count_aged(session: AsyncSession, before: datetime) -> int:
    """Changes that are past their time, but for the last one of each."""
    row = PresenceChangeRow
    query = select(func.count(), func.count(row.staff_id.distinct())).where(row.at < before)
    changes, people = (await session.execute(query)).one()
    return int(changes) - int(people)


async def forget(session: AsyncSession, staff_id: str, version: int, before: datetime) -> int:
    """Delete what came before, with the calls and corrections that ended by then. How much that was."""
    change, call, correction = PresenceChangeRow, PresenceCallRow, PresenceCorrectionRow
    count = 0
    for gone in (
        delete(change).where(change.staff_id == staff_id, change.version < version).returning(change.id),
        delete(call).where(call.staff_id == staff_id, call.left_at < before).returning(call.id),
        delete(correction).where(correction.staff_id == staff_id, correction.end_at < before).returning(correction.id),
    ):
        count += len((await session.execute(gone)).all())
    return count


def _now(row: PresenceRow) -> StateNow:
    return StateNow(
        State(row.state), row.since, row.reason, State(row.next_state) if row.next_state else None, row.until,
        row.next_reason, row.next_by, row.next_note, Wish(State(row.base_state), row.base_reason), row.gone, row.about,
        row.version, row.acted_at, row.asked_at,
    )  # fmt: skip


def _change(row: PresenceChangeRow) -> Change:
    mark = Mark(
        row.at, State(row.state), State(row.before), Why(row.why), row.reason, row.by, row.note, row.about,
    )  # fmt: skip
    return Change(row.id, row.staff_id, mark)
