"""Figures: whatever the days, kept or not, they say what a count by hand says, and their lists are what was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from relevo.conversations.models import MessageRow
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.ids import CountingIds
from relevo.kit.work import Work
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.reports import rules
from relevo.reports.floor import Floor
from relevo.reports.lists import Lists
from relevo.reports.rolling import AT_ONCE, Rolling
from relevo.reports.rules import FIGURES, Fact, Part, Sum, Unit
from relevo.reports.service import Reports
from relevo.texts import Texts
from tests.reports.business import CHANNELS, FIRST, LAST, MADRID, ROOMS, Business, Row, expected, values

ADDED = [
    each.key for each in FIGURES
    if each.over is None and each.part in (Part.COUNT, Part.TOTAL) and each.of is not Fact.COST
]  # fmt: skip
"""Of which days and channels add up to the whole."""
BOSS = Staff("stf_0", "boss@x.com", "Ada", Role.SUPERVISOR)


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
def floor(people: People, clock: FixedClock) -> Floor:
    return Floor(people, clock, MADRID)


@pytest.fixture
def rolling(db: Database, clock: FixedClock, floor: Floor) -> Rolling:
    return Rolling(db, clock, MADRID, floor, lambda: ROOMS)


@pytest.fixture
def reports(db: Database, work: Work, people: People, clock: FixedClock, rolling: Rolling) -> Reports:
    return Reports(db, work, people, clock, Texts("es"), rolling, "EUR")


@pytest.fixture
def lists(db: Database, people: People, clock: FixedClock, reports: Reports, rolling: Rolling, floor: Floor) -> Lists:
    return Lists(db, people, clock, MADRID, reports, rolling, floor)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_figure_says_what_a_count_by_hand_says_before_and_after_its_days_are_kept(
    db: Database, reports: Reports, rolling: Rolling, staff: str, seed: int
) -> None:
    business = Business(seed, staff)
    await business.store(db)
    for kept in (False, True):
        if kept:
            assert not await rolling.roll()
        for since, until in ((FIRST, LAST), (date(2026, 10, 25), date(2026, 10, 25)), (LAST, date(2026, 11, 5))):
            found = values(await reports.report(since, until))
            for figure in FIGURES:
                wanted = expected(business, figure, since, until)
                assert found[figure.key] == (pytest.approx(wanted) if wanted is not None else None), figure.key


async def test_the_series_adds_up_and_the_period_before_is_the_one_before(
    db: Database, reports: Reports, rolling: Rolling, staff: str
) -> None:
    business = Business(4, staff)
    await business.store(db)
    await rolling.roll()
    since, until = date(2026, 10, 26), LAST
    report = await reports.report(since, until)
    assert report["before"] == ["2026-10-21", "2026-10-25"]
    for figure, shown in zip(FIGURES, report["figures"], strict=True):
        wanted = expected(business, figure, date(2026, 10, 21), date(2026, 10, 25))
        assert shown["before"] == (pytest.approx(wanted) if wanted is not None else None)
        if figure.key in ADDED:
            assert sum(shown["series"]) == shown["value"]
        assert shown["name"]
        assert shown["definition"]


async def test_every_figure_opens_the_rows_that_it_counts(db: Database, lists: Lists, staff: str) -> None:
    business = Business(5, staff)
    await business.store(db)
    for figure in FIGURES:
        items: list[Row] = []
        offset: int | None = 0
        while offset is not None:
            page = await lists.page(figure.key, FIRST, LAST, offset=offset, limit=37, viewer=BOSS)
            items, offset = items + page["items"], page["next"]
        if figure.of is Fact.COST:
            assert items == []
            continue
        wanted = business.by_hand(figure.of, FIRST, LAST)
        assert len(items) == wanted.count, figure.key
        if figure.part is Part.TOTAL:
            assert sum(each["amount"] for each in items) == wanted.total
        assert [each["at"] for each in items] == sorted((each["at"] for each in items), reverse=True)


async def test_a_channel_and_a_member_of_staff_are_parts_of_the_whole(
    db: Database, reports: Reports, rolling: Rolling, staff: str
) -> None:
    business = Business(6, staff)
    await business.store(db)
    await rolling.roll()
    whole = values(await reports.report(FIRST, LAST))
    parts: dict[str, float] = dict.fromkeys(ADDED, 0.0)
    for channel in (*CHANNELS, "twilio", "pms"):
        for key, value in values(await reports.report(FIRST, LAST, channel=channel)).items():
            if key in parts:
                parts[key] += value or 0
    assert parts == {key: whole[key] for key in ADDED}
    (marta,) = (await reports.of_staff(FIRST, LAST))["items"]
    assert marta["name"] == "Marta"
    assert marta["values"]["messages_agent"] == whole["messages_agent"]
    mine = values(await reports.report(FIRST, LAST, staff_id=staff))
    assert mine["messages_agent"] == whole["messages_agent"]
    assert mine["messages_in"] == 0


async def test_what_comes_late_is_in_the_day_when_it_is_added_up_again(
    db: Database, reports: Reports, rolling: Rolling, staff: str, clock: FixedClock
) -> None:
    clock.advance(datetime(2026, 10, 31, 9, tzinfo=UTC) - clock.now())
    business = Business(7, staff)
    await business.store(db)
    await rolling.roll()
    before = values(await reports.report(LAST, LAST))["messages_in"]
    late = {"id": "msg_late", "conversation_id": "cnv_1", "seq": 99, "channel": "webchat", "author": "customer",
            "kind": "text", "text": "x", "at": datetime(2026, 10, 30, 20, tzinfo=UTC), "handed": 0, "buttons": [],
            "meta": {}}  # fmt: skip
    async with db.write() as tx:
        await tx.session.execute(insert(MessageRow), [late])
    clock.advance(timedelta(hours=1))
    await rolling.roll()
    assert before is not None
    assert values(await reports.report(LAST, LAST))["messages_in"] == before + 1


async def test_a_first_time_is_done_in_parts_the_latest_days_first(
    db: Database, reports: Reports, rolling: Rolling, staff: str, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=40))
    await Business(8, staff).store(db)
    assert await rolling.roll()
    assert not await rolling.roll()
    assert (clock.now().date() - FIRST).days > AT_ONCE


async def test_an_impossible_period_and_an_unknown_figure_are_refused(reports: Reports, lists: Lists) -> None:
    with pytest.raises(Invalid, match="bad_period"):
        await reports.report(LAST, FIRST)
    with pytest.raises(Invalid, match="bad_period"):
        await reports.report(date(2020, 1, 1), LAST)
    with pytest.raises(NotFound, match="no_figure"):
        await lists.page("nonsense", FIRST, LAST, viewer=BOSS)


def test_nothing_divided_by_nothing_is_nothing() -> None:
    figure = next(each for each in FIGURES if each.unit is Unit.PERCENT)
    assert rules.value(figure, {}) is None
    assert figure.over is not None
    assert rules.value(figure, {figure.of: Sum(1), figure.over: Sum(4)}) == 25
