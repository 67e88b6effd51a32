"""HTTP of the conversations room, for staff."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from relevo.bookings.service import Bookings
from relevo.conversations.rules import Kind, Mark, Priority, mark
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff, may
from relevo.web.auth import Gate


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakeOver(Body):
    control_version: int | None = None


class HandBack(Body):
    note: str = Field("", max_length=1_000)


class Urgency(Body):
    priority: Priority


class Write(Body):
    text: str = Field(max_length=8_000)
    kind: Literal["text", "note"] = "text"
    client_id: str | None = Field(None, max_length=64, pattern=r"^[\w.:-]+$")
    seen: int | None = Field(None, ge=0)
    """The last message there was when the writing began; absent: send it whatever was said meanwhile."""


class Reopen(Body):
    control_version: int | None = None


def router(db: Database, conversations: Conversations, bookings: Bookings, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["conversations"])
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("/conversations")
    async def listing(
        staff: Reader,
        folder: str = "all",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        before: Annotated[str | None, Query(max_length=60)] = None,
    ) -> dict[str, Any]:
        async with db.read() as session:
            found = await conversations.listing(
                session, folder=folder, viewer=staff, limit=limit, before=mark(before) if before else None
            )
            items = await conversations.list_json(session, found, staff)
        last = found[-1] if len(found) == limit else None
        return {"items": items, "next": str(Mark(last.last_at, last.priority)) if last and last.last_at else None}

    @routes.get("/conversations/{conversation_id}")
    async def one(conversation_id: str, staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            conversation = await conversations.get(session, conversation_id)
            messages = await conversations.messages(session, conversation_id)
            answer = {
                "conversation": await conversations.as_json(session, conversation, staff),
                "messages": await conversations.message_json(session, messages),
            }
        gate.saw(staff, "conversation_read", conversation_id)
        held = await bookings.listing(conversation_id=conversation_id) if may(staff, Action.SEE_BOOKINGS) else ()
        return {**answer, "bookings": [bookings.json(booking) for booking in held]}

    @routes.post("/conversations/{conversation_id}/take_over")
    async def take_over(conversation_id: str, staff: Agent, body: TakeOver | None = None) -> dict[str, Any]:
        async with db.write() as tx:
            changed = await conversations.take_over(
                tx, conversation_id, staff=staff, version=body.control_version if body else None
            )
            return await conversations.as_json(tx.session, changed, staff)

    @routes.post("/conversations/{conversation_id}/hand_back")
    async def hand_back(conversation_id: str, staff: Agent, body: HandBack | None = None) -> dict[str, Any]:
        async with db.write() as tx:
            changed = await conversations.hand_back(tx, conversation_id, staff=staff, note=body.note if body else "")
            return await conversations.as_json(tx.session, changed, staff)

    @routes.post("/conversations/{conversation_id}/priority")
    async def prioritise(conversation_id: str, body: Urgency, staff: Agent) -> dict[str, Any]:
        async with db.write() as tx:
            changed = await conversations.prioritise(tx, conversation_id, body.priority, staff=staff)
            return await conversations.as_json(tx.session, changed, staff)

    @routes.post("/conversations/{conversation_id}/messages", status_code=201)
    async def write(conversation_id: str, body: Write, staff: Agent) -> dict[str, Any]:
        async with db.write() as tx:
            message = await conversations.agent_says(
                tx, conversation_id, staff=staff, text=body.text, kind=Kind(body.kind), client_id=body.client_id,
                seen=body.seen,
            )  # fmt: skip
            return (await conversations.message_json(tx.session, [message]))[0]

    @routes.post("/messages/{message_id}/retry")
    async def retry(message_id: str, staff: Agent) -> dict[str, Any]:
        async with db.write() as tx:
            message = await conversations.retry(tx, message_id, staff=staff)
            return (await conversations.message_json(tx.session, [message]))[0]

    @routes.post("/conversations/{conversation_id}/resolve")
    async def resolve(conversation_id: str, staff: Agent) -> dict[str, Any]:
        async with db.write() as tx:
            changed = await conversations.resolve(tx, conversation_id, staff=staff)
            return await conversations.as_json(tx.session, changed, staff)

    @routes.post("/conversations/{conversation_id}/reopen")
    async def reopen(conversation_id: str, staff: Agent, body: Reopen | None = None) -> dict[str, Any]:
        async with db.write() as tx:
            changed = await conversations.undo_resolve(
                tx, conversation_id, staff=staff, version=body.control_version if body else None
            )
            return await conversations.as_json(tx.session, changed, staff)

    @routes.post("/conversations/{conversation_id}/read", status_code=204)
    async def read(conversation_id: str, _staff: Agent) -> None:
        await conversations.mark_read(conversation_id)

    return routes
