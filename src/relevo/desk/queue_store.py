"""All queries of what queues are: teams, hours, queues with their results, what agents can, canned replies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.clocks import Targets
from relevo.desk.hours import Schedule, Window
from relevo.desk.queue_models import (
    AgentProfileRow,
    CannedReplyRow,
    HoursRow,
    QueueRow,
    QueueTeamRow,
    ResultCodeRow,
    TeamMemberRow,
    TeamRow,
)
from relevo.desk.queue_rules import Mode, Profile, Queue, Result, Team
from relevo.kit.db import upsert
from relevo.people.models import StaffRow
from relevo.people.rules import Scope, Staff, scope_in


@dataclass(frozen=True, slots=True)
class Hours:
    id: str
    name: str
    windows: tuple[Window, ...]
    country: str | None = None
    region: str | None = None
    closures: frozenset[date] = frozenset()

    def schedule(self, zone: ZoneInfo) -> Schedule:
        return Schedule(zone, self.windows, self.country, self.region, self.closures)


@dataclass(frozen=True, slots=True)
class Canned:
    id: str
    shortcut: str
    title: str
    text: str
    changed_by: str
    changed_at: datetime


async def teams(session: AsyncSession) -> list[Team]:
    members: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for row in (await session.execute(select(TeamMemberRow).order_by(TeamMemberRow.staff_id))).scalars():
        members[row.team_id][row.staff_id] = row.lead
    rows = (await session.execute(select(TeamRow).order_by(TeamRow.name, TeamRow.id))).scalars()
    return [Team(row.id, row.name, members[row.id]) for row in rows]


async def put_team(session: AsyncSession, team: Team, at: datetime) -> None:
    row = upsert(session, TeamRow).values(id=team.id, name=team.name, created_at=at)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"name": team.name}))
    await session.execute(delete(TeamMemberRow).where(TeamMemberRow.team_id == team.id))
    if team.members:
        rows = [{"team_id": team.id, "staff_id": who, "lead": lead} for who, lead in team.members.items()]
        await session.execute(insert(TeamMemberRow), rows)


async def drop_team(session: AsyncSession, team_id: str) -> bool:
    await session.execute(delete(TeamMemberRow).where(TeamMemberRow.team_id == team_id))
    await session.execute(delete(QueueTeamRow).where(QueueTeamRow.team_id == team_id))
    gone = await session.execute(delete(TeamRow).where(TeamRow.id == team_id).returning(TeamRow.id))
    return gone.first() is not None


async def all_hours(session: AsyncSession) -> list[Hours]:
    rows = (await session.execute(select(HoursRow).order_by(HoursRow.name, HoursRow.id))).scalars()
    return [
        Hours(
            row.id, row.name, tuple(Window(*window) for window in row.windows), row.country, row.region,
            frozenset(date.fromisoformat(day) for day in row.closures),
        )
        for row in rows
    ]  # fmt: skip


async def put_hours(session: AsyncSession, hours: Hours, at: datetime) -> None:
    values = {
        "name": hours.name, "windows": [[each.weekday, each.opens, each.closes] for each in hours.windows],
        "country": hours.country, "region": hours.region,
        "closures": sorted(day.isoformat() for day in hours.closures),
    }  # fmt: skip
    row = upsert(session, HoursRow).values(id=hours.id, created_at=at, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


async def drop_hours(session: AsyncSession, hours_id: str) -> bool:
    """Queues that kept them are always open from then on."""
    await session.execute(update(QueueRow).where(QueueRow.hours_id == hours_id).values(hours_id=None))
    gone = await session.execute(delete(HoursRow).where(HoursRow.id == hours_id).returning(HoursRow.id))
    return gone.first() is not None


async def queues(session: AsyncSession) -> list[Queue]:
    serving: defaultdict[str, list[str]] = defaultdict(list)
    for served in (await session.execute(select(QueueTeamRow).order_by(QueueTeamRow.team_id))).scalars():
        serving[served.queue_id].append(served.team_id)
    rows = (await session.execute(select(QueueRow).order_by(QueueRow.name, QueueRow.id))).scalars()
    return [_queue(row, serving[row.id]) for row in rows]


async def queue(session: AsyncSession, queue_id: str) -> Queue | None:
    return next((each for each in await queues(session) if each.id == queue_id), None)


async def scope_of(session: AsyncSession, member: Staff) -> Scope:
    """What the teams that ``member`` is in come to now."""
    everybody = select(StaffRow.id, TeamMemberRow.team_id).outerjoin(
        TeamMemberRow, TeamMemberRow.staff_id == StaffRow.id
    )
    staff: defaultdict[str, set[str]] = defaultdict(set)
    for staff_id, team_id in (await session.execute(everybody)).all():
        staff[staff_id].update((team_id,) if team_id else ())
    served = select(QueueRow.id, QueueTeamRow.team_id).outerjoin(QueueTeamRow, QueueTeamRow.queue_id == QueueRow.id)
    serving: defaultdict[str, set[str]] = defaultdict(set)
    for queue_id, team_id in (await session.execute(served)).all():
        serving[queue_id].update((team_id,) if team_id else ())
    return scope_in(staff[member.id], serving, staff)


async def has_queues(session: AsyncSession) -> bool:
    return (await session.execute(select(QueueRow.id).where(QueueRow.active).limit(1))).first() is not None


async def put_queue(session: AsyncSession, made: Queue, at: datetime) -> None:
    values: dict[str, Any] = {
        "name": made.name, "active": made.active, "channels": list(made.channels), "languages": list(made.languages),
        "reasons": list(made.reasons), "skills": dict(made.skills), "priority": made.priority,
        "mode": made.mode.value, "offer_seconds": made.offer_seconds, "capacity": dict(made.capacity),
        "hours_id": made.hours_id, "wrap_up_seconds": made.wrap_up_seconds,
        "first_reply_seconds": made.targets.first, "next_reply_seconds": made.targets.next,
        "resolution_seconds": made.targets.resolution, "closed_answer": made.closed_answer,
        "closed_callback": made.closed_callback, "result_required": made.result_required,
    }  # fmt: skip
    row = upsert(session, QueueRow).values(id=made.id, created_at=at, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
    await session.execute(delete(QueueTeamRow).where(QueueTeamRow.queue_id == made.id))
    if made.teams:
        await session.execute(insert(QueueTeamRow), [{"queue_id": made.id, "team_id": each} for each in made.teams])


def _queue(row: QueueRow, serving: Sequence[str]) -> Queue:
    return Queue(
        row.id, row.name, row.active, tuple(row.channels), tuple(row.languages), tuple(row.reasons), row.skills,
        row.priority, Mode(row.mode), row.offer_seconds, row.capacity, row.hours_id, row.wrap_up_seconds,
        Targets(row.first_reply_seconds, row.next_reply_seconds, row.resolution_seconds), row.closed_answer,
        row.closed_callback, row.result_required, tuple(serving),
    )  # fmt: skip


async def results(session: AsyncSession, queue_id: str | None = None) -> dict[str, list[Result]]:
    """By queue, in the order in which they are shown."""
    query = select(ResultCodeRow).order_by(ResultCodeRow.queue_id, ResultCodeRow.position, ResultCodeRow.code)
    if queue_id is not None:
        query = query.where(ResultCodeRow.queue_id == queue_id)
    found: defaultdict[str, list[Result]] = defaultdict(list)
    for row in (await session.execute(query)).scalars():
        found[row.queue_id].append(
            Result(row.code, row.name, row.needs_note, row.callback, row.do_not_call, row.good)
        )  # fmt: skip
    return dict(found)


async def put_results(session: AsyncSession, queue_id: str, items: Sequence[Result]) -> None:
    await session.execute(delete(ResultCodeRow).where(ResultCodeRow.queue_id == queue_id))
    rows = [
        {
            "queue_id": queue_id, "code": each.code, "name": each.name, "needs_note": each.needs_note,
            "callback": each.callback, "do_not_call": each.do_not_call, "good": each.good, "position": position,
        }
        for position, each in enumerate(items)
    ]  # fmt: skip
    if rows:
        await session.execute(insert(ResultCodeRow), rows)


async def profiles(session: AsyncSession) -> dict[str, Profile]:
    rows = (await session.execute(select(AgentProfileRow))).scalars()
    return {row.staff_id: Profile(row.staff_id, tuple(row.languages), row.skills, row.capacity) for row in rows}


async def put_profile(session: AsyncSession, profile: Profile, at: datetime) -> None:
    values = {
        "languages": list(profile.languages), "skills": dict(profile.skills), "capacity": dict(profile.capacity),
        "changed_at": at,
    }  # fmt: skip
    row = upsert(session, AgentProfileRow).values(staff_id=profile.staff_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["staff_id"], set_=values))


async def canned(session: AsyncSession) -> list[Canned]:
    rows = (await session.execute(select(CannedReplyRow).order_by(CannedReplyRow.shortcut))).scalars()
    return [Canned(row.id, row.shortcut, row.title, row.text, row.changed_by, row.changed_at) for row in rows]


async def put_canned(session: AsyncSession, reply: Canned) -> None:
    values: Mapping[str, Any] = {
        "shortcut": reply.shortcut, "title": reply.title, "text": reply.text, "changed_by": reply.changed_by,
        "changed_at": reply.changed_at,
    }  # fmt: skip
    row = upsert(session, CannedReplyRow).values(id=reply.id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=dict(values)))


async def drop_canned(session: AsyncSession, reply_id: str) -> bool:
    gone = await session.execute(
        delete(CannedReplyRow).where(CannedReplyRow.id == reply_id).returning(CannedReplyRow.id)
    )
    return gone.first() is not None
