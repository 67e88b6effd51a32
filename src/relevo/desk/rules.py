"""Whether the house sells, and what deserves a person's attention: pure decisions over parts, switches and alerts.

The house stops selling when a part without which a sale could be wrong is down, or when somebody says so. It starts
again by itself only in the first case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
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


class RequestKind(StrEnum):
    """What a guest may ask the house for."""

    TRANSPORT = "transport"
    GROUPS = "groups"
    SPECIAL_NEEDS = "special_needs"
    INVOICING = "invoicing"
    LOYALTY = "loyalty"
    OTHER = "other"


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class GuestRequest:
    """Something a guest asked the house for in a conversation. ``details`` by their names, as they were said."""

    id: str
    kind: RequestKind
    key: str
    conversation_id: str
    channel: str
    person_id: str
    booking_code: str | None
    summary: str
    details: Mapping[str, str]
    state: RequestState
    answer: str | None
    told: bool
    """Whether the answer was sent in the conversation."""
    created_at: datetime
    done_by: str | None = None
    done_at: datetime | None = None


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


class Road(StrEnum):
    """How a member of staff hears of an alert."""

    CONSOLE = "console"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    PUSH = "push"
    """On their browsers, open or not."""


ESCALATED = "escalated"
"""The bot asked for a person."""
OTHER = "other"
GUEST_REQUEST = "guest_request"
"""The kind of alert that a guest's request is."""
KINDS = (
    ESCALATED, "waiting", "needs_staff", "refund_due", GUEST_REQUEST, "low_feedback", "reminder_unsent", "pms_down",
    "part_down", "parked_job", "failover", "disk", "still_there", OTHER,
)  # fmt: skip
"""What can be chosen; whatever is none of these is ``other``."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the house's clock in which somebody is left in peace; ``until`` may be on the next day."""

    since: time
    until: time


@dataclass(frozen=True, slots=True)
class Choice:
    """How a member of staff wants to hear of what needs them."""

    staff_id: str
    roads: frozenset[Road] = frozenset({Road.CONSOLE})
    kinds: frozenset[str] | None = None
    """None: of everything but what only informs."""
    number: str | None = None
    quiet: Quiet | None = None
    wake_for_urgent: bool = True

    @property
    def sent(self) -> bool:
        """Whether letters or messages are sent to them; browsers are told at once, by ``push_news``."""
        return bool(self.roads - {Road.CONSOLE, Road.PUSH})

    def wants(self, news: News) -> bool:
        kind = news.kind if news.kind in KINDS else OTHER
        if self.kinds is None:
            return news.severity is not Severity.INFO
        return kind in self.kinds

    def wakes(self, news: News) -> bool:
        return self.wake_for_urgent and news.severity is Severity.CRITICAL and self.wants(news)


def quiet_until(quiet: Quiet | None, now: datetime) -> datetime | None:
    """When the quiet hours end that ``now`` (in the house's time zone) is in; None: it is in none."""
    if quiet is None or quiet.since == quiet.until:
        return None
    at, over_midnight = now.timetz().replace(tzinfo=None), quiet.until < quiet.since
    if over_midnight:
        if quiet.until <= at < quiet.since:
            return None
        day = now.date() + timedelta(days=1) if at >= quiet.since else now.date()
    else:
        if not quiet.since <= at < quiet.until:
            return None
        day = now.date()
    return datetime.combine(day, quiet.until, now.tzinfo)
