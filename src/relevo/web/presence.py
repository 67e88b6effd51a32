"""HTTP of presence: one's own state and day; for supervisors the team, its time, and corrections.

Agents reach only their own; a supervisor everybody's; those who may see totals only get them without names.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.desk.attendance import Attendance
from relevo.desk.presence import OWN, TOPIC, Presence
from relevo.desk.shifts import LONGEST_WRAP_UP, MAX_NOTE, State
from relevo.desk.timesheets import Timesheets
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff, may
from relevo.web.auth import Gate
from relevo.web.live import Topic

_REASON = 40
First = Annotated[date, Query(alias="from")]
Last = Annotated[date, Query(alias="to")]


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: State
    reason: str | None = Field(None, max_length=_REASON)
    version: int | None = None


class Next(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: State | None = None
    reason: str | None = Field(None, max_length=_REASON)


class More(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seconds: int = Field(60, ge=10, le=int(LONGEST_WRAP_UP.total_seconds()))


class Ordered(BaseModel):
    model_config = ConfigDict(extra="forbid")
    state: State
    reason: str | None = Field(None, max_length=_REASON)
    note: str = Field(max_length=MAX_NOTE)


class Corrected(BaseModel):
    model_config = ConfigDict(extra="forbid")
    start: AwareDatetime
    end: AwareDatetime
    state: State
    reason: str | None = Field(None, max_length=_REASON)
    note: str = Field(max_length=MAX_NOTE)


class Placed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zone: str | None = Field(max_length=_REASON)


def own_router(
    db: Database, presence: Presence, timesheets: Timesheets, attendance: Attendance, gate: Gate
) -> APIRouter:
    """Of whoever asks."""
    routes = APIRouter(prefix="/api/presence/me", tags=["presence"])
    Self = Annotated[Staff, Depends(gate.require(Action.KEEP_SHIFT))]

    @routes.get("")
    async def mine(staff: Self) -> dict[str, Any]:
        async with db.read() as session:
            return await presence.json(session, staff)

    @routes.post("")
    async def declare(wanted: Wanted, staff: Self) -> dict[str, Any]:
        return await presence.declare(staff, wanted.state, wanted.reason, version=wanted.version)

    @routes.put("/next")
    async def follow(wanted: Next, staff: Self) -> dict[str, Any]:
        return await presence.next(staff, wanted.state, wanted.reason)

    @routes.post("/wrap-up/extend")
    async def extend(more: More, staff: Self) -> dict[str, Any]:
        return await presence.extend(staff, more.seconds)

    @routes.post("/wrap-up/end")
    async def end(staff: Self) -> dict[str, Any]:
        return await presence.end_wrap_up(staff)

    @routes.post("/here")
    async def here(staff: Self) -> dict[str, Any]:
        answer = await presence.here(staff)
        await attendance.answered(staff.id)
        return answer

    @routes.get("/day")
    async def my_day(staff: Self, day: date | None = None) -> dict[str, Any]:
        async with db.read() as session:
            return await timesheets.day_json(session, staff.id, day)

    @routes.get("/totals")
    async def my_totals(staff: Self, first: First, last: Last) -> dict[str, Any]:
        async with db.read() as session:
            return await timesheets.totals_json(session, first, last, staff_id=staff.id)

    return routes


def team_router(db: Database, presence: Presence, timesheets: Timesheets, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/presence", tags=["presence"])
    Colleague = Annotated[Staff, Depends(gate.require(Action.SEE_STATES))]
    Viewer = Annotated[Staff, Depends(gate.require(Action.SEE_TEAM))]
    Counter = Annotated[Staff, Depends(gate.require(Action.SEE_TEAM_TOTALS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_TEAM))]

    @routes.get("/board")
    async def board(_staff: Colleague) -> dict[str, Any]:
        async with db.read() as session:
            return await presence.board_json(session)

    @routes.get("/team")
    async def team(staff: Viewer) -> dict[str, Any]:
        async with db.read() as session:
            found = await presence.team_json(session)
        scope = staff.scope
        return {**found, "items": [each for each in found["items"] if scope.whole or each["id"] in scope.colleagues]}

    @routes.get("/totals")
    async def totals(staff: Counter, first: First, last: Last) -> dict[str, Any]:
        async with db.read() as session:
            return await timesheets.totals_json(session, first, last, named=may(staff, Action.SEE_TEAM))

    @routes.post("/{staff_id}")
    async def change(staff_id: str, wanted: Ordered, staff: Changer) -> dict[str, Any]:
        return await presence.change(staff_id, wanted.state, wanted.reason, note=wanted.note, by=staff)

    @routes.get("/{staff_id}/day")
    async def day_of(staff_id: str, _staff: Viewer, day: date | None = None) -> dict[str, Any]:
        async with db.read() as session:
            return await timesheets.day_json(session, staff_id, day)

    @routes.get("/{staff_id}/totals")
    async def totals_of(staff_id: str, _staff: Viewer, first: First, last: Last) -> dict[str, Any]:
        async with db.read() as session:
            return await timesheets.totals_json(session, first, last, staff_id=staff_id)

    @routes.post("/{staff_id}/corrections")
    async def correct(staff_id: str, wanted: Corrected, staff: Changer) -> dict[str, Any]:
        return await timesheets.correct(
            staff_id, wanted.start, wanted.end, wanted.state, wanted.reason, note=wanted.note, by=staff
        )

    @routes.put("/{staff_id}/zone")
    async def place(staff_id: str, wanted: Placed, _staff: Changer) -> dict[str, Any]:
        return await timesheets.place(staff_id, wanted.zone)

    return routes


def topics(presence: Presence) -> dict[str, Topic]:
    async def board(session: AsyncSession, _staff: Staff, _rest: str) -> dict[str, Any]:
        return await presence.board_json(session)

    async def own(session: AsyncSession, staff: Staff, whose: str) -> dict[str, Any]:
        return await presence.own_json(session, staff, whose)

    return {TOPIC: Topic(Action.SEE_STATES, board), OWN: Topic(Action.KEEP_SHIFT, own)}
