"""HTTP of what people do in live calls. Every command answers with the call as it is after it."""

from collections.abc import Awaitable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from relevo.calls.callbacks import Callbacks
from relevo.calls.commands import CallCommands
from relevo.calls.service import Calls
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Switch(Body):
    on: bool


class Record(Body):
    paused: bool


class Keys(Body):
    digits: str = Field(max_length=40)


class Help(Body):
    on: bool
    note: str = Field("", max_length=300)


class Listen(Body):
    mode: Literal["listen", "whisper", "barge"] = "listen"


class Transfer(Body):
    to: str = Field(max_length=40)
    kind: Literal["blind", "consult"] = "blind"


class Answer(Body):
    accept: bool


def router(db: Database, calls: Calls, commands: CallCommands, callbacks: Callbacks, gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["calls"])
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]
    Supervisor = Annotated[Staff, Depends(gate.require(Action.LISTEN))]

    async def done(call_id: str, command: Awaitable[None]) -> dict[str, Any]:
        await command
        async with db.read() as session:
            return await calls.as_json(session, await calls.get(session, call_id))

    @routes.post("/calls/{call_id}/hold")
    async def hold(call_id: str, body: Switch, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.hold(call_id, staff, on=body.on))

    @routes.post("/calls/{call_id}/mute")
    async def mute(call_id: str, body: Switch, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.mute(call_id, staff, on=body.on))

    @routes.post("/calls/{call_id}/record")
    async def record(call_id: str, body: Record, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.pause_recording(call_id, staff, on=body.paused))

    @routes.post("/calls/{call_id}/keys")
    async def keys(call_id: str, body: Keys, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.press(call_id, staff, body.digits))

    @routes.post("/calls/{call_id}/help")
    async def ask_for_help(call_id: str, body: Help, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.help(call_id, staff, on=body.on, note=body.note))

    @routes.post("/calls/{call_id}/listen")
    async def listen(call_id: str, body: Listen, staff: Supervisor) -> dict[str, Any]:
        return await done(call_id, commands.listen(call_id, staff, body.mode))

    @routes.post("/calls/{call_id}/leave")
    async def leave(call_id: str, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.leave(call_id, staff))

    @routes.post("/calls/{call_id}/transfer")
    async def transfer(call_id: str, body: Transfer, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.transfer(call_id, staff, to=body.to, kind=body.kind))

    @routes.post("/calls/{call_id}/answer")
    async def answer(call_id: str, body: Answer, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.answer(call_id, staff, accept=body.accept))

    @routes.post("/calls/{call_id}/complete")
    async def complete(call_id: str, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.complete(call_id, staff))

    @routes.post("/calls/{call_id}/conference")
    async def conference(call_id: str, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.conference(call_id, staff))

    @routes.post("/calls/{call_id}/cancel")
    async def cancel(call_id: str, staff: Agent) -> dict[str, Any]:
        return await done(call_id, commands.cancel(call_id, staff))

    @routes.get("/callbacks")
    async def to_call_back(staff: Agent) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await gate.reach.only(session, staff, await callbacks.waiting(session))}

    @routes.post("/callbacks/{callback_id}/done")
    async def called_back(callback_id: str, staff: Agent) -> dict[str, Any]:
        return await callbacks.done(callback_id, staff)

    @routes.get("/desk")
    async def desk(_staff: Agent) -> dict[str, Any]:
        async with db.read() as session:
            return await commands.desk_json(session)

    return routes
