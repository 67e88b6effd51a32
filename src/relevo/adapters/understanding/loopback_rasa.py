"""A loopback Rasa: ``/``, ``/version``, ``/status`` and ``/model/parse`` as Rasa 3.6 answers them, and the ways in
which one was seen to fail. For tests, demos and drills; it knows no language, only what it is told to answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from relevo.adapters.loopback import listening

VERSION = "3.6.21"
Reading = Callable[[str], list[tuple[str | None, float]]]
"""From a text to its ranking, the likeliest first."""


class Fault(StrEnum):
    NONE = "none"
    EMPTY = "empty"
    """200 with ``[]``, as its webhooks answer whatever went wrong."""
    NO_MODEL = "no_model"
    NO_API = "no_api"
    """Started without ``--enable-api``."""
    REFUSES = "refuses"
    FORBIDS = "forbids"
    BURSTS = "bursts"
    LOADING = "loading"
    SILENT = "silent"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    NO_INTENT = "no_intent"
    SURER_THAN_SURE = "surer_than_sure"
    MOVED = "moved"


STATUSES = {
    Fault.NO_MODEL: (409, "Conflict"),
    Fault.NO_API: (404, "NotFound"),
    Fault.REFUSES: (401, "NotAuthenticated"),
    Fault.FORBIDS: (403, "NotAuthorized"),
    Fault.BURSTS: (500, "ParsingError"),
    Fault.LOADING: (503, "NotReady"),
}


def _nothing(_text: str) -> list[tuple[str | None, float]]:
    return [("nlu_fallback", 0.7)]


@dataclass(slots=True)
class Server:
    """A running one. ``asked`` has the text of every message."""

    reading: Reading
    token: str = ""
    fault: Fault = Fault.NONE
    url: str = ""
    asked: list[str] = field(default_factory=list)


@asynccontextmanager
async def served(reading: Reading = _nothing, *, token: str = "") -> AsyncIterator[Server]:
    """On a free port of this machine."""
    here = Server(reading, token)
    async with listening(_app(here), name="loopback Rasa") as here.url:
        yield here


def _app(here: Server) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def hello() -> Response:
        return PlainTextResponse(f"Hello from Rasa: {VERSION}")

    @app.get("/version")
    async def version() -> dict[str, str]:
        return {"version": VERSION, "minimum_compatible_version": "3.6.0"}

    @app.get("/status")
    async def status(request: Request) -> Response:
        wrong = _wrong(here, request)
        return wrong or JSONResponse({"fingerprint": {}, "model_file": "nlu.tar.gz", "num_active_training_jobs": 0})

    @app.post("/model/parse")
    async def parse(request: Request) -> Response:
        text = str((await request.json())["text"])
        here.asked.append(text)
        if wrong := _wrong(here, request):
            return wrong
        if here.fault is Fault.SILENT:
            await asyncio.Event().wait()
        return _faulty(here.fault) or JSONResponse(_parsed(text, here.reading))

    return app


def _wrong(here: Server, request: Request) -> Response | None:
    if fault := STATUSES.get(here.fault):
        return _failure(*fault)
    signed = request.headers.get("authorization") == f"Bearer {here.token}"
    if here.token and not signed and request.query_params.get("token") != here.token:
        return _failure(401, "NotAuthenticated")
    return None


def _failure(status: int, reason: str) -> Response:
    body = {"version": VERSION, "status": "failure", "reason": reason, "message": "", "details": {}, "code": status}
    return JSONResponse(body, status)


def _faulty(fault: Fault) -> Response | None:
    answers: dict[Fault, Callable[[], Response]] = {
        Fault.EMPTY: lambda: JSONResponse([]),
        Fault.GARBAGE: lambda: PlainTextResponse("{{{", media_type="application/json"),
        Fault.ENDLESS: lambda: PlainTextResponse('{"text": "' + "x" * 2**20, media_type="application/json"),
        Fault.NO_INTENT: lambda: JSONResponse({"text": "", "intent": {"name": None, "confidence": 0.0}}),
        Fault.SURER_THAN_SURE: lambda: JSONResponse({"intent": {"name": "get_prices", "confidence": 7}}),
        Fault.MOVED: lambda: Response(status_code=302, headers={"location": "http://127.0.0.1:9/"}),
    }
    return answers[fault]() if fault in answers else None


def _parsed(text: str, reading: Reading) -> dict[str, Any]:
    if text.strip().startswith("/"):
        # An intent said outright, whoever wrote it.
        said = text.strip()[1:].partition("{")[0]
        ranking: list[tuple[str | None, float]] = [(said, 1.0)]
    else:
        ranking = reading(text)
    listed = [{"name": name, "confidence": chance} for name, chance in ranking]
    return {"text": text, "intent": listed[0], "entities": [], "intent_ranking": listed}
