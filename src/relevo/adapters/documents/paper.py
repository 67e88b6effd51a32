"""The voucher on paper: one A4 page whose type is large enough to be read on a phone, and an entry for a calendar.

Fonts are embedded, so that it looks the same everywhere; what they have no letter for is left out. Nothing in it
depends on when it is printed: the same voucher is the same file.
"""

from __future__ import annotations

from datetime import UTC
from functools import cache
from importlib.resources import files

import segno
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from icalendar import Calendar, Event

from relevo import __version__
from relevo.bookings.voucher import Voucher, people, sum_of
from relevo.texts import Texts

INK, SOFT, BAND, LINE, PALE = (28, 37, 44), (92, 105, 115), (13, 76, 92), (214, 221, 226), (240, 246, 247)
LEFT, WIDTH, PAGE = 18.0, 174.0, 210.0
QR = 44.0
HALF = WIDTH / 2
FAMILY = "OpenSans"
_FONTS = files("relevo") / "data" / "fonts"


def page(voucher: Voucher) -> bytes:
    written = _Page(Texts(voucher.locale))
    written.head(voucher)
    written.code(voucher)
    written.days(voucher)
    written.facts(voucher)
    written.rules(voucher)
    written.foot(voucher)
    return bytes(written.paper.output())


def entry(voucher: Voucher) -> bytes:
    texts = Texts(voucher.locale)
    stay = Event()
    stay.add("uid", f"{voucher.booking_id}@{voucher.email.rpartition('@')[2] or 'relevo'}")
    stay.add("sequence", voucher.version - 1)
    stay.add("dtstamp", voucher.issued.astimezone(UTC))
    stay.add("dtstart", voucher.begin)
    stay.add("dtend", voucher.end)
    stay.add("summary", texts.say("voucher.event_summary", house=voucher.house))
    stay.add("location", f"{voucher.house}, {voucher.city}")
    stay.add(
        "description",
        texts.say(
            "voucher.event_description", code=voucher.code, room=voucher.room, people=people(voucher, texts),
            opens=voucher.opens, closes=voucher.closes, phone=voucher.phone, email=voucher.email,
        ),
    )  # fmt: skip
    stay.add("status", "CONFIRMED")
    stay.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", f"-//Relevo//{__version__}//ES")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(stay)
    return bytes(calendar.to_ical())


class _Page:
    """Writes from the top down; ``y`` is where the next block begins."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.paper = FPDF(format="A4")
        self.paper.set_margins(LEFT, 14, LEFT)
        self.paper.set_auto_page_break(True, margin=14)
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.paper.add_font(FAMILY, style, str(_FONTS / f"OpenSans-{name}.ttf"))
        self.paper.add_page()

    def head(self, voucher: Voucher) -> None:
        paper = self.paper
        paper.set_lang(voucher.locale.replace("_", "-"))
        paper.set_title(f"{voucher.house} · {voucher.code}")
        paper.set_author(voucher.house)
        paper.set_creation_date(voucher.issued)
        paper.set_fill_color(*BAND)
        paper.rect(0, 0, PAGE, 38, style="F")
        paper.set_y(8)
        self._line(voucher.house, 24, bold=True, color=(255, 255, 255), height=12, shrink=True)
        self._line(voucher.city, 14, color=(214, 232, 236), height=8)
        paper.set_y(46)

    def code(self, voucher: Voucher) -> None:
        paper, top = self.paper, self.paper.get_y()
        self._qr(voucher.code, PAGE - LEFT - QR, top)
        room = WIDTH - QR - 8
        self._line(self._say("title"), 22, bold=True, color=BAND, height=11, width=room)
        self._line(self._say("code"), 13, color=SOFT, height=8, width=room)
        self._line(voucher.code, 34, bold=True, height=14, width=room)
        self._line(self._say("show"), 13, color=SOFT, height=8, width=room)
        paper.set_y(max(paper.get_y(), top + QR) + 5)

    def days(self, voucher: Voucher) -> None:
        paper, top, tall = self.paper, self.paper.get_y(), 33.0
        paper.set_fill_color(*PALE)
        paper.rect(LEFT, top, WIDTH, tall, style="F", round_corners=True, corner_radius=2.5)
        halves = (
            ("arrival", voucher.check_in, "from", voucher.opens),
            ("departure", voucher.check_out, "until", voucher.closes),
        )
        for number, (name, day, word, hour) in enumerate(halves):
            x = LEFT + 5 + number * HALF
            paper.set_xy(x, top + 3)
            weekday = self.texts.words("format.weekdays")[day.weekday()]
            written = self.texts.day(day, weekday=False, year=True)
            self._line(f"{self._say(name)} · {weekday}", 13, color=SOFT, height=7, width=HALF - 8, x=x)
            self._line(written, 18, bold=True, height=9, width=HALF - 8, x=x, shrink=True)
            self._line(self._say(word, time=hour), 15, height=9, width=HALF - 8, x=x)
        paper.set_y(top + tall + 4)

    def facts(self, voucher: Voucher) -> None:
        guest = _printable(voucher.guest or "")
        if guest:
            self._fact("guest", guest)
        self._fact("stay", self.texts.count("voucher.nights", voucher.nights))
        self._fact("room", voucher.room)
        self._fact("people", people(voucher, self.texts))
        for name, money in (("total", voucher.total), ("paid", voucher.paid), ("left", voucher.left)):
            self._fact(name, sum_of(money, self.texts), strong=name == "left")

    def rules(self, voucher: Voucher) -> None:
        self.paper.set_y(self.paper.get_y() + 4)
        self._line(self._say("rules"), 13, bold=True, height=7)
        for rule in voucher.rules:
            self._line(f"• {rule}", 11.5, color=SOFT, height=5.6)

    def foot(self, voucher: Voucher) -> None:
        paper = self.paper
        notes = [self._say("issued", day=self.texts.day(voucher.issued_on, weekday=False, year=True)) + "."]
        if voucher.version > 1:
            notes.append(self._say("replaces", version=voucher.version))
        paper.set_y(paper.get_y() + 4)
        self._line(f"{voucher.phone} · {voucher.email}", 14, bold=True, color=BAND, height=7)
        self._line(" ".join(notes), 11, color=SOFT, height=6)

    def _fact(self, name: str, value: str, *, strong: bool = False) -> None:
        paper, top = self.paper, self.paper.get_y()
        label = WIDTH * 0.38
        paper.set_xy(LEFT, top + 1)
        self._line(self._say(name), 14, color=INK if strong else SOFT, bold=strong, height=8, width=label)
        paper.set_xy(LEFT + label, top + 1)
        self._line(value, 17 if strong else 16, bold=True, height=8, width=WIDTH - label, x=LEFT + label, align=Align.R)
        bottom = paper.get_y() + 1
        paper.set_draw_color(*LINE)
        paper.line(LEFT, bottom, LEFT + WIDTH, bottom)
        paper.set_y(bottom)

    def _say(self, key: str, **params: object) -> str:
        return self.texts.say(f"voucher.{key}", **params)

    def _line(
        self,
        text: str,
        size: float,
        *,
        height: float,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        width: float = WIDTH,
        x: float = LEFT,
        align: Align = Align.L,
        shrink: bool = False,
    ) -> None:
        """A paragraph at ``x``; ``shrink`` makes the type smaller rather than taking a second line."""
        paper, written = self.paper, _printable(text)
        paper.set_font(FAMILY, "B" if bold else "", size)
        while shrink and size > 11 and paper.get_string_width(written) > width - 2:
            size -= 0.5
            paper.set_font_size(size)
        paper.set_text_color(*color)
        paper.set_x(x)
        paper.multi_cell(width, height, written, align=align, padding=0, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _qr(self, text: str, x: float, y: float) -> None:
        paper, matrix = self.paper, segno.make(text, error="m", micro=False).matrix
        step = QR / (len(matrix) + 4)
        paper.set_fill_color(0, 0, 0)
        for row, modules in enumerate(matrix):
            for column, dark in enumerate(modules):
                if dark:
                    # A hair wider than its place: viewers leave white seams between neighbours.
                    paper.rect(x + (column + 2) * step, y + (row + 2) * step, step + 0.02, step + 0.02, style="F")


@cache
def _letters() -> frozenset[int]:
    with TTFont(str(_FONTS / "OpenSans-Regular.ttf"), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _printable(text: str) -> str:
    """What the embedded fonts can write of it."""
    return " ".join("".join(char if ord(char) in _letters() else " " for char in text).split())
