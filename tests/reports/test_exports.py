"""Exports: what is taken away is all there, typed, harmless in a spreadsheet, noted, and only for who may have it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import insert, update

from relevo.bookings.models import BookingRow
from relevo.conversations.models import ConversationRow
from relevo.kit.audit import deeds
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Forbidden, Invalid, NotFound
from relevo.kit.ids import CountingIds
from relevo.kit.mail import MailFile
from relevo.kit.work import Work
from relevo.people.account_store import put_staff
from relevo.people.models import PersonRow, StaffRow
from relevo.people.rules import Role, Staff
from relevo.people.service import People
from relevo.reports import exports_store
from relevo.reports import lists as lists_module
from relevo.reports.exports import LARGEST, SEND, Exports, Wish
from relevo.reports.files import Format
from relevo.reports.floor import Floor
from relevo.reports.lists import Lists
from relevo.reports.rolling import Rolling
from relevo.reports.schedule_store import Every
from relevo.reports.service import Reports
from relevo.reports.sheets import Cell, Column, ExcelTable, plain, safe
from relevo.texts import Texts

ROSARIO = ZoneInfo("America/Argentina/Buenos_Aires")
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)
EVIL = ("=HYPERLINK(\"http://x\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "http://x.example")  # fmt: skip


class Post:
    on = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, Sequence[MailFile]]] = []

    async def send(
        self, *, to: str, subject: str, text: str, html: str | None = None,
        attachments: Sequence[MailFile] = (), key: str,
    ) -> None:  # fmt: skip
        assert html is None
        assert key
        self.sent.append((to, subject, text, attachments))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def exports(db: Database, work: Work, clock: FixedClock, ids: CountingIds, post: Post, tmp_path: Path) -> Exports:
    people, texts = People(db, clock, ids), Texts("es")
    floor = Floor(people, clock, ROSARIO)
    rolling = Rolling(db, clock, ROSARIO, floor)
    lists = Lists(db, people, clock, ROSARIO, Reports(db, work, people, clock, texts, rolling, "ARS"), rolling, floor)
    made = Exports(db, work, people, post, clock, ids, texts, ROSARIO, tmp_path / "exports", lists)
    work.handle(SEND, made.send_job)
    work.start()
    return made


@pytest.fixture
async def boss(db: Database, clock: FixedClock) -> Staff:
    member = Staff("stf_1", "boss@x.com", "Ada", Role.SUPERVISOR)
    async with db.write() as tx:
        await put_staff(tx.session, member, clock.now())
    return member


async def fill(db: Database, count: int) -> None:
    people = [{"id": f"per_{n}", "name": name, "created_at": AT} for n, name in enumerate(EVIL)]
    threads = [
        {
            "id": f"cnv_{n:05}", "channel": "webchat", "person_id": f"per_{n % len(EVIL)}", "control": "bot",
            "control_version": 1, "created_at": AT + timedelta(seconds=n // 3), "priority": "normal", "unread": 0,
            "messages": n, "meta": {},
        }
        for n in range(count)
    ]  # fmt: skip
    async with db.write() as tx:
        await tx.session.execute(insert(PersonRow), people)
        await tx.session.execute(insert(ConversationRow), threads)


async def book(db: Database) -> None:
    async with db.write() as tx:
        row = {
            "id": "bkg_1", "code": "RL-1", "status": "confirmed", "room_number": "101", "room_type": "d",
            "type_name": "Doble", "check_in": DAY, "check_out": date(2026, 11, 23), "guests": 2, "children": 0,
            "babies": 0, "total": 13_600_050, "deposit": 4_080_000, "currency": "ARS", "deposit_status": "confirmed",
            "hold_expires_at": AT, "extensions": 0, "conversation_id": "cnv_00000", "person_id": "per_0",
            "created_at": AT, "version": 1, "paid": 0, "refund": 0, "tries": 0, "guest_phone": "+5493415550000",
        }  # fmt: skip
        await tx.session.execute(insert(BookingRow).values(row))


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_excel(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


async def test_every_row_is_there_once_across_batches_that_end_amid_rows_of_one_second(
    db: Database, exports: Exports, boss: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_store, "BATCH", 7)
    await fill(db, 50)
    rows = read_csv(await whole(await exports.take(Wish("conversations", Format.CSV, DAY, DAY), by=boss)))
    assert [row["Código"] for row in rows] == [f"cnv_{n:05}" for n in range(50)]
    assert rows[0]["Comienzo"] == "2026-11-20 12:04:05"
    sheet = read_excel(await whole(await exports.take(Wish("conversations", Format.XLSX, DAY, DAY), by=boss)))
    assert [sheet.cell(row, 1).value for row in range(2, 52)] == [row["Código"] for row in rows]


async def test_what_customers_wrote_is_never_a_formula_nor_a_link(db: Database, exports: Exports, boss: Staff) -> None:
    await fill(db, len(EVIL))
    rows = read_csv(await whole(await exports.take(Wish("conversations", Format.CSV, DAY, DAY), by=boss)))
    assert [row["Cliente"] for row in rows] == [*(f"'{each}" for each in EVIL[:-1]), EVIL[-1]]
    sheet = read_excel(await whole(await exports.take(Wish("conversations", Format.XLSX, DAY, DAY), by=boss)))
    for number, name in enumerate(EVIL):
        cell = sheet.cell(number + 2, 5)
        assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


async def test_cells_have_types_the_header_stays_and_money_adds_up(db: Database, exports: Exports, boss: Staff) -> None:
    await fill(db, 1)
    await book(db)
    sheet = read_excel(await whole(await exports.take(Wish("bookings", Format.XLSX, DAY, DAY), by=boss)))
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[2], strict=True))
    assert sheet.freeze_panes == "A2"
    assert row["Comienzo"].value == datetime(2026, 11, 20, 12, 4, 5)  # noqa: DTZ001 - Excel has no zones
    assert row["Llegada"].value == datetime(2026, 11, 20)  # noqa: DTZ001
    assert row["Llegada"].number_format == "yyyy-mm-dd"
    assert row["Total"].value == 136_000.50
    assert row["Teléfono"].data_type == "s"
    total = dict(zip(head, sheet[3], strict=True))
    assert (total["Código de reserva"].value, total["Total"].value) == ("Total", 136_000.50)
    rows = read_csv(await whole(await exports.take(Wish("bookings", Format.CSV, DAY, DAY), by=boss)))
    assert (rows[0]["Total"], rows[0]["Teléfono"]) == ("136000.50", "'+5493415550000")


async def test_what_a_figure_is_made_of_is_taken_whole_and_harmless(
    db: Database, exports: Exports, boss: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_module, "BATCH", 7)
    await fill(db, 30)
    name, pieces = await exports.take_list("conversations", Format.CSV, DAY - timedelta(days=3), DAY, by=boss)
    rows = read_csv(await whole(pieces))
    assert name == "conversations_2026-11-17_2026-11-20.csv"
    assert sorted(row["Código"] for row in rows) == [f"cnv_{n:05}" for n in range(30)]
    assert {row["Cliente"] for row in rows} == {*(f"'{each}" for each in EVIL[:-1]), EVIL[-1]}
    _, pieces = await exports.take_list("deposits_money", Format.XLSX, DAY, DAY, by=boss)
    assert read_excel(await whole(pieces)).max_row == 1
    note, _ = await deeds(db)
    assert (note["what"], note["subject"], note["details"]["figure"]) == ("exported", "figure", "deposits_money")
    with pytest.raises(NotFound):
        await exports.take_list("nonsense", Format.CSV, DAY, DAY, by=boss)
    with pytest.raises(Forbidden):
        await exports.take_list("sales", Format.CSV, DAY, DAY, by=Staff("stf_2", "a@x.com", "A", Role.EXECUTIVE))


async def test_an_export_without_rows_has_its_header(db: Database, exports: Exports, boss: Staff) -> None:
    for kind in ("conversations", "calls", "recordings", "bookings"):
        sheet = read_excel(await whole(await exports.take(Wish(kind, Format.XLSX, DAY, DAY), by=boss)))
        assert sheet.max_row == 1
        assert all(cell.value for cell in sheet[1])
        assert read_csv(await whole(await exports.take(Wish(kind, Format.CSV, DAY, DAY), by=boss))) == []


async def test_who_takes_what_is_noted_and_nobody_takes_what_they_may_not_see(
    db: Database, exports: Exports, boss: Staff
) -> None:
    await whole(await exports.take(Wish("calls", Format.CSV, DAY, DAY), by=boss))
    (note,) = await deeds(db)
    assert (note["what"], note["subject"], note["by"]) == ("exported", "calls", boss.id)
    assert note["details"] == {"format": "csv", "since": "2026-11-20", "until": "2026-11-20"}
    for role in (Role.AGENT, Role.EXECUTIVE):
        with pytest.raises(Forbidden):
            await exports.take(Wish("calls", Format.CSV, DAY, DAY), by=Staff("stf_2", "a@x.com", "A", role))
    with pytest.raises(NotFound):
        await exports.take(Wish("people", Format.CSV, DAY, DAY), by=boss)
    with pytest.raises(Invalid):
        await exports.take(Wish("calls", Format.CSV, DAY, DAY - timedelta(days=1)), by=boss)
    assert len(await deeds(db)) == 1


async def test_on_time_it_is_posted_to_everybody_once_and_again_the_next_time(
    db: Database, exports: Exports, boss: Staff, work: Work, clock: FixedClock, post: Post
) -> None:
    await fill(db, 3)
    plan = await exports.plan("conversations", Format.CSV, Every.WEEK, ["B@x.com", "a@x.com", "b@x.com"], by=boss)
    assert plan["next_at"] == "2026-11-23T10:00:00.000Z"
    clock.advance(timedelta(days=2))
    await work.idle()
    assert [(to, [file.name for file in files]) for to, _, _, files in post.sent] == [
        ("a@x.com", ["conversations_2026-11-16_2026-11-22.csv"]),
        ("b@x.com", ["conversations_2026-11-16_2026-11-22.csv"]),
    ]
    assert len(read_csv(post.sent[0][3][0].content)) == 3
    clock.advance(timedelta(days=7))
    await work.idle()
    assert len(post.sent) == 4
    (kept,) = await exports.plans(boss)
    await exports.drop(kept["id"], by=boss)
    clock.advance(timedelta(days=7))
    await work.idle()
    assert len(post.sent) == 4


async def test_nothing_is_posted_for_somebody_who_may_not_have_it_any_more(
    db: Database, exports: Exports, boss: Staff, work: Work, clock: FixedClock, post: Post
) -> None:
    await exports.plan("conversations", Format.CSV, Every.DAY, ["a@x.com"], by=boss)
    async with db.write() as tx:
        await tx.session.execute(update(StaffRow).where(StaffRow.id == boss.id).values(active=False))
    clock.advance(timedelta(days=1))
    await work.idle()
    assert post.sent == []


async def test_a_file_too_large_for_a_letter_is_told_of(
    db: Database, exports: Exports, boss: Staff, work: Work, clock: FixedClock, post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("relevo.reports.exports.LARGEST", 10)
    assert LARGEST > 10
    await exports.plan("conversations", Format.CSV, Every.DAY, ["a@x.com"], by=boss)
    clock.advance(timedelta(days=1))
    await work.idle()
    ((_, _, text, files),) = post.sent
    assert files == []
    assert "demasiado grande" in text


@pytest.mark.parametrize(
    "to", [[], ["nobody"], ["a b@x.com"], ["a@x.com\nbcc: e@x.com"], [f"{n}@x.com" for n in range(11)]]
)
async def test_addresses_that_are_none_are_refused(exports: Exports, boss: Staff, to: list[str]) -> None:
    with pytest.raises(Invalid, match="bad_addresses"):
        await exports.plan("calls", Format.CSV, Every.DAY, to, by=boss)


@pytest.mark.parametrize(
    ("value", "cell", "written"),
    [
        (None, Cell.MONEY, ""),
        (-5, Cell.MONEY, "-0.05"),
        (123_456, Cell.MONEY, "1234.56"),
        (0, Cell.COUNT, "0"),
        (DAY, Cell.DAY, "2026-11-20"),
        ("ñandú", Cell.TEXT, "ñandú"),
    ],
)
def test_a_cell_is_written_plainly(value: object, cell: Cell, written: str) -> None:
    assert plain(value, cell, ROSARIO) == written


def test_a_cell_is_never_longer_than_excel_takes(tmp_path: Path) -> None:
    book = ExcelTable(tmp_path / "x.xlsx", [Column("a", "A")], ROSARIO, "T" * 60, "Total")
    book.rows([["x" * 40_000]])
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert len(str(sheet.cell(2, 1).value)) == 32_767
    assert safe("hola") == "hola"
