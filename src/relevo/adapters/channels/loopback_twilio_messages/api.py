"""The REST of the loopback Twilio: messages, their media, contents and senders, with its own ways of refusing.

A file is behind a redirection to an address that wants no password, and refuses who brings one.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from relevo.adapters.channels.loopback_twilio_messages.faults import Faults
from relevo.adapters.channels.loopback_twilio_messages.shelf import Kept, Shelf

Handler = Callable[[Request], Awaitable[Response]]
_VARIABLE = re.compile(r"{{(\w+)}}")
LONGEST = 1_600


class LoopbackMessages:
    """One account. ``app`` is its REST."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        faults: Faults | None = None,
    ) -> None:
        self.account_sid = account_sid
        self.token = auth_token
        self.faults = faults or Faults()
        self.shelf = Shelf(now)
        self.requests: list[tuple[str, str]] = []
        """(method, path) of everything that was asked."""
        self.cdn: dict[str, tuple[str, bytes]] = {}
        account = f"/2010-04-01/Accounts/{account_sid}"
        media = f"{account}/Messages/{{sid}}/Media"
        self.app = Starlette(
            routes=[
                self._route(f"{account}.json", self._account),
                self._route(f"{account}/Messages.json", self._send, "POST"),
                self._route(f"{account}/Messages.json", self._list),
                self._route(f"{account}/Messages/{{sid}}.json", self._one),
                self._route(f"{media}.json", self._media),
                self._route(f"{media}/{{media}}", self._file),
                self._route(f"{media}/{{media}}", self._delete, "DELETE"),
                self._route("/v1/Content", self._make_content, "POST"),
                self._route("/v1/Content", self._contents),
                self._route("/v1/ContentAndApprovals", self._approvals),
                self._route("/v2/Channels/Senders", self._senders),
                self._route("/v2/Indicators/Typing.json", self._type, "POST"),
                Route("/cdn/{token}", self._public),
            ]
        )

    def _route(self, path: str, handler: Handler, method: str = "GET") -> Route:
        async def guarded(request: Request) -> Response:
            self.requests.append((request.method, request.url.path))
            if self.faults.down:
                return Response("<h1>503</h1>", 503)
            if self.faults.busy:
                self.faults.busy -= 1
                named = {"retry-after": str(self.faults.retry_after)} if self.faults.retry_after else {}
                return JSONResponse({"code": 20429, "status": 429}, 429, headers=named)
            wanted = base64.b64encode(f"{self.account_sid}:{self.token}".encode()).decode()
            if not secrets.compare_digest(request.headers.get("authorization", ""), f"Basic {wanted}"):
                return error(401, 20003)
            return await handler(request)

        return Route(path, guarded, methods=[method])

    async def _account(self, _request: Request) -> Response:
        return JSONResponse({"sid": self.account_sid, "status": "active", "type": "Full"})

    async def _send(self, request: Request) -> Response:
        form = {key: each[0] for key, each in parse_qs((await request.body()).decode(), keep_blank_values=True).items()}
        to = form.get("To", "").removeprefix("whatsapp:")
        if not form.get("To", "").startswith("whatsapp:") or not form.get("From", "").startswith("whatsapp:"):
            return error(400, 21211)
        if to in self.faults.wrong_numbers:
            return error(400, self.faults.wrong_numbers[to])
        body = form.get("Body", "")
        options: tuple[tuple[str, str], ...] = ()
        if "ContentSid" in form:
            if self.faults.no_options is not None:
                return error(400, self.faults.no_options)
            filled = self._filled(form)
            if isinstance(filled, int):
                return error(400, filled)
            body, options = filled
        if len(body) > LONGEST:
            return error(400, 21617)
        if not body and not form.get("MediaUrl"):
            return error(400, 21619)
        kept = self.shelf.add(
            from_=form["From"], to=form["To"], body=body, inbound=False, status="queued",
            callback=form.get("StatusCallback", ""), media_url=form.get("MediaUrl", ""),
            content=form.get("ContentSid", ""), options=options,
        )  # fmt: skip
        if to in self.faults.unreachable:
            kept.error = self.faults.unreachable[to]
        if self.faults.lose_answers:
            self.faults.lose_answers -= 1
            return Response("", 502)
        return JSONResponse(kept.json(self.account_sid), 201)

    def _filled(self, form: dict[str, str]) -> tuple[str, tuple[tuple[str, str], ...]] | int:
        content = self.shelf.contents.get(form["ContentSid"])
        if content is None:
            return 21655
        variables = json.loads(form.get("ContentVariables") or "{}")
        if any(not value or re.search(r"[\n\t]| {5}", value) for value in variables.values()):
            return 21656

        def fill(text: str) -> str:
            return _VARIABLE.sub(lambda found: str(variables.get(found[1], "")), text)

        kind, parts = next(iter(content["types"].items()))
        body = fill(parts.get("body", ""))
        if kind == "twilio/quick-reply":
            options = tuple((fill(each["title"]), fill(each["id"])) for each in parts["actions"])
            good = len(options) <= 3 and len(body) <= 1_024 and all(len(title) <= 20 for title, _ in options)
        elif kind == "twilio/list-picker":
            options = tuple((fill(each["item"]), fill(each["id"])) for each in parts["items"])
            good = len(options) <= 10 and len(body) <= 1_024 and all(len(title) <= 24 for title, _ in options)
            good = good and len(parts["button"]) <= 20
            good = good and all(len(fill(each.get("description", ""))) <= 72 for each in parts["items"])
        else:
            options, good = (), True
        return (body, options) if good and all(len(id_) <= 200 for _, id_ in options) else 63021

    async def _list(self, request: Request) -> Response:
        asked = request.query_params
        found = [
            message
            for message in reversed(self.shelf.messages.values())
            if asked.get("To") in (None, message.to)
            and asked.get("From") in (None, message.from_)
            and message.at.date().isoformat() >= asked.get("DateSent>", "")[:10]
        ]
        size, page = int(asked.get("PageSize", "50")), int(asked.get("Page", "0"))
        shown = found[page * size : (page + 1) * size]
        more = None
        if len(found) > (page + 1) * size:
            more = f"{request.url.path}?{request.url.include_query_params(Page=page + 1).query}"
        listed = [message.json(self.account_sid) for message in shown]
        return JSONResponse({"messages": listed, "page": page, "next_page_uri": more})

    async def _one(self, request: Request) -> Response:
        kept = self._kept(request)
        return JSONResponse(kept.json(self.account_sid)) if kept else error(404, 20404)

    async def _media(self, request: Request) -> Response:
        kept = self._kept(request)
        if kept is None:
            return error(404, 20404)
        path = request.url.path.removesuffix(".json")
        listed = [
            {"sid": sid, "content_type": media_type, "uri": f"{path}/{sid}.json"}
            for sid, (media_type, _) in kept.files.items()
        ]
        return JSONResponse({"media_list": listed})

    async def _file(self, request: Request) -> Response:
        kept = self._kept(request)
        if kept is None or request.path_params["media"] not in kept.files:
            return error(404, 20404)
        if self.faults.media_late:
            self.faults.media_late -= 1
            return error(404, 20404)
        token = secrets.token_hex(8)
        self.cdn[token] = kept.files[request.path_params["media"]]
        return RedirectResponse(f"{request.base_url}cdn/{token}", 307)

    async def _delete(self, request: Request) -> Response:
        kept = self._kept(request)
        if kept is None or kept.files.pop(request.path_params["media"], None) is None:
            return error(404, 20404)
        return Response(status_code=204)

    async def _public(self, request: Request) -> Response:
        if "authorization" in request.headers or request.path_params["token"] not in self.cdn:
            return Response("<Error/>", 400)
        media_type, content = self.cdn[request.path_params["token"]]
        return Response(content, media_type=media_type)

    async def _make_content(self, request: Request) -> Response:
        given = await request.json()
        sid = self.shelf.add_content(given)
        return JSONResponse({**given, "sid": sid}, 201)

    async def _contents(self, request: Request) -> Response:
        size, page = int(request.query_params.get("PageSize", "50")), int(request.query_params.get("Page", "0"))
        found = list(self.shelf.contents.values())
        more = None
        if len(found) > (page + 1) * size:
            more = str(request.url.include_query_params(Page=page + 1))
        shown = found[page * size : (page + 1) * size]
        return JSONResponse({"contents": shown, "meta": {"next_page_url": more, "key": "contents"}})

    async def _approvals(self, _request: Request) -> Response:
        listed = [
            {**content, "approval_requests": {"status": "approved" if content["approved"] else "pending"}}
            for content in self.shelf.contents.values()
        ]
        return JSONResponse({"contents": listed, "meta": {"next_page_url": None, "key": "contents"}})

    async def _senders(self, _request: Request) -> Response:
        listed = [self.shelf.sender] if self.shelf.sender else []
        return JSONResponse({"senders": listed, "meta": {"next_page_url": None, "key": "senders"}})

    async def _type(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        self.shelf.typing += form.get("messageId", [])
        self.shelf.typed.set()
        return JSONResponse({"success": True})

    def _kept(self, request: Request) -> Kept | None:
        return self.shelf.messages.get(request.path_params["sid"])


def error(status: int, code: int) -> Response:
    return JSONResponse({"code": code, "message": "refused", "status": status}, status)
