"""Agencies: known by code and contact, theirs is what they hold, and it is earned when the stay is over, once."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Conflict, Invalid, NotFound, TooMany
from relevo.kit.work import Work
from relevo.texts import Texts
from relevo.tours.partners import Partners
from relevo.tours.rules import Partner, StayNow, Title, earned, percent_of, rate_of
from relevo.tours.statement import as_csv, safe
from tests.tours.conftest import ZONE, Stays, ars

HELD = StayNow("bkg_1", "RL-AAAAA", date(2026, 11, 24), date(2026, 11, 26), ars(136_000), confirmed=False, held=True)
SOLD = replace(HELD, confirmed=True, held=False)
GONE = replace(HELD, confirmed=False, held=False)


@pytest.fixture
async def andes(partners: Partners) -> Partner:
    return await partners.add(
        name="Andes Viajes", percent=12, email="Reservas@Andes.example", phone="341 555-0100", code="AG-ANDES"
    )


async def known(partners: Partners, conversation: str = "cnv_1") -> Partner | None:
    return await partners.identify("ag-andes", phone=None, email="reservas@andes.EXAMPLE", conversation_id=conversation)


async def happened(partners: Partners, db: Database, stays: Stays, stay: StayNow | None) -> None:
    if stay is None:
        stays.known.clear()
    else:
        stays.known[stay.booking_id] = stay
    async with db.write() as tx:
        await partners.on_stay(tx, "bkg_1", "cnv_1")


async def titles(partners: Partners, andes: Partner) -> list[Title]:
    return [each.title for each in await partners.brought(andes.id)]


async def lines(partners: Partners, andes: Partner, month: str = "2026-11") -> list[tuple[str, int]]:
    found = await partners.statement(andes.id, month)
    return [(each.kind.value, each.amount.amount) for each in found.entries]


async def test_who_writes_has_to_prove_it(partners: Partners, andes: Partner) -> None:
    assert await partners.known("cnv_1") is None
    wrong = [("AG-OTRA", "reservas@andes.example"), ("AG-ANDES", "otra@andes.example"), ("AG-ANDES", None)]
    for code, email in wrong:
        assert await partners.identify(code, phone=None, email=email, conversation_id="cnv_1") is None
    assert await known(partners) == andes
    assert await partners.known("cnv_1") == andes
    assert await partners.known("cnv_2") is None, "another conversation is not theirs"
    assert await partners.identify("AG-ANDES", phone="+54 9 341 555 0100", email=None, conversation_id="cnv_2") == andes


async def test_guessing_ends(partners: Partners, andes: Partner, clock: FixedClock) -> None:
    for number in range(5):
        await partners.identify("AG-ANDES", phone=None, email=f"{number}@x.ar", conversation_id="cnv_1")
    with pytest.raises(TooMany):
        await known(partners)
    assert await known(partners, "cnv_2") == andes
    clock.advance(timedelta(hours=2))
    assert await known(partners) == andes


async def test_who_is_no_partner_any_more_is_nobody(partners: Partners, andes: Partner) -> None:
    await known(partners)
    await partners.change(andes.id, active=False)
    assert await partners.known("cnv_1") is None
    assert await known(partners, "cnv_2") is None


async def test_a_commission_is_earned_when_the_stay_is_over_and_not_before(
    partners: Partners, andes: Partner, db: Database, stays: Stays, work: Work, clock: FixedClock
) -> None:
    await happened(partners, db, stays, HELD)
    assert await titles(partners, andes) == [], "nobody had said who they are"
    await known(partners)
    await happened(partners, db, stays, HELD)
    assert await titles(partners, andes) == [Title.HELD]
    await happened(partners, db, stays, SOLD)
    await work.drain()
    assert (await titles(partners, andes), await lines(partners, andes)) == ([Title.BOOKED], [])
    clock.advance(timedelta(days=4))
    await work.drain()
    assert await titles(partners, andes) == [Title.BOOKED], "the guests leave tomorrow"
    clock.advance(timedelta(days=1, hours=6))
    await work.drain()
    assert (await titles(partners, andes), await lines(partners, andes)) == ([Title.EARNED], [("accrual", 1_632_000)])
    await happened(partners, db, stays, SOLD)
    assert await lines(partners, andes) == [("accrual", 1_632_000)], "once"


async def test_a_stay_that_is_moved_is_earned_at_its_new_end_and_price(
    partners: Partners, andes: Partner, db: Database, stays: Stays, work: Work, clock: FixedClock
) -> None:
    await known(partners)
    await happened(partners, db, stays, HELD)
    await partners.change(andes.id, percent=20)
    await happened(partners, db, stays, SOLD)
    later = replace(SOLD, check_out=date(2026, 12, 2), total=ars(200_000))
    await happened(partners, db, stays, later)
    clock.advance(timedelta(days=6))
    await work.drain()
    assert await titles(partners, andes) == [Title.BOOKED]
    clock.advance(timedelta(days=6))
    await work.drain()
    assert await lines(partners, andes, "2026-12") == [("accrual", 2_400_000)], "at the rate of the day it was held"
    assert await lines(partners, andes) == []


async def test_cancelled_before_it_is_lost_and_after_it_is_taken_back(
    partners: Partners, andes: Partner, db: Database, stays: Stays, work: Work, clock: FixedClock
) -> None:
    await known(partners)
    await happened(partners, db, stays, HELD)
    await happened(partners, db, stays, GONE)
    assert (await titles(partners, andes), await lines(partners, andes)) == ([Title.LOST], [])
    await happened(partners, db, stays, SOLD)
    clock.advance(timedelta(days=6))
    await work.drain()
    await happened(partners, db, stays, GONE)
    assert await titles(partners, andes) == [Title.REVERSED]
    assert await lines(partners, andes) == [("accrual", 1_632_000), ("reversal", -1_632_000)]
    statement = await partners.statement(andes.id, "2026-11")
    assert statement.total is not None
    assert statement.total.amount == 0
    await happened(partners, db, stays, SOLD)
    assert await titles(partners, andes) == [Title.REVERSED], "what was taken back stays so"


async def test_a_statement_is_a_sheet_in_which_nothing_is_worked_out(
    partners: Partners, db: Database, stays: Stays, clock: FixedClock
) -> None:
    evil = await partners.add(name='=HYPERLINK("x")', percent="12.5", email="a@b.ar", code="AG-X")
    assert await partners.identify("AG-X", phone=None, email="a@b.ar", conversation_id="cnv_1") == evil
    stay = replace(SOLD, code="+RL-AAAAA", held=True)
    await happened(partners, db, stays, stay)
    clock.advance(timedelta(days=6))
    await happened(partners, db, stays, replace(stay, held=False))
    sheet = as_csv(await partners.statement(evil.id, "2026-11"), Texts("es"), ZONE)
    assert sheet.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(sheet[1:]), delimiter=";"))
    assert rows[0] == ['\'=HYPERLINK("x")', "AG-X", "2026-11"]
    assert rows[1][0] == "Fecha"
    assert rows[2] == [
        "2026-11-27", "'+RL-AAAAA", "Comisión", "2026-11-24", "2026-11-26", "136000.00", "12.5", "17000.00", "ARS",
    ]  # fmt: skip
    assert rows[3][0] == "Total"
    assert rows[3][-2:] == ["17000.00", "ARS"]
    assert all(len(row) == len(rows[1]) for row in rows[2:])
    assert [safe(each)[0] for each in ("=1", "+1", "-1", "@x", "\tx")] == ["'"] * 5


async def test_what_cannot_be_a_partner(partners: Partners, andes: Partner) -> None:
    with pytest.raises(Conflict, match="partner_code_taken"):
        await partners.add(name="Otra", percent=10, email="x@y.ar", code="ag-andes")
    with pytest.raises(Invalid, match="partner_contact"):
        await partners.add(name="Otra", percent=10)
    for percent in ("-1", "51", "10.123"):
        with pytest.raises(Invalid, match="bad_rate"):
            await partners.add(name="Otra", percent=percent, email="x@y.ar")
    with pytest.raises(Invalid, match="bad_month"):
        await partners.statement(andes.id, "2026-13")
    with pytest.raises(NotFound):
        await partners.statement("prt_nadie", "2026-11")
    with pytest.raises(NotFound):
        await partners.change("prt_nadie", name="x")


async def test_the_first_agencies_are_welcomed_once_and_stay_as_they_were_changed(partners: Partners) -> None:
    given = {"code": "AG-ANDES", "name": "Andes", "percent": 12, "email": "a@b.ar", "phone": None}
    await partners.welcome(given)
    (made,) = await partners.listing()
    await partners.change(made.id, percent=15)
    await partners.welcome(given)
    assert [each.rate for each in await partners.listing()] == [1_500]


def test_rates_and_rounding() -> None:
    assert [percent_of(rate_of(each)) for each in ("12", "12.5", "0.25", "10.10")] == ["12", "12.5", "0.25", "10.1"]
    assert earned(ars(1), 1_250).amount == 13, "halves are rounded up"
