"""HTTP of one's own voice: whether it is connected, and how a browser can connect it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from relevo.calls.commands import CallCommands
from relevo.people.rules import Action, Staff
from relevo.web.auth import Gate

CODECS = ["PCMU", "opus"]
"""Best first: what needs no conversion on the way to the telephone."""


def router(
    commands: CallCommands, gate: Gate, servers: Callable[[str], list[dict[str, Any]]], webrtc: Callable[[], bool]
) -> APIRouter:
    """``servers`` are the STUN and TURN servers for a name; ``webrtc`` says whether it is installed."""
    routes = APIRouter(prefix="/api/voice", tags=["voice"])
    Speaker = Annotated[Staff, Depends(gate.require(Action.ANSWER))]

    @routes.get("")
    async def mine(staff: Speaker) -> dict[str, Any]:
        return {
            **commands.voice_json(staff),
            "ice_servers": servers(staff.id),
            "webrtc": webrtc(),
            "codecs": CODECS,
        }

    return routes
