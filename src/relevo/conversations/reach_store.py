"""Which conversations somebody may see, as the database is asked: ``people.rules.reaches`` as a condition, and the
lists of this room. Every list of another room that follows its conversation asks ``within``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from relevo.conversations.models import ConversationRow
from relevo.conversations.rules import Control, Conversation, Mark, Priority
from relevo.conversations.store import CONVERSATION, conversation_of_row
from relevo.people.rules import Staff

QUEUE = "queued"
FOLDERS = ("mine", QUEUE, "bot", "all", "closed")
Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])
Column = InstrumentedAttribute[Any] | ColumnElement[Any]
_C = CONVERSATION
_urgency = case({each.value: each.rank for each in Priority}, value=ConversationRow.priority, else_=0)


def reached(viewer: Staff, of: FromClause = _C) -> ColumnElement[bool]:
    """The condition on a conversation's row; to be asked only of those whose scope is not whole."""
    held = of.c.holders.contains(f" {viewer.id} ", autoescape=True)
    return or_(of.c.queue_id.is_(None), of.c.queue_id.in_(sorted(viewer.scope.queues)), held)


def within(query: Q, viewer: Staff | None, conversation_id: Column) -> Q:
    """Only rows whose conversation ``viewer`` may see; those without one are everybody's. None: the house asks."""
    if viewer is None or viewer.scope.whole:
        return query
    its = _C.alias()
    inside = select(its.c.id).where(its.c.id == conversation_id, reached(viewer, its)).correlate_except(its).exists()
    return query.where(or_(conversation_id.is_(None), inside))


def searched(viewer: Staff) -> Callable[[Column], ColumnElement[bool]] | None:
    """The condition on a person's id: with a conversation that ``viewer`` reaches, or with none at all. None: all."""
    if viewer.scope.whole:
        return None

    def seen_by(person_id: Column) -> ColumnElement[bool]:
        its = _C.alias()
        said = select(its.c.id).where(its.c.person_id == person_id).correlate_except(its)
        return or_(~said.exists(), said.where(reached(viewer, its)).exists())

    return seen_by


async def sees_person(session: AsyncSession, viewer: Staff, ids: Collection[str]) -> bool:
    """Whether there is no conversation with who is known under these ids, or one that ``viewer`` reaches."""
    if viewer.scope.whole:
        return True
    of = select(_C.c.id).where(_C.c.person_id.in_(sorted(ids))).limit(1)
    if (await session.execute(of.where(reached(viewer)))).first() is not None:
        return True
    return (await session.execute(of)).first() is None


async def seen(session: AsyncSession, viewer: Staff, ids: Collection[str]) -> frozenset[str]:
    """Which of these conversations ``viewer`` may see."""
    if viewer.scope.whole or not ids:
        return frozenset(ids)
    found = await session.execute(select(_C.c.id).where(_C.c.id.in_(sorted(ids)), reached(viewer)))
    return frozenset(found.scalars())


async def listing(
    session: AsyncSession, *, folder: str, viewer: Staff, limit: int, before: Mark | None = None
) -> list[Conversation]:
    """The latest first; those who wait for a person by their priority before that."""
    query = _folder(select(_C), folder, viewer.id)
    if not viewer.scope.whole:
        query = query.where(reached(viewer))
    order = [ConversationRow.last_at.desc(), ConversationRow.id]
    earlier = ConversationRow.last_at < before.at if before else None
    if folder == QUEUE:
        order.insert(0, _urgency.desc())
        if before is not None and earlier is not None:
            rank = before.priority.rank
            earlier = or_(_urgency < rank, and_(_urgency == rank, earlier))
    if earlier is not None:
        query = query.where(earlier)
    query = query.order_by(*order).limit(limit)
    return [conversation_of_row(row) for row in await session.execute(query)]


async def of_people(
    session: AsyncSession, ids: Collection[str], limit: int, viewer: Staff | None = None
) -> list[Conversation]:
    """With these people, the latest first."""
    query = select(_C).where(_C.c.person_id.in_(ids))
    if viewer is not None and not viewer.scope.whole:
        query = query.where(reached(viewer))
    query = query.order_by(ConversationRow.last_at.desc(), ConversationRow.id).limit(limit)
    return [conversation_of_row(row) for row in await session.execute(query)]


def _folder(query: Select[Any], folder: str, staff_id: str) -> Select[Any]:
    if folder == "mine":
        return query.where(ConversationRow.agent_id == staff_id, ConversationRow.control == Control.AGENT.value)
    if folder == "all":
        return query.where(ConversationRow.control != Control.CLOSED.value)
    return query.where(ConversationRow.control == folder)
