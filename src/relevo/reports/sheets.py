"""Tables as files: Excel with typed cells, a frozen header and totals; CSV. Rows come in batches and are not kept.

What customers wrote is never a formula: Excel gets it as text, and in CSV a cell that opens like one is quoted first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it Excel takes UTF-8 for something else."""
MAX_CELL = 32_767
"""Characters of a cell of Excel."""
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


class Cell(StrEnum):
    TEXT = "text"
    MOMENT = "moment"
    DAY = "day"
    COUNT = "count"
    SECONDS = "seconds"
    MONEY = "money"
    """Minor units."""


SUMMED = (Cell.COUNT, Cell.SECONDS, Cell.MONEY)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    name: str
    cell: Cell = Cell.TEXT
    summed: bool = True
    """Whether a sum of it says anything."""


def safe(text: str) -> str:
    """What a spreadsheet shows as it is, whatever it opens with (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def plain(value: Any, cell: Cell, zone: ZoneInfo) -> str:
    """As it is written in CSV: moments by the house's clock, money with two decimals, nothing as nothing."""
    if value is None:
        return ""
    match cell:
        case Cell.MOMENT:
            return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case Cell.DAY:
            return str(value.isoformat())
        case Cell.MONEY:
            sign, amount = "-" if value < 0 else "", abs(int(value))
            return f"{sign}{amount // 100}.{amount % 100:02d}"
        case Cell.COUNT | Cell.SECONDS:
            return str(value)
        case Cell.TEXT:
            return safe(str(value))


@dataclass(slots=True)
class CsvTable:
    """Text, a piece at a time."""

    columns: Sequence[Column]
    zone: ZoneInfo

    def head(self) -> str:
        return BOM + self._written([[column.name for column in self.columns]])

    def rows(self, rows: Sequence[Sequence[Any]]) -> str:
        return self._written(
            [plain(value, column.cell, self.zone) for value, column in zip(row, self.columns, strict=True)]
            for row in rows
        )

    def _written(self, rows: Any) -> str:
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        return buffer.getvalue()


@dataclass(slots=True)
class ExcelTable:
    """A workbook with one sheet, written row by row into ``path``; whole after ``close``. Blocking."""

    path: Path
    columns: Sequence[Column]
    zone: ZoneInfo
    title: str
    total: str
    """The word before the totals."""
    _book: Any = field(init=False, repr=False)
    _sheet: Any = field(init=False, repr=False)
    _formats: dict[Cell, Any] = field(init=False, repr=False)
    _next: int = field(init=False, default=1)
    _sums: list[int] = field(init=False)

    def __post_init__(self) -> None:
        # Links and formulas are made of nobody's words; constant memory keeps one row at a time.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(self.path), options)
        self._sheet = self._book.add_worksheet(self.title[:31])
        bold = self._book.add_format({"bold": True, "bottom": 1})
        self._formats = {
            Cell.MOMENT: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Cell.DAY: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            Cell.MONEY: self._book.add_format({"num_format": "#,##0.00"}),
            Cell.SECONDS: self._book.add_format({"num_format": "[h]:mm:ss"}),
            Cell.COUNT: self._book.add_format({"num_format": "0"}),
            Cell.TEXT: self._book.add_format({"text_wrap": False}),
        }
        self._sums = [0] * len(self.columns)
        for number, column in enumerate(self.columns):
            self._sheet.set_column(number, number, 20)
            self._sheet.write_string(0, number, column.name, bold)
        self._sheet.freeze_panes(1, 0)

    def rows(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            for number, (value, column) in enumerate(zip(row, self.columns, strict=True)):
                if value is None:
                    continue
                if column.cell in SUMMED:
                    self._sums[number] += int(value)
                self._write(self._next, number, value, column.cell, self._formats[column.cell])
            self._next += 1

    def _write(self, row: int, number: int, value: Any, cell: Cell, form: Any) -> None:
        match cell:
            case Cell.TEXT:
                self._sheet.write_string(row, number, str(value)[:MAX_CELL], form)
            case Cell.MOMENT:
                assert isinstance(value, datetime)
                self._sheet.write_datetime(row, number, value.astimezone(self.zone).replace(tzinfo=None), form)
            case Cell.DAY:
                assert isinstance(value, date)
                moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
                self._sheet.write_datetime(row, number, moment.replace(tzinfo=None), form)
            case Cell.MONEY:
                self._sheet.write_number(row, number, int(value) / 100, form)
            case Cell.SECONDS:
                self._sheet.write_number(row, number, int(value) / 86_400, form)
            case Cell.COUNT:
                self._sheet.write_number(row, number, int(value), form)

    def close(self) -> None:
        last = max(self._next - 1, 1)
        if self._next > 1:
            self._totals()
        self._sheet.autofilter(0, 0, last, len(self.columns) - 1)
        self._book.close()

    def _totals(self) -> None:
        sums = {n: column for n, column in enumerate(self.columns) if column.cell in SUMMED and column.summed}
        strong = {"bold": True, "top": 1}
        self._sheet.write_string(self._next, 0, self.total, self._book.add_format(strong))
        formats = {Cell.MONEY: "#,##0.00", Cell.SECONDS: "[h]:mm:ss", Cell.COUNT: "0"}
        for number, column in sums.items():
            if number == 0:
                continue
            form = self._book.add_format(strong | {"num_format": formats[column.cell]})
            self._write(self._next, number, self._sums[number], column.cell, form)
