"""Answers to the staff in the language that they ask for; customers and programs get the house's.

Only reading is in the reader's language: what a write tells others is told to many.
"""

from __future__ import annotations

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from relevo.texts import Texts
from relevo.texts.reader import preferred, reading

STAFF = "/api/"
CUSTOMERS = ("/api/webchat/", "/api/whatsapp/")


class Reader:
    """Plain ASGI: notes whose language an answer is made in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope.get("method", "GET") != "GET":
            await self._app(scope, receive, send)
            return
        with reading(_wanted(scope)):
            await self._app(scope, receive, send)


def said_to(request: Request, texts: Texts) -> Texts:
    """The texts of an error, which nobody else reads, whatever was asked."""
    with reading(_wanted(request.scope)):
        return texts.here


def _wanted(scope: Scope) -> str | None:
    path = scope["path"]
    if not path.startswith(STAFF) or path.startswith(CUSTOMERS):
        return None
    if scope["type"] == "websocket":
        # A browser does not let a page say its language in the handshake; what it opens with is read in it.
        return preferred(QueryParams(scope["query_string"]).get("lang", ""))
    return preferred(Headers(scope=scope).get("accept-language", ""))
