"""HTTP of those who keep the sites that show the chat, and of agents who type into it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.channels.webchat.sites import MAX_NAME, MOST_ORIGINS, Sites
from relevo.adapters.channels.webchat.visits import TYPING
from relevo.conversations.service import topic
from relevo.kit.live import Live
from relevo.people.rules import Staff


class NewSite(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field("", max_length=MAX_NAME)
    origins: list[Annotated[str, Field(max_length=300)]] = Field(max_length=MOST_ORIGINS)


class Typed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    on: bool = True


def router(sites: Sites, live: Live, *, may_manage: Callable[..., Any], may_answer: Callable[..., Any]) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["webchat"])
    Admin = Annotated[Staff, Depends(may_manage)]
    Agent = Annotated[Staff, Depends(may_answer)]

    @routes.get("/webchat/sites")
    async def listing(_staff: Admin) -> dict[str, Any]:
        return {"items": await sites.listing()}

    @routes.post("/webchat/sites", status_code=201)
    async def add(body: NewSite, _staff: Admin) -> dict[str, Any]:
        made = await sites.add(body.name, body.origins)
        return {**sites.json(made), "secret": sites.secret(made.key)}

    @routes.post("/webchat/sites/{key}/secret")
    async def secret(key: str, staff: Admin, response: Response) -> dict[str, str]:
        response.headers["cache-control"] = "private, no-store"
        return {"key": key, "secret": await sites.show_secret(key, by=staff.id)}

    @routes.delete("/webchat/sites/{key}", status_code=204)
    async def remove(key: str, _staff: Admin) -> Response:
        await sites.remove(key)
        return Response(status_code=204)

    @routes.post("/conversations/{conversation_id}/typing", status_code=204)
    async def typing(conversation_id: str, _staff: Agent, body: Typed | None = None) -> Response:
        """Whoever shows the conversation hears of it; nothing is kept."""
        said = {"who": "agent", "on": (body or Typed()).on}
        live.whisper(topic(conversation_id), TYPING, said)
        return Response(status_code=204)

    return routes
