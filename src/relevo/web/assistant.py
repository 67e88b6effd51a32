"""Trying the assistant without side effects, and the health page for machines."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo import __version__
from relevo.bot.service import Bot
from relevo.kit import log
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

_log = log.get("health")

Check = Callable[[], Awaitable[str]]
"""Answers ``ok`` or one word that says what is wrong."""
CHECK_SECONDS = 5
VITAL = "database"
"""Without this part a load balancer had better send people elsewhere."""


class Try(BaseModel):
    model_config = ConfigDict(extra="forbid")
    message: str = Field(min_length=1, max_length=4_000)
    now: datetime | None = None
    """The moment to read "mañana" from; without offset it is the business's local time."""


def router(bot: Bot, gate: Gate, zone: ZoneInfo, checks: Mapping[str, Check]) -> APIRouter:
    routes = APIRouter(tags=["assistant"])

    @routes.post("/api/orchestrator/test")
    async def try_out(
        body: Try, _staff: Annotated[Staff, Depends(gate.require(Action.TRY_ASSISTANT))]
    ) -> dict[str, Any]:
        now = body.now.replace(tzinfo=zone) if body.now and body.now.tzinfo is None else body.now
        return await bot.try_out(body.message, now=now)

    @routes.get("/health", openapi_extra={"x-open": "for load balancers: says only whether parts work"})
    async def health(response: Response) -> dict[str, Any]:
        found = {name: await _state(name, check) for name, check in checks.items()}
        if "failed" in found.values() or found.get(VITAL, "ok") != "ok":
            response.status_code = 503
        good = all(state == "ok" for state in found.values())
        return {"status": "ok" if good else "degraded", "version": __version__, "checks": found}

    return routes


async def _state(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:
        # Whatever it is, the page must be able to say so.
        _log.exception("a health check failed", check=name)
        return "failed"
