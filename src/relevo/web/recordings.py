"""HTTP of recordings, for those who may hear them: searching, what is known of one, and links to its sound.

A link is signed, lives for minutes and leads to a permission on record; it needs no session, because players and
downloads send none. The sound is found by opaque ids only, never by a path.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from relevo.calls.archive import Archive, Sounding
from relevo.calls.rules import EndReason
from relevo.calls.rules.recordings import Search
from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden, Invalid
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

Words = Annotated[str, Query(max_length=200)]
_ACCESS = re.compile(r"acc_[0-9a-z]{1,40}")


class Wish(BaseModel):
    """In which form somebody wants to hear or keep a recording."""

    model_config = ConfigDict(extra="forbid")
    format: Literal["opus", "wav"] = "opus"
    rate: Literal[8000, 16000, 44100] = 8000
    download: bool = False
    reason: str = Field("", max_length=200)


def router(
    db: Database, archive: Archive, gate: Gate, signer: LinkSigner, clock: Clock, public_url: str, zone: ZoneInfo
) -> APIRouter:
    routes = APIRouter(tags=["recordings"])
    Listener = Annotated[Staff, Depends(gate.require(Action.HEAR_RECORDINGS))]

    @routes.get("/api/recordings")
    async def listing(
        staff: Listener,
        text: Words = "",
        person: Words = "",
        number: Words = "",
        result: EndReason | None = None,
        since: Annotated[str, Query(alias="from", max_length=40)] = "",
        until: Annotated[str, Query(alias="to", max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        before: Words = "",
    ) -> dict[str, Any]:
        search = Search(
            text=text, person=person, number=number, result=result, since=moment(since, zone),
            until=moment(until, zone, end=True),
        )  # fmt: skip
        async with db.read() as session:
            found, following = await archive.find(session, search, limit=limit, before=before or None, viewer=staff)
            return {"items": await archive.list_json(session, found), "next": following}

    @routes.get("/api/recordings/{recording_id}")
    async def one(recording_id: str, staff: Listener) -> dict[str, Any]:
        async with db.read() as session:
            found = await archive.as_json(session, await archive.get(session, recording_id))
        gate.saw(staff, "recording_read", recording_id)
        return found

    @routes.get("/api/recordings/{recording_id}/peaks")
    async def peaks(
        recording_id: str, _staff: Listener, points: Annotated[int, Query(ge=1, le=4_000)] = 800
    ) -> dict[str, Any]:
        return await archive.peaks(recording_id, points)

    @routes.get("/api/recordings/{recording_id}/accesses")
    async def accesses(recording_id: str, _staff: Listener) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await archive.accesses_json(session, recording_id)}

    @routes.post("/api/recordings/{recording_id}/link")
    async def link(recording_id: str, staff: Listener, wish: Wish | None = None) -> dict[str, Any]:
        wish = wish or Wish()
        access = await archive.grant(
            recording_id, staff, format=wish.format, rate=wish.rate, download=wish.download, reason=wish.reason
        )
        what = "recording_downloaded" if wish.download else "recording_heard"
        gate.saw(staff, what, recording_id, how=access.reason, details={"reason": access.reason, "format": wish.format})
        expires = clock.now() + timedelta(seconds=signer.seconds)
        return {"url": f"{public_url}/recordings/{signer.sign(access.id)}", "expires_at": iso(expires)}

    @routes.get("/recordings/{signed}", openapi_extra={"x-open": "the link is signed and lives for minutes"})
    async def hear(signed: str) -> FileResponse:
        access_id = signer.check(signed)
        if access_id is None or not _ACCESS.fullmatch(access_id):
            raise Forbidden("link_expired")
        return Sent(await archive.sounding(access_id))

    return routes


class Sent(FileResponse):
    """A recording on its way, whole or by ranges; what was made for this answer goes when it is over."""

    def __init__(self, sounding: Sounding) -> None:
        self._made = sounding.path if sounding.temporary else None
        super().__init__(
            sounding.path,
            media_type=sounding.media_type,
            headers={
                "cache-control": "private, no-store",
                "content-disposition": disposition(sounding.name, attachment=sounding.attachment),
            },
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._made is not None:
                await run_in_threadpool(self._made.unlink, missing_ok=True)


def disposition(name: str, *, attachment: bool) -> str:
    """RFC 6266 with the name as RFC 5987 writes it, and plain for those who cannot read that."""
    plain = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in name)
    kind = "attachment" if attachment else "inline"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def moment(written: str, zone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """A day or a time as it stands in a search; a day means all of it, where the business is. Raises ``Invalid``."""
    if not written:
        return None
    try:
        if len(written) == len("2026-11-21"):
            day = date.fromisoformat(written) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid("malformed") from error
