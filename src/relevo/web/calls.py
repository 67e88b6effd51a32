"""HTTP of the calls room, for staff, and the short-lived links to recordings."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from relevo.calls.service import Calls
from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.crypto import LinkSigner
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden
from relevo.people.rules import Action, Staff, may
from relevo.web.auth import Gate


def router(db: Database, calls: Calls, gate: Gate, signer: LinkSigner, clock: Clock, public_url: str) -> APIRouter:
    routes = APIRouter(tags=["calls"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CALLS))]

    @routes.get("/api/calls")
    async def listing(_staff: Reader, status: Literal["active", "ended", "all"] = "active") -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await calls.list_json(session, await calls.listing(session, status=status))}

    @routes.get("/api/calls/{call_id}")
    async def one(call_id: str, staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            call = await calls.get(session, call_id)
            words = await calls.transcript(session, call) if may(staff, Action.SEE_CONVERSATIONS) else []
            return {**await calls.as_json(session, call), "transcript": words}

    @routes.post("/api/calls/{call_id}/hang_up")
    async def hang_up(call_id: str, staff: Annotated[Staff, Depends(gate.require(Action.HANG_UP))]) -> dict[str, Any]:
        call = await calls.hang_up(call_id, staff=staff)
        async with db.read() as session:
            return await calls.as_json(session, call)

    @routes.post("/api/recordings/{recording_id}/link")
    async def link(
        recording_id: str, _staff: Annotated[Staff, Depends(gate.require(Action.HEAR_RECORDINGS))]
    ) -> dict[str, Any]:
        await calls.recording_file(recording_id)
        expires = clock.now() + timedelta(seconds=signer.seconds)
        return {"url": f"{public_url}/recordings/{signer.sign(recording_id)}", "expires_at": iso(expires)}

    @routes.get("/recordings/{signed}", openapi_extra={"x-open": "the link is signed and lives for minutes"})
    async def hear(signed: str) -> FileResponse:
        recording_id = signer.check(signed)
        if recording_id is None:
            raise Forbidden("link_expired")
        file = await calls.recording_file(recording_id)
        return FileResponse(file, media_type="audio/wav", headers={"cache-control": "private, no-store"})

    return routes
