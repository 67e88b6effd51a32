"""What every property management system has to keep to behind the port, whichever it is.

``RELEVO_QLOAPPS_URL`` and ``RELEVO_QLOAPPS_KEY`` name a real QloApps that may be sold out: it is asked, too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
from pydantic import SecretStr

from relevo.adapters.pms import qloapps
from relevo.adapters.pms.embedded import Embedded, Settings
from relevo.bookings.ports import Pms
from relevo.bookings.rules import Booking
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Misconfigured
from relevo.kit.money import Money
from tests.bookings.qloapps import DOUBLE, FACTS, place
from tests.bookings.test_rules import BOOKING as ASKED
from tests.bookings.test_rules import NOW

LIVE = "RELEVO_QLOAPPS_URL"
SYSTEMS = ["embedded", "loopback", *(["qloapps"] if os.environ.get(LIVE) else [])]
BOOKING = replace(ASKED, total=Money(1_200_000, "EUR"), deposit=Money(360_000, "EUR"))
IN, OUT = BOOKING.check_in, BOOKING.check_out
DAY = timedelta(days=1)


@pytest.fixture(params=SYSTEMS)
async def pms(request: pytest.FixtureRequest, db: Database, tmp_path: Path) -> AsyncIterator[Pms]:
    async with AsyncExitStack() as stack:
        match request.param:
            case "embedded":
                yield Embedded(Settings(), db)
            case "loopback":
                made = await stack.enter_async_context(place(tmp_path, named={1: DOUBLE}, numbers={1: "201", 2: "202"}))
                yield made.adapter(settle=0.01)
            case _:
                yield await stack.enter_async_context(real(tmp_path))


@asynccontextmanager
async def real(tmp_path: Path) -> AsyncIterator[Pms]:
    """The rooms of its first type go by our numbers; what is sold is cancelled afterwards."""
    settings = qloapps.Settings(
        url=os.environ[LIVE], key=SecretStr(os.environ["RELEVO_QLOAPPS_KEY"]), settle_seconds=0.5
    )
    house = await asyncio.to_thread(
        qloapps.read_house, settings, FACTS, NOW.date(), kept=tmp_path / "house.json", named={}
    )
    kind = house.business.room_types[0]
    ours = dict(zip(kind.rooms, ["201", "202", "203", "204", "205"], strict=False))
    names = {id_: ours.get(name, name) for id_, name in house.names.items()}
    business = replace(house.business, room_types=(replace(kind, code="doble", rooms=tuple(ours.values())),))
    house = replace(
        house,
        business=business,
        types={"doble": house.types[kind.code]},
        names=names,
        rooms={name: id_ for id_, name in names.items()},
    )
    adapter = qloapps.QloApps(settings, house)
    try:
        yield adapter
    finally:
        for code in {each.code for each in (await adapter.changes(None)).reservations}:
            if code is not None:
                await adapter.cancel(code)
        await adapter.close()


def other(code: str, *, room: str = "201", shift: int = 0, nights: int = 3) -> Booking:
    first = IN + timedelta(days=shift)
    return replace(BOOKING, code=code, room_number=room, check_in=first, check_out=first + timedelta(days=nights))


async def test_it_describes_a_house_that_can_be_sold(pms: Pms) -> None:
    house = await pms.business()
    assert house.name
    assert house.city
    rooms = [room for kind in house.room_types for room in kind.rooms]
    assert rooms
    assert len(rooms) == len(set(rooms))
    assert all(kind.capacity > 0 and kind.price_per_night.currency == house.currency for kind in house.room_types)
    assert 0 <= house.deposit_percent <= 100
    assert house.hold_minutes > 0


async def test_nothing_is_occupied_before_anything_is_sold(pms: Pms) -> None:
    assert not any((await pms.occupied(IN, OUT)).values())


async def test_a_sale_occupies_its_nights_but_not_the_day_of_departure(pms: Pms) -> None:
    number = await pms.book(BOOKING)
    assert await pms.find(BOOKING.code) == number
    assert (await pms.occupied(IN - DAY, OUT + DAY))["201"] == {IN, IN + DAY, IN + 2 * DAY}
    assert (await pms.occupied(IN + DAY, IN + 2 * DAY))["201"] == {IN + DAY}
    assert not (await pms.occupied(OUT, OUT + DAY)).get("201")


async def test_our_code_makes_a_sale_happen_once(pms: Pms) -> None:
    numbers = await asyncio.gather(*(pms.book(BOOKING) for _ in range(5)))
    assert len({*numbers, await pms.book(BOOKING)}) == 1


@pytest.mark.parametrize(("shift", "nights"), [(0, 3), (-1, 2), (2, 2), (1, 1), (-2, 9)])
async def test_a_night_is_not_sold_twice(pms: Pms, shift: int, nights: int) -> None:
    await pms.book(BOOKING)
    with pytest.raises(Conflict) as sold:
        await pms.book(other("RL-AAAAA", shift=shift, nights=nights))
    assert sold.value.code == "no_room"
    assert await pms.find("RL-AAAAA") is None
    assert (await pms.occupied(IN - 5 * DAY, OUT + 5 * DAY))["201"] == {IN, IN + DAY, IN + 2 * DAY}


async def test_of_racing_sales_one_is_made(pms: Pms) -> None:
    rivals = [other(f"RL-AAAA{letter}") for letter in "ABCDEFGH"]
    answers = await asyncio.gather(*(pms.book(rival) for rival in rivals), return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == len(rivals) - 1


async def test_neighbours_in_time_and_space_do_not_meet(pms: Pms) -> None:
    await pms.book(BOOKING)
    await pms.book(other("RL-AAAAA", shift=3))
    await pms.book(other("RL-AAAAB", shift=-3))
    await pms.book(other("RL-AAAAC", room="202"))


async def test_cancelling_gives_the_nights_back_once(pms: Pms) -> None:
    await pms.book(BOOKING)
    assert await pms.cancel(BOOKING.code)
    assert await pms.find(BOOKING.code) is None
    assert not any((await pms.occupied(IN, OUT)).values())
    assert not await pms.cancel(BOOKING.code)
    await pms.book(other("RL-AAAAA"))


async def test_a_stay_is_moved_and_nothing_of_the_old_one_is_left(pms: Pms) -> None:
    await pms.book(BOOKING)
    moved = replace(BOOKING, room_number="202", check_in=IN + 10 * DAY, check_out=OUT + 10 * DAY)
    number = await pms.modify(moved)
    assert await pms.find(BOOKING.code) == number
    assert await pms.modify(moved) == number
    assert not any((await pms.occupied(IN, OUT)).values())
    assert (await pms.occupied(IN + 9 * DAY, OUT + 11 * DAY)) == {"202": {IN + (10 + day) * DAY for day in range(3)}}


@pytest.mark.parametrize(("shift", "nights"), [(0, 5), (0, 1), (1, 3), (-1, 4)])
async def test_a_stay_may_overlap_the_one_it_replaces(pms: Pms, shift: int, nights: int) -> None:
    await pms.book(BOOKING)
    number = await pms.modify(other(BOOKING.code, shift=shift, nights=nights))
    assert await pms.find(BOOKING.code) == number
    first = IN + shift * DAY
    assert (await pms.occupied(IN - 5 * DAY, OUT + 5 * DAY))["201"] == {first + day * DAY for day in range(nights)}


@pytest.mark.parametrize(("room", "shift", "nights"), [("201", 0, 4), ("201", 1, 3), ("201", 3, 2), ("202", 3, 2)])
async def test_a_stay_that_cannot_be_moved_is_left_as_it_was(pms: Pms, room: str, shift: int, nights: int) -> None:
    await pms.book(BOOKING)
    await pms.book(other("RL-AAAAA", room=room, shift=3))
    with pytest.raises(Conflict) as sold:
        await pms.modify(other(BOOKING.code, room=room, shift=shift, nights=nights))
    assert sold.value.code == "no_room"
    assert await pms.find(BOOKING.code) is not None
    assert (await pms.occupied(IN, OUT))["201"] == {IN, IN + DAY, IN + 2 * DAY}


async def test_modifying_what_was_never_sold_sells_it(pms: Pms) -> None:
    assert await pms.modify(BOOKING) == await pms.find(BOOKING.code)


async def test_what_was_sold_is_told_with_our_code(pms: Pms) -> None:
    before = (await pms.changes(None)).until
    number = await pms.book(BOOKING)
    found = await pms.changes(None)
    assert found.complete
    assert [
        (each.number, each.code, each.room, each.check_in, each.check_out, each.live) for each in found.reservations
    ] == [(number, BOOKING.code, "201", IN, OUT, True)]
    assert number in {each.number for each in (await pms.changes(before)).reservations}


async def test_what_was_cancelled_is_not_live(pms: Pms) -> None:
    before = (await pms.changes(None)).until
    await pms.book(BOOKING)
    await pms.cancel(BOOKING.code)
    assert not (await pms.changes(None)).reservations
    assert not any(each.live for each in (await pms.changes(before)).reservations)


async def test_who_is_there_is_told_for_the_nights_that_are_asked_for(pms: Pms) -> None:
    before = {(each.room, each.line) for each in await pms.stays(IN, OUT)}
    number = await pms.book(BOOKING)
    (sold,) = [each for each in await pms.stays(OUT - DAY, OUT + DAY) if (each.room, each.line) not in before]
    assert (sold.number, sold.code, sold.room, sold.check_in, sold.check_out, sold.live) == (
        number, BOOKING.code, BOOKING.room_number, IN, OUT, True,
    )  # fmt: skip
    assert not [each for each in await pms.stays(OUT, OUT + DAY) if each.code == BOOKING.code]
    assert not [each for each in await pms.stays(IN - DAY, IN) if each.code == BOOKING.code]


async def test_prices_are_of_types_that_are_sold(pms: Pms) -> None:
    prices = await pms.prices(IN, OUT)
    house = await pms.business()
    if prices is not None:
        assert set(prices) <= {kind.code for kind in house.room_types}
        assert all(price.amount > 0 and price.currency == house.currency for price in prices.values())


async def test_it_is_well(pms: Pms) -> None:
    await pms.health()


async def test_what_nobody_sold_is_not_found(pms: Pms) -> None:
    assert await pms.find("RL-ZZZZZ") is None
    assert not await pms.cancel("RL-ZZZZZ")


def house_file(folder: Path, *changes: tuple[str, str]) -> Path:
    text = resources.files("relevo").joinpath("data/demo_hotel.json").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "hotel.json"
    file.write_text(text, encoding="utf-8")
    return file


async def test_a_house_may_be_described_in_a_file_of_its_own(db: Database, tmp_path: Path) -> None:
    file = house_file(tmp_path, ("Hotel Mirador del Río", "Posada del Sur"), ('"02-28"', '"02-29"'))
    house = await Embedded(Settings(file=file), db).business()
    assert house.name == "Posada del Sur"
    assert house.code_prefix == "RL"
    assert house.seasons[0].covers(date(2028, 2, 29))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"102"', '"101"'),
        ('"doble"', '"simple"'),
        ("America/Argentina/Buenos_Aires", "America/Ciudad_Perdida"),
        ('"ARS"', '"pesos"'),
        ('"12-20"', '"20-12"'),
        ("Thursday before Easter to Easter Sunday", "whenever"),
        ('"capacity": 1', '"capacity": 0'),
        ('"14:00"', '"2pm"'),
        ("{", "["),
    ],
)
async def test_a_file_that_makes_no_sense_is_refused_at_start(db: Database, tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        await Embedded(Settings(file=house_file(tmp_path, (old, new))), db).business()
    assert refused.value.code == "hotel_file"


async def test_a_file_that_is_missing_is_refused_at_start(db: Database, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        await Embedded(Settings(file=tmp_path / "none.json"), db).business()
