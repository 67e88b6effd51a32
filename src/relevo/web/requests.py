"""HTTP of what guests ask the house for: the list, and what a person answers."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.desk.requests import Requests
from relevo.desk.rules import RequestState
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    line: str = Field("", max_length=2000)
    """What the guest is told."""


def router(db: Database, requests: Requests, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/requests", tags=["requests"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]
    Answerer = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("")
    async def listing(
        staff: Reader,
        state: Literal["open", "done", "declined", "all"] = "open",
        booking: Annotated[str | None, Query(max_length=20)] = None,
        conversation: Annotated[str | None, Query(max_length=20)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> dict[str, Any]:
        wanted = None if state == "all" else RequestState(state)
        async with db.read() as session:
            found = await requests.listing(
                session, state=wanted, booking_code=booking, conversation_id=conversation, limit=limit,
                viewer=staff,
            )  # fmt: skip
        return {"items": found}

    @routes.post("/{request_id}/done")
    async def done(request_id: str, staff: Answerer, body: Line | None = None) -> dict[str, Any]:
        return await requests.settle(request_id, done=True, line=(body or Line(line="")).line, staff=staff)

    @routes.post("/{request_id}/reopen")
    async def reopen(request_id: str, staff: Answerer) -> dict[str, Any]:
        return await requests.reopen(request_id, staff=staff)

    @routes.post("/{request_id}/decline")
    async def decline(request_id: str, body: Line, staff: Answerer) -> dict[str, Any]:
        return await requests.settle(request_id, done=False, line=body.line, staff=staff)

    return routes
