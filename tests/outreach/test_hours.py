"""Quiet hours in every time zone there is, over the days on which clocks are moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from relevo.outreach.rules.hours import at_hour, country_of, is_quiet, next_allowed, zones_of

HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")
MADRID, CANARIES = ZoneInfo("Europe/Madrid"), ZoneInfo("Atlantic/Canary")
ZONES = tuple(ZoneInfo(name) for name in sorted(available_timezones()) if not name.startswith(("Etc/", "right/")))
MOVED = (date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25), date(2026, 11, 1))
"""North America, Europe and Australia put their clocks forward or back on these."""


def at(local: str, zone: ZoneInfo = HOUSE) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_the_night_is_from_nine_to_eight(local: str, quiet: bool) -> None:
    assert is_quiet(at(f"2026-06-10T{local}"), (HOUSE,)) is quiet


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("2026-06-10T12:00", "2026-06-10T12:00"),
        ("2026-06-10T21:00", "2026-06-11T08:00"),
        ("2026-06-10T23:30", "2026-06-11T08:00"),
        ("2026-06-11T00:00", "2026-06-11T08:00"),
        ("2026-06-11T07:59", "2026-06-11T08:00"),
        ("2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_what_falls_into_the_night_waits_for_the_morning(asked: str, allowed: str) -> None:
    assert next_allowed(at(asked), (HOUSE,), HOUSE) == at(allowed)


@pytest.mark.parametrize("day", MOVED)
def test_every_zone_over_the_days_on_which_clocks_are_moved(day: date) -> None:
    start = datetime.combine(day, time(0), UTC) - timedelta(hours=14)
    for zone in ZONES:
        for quarter in range(0, 52 * 4, 5):
            moment = start + timedelta(minutes=15 * quarter)
            found = next_allowed(moment, (zone,), HOUSE)
            assert not is_quiet(found, (zone,))
            assert timedelta(0) <= found - moment <= timedelta(hours=12, minutes=30)
            if found != moment:
                assert is_quiet(found - timedelta(minutes=1), (zone,))


def test_where_a_number_may_be_in_several_zones_it_is_day_in_all_of_them() -> None:
    both = zones_of("+34612345678", HOUSE)
    assert set(both) == {MADRID, CANARIES}
    assert next_allowed(at("2026-06-10T08:10", MADRID), both, HOUSE) == at("2026-06-10T09:00", MADRID)
    assert next_allowed(at("2026-06-10T20:30", CANARIES), both, HOUSE) == at("2026-06-11T08:00", CANARIES)
    assert at_hour(date(2026, 6, 10), time(10), both) == at("2026-06-10T10:00", CANARIES)


def test_zones_on_two_sides_of_the_world_leave_the_night_of_the_house() -> None:
    apart = (HOUSE, ZoneInfo("Pacific/Honolulu"), ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Tokyo"))
    assert next_allowed(at("2026-06-10T23:00"), apart, HOUSE) == at("2026-06-11T08:00")


def test_an_australian_mobile_waits_for_perth() -> None:
    zones = zones_of("+61412345678", HOUSE)
    sydney, perth = ZoneInfo("Australia/Sydney"), ZoneInfo("Australia/Perth")
    found = next_allowed(at("2026-01-10T08:00", sydney), zones, HOUSE)
    assert found.astimezone(perth).hour >= 8
    assert not is_quiet(found, zones)


@pytest.mark.parametrize(
    ("number", "country", "zone"),
    [
        ("+5491145678901", "AR", "America/Buenos_Aires"),
        ("+5492944123456", "AR", "America/Buenos_Aires"),
        ("+34928123456", "ES", "Atlantic/Canary"),
        ("+34911234567", "ES", "Europe/Madrid"),
        ("+525512345678", "MX", "America/Mexico_City"),
        ("+526641234567", "MX", "America/Tijuana"),
        ("+56912345678", "CL", "America/Santiago"),
        ("+59899123456", "UY", "America/Montevideo"),
        ("+5511987654321", "BR", "America/Sao_Paulo"),
        ("+12125551234", "US", "America/New_York"),
        ("+14165551234", "CA", "America/Toronto"),
        ("+79161234567", "RU", "Europe/Moscow"),
    ],
)
def test_the_number_says_the_country_and_the_zone(number: str, country: str, zone: str) -> None:
    assert country_of(number) == country
    assert ZoneInfo(zone) in zones_of(number, HOUSE)


@pytest.mark.parametrize("number", [None, "", "+80012345678", "not a number", "+870773111632"])
def test_a_number_that_says_nothing_is_where_the_house_is(number: str | None) -> None:
    assert country_of(number) is None
    assert zones_of(number, HOUSE) == (HOUSE,)
