"""The line of somebody's states as pieces of time: a day in their time zone, what each state adds up to, corrections.

Pure arithmetic over whole seconds. Pieces touch each other and never overlap, so the sum of a stretch is its length,
on the days on which clocks change too. What was recorded is never changed: a correction lies above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from relevo.desk.shifts import State


@dataclass(frozen=True, slots=True)
class Point:
    """From ``at`` on it was this."""

    at: datetime
    state: State
    reason: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a supervisor says that a stretch really was. A later one lies above an earlier one."""

    id: int
    start: datetime
    end: datetime
    state: State
    reason: str | None
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    start: datetime
    end: datetime
    state: State
    reason: str | None = None
    about: str | None = None
    correction: int | None = None

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


def line(points: Iterable[Point], start: datetime, end: datetime) -> list[Piece]:
    """Points in their order, those before ``start`` included as far as they matter; before the first: offline."""
    pieces: list[Piece] = []
    current = Piece(start, end, State.OFFLINE)
    for point in points:
        if point.at >= end:
            break
        if point.at > current.start:
            pieces.append(replace(current, end=point.at))
        current = Piece(max(point.at, start), end, point.state, point.reason, point.about)
    if current.start < end:
        pieces.append(current)
    return _joined(pieces)


def corrected(pieces: Sequence[Piece], corrections: Iterable[Correction]) -> list[Piece]:
    """What is said to have been lies above what was recorded; the later word counts."""
    shown = list(pieces)
    for each in sorted(corrections, key=lambda correction: correction.id):
        above: list[Piece] = []
        for piece in shown:
            start, end = max(piece.start, each.start), min(piece.end, each.end)
            if start >= end:
                above.append(piece)
                continue
            if piece.start < start:
                above.append(replace(piece, end=start))
            above.append(Piece(start, end, each.state, each.reason, None, each.id))
            if end < piece.end:
                above.append(replace(piece, start=end))
        shown = above
    return _joined(shown)


def totals(pieces: Iterable[Piece]) -> dict[State, int]:
    """Seconds in each state."""
    sums = dict.fromkeys(State, 0)
    for piece in pieces:
        sums[piece.state] += piece.seconds
    return sums


def clipped(pieces: Iterable[Piece], start: datetime, end: datetime) -> list[Piece]:
    """What of them lies between two moments."""
    inside = [piece for piece in pieces if piece.start < end and piece.end > start]
    return [
        piece
        if start <= piece.start and piece.end <= end
        else replace(piece, start=max(piece.start, start), end=min(piece.end, end))
        for piece in inside
    ]


def occupancy(sums: dict[State, int]) -> float | None:
    """How much of the time in which calls could come was spent on them; None if there was none."""
    busy = sums[State.ON_CALL] + sums[State.WRAP_UP]
    there = busy + sums[State.AVAILABLE]
    return busy / there if there else None


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A day of the wall clock; 23 or 25 hours long where clocks change."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours that are the same are one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and last.end == piece.start and _same(last, piece):
            joined[-1] = replace(last, end=piece.end)
        else:
            joined.append(piece)
    return joined


def _same(one: Piece, other: Piece) -> bool:
    return (one.state, one.reason, one.about, one.correction) == (
        other.state, other.reason, other.about, other.correction,
    )  # fmt: skip
