"""Figures: whatever the days, kept or not, they say what a count by hand says, and their lists are what was counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from relevo.bookings.models import BookingRow
from relevo.bot.models import InteractionRow
from relevo.calls.models import CallRow, RecordingRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.ids import CountingIds
from relevo.kit.work import Work
from relevo.outreach.models import FeedbackRow
from relevo.people.models import PersonRow
from relevo.people.rules import Role
from relevo.people.service import People
from relevo.reports import rules
from relevo.reports.rules import FIGURES, Fact, Figure, Part, Sum, Unit
from relevo.reports.service import AT_ONCE, Reports
from relevo.texts import Texts

MADRID = ZoneInfo("Europe/Madrid")
FIRST, LAST = date(2026, 10, 20), date(2026, 10, 30)
"""The clock goes back in the night to 25 October."""
CHANNELS = ("webchat", "whatsapp", "call")
Row = dict[str, Any]


class Business:
    """Eleven days of it, thrown with dice, kept as plain rows to count by hand."""

    def __init__(self, seed: int, staff: str) -> None:
        self.dice = random.Random(seed)
        self.staff = staff
        self.rows: dict[type, list[Row]] = {
            each: [] for each in (ConversationRow, MessageRow, CallRow, RecordingRow, BookingRow, FeedbackRow,
                                  InteractionRow)
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
        self.rows[ConversationRow].append({
            "id": id_, "channel": channel, "person_id": "per_1", "control": "closed" if closed else "bot",
            "control_version": 1, "agent_id": self.staff if human else None, "created_at": at, "closed_at": closed,
            "priority": "normal", "unread": 0, "messages": 6, "meta": {},
        })  # fmt: skip
        for seq in range(1, 7):
            author = dice.choice(("customer", "bot", "agent") if human else ("customer", "bot"))
            self.rows[MessageRow].append({
                "id": f"msg_{number}_{seq}", "conversation_id": id_, "seq": seq, "channel": channel, "handed": 0,
                "author": author, "author_id": self.staff if author == "agent" else None,
                "kind": dice.choice(("text", "text", "note", "event")), "text": "x", "buttons": [], "meta": {},
                "at": at + timedelta(minutes=seq),
            })  # fmt: skip
        self.rows[InteractionRow].append({
            "id": f"int_{number}", "conversation_id": id_, "person_id": "per_1", "channel": channel, "confidence": 0.5,
            "intent": dice.choice((None, "saludo")), "action": "", "api_calls": [], "processing_ms": 1.0,
            "success": dice.random() < 0.8, "at": at,
        })  # fmt: skip
        if channel == "call":
            self.call(number, id_, at)
        if dice.random() < 0.5:
            self.booking(number, id_, at)

    def call(self, number: int, conversation: str, at: datetime) -> None:
        answered = at + timedelta(seconds=5) if self.dice.random() < 0.8 else None
        ended = at + timedelta(seconds=5 + self.dice.randrange(1, 400))
        self.rows[CallRow].append({
            "id": f"cal_{number}", "conversation_id": conversation, "person_id": "per_1", "direction": "in",
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
        if dice.random() < 0.5:
            mark = {"booking_id": f"bkg_{number}", "score": dice.randrange(1, 6), "via": "chat", "at": self.moment()}
            self.rows[FeedbackRow].append(mark)

    async def store(self, db: Database) -> None:
        async with db.write() as tx:
            person = {"id": "per_1", "name": "Ana", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
            await tx.session.execute(insert(PersonRow).values(person))
            for table, rows in self.rows.items():
                await tx.session.execute(insert(table), rows)

    def by_hand(self, fact: Fact, since: date, until: date) -> Sum:
        """Counted without a database."""

        def within(at: datetime | None) -> bool:
            return at is not None and since <= at.astimezone(MADRID).date() <= until

        def total(rows: Iterable[Row], date_of: str, amount: str | None = None) -> Sum:
            found = [row for row in rows if within(row[date_of])]
            return Sum(len(found), sum(row[amount] for row in found) if amount else 0)

        words = [row for row in self.rows[MessageRow] if row["kind"] == "text"]
        first: dict[str, Row] = {}
        for row in words:
            if row["author"] == "agent":
                first.setdefault(row["conversation_id"], row)
        threads, calls = self.rows[ConversationRow], self.rows[CallRow]
        answered = [row for row in calls if row["answered_at"]]
        turns = self.rows[InteractionRow]
        talked = [row | {"talk": round((row["ended_at"] - row["answered_at"]).total_seconds())} for row in answered]
        match fact:
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


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 5, 9, 30, tzinfo=UTC))


@pytest.fixture
async def people(db: Database, clock: FixedClock, ids: CountingIds) -> People:
    return People(db, clock, ids)


@pytest.fixture
async def staff(people: People) -> str:
    return (await people.enrol(email="m@x.com", name="Marta", role=Role.AGENT, password="a long password")).id


@pytest.fixture
def reports(db: Database, work: Work, people: People, clock: FixedClock) -> Reports:
    return Reports(db, work, people, clock, Texts("es"), MADRID, "EUR")


def expected(business: Business, figure: Figure, since: date, until: date) -> float | None:
    facts = {fact for fact in (figure.of, figure.over) if fact}
    return rules.value(figure, {fact: business.by_hand(fact, since, until) for fact in facts})


def values(report: Row) -> dict[str, float | None]:
    return {each["key"]: each["value"] for each in report["figures"]}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_figure_says_what_a_count_by_hand_says_before_and_after_its_days_are_kept(
    db: Database, reports: Reports, staff: str, seed: int
) -> None:
    business = Business(seed, staff)
    await business.store(db)
    for kept in (False, True):
        if kept:
            assert not await reports.roll()
        for since, until in ((FIRST, LAST), (date(2026, 10, 25), date(2026, 10, 25)), (LAST, date(2026, 11, 5))):
            found = values(await reports.report(since, until))
            for figure in FIGURES:
                wanted = expected(business, figure, since, until)
                assert found[figure.key] == (pytest.approx(wanted) if wanted is not None else None), figure.key


async def test_the_series_adds_up_and_the_period_before_is_the_one_before(
    db: Database, reports: Reports, staff: str
) -> None:
    business = Business(4, staff)
    await business.store(db)
    await reports.roll()
    since, until = date(2026, 10, 26), LAST
    report = await reports.report(since, until)
    assert report["before"] == ["2026-10-21", "2026-10-25"]
    for figure, shown in zip(FIGURES, report["figures"], strict=True):
        wanted = expected(business, figure, date(2026, 10, 21), date(2026, 10, 25))
        assert shown["before"] == (pytest.approx(wanted) if wanted is not None else None)
        if figure.over is None:
            assert sum(shown["series"]) == shown["value"]
        assert shown["name"]
        assert shown["definition"]


async def test_every_figure_opens_the_rows_that_it_counts(db: Database, reports: Reports, staff: str) -> None:
    business = Business(5, staff)
    await business.store(db)
    for figure in FIGURES:
        items: list[Row] = []
        offset: int | None = 0
        while offset is not None:
            page = await reports.listing(figure.key, FIRST, LAST, offset=offset, limit=37)
            items, offset = items + page["items"], page["next"]
        wanted = business.by_hand(figure.of, FIRST, LAST)
        assert len(items) == wanted.count, figure.key
        if figure.part is Part.TOTAL:
            assert sum(each["amount"] for each in items) == wanted.total
        assert [each["at"] for each in items] == sorted((each["at"] for each in items), reverse=True)


async def test_a_channel_and_a_member_of_staff_are_parts_of_the_whole(
    db: Database, reports: Reports, staff: str
) -> None:
    business = Business(6, staff)
    await business.store(db)
    await reports.roll()
    whole = values(await reports.report(FIRST, LAST))
    parts: Counter[str] = Counter()
    for channel in (*CHANNELS, "twilio"):
        for key, value in values(await reports.report(FIRST, LAST, channel=channel)).items():
            parts[key] += value or 0
    counted = [figure.key for figure in FIGURES if figure.over is None]
    assert {key: parts[key] for key in counted} == {key: whole[key] for key in counted}
    (marta,) = (await reports.of_staff(FIRST, LAST))["items"]
    assert marta["name"] == "Marta"
    assert marta["values"]["messages_agent"] == whole["messages_agent"]
    mine = values(await reports.report(FIRST, LAST, staff_id=staff))
    assert mine["messages_agent"] == whole["messages_agent"]
    assert mine["messages_in"] == 0


async def test_what_comes_late_is_in_the_day_when_it_is_added_up_again(
    db: Database, reports: Reports, staff: str, clock: FixedClock
) -> None:
    clock.advance(datetime(2026, 10, 31, 9, tzinfo=UTC) - clock.now())
    business = Business(7, staff)
    await business.store(db)
    await reports.roll()
    before = values(await reports.report(LAST, LAST))["messages_in"]
    late = {"id": "msg_late", "conversation_id": "cnv_1", "seq": 99, "channel": "webchat", "author": "customer",
            "kind": "text", "text": "x", "at": datetime(2026, 10, 30, 20, tzinfo=UTC), "handed": 0, "buttons": [],
            "meta": {}}  # fmt: skip
    async with db.write() as tx:
        await tx.session.execute(insert(MessageRow), [late])
    await reports.roll()
    assert values(await reports.report(LAST, LAST))["messages_in"] == before
    clock.advance(timedelta(hours=1))
    await reports.roll()
    assert before is not None
    assert values(await reports.report(LAST, LAST))["messages_in"] == before + 1


async def test_a_first_time_is_done_in_parts_the_latest_days_first(
    db: Database, reports: Reports, staff: str, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=40))
    await Business(8, staff).store(db)
    assert await reports.roll()
    assert not await reports.roll()
    assert (clock.now().date() - FIRST).days > AT_ONCE


async def test_an_impossible_period_and_an_unknown_figure_are_refused(reports: Reports) -> None:
    with pytest.raises(Invalid, match="bad_period"):
        await reports.report(LAST, FIRST)
    with pytest.raises(Invalid, match="bad_period"):
        await reports.report(date(2020, 1, 1), LAST)
    with pytest.raises(NotFound, match="no_figure"):
        await reports.listing("nonsense", FIRST, LAST)


def test_nothing_divided_by_nothing_is_nothing() -> None:
    figure = next(each for each in FIGURES if each.unit is Unit.PERCENT)
    assert rules.value(figure, {}) is None
    assert figure.over is not None
    assert rules.value(figure, {figure.of: Sum(1), figure.over: Sum(4)}) == 25
