"""Whatever comes late, however late: what was added up is what the rows say, and what was deleted by age stays told."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from relevo.bookings.models import BookingRow, DepositAuditRow
from relevo.conversations.models import ConversationRow, MessageRow
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.ids import CountingIds
from relevo.people.models import PersonMergeRow, PersonRow
from relevo.people.rules import Role
from relevo.people.service import People
from relevo.reports import rules, store
from relevo.reports.floor import Floor
from relevo.reports.models import FiguredDayRow
from relevo.reports.rolling import Rolling
from relevo.reports.rules import DaySum, Fact, Sum
from tests.reports.business import FIRST, LAST, LONG_AGO, MADRID, ROOMS, Business

NOW = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def people(db: Database, clock: FixedClock, ids: CountingIds) -> People:
    return People(db, clock, ids)


@pytest.fixture
async def staff(people: People) -> str:
    return (await people.enrol(email="m@x.com", name="Marta", role=Role.AGENT, password="a long password")).id


def rolling_of(db: Database, clock: FixedClock, people: People, keep: timedelta = timedelta(days=3_650)) -> Rolling:
    return Rolling(db, clock, MADRID, Floor(people, clock, MADRID), lambda: ROOMS, keep_words=keep)


Key = tuple[date, Fact, str, str]


def by_key(sums: list[DaySum], *, apart: bool) -> dict[Key, Sum]:
    """``apart``: without the spreads, which are kept of a member of staff or of everybody together."""
    found: dict[Key, Sum] = {}
    for each in sums:
        key = (each.day, each.fact, each.channel, each.staff_id if apart else "*")
        found[key] = found.get(key, Sum()) + (Sum(each.sum.count, each.sum.total) if apart else each.sum)
    return found


async def kept(db: Database) -> dict[Key, Sum]:
    until = LAST + timedelta(days=60)
    async with db.read() as session:
        apart = await store.sums(session, FIRST, until, by=("day", "channel", "staff_id"))
        together = await store.sums(session, FIRST, until, by=("day", "channel"))
    return by_key(apart, apart=True) | by_key(together, apart=False)


async def told(db: Database, rolling: Rolling) -> dict[Key, Sum]:
    """What the rows themselves say of days that are over."""
    async with db.read() as session:
        days = rules.days_of(FIRST, rolling.today() - timedelta(days=1))
        found = await rolling.of_days(session, days)
    return by_key(found, apart=True) | by_key(found, apart=False)


async def event(db: Database, number: int, seq: int, at: datetime) -> None:
    row = {"id": f"msg_{seq}_{number}", "conversation_id": f"cnv_{number}", "seq": seq, "channel": "webchat",
           "handed": 0, "author": "system", "kind": "event", "text": "x", "buttons": [], "meta": {},
           "at": at}  # fmt: skip
    async with db.write() as tx:
        await tx.session.execute(insert(MessageRow), [row])


@pytest.mark.parametrize("seed", [11, 12])
async def test_after_late_events_what_was_added_up_is_what_the_rows_say(
    db: Database, clock: FixedClock, people: People, staff: str, seed: int
) -> None:
    business, dice = Business(seed, staff), random.Random(seed)
    await business.store(db)
    rolling = rolling_of(db, clock, people)
    for row in business.rows[ConversationRow]:
        if row["closed_at"]:
            await event(db, int(row["id"].removeprefix("cnv_")), 999, row["closed_at"])
    await rolling.roll()
    clock.advance(timedelta(days=20))
    await rolling.roll()
    assert await kept(db) == await told(db, rolling)
    for row in dice.sample([each for each in business.rows[ConversationRow] if each["closed_at"]], 8):
        again = {"control": "bot", "closed_at": dice.choice((None, clock.now())), "agent_id": staff}
        async with db.write() as tx:
            await tx.session.execute(update(ConversationRow).where(ConversationRow.id == row["id"]).values(again))
        await event(db, int(row["id"].removeprefix("cnv_")), 1_000, clock.now())
    for row in dice.sample(business.rows[BookingRow], 8):
        other = {"total": dice.randrange(10**9), "cancelled_at": dice.choice((None, clock.now()))}
        audit = {"booking_id": row["id"], "what": "changed", "by": "pms", "at": clock.now()}
        async with db.write() as tx:
            await tx.session.execute(update(BookingRow).where(BookingRow.id == row["id"]).values(other))
            await tx.session.execute(insert(DepositAuditRow), [audit])
    async with db.write() as tx:
        merge = {"kept": "per_1", "other": "per_2", "by": staff, "at": clock.now()}
        await tx.session.execute(insert(PersonMergeRow), [merge])
        await tx.session.execute(update(PersonRow).where(PersonRow.id == "per_2").values(merged_into="per_1"))
    clock.advance(timedelta(hours=1))
    before = await kept(db)
    assert before != await told(db, rolling)
    await rolling.roll()
    assert await kept(db) == await told(db, rolling) != before


async def test_it_is_known_a_week_later_who_came_back(
    db: Database, clock: FixedClock, people: People, staff: str
) -> None:
    clock.advance(datetime(2026, 10, 31, 9, tzinfo=UTC) - clock.now())
    await Business(13, staff).store(db)
    rolling = rolling_of(db, clock, people)

    async def settled(day: date) -> int:
        return sum(
            each.count for key, each in (await kept(db)).items() if key[:2] == (day, Fact.SETTLED) and key[3] == "*"
        )

    await rolling.roll()
    assert await settled(LAST) == 0
    clock.advance(timedelta(days=9))
    await rolling.roll()
    assert await settled(LAST) > 0
    assert await kept(db) == await told(db, rolling)


async def test_words_deleted_by_age_stay_told_when_something_else_comes_late(
    db: Database, clock: FixedClock, people: People, staff: str
) -> None:
    await Business(14, staff).store(db)
    rolling = rolling_of(db, clock, people, keep=timedelta(days=10))
    await rolling.roll()
    clock.advance(timedelta(days=20))
    await rolling.roll()
    before = await kept(db)
    async with db.write() as tx:
        await tx.session.execute(delete(MessageRow))
        await tx.session.execute(update(ConversationRow).values(agent_id=staff))
    await event(db, 1, 1_000, clock.now())
    clock.advance(timedelta(hours=1))
    await rolling.roll()
    after = await kept(db)
    of_words = {key: each for key, each in before.items() if key[1] in rules.OF_WORDS}
    assert of_words
    assert {key: after.get(key) for key in of_words} == of_words
    assert after != before


async def test_a_day_added_up_before_a_fact_was_known_is_added_up_again(
    db: Database, clock: FixedClock, people: People, staff: str
) -> None:
    await Business(15, staff).store(db)
    rolling = rolling_of(db, clock, people)
    await rolling.roll()
    whole = await kept(db)
    async with db.write() as tx:
        await store.put_day(tx.session, LAST, [], LONG_AGO, [Fact.HANDLED, Fact.FIRST_BOT])
        await tx.session.execute(update(FiguredDayRow).where(FiguredDayRow.day == LAST).values(edition=1))
    assert await kept(db) != whole
    clock.advance(timedelta(seconds=1))
    await rolling.roll()
    assert await kept(db) == whole
