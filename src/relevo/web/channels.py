"""HTTP of the channel doctor: how each channel is doing, and a test message. Nothing secret is shown."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from relevo.desk.channels import FRESH, Channels
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.limits import Limit
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

TESTS_PER_MINUTE = 5


class Test(BaseModel):
    model_config = ConfigDict(extra="forbid")
    to: str = Field(min_length=3, max_length=320)
    """A number or an e-mail address, as the channel has them."""
    account: str | None = Field(None, max_length=120)


def router(
    db: Database, channels: Channels, setup: Callable[[], list[dict[str, Any]]], gate: Gate, clock: Clock
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["channels"])
    tests = Limit(clock, TESTS_PER_MINUTE)

    @routes.get("/channels")
    async def listing(
        _staff: Annotated[Staff, Depends(gate.require(Action.SEE_ALERTS))], now: bool = False
    ) -> dict[str, Any]:
        """``now``: carriers are asked first, if their last answer is older than a moment."""
        if now:
            await channels.look(older_than=FRESH)
        else:
            await channels.flush()
        async with db.read() as session:
            return {"items": await channels.list_json(session)}

    @routes.get("/channels/setup")
    async def setting_up(_staff: Annotated[Staff, Depends(gate.require(Action.SEE_ALERTS))]) -> dict[str, Any]:
        """Which settings make each channel, whether they were given, and where carriers are to call."""
        return {"items": setup()}

    @routes.post("/channels/{name}/test")
    async def test(
        name: str, body: Test, staff: Annotated[Staff, Depends(gate.require(Action.MANUAL_MODE))]
    ) -> dict[str, Any]:
        tests.use(staff.id)
        return {"carrier_id": await channels.test(name, body.to.strip(), body.account)}

    return routes
