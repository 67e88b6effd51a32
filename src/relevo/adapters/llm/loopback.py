"""A loopback language-model server: speaks OpenAI's and Ollama's streams, and behaves as the model's name says.

For tests and drills. ``ok`` repeats what it is told to answer; the others fail as real servers were seen to: silent,
slow, cut off, an error inside a good stream, garbage, out of credit.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from relevo.adapters.loopback import listening

STATUSES = {"no-credit": 402, "busy": 429, "down": 503, "no-key": 401, "unknown": 404, "bad-request": 400}
"""Models that answer with nothing but a status."""
Answering = Callable[[str, list[dict[str, str]]], str]
"""From the model's name and the messages to what it says."""


def _echo(_model: str, messages: list[dict[str, str]]) -> str:
    return messages[-1]["content"]


@dataclass(slots=True)
class Server:
    """A running one. ``asked`` has every request's body."""

    url: str
    answer: Answering
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a stream has ended, its reader's doing or not."""


@asynccontextmanager
async def served(answer: Answering = _echo) -> AsyncIterator[Server]:
    """On a free port of this machine."""
    here = Server("", answer)
    async with listening(_app(here), name="loopback language model") as here.url:
        yield here


def _app(here: Server) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.post("/v1/chat/completions")
    async def completions(request: Request) -> Response:
        body = await _asked(request)
        if status := STATUSES.get(body["model"]):
            return JSONResponse({"error": {"code": status}}, status)
        return StreamingResponse(_counted(here, _events(body)), media_type="text/event-stream")

    @app.post("/api/chat")
    async def chat(request: Request) -> Response:
        body = await _asked(request)
        if status := STATUSES.get(body["model"]):
            return JSONResponse({"error": "no"}, status)
        return StreamingResponse(_counted(here, _objects(body)), media_type="application/x-ndjson")

    @app.get("/api/tags")
    async def tags() -> dict[str, Any]:
        return {"models": [{"name": "llama3:latest"}, {"name": "mistral:latest"}, {"name": "neural-chat:7b"}]}

    async def _asked(request: Request) -> dict[str, Any]:
        body: dict[str, Any] = await request.json()
        here.asked.append(body)
        return body

    async def _events(body: dict[str, Any]) -> AsyncIterator[str]:
        yield ": PROCESSING\n\n"
        async for word in _words(here, body):
            if word is None:
                yield "data: " + json.dumps({"error": {"code": 502}, "choices": [{"finish_reason": "error"}]}) + "\n\n"
                return
            yield "data: " + json.dumps({"choices": [{"delta": {"content": word}}]}) + "\n\n"
        if body["model"] == "garbage":
            yield "data: {{{\n\n"
        if body["model"] != "cut":
            yield "data: " + json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]}) + "\n\n"
            yield "data: " + json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}) + "\n\n"
            yield "data: [DONE]\n\n"

    async def _objects(body: dict[str, Any]) -> AsyncIterator[str]:
        async for word in _words(here, body):
            yield (
                json.dumps({"error": "gone"} if word is None else {"message": {"content": word}, "done": False}) + "\n"
            )
        if body["model"] == "garbage":
            yield "{{{\n"
        if body["model"] != "cut":
            yield json.dumps({"done": True, "done_reason": "stop", "prompt_eval_count": 7, "eval_count": 3}) + "\n"

    return app


async def _words(here: Server, body: dict[str, Any]) -> AsyncIterator[str | None]:
    """What it says, word by word; None where the server fails in the middle."""
    model = body["model"]
    if model == "silent":
        await asyncio.Event().wait()
    said = here.answer(model, body["messages"])
    if model == "endless":
        while True:
            yield said + " " * 1_000
            await asyncio.sleep(0)
    for index, word in enumerate(said.split(" ")):
        if index and model == "stuck":
            await asyncio.Event().wait()
        if index and model == "fails":
            yield None
            return
        yield f" {word}" if index else word


async def _counted(here: Server, stream: AsyncIterator[str]) -> AsyncIterator[str]:
    try:
        async for piece in stream:
            yield piece
    finally:
        here.left.set()
        with contextlib.suppress(RuntimeError):
            await stream.aclose()  # type: ignore[attr-defined]
