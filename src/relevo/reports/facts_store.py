"""Where each fact comes from: one query per fact, used to add up a day and to list what a figure is made of alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, exists, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings.models import BookingRow
from relevo.bot.models import InteractionRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import Author, Kind
from relevo.outreach.models import FeedbackRow
from relevo.reports.rules import Fact, Sum

HAPPY = 4
QUARTER = 900
_NOBODY = literal("")
_NOTHING = literal(0)

Column = Any
"""A column or an expression: SQLAlchemy has no one type for both."""
Query = Any


@dataclass(frozen=True, slots=True)
class Source:
    """``at`` dates a row; ``subject`` is its id, which a page of the console opens."""

    kind: str
    """conversation, call or booking"""
    subject: Column
    at: Column
    channel: Column
    staff_id: Column
    amount: Column
    over: Callable[[Query], Query]
    """Tables and conditions."""


def _plain(*conditions: Column) -> Callable[[Query], Query]:
    return lambda query: query.where(*conditions)


def _messages(author: Author) -> Source:
    own = func.coalesce(MessageRow.author_id, "") if author is Author.AGENT else _NOBODY
    return Source(
        "conversation", MessageRow.conversation_id, MessageRow.at, MessageRow.channel, own, _NOTHING,
        _plain(MessageRow.author == author.value, MessageRow.kind == Kind.TEXT.value),
    )  # fmt: skip


def _conversations(at: Any, *conditions: Column) -> Source:
    own = func.coalesce(ConversationRow.agent_id, "")
    return Source("conversation", ConversationRow.id, at, ConversationRow.channel, own, _NOTHING, _plain(*conditions))


def _calls(*conditions: Column, amount: Any = _NOTHING) -> Source:
    def over(query: Query) -> Query:
        return query.join(RecordingRow, RecordingRow.call_id == CallRow.id, isouter=True).where(*conditions)

    own = func.coalesce(RecordingRow.agent_id, "")
    return Source("call", CallRow.id, CallRow.started_at, CallRow.line, own, amount, over)


def _bookings(at: Any, amount: Any = _NOTHING) -> Source:
    def over(query: Query) -> Query:
        return query.join(ConversationRow, ConversationRow.id == BookingRow.conversation_id)

    own = func.coalesce(ConversationRow.agent_id, "")
    return Source("booking", BookingRow.code, at, ConversationRow.channel, own, amount, over)


def _feedback(*conditions: Column) -> Source:
    def over(query: Query) -> Query:
        query = query.join(BookingRow, BookingRow.id == FeedbackRow.booking_id)
        return query.join(ConversationRow, ConversationRow.id == BookingRow.conversation_id).where(*conditions)

    own = func.coalesce(ConversationRow.agent_id, "")
    return Source("booking", BookingRow.code, FeedbackRow.at, ConversationRow.channel, own, FeedbackRow.score, over)


def _turns(*conditions: Column) -> Source:
    return Source(
        "conversation", InteractionRow.conversation_id, InteractionRow.at, InteractionRow.channel, _NOBODY, _NOTHING,
        _plain(*conditions),
    )  # fmt: skip


_spoke = and_(MessageRow.author == Author.AGENT.value, MessageRow.kind == Kind.TEXT.value)
_a_person_spoke = exists().where(MessageRow.conversation_id == ConversationRow.id, _spoke)
_earlier = MessageRow.__table__.alias("earlier")
_first_words = ~exists().where(
    _earlier.c.conversation_id == MessageRow.conversation_id,
    _earlier.c.author == Author.AGENT.value,
    _earlier.c.kind == Kind.TEXT.value,
    _earlier.c.seq < MessageRow.seq,
)


def _seconds(end: Any, begin: Any, dialect: str) -> Column:
    if dialect == "postgresql":
        return func.coalesce(func.round(func.extract("epoch", end - begin)), 0)
    return func.coalesce(func.round((func.julianday(end) - func.julianday(begin)) * 86_400), 0)


def source(fact: Fact, dialect: str) -> Source:
    """The one definition of ``fact``."""
    match fact:
        case Fact.CONVERSATIONS:
            return _conversations(ConversationRow.created_at)
        case Fact.CLOSED:
            return _conversations(ConversationRow.closed_at)
        case Fact.CLOSED_BY_BOT:
            return _conversations(ConversationRow.closed_at, ~_a_person_spoke)
        case Fact.TAKEN:
            taken = _messages(Author.AGENT)
            return Source(
                taken.kind, taken.subject, taken.at, taken.channel, taken.staff_id, taken.amount,
                _plain(_spoke, _first_words),
            )  # fmt: skip
        case Fact.MESSAGES_IN:
            return _messages(Author.CUSTOMER)
        case Fact.MESSAGES_BOT:
            return _messages(Author.BOT)
        case Fact.MESSAGES_AGENT:
            return _messages(Author.AGENT)
        case Fact.CALLS:
            return _calls()
        case Fact.CALLS_ANSWERED:
            talked = _seconds(CallRow.ended_at, CallRow.answered_at, dialect)
            return _calls(CallRow.answered_at.is_not(None), amount=talked)
        case Fact.HOLDS:
            return _bookings(BookingRow.created_at)
        case Fact.SALES:
            return _bookings(BookingRow.confirmed_at, BookingRow.total)
        case Fact.CANCELLED:
            return _bookings(BookingRow.cancelled_at, BookingRow.total)
        case Fact.FEEDBACK:
            return _feedback()
        case Fact.HAPPY:
            return _feedback(FeedbackRow.score >= HAPPY)
        case Fact.TURNS:
            return _turns()
        case Fact.UNDERSTOOD:
            return _turns(InteractionRow.success, case((InteractionRow.intent.is_(None), 0), else_=1) == 1)


async def add_up(
    session: AsyncSession, fact: Fact, since: datetime, until: datetime
) -> list[tuple[datetime, str, str, Sum]]:
    """(quarter of an hour, channel, member of staff, sum) from ``since`` up to and without ``until``. Every day of
    every time zone begins with a quarter of an hour, so days are made of these without asking the database for each."""
    dialect = session.get_bind().dialect.name
    found = source(fact, dialect)
    quarter = _quarter(found.at, dialect)
    query: Query = select(
        quarter.label("quarter"),
        found.channel.label("channel"),
        found.staff_id.label("staff_id"),
        func.count().label("count"),
        func.coalesce(func.sum(found.amount), 0).label("total"),
    ).select_from(_table(found))
    query = found.over(query).where(found.at >= since, found.at < until)
    rows = await session.execute(query.group_by(quarter, found.channel, found.staff_id))
    return [
        (
            datetime.fromtimestamp(int(row.quarter) * QUARTER, UTC),
            row.channel,
            row.staff_id or "",
            Sum(row._mapping["count"], int(row.total)),
        )
        for row in rows
    ]


def _quarter(at: Any, dialect: str) -> Column:
    if dialect == "postgresql":
        return cast(func.floor(func.extract("epoch", at) / QUARTER), Integer)
    return cast(func.strftime("%s", at), Integer) // literal_column(str(QUARTER), Integer)


async def listing(
    session: AsyncSession,
    fact: Fact,
    since: datetime,
    until: datetime,
    *,
    channel: str | None = None,
    staff_id: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> tuple[str, list[tuple[str, datetime, str, str, int]]]:
    """What they are (conversation, call, booking) and (id, when, channel, member of staff, amount), latest first."""
    found = source(fact, session.get_bind().dialect.name)
    query: Query = select(
        found.subject.label("subject"), found.at.label("at"), found.channel.label("channel"),
        found.staff_id.label("staff_id"), found.amount.label("amount"),
    ).select_from(_table(found))  # fmt: skip
    query = found.over(query).where(found.at >= since, found.at < until)
    query = query.where(found.channel == channel) if channel is not None else query
    query = query.where(found.staff_id == staff_id) if staff_id is not None else query
    query = query.order_by(found.at.desc(), found.subject).offset(offset).limit(limit)
    rows = await session.execute(query)
    return found.kind, [(row.subject, row.at, row.channel, row.staff_id or "", int(row.amount)) for row in rows]


def _table(found: Source) -> Any:
    """Every date is a column of the table that has the rows."""
    return found.at.table
