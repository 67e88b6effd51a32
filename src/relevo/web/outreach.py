"""HTTP of the outreach room: reminders and consents for staff, and the two pages that open from a letter.

A page shows a button and nothing else happens until it is pressed: mail programs open every link by themselves.
"""

from datetime import date
from html import escape
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from relevo.bookings.rules import Business
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.outreach.consents import Consents, decision_json
from relevo.outreach.feedback import LINK, MAX_TEXT, Feedbacks
from relevo.outreach.rules import HIGHEST, LOWEST, Given, Purpose, Way
from relevo.outreach.service import Reminders
from relevo.outreach.wording import Links
from relevo.people.rules import Action, Staff
from relevo.texts import Texts
from relevo.web.auth import Gate

OPEN = {"x-open": "the link is signed, and opening it changes nothing"}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
    "label{display:inline-block;margin-right:1rem}textarea{width:100%;margin:.5rem 0}"
    "button{font:inherit;padding:.5rem 1.5rem}"
)


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")
    purpose: Literal["service", "reminder", "survey", "commercial", "any"]
    channel: Literal["call", "sms", "whatsapp", "email", "webchat", "any"]
    state: Literal["given", "withdrawn"]
    proof: str = Field("", max_length=300)
    automated: bool = False


def router(
    db: Database,
    reminders: Reminders,
    consents: Consents,
    feedbacks: Feedbacks,
    gate: Gate,
    clock: Clock,
    business: Business,
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["outreach"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_BOOKINGS))]
    Changer = Annotated[Staff, Depends(gate.require(Action.CHANGE_BOOKINGS))]
    Desk = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("/bookings/{code}/reminders")
    async def of_booking(code: str, _staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await reminders.of_booking(session, code)}

    @routes.get("/reminders")
    async def of_day(staff: Reader, day: date | None = None) -> dict[str, Any]:
        async with db.read() as session:
            items = await reminders.of_day(session, day or business.today(clock.now()))
        return {"items": await gate.reach.having(staff, items, "code", "code")}

    @routes.post("/reminders/{reminder_id}/cancel")
    async def cancel(reminder_id: str, staff: Changer) -> dict[str, Any]:
        return await reminders.cancel(reminder_id, by=staff.id)

    @routes.get("/feedback")
    async def scores(staff: Reader, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> dict[str, Any]:
        async with db.read() as session:
            items = await feedbacks.listing(session, limit)
        return {"items": await gate.reach.having(staff, items, "code", "code")}

    @routes.get("/people/{person_id}/consents")
    async def agreed(person_id: str, _staff: Desk) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await consents.json(session, person_id)}

    @routes.post("/people/{person_id}/consents", status_code=201)
    async def note(person_id: str, body: Said, staff: Desk) -> dict[str, Any]:
        said = await consents.said(
            staff, person_id, Purpose(body.purpose), Way(body.channel), Given(body.state), proof=body.proof,
            automated=body.automated,
        )  # fmt: skip
        return {"items": said}

    @routes.get("/may-contact")
    async def may_contact(
        _staff: Desk,
        number: Annotated[str, Query(max_length=40)],
        purpose: Literal["service", "reminder", "survey", "commercial"],
        channel: Literal["call", "sms", "whatsapp", "email", "webchat"],
        automated: bool = False,
    ) -> Any:
        way = Way(channel)
        return decision_json(way, await consents.check(number, Purpose(purpose), way, automated=automated))

    return routes


def pages(
    db: Database, consents: Consents, feedbacks: Feedbacks, links: Links, texts: Texts, business: Business
) -> APIRouter:
    """What a letter links to."""
    routes = APIRouter(prefix="/api", tags=["outreach"])

    def say(key: str) -> str:
        return escape(texts.say(f"outreach.page.{key}", hotel=business.name))

    def page(title: str, inside: str, status: int = 200) -> HTMLResponse:
        return HTMLResponse(
            f'<!doctype html><html lang="{texts.locale[:2]}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
            f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{inside}</html>",
            status,
            headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
        )

    def gone(title: str) -> HTMLResponse:
        return page(title, f"<p>{say('gone')}</p>", 404)

    @routes.get("/feedback/{token}", openapi_extra=dict(OPEN))
    async def ask(token: str) -> HTMLResponse:
        title, booking_id = say("feedback_title"), links.booking_of(token)
        if booking_id is None:
            return gone(title)
        async with db.read() as session:
            given = await feedbacks.of(session, booking_id)
        if given is not None:
            return page(title, f"<p>{say('thanks')}</p>")
        scores = "".join(
            f'<label><input type="radio" name="score" value="{score}" required> {score}</label>'
            for score in range(LOWEST, HIGHEST + 1)
        )
        return page(
            title,
            f'<form method="post"><p>{say("feedback_ask")}</p>{scores}<p><label>{say("feedback_text")}'
            f'<textarea name="text" rows="5" maxlength="{MAX_TEXT}"></textarea></label></p>'
            f"<button>{say('send')}</button></form>",
        )

    @routes.post("/feedback/{token}", openapi_extra=dict(OPEN))
    async def answer(
        token: str, score: Annotated[int, Form()], text: Annotated[str, Form(max_length=MAX_TEXT)] = ""
    ) -> HTMLResponse:
        title, booking_id = say("feedback_title"), links.booking_of(token)
        if booking_id is None:
            return gone(title)
        await feedbacks.by_link(booking_id, score, text)
        return page(title, f"<p>{say('thanks')}</p>")

    @routes.get("/stop/{token}", openapi_extra=dict(OPEN))
    async def ask_to_stop(token: str) -> HTMLResponse:
        title = say("stop_title")
        if links.person_of(token) is None:
            return gone(title)
        return page(title, f'<form method="post"><p>{say("stop_ask")}</p><button>{say("stop")}</button></form>')

    @routes.post("/stop/{token}", openapi_extra=dict(OPEN))
    async def stop(token: str) -> HTMLResponse:
        title, person_id = say("stop_title"), links.person_of(token)
        if person_id is None:
            return gone(title)
        async with db.write() as tx:
            await consents.stop(tx, person_id, Way.ANY, proof=LINK)
        return page(title, f"<p>{say('stopped')}</p>")

    return routes
