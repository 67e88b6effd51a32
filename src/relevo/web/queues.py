"""HTTP of queues: how they stand, what is offered to whoever asks, how a conversation ended, and the setting up."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from relevo.desk.administration import MAX_CANNED, MAX_CLOSED, MOST_RESULTS, Administration
from relevo.desk.board import Board
from relevo.desk.clocks import Targets
from relevo.desk.hours import MOST_WINDOWS, Window
from relevo.desk.offering import Offering
from relevo.desk.queue_rules import Mode, Profile, Queue, Result
from relevo.desk.queue_store import Hours
from relevo.desk.results import MAX_NOTE, Results
from relevo.kit.db import Database
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

Short = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(max_length=30)]
Levels = Annotated[dict[Annotated[str, Field(max_length=40)], int], Field(max_length=50)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MemberBody(Body):
    id: Code
    lead: bool = False


class TeamBody(Body):
    name: Short
    members: list[MemberBody] = Field(default_factory=list, max_length=500)


class WindowBody(Body):
    weekday: int
    opens: int
    closes: int


class HoursBody(Body):
    name: Short
    windows: list[WindowBody] = Field(max_length=MOST_WINDOWS)
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    region: str | None = Field(None, max_length=10)
    closures: list[date] = Field(default_factory=list, max_length=400)

    def hours(self, hours_id: str) -> Hours:
        windows = tuple(Window(each.weekday, each.opens, each.closes) for each in self.windows)
        return Hours(hours_id, self.name, windows, self.country, self.region or None, frozenset(self.closures))


class QueueBody(Body):
    name: Short
    active: bool = True
    channels: list[Code] = Field(default_factory=list, max_length=20)
    languages: list[Code] = Field(default_factory=list, max_length=20)
    reasons: list[Code] = Field(default_factory=list, max_length=50)
    skills: Levels = Field(default_factory=dict)
    priority: int = 0
    mode: Mode = Mode.OFFER
    offer_seconds: int = 30
    capacity: Levels = Field(default_factory=dict)
    hours_id: Code | None = None
    wrap_up_seconds: int = 60
    first_reply_seconds: int | None = None
    next_reply_seconds: int | None = None
    resolution_seconds: int | None = None
    closed_answer: str | None = Field(None, max_length=MAX_CLOSED)
    closed_callback: bool = True
    result_required: bool = False
    teams: list[Code] = Field(default_factory=list, max_length=50)

    def queue(self, queue_id: str) -> Queue:
        return Queue(
            queue_id, self.name, self.active, tuple(self.channels), tuple(self.languages), tuple(self.reasons),
            self.skills, self.priority, self.mode, self.offer_seconds, self.capacity, self.hours_id,
            self.wrap_up_seconds,
            Targets(self.first_reply_seconds, self.next_reply_seconds, self.resolution_seconds), self.closed_answer,
            self.closed_callback, self.result_required, tuple(self.teams),
        )  # fmt: skip


class ResultBody(Body):
    code: Code
    name: Short
    needs_note: bool = False
    callback: bool = False
    do_not_call: bool = False
    good: bool | None = None

    def result(self) -> Result:
        return Result(self.code, self.name, self.needs_note, self.callback, self.do_not_call, self.good)


class ResultsBody(Body):
    items: list[ResultBody] = Field(max_length=MOST_RESULTS)


class AgentBody(Body):
    languages: list[Code] = Field(max_length=20)
    skills: Levels
    capacity: Levels


class CannedBody(Body):
    shortcut: Code
    title: Short
    text: str = Field(max_length=MAX_CANNED)


class ChosenBody(Body):
    code: Code
    note: str = Field("", max_length=MAX_NOTE)
    callback_at: AwareDatetime | None = None
    do_not_call: bool = False

    @property
    def at(self) -> datetime | None:
        return self.callback_at


Measured = Callable[[], Awaitable[dict[str, Any]]]
"""What the routing model would have done, next to the rules."""


def router(
    db: Database, offering: Offering, board: Board, results: Results, measured: Measured, gate: Gate
) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["queues"])
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_CONVERSATIONS))]
    Supervisor = Annotated[Staff, Depends(gate.require(Action.SEE_QUEUES))]

    @routes.get("/queues/board")
    async def stand(staff: Supervisor) -> dict[str, Any]:
        async with db.read() as session:
            return await board.json(session, staff)

    @routes.get("/queues/entries")
    async def entries(staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await gate.reach.only(session, staff, (await board.snapshot(session))["items"])}

    @routes.get("/queues/advice")
    async def advice(_staff: Supervisor) -> dict[str, Any]:
        return await measured()

    @routes.get("/me/offers")
    async def offers(staff: Agent) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await board.offers(session, staff)}

    @routes.post("/me/offers/{entry_id}/accept")
    async def accept(entry_id: str, staff: Agent) -> dict[str, Any]:
        return {"conversation_id": await offering.accept(entry_id, staff)}

    @routes.post("/me/offers/{entry_id}/decline", status_code=204)
    async def decline(entry_id: str, staff: Agent) -> None:
        await offering.decline(entry_id, staff)

    @routes.get("/me/results")
    async def pending(staff: Agent) -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await results.pending(session, staff)}

    @routes.get("/conversations/{conversation_id}/results")
    async def endings(conversation_id: str, _staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return await results.json(session, conversation_id)

    @routes.post("/conversations/{conversation_id}/result")
    async def end(conversation_id: str, body: ChosenBody, staff: Agent) -> dict[str, Any]:
        return await results.choose(
            conversation_id, staff, body.code, note=body.note, callback_at=body.at, do_not_call=body.do_not_call
        )

    return routes


def administration(db: Database, desk: Administration, gate: Gate) -> APIRouter:
    """Teams, hours, queues, results, agents and canned replies."""
    routes = APIRouter(prefix="/api", tags=["queues"])
    Agent = Annotated[Staff, Depends(gate.require(Action.ANSWER))]
    Reader = Annotated[Staff, Depends(gate.require(Action.SEE_QUEUES))]
    Admin = Annotated[Staff, Depends(gate.require(Action.MANAGE_DESK))]

    async def whole() -> dict[str, Any]:
        async with db.read() as session:
            return await desk.json(session)

    async def replies() -> dict[str, Any]:
        async with db.read() as session:
            return {"items": await desk.canned(session)}

    @routes.get("/queues")
    async def setup(staff: Reader) -> dict[str, Any]:
        async with db.read() as session:
            return await desk.json(session, staff)

    @routes.post("/teams", status_code=201)
    async def add_team(body: TeamBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_team(None, body.name, {each.id: each.lead for each in body.members})
        return await whole()

    @routes.put("/teams/{team_id}")
    async def put_team(team_id: str, body: TeamBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_team(team_id, body.name, {each.id: each.lead for each in body.members})
        return await whole()

    @routes.delete("/teams/{team_id}")
    async def drop_team(team_id: str, _staff: Admin) -> dict[str, Any]:
        await desk.drop_team(team_id)
        return await whole()

    @routes.post("/hours", status_code=201)
    async def add_hours(body: HoursBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_hours(body.hours(""))
        return await whole()

    @routes.put("/hours/{hours_id}")
    async def put_hours(hours_id: str, body: HoursBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_hours(body.hours(hours_id))
        return await whole()

    @routes.delete("/hours/{hours_id}")
    async def drop_hours(hours_id: str, _staff: Admin) -> dict[str, Any]:
        await desk.drop_hours(hours_id)
        return await whole()

    @routes.post("/queues", status_code=201)
    async def add_queue(body: QueueBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_queue(body.queue(""))
        return await whole()

    @routes.put("/queues/{queue_id}")
    async def put_queue(queue_id: str, body: QueueBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_queue(body.queue(queue_id))
        return await whole()

    @routes.put("/queues/{queue_id}/results")
    async def put_results(queue_id: str, body: ResultsBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_results(queue_id, [each.result() for each in body.items])
        return await whole()

    @routes.put("/agents/{staff_id}")
    async def put_agent(staff_id: str, body: AgentBody, _staff: Admin) -> dict[str, Any]:
        await desk.put_profile(Profile(staff_id, tuple(body.languages), body.skills, body.capacity))
        return await whole()

    @routes.get("/canned")
    async def canned(_staff: Agent) -> dict[str, Any]:
        return await replies()

    @routes.post("/canned", status_code=201)
    async def add_canned(body: CannedBody, staff: Admin) -> dict[str, Any]:
        await desk.put_canned(None, body.shortcut, body.title, body.text, staff=staff)
        return await replies()

    @routes.put("/canned/{reply_id}")
    async def put_canned(reply_id: str, body: CannedBody, staff: Admin) -> dict[str, Any]:
        await desk.put_canned(reply_id, body.shortcut, body.title, body.text, staff=staff)
        return await replies()

    @routes.delete("/canned/{reply_id}")
    async def drop_canned(reply_id: str, _staff: Admin) -> dict[str, Any]:
        await desk.drop_canned(reply_id)
        return await replies()

    return routes
