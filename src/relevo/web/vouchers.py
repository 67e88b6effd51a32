"""HTTP of vouchers, for staff: open the one that stands, send it again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from relevo.bookings.vouchers import Vouchers
from relevo.conversations.files import PDF
from relevo.people.rules import Action, Staff
from relevo.web.attachments import PAPER
from relevo.web.auth import Gate
from relevo.web.recordings import disposition


def router(vouchers: Vouchers, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api/bookings", tags=["vouchers"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]

    @routes.get("/{code}/voucher.pdf")
    async def pdf(code: str, _staff: Reader) -> Response:
        name, content = await vouchers.pdf(code)
        headers = {
            "content-security-policy": PAPER,
            "cache-control": "private, no-store",
            "content-disposition": disposition(name, attachment=False),
        }
        return Response(content, media_type=PDF, headers=headers)

    @routes.post("/{code}/voucher/send", status_code=202)
    async def send(code: str, staff: Changer) -> dict[str, Any]:
        sent = await vouchers.send(code, by=staff.id)
        return {"chat": sent.chat, "mail": sent.mail}

    return routes
