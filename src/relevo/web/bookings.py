"""HTTP of the bookings room, for staff."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from relevo.bookings.grid import Grid
from relevo.bookings.service import Bookings
from relevo.kit.errors import NotFound
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


def router(bookings: Bookings, grid: Grid, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["bookings"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]

    @routes.get("/bookings")
    async def listing(
        _staff: Reader,
        status: str | None = None,
        conversation_id: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        found = await bookings.listing(status=status, conversation_id=conversation_id, limit=limit)
        return {"items": [bookings.json(booking) for booking in found]}

    @routes.get("/bookings/{code}")
    async def one(code: str, _staff: Reader) -> dict[str, Any]:
        booking = await bookings.find(code)
        if booking is None:
            raise NotFound("no_booking")
        return bookings.json(booking)

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
        _staff: Reader, first: Annotated[date, Query(alias="from")], nights: int = 14
    ) -> dict[str, Any]:
        return await grid.look(first, nights)

    return routes
