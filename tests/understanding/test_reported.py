"""Sentences that were misread once, as reported by people who tried the assistant."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.bot.ports import Entities, Expecting, ReadingContext, RoomTypeName

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
TYPES = (RoomTypeName("doble", ("Doble",), 2), RoomTypeName("triple", ("Triple",), 3))


def read(text: str, expecting: Expecting = Expecting.NOTHING) -> Entities:
    return read_entities(text, ReadingContext(NOW, expecting, room_types=TYPES), "AR")


@pytest.mark.parametrize("text", ["una doble", "una doble por favor", "una triple, porfa"])
def test_one_room_is_no_first_of_the_month(text: str) -> None:
    heard = read(text, Expecting.DATES)
    assert heard.check_in is None
    assert heard.room_type in ("doble", "triple")


@pytest.mark.parametrize(
    ("text", "check_in", "check_out"),
    [
        ("hay lugar para navidad? del 24 al 26", date(2026, 12, 24), date(2026, 12, 26)),
        ("para reyes, del 5 al 8", date(2027, 1, 5), date(2027, 1, 8)),
        ("año nuevo: del 30 al 2", date(2026, 12, 30), date(2027, 1, 2)),
        ("del 5 al 5 de diciembre", date(2026, 12, 5), None),
    ],
)
def test_days_beside_a_feast_are_around_it(text: str, check_in: date, check_out: date | None) -> None:
    heard = read(text)
    assert (heard.check_in, heard.check_out) == (check_in, check_out)


@pytest.mark.parametrize(
    ("text", "guests"),
    [
        ("yo y 3 amigos", 4),
        ("3 amigos y yo", 4),
        ("mis dos hijos y yo", 3),
        ("somos 2... no, perdón, 3", 3),
        ("somos 4, no fumadores", 4),
        ("somos 5 del 16 al 18", 5),
        ("somos 2 de jueves a domingo", 2),
    ],
)
def test_the_speaker_and_second_thoughts_count(text: str, guests: int) -> None:
    assert read(text).guests == guests
