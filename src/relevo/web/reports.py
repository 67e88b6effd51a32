"""HTTP of the reports: figures of a period, what each is made of, one's own, files to take away and files on time."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from relevo.people.rules import Action, Staff
from relevo.reports.costs import MOST, Use
from relevo.reports.exports import Exports, Wish
from relevo.reports.files import MEDIA, Format
from relevo.reports.lists import Lists
from relevo.reports.schedule_store import Every
from relevo.reports.service import Reports
from relevo.web.auth import Gate

Channel = Annotated[str | None, Query(max_length=20)]


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str = Field(max_length=20)
    format: Format = Format.XLSX
    every: Every
    to: list[Annotated[str, Field(max_length=254)]] = Field(max_length=20)


class PriceBody(BaseModel):
    """Ten-thousandths of the house's currency; null: it is not known any more. Without a date from today on."""

    model_config = ConfigDict(extra="forbid")
    amount: int | None = Field(ge=0, le=MOST)
    since: date | None = None


def router(reports: Reports, lists: Lists, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/reports", tags=["reports"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_REPORTS))]
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]
    Manager = Annotated[Staff, Depends(gate.require(Action.MANAGE_DESK))]

    @routes.get("")
    async def report(
        _: Reader,
        since: date | None = None,
        until: date | None = None,
        channel: Channel = None,
        staff_id: Annotated[str | None, Query(max_length=20)] = None,
        compare: bool = True,
    ) -> dict[str, Any]:
        """Without dates: today."""
        today = reports.today()
        return await reports.report(
            since or until or today, until or today, channel=channel, staff_id=staff_id, compare=compare
        )

    @routes.get("/mine")
    async def mine(staff: Agent, since: date | None = None, until: date | None = None) -> dict[str, Any]:
        """What whoever asks did."""
        today = reports.today()
        return await reports.report(since or until or today, until or today, staff_id=staff.id)

    @routes.get("/staff")
    async def of_staff(_: Reader, since: date | None = None, until: date | None = None) -> dict[str, Any]:
        today = reports.today()
        return await reports.of_staff(since or until or today, until or today)

    @routes.get("/figures/{figure}")
    async def made_of(
        figure: str,
        staff: Reader,
        since: date | None = None,
        until: date | None = None,
        channel: Channel = None,
        staff_id: Annotated[str | None, Query(max_length=20)] = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        """What a figure is made of, latest first."""
        today = reports.today()
        return await lists.page(
            figure, since or until or today, until or today, channel=channel, staff_id=staff_id, offset=offset,
            limit=limit, viewer=staff,
        )  # fmt: skip

    @routes.get("/mine/{figure}")
    async def mine_made_of(
        figure: str,
        staff: Agent,
        since: date | None = None,
        until: date | None = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        """What a figure of whoever asks is made of."""
        today = reports.today()
        return await lists.page(
            figure, since or until or today, until or today, staff_id=staff.id, offset=offset, limit=limit, viewer=staff
        )

    @routes.get("/prices")
    async def prices(_: Reader) -> dict[str, Any]:
        """What each use costs the house, and what it cost before."""
        return await reports.prices()

    @routes.put("/prices/{use}")
    async def set_price(use: Use, body: PriceBody, staff: Manager) -> dict[str, Any]:
        return await reports.set_price(use, body.amount, body.since, by=staff)

    return routes


def exports_router(exports: Exports, reports: Reports, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/exports", tags=["reports"])
    Taker = Annotated[Staff, Depends(gate.require(Action.EXPORT))]

    @routes.get("/schedules")
    async def plans(staff: Taker) -> dict[str, Any]:
        return {"items": await exports.plans(staff)}

    @routes.post("/schedules", status_code=201)
    async def plan(body: Plan, staff: Taker) -> dict[str, Any]:
        return await exports.plan(body.kind, body.format, body.every, body.to, by=staff)

    @routes.delete("/schedules/{schedule_id}", status_code=204)
    async def drop(schedule_id: str, staff: Taker) -> None:
        await exports.drop(schedule_id, by=staff)

    @routes.get("/figures/{figure}")
    async def take_list(
        figure: str,
        staff: Taker,
        since: date | None = None,
        until: date | None = None,
        format: Format = Format.XLSX,  # noqa: A002 - the name in the address
        channel: Channel = None,
    ) -> StreamingResponse:
        """What a figure is made of, as a file. Without dates: today."""
        today = reports.today()
        name, pieces = await exports.take_list(
            figure, format, since or until or today, until or today, channel=channel, by=staff
        )
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return StreamingResponse(pieces, media_type=MEDIA[format], headers=headers)

    @routes.get("/{kind}")
    async def take(
        kind: str,
        staff: Taker,
        since: date | None = None,
        until: date | None = None,
        format: Format = Format.XLSX,  # noqa: A002 - the name in the address
        channel: Channel = None,
    ) -> StreamingResponse:
        """A file, one row each of conversations, calls, recordings or bookings. Without dates: today."""
        today = reports.today()
        wish = Wish(kind, format, since or until or today, until or today, channel)
        pieces = await exports.take(wish, by=staff)
        headers = {"content-disposition": f'attachment; filename="{wish.name}"', "cache-control": "no-store"}
        return StreamingResponse(pieces, media_type=MEDIA[format], headers=headers)

    return routes
