"""HTTP about excursions and agencies, for staff: departures and places, partners and what they have earned."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo.conversations.rules import iso
from relevo.kit.clock import Clock
from relevo.kit.errors import NotFound
from relevo.kit.money import Money
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.tours.partners import Partners, Statement
from relevo.tours.rules import Attributed, Catalogue, Entry, Partner, percent_of
from relevo.tours.service import Tours, place_json
from relevo.tours.statement import as_csv
from relevo.web.auth import Gate
from relevo.web.guests import Guests

MOST_DAYS = 62


class NewPlaces(BaseModel):
    model_config = ConfigDict(extra="forbid")
    excursion: str = Field(max_length=40)
    day: date
    adults: int = Field(ge=1, le=20)
    children: int = Field(0, ge=0, le=20)
    person_id: str | None = Field(None, max_length=20)
    """None: somebody by their telephone or e-mail."""
    name: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=40)
    email: str | None = Field(None, max_length=254)
    client_id: str = Field(min_length=1, max_length=64)
    """Made by the client; the same again takes no second places."""


class NewPartner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=120)
    percent: Decimal
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=40)
    code: str | None = Field(None, max_length=20)
    """Empty: one is made."""


class ChangedPartner(BaseModel):
    """What is not said stays."""

    model_config = ConfigDict(extra="forbid")
    name: str | None = Field(None, min_length=1, max_length=120)
    percent: Decimal | None = None
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=40)
    active: bool | None = None


def router(tours: Tours, guests: Guests, gate: Gate, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/api/excursions", tags=["excursions"])
    see, change = gate.require(Action.SEE_BOOKINGS), gate.require(Action.CHANGE_BOOKINGS)

    @routes.get("")
    async def catalogue(_staff: Annotated[Staff, Depends(see)]) -> dict[str, Any]:
        return {"items": catalogue_json(await tours.catalogue())}

    @routes.get("/departures")
    async def departures(
        _staff: Annotated[Staff, Depends(see)],
        first: date | None = None,
        days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 14,
        excursion: Annotated[str | None, Query(max_length=40)] = None,
    ) -> dict[str, Any]:
        facts = await tours.catalogue()
        begin = first or clock.now().astimezone(facts.timezone).date()
        found = await tours.departures(begin, begin + timedelta(days=days - 1), excursion=excursion)
        return {
            "items": [
                {
                    "excursion": each.excursion, "day": each.day.isoformat(), "start": each.start.isoformat(),
                    "left": each.left, "capacity": facts.excursion(each.excursion).capacity,
                }
                for each in found
            ]
        }  # fmt: skip

    @routes.get("/places")
    async def places(
        staff: Annotated[Staff, Depends(see)],
        day: date | None = None,
        person_id: Annotated[str | None, Query(max_length=20)] = None,
    ) -> dict[str, Any]:
        if person_id:
            found = await tours.of([person_id])
        else:
            facts = await tours.catalogue()
            found = await tours.day(day or clock.now().astimezone(facts.timezone).date())
        items = [place_json(each) for each in found]
        return {"items": await gate.reach.having(staff, items, "conversation_id", "conversation_id")}

    @routes.post("/places", status_code=201)
    async def book(staff: Annotated[Staff, Depends(change)], body: NewPlaces) -> dict[str, Any]:
        await gate.reach.named(staff, person_id=body.person_id)
        person = await guests.person(body.person_id, name=body.name, phone=body.phone, email=body.email)
        made = await tours.book(
            body.excursion, body.day, adults=body.adults, children=body.children, person_id=person,
            conversation_id=None, name=body.name, phone=body.phone, key=f"{staff.id}:{body.client_id}",
        )  # fmt: skip
        return place_json(made)

    @routes.get("/places/{code}")
    async def one(_staff: Annotated[Staff, Depends(see)], code: str) -> dict[str, Any]:
        found = await tours.find(code)
        if found is None:
            raise NotFound("no_places")
        return place_json(found)

    @routes.post("/places/{code}/cancel")
    async def cancel(staff: Annotated[Staff, Depends(change)], code: str) -> dict[str, Any]:
        return place_json(await tours.cancel(code, by=staff.id, by_staff=True))

    return routes


def partners_router(partners: Partners, gate: Gate, texts: Texts, zone: ZoneInfo) -> APIRouter:
    routes = APIRouter(prefix="/api/partners", tags=["partners"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_COMMISSIONS))]
    Manager = Annotated[Staff, Depends(gate.require(Action.MANAGE_PARTNERS))]
    Month = Annotated[str, Query(pattern=r"^\d{4}-\d{2}$")]

    @routes.get("")
    async def listing(_staff: Reader) -> dict[str, Any]:
        return {"items": [partner_json(each) for each in await partners.listing()]}

    @routes.post("", status_code=201)
    async def add(_staff: Manager, body: NewPartner) -> dict[str, Any]:
        made = await partners.add(
            name=body.name, percent=body.percent, email=body.email, phone=body.phone, code=body.code or None
        )
        return partner_json(made)

    @routes.patch("/{partner_id}")
    async def change(_staff: Manager, partner_id: str, body: ChangedPartner) -> dict[str, Any]:
        changed = await partners.change(
            partner_id, name=body.name, percent=body.percent, email=body.email, phone=body.phone, active=body.active
        )
        return partner_json(changed)

    @routes.get("/{partner_id}/bookings")
    async def brought(_staff: Reader, partner_id: str) -> dict[str, Any]:
        return {"items": [attributed_json(each) for each in await partners.brought(partner_id, limit=200)]}

    @routes.get("/{partner_id}/statement")
    async def statement(_staff: Reader, partner_id: str, month: Month) -> dict[str, Any]:
        return statement_json(await partners.statement(partner_id, month))

    @routes.get("/{partner_id}/statement.csv")
    async def sheet(_staff: Reader, partner_id: str, month: Month) -> Response:
        found = await partners.statement(partner_id, month)
        name = f"{found.partner.code}-{month}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(as_csv(found, texts, zone), media_type="text/csv; charset=utf-8", headers=headers)

    return routes


def catalogue_json(catalogue: Catalogue) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code, "name": each.name, "description": each.description, "hour": f"{each.hour:%H:%M}",
            "minutes": each.minutes, "adult": _money(each.adult), "child": _money(each.child),
            "capacity": each.capacity, "meeting": each.meeting, "weekdays": sorted(each.weekdays),
            "dates": sorted(day.isoformat() for day in each.dates),
        }
        for each in catalogue.excursions
    ]  # fmt: skip


def partner_json(partner: Partner) -> dict[str, Any]:
    return {
        "id": partner.id, "code": partner.code, "name": partner.name, "email": partner.email, "phone": partner.phone,
        "percent": percent_of(partner.rate), "active": partner.active,
    }  # fmt: skip


def attributed_json(given: Attributed) -> dict[str, Any]:
    return {
        "code": given.code, "title": given.title.value, "check_in": given.check_in.isoformat(),
        "check_out": given.check_out.isoformat(), "total": _money(given.total), "percent": percent_of(given.rate),
        "at": iso(given.at),
    }  # fmt: skip


def statement_json(statement: Statement) -> dict[str, Any]:
    return {
        "partner": partner_json(statement.partner),
        "month": statement.month,
        "entries": [_entry_json(each) for each in statement.entries],
        "total": _money(statement.total) if statement.total is not None else None,
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code, "kind": entry.kind.value, "check_in": entry.check_in.isoformat(),
        "check_out": entry.check_out.isoformat(), "base": _money(entry.base), "percent": percent_of(entry.rate),
        "amount": _money(entry.amount), "at": iso(entry.at),
    }  # fmt: skip


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
