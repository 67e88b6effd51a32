"""Deleting what was said long ago. The conversation stays, without its words, so that figures and bookings stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import store
from relevo.conversations.events import MessagesForgotten
from relevo.kit import audit
from relevo.kit.db import Database

Spare = Callable[[AsyncSession, Collection[tuple[str, str]]], Awaitable[frozenset[str]]]
"""Those of some (conversation, person) whose words must stay: the conversations' ids."""


async def forget_messages(db: Database, before: datetime, *, spare: Spare, rule: str, at: datetime) -> int:
    """Conversation by conversation, each in a transaction of its own. Returns how many messages were deleted."""
    count, after = 0, ""
    while True:
        async with db.read() as session:
            found = await store.with_old_messages(session, before, after=after)
            spared = await spare(session, found)
        if not found:
            return count
        after = found[-1][0]
        for conversation_id, _ in found:
            if conversation_id in spared:
                continue
            async with db.write() as tx:
                gone = await store.forget_messages(tx.session, conversation_id, before)
                left = bool(await store.messages(tx.session, conversation_id, limit=1))
                await tx.publish(MessagesForgotten(conversation_id, before, not left))
                await audit.deleted(tx, "messages", conversation_id, count=gone, rule=rule, at=at)
            count += gone
