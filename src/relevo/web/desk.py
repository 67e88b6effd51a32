"""HTTP of the house as a whole: what needs a person, the mode it works in, the day's figures."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.desk.rules import MAX_REASON
from relevo.desk.service import Alerts, Watch
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

Summary = Callable[[date | None], Awaitable[dict[str, Any]]]
"""The figures of a day; of today without one."""


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mode: Literal["manual", "normal"]
    reason: str = Field("", max_length=MAX_REASON)


def router(db: Database, alerts: Alerts, watch: Watch, summary: Summary, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["desk"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_ALERTS))]

    @routes.get("/alerts")
    async def listing(
        _staff: Reader,
        state: Literal["open", "done", "all"] = "open",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        async with db.read() as session:
            return await alerts.list_json(session, state=None if state == "all" else state, limit=limit)

    @routes.post("/alerts/{alert_id}/done")
    async def done(alert_id: str, staff: Annotated[Staff, Depends(gate.require(Action.ANSWER))]) -> dict[str, Any]:
        return await alerts.done(alert_id, staff=staff)

    @routes.get("/mode")
    async def mode(_staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return await watch.house_json(session)

    @routes.post("/mode")
    async def switch(wish: Wish, staff: Annotated[Staff, Depends(gate.require(Action.MANUAL_MODE))]) -> dict[str, Any]:
        return await watch.switch(manual=wish.mode == "manual", reason=wish.reason, staff=staff)

    @routes.get("/mode/history")
    async def history(_staff: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await watch.history(session, limit)}

    @routes.get("/summary")
    async def figures(_staff: Reader, day: date | None = None) -> dict[str, Any]:
        return await summary(day)

    return routes
