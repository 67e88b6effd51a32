"""HTTP of who may do what: the table of permissions as it is, to be read. Nothing is granted here."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from relevo.people.rules import GRANTS, Action, Role, Staff
from relevo.web.auth import Gate


def router(gate: Gate) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["roles"])

    @routes.get("/roles")
    async def table(_staff: Annotated[Staff, Depends(gate.require(Action.SEE_QUEUES))]) -> dict[str, Any]:
        return {
            "roles": [role.value for role in Role],
            "items": [
                {"action": action.value, "roles": [role.value for role in Role if action in GRANTS[role]]}
                for action in Action
            ],
        }

    return routes
