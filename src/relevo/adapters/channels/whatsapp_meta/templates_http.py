"""HTTP for staff: which templates may be sent, and sending one in a conversation whose window is closed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from relevo.adapters.channels.whatsapp_meta.templates import Template, template_json
from relevo.conversations.service import Conversations
from relevo.kit.db import Database
from relevo.kit.errors import Conflict
from relevo.people.rules import Staff


class Chosen(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=512)
    language: str = Field(max_length=20)
    params: list[Annotated[str, Field(max_length=1_000)]] = Field(default_factory=list, max_length=40)
    client_id: str | None = Field(None, max_length=64, pattern=r"^[\w.:-]+$")


class Shelf(Protocol):
    """The templates of one channel."""

    async def all(self) -> Sequence[Template]:
        """Raises ``ProviderError``."""
        ...

    async def one(self, name: str, language: str) -> Template:
        """Exactly this one, approved. Raises ``ProviderError``."""
        ...


def router(
    db: Database,
    conversations: Conversations,
    shelves: Mapping[str, Shelf],
    *,
    may_see: Callable[..., Any],
    may_answer: Callable[..., Any],
) -> APIRouter:
    routes = APIRouter(tags=["whatsapp"])

    @routes.get("/api/whatsapp/templates")
    async def listing(_staff: Annotated[Staff, Depends(may_see)]) -> dict[str, Any]:
        return {
            "items": [
                {**template_json(each), "channel": channel}
                for channel, shelf in shelves.items()
                for each in await shelf.all()
            ]
        }

    @routes.post("/api/conversations/{conversation_id}/template", status_code=201)
    async def send(conversation_id: str, body: Chosen, staff: Annotated[Staff, Depends(may_answer)]) -> dict[str, Any]:
        async with db.read() as session:
            conversation = await conversations.get(session, conversation_id)
        if conversation.channel not in shelves:
            raise Conflict("no_templates")
        template = await shelves[conversation.channel].one(body.name, body.language)
        kept = template.as_kept(body.params)
        async with db.write() as tx:
            message = await conversations.agent_says(
                tx, conversation_id, staff=staff, text=template.filled(body.params), client_id=body.client_id,
                template=kept,
            )  # fmt: skip
            return (await conversations.message_json(tx.session, [message]))[0]

    return routes
