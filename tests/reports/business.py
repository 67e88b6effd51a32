"""Eleven days of a house across a change of the clock, thrown with dice, and every fact of them counted by hand."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from relevo.bookings.models import BookingRow, RoomNightRow
from relevo.bot.models import InteractionRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.desk.queue_models import QueueEntryRow
from relevo.kit.db import Database
from relevo.outreach.models import FeedbackRow
from relevo.people.models import PersonRow
from relevo.reports import rules, spreads
from relevo.reports.rules import Fact, Figure, Sum

MADRID = ZoneInfo("Europe/Madrid")
FIRST, LAST = date(2026, 10, 20), date(2026, 10, 30)
"""The clock goes back in the night to 25 October."""
ROOMS = 20
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = ("per_1", "per_2", "per_3", "per_4")
SAME = {"per_4": "per_3"}
"""Found to be the same."""
CHANNELS = ("webchat", "whatsapp", "call")
Row = dict[str, Any]


class Business:
    """Kept as plain rows to count by hand."""

    def __init__(self, seed: int, staff: str, now: datetime = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)) -> None:
        self.now = now
        self.dice = random.Random(seed)
        self.staff = staff
        self.rows: dict[type, list[Row]] = {
            each: [] for each in (ConversationRow, MessageRow, CallRow, RecordingRow, BookingRow, FeedbackRow,
                                  InteractionRow, QueueEntryRow, RoomNightRow)
        }  # fmt: skip
        for number in range(120):
            self.conversation(number)

    def moment(self) -> datetime:
        begin = datetime.combine(FIRST, datetime.min.time(), MADRID)
        return (begin + timedelta(seconds=self.dice.randrange(11 * 86_400))).astimezone(UTC)

    def conversation(self, number: int) -> None:
        dice, at, id_ = self.dice, self.moment(), f"cnv_{number}"
        channel, human = dice.choice(CHANNELS), dice.random() < 0.4
        closed = self.moment() if dice.random() < 0.7 else None
        person = dice.choice(PEOPLE)
        self.rows[ConversationRow].append({
            "id": id_, "channel": channel, "person_id": person, "control": "closed" if closed else "bot",
            "control_version": 1, "agent_id": self.staff if human else None, "created_at": at, "closed_at": closed,
            "priority": "normal", "unread": 0, "messages": 6, "meta": {},
        })  # fmt: skip
        moments = sorted(at + timedelta(seconds=dice.randrange(dice.choice((20, 900, 90_000)))) for _ in range(6))
        for seq in range(1, 7):
            author = dice.choice(("customer", "bot", "agent") if human else ("customer", "bot"))
            self.rows[MessageRow].append({
                "id": f"msg_{number}_{seq}", "conversation_id": id_, "seq": seq, "channel": channel, "handed": 0,
                "author": author, "author_id": self.staff if author == "agent" else None,
                "kind": dice.choice(("text", "text", "note", "event")), "text": "x", "buttons": [],
                "meta": {"template": {"name": "t"}} if dice.random() < 0.1 else {}, "at": moments[seq - 1],
            })  # fmt: skip
        self.rows[InteractionRow].append({
            "id": f"int_{number}", "conversation_id": id_, "person_id": "per_1", "channel": channel, "confidence": 0.5,
            "intent": dice.choice((None, "saludo")), "action": "", "api_calls": [], "processing_ms": 1.0,
            "success": dice.random() < 0.8, "at": at,
        })  # fmt: skip
        if channel == "call":
            self.call(number, id_, at, person)
        if human:
            self.wait(number, id_, channel, at)
        if dice.random() < 0.5:
            self.booking(number, id_, at)

    def wait(self, number: int, conversation: str, channel: str, at: datetime) -> None:
        dice = self.dice
        since = at + timedelta(seconds=dice.randrange(600))
        taken = since + timedelta(seconds=dice.randrange(2_000)) if dice.random() < 0.8 else None
        ended = (taken or since) + timedelta(seconds=dice.randrange(90_000)) if dice.random() < 0.8 else None
        self.rows[QueueEntryRow].append({
            "id": f"qen_{number}", "conversation_id": conversation, "person_id": "per_1", "channel": channel,
            "priority": "normal", "skills": {}, "state": "ended" if ended else "taken", "since": since, "offers": 0,
            "declined": {}, "requeues": 0, "taken_at": taken, "taken_by": self.staff if taken else None,
            "first_reply_at": taken + timedelta(seconds=dice.randrange(900)) if taken else None, "ended_at": ended,
            "ended_why": None if ended is None else "resolved" if taken else "abandoned",
        })  # fmt: skip

    def call(self, number: int, conversation: str, at: datetime, person: str) -> None:
        answered = at + timedelta(seconds=5) if self.dice.random() < 0.8 else None
        ended = at + timedelta(seconds=5 + self.dice.randrange(1, 400))
        self.rows[CallRow].append({
            "id": f"cal_{number}", "conversation_id": conversation, "person_id": person,
            "direction": self.dice.choice(("inbound", "inbound", "outbound")),
            "line": "twilio", "from_number": "1", "to_number": "2", "status": "ended", "node": "n", "started_at": at,
            "answered_at": answered, "ended_at": ended,
        })  # fmt: skip
        if answered:
            self.rows[RecordingRow].append({
                "id": f"rec_{number}", "call_id": f"cal_{number}", "started_at": at, "state": "kept", "markers": [],
                "agent_id": self.dice.choice((None, self.staff)),
            })  # fmt: skip

    def booking(self, number: int, conversation: str, at: datetime) -> None:
        dice = self.dice
        self.rows[BookingRow].append({
            "id": f"bkg_{number}", "code": f"RL-{number}", "status": "confirmed", "room_number": "1", "room_type": "d",
            "type_name": "D", "check_in": FIRST, "check_out": LAST, "guests": 2, "children": 0, "babies": 0,
            "total": dice.randrange(10**9), "deposit": 1, "currency": "EUR", "deposit_status": "confirmed",
            "hold_expires_at": at, "extensions": 0, "conversation_id": conversation, "person_id": "per_1",
            "created_at": at, "confirmed_at": self.moment() if dice.random() < 0.6 else None,
            "cancelled_at": self.moment() if dice.random() < 0.2 else None, "version": 1, "paid": 0, "refund": 0,
            "tries": 0,
        })  # fmt: skip
        for night in range((LAST - FIRST).days):
            mine = dice.random() < 0.5
            self.rows[RoomNightRow].append({
                "property": "main", "room": f"{number}", "night": FIRST + timedelta(days=night),
                "booking_id": f"bkg_{number}" if mine else f"pms:{number}.{night}",
                "status": dice.choice(("booked", "booked", "hold")), "expires_at": None,
            })  # fmt: skip
        if dice.random() < 0.5:
            mark = {"booking_id": f"bkg_{number}", "score": dice.randrange(1, 6), "via": "chat", "at": self.moment()}
            self.rows[FeedbackRow].append(mark)

    async def store(self, db: Database) -> None:
        async with db.write() as tx:
            people = [
                {
                    "id": each,
                    "name": "Ana",
                    "merged_into": SAME.get(each),
                    "created_at": LONG_AGO,
                }
                for each in PEOPLE
            ]
            await tx.session.execute(insert(PersonRow), people)
            for table, rows in self.rows.items():
                if rows:
                    await tx.session.execute(insert(table), rows)

    def replies(self) -> Iterable[tuple[str, Row, int]]:
        """(bot or agent, the answer, seconds): whatever the house said after the customer had said something."""
        for thread in self.rows[ConversationRow]:
            said = [row for row in self.rows[MessageRow] if row["conversation_id"] == thread["id"]]
            asked: datetime | None = None
            answered = person = False
            for row in sorted((each for each in said if each["kind"] == "text"), key=lambda each: int(each["seq"])):
                if row["author"] == "customer":
                    asked = asked or row["at"]
                    continue
                if asked is not None:
                    which = ("next_bot" if answered else "first_bot") if row["author"] == "bot" else "next_person"
                    if row["author"] == "bot" or person:
                        yield which, row, round((row["at"] - asked).total_seconds())
                    answered = True
                asked, person = None, person or row["author"] == "agent"

    def came_back(self, thread: Row) -> bool:
        root = SAME.get(thread["person_id"], thread["person_id"])

        def theirs(row: Row) -> bool:
            return bool(SAME.get(row["person_id"], row["person_id"]) == root)

        mine = {row["id"] for row in self.rows[ConversationRow] if theirs(row)}
        words = [row for row in self.rows[MessageRow] if row["author"] == "customer" and row["kind"] == "text"]
        said = [row["at"] for row in words if row["conversation_id"] in mine]
        calls = [row for row in self.rows[CallRow] if row["direction"] == "inbound"]
        called = [row["started_at"] for row in calls if theirs(row)]
        closed = thread["closed_at"]
        return any(closed < at <= closed + timedelta(days=7) for at in said + called)

    def sales_of_nights(self) -> Iterable[Row]:
        stays = {row["id"]: row for row in self.rows[BookingRow]}
        for row in self.rows[RoomNightRow]:
            stay = stays.get(row["booking_id"])
            if stay is not None and row["status"] == "booked":
                nights, number = (LAST - FIRST).days, (row["night"] - FIRST).days
                share = stay["total"] * (number + 1) // nights - stay["total"] * number // nights
                yield row | {"share": share}

    def by_hand(self, fact: Fact, since: date, until: date) -> Sum:
        """Counted without a database."""

        def within(at: datetime | date | None) -> bool:
            if at is None or isinstance(at, datetime):
                return at is not None and since <= at.astimezone(MADRID).date() <= until
            return since <= at <= until

        def total(rows: Iterable[Row], date_of: str, amount: str | None = None, *, spread: bool = False) -> Sum:
            found = [row for row in rows if within(row[date_of])]
            counts: dict[int, int] = {}
            for row in found if spread else ():
                number = spreads.stretch(row["seconds"])
                counts[number] = counts.get(number, 0) + 1
            return Sum(len(found), sum(row[amount] for row in found) if amount else 0, counts)

        def lasting(rows: Iterable[Row], begin: str, end: str) -> list[Row]:
            return [row | {"seconds": round((row[end] - row[begin]).total_seconds())} for row in rows if row[end]]

        words = [row for row in self.rows[MessageRow] if row["kind"] == "text"]
        first: dict[str, Row] = {}
        for row in words:
            if row["author"] == "agent":
                first.setdefault(row["conversation_id"], row)
        threads, calls = self.rows[ConversationRow], self.rows[CallRow]
        answered = [row for row in calls if row["answered_at"]]
        turns = self.rows[InteractionRow]
        talked = [row | {"talk": round((row["ended_at"] - row["answered_at"]).total_seconds())} for row in answered]
        waits = self.rows[QueueEntryRow]
        settled = [row for row in threads if row["closed_at"] and row["closed_at"] <= self.now - rules.RETURN]
        nights = [row for row in self.rows[RoomNightRow] if row["status"] == "booked"]
        match fact:
            case Fact.FIRST_BOT | Fact.NEXT_BOT | Fact.NEXT_PERSON:
                mine = [row | {"seconds": seconds} for which, row, seconds in self.replies() if which == fact.value]
                return total(mine, "at", "seconds", spread=True)
            case Fact.FIRST_PERSON:
                return total(lasting(waits, "since", "first_reply_at"), "first_reply_at", "seconds", spread=True)
            case Fact.HANDLED:
                taken = lasting([row for row in waits if row["taken_at"]], "taken_at", "ended_at")
                return total(taken, "ended_at", "seconds")
            case Fact.ENDED_CALLS | Fact.ABANDONED_CALLS:
                ended = [row for row in waits if row["channel"] == "call"]
                lost = [row for row in ended if row["ended_why"] == "abandoned"]
                return total(ended if fact is Fact.ENDED_CALLS else lost, "ended_at")
            case Fact.SETTLED:
                return total(settled, "closed_at")
            case Fact.SETTLED_AT_ONCE:
                return total([row for row in settled if not self.came_back(row)], "closed_at")
            case Fact.TEMPLATES:
                sent = [row for row in self.rows[MessageRow] if row["meta"] and row["channel"] == "whatsapp"]
                return total(sent, "at")
            case Fact.CALLS_OUT:
                return total([row for row in talked if row["direction"] == "outbound"], "started_at", "talk")
            case Fact.NIGHTS:
                return total(nights, "night")
            case Fact.OWN_NIGHTS:
                return total(self.sales_of_nights(), "night", "share")
            case Fact.ROOMS:
                known, last = max(since, min(row["night"] for row in nights)), min(until, self.now.date())
                return Sum(ROOMS * len(rules.days_of(known, last)))
            case Fact.SHIFT | Fact.BUSY | Fact.PROMISES | Fact.PROMISES_KEPT:
                return Sum()
            case Fact.COST:
                raise AssertionError("no price was set")
            case Fact.CONVERSATIONS:
                return total(threads, "created_at")
            case Fact.CLOSED:
                return total(threads, "closed_at")
            case Fact.CLOSED_BY_BOT:
                return total([row for row in threads if row["id"] not in first], "closed_at")
            case Fact.TAKEN:
                return total(first.values(), "at")
            case Fact.MESSAGES_IN | Fact.MESSAGES_BOT | Fact.MESSAGES_AGENT:
                author = {"messages_in": "customer", "messages_bot": "bot", "messages_agent": "agent"}[fact.value]
                return total([row for row in words if row["author"] == author], "at")
            case Fact.CALLS:
                return total(calls, "started_at")
            case Fact.CALLS_ANSWERED:
                return total(talked, "started_at", "talk")
            case Fact.HOLDS:
                return total(self.rows[BookingRow], "created_at")
            case Fact.SALES:
                return total(self.rows[BookingRow], "confirmed_at", "total")
            case Fact.CANCELLED:
                return total(self.rows[BookingRow], "cancelled_at", "total")
            case Fact.FEEDBACK:
                return total(self.rows[FeedbackRow], "at", "score")
            case Fact.HAPPY:
                return Sum(total([row for row in self.rows[FeedbackRow] if row["score"] >= 4], "at").count)
            case Fact.TURNS:
                return total(turns, "at")
            case Fact.UNDERSTOOD:
                return total([row for row in turns if row["success"] and row["intent"]], "at")


def expected(business: Business, figure: Figure, since: date, until: date) -> float | None:
    if figure.of is Fact.COST:
        return None
    facts = {fact for fact in (figure.of, figure.over) if fact}
    return rules.value(figure, {fact: business.by_hand(fact, since, until) for fact in facts})


def values(report: Row) -> dict[str, float | None]:
    return {each["key"]: each["value"] for each in report["figures"]}
