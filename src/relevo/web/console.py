"""The built console as files: hashed assets for ever, squeezed where the browser takes it, every other path its page.

With the page go the addresses of what it will ask for (``Link``), so that a telephone need not run its script to know.
It squeezes nothing by itself: what the build put beside a file (``.br``, ``.gz``) is handed out as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from relevo.web.auth import COOKIE

CONSOLE = Path(__file__).parent / "console_dist"
SERVER_PATHS = ("api/", "assets/", "twilio/", "recordings/", "health")
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
SQUEEZED = {"br": ".br", "gzip": ".gz"}
"""Best first."""


def serve_console(app: FastAPI, console: Path) -> None:
    root = console.resolve()
    wishes = _wishes(root)

    @app.get("/{path:path}", include_in_schema=False, openapi_extra={"x-open": "static files of the console"})
    async def page(path: str, request: Request) -> Response:
        if "\x00" in path or (path.startswith(SERVER_PATHS) and not path.startswith("assets/")):
            raise HTTPException(404)
        file = (root / path).resolve()
        accepted = accepts(request.headers.get("accept-encoding", ""))
        if path and file.is_relative_to(root) and file.is_file():
            return answer(file, accepted, FOR_EVER if path.startswith("assets/") else ASK_AGAIN)
        index = root / "index.html"
        if path.startswith("assets/") or not index.is_file():
            raise HTTPException(404)
        found = answer(index, accepted, ASK_AGAIN)
        if wanted := links(wishes, path, signed_in=COOKIE in request.cookies):
            found.headers["link"] = wanted
        return found


def _wishes(root: Path) -> dict[str, list[str]]:
    """What the build says that its pages ask for."""
    file = root / "preload.json"
    wishes: dict[str, list[str]] = json.loads(file.read_text()) if file.is_file() else {}
    return wishes


def links(wishes: Mapping[str, Sequence[str]], path: str, *, signed_in: bool) -> str:
    """A page behind the door asks for the frame, who one is, and what its own section shows first."""
    section = path.partition("/")[0]
    own = ("desk", f"data/{section}") if signed_in and section != "entrar" else ("entrar",)
    return ", ".join(f"<{file}>; {_kind(file)}" for name in own for file in wishes.get(name, ()))


def _kind(file: str) -> str:
    if file.startswith("/api/"):
        return "rel=preload; as=fetch; crossorigin"
    return "rel=preload; as=style; crossorigin" if file.endswith(".css") else "rel=modulepreload"


def accepts(header: str) -> frozenset[str]:
    """Codings that a browser says it takes."""
    offers = [offer.replace(" ", "").lower().split(";") for offer in header.split(",")]
    return frozenset(name for name, *options in offers if not any(each in NEVER for each in options))


NEVER = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


def answer(file: Path, accepted: frozenset[str], cache: str) -> FileResponse:
    headers = {"cache-control": cache, "vary": "accept-encoding"}
    kind = guess_type(file.name)[0]
    for coding, ending in SQUEEZED.items():
        beside = file.with_name(file.name + ending)
        if coding in accepted and beside.is_file():
            return FileResponse(beside, media_type=kind, headers={**headers, "content-encoding": coding})
    return FileResponse(file, media_type=kind, headers=headers)
