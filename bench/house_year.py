"""A year of a busy house as plain rows, thrown with dice: conversations, messages, calls, bookings, nights, waits for a
person and marks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from relevo.bookings.models import BookingRow, RoomNightRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.desk.queue_models import QueueEntryRow
from relevo.kit.db import Database
from relevo.outreach.models import FeedbackRow
from relevo.people.models import PersonRow

CHANNELS = ("whatsapp", "whatsapp", "webchat", "email", "call")
PEOPLE = 20_000
ROOMS = 40
CHUNK = 2_000
TABLES = (ConversationRow, MessageRow, CallRow, RecordingRow, BookingRow, FeedbackRow, QueueEntryRow)
Row = dict[str, Any]


async def fill(
    db: Database, *, conversations: int, each: int, until: datetime, staff: list[str], days: int = 365, open_: int = 200
) -> None:
    """``conversations`` of ``each`` messages, begun in the ``days`` before ``until``; ``open_`` are still open."""
    dice = random.Random(7)  # noqa: S311
    people = [{"id": f"per_y{n}", "name": f"Cliente {n}", "created_at": until} for n in range(PEOPLE)]
    async with db.write() as tx:
        await tx.session.execute(insert(PersonRow), people)
        nights = list(_nights(dice, (until - timedelta(days=days)).date(), days))
        await tx.session.execute(insert(RoomNightRow), nights)
    chunk: dict[type, list[Row]] = {}
    for number in range(conversations):
        for table, row in _one(number, dice, each, until, days, staff, still_open=number < open_):
            chunk.setdefault(table, []).append(row)
        if number % CHUNK == CHUNK - 1 or number == conversations - 1:
            async with db.write() as tx:
                for table in TABLES:
                    if rows := chunk.pop(table, None):
                        await tx.session.execute(insert(table), rows)


def _one(
    number: int, dice: random.Random, each: int, until: datetime, days: int, staff: list[str], *, still_open: bool
) -> Iterator[tuple[type, Row]]:
    at = until - timedelta(seconds=dice.randrange(3_600 if still_open else days * 86_400))
    channel, human = dice.choice(CHANNELS), dice.random() < 0.3
    id_, who = f"cnv_y{number}", dice.choice(staff)
    closed = None if still_open else min(at + timedelta(minutes=dice.randrange(5, 600)), until)
    control = "closed" if closed else dice.choice(("bot", "queued", "agent"))
    if human:
        since = at + timedelta(seconds=60)
        taken = since + timedelta(seconds=dice.randrange(400))
        lost = dice.random() < 0.1
        yield QueueEntryRow, {
            "id": f"qen_y{number}", "conversation_id": id_, "person_id": "per_y0",
            "channel": "call" if channel == "call" else channel, "priority": "normal", "skills": {},
            "state": "ended" if closed else "taken", "since": since, "offers": 1, "declined": {}, "requeues": 0,
            "closed_hours": False, "taken_at": None if lost else taken, "taken_by": None if lost else who,
            "first_reply_at": None if lost else taken + timedelta(seconds=dice.randrange(90)), "ended_at": closed,
            "ended_why": None if closed is None else "abandoned" if lost else "resolved",
        }  # fmt: skip
    yield ConversationRow, {
        "id": id_, "channel": channel, "person_id": f"per_y{dice.randrange(PEOPLE)}", "control": control,
        "control_version": 1, "agent_id": who if human or control == "agent" else None, "created_at": at,
        "closed_at": closed, "priority": "normal", "unread": 0, "messages": each, "meta": {}, "last_at": at,
        "last_text": "Gracias", "last_author": "customer",
    }  # fmt: skip
    for seq in range(1, each + 1):
        author = ("customer", "agent" if human and seq > 3 else "bot")[seq % 2]
        yield MessageRow, {
            "id": f"msg_y{number}_{seq}", "conversation_id": id_, "seq": seq, "channel": channel, "handed": 0,
            "author": author, "author_id": who if author == "agent" else None, "kind": "text",
            "text": "Hola, quería saber si hay lugar para el fin de semana", "buttons": [], "meta": {},
            "at": at + timedelta(seconds=20 * seq),
        }  # fmt: skip
    if channel == "call":
        ended = at + timedelta(seconds=dice.randrange(20, 500))
        answered = at + timedelta(seconds=4) if dice.random() < 0.9 else None
        yield CallRow, {
            "id": f"cal_y{number}", "conversation_id": id_, "person_id": f"per_y{dice.randrange(PEOPLE)}",
            "direction": "inbound", "line": "twilio",
            "from_number": "+5493415550000", "to_number": "+543414000000", "status": "ended", "node": "n",
            "started_at": at, "answered_at": answered, "ended_at": ended,
        }  # fmt: skip
        if answered:
            yield RecordingRow, {
                "id": f"rec_y{number}", "call_id": f"cal_y{number}", "started_at": at, "state": "kept", "markers": [],
                "agent_id": who if human else None,
            }  # fmt: skip
    if dice.random() < 0.2:
        yield from _booking(number, dice, id_, at, until)


def _nights(dice: random.Random, first: date, days: int) -> Iterator[Row]:
    for day in range(days):
        for room in range(ROOMS):
            if dice.random() < 0.7:
                yield {
                    "property": "main", "room": str(room), "night": first + timedelta(days=day),
                    "booking_id": f"pms:{room}.{day}", "status": "booked", "expires_at": None,
                }  # fmt: skip


def _booking(
    number: int, dice: random.Random, thread: str, at: datetime, until: datetime
) -> Iterator[tuple[type, Row]]:
    sold = min(at + timedelta(hours=dice.randrange(1, 40)), until) if dice.random() < 0.6 else None
    arrives = (at + timedelta(days=dice.randrange(5, 60))).date()
    yield BookingRow, {
        "id": f"bkg_y{number}", "code": f"RL-Y{number}", "status": "confirmed" if sold else "expired",
        "room_number": "201", "room_type": "doble", "type_name": "Doble", "check_in": arrives,
        "check_out": arrives + timedelta(days=3), "guests": 2, "children": 0, "babies": 0,
        "total": dice.randrange(10_000_000, 60_000_000), "deposit": 4_000_000, "currency": "ARS",
        "deposit_status": "confirmed" if sold else "requested", "hold_expires_at": at, "extensions": 0,
        "conversation_id": thread, "person_id": "per_y0", "created_at": at, "confirmed_at": sold, "version": 1,
        "paid": 0, "refund": 0, "tries": 0,
    }  # fmt: skip
    if sold and dice.random() < 0.4:
        yield FeedbackRow, {"booking_id": f"bkg_y{number}", "score": dice.choice((2, 3, 4, 5, 5)), "via": "chat",
                            "at": min(sold + timedelta(days=5), until)}  # fmt: skip
