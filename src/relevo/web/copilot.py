"""HTTP of the copilot: what was found at once, and a model's suggestions line by line while somebody reads them."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from relevo.bot.copilot import Copilot, Help
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.web.auth import Gate


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)


class Lines(StreamingResponse):
    """JSON, an object a line. Whoever leaves stops its making at once, not at the next line."""

    media_type = "application/x-ndjson"

    def __init__(self, lines: AsyncGenerator[str, None]) -> None:
        super().__init__(lines, headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # From 2.4 on a reader who left is noticed only when something is sent, and a model may be silent for long.
        async with aclosing(self._lines):
            await super().__call__({**scope, "asgi": {**scope.get("asgi", {}), "spec_version": "2.3"}}, receive, send)


def router(copilot: Copilot, texts: Texts, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["copilot"])
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("/conversations/{conversation_id}/copilot")
    async def found(conversation_id: str, _staff: Agent) -> dict[str, Any]:
        return _json(await copilot.help(conversation_id), copilot.model, texts.here)

    @routes.get("/conversations/{conversation_id}/copilot/stream")
    async def stream(conversation_id: str, _staff: Agent) -> StreamingResponse:
        return Lines(_lines(copilot, await copilot.help(conversation_id)))

    @routes.get("/copilot/models")
    async def models(_staff: Agent) -> dict[str, Any]:
        return {"items": await copilot.models(), "current": copilot.model}

    @routes.post("/copilot/model")
    async def choose(
        body: Choice, _staff: Annotated[Staff, Depends(gate.require(Action.CHOOSE_MODEL))]
    ) -> dict[str, Any]:
        copilot.choose(body.name)
        return {"items": await copilot.models(), "current": copilot.model}

    return routes


async def _lines(copilot: Copilot, found: Help) -> AsyncGenerator[str, None]:
    async with aclosing(copilot.stream(found)) as events:
        async for event in events:
            yield json.dumps(event, ensure_ascii=False) + "\n"


def _json(found: Help, model: str | None, texts: Texts) -> dict[str, Any]:
    objection = found.objection and {
        "kind": found.objection.value,
        "title": texts.say(f"copilot.objection.{found.objection.value}"),
        "arguments": [{"text": each.text, "source": texts.say("copilot.source_arguments")} for each in found.arguments],
    }
    return {
        "seq": found.seq,
        "suggestions": [{"text": each.text, "kind": each.kind, "source": each.source} for each in found.suggestions],
        "objection": objection,
        "facts": [{"label": each.label, "text": each.text, "source": each.source} for each in found.facts],
        "summary": list(found.summary),
        "model": model,
    }
