"""Queries about when things were said and how customers liked it, for those who watch over the desk. They change
nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import Author, Kind

_C = cast(Table, ConversationRow.__table__)
_M = cast(Table, MessageRow.__table__)
_AT_ONCE = 500
RATED = "rated"
"""The event of a visitor who says how they were attended."""


async def unanswered(session: AsyncSession, conversation_ids: Collection[str]) -> dict[str, datetime]:
    """Of those whose customer spoke last: when they first said something that nobody has answered."""
    answer = _M.alias()
    last = (
        select(func.max(answer.c.seq))
        .where(
            answer.c.conversation_id == _M.c.conversation_id, answer.c.kind == Kind.TEXT.value,
            answer.c.author == Author.AGENT.value,
        )
        .correlate(_M)
        .scalar_subquery()
    )  # fmt: skip
    found: dict[str, datetime] = {}
    ids = sorted(conversation_ids)
    for first in range(0, len(ids), _AT_ONCE):
        query = (
            select(_M.c.conversation_id, func.min(_M.c.at))
            .join(_C, _C.c.id == _M.c.conversation_id)
            .where(
                _C.c.id.in_(ids[first : first + _AT_ONCE]), _C.c.last_author == Author.CUSTOMER.value,
                _M.c.author == Author.CUSTOMER.value, _M.c.kind == Kind.TEXT.value,
                _M.c.seq > func.coalesce(last, 0),
            )
            .group_by(_M.c.conversation_id)
        )  # fmt: skip
        found |= {row[0]: row[1] for row in (await session.execute(query)).all()}
    return found


async def ratings(session: AsyncSession, conversation_ids: Collection[str]) -> dict[str, int]:
    """What customers thought of how they were attended, 1 to 5, where they said so."""
    found: dict[str, int] = {}
    ids = sorted(set(conversation_ids))
    for first in range(0, len(ids), _AT_ONCE):
        query = select(_M.c.conversation_id, _M.c.meta).where(
            _M.c.conversation_id.in_(ids[first : first + _AT_ONCE]), _M.c.kind == Kind.EVENT.value,
            _M.c.meta["event"].as_string() == RATED,
        )  # fmt: skip
        found |= {row[0]: int(row[1]["score"]) for row in (await session.execute(query)).all()}
    return found
