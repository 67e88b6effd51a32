"""Writes the interaction log, and counts in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, distinct, func, insert, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bot.models import InteractionRow as Row

if TYPE_CHECKING:
    from relevo.bot.interactions import Interaction

MOST = 50
"""Intents or errors that are listed."""
_FAILED: ColumnElement[int] = func.sum(case((Row.success, 0), else_=1))


async def add(session: AsyncSession, id_: str, conversation_id: str, turn: Interaction, at: datetime) -> None:
    await session.execute(
        insert(Row).values(
            id=id_, conversation_id=conversation_id, person_id=turn.person_id, channel=turn.channel,
            message=turn.message, intent=turn.intent, confidence=turn.confidence, entities=turn.entities,
            action="+".join(turn.specialists)[:250], engine_answer=turn.engine_answer, llm_answer=turn.llm_answer,
            api_calls=[call.json for call in turn.api_calls], processing_ms=turn.processing_ms,
            success=turn.error is None, error=turn.error, handoff=turn.handoff, meant=turn.meant, at=at,
        )
    )  # fmt: skip


async def forget(session: AsyncSession, conversation_id: str, before: datetime | None) -> None:
    """What was said before; all of it without a time."""
    await session.execute(
        update(Row)
        .where(Row.conversation_id == conversation_id, Row.at < before if before else true())
        .values(message=None, entities=None, engine_answer=None, llm_answer=None)
    )


async def conversation_stats(
    session: AsyncSession, days: Sequence[tuple[date, datetime, datetime]]
) -> list[dict[str, Any]]:
    since, until = days[-1][1], days[0][2]
    which = case(*[(and_(Row.at >= first, Row.at < last), literal(day.isoformat())) for day, first, last in days])
    # The day is made once: PostgreSQL takes the same expression, written twice, for two.
    rows = select(Row, which.label("day")).where(Row.at >= since, Row.at < until).subquery()
    found = await session.execute(
        select(
            rows.c.day,
            func.count().label("turns"),
            func.count(distinct(rows.c.conversation_id)).label("conversations"),
            func.count(distinct(rows.c.person_id)).label("people"),
            func.sum(case((rows.c.success, 0), else_=1)).label("failed"),
            func.count(rows.c.llm_answer).label("reworded"),
            func.avg(rows.c.processing_ms).label("average_ms"),
            func.max(rows.c.processing_ms).label("slowest_ms"),
        )
        .group_by(rows.c.day)
        .order_by(rows.c.day.desc())
    )
    return [_rounded(dict(row)) for row in found.mappings()]


async def intent_stats(session: AsyncSession, since: datetime) -> list[dict[str, Any]]:
    turns = func.count()
    found = await session.execute(
        select(
            Row.intent,
            turns.label("turns"),
            func.avg(Row.confidence).label("average_confidence"),
            func.avg(Row.processing_ms).label("average_ms"),
            _FAILED.label("failed"),
        )
        .where(Row.at >= since)
        .group_by(Row.intent)
        .order_by(turns.desc(), Row.intent)
        .limit(MOST)
    )
    return [_rounded(dict(row)) for row in found.mappings()]


async def action_stats(session: AsyncSession, since: datetime) -> list[dict[str, Any]]:
    """By who answered together."""
    found = await session.execute(
        select(
            Row.action,
            func.count().label("turns"),
            _FAILED.label("failed"),
            func.count(Row.handoff).label("handoffs"),
            func.sum(Row.processing_ms).label("ms"),
        )
        .where(Row.at >= since)
        .group_by(Row.action)
    )
    return [dict(row) for row in found.mappings()]


async def error_stats(session: AsyncSession, since: datetime) -> list[dict[str, Any]]:
    turns = func.count()
    found = await session.execute(
        select(
            Row.error,
            turns.label("turns"),
            func.count(distinct(Row.conversation_id)).label("conversations"),
            func.max(Row.at).label("last_at"),
        )
        .where(Row.at >= since, Row.error.is_not(None))
        .group_by(Row.error)
        .order_by(turns.desc(), Row.error)
        .limit(MOST)
    )
    return [dict(row) for row in found.mappings()]


async def user_stats(session: AsyncSession, person_ids: Sequence[str]) -> dict[str, Any]:
    theirs, turns = Row.person_id.in_(person_ids), func.count()
    total = await session.execute(
        select(
            turns.label("turns"),
            func.count(distinct(Row.conversation_id)).label("conversations"),
            func.coalesce(_FAILED, 0).label("failed"),
            func.avg(Row.processing_ms).label("average_ms"),
            func.min(Row.at).label("first_at"),
            func.max(Row.at).label("last_at"),
        ).where(theirs)
    )
    intents = await session.execute(
        select(Row.intent, turns.label("turns"))
        .where(theirs)
        .group_by(Row.intent)
        .order_by(turns.desc(), Row.intent)
        .limit(MOST)
    )
    return {**_rounded(dict(total.mappings().one())), "intents": [dict(row) for row in intents.mappings()]}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
