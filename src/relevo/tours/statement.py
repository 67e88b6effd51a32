"""A partner's month as a file for a spreadsheet. Words of others never become a formula in it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from relevo.kit.money import Money
from relevo.texts import Texts
from relevo.tours.partners import Statement
from relevo.tours.rules import percent_of

COLUMNS = ("date", "code", "kind", "check_in", "check_out", "base", "rate", "amount", "currency")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def as_csv(statement: Statement, texts: Texts, zone: ZoneInfo) -> str:
    """With a mark that tells spreadsheets how letters are written, and semicolons, which they split by in Spanish."""
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    partner = statement.partner
    sheet.writerow([safe(partner.name), safe(partner.code), statement.month])
    sheet.writerow([texts.say(f"tours.statement.{column}") for column in COLUMNS])
    for each in statement.entries:
        sheet.writerow(
            [
                _day(each.at, zone), safe(each.code), texts.say(f"tours.entry.{each.kind.value}"),
                each.check_in.isoformat(), each.check_out.isoformat(), _plain(each.base), percent_of(each.rate),
                _plain(each.amount), safe(each.amount.currency),
            ]
        )  # fmt: skip
    if statement.total is not None:
        blank = [""] * (len(COLUMNS) - 3)
        sheet.writerow(
            [texts.say("tours.statement.total"), *blank, _plain(statement.total), safe(statement.total.currency)]
        )
    return BOM + out.getvalue()


def safe(text: str) -> str:
    """As it is shown and nothing else: what a spreadsheet would work out is given an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(money: Money) -> str:
    """``1234.50``: a number, whatever the locale writes."""
    whole, cents = divmod(abs(money.amount), 100)
    return f"{'-' if money.amount < 0 else ''}{whole}.{cents:02d}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()
