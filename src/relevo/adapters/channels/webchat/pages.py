"""The files of the widget and its page, each under a policy that names the one site that may show it."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from relevo.adapters.channels.webchat.sites import Sites, origin_of, own_origin
from relevo.adapters.channels.webchat.store import Site
from relevo.conversations.files import ENDINGS, MAX_FILE, SHOWN_INLINE
from relevo.kit.errors import Invalid, NotFound
from relevo.texts import Texts

OPEN = {"x-open": "the chat's page and script: they know no visitor"}
SLOT = '<script type="application/json" id="config">{}</script>'
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {socket}; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
NOBODY = "default-src 'none'; base-uri 'none'; form-action 'none'"
TYPES = sorted(kind for kind in ENDINGS if kind in SHOWN_INLINE or kind.startswith("audio/"))


class Pages:
    def __init__(self, sites: Sites, texts: Texts, folder: Path, *, calls: bool, letters: bool) -> None:
        self._sites = sites
        self._texts = texts
        self._folder = folder
        self._calls = calls
        self._letters = letters

    def script(self) -> Response:
        file = self._folder / "widget.js"
        if not file.is_file():
            raise NotFound("no_widget")
        return FileResponse(
            file,
            media_type="text/javascript",
            headers={
                "cache-control": "public, max-age=300",
                "access-control-allow-origin": "*",
                "cross-origin-resource-policy": "cross-origin",
            },
        )

    async def frame(self, key: str, origin: str, own: str) -> Response:
        """The chat as it stands in a page of ``origin``, and nowhere else."""
        site = await self._sites.get(key)
        try:
            exact = origin if origin == own else origin_of(origin)
        except Invalid:
            exact = ""
        if site is None or not self._sites.may_show(site, exact, own):
            return self._elsewhere()
        return self._page(site, exact, own, ancestors=exact)

    async def alone(self, key: str, own: str) -> Response:
        site = await self._sites.get(key)
        if site is None:
            raise NotFound("no_site")
        return self._page(site, None, own, ancestors="'none'")

    def _elsewhere(self) -> Response:
        said = html.escape(self._texts.say("webchat.not_here"))
        page = f"<!doctype html><meta charset=utf-8><title>Chat</title><p>{said}</p>"
        return HTMLResponse(page, 403, headers={"content-security-policy": NOBODY, "cache-control": "no-store"})

    def _page(self, site: Site, origin: str | None, own: str, *, ancestors: str) -> Response:
        file = self._folder / "widget" / "frame.html"
        if not file.is_file():
            raise NotFound("no_widget")
        config: dict[str, Any] = {
            "key": site.key,
            "embed": self._sites.embed(site, origin or own),
            "origin": origin,
            "name": site.name,
            "locale": self._texts.locale,
            "call": self._calls,
            "voice_notes": "audio/webm" in ENDINGS,
            "transcript": self._letters,
            "upload": {"max_mb": MAX_FILE // 1_000_000, "types": TYPES},
        }
        # Within a script element only its end could begin something else.
        data = json.dumps(config, ensure_ascii=True).replace("<", "\\u003c")
        made = file.read_text(encoding="utf-8").replace(SLOT, SLOT.replace("{}", data))
        socket = "ws" + own.removeprefix("http")
        headers = {
            "content-security-policy": POLICY.format(socket=socket, ancestors=ancestors),
            "cache-control": "no-store",
            "referrer-policy": "strict-origin",
            "x-robots-tag": "noindex",
        }
        return HTMLResponse(made, headers=headers)


def router(pages: Pages, public_url: str) -> APIRouter:
    routes = APIRouter(tags=["webchat"])

    @routes.get("/widget.js", openapi_extra=dict(OPEN))
    async def script() -> Response:
        return pages.script()

    @routes.get("/widget/frame", openapi_extra=dict(OPEN))
    async def frame(request: Request, key: str = "default", origin: str = "") -> Response:
        return await pages.frame(key, origin, own_origin(request, public_url))

    @routes.get("/chat/{key}", openapi_extra=dict(OPEN))
    async def alone(key: str, request: Request) -> Response:
        return await pages.alone(key, own_origin(request, public_url))

    return routes
