"""Whether the house sells, and what deserves a person's attention: pure decisions over parts, switches and alerts.

The house stops selling when a part without which a sale could be wrong is down, or when somebody says so. It starts
again by itself only in the first case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from relevo.kit.errors import Invalid
from relevo.kit.health import Part

SELLING_PARTS = frozenset({"pms", "understanding", "disk", "database"})
"""Without these nothing is sold: rooms and prices would be guesses, words misread, or a hold not kept."""
MAX_REASON = 200


class Mode(StrEnum):
    NORMAL = "normal"
    DEGRADED = "degraded"
    MANUAL = "manual"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class House:
    """How the house works now, the same for every process."""

    mode: Mode
    selling: bool
    since: datetime
    reason: str | None = None
    """Why it is manual, in the words of who said so."""
    by: str | None = None
    """Who switched to manual."""
    parts: tuple[Part, ...] = ()

    def part(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    mode: Mode
    selling: bool


@dataclass(frozen=True, slots=True)
class News:
    """Something that deserves a person's attention. One alert is open per (kind, subject) at a time."""

    kind: str
    subject: str
    severity: Severity
    params: Mapping[str, Any] = field(default_factory=dict)
    """What fills the text ``desk.alert.<kind>``. ``part`` and ``why`` are keys of texts themselves."""
    link: str | None = None
    """Where in the console it is settled."""


@dataclass(frozen=True, slots=True)
class Alert:
    id: str
    news: News
    count: int
    """How often it was raised while it was open."""
    created_at: datetime
    last_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None
    """Who settled it; None also where it settled itself."""

    @property
    def is_open(self) -> bool:
        return self.done_at is None


def judge(parts: Iterable[Part], *, manual: bool) -> Verdict:
    """The mode that follows from the parts and the switch. A person's word comes first."""
    down = {part.name for part in parts if part.is_down}
    if manual:
        return Verdict(Mode.MANUAL, selling=False)
    if down:
        return Verdict(Mode.DEGRADED, selling=not down & SELLING_PARTS)
    return Verdict(Mode.NORMAL, selling=True)


def part_news(part: Part) -> News:
    """The alert that goes with a part that is down."""
    kind = {"pms": "pms_down", "disk": "disk"}.get(part.name, "part_down")
    severity = Severity.CRITICAL if part.name in SELLING_PARTS else Severity.WARNING
    return News(kind, part.name, severity, {"part": part.name, "why": part.reason or "failed"}, "/hoy")


def clean_reason(text: str) -> str:
    reason = " ".join(text.split())[:MAX_REASON]
    if not reason:
        raise Invalid("mode_reason")
    return reason
