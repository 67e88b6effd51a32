"""When somebody may be disturbed, in their own time: quiet hours, and the zones a telephone number may be in.

A number names its country and often its region, not the place where its owner sleeps. Where it may be in several zones
all of them count: it is quiet as soon as it is quiet in one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import NumberParseException
from phonenumbers import timezone as number_zones

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Nobody gets a reminder from nine in the evening to eight in the morning."""
LOOK_AHEAD = timedelta(days=3)
_UNKNOWN = "Etc/Unknown"


def country_of(number: str | None) -> str | None:
    """ISO 3166 alpha-2 of an E.164 number; None where it shows none (freephone, satellite, not a number)."""
    parsed = _parsed(number)
    region = phonenumbers.region_code_for_number(parsed) if parsed is not None else None
    return region if region and region.isalpha() else None


def zones_of(number: str | None, house: ZoneInfo) -> tuple[ZoneInfo, ...]:
    """Where the owner of the number may be: its region, else its country, else where the house is."""
    parsed = _parsed(number)
    names = number_zones.time_zones_for_number(parsed) if parsed is not None else ()
    known = [zone for name in names if name != _UNKNOWN and (zone := _zone(name)) is not None]
    if not known:
        known = [zone for name in _zones_by_country().get(country_of(number) or "", ()) if (zone := _zone(name))]
    return tuple(known) or (house,)


def is_quiet(at: datetime, zones: Sequence[ZoneInfo]) -> bool:
    return any(_quiet(at.astimezone(zone).time()) for zone in zones)


def next_allowed(at: datetime, zones: Sequence[ZoneInfo], house: ZoneInfo) -> datetime:
    """``at``, or the first moment after it that is quiet in none of ``zones``. Zones so far apart that it is always
    night in one of them cannot all be kept: then the house's own night counts."""
    found = _first(at, zones)
    if found is None:
        found = _first(at, (house,))
    assert found is not None
    return found


def at_hour(day: date, hour: time, zones: Sequence[ZoneInfo]) -> datetime:
    """The moment at which it is ``hour`` of ``day``, or later, in every one of ``zones``; in UTC."""
    return max(datetime.combine(day, hour, zone).astimezone(UTC) for zone in zones)


def _first(at: datetime, zones: Sequence[ZoneInfo]) -> datetime | None:
    moment = at.astimezone(UTC)
    while moment <= at + LOOK_AHEAD:
        waits = [_until_morning(moment, zone) for zone in zones if _quiet(moment.astimezone(zone).time())]
        if not waits:
            return moment
        moment = max(waits)
    return None


def _until_morning(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    morning = datetime.combine(day, QUIET_UNTIL, zone).astimezone(UTC)
    # A clock that is put forward over eight o'clock: there is no such moment, the one after it is meant.
    return morning if morning > at else at + timedelta(minutes=15)


def _quiet(local: time) -> bool:
    return local >= QUIET_FROM or local < QUIET_UNTIL


def _parsed(number: str | None) -> phonenumbers.PhoneNumber | None:
    if not number:
        return None
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None


@lru_cache(maxsize=1)
def _zones_by_country() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone, *_rest = line.split("\t")
            found[country] = (*found.get(country, ()), zone)
    return found


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
