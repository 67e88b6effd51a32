"""Where each fact comes from: one query per fact, used to add up a day and to list what a figure is made of alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, exists, func, literal, or_, select

from relevo.bookings.models import BookingRow, RoomNightRow
from relevo.bot.models import InteractionRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.calls.parts import CHANNEL as CALL
from relevo.calls.rules import Direction
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import TEMPLATE, Author, Kind
from relevo.desk.queue_models import QueueEntryRow
from relevo.outreach.models import FeedbackRow
from relevo.people.models import PersonRow
from relevo.reports.rules import RETURN, Fact

HAPPY = 4
PMS = "pms"
"""The channel of nights that were sold elsewhere."""
_NOBODY = literal("")
_NOTHING = literal(0)

Column = Any
"""A column or an expression: SQLAlchemy has no one type for both."""
Query = Any


@dataclass(frozen=True, slots=True)
class Source:
    """``at`` dates a row, by a moment or by a night; ``subject`` is its id, which a page of the console opens."""

    kind: str
    """conversation, call or booking"""
    subject: Column
    at: Column
    channel: Column
    staff_id: Column
    amount: Column
    over: Callable[[Query], Query]
    """Tables and conditions."""
    conversation: Column
    """Who may see that one may see the row."""


def _plain(*conditions: Column) -> Callable[[Query], Query]:
    return lambda query: query.where(*conditions)


def _messages(author: Author, *conditions: Column, amount: Column = _NOTHING) -> Source:
    own = func.coalesce(MessageRow.author_id, "") if author is Author.AGENT else _NOBODY
    return Source(
        "conversation", MessageRow.conversation_id, MessageRow.at, MessageRow.channel, own, amount,
        _plain(MessageRow.author == author.value, MessageRow.kind == Kind.TEXT.value, *conditions),
        MessageRow.conversation_id,
    )  # fmt: skip


def _conversations(at: Any, *conditions: Column) -> Source:
    own = func.coalesce(ConversationRow.agent_id, "")
    return Source(
        "conversation", ConversationRow.id, at, ConversationRow.channel, own, _NOTHING, _plain(*conditions),
        ConversationRow.id,
    )  # fmt: skip


def _calls(*conditions: Column, amount: Any = _NOTHING) -> Source:
    def over(query: Query) -> Query:
        return query.join(RecordingRow, RecordingRow.call_id == CallRow.id, isouter=True).where(*conditions)

    own = func.coalesce(RecordingRow.agent_id, "")
    return Source("call", CallRow.id, CallRow.started_at, CallRow.line, own, amount, over, CallRow.conversation_id)


def _bookings(at: Any, amount: Any = _NOTHING) -> Source:
    def over(query: Query) -> Query:
        return query.join(ConversationRow, ConversationRow.id == BookingRow.conversation_id)

    own = func.coalesce(ConversationRow.agent_id, "")
    return Source(
        "booking", BookingRow.code, at, ConversationRow.channel, own, amount, over, BookingRow.conversation_id
    )


def _nights(amount: Any, *, own: bool) -> Source:
    def over(query: Query) -> Query:
        query = query.join(BookingRow, BookingRow.id == RoomNightRow.booking_id, isouter=not own)
        query = query.join(ConversationRow, ConversationRow.id == BookingRow.conversation_id, isouter=not own)
        return query.where(RoomNightRow.status == "booked")

    return Source(
        "booking", func.coalesce(BookingRow.code, RoomNightRow.booking_id), RoomNightRow.night,
        func.coalesce(ConversationRow.channel, PMS), func.coalesce(ConversationRow.agent_id, ""), amount, over,
        BookingRow.conversation_id,
    )  # fmt: skip


def _feedback(*conditions: Column) -> Source:
    def over(query: Query) -> Query:
        query = query.join(BookingRow, BookingRow.id == FeedbackRow.booking_id)
        return query.join(ConversationRow, ConversationRow.id == BookingRow.conversation_id).where(*conditions)

    own = func.coalesce(ConversationRow.agent_id, "")
    return Source(
        "booking", BookingRow.code, FeedbackRow.at, ConversationRow.channel, own, FeedbackRow.score, over,
        BookingRow.conversation_id,
    )  # fmt: skip


def _turns(*conditions: Column) -> Source:
    return Source(
        "conversation", InteractionRow.conversation_id, InteractionRow.at, InteractionRow.channel, _NOBODY, _NOTHING,
        _plain(*conditions), InteractionRow.conversation_id,
    )  # fmt: skip


def _waits(at: Any, *conditions: Column, amount: Any = _NOTHING) -> Source:
    """Times that a person was needed."""
    entry = QueueEntryRow
    own = func.coalesce(entry.taken_by, "")
    return Source(
        "conversation", entry.conversation_id, at, entry.channel, own, amount, _plain(*conditions),
        entry.conversation_id,
    )  # fmt: skip


_spoke = and_(MessageRow.author == Author.AGENT.value, MessageRow.kind == Kind.TEXT.value)
_a_person_spoke = exists().where(MessageRow.conversation_id == ConversationRow.id, _spoke)
_before = MessageRow.__table__.alias("before_it")
_asked = MessageRow.__table__.alias("asked")
_earlier = MessageRow.__table__.alias("earlier")


def _text_before(table: Any, *authors: Author) -> Column:
    return and_(
        table.c.conversation_id == MessageRow.conversation_id, table.c.kind == Kind.TEXT.value,
        table.c.author.in_([author.value for author in authors]), table.c.seq < MessageRow.seq,
    )  # fmt: skip


_a_person_before = exists().where(_text_before(_earlier, Author.AGENT)).correlate(MessageRow)
_last_said = func.coalesce(
    select(_before.c.seq)
    .where(_text_before(_before, Author.BOT, Author.AGENT))
    .order_by(_before.c.seq.desc())
    .limit(1)
    .correlate(MessageRow)
    .scalar_subquery(),
    -1,
)
"""The last thing that the house said before a message."""
_asked_at = (
    select(_asked.c.at)
    .where(_text_before(_asked, Author.CUSTOMER), _asked.c.seq > _last_said)
    .order_by(_asked.c.seq)
    .limit(1)
    .correlate(MessageRow)
    .scalar_subquery()
)
"""When the customer wrote what a message answers: the first thing since the house spoke last."""
_answered_before = (
    exists().where(_text_before(_earlier, Author.CUSTOMER), _earlier.c.seq < _last_said).correlate(MessageRow)
)


def _gap(end: Any, begin: Any, dialect: str) -> Column:
    """Seconds and parts of them."""
    if dialect == "postgresql":
        return func.extract("epoch", end - begin)
    return (func.julianday(end) - func.julianday(begin)) * 86_400


def _seconds(end: Any, begin: Any, dialect: str) -> Column:
    return func.coalesce(func.round(_gap(end, begin, dialect)), 0)


def _days(end: Any, begin: Any, dialect: str) -> Column:
    return end - begin if dialect == "postgresql" else cast(func.julianday(end) - func.julianday(begin), Integer)


def _share_of_night(dialect: str) -> Column:
    """Shares of all nights add up to the total to the cent."""
    booking, night = BookingRow, RoomNightRow.night
    nights, number = _days(booking.check_out, booking.check_in, dialect), _days(night, booking.check_in, dialect)
    return booking.total * (number + 1) // nights - booking.total * number // nights


def _replies(author: Author, dialect: str, *conditions: Column) -> Source:
    waited = _seconds(MessageRow.at, _asked_at, dialect)
    return _messages(author, _asked_at.is_not(None), *conditions, amount=waited)


def _came_back(dialect: str) -> Column:
    """Whether the customer of a closed conversation wrote or called within ``RETURN``, by whatever channel, as
    whoever they were found to be as well."""
    closed = ConversationRow.closed_at
    me, alias = PersonRow.__table__.alias("me"), PersonRow.__table__.alias("also_me")
    root = (
        select(func.coalesce(me.c.merged_into, me.c.id))
        .where(me.c.id == ConversationRow.person_id)
        .correlate(ConversationRow)
        .scalar_subquery()
    )
    other, said = ConversationRow.__table__.alias("other"), MessageRow.__table__.alias("said")
    call = CallRow.__table__.alias("called")

    def soon(at: Any) -> Column:
        # No plain comparison: an index on times would find everybody's, where the person's own are few.
        return and_(_gap(at, closed, dialect) > 0, _seconds(at, closed, dialect) <= int(RETURN.total_seconds()))

    def wrote(*whose: Column) -> Column:
        mine = (said.c.conversation_id == other.c.id, said.c.author == Author.CUSTOMER.value)
        return exists().where(*whose, *mine, said.c.kind == Kind.TEXT.value, soon(said.c.at)).correlate(ConversationRow)

    def called(*whose: Column) -> Column:
        inbound = call.c.direction == Direction.INBOUND.value
        return exists().where(*whose, inbound, soon(call.c.started_at)).correlate(ConversationRow)

    also = select(alias.c.id).where(alias.c.merged_into == root).correlate(ConversationRow)
    # Apart, so that each is found by an index.
    return or_(
        wrote(other.c.person_id == root),
        wrote(other.c.person_id.in_(also)),
        called(call.c.person_id == root),
        called(call.c.person_id.in_(also)),
    )


def source(fact: Fact, dialect: str, now: datetime) -> Source:
    """The one definition of ``fact``; of those that are not told by a query, ``KeyError``."""
    entry = QueueEntryRow
    talked = _seconds(CallRow.ended_at, CallRow.answered_at, dialect)
    settled = ConversationRow.closed_at <= now - RETURN
    makers: dict[Fact, Callable[[], Source]] = {
        Fact.CONVERSATIONS: lambda: _conversations(ConversationRow.created_at),
        Fact.CLOSED: lambda: _conversations(ConversationRow.closed_at),
        Fact.CLOSED_BY_BOT: lambda: _conversations(ConversationRow.closed_at, ~_a_person_spoke),
        Fact.SETTLED: lambda: _conversations(ConversationRow.closed_at, settled),
        Fact.SETTLED_AT_ONCE: lambda: _conversations(ConversationRow.closed_at, settled, ~_came_back(dialect)),
        Fact.TAKEN: lambda: _messages(Author.AGENT, ~_a_person_before),
        Fact.MESSAGES_IN: lambda: _messages(Author.CUSTOMER),
        Fact.MESSAGES_BOT: lambda: _messages(Author.BOT),
        Fact.MESSAGES_AGENT: lambda: _messages(Author.AGENT),
        Fact.FIRST_BOT: lambda: _replies(Author.BOT, dialect, ~_answered_before),
        Fact.NEXT_BOT: lambda: _replies(Author.BOT, dialect, _answered_before),
        Fact.NEXT_PERSON: lambda: _replies(Author.AGENT, dialect, _a_person_before),
        Fact.FIRST_PERSON: lambda: _waits(
            entry.first_reply_at, amount=_seconds(entry.first_reply_at, entry.since, dialect)
        ),
        Fact.HANDLED: lambda: _waits(
            entry.ended_at, entry.taken_at.is_not(None), amount=_seconds(entry.ended_at, entry.taken_at, dialect)
        ),
        Fact.ENDED_CALLS: lambda: _waits(entry.ended_at, entry.channel == CALL),
        Fact.ABANDONED_CALLS: lambda: _waits(
            entry.ended_at, entry.channel == CALL, entry.ended_why == "abandoned"
        ),
        Fact.TEMPLATES: lambda: Source(
            "conversation", MessageRow.conversation_id, MessageRow.at, MessageRow.channel, _NOBODY, _NOTHING,
            _plain(MessageRow.channel == "whatsapp", MessageRow.meta[TEMPLATE].as_string().is_not(None)),
            MessageRow.conversation_id,
        ),
        Fact.CALLS: _calls,
        Fact.CALLS_ANSWERED: lambda: _calls(CallRow.answered_at.is_not(None), amount=talked),
        Fact.CALLS_OUT: lambda: _calls(
            CallRow.answered_at.is_not(None), CallRow.direction == Direction.OUTBOUND.value, amount=talked
        ),
        Fact.HOLDS: lambda: _bookings(BookingRow.created_at),
        Fact.SALES: lambda: _bookings(BookingRow.confirmed_at, BookingRow.total),
        Fact.CANCELLED: lambda: _bookings(BookingRow.cancelled_at, BookingRow.total),
        Fact.NIGHTS: lambda: _nights(_NOTHING, own=False),
        Fact.OWN_NIGHTS: lambda: _nights(_share_of_night(dialect), own=True),
        Fact.FEEDBACK: _feedback,
        Fact.HAPPY: lambda: _feedback(FeedbackRow.score >= HAPPY),
        Fact.TURNS: _turns,
        Fact.UNDERSTOOD: lambda: _turns(
            InteractionRow.success, case((InteractionRow.intent.is_(None), 0), else_=1) == 1
        ),
    }  # fmt: skip
    return makers[fact]()
