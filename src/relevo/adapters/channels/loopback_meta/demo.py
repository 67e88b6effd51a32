"""The loopback WhatsApp inside the demo hotel: its Graph API under a path of the service, and a page that is a
telephone, so that anybody can write to the hotel as a guest would. Open to whoever can see the demo; nothing leaves."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile
from starlette.types import ASGIApp, Receive, Scope, Send

from relevo.adapters.channels.loopback_meta import sound
from relevo.adapters.channels.loopback_meta.people import Bubble, Customer
from relevo.adapters.channels.loopback_meta.server import Loopback
from relevo.kit.address import counted_as
from relevo.kit.clock import Clock
from relevo.kit.errors import Invalid, NotFound, TooMany
from relevo.kit.limits import Limit
from relevo.texts import Texts

PAGE = "/demo/whatsapp"
MOST_CUSTOMERS = 500
PER_MINUTE = 60
OPEN: Mapping[str, str] = {"x-open": "the demo hotel's telephone; there only where the loopback WhatsApp is"}
FILES = {"phone.js": "text/javascript", "phone.css": "text/css"}
SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")
NUMBER = r"^[1-9]\d{9,14}$"
_HERE = resources.files("relevo.adapters.channels.loopback_meta").joinpath("page")


class Act(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str = Field(pattern=NUMBER)
    name: str = Field("", max_length=60)
    hidden: bool = False
    """Nobody sees the number, only a user name."""


class Say(Act):
    text: str = Field(min_length=1, max_length=4_096)


class Choose(Act):
    message_id: str = Field(max_length=200)
    option_id: str = Field(max_length=300)


class React(Act):
    message_id: str = Field(max_length=200)
    emoji: str = Field("", max_length=8)


class Other(Act):
    what: Literal["close_window", "location", "unsupported", "answer_from_phone"]


def router(loopback: Loopback, clock: Clock, mounted: str, business: str) -> APIRouter:
    routes = APIRouter(tags=["demo"], include_in_schema=False)
    texts, world, phones = Texts("es"), loopback.world, loopback.phones
    limit = Limit(clock, PER_MINUTE)

    def who(request: Request, act: Act) -> Customer:
        limit.use(counted_as(request.client.host if request.client else None))
        if act.number not in world.customers and len(world.customers) >= MOST_CUSTOMERS:
            raise TooMany("slow_down")
        customer = world.customer(act.number, act.name)
        customer.name, customer.hides_number = act.name or customer.name, act.hidden
        customer.username = f"huesped_{act.number[-4:]}" if act.hidden else ""
        return customer

    @routes.get(PAGE, openapi_extra=dict(OPEN))
    async def page() -> Response:
        return Response(
            _page(texts, business), media_type="text/html; charset=utf-8", headers={"cache-control": "no-cache"}
        )

    @routes.get(f"{PAGE}/{{name}}", openapi_extra=dict(OPEN))
    async def part(name: str) -> Response:
        if name not in FILES:
            raise NotFound("not_found")
        return Response(
            _HERE.joinpath(name).read_text(), media_type=f"{FILES[name]}; charset=utf-8",
            headers={"cache-control": "no-cache"},
        )  # fmt: skip

    @routes.get(f"{PAGE}/api/thread", openapi_extra=dict(OPEN))
    async def thread(number: Annotated[str, Query(pattern=NUMBER)], seen: bool = False) -> dict[str, Any]:
        customer = world.customers.get(number)
        if customer is None:
            return {"bubbles": [], "typing": False, "open": True}
        if seen:
            phones.read(customer)
        return {
            "bubbles": [_bubble(loopback, customer, each) for each in customer.thread[-200:]],
            "typing": customer.typing,
            "open": world.is_open(customer),
        }

    @routes.post(f"{PAGE}/api/say", openapi_extra=dict(OPEN))
    async def say(body: Say, request: Request) -> dict[str, str]:
        return {"id": phones.say(who(request, body), body.text)}

    @routes.post(f"{PAGE}/api/choose", openapi_extra=dict(OPEN))
    async def choose(body: Choose, request: Request) -> dict[str, str]:
        try:
            return {"id": phones.choose(who(request, body), body.message_id, body.option_id)}
        except (LookupError, StopIteration):
            raise NotFound("not_found") from None

    @routes.post(f"{PAGE}/api/react", openapi_extra=dict(OPEN))
    async def react(body: React, request: Request) -> dict[str, str]:
        return {"id": phones.react(who(request, body), body.message_id, body.emoji)}

    @routes.post(f"{PAGE}/api/other", openapi_extra=dict(OPEN))
    async def other(body: Other, request: Request) -> dict[str, str]:
        customer = who(request, body)
        match body.what:
            case "close_window":
                phones.wait_a_day(customer)
                return {}
            case "location":
                return {"id": phones.locate(customer, -32.9478, -60.6303)}
            case "unsupported":
                return {"id": phones.send(customer, {"type": "unsupported", "errors": [{"code": 131051}]})}
        return {"id": phones.answer_from_phone(customer, texts.say("demo.whatsapp.from_phone"))}

    @routes.post(f"{PAGE}/api/file", openapi_extra=dict(OPEN))
    async def file(request: Request) -> dict[str, str]:
        async with request.form(max_files=1, max_fields=6) as form:
            sent = form.get("file")
            fields = {key: str(form.get(key) or "") for key in ("number", "name", "text", "voice", "hidden")}
            if not isinstance(sent, UploadFile) or not re.fullmatch(NUMBER, fields["number"]):
                raise Invalid("malformed")
            content, media_type = await sent.read(), (sent.content_type or "").split(";")[0]
        act = Act(number=fields["number"], name=fields["name"][:60], hidden=fields["hidden"] == "1")
        if fields["voice"]:
            # Telephones record Opus in Ogg; browsers put the same sound into another box.
            content, media_type = await asyncio.to_thread(sound.boxed_as_ogg, content), "audio/ogg; codecs=opus"
        id_ = phones.send_file(
            who(request, act), content, media_type or "application/octet-stream", name=(sent.filename or "")[:100],
            voice=bool(fields["voice"]), text=fields["text"][:1_000],
        )  # fmt: skip
        return {"id": id_}

    @routes.get(f"{PAGE}/api/files/{{file_id}}", openapi_extra=dict(OPEN))
    async def kept(file_id: str) -> Response:
        found = world.files.get(file_id)
        if found is None:
            raise NotFound("not_found")
        shown = found.media_type.startswith(SHOWN)
        return Response(
            found.content,
            media_type=found.media_type if shown else "application/octet-stream",
            headers={
                "content-security-policy": "default-src 'none'; sandbox",
                "content-disposition": "inline" if shown else "attachment",
                "cache-control": "private, no-store",
            },
        )

    @routes.api_route(f"{mounted}/{{path:path}}", methods=["GET", "POST", "DELETE"], openapi_extra=dict(OPEN))
    async def graph(path: str) -> Response:  # noqa: ARG001 - the application below routes by itself
        return _Through(loopback.graph.app, mounted)

    return routes


class _Through(Response):
    """The answer of another application, which is told where it is mounted."""

    def __init__(self, app: ASGIApp, mounted: str) -> None:
        super().__init__()
        self._app = app
        self._mounted = mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "root_path": self._mounted, "path_params": {}}, receive, send)


def _page(texts: Texts, business: str) -> str:
    """The page with its sentences; those that the script needs come beside it."""
    words = {key: texts.say(f"demo.whatsapp.{key}") for key in SENTENCES}
    words |= {"business": business, "initial": business[:1].upper()}
    filled = re.sub(
        r"\{\{(\w+)\}\}",
        lambda found: html.escape(words[found[1]]),
        _HERE.joinpath("phone.html").read_text(),
    )
    data = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return filled.replace("@words@", data)


def _bubble(loopback: Loopback, customer: Customer, bubble: Bubble) -> dict[str, Any]:
    kind = str(bubble.body["type"])
    of = bubble.body.get(kind) or {}
    file = loopback.world.files.get(str(of.get("id"))) if isinstance(of, dict) else None
    made: dict[str, Any] = {
        "id": bubble.id, "at": bubble.at.isoformat(), "mine": bubble.mine, "type": kind,
        "text": _text(loopback, kind, of), "seen": bubble.id in customer.seen,
    }  # fmt: skip
    if file is not None:
        made["file"] = {
            "url": f"{PAGE}/api/files/{of['id']}", "type": file.media_type.split(";")[0],
            "name": str(of.get("filename") or file.name),
        }  # fmt: skip
    if kind == "interactive" and not bubble.mine:
        made["options"] = _options(of)
        made["list"] = of["action"].get("button", "")
    return made


def _text(loopback: Loopback, kind: str, of: Mapping[str, Any]) -> str:
    match kind:
        case "text":
            return str(of["body"])
        case "interactive" if "body" in of:
            return str(of["body"]["text"])
        case "interactive":
            return str(of[of["type"]]["title"])
        case "template":
            return _filled(loopback, of)
        case "reaction":
            return str(of.get("emoji") or "")
        case "location":
            return f"{of['latitude']}, {of['longitude']}"
    return str(of.get("caption") or "")


def _filled(loopback: Loopback, of: Mapping[str, Any]) -> str:
    known = next(
        each for each in loopback.world.templates
        if (each["name"], each["language"]) == (of["name"], of["language"]["code"])
    )  # fmt: skip
    text = next(part["text"] for part in known["components"] if part["type"] == "BODY")
    given = [each["text"] for part in of.get("components") or () for each in part["parameters"]]
    for number, each in enumerate(given, 1):
        text = text.replace(f"{{{{{number}}}}}", each)
    return str(text)


def _options(of: Mapping[str, Any]) -> list[dict[str, str]]:
    action = of["action"]
    rows = [each["reply"] for each in action.get("buttons", ())]
    rows += [row for section in action.get("sections", ()) for row in section["rows"]]
    return [{"id": each["id"], "title": each["title"], "more": each.get("description", "")} for each in rows]


SENTENCES = (
    "title", "about", "name", "number", "hidden", "write", "send", "attach", "record", "stop", "options_close",
    "close_window", "closed", "location", "unsupported", "answer_from_phone", "inbox", "typing", "empty", "failed",
    "no_microphone", "recording", "template", "photo", "file", "voice", "video", "unshown", "side", "react", "other",
    "online", "new_guest",
)  # fmt: skip
