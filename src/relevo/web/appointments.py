"""HTTP about appointments, for staff: days, what is free, and booking and cancelling for somebody."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.appointments.ports import Calendar, Days
from relevo.appointments.rules import Agenda, Appointment, Part
from relevo.appointments.service import appointment_json
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate
from relevo.web.guests import Guests

MOST_DAYS = 31


class NewAppointment(BaseModel):
    model_config = ConfigDict(extra="forbid")
    service: str = Field(max_length=40)
    start: datetime
    person_id: str | None = Field(None, max_length=20)
    """None: somebody by their telephone or e-mail."""
    name: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=40)
    email: str | None = Field(None, max_length=254)
    client_id: str = Field(min_length=1, max_length=64)
    """Made by the client; the same again makes no second appointment."""


OF = ("conversation_id", "conversation_id")


def router(calendar: Calendar, guests: Guests, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/appointments", tags=["appointments"])
    see, change = gate.require(Action.SEE_BOOKINGS), gate.require(Action.CHANGE_BOOKINGS)

    def shown(agenda: Agenda, made: Appointment) -> dict[str, Any]:
        return appointment_json(made, agenda.service(made.service))

    @routes.get("/agenda")
    async def agenda(_staff: Annotated[Staff, Depends(see)]) -> dict[str, Any]:
        facts = await calendar.agenda()
        return {
            "services": [
                {"code": s.code, "name": s.name, "minutes": s.minutes, "pause": s.pause, "price": s.price.amount}
                for s in facts.services
            ],
            "resources": [
                {"code": r.code, "name": r.name, "capacity": r.capacity, "services": sorted(r.services)}
                for r in facts.resources
            ],
            "hours": {
                str(day): [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]
                for day, spans in sorted(facts.hours.items())
            },
            "closed": sorted(day.isoformat() for day in facts.closed),
            "timezone": facts.timezone.key,
            "days": isinstance(calendar, Days),
            "packages": [
                {"code": p.code, "name": p.name, "sessions": p.sessions, "price": p.price.amount}
                for p in facts.packages
            ],
            "currency": facts.services[0].price.currency,
        }

    @routes.get("/slots")
    async def slots(
        _staff: Annotated[Staff, Depends(see)],
        service: Annotated[str, Query(max_length=40)],
        day: date,
        part: Part | None = None,
    ) -> dict[str, Any]:
        found = await calendar.free(service, day, part=part)
        return {"items": [{"start": slot.start.isoformat(), "resource": slot.resource} for slot in found]}

    @routes.get("/days")
    async def days(
        staff: Annotated[Staff, Depends(see)], first: date, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 1
    ) -> dict[str, Any]:
        if not isinstance(calendar, Days):
            return {"items": []}
        facts = await calendar.agenda()
        found = [shown(facts, each) for each in await calendar.days(first, days)]
        return {"items": await gate.reach.having(staff, found, *OF)}

    @routes.get("")
    async def listing(
        staff: Annotated[Staff, Depends(see)], person_id: Annotated[str, Query(max_length=20)]
    ) -> dict[str, Any]:
        facts = await calendar.agenda()
        found = [shown(facts, each) for each in await calendar.of(person_id)]
        return {"items": await gate.reach.having(staff, found, *OF)}

    @routes.get("/{code}")
    async def one(_staff: Annotated[Staff, Depends(see)], code: str) -> dict[str, Any]:
        found = await calendar.find(code)
        if found is None:
            raise NotFound("no_appointment")
        return shown(await calendar.agenda(), found)

    @routes.post("", status_code=201)
    async def book(staff: Annotated[Staff, Depends(change)], body: NewAppointment) -> dict[str, Any]:
        await gate.reach.named(staff, person_id=body.person_id)
        person = await guests.person(body.person_id, name=body.name, phone=body.phone, email=body.email)
        made = await calendar.book(
            body.service, body.start, person_id=person, conversation_id=None, name=body.name, phone=body.phone,
            key=f"{staff.id}:{body.client_id}",
        )  # fmt: skip
        return shown(await calendar.agenda(), made)

    @routes.post("/{code}/cancel")
    async def cancel(staff: Annotated[Staff, Depends(change)], code: str) -> dict[str, Any]:
        return shown(await calendar.agenda(), await calendar.cancel(code, by=staff.id, by_staff=True))

    return routes
