"""The HTTP of the loopback WhatsApp: the parts of Meta's Graph API that a business uses, as an ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from relevo.adapters.channels.loopback_meta.faults import Fault, Faults
from relevo.adapters.channels.loopback_meta.hooks import Hooks
from relevo.adapters.channels.loopback_meta.people import Bubble, Customer, World, new_id
from relevo.adapters.channels.loopback_meta.rules import Bad, check

LIMITS = {"image": 5_000_000, "audio": 16_000_000, "video": 16_000_000, "text": 100_000_000, "application": 100_000_000}
UPLOADED = (
    "audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus", "application/pdf", "text/plain",
    "application/msword", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/3gpp",
)  # fmt: skip
PAGE = 25


class Graph:
    def __init__(self, world: World, faults: Faults, hooks: Hooks, token: str) -> None:
        self.world = world
        self.faults = faults
        self.hooks = hooks
        self._token = token
        self.requests: deque[tuple[str, str]] = deque(maxlen=100_000)
        """(method, path) of what was asked."""
        route = "/v{version:float}"
        self.app = Starlette(
            routes=[
                Route(f"{route}/{{id}}/messages", self._guarded(self._messages), methods=["POST"]),
                Route(f"{route}/{{id}}/media", self._guarded(self._upload), methods=["POST"]),
                Route(f"{route}/{{id}}/message_templates", self._guarded(self._templates)),
                Route(f"{route}/{{id}}/subscribed_apps", self._guarded(self._subscribed), methods=["GET", "POST"]),
                Route(f"{route}/debug_token", self._guarded(self._debug)),
                Route(f"{route}/{{id}}", self._guarded(self._node), methods=["GET", "DELETE"]),
                Route("/files/{token}", self._guarded(self._file)),
            ]
        )

    def _guarded(self, run: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            self.requests.append((request.method, request.url.path))
            if self.faults.slow:
                await asyncio.sleep(self.faults.slow)
            if self.faults.down:
                return Response("<h1>503</h1>", 503, media_type="text/html")
            if request.headers.get("authorization") != f"Bearer {self._token}":
                return _error(190, "Invalid OAuth access token", 401)
            try:
                return await run(request)
            except Bad as bad:
                return _error(bad.code, bad.details, bad.status)

        return guarded

    async def _messages(self, request: Request) -> Response:
        body = await self._json(request)
        if body.get("status") == "read":
            return self._read(body)
        if request.path_params["id"] != self.world.number_id:
            raise Bad(100, "Unsupported post request", 400)
        fault = self.faults.sends.popleft() if self.faults.sends else None
        if isinstance(fault, int):
            raise Bad(fault, "as it was told to")
        if fault in ("500", "429", "hang_up"):
            return _fault(fault)
        check(body, self.world.templates)
        to = str(body.get("to") or "").removeprefix("+")
        if to in self.faults.deaf:
            raise Bad(131030, "Recipient phone number not in allowed list")
        customer = self.world.reached_by(to or None, body.get("recipient"))
        if customer is None:
            raise Bad(131026, "Message undeliverable")
        id_ = self._accept(body, customer)
        if fault is not None:
            if fault == "slow_done":
                await asyncio.sleep(max(self.faults.slow, 0.5))
            return _fault(fault)
        contact = {
            "input": body.get("to") or body.get("recipient"),
            "wa_id": customer.number,
            "user_id": customer.user_id,
        }
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id_}]}
        return JSONResponse(answer)

    def _accept(self, body: Mapping[str, Any], customer: Customer) -> str:
        id_ = new_id()
        opaque = body.get("biz_opaque_callback_data")
        kept = {key: value for key, value in body.items() if key not in ("messaging_product", "recipient_type")}
        self.world.sent.append({"id": id_, "customer": customer.number, **kept})
        code = self.faults.fails.popleft() if self.faults.fails else None
        if code is None and self.faults.closed and body["type"] != "template" and not self.world.is_open(customer):
            code = 131047
        if code is not None:
            self.status(customer, id_, "failed", opaque, code=code)
            return id_
        customer.typing = False
        customer.thread.append(
            Bubble(id_, self.world.now(), False, {key: body[key] for key in ("type", body["type"])}, opaque)
        )
        self.status(customer, id_, "sent", opaque)
        self.status(customer, id_, "delivered", opaque)
        return id_

    def status(
        self, customer: Customer, id_: str, reached: str, opaque: str | None, *, code: int | None = None
    ) -> None:
        if self.faults.silent:
            return
        status: dict[str, Any] = {
            "id": id_, "status": reached, "timestamp": self.stamp(), "recipient_user_id": customer.user_id,
        }  # fmt: skip
        if not customer.hides_number:
            status["recipient_id"] = customer.number
        if opaque:
            status["biz_opaque_callback_data"] = opaque
        if code is not None:
            status["errors"] = [{"code": code, "title": "failed", "error_data": {"details": "failed"}}]
        self.hooks.tell({"statuses": [status]})

    def stamp(self) -> str:
        return str(int(self.world.now().timestamp()))

    def _read(self, body: Mapping[str, Any]) -> Response:
        for customer in self.world.customers.values():
            if any(each.mine and each.id == body.get("message_id") for each in customer.thread):
                customer.seen.add(str(body["message_id"]))
                customer.typing = "typing_indicator" in body
                return JSONResponse({"success": True})
        raise Bad(100, "unknown message_id")

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            file, declared = form.get("file"), str(form.get("type") or "")
            if not isinstance(file, UploadFile) or form.get("messaging_product") != "whatsapp":
                raise Bad(100, "file and messaging_product are required")
            content = await file.read()
            if declared not in UPLOADED:
                raise Bad(100, f"Param file must be a file with one of the following types: {', '.join(UPLOADED)}")
            if len(content) > LIMITS.get(declared.split("/")[0], 0):
                raise Bad(131053, "file type or size not supported")
            return JSONResponse({"id": self.world.keep(content, declared, file.filename or "")})

    async def _node(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        if id_ == self.world.number_id:
            return JSONResponse(
                {
                    "id": id_, "display_phone_number": self.world.display, "verified_name": "Hotel Mirador",
                    "quality_rating": "GREEN", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
                    "throughput": {"level": "STANDARD"}, "status": "CONNECTED",
                }
            )  # fmt: skip
        file = self.world.files.get(id_)
        if file is None:
            raise Bad(100, "Object does not exist", 404)
        if request.method == "DELETE":
            del self.world.files[id_]
            return JSONResponse({"success": True})
        base = str(request.base_url).rstrip("/")
        if self.faults.elsewhere:
            base = f"{urlsplit(base).scheme}://{self.faults.elsewhere}"
        url = f"{base}/files/{self.world.link(id_)}"
        return JSONResponse(
            {
                "messaging_product": "whatsapp", "url": url, "mime_type": file.media_type, "sha256": file.sha256,
                "file_size": len(file.content), "id": id_,
            }
        )  # fmt: skip

    async def _file(self, request: Request) -> Response:
        file = self.world.opened(request.path_params["token"])
        if self.faults.expired > 0:
            self.faults.expired -= 1
            file = None
        if file is None:
            return JSONResponse({"error": {"message": "expired"}}, 404)
        content = file.content
        if self.faults.damaged > 0:
            self.faults.damaged -= 1
            content = content[:-1] + b"?"
        return Response(content, media_type=file.media_type)

    async def _templates(self, request: Request) -> Response:
        if request.path_params["id"] != self.world.waba_id:
            raise Bad(100, "Object does not exist", 404)
        begin = int(request.query_params.get("after") or 0)
        size = min(int(request.query_params.get("limit") or PAGE), PAGE)
        some, left = self.world.templates[begin : begin + size], len(self.world.templates) - begin - size
        paging: dict[str, Any] = {"cursors": {"after": str(begin + size)}}
        if left > 0:
            paging["next"] = f"{request.url}&after={begin + size}"
        return JSONResponse({"data": some, "paging": paging})

    async def _subscribed(self, request: Request) -> Response:
        if request.path_params["id"] != self.world.waba_id:
            raise Bad(100, "Object does not exist", 404)
        if request.method == "POST":
            self.world.subscribed = True
            return JSONResponse({"success": True})
        app = {"whatsapp_business_api_data": {"id": "1", "name": "Relevo", "link": ""}}
        return JSONResponse({"data": [app] if self.world.subscribed else []})

    async def _debug(self, request: Request) -> Response:
        good = request.query_params.get("input_token") == self._token
        until = int((self.world.now().astimezone(UTC) + timedelta(days=60)).timestamp())
        scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
        return JSONResponse({"data": {"is_valid": good, "expires_at": until, "scopes": scopes, "app_id": "1"}})

    async def _json(self, request: Request) -> dict[str, Any]:
        try:
            body = json.loads(await request.body())
        except ValueError:
            raise Bad(100, "Invalid JSON") from None
        if not isinstance(body, dict):
            raise Bad(100, "Invalid JSON")
        return body


def _error(code: int, details: str, status: int) -> Response:
    error = {
        "message": f"(#{code}) {details}", "type": "OAuthException", "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": "loopback",
    }  # fmt: skip
    return JSONResponse({"error": error}, status)


class _HangUp(Response):
    """More is announced than comes: the connection ends in the middle."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.raw_headers = [(b"content-length", b"999")]


def _fault(fault: Fault) -> Response:
    match fault:
        case "hang_up" | "hang_up_done" | "slow_done":
            return _HangUp()
        case "garbage_done":
            return Response("<b>Warning</b>", media_type="text/html")
        case "429":
            return Response("", 429, headers={"retry-after": "1"})
    return Response("", 500)
