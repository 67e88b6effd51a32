"""Trying the assistant without side effects, what it has done in figures, and the health page for machines."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo import __version__
from relevo.bot.service import Bot
from relevo.kit import log
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.web.auth import Gate

_log = log.get("health")

Check = Callable[[], Awaitable[str]]
"""Answers ``ok`` or one word that says what is wrong."""
CHECK_SECONDS = 5
MOST_DAYS = 92
VITAL = "database"
"""Without this part a load balancer had better send people elsewhere."""


class Try(BaseModel):
    model_config = ConfigDict(extra="forbid")
    message: str = Field(min_length=1, max_length=4_000)
    now: datetime | None = None
    """The moment to read "mañana" from; without offset it is the business's local time."""


def router(bot: Bot, gate: Gate, zone: ZoneInfo, checks: Mapping[str, Check], texts: Texts) -> APIRouter:
    routes = APIRouter(tags=["assistant"])

    @routes.post("/api/orchestrator/test")
    async def try_out(
        body: Try, _staff: Annotated[Staff, Depends(gate.require(Action.TRY_ASSISTANT))]
    ) -> dict[str, Any]:
        now = body.now.replace(tzinfo=zone) if body.now and body.now.tzinfo is None else body.now
        return await bot.try_out(body.message, now=now)

    @routes.get("/api/orchestrator/test")
    async def ready_to_try(
        _staff: Annotated[Staff, Depends(gate.require(Action.TRY_ASSISTANT))],
        type: Literal["health", "examples"] = "health",  # noqa: A002 - the name of the parameter
    ) -> dict[str, Any]:
        if type == "examples":
            return {"items": examples(texts)}
        return await _health(checks)

    @routes.get("/api/orchestrator")
    async def figures(
        _staff: Annotated[Staff, Depends(gate.require(Action.SEE_HEALTH))],
        action: Literal["health", "stats"] = "health",
        days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 7,
        person_id: Annotated[str | None, Query(max_length=20)] = None,
    ) -> dict[str, Any]:
        if action == "health":
            return await _health(checks)
        if person_id is not None:
            return await bot.interactions.get_user_conversation_stats(person_id)
        return await bot.interactions.stats(days)

    @routes.get("/health", openapi_extra={"x-open": "for load balancers: says only whether parts work"})
    async def health(response: Response) -> dict[str, Any]:
        shown = await _health(checks)
        found = shown["checks"]
        if "failed" in found.values() or found.get(VITAL, "ok") != "ok":
            response.status_code = 503
        return shown

    return routes


def examples(texts: Texts) -> list[dict[str, str]]:
    """A message for each intent, to try."""
    keys = sorted(key for key in texts.every_key() if key.startswith("examples."))
    return [{"intent": key.removeprefix("examples."), "message": texts.raw(key)} for key in keys]


async def _health(checks: Mapping[str, Check]) -> dict[str, Any]:
    found = {name: await _state(name, check) for name, check in checks.items()}
    good = all(state == "ok" for state in found.values())
    return {"status": "ok" if good else "degraded", "version": __version__, "checks": found}


async def _state(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:
        # Whatever it is, the page must be able to say so.
        _log.exception("a health check failed", check=name)
        return "failed"
