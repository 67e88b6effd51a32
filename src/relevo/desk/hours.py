"""Working hours: when people are there, how much of a stretch of time that is, and when so much of it has passed.

Pure arithmetic over real seconds: days are those of the house's time zone, and a day on which the clocks change is as
long as it is. Nothing waits here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from relevo.kit.errors import Invalid

DAY = 24 * 60
FARTHEST = 400
"""Days that are looked ahead: a house that opens no more is not looked for longer."""
MOST_WINDOWS = 50


@dataclass(frozen=True, slots=True)
class Window:
    """From one minute of a weekday (Monday is 0) to another; one that ends before it begins ends on the next day."""

    weekday: int
    opens: int
    closes: int

    @property
    def minutes(self) -> int:
        return (self.closes - self.opens) % DAY or DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    zone: ZoneInfo
    windows: tuple[Window, ...] | None = None
    """None: always open, whatever day it is."""
    country: str | None = None
    """Whose public holidays are kept."""
    region: str | None = None
    closures: frozenset[date] = frozenset()
    """Days of one's own on which nobody is there."""

    def is_closed_on(self, day: date) -> bool:
        return day in self.closures or (self.country is not None and day in public_days(self.country, self.region))


def public_days(country: str, region: str | None = None) -> DaysOff:
    return DaysOff(country, region)


@dataclass(frozen=True, slots=True)
class DaysOff:
    country: str
    region: str | None = None

    def __contains__(self, day: date) -> bool:
        return day in _public_days_of(self.country, self.region, day.year)


@lru_cache(maxsize=64)
def _public_days_of(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))


def check_country(country: str, region: str | None) -> None:
    """Raises ``Invalid`` where nobody knows the public holidays."""
    try:
        _public_days_of(country, region, 2026)
    except NotImplementedError as error:
        raise Invalid("unknown_country") from error


def check_windows(windows: tuple[Window, ...]) -> None:
    bad = any(
        not (0 <= each.weekday < 7 and 0 <= each.opens < DAY and 0 < each.closes <= DAY and each.opens != each.closes)
        for each in windows
    )
    if bad or len(windows) > MOST_WINDOWS:
        raise Invalid("bad_hours")


def openings(schedule: Schedule, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Stretches in which people are there, in order and without overlap, from the one that ``since`` is in on."""
    day = since.astimezone(schedule.zone).date() - timedelta(days=1)
    covered = since
    for _ in range(FARTHEST):
        found = sorted(_of_day(schedule, day))
        for begin, end in found:
            if end > covered:
                yield max(begin, covered), end
                covered = end
        day += timedelta(days=1)


def _of_day(schedule: Schedule, day: date) -> Iterator[tuple[datetime, datetime]]:
    if schedule.is_closed_on(day):
        return
    for window in schedule.windows or ():
        if window.weekday == day.weekday():
            ends = window.opens + window.minutes
            yield _moment(schedule, day, window.opens), _moment(schedule, day, ends)


def _moment(schedule: Schedule, day: date, minute: int) -> datetime:
    days, minute = divmod(minute, DAY)
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=schedule.zone)
    return (local + timedelta(days=days)).astimezone(UTC)


def is_open(schedule: Schedule, at: datetime) -> bool:
    if schedule.windows is None:
        return True
    first = next(openings(schedule, at), None)
    return first is not None and first[0] <= at


def opens_at(schedule: Schedule, at: datetime) -> datetime | None:
    """When people are there next; ``at`` itself where they are. None: not within a year."""
    if schedule.windows is None:
        return at
    first = next(openings(schedule, at), None)
    return None if first is None else max(first[0], at)


def working_seconds(schedule: Schedule, since: datetime, until: datetime) -> float:
    """How much of a stretch of time somebody was there."""
    if until <= since:
        return 0.0
    if schedule.windows is None:
        return (until - since).total_seconds()
    total = 0.0
    for begin, end in openings(schedule, since):
        if begin >= until:
            break
        total += (min(end, until) - max(begin, since)).total_seconds()
    return total


def after_working(schedule: Schedule, since: datetime, seconds: float) -> datetime | None:
    """When so many seconds of somebody being there have passed. None: not within a year."""
    if schedule.windows is None:
        return since + timedelta(seconds=seconds)
    left = seconds
    for begin, end in openings(schedule, since):
        length = (end - begin).total_seconds()
        if left <= length:
            return begin + timedelta(seconds=left)
        left -= length
    return None
