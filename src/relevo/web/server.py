"""The HTTP application: routers, errors as JSON in Spanish, limits, security headers, the built console.

It knows no room by itself; ``app.py`` hands it the routers.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relevo import __version__
from relevo.kit import log
from relevo.kit.errors import RelevoError
from relevo.texts import Texts
from relevo.web.console import CONSOLE, serve_console
from relevo.web.language import Reader, said_to

_log = log.get("web")

MAX_BODY = 1_000_000
MAX_UPLOAD = 10_200_000
"""A file of at most 10 MB and what a form wraps around it."""
UPLOADS = re.compile(
    r"/api/(?:webchat/sessions|conversations)/[^/]+/attachments|/demo/whatsapp/api/file|/loopback/meta/[^/]+/[^/]+/media"
)
MAX_DELIVERY = 3_500_000
"""Meta puts up to 3 MB into one delivery."""
DELIVERIES = frozenset({"/api/whatsapp/meta/webhook"})
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"microphone=(self), camera=(), geolocation=()"),
]
ABORT = "relevo.abort"
"""Key in a socket's scope: a function that drops the connection now, unsent data and all."""


def create_app(
    routers: Iterable[APIRouter],
    texts: Texts,
    *,
    lifespan: Callable[[], Any],
    console: Path = CONSOLE,
) -> FastAPI:
    """Build the application. ``lifespan`` is an async context manager that starts and stops everything."""

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        async with lifespan():
            yield

    app = FastAPI(title="Relevo", version=__version__, lifespan=living, docs_url=None, redoc_url=None, openapi_url=None)
    for routes in routers:
        app.include_router(routes)
    _errors(app, texts)
    serve_console(app, console)
    app.add_middleware(Reader)
    app.add_middleware(_Guard, texts=texts)
    return app


class _Guard:
    """Plain ASGI: security headers on every answer, and a limit on every body, counted as it arrives."""

    def __init__(self, app: ASGIApp, texts: Texts) -> None:
        self._app = app
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # ASGI knows only the polite way to end a socket; the server's own transport has the other one.
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            if transport is not None:
                scope[ABORT] = transport.abort
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = {name for name, _ in message["headers"]}
                # An answer that is stricter than the page (a stranger's file) says so itself.
                added = [header for header in HEADERS if header[0] not in own]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        declared = dict(scope["headers"]).get(b"content-length", b"0")
        most = _most(scope["path"])
        if not declared.isdigit() or int(declared) > most:
            await self._refuse(scope, receive, sending)
            return
        received = 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise _TooLarge
            return message

        try:
            await self._app(scope, receiving, sending)
        except _TooLarge:
            if not started:
                await self._refuse(scope, receive, sending)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = JSONResponse(_error("too_large", self._texts.say("error.too_large")), status_code=413)
        await answer(scope, receive, send)


def _most(path: str) -> int:
    if path in DELIVERIES:
        return MAX_DELIVERY
    return MAX_UPLOAD if UPLOADS.fullmatch(path) else MAX_BODY


class _TooLarge(Exception):  # noqa: N818 - never leaves this module
    pass


def _error(code: str, message: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": details or {}}}


def _route(request: Request) -> str:
    """Which one it was, without what was asked: some addresses are links that open something."""
    return str(getattr(request.scope.get("route"), "path", "?"))


def _errors(app: FastAPI, texts: Texts) -> None:
    @app.exception_handler(RelevoError)
    async def _known(request: Request, error: RelevoError) -> JSONResponse:
        details = json.loads(json.dumps(error.params, default=str))
        said = said_to(request, texts).say(error.text_key, **error.params)
        return JSONResponse(_error(error.code, said, details), error.status)

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        # Where it is wrong, never what was sent: the value may be a password.
        fields = [
            {"field": ".".join(str(part) for part in item["loc"]), "kind": item["type"]} for item in error.errors()
        ]
        said = said_to(request, texts).say("error.malformed")
        return JSONResponse(_error("malformed", said, {"fields": fields[:20]}), 422)

    @app.exception_handler(DataError)
    async def _unstorable(request: Request, _bad: DataError) -> JSONResponse:
        # A zero character in an address, say. What the database makes of it quotes what was sent.
        _log.warning("a request that no database takes", route=_route(request))
        return JSONResponse(_error("malformed", said_to(request, texts).say("error.malformed")), 400)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "bad_method"}.get(error.status_code, "malformed")
        return JSONResponse(_error(code, said_to(request, texts).say(f"error.{code}")), error.status_code)

    @app.exception_handler(Exception)
    async def _bug(request: Request, error: Exception) -> JSONResponse:
        _log.error("request failed", route=_route(request), exc_info=error)
        said = said_to(request, texts).say("error.internal")
        return JSONResponse(_error("internal", said), 500, headers={"cache-control": "no-store"})
