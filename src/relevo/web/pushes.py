"""HTTP of one's own browsers that are told of news while no console is open in them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from relevo.desk.devices import Devices
from relevo.desk.push_rules import Keys
from relevo.desk.pushing import Pushing
from relevo.kit.clock import Clock
from relevo.kit.egress import LONGEST
from relevo.kit.limits import Limit
from relevo.people.accounts import Accounts
from relevo.people.rules import Staff
from relevo.web.accounts import OWN
from relevo.web.auth import COOKIE, Gate, bearer

TESTS, CHANGES = 6, 20
"""A minute, of one person."""


class BrowserKeys(BaseModel):
    model_config = ConfigDict(extra="forbid")
    p256dh: str = Field(max_length=120, repr=False)
    auth: str = Field(max_length=40, repr=False)


class Subscription(BaseModel):
    """As a browser says it, and what it is to be told of."""

    model_config = ConfigDict(extra="forbid")
    endpoint: str = Field(max_length=LONGEST, repr=False)
    keys: BrowserKeys
    wants: list[Annotated[str, Field(max_length=20)]] | None = Field(None, max_length=10)


def router(devices: Devices, pushing: Pushing, accounts: Accounts, clock: Clock, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/me/push", tags=["desk"])
    Me = Annotated[Staff, Depends(gate.signed_in)]
    tests, changes = Limit(clock, TESTS), Limit(clock, CHANGES)

    @routes.get("", openapi_extra=OWN)
    async def listing(staff: Me) -> dict[str, Any]:
        return await devices.json(staff)

    @routes.post("", status_code=201, openapi_extra=OWN)
    async def add(body: Subscription, staff: Me, request: Request) -> dict[str, Any]:
        changes.use(staff.id)
        current = await accounts.current(bearer(request) or request.cookies.get(COOKIE) or "")
        keys = Keys(body.endpoint, body.keys.p256dh, body.keys.auth)
        device = request.headers.get("user-agent")
        return {"id": await devices.add(staff, current, keys, device=device, wants=body.wants)}

    @routes.delete("/{device_id}", status_code=204, openapi_extra=OWN)
    async def remove(device_id: str, staff: Me) -> None:
        await devices.remove(staff, device_id)

    @routes.post("/{device_id}/test", status_code=202, openapi_extra=OWN)
    async def test(device_id: str, staff: Me) -> dict[str, Any]:
        tests.use(staff.id)
        await pushing.test(staff, await devices.own(staff, device_id))
        return {"promised": True}

    return routes
