"""Deleting what was said long ago. The conversation stays, without its words, so that figures and bookings stand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import attachment_store, store
from relevo.conversations.events import MessagesForgotten
from relevo.conversations.ports import FileStore
from relevo.kit.db import Database, Tx
from relevo.kit.forgetting import Found, Spare, count, forget

Needed = Callable[[AsyncSession, Collection[str]], Awaitable[frozenset[str]]]
"""Those of some attachments that something else than the thread needs."""
ON_THE_WAY = timedelta(days=1)
"""A file may lie this long before a conversation has it."""
_AT_ONCE = 500


async def forget_messages(
    db: Database, before: datetime, *, spare: Spare, needed: Needed, rule: str, at: datetime
) -> int:
    """Conversation by conversation, files included. Returns how many messages were deleted."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.with_old_messages(session, before, after=after)

    async def drop(tx: Tx, conversation_id: str) -> int:
        files = await attachment_store.older(tx.session, conversation_id, before)
        kept = await needed(tx.session, files)
        await attachment_store.drop_all(tx.session, [each for each in files if each not in kept])
        gone = await store.forget_messages(tx.session, conversation_id, before)
        left = bool(await store.messages(tx.session, conversation_id, limit=1))
        await tx.publish(MessagesForgotten(conversation_id, before, not left))
        return gone

    return await forget(db, "messages", page, spare, drop, rule=rule, at=at)


async def count_conversations(db: Database, before: datetime, *, spare: Spare) -> int:
    """How many would lose what was said in them before."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.with_old_messages(session, before, after=after)

    return await count(db, page, spare)


async def sweep_files(db: Database, files: FileStore, *, at: datetime) -> int:
    """Delete content that no conversation has any more, or ever had. Returns how many files."""
    gone, there = 0, await asyncio.to_thread(lambda: list(files.keys()))
    for first in range(0, len(there), _AT_ONCE):
        keys = there[first : first + _AT_ONCE]
        async with db.read() as session:
            used = await attachment_store.files_in_use(session, keys)
        for key in set(keys) - used:
            gone += await asyncio.to_thread(files.remove, key, untouched_since=at - ON_THE_WAY)
    return gone
