"""A file, piece by piece, of rows that come in batches: CSV as they come, Excel once it is whole on the disk."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from relevo.reports.sheets import Column, CsvTable, ExcelTable

PIECE = 65_536


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


MEDIA = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Files:
    folder: Path
    zone: ZoneInfo
    total: str
    """The word before the totals."""

    async def pieces(
        self, form: Format, title: str, columns: Sequence[Column], batches: AsyncIterator[Sequence[Sequence[Any]]]
    ) -> AsyncIterator[bytes]:
        if form is Format.CSV:
            table = CsvTable(columns, self.zone)
            yield table.head().encode()
            async for rows in batches:
                yield table.rows(rows).encode()
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            path = Path(folder) / "export.xlsx"
            book = ExcelTable(path, columns, self.zone, title, self.total)
            async for rows in batches:
                await asyncio.to_thread(book.rows, rows)
            await asyncio.to_thread(book.close)
            with path.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
