"""When a service is free: hours, pauses, capacity, parts of the day, clocks that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from relevo.appointments import rules
from relevo.appointments.rules import GRID, Agenda, Part, Places
from relevo.kit.errors import Invalid
from tests.appointments.conftest import AGENDA, ZONE

MASSAGE, STONES, YOGA = AGENDA.services
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def local(agenda: Agenda, *args: object, **kwargs: object) -> list[str]:
    found = rules.free(agenda, *args, **kwargs)  # type: ignore[arg-type]
    return [slot.start.astimezone(agenda.timezone).strftime("%H:%M") for slot in found]


def test_a_day_begins_and_ends_with_the_hours() -> None:
    found = local(AGENDA, MASSAGE, MONDAY, {}, now=NOW)
    assert found[0] == "09:00"
    assert "12:10" not in found
    assert (found[found.index("16:00") - 1], found[-1]) == ("12:00", "19:00")


def test_a_pause_keeps_the_place_but_not_the_customer() -> None:
    assert rules.cells(at(9), MASSAGE) == tuple(at(9) + n * GRID for n in range(4))
    assert len(rules.cells(at(9), STONES)) == 6
    found = local(AGENDA, STONES, MONDAY, {}, now=NOW)
    assert found[-1] == "18:30"


def test_what_is_taken_is_not_free_and_the_other_place_is() -> None:
    busy = {("ana", 0): set(rules.cells(at(10), MASSAGE))}
    assert "10:00" in local(AGENDA, MASSAGE, MONDAY, busy, now=NOW)
    assert rules.free(AGENDA, MASSAGE, MONDAY, busy, now=NOW)[4].resource == "luz"
    stones = local(AGENDA, STONES, MONDAY, busy, now=NOW)
    assert "09:00" not in stones
    assert "11:00" in stones


def test_capacity_counts_places() -> None:
    cells = set(rules.cells(at(9), YOGA))
    taken: Places = {("sala", place): cells for place in range(2)}
    assert next(rules.places(AGENDA, YOGA, at(9), taken)) == ("sala", 2)
    assert not list(rules.places(AGENDA, YOGA, at(9), {**taken, ("sala", 2): cells}))


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [(Part.MORNING, "09:00", "12:00"), (Part.AFTERNOON, "16:00", "18:45"), (Part.EVENING, "19:00", "19:00")],
)
def test_parts_of_the_day(part: Part, first: str, last: str) -> None:
    found = local(AGENDA, MASSAGE, MONDAY, {}, now=NOW, part=part)
    assert (found[0], found[-1]) == (first, last)


def test_neither_too_soon_nor_too_far_nor_on_a_closed_day() -> None:
    today = NOW.astimezone(ZONE).date()
    assert local(AGENDA, MASSAGE, today, {}, now=NOW)[0] == "10:00"
    assert not local(AGENDA, MASSAGE, date(2026, 11, 22), {}, now=NOW), "Sunday"
    assert not local(AGENDA, MASSAGE, today + timedelta(days=70), {}, now=NOW)
    assert not local(replace(AGENDA, closed=frozenset({MONDAY})), MASSAGE, MONDAY, {}, now=NOW)
    with pytest.raises(Invalid, match="slot_too_soon"):
        rules.check_start(AGENDA, MASSAGE, NOW + timedelta(minutes=30), now=NOW)
    with pytest.raises(Invalid, match="slot_too_far"):
        rules.check_start(AGENDA, MASSAGE, NOW + timedelta(days=90), now=NOW)
    with pytest.raises(Invalid, match="slot_closed"):
        rules.check_start(AGENDA, MASSAGE, at(9, 7), now=NOW)


def test_a_day_with_a_change_of_clocks_has_no_hour_twice() -> None:
    madrid = replace(AGENDA, timezone=ZoneInfo("Europe/Madrid"), hours={6: ((time(0), time(6)),)}, ahead=timedelta(400))
    spring = list(rules.starts(madrid, YOGA, date(2026, 3, 29)))
    autumn = list(rules.starts(madrid, YOGA, date(2026, 10, 25)))
    assert (len(spring), len(autumn)) == (4 * 4 + 1, 6 * 4 + 1)
    for found in (spring, autumn):
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("said", "service"),
    [("quiero un masaje", "masaje"), ("con piedras calientes", "piedras"), ("hay yoga hoy", "yoga"), ("hola", None)],
)
def test_services_by_what_they_are_called(said: str, service: str | None) -> None:
    found = rules.named(AGENDA, said)
    assert (found.code if found else None) == service
