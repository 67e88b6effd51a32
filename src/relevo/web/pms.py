"""HTTP about the PMS, for staff: what differs between it and what is known here."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from relevo.bookings.mirror import Mirror
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


def router(mirror: Mirror, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/pms", tags=["pms"])

    @routes.get("/discrepancies")
    async def discrepancies(_staff: Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]) -> dict[str, Any]:
        return await mirror.report()

    return routes
