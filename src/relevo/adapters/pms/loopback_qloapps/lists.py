"""Lists of the loopback QloApps: filters, order, fields and limits as its web service takes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
_FILTER = re.compile(r"filter\[(\w+)\]")
_DATED = ("date_add", "date_upd")


class UnknownFilter(Exception):  # noqa: N818 - it is an answer, not a fault
    """A field that is not there, or a date without ``date=1``."""


def chosen(rows: list[Row], params: Mapping[str, str]) -> list[Row]:
    for name, wanted in params.items():
        if match := _FILTER.fullmatch(name):
            rows = [row for row in rows if _fits(row, match[1], wanted, dated=params.get("date") == "1")]
    if match := re.fullmatch(r"\[(\w+)_(ASC|DESC)\]", params.get("sort", "")):
        rows = sorted(rows, key=lambda row: row[match[1]], reverse=match[2] == "DESC")
    if limit := params.get("limit"):
        first, count = [0, *map(int, limit.split(","))][-2:]
        rows = rows[first : first + count]
    fields = params.get("display", "")
    if fields == "full":
        return rows
    wanted_fields = fields.strip("[]").split(",") if fields else ["id"]
    return [{field: row[field] for field in wanted_fields if field in row} for row in rows]


def _fits(row: Row, field: str, wanted: str, *, dated: bool) -> bool:
    if field not in row or (field in _DATED and not dated):
        raise UnknownFilter(field)
    value = str(row[field])
    if match := re.fullmatch(r"([<>!]?)\[(.*)\]", wanted, re.S):
        sign, given = match[1], match[2]
        match sign:
            case "<":
                return value < given
            case ">":
                return value > given
            case "!":
                return value != given
        low, comma, high = given.partition(",")
        return low <= value <= high if comma else value in given.split("|")
    if match := re.fullmatch(r"%\[(.*)\]%", wanted, re.S):
        return match[1] in value
    return value == wanted
