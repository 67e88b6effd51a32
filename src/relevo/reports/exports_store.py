"""The rows of the exports, in batches by key: a table of a million rows is never in memory at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from relevo.bookings.models import BookingRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.conversations.models import ConversationRow
from relevo.conversations.reach_store import within
from relevo.kit.db import Database
from relevo.people.models import PersonRow, StaffRow
from relevo.people.rules import Staff
from relevo.reports.sheets import Cell

BATCH = 500

Query = Any


@dataclass(frozen=True, slots=True)
class Table:
    """``fields``: key, type, column. The first two columns selected are the key that batches go by."""

    fields: tuple[tuple[str, Cell, Any], ...]
    at: Any
    id: Any
    query: Query
    channel: Any
    conversation: Any


_name = func.coalesce(PersonRow.name, PersonRow.profile_name, PersonRow.username)


def _conversations() -> Table:
    c = ConversationRow
    fields = (
        ("id", Cell.TEXT, c.id),
        ("began", Cell.MOMENT, c.created_at),
        ("closed", Cell.MOMENT, c.closed_at),
        ("channel", Cell.TEXT, c.channel),
        ("customer", Cell.TEXT, _name),
        ("state", Cell.TEXT, c.control),
        ("agent", Cell.TEXT, StaffRow.name),
        ("priority", Cell.TEXT, c.priority),
        ("reason", Cell.TEXT, c.reason),
        ("messages", Cell.COUNT, c.messages),
    )
    query = (
        select()
        .select_from(c)
        .join(PersonRow, PersonRow.id == c.person_id)
        .join(StaffRow, StaffRow.id == c.agent_id, isouter=True)
    )
    return Table(fields, c.created_at, c.id, query, c.channel, c.id)


def _calls() -> Table:
    c, r = CallRow, RecordingRow
    fields = (
        ("id", Cell.TEXT, c.id),
        ("began", Cell.MOMENT, c.started_at),
        ("answered", Cell.MOMENT, c.answered_at),
        ("ended", Cell.MOMENT, c.ended_at),
        ("direction", Cell.TEXT, c.direction),
        ("line", Cell.TEXT, c.line),
        ("from", Cell.TEXT, c.from_number),
        ("to", Cell.TEXT, c.to_number),
        ("customer", Cell.TEXT, _name),
        ("agent", Cell.TEXT, StaffRow.name),
        ("end_reason", Cell.TEXT, c.end_reason),
        ("ended_by", Cell.TEXT, c.ended_by),
        ("conversation", Cell.TEXT, c.conversation_id),
    )
    query = (
        select()
        .select_from(c)
        .join(PersonRow, PersonRow.id == c.person_id)
        .join(r, r.call_id == c.id, isouter=True)
        .join(StaffRow, StaffRow.id == r.agent_id, isouter=True)
    )
    return Table(fields, c.started_at, c.id, query, c.line, c.conversation_id)


def _recordings() -> Table:
    c, r = CallRow, RecordingRow
    fields = (
        ("id", Cell.TEXT, r.id),
        ("number", Cell.COUNT, r.number),
        ("began", Cell.MOMENT, r.started_at),
        ("ended", Cell.MOMENT, r.ended_at),
        ("length", Cell.SECONDS, r.milliseconds / 1000),
        ("size", Cell.COUNT, r.size),
        ("state", Cell.TEXT, r.state),
        ("customer", Cell.TEXT, _name),
        ("agent", Cell.TEXT, StaffRow.name),
        ("sha256", Cell.TEXT, r.sha256),
        ("call", Cell.TEXT, c.id),
    )
    query = (
        select()
        .select_from(r)
        .join(c, c.id == r.call_id)
        .join(PersonRow, PersonRow.id == c.person_id)
        .join(StaffRow, StaffRow.id == r.agent_id, isouter=True)
    )
    return Table(fields, r.started_at, r.id, query, c.line, c.conversation_id)


def _bookings() -> Table:
    b, c = BookingRow, ConversationRow
    fields = (
        ("code", Cell.TEXT, b.code),
        ("began", Cell.MOMENT, b.created_at),
        ("status", Cell.TEXT, b.status),
        ("deposit_status", Cell.TEXT, b.deposit_status),
        ("room_type", Cell.TEXT, b.type_name),
        ("room", Cell.TEXT, b.room_number),
        ("check_in", Cell.DAY, b.check_in),
        ("check_out", Cell.DAY, b.check_out),
        ("guests", Cell.COUNT, b.guests),
        ("children", Cell.COUNT, b.children),
        ("guest", Cell.TEXT, b.guest_name),
        ("phone", Cell.TEXT, b.guest_phone),
        ("email", Cell.TEXT, b.guest_email),
        ("total", Cell.MONEY, b.total),
        ("deposit", Cell.MONEY, b.deposit),
        ("paid", Cell.MONEY, b.paid),
        ("currency", Cell.TEXT, b.currency),
        ("channel", Cell.TEXT, c.channel),
        ("confirmed", Cell.MOMENT, b.confirmed_at),
        ("cancelled", Cell.MOMENT, b.cancelled_at),
        ("pms", Cell.TEXT, b.pms_number),
    )
    query = select().select_from(b).join(c, c.id == b.conversation_id)
    return Table(fields, b.created_at, b.id, query, c.channel, b.conversation_id)


TABLES = {"conversations": _conversations, "calls": _calls, "recordings": _recordings, "bookings": _bookings}
UNSUMMED = {"number"}
"""Counts of which a sum says nothing."""


async def batches(
    db: Database,
    kind: str,
    since: datetime,
    until: datetime,
    *,
    channel: str | None = None,
    viewer: Staff | None = None,
) -> AsyncIterator[Sequence[tuple[Any, ...]]]:
    """Rows from ``since`` up to and without ``until``, oldest first. A connection is held for one batch only."""
    table = TABLES[kind]()
    columns = [column.label(f"f{number}") for number, (_, _, column) in enumerate(table.fields)]
    query = table.query.with_only_columns(table.at.label("key_at"), table.id.label("key_id"), *columns)
    query = query.where(table.at >= since, table.at < until).order_by(table.at, table.id).limit(BATCH)
    query = query.where(table.channel == channel) if channel is not None else query
    query = within(query, viewer, table.conversation)
    after: tuple[datetime, str] | None = None
    while True:
        step = query
        if after is not None:
            later = and_(table.at == after[0], table.id > after[1])
            step = query.where(or_(table.at > after[0], later))
        async with db.read() as session:
            rows = (await session.execute(step)).all()
        if not rows:
            return
        yield [tuple(row)[2:] for row in rows]
        if len(rows) < BATCH:
            return
        after = (rows[-1].key_at, rows[-1].key_id)
