"""HTTP of the house as a whole: what needs a person, the mode it works in, the day's figures."""

from collections.abc import Awaitable, Callable
from datetime import date, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.desk.rules import MAX_REASON, Choice, Quiet, Road
from relevo.desk.service import Alerts, Watch
from relevo.desk.telling import Telling
from relevo.kit import phone
from relevo.kit.db import Database
from relevo.kit.errors import Invalid
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

Summary = Callable[[date | None, Staff], Awaitable[dict[str, Any]]]
"""The figures of a day as somebody sees them; of today without one."""
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mode: Literal["manual", "normal"]
    reason: str = Field("", max_length=MAX_REASON)


class QuietHours(BaseModel):
    model_config = ConfigDict(extra="forbid")
    since: str = Field(alias="from", pattern=_CLOCK)
    until: str = Field(pattern=_CLOCK)


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ways: list[Road] = Field(max_length=len(Road))
    kinds: list[Annotated[str, Field(max_length=30)]] | None = Field(None, max_length=50)
    number: str | None = Field(None, max_length=40)
    quiet: QuietHours | None = None
    wake_for_urgent: bool = True

    def choice(self, staff: Staff, country: str) -> Choice:
        number = phone.identity(self.number, country) if self.number and self.number.strip() else None
        if self.number and self.number.strip() and number is None:
            raise Invalid("alert_number")
        hours = self.quiet
        quiet = Quiet(time.fromisoformat(hours.since), time.fromisoformat(hours.until)) if hours else None
        kinds = None if self.kinds is None else frozenset(self.kinds)
        return Choice(staff.id, frozenset(self.ways), kinds, number, quiet, self.wake_for_urgent)


def own_router(telling: Telling, gate: Gate, country: str) -> APIRouter:
    """How whoever asks wants to hear of alerts."""
    routes = APIRouter(prefix="/api/me", tags=["desk"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_ALERTS))]

    @routes.get("/alerts")
    async def mine(staff: Reader) -> dict[str, Any]:
        return telling.json(await telling.choice(staff), staff)

    @routes.put("/alerts")
    async def choose(wanted: Wanted, staff: Reader) -> dict[str, Any]:
        return telling.json(await telling.choose(wanted.choice(staff, country)), staff)

    return routes


def router(db: Database, alerts: Alerts, watch: Watch, summary: Summary, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["desk"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_ALERTS))]

    @routes.get("/alerts")
    async def listing(
        staff: Reader,
        state: Literal["open", "done", "all"] = "open",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        async with db.read() as session:
            return await alerts.list_json(session, state=None if state == "all" else state, limit=limit, viewer=staff)

    @routes.post("/alerts/{alert_id}/done")
    async def done(alert_id: str, staff: Annotated[Staff, Depends(gate.require(Action.ANSWER))]) -> dict[str, Any]:
        return await alerts.done(alert_id, staff=staff)

    @routes.post("/alerts/{alert_id}/reopen")
    async def reopen(alert_id: str, staff: Annotated[Staff, Depends(gate.require(Action.ANSWER))]) -> dict[str, Any]:
        return await alerts.reopen(alert_id, staff=staff)

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
    async def figures(staff: Reader, day: date | None = None) -> dict[str, Any]:
        return await summary(day, staff)

    return routes
