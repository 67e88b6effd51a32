"""All queries on what guests ask the house for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.reach_store import within
from relevo.desk.models import GuestRequestRow as Row
from relevo.desk.rules import GuestRequest, RequestKind, RequestState
from relevo.kit.db import upsert
from relevo.people.rules import Staff


async def add(session: AsyncSession, made: GuestRequest) -> bool:
    """False where the conversation has one under this key already."""
    row = upsert(session, Row).values(
        id=made.id, kind=made.kind.value, key=made.key, conversation_id=made.conversation_id, channel=made.channel,
        person_id=made.person_id, booking_code=made.booking_code, summary=made.summary, details=dict(made.details),
        state=made.state.value, told=False, created_at=made.created_at,
    )  # fmt: skip
    done = await session.execute(
        row.on_conflict_do_nothing(index_elements=["conversation_id", "key"]).returning(Row.id)
    )
    return done.first() is not None


async def under(session: AsyncSession, conversation_id: str, key: str) -> GuestRequest:
    query = select(Row).where(Row.conversation_id == conversation_id, Row.key == key).with_for_update()
    return _request((await session.execute(query.execution_options(populate_existing=True))).scalar_one())


async def request(session: AsyncSession, request_id: str, *, lock: bool = False) -> GuestRequest | None:
    query = select(Row).where(Row.id == request_id).execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _request(row) if row is not None else None


async def listing(
    session: AsyncSession,
    *,
    state: RequestState | None = None,
    booking_code: str | None = None,
    conversation_id: str | None = None,
    limit: int = 200,
    viewer: Staff | None = None,
) -> list[GuestRequest]:
    """Open ones first, the oldest of them before the others; what is settled the latest first."""
    query = select(Row).where(
        Row.state == state.value if state else true(),
        Row.booking_code == booking_code if booking_code else true(),
        Row.conversation_id == conversation_id if conversation_id else true(),
    )
    query = within(query, viewer, Row.conversation_id)
    first = case((Row.state == RequestState.OPEN.value, 0), else_=1)
    rows = (
        await session.execute(query.order_by(first, Row.done_at.desc(), Row.created_at, Row.id).limit(limit))
    ).scalars()
    return [_request(row) for row in rows]


async def rewrite(
    session: AsyncSession, request_id: str, *, summary: str, details: Mapping[str, str], booking_code: str | None
) -> None:
    values = {"summary": summary, "details": dict(details), "booking_code": booking_code}
    await session.execute(update(Row).where(Row.id == request_id).values(**values))


async def settle(
    session: AsyncSession,
    request_id: str,
    state: RequestState,
    *,
    answer: str | None,
    told: bool,
    by: str,
    at: datetime,
) -> None:
    values = {"state": state.value, "answer": answer, "told": told, "done_by": by, "done_at": at}
    await session.execute(update(Row).where(Row.id == request_id).values(**values))


async def open_again(session: AsyncSession, request_id: str) -> None:
    values = {"state": RequestState.OPEN.value, "answer": None, "done_by": None, "done_at": None}
    await session.execute(update(Row).where(Row.id == request_id).values(**values))


async def forget(session: AsyncSession, conversation_id: str, before: datetime | None) -> Sequence[str]:
    """What was asked before loses its words; all of it without a time. The ids of those."""
    gone = await session.execute(
        update(Row)
        .where(Row.conversation_id == conversation_id, Row.created_at < before if before else true())
        .values(summary="", details={}, answer=None)
        .returning(Row.id)
    )
    return gone.scalars().all()


def _request(row: Row) -> GuestRequest:
    return GuestRequest(
        row.id, RequestKind(row.kind), row.key, row.conversation_id, row.channel, row.person_id, row.booking_code,
        row.summary, row.details, RequestState(row.state), row.answer, row.told, row.created_at, row.done_by,
        row.done_at,
    )  # fmt: skip
