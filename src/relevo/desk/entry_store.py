"""All queries of what waits in queues: entries, offers, how it ended, who is to be called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.rules import Priority
from relevo.desk.queue_models import ConversationResultRow, PlannedCallbackRow, QueueEntryRow, QueueOfferRow
from relevo.desk.queue_rules import Ended, Entry, EntryState, Passed
from relevo.desk.routing import Match
from relevo.kit.db import upsert

MOST_LIVE = 5_000
_LIVE = QueueEntryRow.state != EntryState.ENDED.value


@dataclass(frozen=True, slots=True)
class Chosen:
    """How one conversation ended."""

    id: str
    conversation_id: str
    entry_id: str
    queue_id: str | None
    code: str
    name: str
    good: bool | None
    note: str | None
    callback_at: datetime | None
    do_not_call: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody is to be called."""

    id: str
    conversation_id: str
    person_id: str
    number: str
    begin: datetime
    end: datetime
    asked_at: datetime
    why: str
    done_at: datetime | None = None
    done_by: str | None = None


async def add(session: AsyncSession, entry: Entry) -> None:
    await session.execute(insert(QueueEntryRow).values(**_values(entry)))


async def live_of(session: AsyncSession, conversation_id: str) -> Entry | None:
    query = select(QueueEntryRow).where(QueueEntryRow.conversation_id == conversation_id, _LIVE)
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    return _entry(row) if row else None


async def last_of(session: AsyncSession, conversation_id: str) -> Entry | None:
    """The one that lives, or else the one that ended last."""
    query = (
        select(QueueEntryRow)
        .where(QueueEntryRow.conversation_id == conversation_id)
        .order_by(_LIVE.desc(), QueueEntryRow.since.desc(), QueueEntryRow.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    return _entry(row) if row else None


async def by_id(session: AsyncSession, entry_id: str, *, lock: bool = False) -> Entry | None:
    query = select(QueueEntryRow).where(QueueEntryRow.id == entry_id).execution_options(populate_existing=True)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _entry(row) if row else None


async def live(
    session: AsyncSession, *states: EntryState, offered_to: str | None = None, taken_by: str | None = None
) -> list[Entry]:
    query = select(QueueEntryRow).where(_LIVE).order_by(QueueEntryRow.since, QueueEntryRow.id).limit(MOST_LIVE)
    if states:
        query = query.where(QueueEntryRow.state.in_([each.value for each in states]))
    if offered_to is not None:
        query = query.where(QueueEntryRow.offered_to == offered_to)
    if taken_by is not None:
        query = query.where(QueueEntryRow.taken_by == taken_by)
    rows = (await session.execute(query.execution_options(populate_existing=True))).scalars()
    return [_entry(row) for row in rows]


async def change(
    session: AsyncSession, entry_id: str, *, only: ColumnElement[bool] | None = None, **values: Any
) -> Entry | None:  # noqa: E501
    query = update(QueueEntryRow).where(QueueEntryRow.id == entry_id)
    if only is not None:
        query = query.where(only)
    row = (
        await session.execute(query.values(**values).returning(QueueEntryRow).execution_options(populate_existing=True))
    ).scalar_one_or_none()
    return _entry(row) if row else None


async def offer(session: AsyncSession, entry: Entry, match: Match, at: datetime, until: datetime) -> Entry | None:
    """None: it waits no more."""
    changed = await change(
        session, entry.id, only=QueueEntryRow.state == EntryState.WAITING.value, state=EntryState.OFFERED.value,
        offered_to=match.advice.agent_id, offered_until=until, offers=entry.offers + 1,
    )  # fmt: skip
    if changed is not None:
        await add_offer(session, changed, match, at, until)
    return changed


async def add_offer(
    session: AsyncSession, entry: Entry, match: Match, at: datetime, until: datetime | None, outcome: str | None = None
) -> None:
    await session.execute(
        insert(QueueOfferRow).values(
            entry_id=entry.id, number=entry.offers, staff_id=match.advice.agent_id, at=at, until=until,
            outcome=outcome, advised_by=match.advice.by, confidence=match.advice.confidence, among=list(match.among),
        )
    )  # fmt: skip


async def offer_over(
    session: AsyncSession, entry_id: str, number: int, *, declined: Mapping[str, datetime]
) -> Entry | None:
    """Back to waiting. None: that offer stands no more."""
    return await change(
        session, entry_id,
        only=(QueueEntryRow.state == EntryState.OFFERED.value) & (QueueEntryRow.offers == number),
        state=EntryState.WAITING.value, offered_to=None, offered_until=None,
        declined={who: until.isoformat() for who, until in declined.items()},
    )  # fmt: skip


async def replied(session: AsyncSession, conversation_id: str, at: datetime) -> None:
    """Somebody of ours answered: the first time counts."""
    await session.execute(
        update(QueueEntryRow)
        .where(QueueEntryRow.conversation_id == conversation_id, _LIVE, QueueEntryRow.first_reply_at.is_(None))
        .values(first_reply_at=at)
    )


async def settle_offer(session: AsyncSession, entry_id: str, number: int, outcome: Passed) -> None:
    await session.execute(
        update(QueueOfferRow)
        .where(QueueOfferRow.entry_id == entry_id, QueueOfferRow.number == number, QueueOfferRow.outcome.is_(None))
        .values(outcome=outcome.value)
    )


async def last_agent(session: AsyncSession, person_ids: Collection[str]) -> str | None:
    """Who of the staff had this customer last."""
    query = (
        select(QueueEntryRow.taken_by)
        .where(QueueEntryRow.person_id.in_(list(person_ids)), QueueEntryRow.taken_by.is_not(None))
        .order_by(QueueEntryRow.since.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def last_taken(session: AsyncSession) -> dict[str, datetime]:
    """When each of them began with something last."""
    query = select(QueueEntryRow.taken_by, func.max(QueueEntryRow.taken_at)).group_by(QueueEntryRow.taken_by)
    rows = await session.execute(query.where(QueueEntryRow.taken_by.is_not(None), QueueEntryRow.taken_at.is_not(None)))
    return {who: at for who, at in rows.all() if who is not None and at is not None}


async def loads(session: AsyncSession) -> dict[str, Counter[str]]:
    """How many of each channel everybody has."""
    query = (
        select(QueueEntryRow.taken_by, QueueEntryRow.channel, func.count())
        .where(QueueEntryRow.state == EntryState.TAKEN.value, QueueEntryRow.taken_by.is_not(None))
        .group_by(QueueEntryRow.taken_by, QueueEntryRow.channel)
    )
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for who, channel, count in (await session.execute(query)).all():
        found[who or ""][channel] = count
    return dict(found)


async def ended_since(
    session: AsyncSession,
    since: datetime,
    until: datetime | None = None,
    *,
    limit: int = 20_000,
    queues: Collection[str] | None = None,
) -> list[Entry]:
    """Up to and without ``until``; of these ``queues``, or of all."""
    query = select(QueueEntryRow).where(QueueEntryRow.ended_at >= since)
    if until is not None:
        query = query.where(QueueEntryRow.ended_at < until)
    if queues is not None:
        query = query.where(QueueEntryRow.queue_id.in_(sorted(queues)))
    query = query.order_by(QueueEntryRow.ended_at, QueueEntryRow.id).limit(limit)
    return [_entry(row) for row in (await session.execute(query)).scalars()]


async def put_result(session: AsyncSession, chosen: Chosen) -> None:
    values = {
        "queue_id": chosen.queue_id, "code": chosen.code, "name": chosen.name, "good": chosen.good,
        "note": chosen.note, "callback_at": chosen.callback_at, "do_not_call": chosen.do_not_call, "by": chosen.by,
        "at": chosen.at,
    }  # fmt: skip
    row = upsert(session, ConversationResultRow).values(
        id=chosen.id, conversation_id=chosen.conversation_id, entry_id=chosen.entry_id, **values
    )
    await session.execute(row.on_conflict_do_update(index_elements=["entry_id"], set_=values))


async def result_of(session: AsyncSession, entry_id: str) -> Chosen | None:
    query = select(ConversationResultRow).where(ConversationResultRow.entry_id == entry_id)
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    return _chosen(row) if row else None


async def without_result(
    session: AsyncSession, staff_id: str, queue_ids: Collection[str], since: datetime
) -> list[Entry]:  # noqa: E501
    """What somebody had and ended, of queues that want to know how, and nobody has said."""
    query = (
        select(QueueEntryRow)
        .outerjoin(ConversationResultRow, ConversationResultRow.entry_id == QueueEntryRow.id)
        .where(
            QueueEntryRow.taken_by == staff_id, QueueEntryRow.since >= since,
            QueueEntryRow.state == EntryState.ENDED.value, QueueEntryRow.queue_id.in_(list(queue_ids)),
            ConversationResultRow.id.is_(None),
        )
        .order_by(QueueEntryRow.ended_at.desc())
        .limit(100)
    )  # fmt: skip
    return [_entry(row) for row in (await session.execute(query)).scalars()]


async def plan(session: AsyncSession, planned: Planned) -> None:
    await session.execute(
        insert(PlannedCallbackRow).values(
            id=planned.id, conversation_id=planned.conversation_id, person_id=planned.person_id,
            number=planned.number, begin_at=planned.begin, end_at=planned.end, asked_at=planned.asked_at,
            why=planned.why,
        )
    )  # fmt: skip


async def planned(session: AsyncSession, planned_id: str | None = None) -> list[Planned]:
    """Who is still to be called, the first one first; or the one with that id, called or not."""
    query = select(PlannedCallbackRow).order_by(PlannedCallbackRow.begin_at, PlannedCallbackRow.id)
    open_ = PlannedCallbackRow.done_at.is_(None)
    query = query.where(open_ if planned_id is None else PlannedCallbackRow.id == planned_id).limit(500)
    rows = (await session.execute(query.execution_options(populate_existing=True))).scalars()
    return [
        Planned(
            row.id, row.conversation_id, row.person_id, row.number, row.begin_at, row.end_at, row.asked_at, row.why,
            row.done_at, row.done_by,
        )
        for row in rows
    ]  # fmt: skip


async def planned_done(session: AsyncSession, planned_id: str, *, by: str, at: datetime) -> bool:
    done = await session.execute(
        update(PlannedCallbackRow)
        .where(PlannedCallbackRow.id == planned_id, PlannedCallbackRow.done_at.is_(None))
        .values(done_at=at, done_by=by)
        .returning(PlannedCallbackRow.id)
    )
    return done.first() is not None


async def forget(session: AsyncSession, conversation_id: str) -> None:
    """What was written about a conversation of which nothing is left; that it was, and how it ended, stays."""
    words = update(QueueEntryRow).where(QueueEntryRow.conversation_id == conversation_id, ~_LIVE)
    await session.execute(words.values(reason=None))
    await session.execute(
        update(ConversationResultRow).where(ConversationResultRow.conversation_id == conversation_id).values(note=None)
    )
    await session.execute(delete(PlannedCallbackRow).where(PlannedCallbackRow.conversation_id == conversation_id))


async def results_since(session: AsyncSession, since: datetime) -> dict[str, Chosen]:
    """By entry."""
    query = select(ConversationResultRow).where(ConversationResultRow.at >= since)
    return {row.entry_id: _chosen(row) for row in (await session.execute(query)).scalars()}


async def offers_since(session: AsyncSession, since: datetime) -> Sequence[QueueOfferRow]:
    """Accepted ones."""
    query = select(QueueOfferRow).where(QueueOfferRow.at >= since, QueueOfferRow.outcome == Passed.ACCEPTED.value)
    return (await session.execute(query.order_by(QueueOfferRow.at))).scalars().all()


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id, "conversation_id": entry.conversation_id, "person_id": entry.person_id,
        "queue_id": entry.queue_id, "channel": entry.channel, "language": entry.language, "reason": entry.reason,
        "priority": entry.priority.value, "skills": dict(entry.skills), "state": entry.state.value,
        "since": entry.since, "offers": 0, "declined": {}, "last_agent_id": entry.last_agent_id, "requeues": 0,
        "closed_hours": entry.closed_hours, "callback_offered": entry.callback_offered, "taken_at": entry.taken_at,
        "taken_by": entry.taken_by,
    }  # fmt: skip


def _entry(row: QueueEntryRow) -> Entry:
    return Entry(
        row.id, row.conversation_id, row.person_id, row.queue_id, row.channel, row.language, row.reason,
        Priority(row.priority), row.skills, EntryState(row.state), row.since, row.offered_to, row.offered_until,
        row.offers, {who: datetime.fromisoformat(until) for who, until in row.declined.items()}, row.last_agent_id,
        row.requeues, row.requeued_why, row.closed_hours, row.callback_offered, row.taken_at, row.taken_by,
        row.first_reply_at, row.ended_at, row.ended_why,
    )  # fmt: skip


def _chosen(row: ConversationResultRow) -> Chosen:
    return Chosen(
        row.id, row.conversation_id, row.entry_id, row.queue_id, row.code, row.name, row.good, row.note,
        row.callback_at, row.do_not_call, row.by, row.at,
    )  # fmt: skip


def abandoned(entry: Entry) -> bool:
    return entry.ended_why == Ended.ABANDONED.value
