"""HTTP of deposits, changes and cancellations, for staff."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.bookings.changes import Cancellation, ChangeOffer, Changes
from relevo.bookings.deposits import Deposits
from relevo.bookings.service import Bookings
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.kit.money import Money
from relevo.people.rules import Action, Staff
from relevo.people.service import People
from relevo.web.auth import Gate


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Confirm(_Body):
    amount: int | None = Field(None, ge=1)
    """What came in all, in minor units; nothing: as much as was asked."""
    force: bool = False


class Why(_Body):
    reason: str = Field(min_length=1, max_length=200)


class File(_Body):
    attachment_id: str = Field(min_length=1, max_length=20)


class Change(_Body):
    check_in: date | None = None
    check_out: date | None = None
    room_type: str | None = Field(None, max_length=40)
    guests: int | None = Field(None, ge=1, le=20)
    children: int | None = Field(None, ge=0, le=20)
    babies: int | None = Field(None, ge=0, le=20)
    dry_run: bool = False
    """Only what it would cost."""
    total: int | None = None
    """The price that was agreed; another one is refused."""


def router(
    db: Database, bookings: Bookings, deposits: Deposits, changes: Changes, people: People, gate: Gate
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["deposits"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]
    Confirmer = Annotated[Staff, Depends(gate.require(Action.CONFIRM_DEPOSITS))]

    @routes.get("/deposits")
    async def listing(
        staff: Reader, state: str = "received", limit: Annotated[int, Query(ge=1, le=500)] = 200
    ) -> dict[str, Any]:
        return {"items": await deposits.listing(state=state, limit=limit, viewer=staff)}

    @routes.post("/bookings/{code}/deposit/confirm")
    async def confirm(code: str, staff: Confirmer, body: Confirm | None = None) -> dict[str, Any]:
        given = body or Confirm()
        return bookings.json(await deposits.confirm(code, by=staff.id, amount=given.amount, force=given.force))

    @routes.post("/bookings/{code}/deposit/reject")
    async def reject(code: str, body: Why, staff: Confirmer) -> dict[str, Any]:
        return bookings.json(await deposits.reject(code, by=staff.id, reason=body.reason))

    @routes.post("/bookings/{code}/deposit/refunded")
    async def refunded(code: str, staff: Confirmer) -> dict[str, Any]:
        return bookings.json(await deposits.refunded(code, by=staff.id))

    @routes.post("/bookings/{code}/receipts")
    async def attach(code: str, body: File, staff: Changer) -> dict[str, Any]:
        done = await deposits.attach(code, body.attachment_id, by=staff.id)
        return {"booking": bookings.json(done.booking), "receipt_id": done.receipt.id, "taken": done.taken.value}

    @routes.post("/bookings/{code}/retry")
    async def retry(code: str, staff: Changer) -> dict[str, Any]:
        return bookings.json(await changes.retry(code, by=staff.id))

    @routes.get("/bookings/{code}/cancel")
    async def price_cancelling(code: str, _staff: Reader) -> dict[str, Any]:
        return _cancellation(bookings, await changes.price_cancelling(code))

    @routes.post("/bookings/{code}/cancel")
    async def cancel(code: str, body: Why, staff: Changer) -> dict[str, Any]:
        return _cancellation(bookings, await changes.cancel(code, by=staff.id, reason=body.reason))

    @routes.post("/bookings/{code}/change")
    async def change(code: str, body: Change, staff: Changer) -> dict[str, Any]:
        wanted = body.model_dump(exclude={"dry_run", "total"})
        offer = await changes.propose_change(code, **wanted)
        if body.dry_run:
            return _offer(bookings, offer)
        if body.total is not None and body.total != offer.after.amount:
            raise Conflict("offer_changed")
        changed = await changes.change(code, offer, by=staff.id)
        return {**_offer(bookings, offer), "booking": bookings.json(changed)}

    @routes.get("/bookings/{code}/history")
    async def history(code: str, _staff: Reader) -> dict[str, Any]:
        steps = await deposits.history(code)
        async with db.read() as session:
            names = await people.staff_names(session)
        return {
            "items": [
                {
                    "at": step.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                    "kind": step.what,
                    "by": {"id": step.by, "name": names[step.by]} if step.by in names else step.by,
                    "reason": step.reason,
                    "amount": step.amount,
                }
                for step in steps
            ]
        }

    return routes


def _money(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}


def _offer(bookings: Bookings, offer: ChangeOffer) -> dict[str, Any]:
    return {
        "booking": bookings.json(offer.before),
        "check_in": offer.quote.check_in.isoformat(),
        "check_out": offer.quote.check_out.isoformat(),
        "room_type": offer.quote.room_type,
        "type_name": offer.quote.type_name,
        "guests": offer.quote.guests,
        "before": _money(offer.before.total),
        "after": _money(offer.after),
        "difference": _money(offer.difference),
        "policy": offer.policy,
    }


def _cancellation(bookings: Bookings, terms: Cancellation) -> dict[str, Any]:
    return {
        "booking": bookings.json(terms.booking),
        "paid": _money(terms.paid),
        "refund": _money(terms.refund),
        "policy": terms.policy,
    }
