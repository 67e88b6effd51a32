"""Whoever is signed out, switched off, or may see less than before: what they have open ends in the same moment.

In this process by an event, in the others over the bus; where that is down, each looks by itself every few seconds.
"""

from __future__ import annotations

from typing import Any

from relevo.calls.commands import CallCommands
from relevo.calls.events import ColleagueRung
from relevo.conversations.service import Conversations
from relevo.kit.bus import Bus
from relevo.kit.db import Tx
from relevo.kit.events import Events
from relevo.people.events import StandingChanged
from relevo.web.live import Feed

STANDING = "standing"
"""Subject on the bus: the id of a member of staff, or nothing for all whom not the whole house is for."""


def listen(
    events: Events, bus: Bus, feed: Feed, commands: CallCommands | None, conversations: Conversations
) -> None:  # fmt: skip
    def look(staff_id: str | None) -> None:
        feed.look_again(staff_id)
        if commands is not None:
            commands.look_again(staff_id)

    def changed(event: StandingChanged) -> None:
        look(event.staff_id)
        bus.say(STANDING, event.staff_id)

    def heard(_node: str, staff_id: Any) -> None:
        look(staff_id if isinstance(staff_id, str) else None)

    async def called_in(tx: Tx, event: ColleagueRung) -> None:
        """Who is called into a call may come near it, whosever it is."""
        await conversations.called_in(tx, event.conversation_id, event.to)

    events.on_at_once(StandingChanged, changed)
    events.on_within(ColleagueRung, called_in)
    bus.hear(STANDING, heard)
