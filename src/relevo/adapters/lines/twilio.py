"""Twilio Programmable Voice: signed webhooks, the media stream, outbound calls over REST.

Nothing is believed without Twilio's signature over the public address; without an auth token everything is refused. A
stream is let in once, by a token that only the TwiML of its own call carries. Which turn the talk takes is decided in
``calls``; takeover never touches the carrier.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any, Literal
from weakref import WeakValueDictionary

import httpx
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from starlette.websockets import WebSocket
from twilio.twiml.voice_response import VoiceResponse

from relevo.adapters.lines.asgi import carry
from relevo.adapters.lines.media_stream import Admit, Admitted, Start, StreamLine
from relevo.adapters.twilio.rest import Rest, Unanswered
from relevo.adapters.twilio.signed import SIGNED, Form, SignedForms
from relevo.calls.ports import LineListener
from relevo.calls.rules import Call, CallStatus, Direction, EndReason
from relevo.calls.service import Calls, Ringing
from relevo.kit import log, phone
from relevo.kit.errors import Conflict, Invalid, NotFound, NotReady, ProviderError
from relevo.kit.ids import Ids
from relevo.people.rules import Identity, IdentityKind
from relevo.texts import Texts

_log = log.get("lines.twilio")

NAME = "twilio"
INCOMING = "/twilio/voice/incoming"
STATUS = "/twilio/voice/status"
STREAM = "/outbound-media-stream"
RING_SECONDS = 45
SAY_LANGUAGE = "es-MX"
"""Of the carrier's own voice, where ours is not there to speak."""

_SID = re.compile(r"[A-Za-z0-9_-]{2,64}")
_STATUSES: dict[str, tuple[CallStatus, EndReason | None]] = {
    "queued": (CallStatus.RINGING, None),
    "initiated": (CallStatus.RINGING, None),
    "ringing": (CallStatus.RINGING, None),
    "in-progress": (CallStatus.ACTIVE, None),
    "completed": (CallStatus.ENDED, EndReason.COMPLETED),
    "busy": (CallStatus.ENDED, EndReason.BUSY),
    "no-answer": (CallStatus.ENDED, EndReason.NO_ANSWER),
    "failed": (CallStatus.ENDED, EndReason.FAILED),
    "canceled": (CallStatus.ENDED, EndReason.CANCELED),
}


class Settings(BaseModel):
    """What the owner fills in to use a Twilio account."""

    model_config = ConfigDict(extra="forbid")
    account_sid: str = ""
    auth_token: SecretStr = SecretStr("")
    phone_number: str = ""
    byoc_trunk_sid: str = ""
    default_to_number: str = ""
    rest_url: str = "https://api.twilio.com"
    public_url: str = "http://localhost:8000"
    country: str = "AR"
    locale: str = "es"


class OutboundCall(BaseModel):
    model_config = ConfigDict(extra="forbid")
    user_name: str = Field("", max_length=120)
    to_number: str = Field("", max_length=40)
    voice_id: str | None = Field(None, max_length=80)
    voice_name: str | None = Field(None, max_length=80)
    sessionId: str | None = Field(None, min_length=1, max_length=120)  # noqa: N815 - the name callers use
    purpose: Literal["service", "reminder", "survey", "commercial"] = "service"


class EndCall(BaseModel):
    model_config = ConfigDict(extra="forbid")
    callSid: str = Field(max_length=64)  # noqa: N815 - the name callers use
    sessionId: str | None = Field(None, max_length=120)  # noqa: N815 - the name callers use


class Door:
    """Tells Twilio's requests from anybody else's, and makes the TwiML that leads a call to our socket."""

    def __init__(self, settings: Settings) -> None:
        self._texts = Texts(settings.locale)
        self._public = settings.public_url.rstrip("/")
        self._key = settings.auth_token.get_secret_value()
        self.forms = SignedForms(settings.public_url, [self._key])

    def token(self, call_id: str) -> str:
        """Good once: a call is connected only while it rings."""
        what = f"stream {call_id}".encode(errors="replace")
        return hmac.new(self._key.encode(), what, hashlib.sha256).hexdigest()

    def opens(self, call_id: str, token: str) -> bool:
        wanted, given = self.token(call_id).encode(), token.encode(errors="replace")
        return bool(self._key) and hmac.compare_digest(wanted, given)

    def twiml(self, call_id: str) -> str:
        response = VoiceResponse()
        stream = response.connect().stream(url=f"{self._public.replace('http', 'ws', 1)}{STREAM}")
        stream.parameter(name="call", value=call_id)
        stream.parameter(name="token", value=self.token(call_id))
        response.hangup()
        return str(response)

    def busy(self) -> str:
        """Said by the carrier when all our lines are taken."""
        response = VoiceResponse()
        response.say(self._texts.say("calls.lines_busy"), language=SAY_LANGUAGE)
        response.hangup()
        return str(response)

    def status_url(self, call_id: str) -> str:
        """Names our call, for the case that the carrier's answer with its own id is lost."""
        return f"{self._public}{STATUS}?call={call_id}"


class Telephones:
    """The few REST calls that telephone calls need."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        token = settings.auth_token.get_secret_value()
        self.rest = Rest(client, sid=settings.account_sid, token=token, base=settings.rest_url)

    async def place(self, *, to: str, twiml: str, status_url: str) -> str:
        """Ask for a call; answers its CallSid."""
        form: dict[str, Any] = {
            "To": to,
            "From": self._settings.phone_number,
            "Twiml": twiml,
            "Timeout": str(RING_SECONDS),
            "StatusCallback": status_url,
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        }
        if self._settings.byoc_trunk_sid:
            form["Byoc"] = self._settings.byoc_trunk_sid
        answer = await self.rest.post("Calls.json", form)
        sid = answer.get("sid")
        if not isinstance(sid, str):
            raise NotReady("carrier_unavailable")
        return sid

    async def end(self, external_id: str) -> None:
        try:
            await self.rest.post(f"Calls/{external_id}.json", {"Status": "completed"})
        except NotFound:
            _log.info("the carrier had ended the call already")


def stream_door(calls: Calls, settings: Settings) -> Admit:
    """Lets in the stream of a call that rings, once, by the token of its TwiML."""
    door = Door(settings)
    return lambda start: _admit(calls, door, start)


def router(
    calls: Calls,
    settings: Settings,
    client: httpx.AsyncClient,
    ids: Ids,
    *,
    may_place_calls: Callable[..., Awaitable[Any]],
) -> APIRouter:
    """Twilio's doors and the outbound API. ``may_place_calls`` is the dependency that lets staff through."""
    routes = APIRouter()
    door, rest = Door(settings), Telephones(settings, client)
    calls.use_carrier(NAME, rest)
    admit = stream_door(calls, settings)
    placing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
    unsure: set[str] = set()
    placer = Depends(may_place_calls)

    @routes.post(INCOMING, openapi_extra=SIGNED)
    async def incoming(request: Request) -> Response:
        form = await door.forms.read(request)
        sid = _sid(form)
        if not calls.here.has_room(NAME):
            return Response(door.busy(), media_type="text/xml")
        call = await calls.ring(
            Ringing(
                NAME,
                from_=form.get("From", ""),
                to=form.get("To", ""),
                identities=_identities(form.get("From", ""), settings.country),
                external_id=sid,
            )
        )
        return Response(door.twiml(call.id), media_type="text/xml")

    @routes.post(STATUS, openapi_extra=SIGNED)
    async def status(request: Request) -> Response:
        form = await door.forms.read(request)
        if "AnsweredBy" in form:
            await calls.answered_by(_sid(form), form["AnsweredBy"])
        reported = _STATUSES.get(form.get("CallStatus", ""))
        if reported is not None and not await calls.report(sid := _sid(form), *reported):
            ours = request.query_params.get("call", "")
            if ours and await calls.adopt(ours, sid):
                await calls.report(sid, *reported)
        return Response(status_code=204)

    @routes.websocket(STREAM)
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await carry(socket, admit)

    @routes.post("/outbound-call", status_code=201, dependencies=[placer])
    async def outbound_call(body: OutboundCall) -> dict[str, Any]:
        number = phone.e164(body.to_number or settings.default_to_number, settings.country)
        if number is None:
            raise Invalid("bad_number")
        session_id = body.sessionId or ids.new("ses")
        lock = placing.setdefault(session_id, asyncio.Lock())
        async with lock:
            call = await calls.ring(
                Ringing(
                    NAME,
                    from_=settings.phone_number,
                    to=number,
                    identities=_identities(number, settings.country),
                    direction=Direction.OUTBOUND,
                    session_id=session_id,
                    name=body.user_name or None,
                    purpose=body.purpose,
                )
            )
            if call.to != number:
                raise Conflict("session_of_another_number")
            if call.external_id is None and call.id in unsure and call.status is CallStatus.RINGING:
                # The telephone may be ringing: asking again could call the customer twice.
                raise NotReady("carrier_unavailable")
            unsure.discard(call.id)
            try:
                sid = call.external_id or await _place(calls, call, door, rest)
            except Unanswered:
                unsure.add(call.id)
                raise
        return {"callSid": sid, "sessionId": session_id, "conversation_id": call.conversation_id}

    @routes.post("/end-call")
    async def end_call(body: EndCall, staff: Any = placer) -> dict[str, Any]:
        call = await calls.by_external(body.callSid)
        if call is None or (body.sessionId and call.session_id not in (None, body.sessionId)):
            raise NotFound("no_call")
        call = await calls.hang_up(call.id, staff=staff)
        return {"callSid": body.callSid, "status": call.status.value}

    return routes


async def _place(calls: Calls, call: Call, door: Door, rest: Telephones) -> str:
    if call.status is CallStatus.ENDED:
        await calls.ring_again(call.id)
    try:
        sid = await rest.place(to=call.to, twiml=door.twiml(call.id), status_url=door.status_url(call.id))
    except Unanswered:
        raise
    except (ProviderError, NotFound):
        await calls.ended(call.id, EndReason.FAILED)
        raise
    await calls.name_outside(call.id, sid)
    return sid


async def _admit(calls: Calls, door: Door, start: Start) -> Admitted | None:
    call_id = start.parameters.get("call", "")
    if not door.opens(call_id, start.parameters.get("token", "")):
        _log.warning("a media stream came with a wrong token")
        return None
    named = await calls.by_external(start.call)
    if named is not None and named.id != call_id:
        _log.warning("a media stream came with another call's token")
        return None
    if named is None and not await calls.adopt(call_id, start.call):
        return None

    async def connect(line: StreamLine) -> LineListener:
        return await calls.connect(call_id, line)

    return StreamLine(NAME, start.stream), connect


def _sid(form: Form) -> str:
    sid = form.get("CallSid", "")
    if not _SID.fullmatch(sid):
        raise Invalid("bad_form")
    return str(sid)


def _identities(number: str, country: str) -> list[Identity]:
    """Nobody in particular for a withheld number."""
    known = phone.identity(number, country)
    return [Identity(IdentityKind.PHONE, known)] if known else []
