"""HTTP of what is kept and for how long, what was deleted, legal holds, and the backups that were made.

Nothing is deleted from here: a shorter period is said, and the coming night does it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.conversations.rules import iso
from relevo.desk.keeping import Keeping, Period, checked_days
from relevo.kit.audit import deletions
from relevo.kit.db import Database
from relevo.people.legal import MAX_REASON, LegalHolds
from relevo.people.rules import Action, LegalHold, Staff
from relevo.people.service import People
from relevo.web.auth import Gate

Backups = Callable[[], Awaitable[dict[str, Any]]]
"""What is known of the backups."""
WouldForget = Callable[[Period, int], Awaitable[dict[str, int]]]
"""How much a period would delete."""


class Reason(BaseModel):
    reason: str = Field(min_length=1, max_length=MAX_REASON)


class Chosen(BaseModel):
    model_config = ConfigDict(extra="forbid")
    days: int | None = Field(ge=1, le=100_000)
    """None: as the environment says."""


def router(
    db: Database,
    people: People,
    holds: LegalHolds,
    keeping: Keeping,
    would_forget: WouldForget,
    next_at: Callable[[], datetime],
    backups: Backups,
    gate: Gate,
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["retention"])
    Keeper = Annotated[Staff, Depends(gate.require(Action.LEGAL_HOLD))]

    async def whole() -> dict[str, Any]:
        return {**await keeping.json(), "next_at": iso(next_at())}

    @routes.get("/retention")
    async def policy(_staff: Keeper) -> dict[str, Any]:
        return await whole()

    @routes.get("/retention/{period}/preview")
    async def preview(period: Period, _staff: Keeper, days: Annotated[int, Query(ge=1, le=100_000)]) -> dict[str, Any]:
        return {"days": days, "deletes": await would_forget(period, checked_days(period, days))}

    @routes.put("/retention/{period}")
    async def choose(period: Period, chosen: Chosen, staff: Keeper) -> dict[str, Any]:
        await keeping.choose(staff, period, chosen.days)
        return await whole()

    @routes.get("/backups")
    async def made(_staff: Annotated[Staff, Depends(gate.require(Action.SEE_HEALTH))]) -> dict[str, Any]:
        return await backups()

    @routes.get("/legal-holds")
    async def listing(_staff: Keeper) -> dict[str, Any]:
        standing = await holds.standing()
        async with db.read() as session:
            known = await people.get_many(session, [hold.person_id for hold in standing])
            staff = await people.staff_names(session)

        def named(hold: LegalHold) -> dict[str, Any]:
            person = known.get(hold.person_id)
            name = person.shown_name if person is not None else None
            return {
                **_json(hold),
                "person": {"id": hold.person_id, "name": name},
                "by_name": staff.get(hold.by),
            }

        return {"items": [named(hold) for hold in standing]}

    @routes.post("/people/{person_id}/legal-hold")
    async def place(person_id: str, asked: Reason, staff: Keeper) -> dict[str, Any]:
        return _json(await holds.place(person_id, reason=asked.reason, staff=staff))

    @routes.delete("/people/{person_id}/legal-hold", status_code=204)
    async def end(person_id: str, staff: Keeper) -> None:
        await holds.end(person_id, staff=staff)

    @routes.get("/deletions")
    async def log(_staff: Keeper) -> dict[str, Any]:
        return {"items": await deletions(db)}

    return routes


def _json(hold: LegalHold) -> dict[str, Any]:
    return {
        "id": hold.id, "person_id": hold.person_id, "reason": hold.reason, "by": hold.by, "at": hold.at.isoformat(),
    }  # fmt: skip
