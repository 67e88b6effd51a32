"""What each topic of the live feed shows first, and who may see it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.service import Bookings
from relevo.calls.commands import CallCommands
from relevo.calls.service import Calls
from relevo.conversations.service import INBOX, Conversations
from relevo.desk.requests import REQUESTS, Requests
from relevo.desk.service import ALERTS, MODE, Alerts, Watch
from relevo.people.rules import Action, Staff
from relevo.web.live import Topic

MOST = 200


def topics(
    conversations: Conversations,
    bookings: Bookings,
    calls: Calls | None,
    commands: CallCommands | None,
    alerts: Alerts,
    watch: Watch,
    requests: Requests,
) -> dict[str, Topic]:
    async def inbox(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        found = await conversations.listing(session, folder="all", viewer=staff, limit=MOST)
        return {"items": await conversations.list_json(session, found, staff)}

    async def conversation(session: AsyncSession, staff: Staff, conversation_id: str) -> dict[str, Any]:
        found = await conversations.seen(session, conversation_id, staff)
        messages = await conversations.messages(session, conversation_id)
        held = await bookings.listed(session, conversation_id=conversation_id)
        return {
            "conversation": await conversations.as_json(session, found, staff),
            "messages": await conversations.message_json(session, messages),
            "bookings": [bookings.json(booking) for booking in held],
        }

    async def active_calls(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        if calls is None:
            return {"items": []}
        return {"items": await calls.list_json(session, await calls.listing(session, status="active", viewer=staff))}

    async def latest_bookings(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        found = await bookings.listed(session, limit=MOST, viewer=staff)
        return {"items": [bookings.json(booking) for booking in found]}

    async def desk(session: AsyncSession, _staff: Staff, _rest: str) -> dict[str, Any]:
        return await commands.desk_json(session) if commands is not None else {"people": [], "settings": {}}

    async def open_alerts(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        return await alerts.list_json(session, limit=MOST, viewer=staff)

    async def mode(session: AsyncSession, _staff: Staff, _rest: str) -> dict[str, Any]:
        return await watch.house_json(session)

    async def open_requests(session: AsyncSession, staff: Staff, _rest: str) -> dict[str, Any]:
        return {"items": await requests.listing(session, limit=MOST, viewer=staff)}

    return {
        INBOX: Topic(Action.SEE_CONVERSATIONS, inbox),
        "conversation": Topic(Action.SEE_CONVERSATIONS, conversation),
        "calls": Topic(Action.SEE_CALLS, active_calls),
        "bookings": Topic(Action.SEE_BOOKINGS, latest_bookings),
        "desk": Topic(Action.ANSWER, desk),
        ALERTS: Topic(Action.SEE_ALERTS, open_alerts),
        MODE: Topic(Action.SEE_ALERTS, mode),
        REQUESTS: Topic(Action.SEE_CONVERSATIONS, open_requests),
    }
