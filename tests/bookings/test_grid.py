"""The grid: who is in which room on which night, and how fresh that is, over both PMSs that the tests have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from relevo.bookings.grid import KEPT, REST, Grid
from relevo.bookings.mirror import Mirror
from relevo.bookings.ports import Reservation
from relevo.bookings.rules import DepositStatus, stretches
from relevo.bookings.rules.grid import BACK, MOST_NIGHTS, What, picture, totals, what_of
from relevo.bookings.service import Bookings
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work
from tests.bookings.qloapps import place, stay
from tests.bookings.road import Road
from tests.bookings.test_rules import BOOKING
from tests.bookings.world import HOTEL, open_conversations
from tests.conversations.test_statements import counted

FIRST = date(2026, 12, 20)
DAY = timedelta(days=1)
CHRISTMAS = date(2026, 12, 25)


async def always() -> bool:
    return True


def grid_on(road: Road, clock: FixedClock) -> Grid:
    return Grid(road.db, road.pms, HOTEL, clock, CHRISTMAS.__eq__, always)


def bars(found: dict[str, Any], room: str) -> list[dict[str, Any]]:
    (row,) = [row for kind in found["types"] for row in kind["rooms"] if row["number"] == room]
    return row["stays"]


async def test_every_kind_of_night_shows_and_is_counted(road: Road, clock: FixedClock) -> None:
    held = await road.held("cnv_1", "doble", check_in=FIRST + DAY, check_out=FIRST + 3 * DAY)
    paid = await road.held("cnv_2", "doble", check_in=FIRST - 2 * DAY, check_out=FIRST + DAY)
    await road.deposits.attach(paid.code, await road.file("one", "cnv_2"), by="cnv_2")
    sold = await road.held("cnv_3", "doble", check_in=FIRST + DAY, check_out=FIRST + 2 * DAY)
    await road.deposits.attach(sold.code, await road.file("two", "cnv_3"), by="cnv_3")
    await road.deposits.confirm(sold.code, by="stf_1")
    await road.work.drain()
    other = replace(BOOKING, code="RL-DESK0", room_number="205", check_in=FIRST, check_out=FIRST + 40 * DAY)
    await road.pms.book(other)
    found = await grid_on(road, clock).look(FIRST, 7)
    assert (found["from"], found["nights"], found["today"], found["pms"], found["read_only"]) == (
        "2026-12-20", 7, "2026-11-21", "ok", False,
    )  # fmt: skip
    assert found["holidays"] == ["2026-12-25"]
    (one,) = [bar for bar in bars(found, held.room_number) if bar["code"] == held.code]
    assert (one["what"], one["first"], one["nights"], one["guest_name"]) == ("hold", "2026-12-21", 2, None)
    assert one["hold_expires_at"]
    assert one["conversation_id"] == "cnv_1"
    (two,) = [bar for bar in bars(found, paid.room_number) if bar["code"] == paid.code]
    assert (two["what"], two["first"], two["nights"], two["check_in"]) == ("pending", "2026-12-20", 1, "2026-12-18")
    (three,) = [bar for bar in bars(found, sold.room_number) if bar["code"] == sold.code]
    assert (three["what"], three["deposit_status"], three["hold_expires_at"]) == ("confirmed", "confirmed", None)
    (four,) = bars(found, "205")
    assert (four["what"], four["nights"], four["check_out"]) == ("pms", 7, (FIRST + 40 * DAY).isoformat())
    rooms = sum(len(kind.rooms) for kind in HOTEL.room_types)
    night = found["totals"][1]
    assert (night["rooms"], night["sold"], night["held"], night["closed"]) == (rooms, 2, 1, 0)
    assert (night["free"], night["percent"]) == (rooms - 3, round(200 / rooms))
    double = next(kind for kind in found["types"] if kind["code"] == "doble")
    assert [each["sold"] for each in double["totals"]][:2] == [1, 2]
    assert len(double["prices"]) == 7
    assert double["price_is"] == "night"


async def test_it_costs_the_same_whatever_its_size(road: Road, clock: FixedClock) -> None:
    grid = grid_on(road, clock)
    with counted(road.db) as empty:
        await grid.look(FIRST, 1)
    for number in range(1, 4):
        await road.held(f"cnv_{number}", "doble", check_in=FIRST, check_out=FIRST + 9 * DAY)
    asked = len(road.moods.asked)
    clock.advance(KEPT)
    with counted(road.db) as full:
        await grid.look(FIRST, MOST_NIGHTS)
    assert full.total() == empty.total() <= 4
    assert len(road.moods.asked) == asked


@pytest.mark.parametrize(
    ("first", "nights", "code"),
    [
        (FIRST, 0, "grid_nights"),
        (FIRST, MOST_NIGHTS + 1, "grid_nights"),
        (FIRST - BACK - 60 * DAY, 7, "grid_from"),
        (date(2030, 1, 1), 7, "grid_from"),
    ],
)
async def test_a_window_that_nobody_can_want_is_refused(
    road: Road, clock: FixedClock, first: date, nights: int, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        await grid_on(road, clock).look(first, nights)


async def test_many_screens_ask_the_pms_once_and_one_that_is_away_is_left_in_peace(
    road: Road, clock: FixedClock
) -> None:
    asked: list[date] = []
    away = False

    class Counting(type(road.pms)):  # type: ignore[misc]
        async def stays(self, check_in: date, check_out: date) -> tuple[Reservation, ...]:
            asked.append(check_in)
            if away:
                raise NotReady("pms_down")
            return await super().stays(check_in, check_out)  # type: ignore[no-any-return]

    grid = Grid(road.db, Counting(road.db), HOTEL, clock, CHRISTMAS.__eq__, always)
    for _ in range(5):
        await grid.look(FIRST, 7)
    assert len(asked) == 1
    clock.advance(KEPT)
    away = True
    found = [await grid.look(FIRST, 7) for _ in range(5)]
    assert len(asked) == 2
    assert {(each["pms"], each["read_only"], each["as_of"]) for each in found} == {("never", True, None)}
    clock.advance(REST)
    away = False
    assert (await grid.look(FIRST, 7))["pms"] == "ok"


async def test_a_qloapps_that_goes_away_leaves_what_was_known_with_its_hour(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> None:
    await open_conversations(db, clock, 3)
    first = date(2027, 5, 1)
    async with place(tmp_path) as hotel:
        pms = hotel.adapter(settle=0)
        business = hotel.house.business
        bookings = Bookings(db, live, work, pms, business, clock, ids, lambda: 0.0)
        grid = Grid(db, pms, business, clock, CHRISTMAS.__eq__, always)
        mirror = Mirror(db, work, bookings.rooms, None, pms, clock)  # type: ignore[arg-type]
        hotel.sell(stay("RL-DESK0", "GR-103", "1", first, first + 2 * DAY), source="reception")
        hotel.shop.rooms[hotel.house.rooms["GR-105"]].status = 2
        hold = await bookings.hold(
            conversation_id="cnv_1", person_id="per_1", room_type="1", check_in=first, check_out=first + DAY, guests=1
        )
        hotel.sell(stay("RL-DESK1", hold.room_number, "1", first, first + DAY), source="reception")
        await mirror.look(complete=True)
        found = await grid.look(first, 7)
        assert (found["pms"], found["as_of"]) == ("ok", "2026-11-21T12:00:00Z")
        seen = [(bar["what"], bar["first"], bar["nights"]) for bar in bars(found, "GR-103")]
        assert seen == [("pms", "2027-05-01", 2)]
        assert [(bar["what"], bar["nights"]) for bar in bars(found, "GR-105")] == [("closed", 7)]
        (mine,) = bars(found, hold.room_number)
        assert (mine["what"], mine["contested"]) == ("hold", True)
        kind = next(kind for kind in found["types"] if kind["code"] == "1")
        assert kind["price_is"] == "average"
        assert kind["prices"][0] > 0
        night = found["totals"][0]
        assert (night["sold"], night["held"], night["closed"]) == (1, 1, 1)

        hotel.faults.down = True
        clock.advance(timedelta(minutes=1))
        found = await grid.look(first, 7)
        assert (found["pms"], found["read_only"]) == ("away", True)
        assert found["as_of"] <= "2026-11-21T12:00:00Z"
        assert [(bar["what"], bar["first"], bar["nights"]) for bar in bars(found, "GR-103")] == seen
        assert [(bar["what"], bar["nights"]) for bar in bars(found, "GR-105")] == [("closed", 7)]
        assert [bar["what"] for bar in bars(found, hold.room_number)] == ["hold"]

        hotel.faults.down, hotel.faults.slow = False, 0.5
        clock.advance(timedelta(minutes=1))
        hasty = Grid(db, pms, business, clock, CHRISTMAS.__eq__, always, patience=0.05)
        assert (await hasty.look(first, 7))["pms"] == "away"


def test_nights_become_stays_without_a_gap() -> None:
    nights = [FIRST + 3 * DAY, FIRST, FIRST + DAY, FIRST]
    assert stretches(nights) == [(FIRST, FIRST + 2 * DAY), (FIRST + 3 * DAY, FIRST + 4 * DAY)]
    assert stretches([]) == []


def test_the_pms_shows_where_nobody_of_ours_is_and_its_own_copy_of_ours_does_not() -> None:
    ours = replace(BOOKING, id="bkg_1", code="RL-AAAAA", check_in=FIRST, check_out=FIRST + 2 * DAY)
    copy = Reservation("1", "1", "RL-AAAAA", "201", FIRST, FIRST + 2 * DAY, live=True)
    longer = replace(copy, number="2", line="2", code=None, check_out=FIRST + 4 * DAY)
    own = {("201", FIRST): "bkg_1", ("201", FIRST + DAY): "bkg_1", ("202", FIRST): "pms:9"}
    alone = picture(FIRST, FIRST + 7 * DAY, own, {"bkg_1": ours}, [copy])
    assert [(each.what, each.contested) for each in alone] == [(what_of(ours), False)]
    both = picture(FIRST, FIRST + 7 * DAY, own, {"bkg_1": ours}, [copy, longer])
    assert [(each.what, each.first, each.last, each.contested) for each in both] == [
        (what_of(ours), FIRST, FIRST + 2 * DAY, True), (What.PMS, FIRST + 2 * DAY, FIRST + 4 * DAY, False),
    ]  # fmt: skip
    counts = totals(["201", "202"], FIRST, FIRST + 7 * DAY, both)
    assert [each.percent for each in counts][2] == 50
    assert what_of(replace(ours, deposit_status=DepositStatus.RECEIVED)) is What.PENDING
