"""HTTP of how everything is, for who keeps the house running. Whatever may be told to everybody is on ``/health``."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

HISTORY = 30
"""Changes of the mode that are shown."""


def router(state: Callable[[], Awaitable[dict[str, Any]]], gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["health"])

    @routes.get("/state")
    async def everything(_staff: Annotated[Staff, Depends(gate.require(Action.SEE_HEALTH))]) -> dict[str, Any]:
        return await state()

    return routes
