"""HTTP of the bookings room, for staff."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.bookings.counter import Asked, Counter
from relevo.bookings.grid import Grid
from relevo.bookings.service import Bookings
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


class NewHold(BaseModel):
    model_config = ConfigDict(extra="forbid")
    room_type: str = Field(max_length=40)
    room: str | None = Field(None, max_length=12)
    check_in: date
    check_out: date
    guests: int = Field(ge=1, le=20)
    children: int = Field(0, ge=0, le=20)
    babies: int = Field(0, ge=0, le=20)
    guest_name: str = Field(min_length=1, max_length=120)
    guest_phone: str | None = Field(None, max_length=40)
    guest_email: str | None = Field(None, max_length=254)
    client_id: str = Field(min_length=1, max_length=64)
    """Made by the client; the same again makes no second hold."""


def router(bookings: Bookings, grid: Grid, counter: Counter, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["bookings"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]

    @routes.get("/bookings")
    async def listing(
        staff: Reader,
        status: str | None = None,
        conversation_id: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        found = await bookings.listing(status=status, conversation_id=conversation_id, limit=limit, viewer=staff)
        return {"items": [bookings.json(booking) for booking in found]}

    @routes.get("/bookings/{code}")
    async def one(code: str, staff: Reader) -> dict[str, Any]:
        booking = await bookings.find(code)
        if booking is None:
            raise NotFound("no_booking")
        gate.saw(staff, "booking_read", booking.code)
        return bookings.json(booking)

    @routes.post("/bookings/holds", status_code=201)
    async def hold(body: NewHold, staff: Changer) -> dict[str, Any]:
        asked = Asked(
            body.room_type, body.room or None, body.check_in, body.check_out, body.guests, body.children, body.babies,
            body.guest_name, body.guest_phone, body.guest_email,
        )  # fmt: skip
        return bookings.json(await counter.hold(asked, staff=staff, client_id=body.client_id))

    @routes.post("/bookings/{code}/extend")
    async def extend(code: str, staff: Changer) -> dict[str, Any]:
        return bookings.json(await bookings.extend(code, by=staff.id))

    @routes.post("/bookings/{code}/release")
    async def release(code: str, staff: Changer) -> dict[str, Any]:
        return bookings.json(await bookings.release(code, by=staff.id, reason="staff"))

    @routes.get("/availability")
    async def availability(
        _staff: Reader, check_in: date, check_out: date, guests: Annotated[int, Query(ge=1, le=20)] = 1
    ) -> dict[str, Any]:
        offers = await bookings.availability(check_in, check_out, guests=guests)
        return {
            "items": [
                {
                    "room_type": offer.room_type,
                    "name": offer.name,
                    "capacity": offer.capacity,
                    "free": offer.free,
                    "price_per_night": {
                        "amount": offer.quote.price_per_night.amount,
                        "currency": offer.quote.price_per_night.currency,
                    },
                    "total": {"amount": offer.quote.total.amount, "currency": offer.quote.total.currency},
                }
                for offer in offers
            ]
        }

    @routes.get("/availability/grid")
    async def rooms_by_night(
        staff: Reader, first: Annotated[date, Query(alias="from")], nights: int = 14
    ) -> dict[str, Any]:
        found = await grid.look(first, nights)
        if staff.scope.whole:
            return found
        rooms = [room for kind in found["types"] for room in kind["rooms"]]
        stays = [stay for room in rooms for stay in room["stays"]]
        theirs = {id(stay) for stay in await gate.reach.having(staff, stays, "code", "code")}
        for room in rooms:
            # A room that others have sold is taken, and nobody says to whom.
            room["stays"] = [stay if id(stay) in theirs else _unnamed(stay) for stay in room["stays"]]
        return found

    return routes


def _unnamed(stay: dict[str, Any]) -> dict[str, Any]:
    kept = {key: stay[key] for key in ("first", "nights", "what", "check_in", "check_out", "contested")}
    return {**kept, "code": None, "pms_number": None}
