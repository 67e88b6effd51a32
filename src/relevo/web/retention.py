"""HTTP of what is kept and what was deleted: legal holds, and the log of deletions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from relevo.kit.audit import deletions
from relevo.kit.db import Database
from relevo.people.legal import MAX_REASON, LegalHolds
from relevo.people.rules import Action, LegalHold, Staff
from relevo.web.auth import Gate


class Reason(BaseModel):
    reason: str = Field(min_length=1, max_length=MAX_REASON)


def router(db: Database, holds: LegalHolds, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["retention"])
    Keeper = Annotated[Staff, Depends(gate.require(Action.LEGAL_HOLD))]

    @routes.get("/legal-holds")
    async def listing(_staff: Keeper) -> dict[str, Any]:
        return {"items": [_json(hold) for hold in await holds.standing()]}

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
