"""HTTP of the calls room, for staff, and the short-lived links to recordings."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends

from relevo.calls.service import Calls
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff, may
from relevo.web.auth import Gate


def router(db: Database, calls: Calls, gate: Gate) -> APIRouter:
    routes = APIRouter(tags=["calls"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CALLS))]

    @routes.get("/api/calls")
    async def listing(staff: Reader, status: Literal["active", "ended", "all"] = "active") -> dict[str, Any]:
        async with db.read() as session:
            found = await calls.listing(session, status=status, viewer=staff)
            return {"items": await calls.list_json(session, found)}

    @routes.get("/api/calls/{call_id}")
    async def one(call_id: str, staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            call = await calls.get(session, call_id)
            gate.saw(staff, "call_read", call_id)
            words = await calls.transcript(session, call) if may(staff, Action.SEE_CONVERSATIONS) else []
            return {**await calls.as_json(session, call), "transcript": words}

    @routes.post("/api/calls/{call_id}/hang_up")
    async def hang_up(call_id: str, staff: Annotated[Staff, Depends(gate.require(Action.HANG_UP))]) -> dict[str, Any]:
        call = await calls.hang_up(call_id, staff=staff)
        async with db.read() as session:
            return await calls.as_json(session, call)

    return routes
