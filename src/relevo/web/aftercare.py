"""HTTP for staff around what is written to guests: what did not leave, what it would say, whom one may contact.

Nothing is sent from here but by the reminder's own job, which asks the rules again.
"""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.outreach.consents import Consents
from relevo.outreach.feedback import Feedbacks
from relevo.outreach.previews import Previews
from relevo.outreach.service import Reminders
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


def router(
    db: Database,
    reminders: Reminders,
    previews: Previews,
    consents: Consents,
    feedbacks: Feedbacks,
    gate: Gate,
    clock: Clock,
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["outreach"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]
    Desk = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("/reminders/unsent")
    async def unsent(staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            items = await previews.unsent(session)
        return {"items": await gate.reach.having(staff, items, "code", "code")}

    @routes.get("/reminders/{reminder_id}")
    async def preview(reminder_id: str, _staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return await previews.preview(session, reminder_id)

    @routes.post("/reminders/{reminder_id}/again")
    async def again(reminder_id: str, staff: Changer) -> dict[str, Any]:
        return await reminders.again(reminder_id, by=staff.id)

    @routes.get("/feedback/figures")
    async def figures(staff: Reader, days: Annotated[int, Query(ge=1, le=3_660)] = 90) -> dict[str, Any]:
        """Of the last ``days``."""
        async with db.read() as session:
            return await feedbacks.figures(session, clock.now() - timedelta(days=days), staff)

    @routes.get("/withdrawals")
    async def withdrawn(
        staff: Desk,
        before: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 60,
    ) -> dict[str, Any]:
        async with db.read() as session:
            items = await consents.withdrawals(session, before=before, limit=limit)
        more = items[-1]["id"] if len(items) == limit else None
        return {"items": await gate.reach.having(staff, items, "person_id", "person_id"), "next": more}

    @routes.get("/contact-check")
    async def contact_check(staff: Desk, number: Annotated[str, Query(max_length=40)]) -> dict[str, Any]:
        """Everything that ``may-contact`` would answer about a number, at once."""
        found = await consents.answers(number)
        if found["person"] is not None and not await gate.reach.having(staff, [found["person"]], "person_id", "id"):
            found["person"] = None
        return found

    return routes
