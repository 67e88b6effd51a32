"""What reaches a browser that is closed: which news, how long each is worth anything, and how little it says.

Pure. A push goes through the hands of a browser's maker, so it says what kind of thing happened and where it is seen
to; names and words only where the house said so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from relevo.kit.errors import Invalid


class Push(StrEnum):
    """Kinds of news that are pushed."""

    ALERT = "alert"
    OFFER = "offer"
    CALL = "call"
    HELP = "help"
    MESSAGE = "message"
    TEST = "test"


CHOSEN = (Push.ALERT, Push.OFFER, Push.CALL, Push.HELP, Push.MESSAGE)
"""What a browser can be told of; a test is always."""
WORTH = {
    Push.ALERT: timedelta(hours=12), Push.OFFER: timedelta(minutes=2), Push.CALL: timedelta(seconds=30),
    Push.HELP: timedelta(minutes=5), Push.MESSAGE: timedelta(hours=4), Push.TEST: timedelta(minutes=1),
}  # fmt: skip
"""After so long it is not worth telling any more."""
MOST_DEVICES = 10
"""Browsers of one person; beyond, the one that was seen longest ago is forgotten."""
MOST_FAILURES = 5
"""In a row, and a browser is forgotten."""
FORGOTTEN = timedelta(days=60)
"""Whoever's browser was not seen for so long uses it no more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a browser is reached, and what only it can read with. Kept sealed."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that takes news."""

    id: str
    staff_id: str
    session_id: str | None
    sealed: str = field(repr=False)
    device: str | None
    wants: frozenset[Push]
    created_at: datetime
    seen_at: datetime
    last_ok_at: datetime | None = None
    failures: int = 0
    last_error: str | None = None

    def takes(self, kind: Push) -> bool:
        return kind is Push.TEST or kind in self.wants


@dataclass(frozen=True, slots=True)
class Notice:
    """What is pushed."""

    kind: Push
    title: str
    body: str
    link: str
    tag: str
    """What it is about: a second one about the same takes the place of the first."""
    at: datetime
    until: datetime
    urgent: bool = False

    def payload(self) -> dict[str, object]:
        return {
            "kind": self.kind.value, "title": self.title, "body": self.body, "link": self.link, "tag": self.tag,
            "at": self.at.isoformat(), "until": self.until.isoformat(),
        }  # fmt: skip

    def seconds(self, now: datetime) -> int:
        """How long it may wait for the browser to be on."""
        return max(0, int((self.until - now).total_seconds()))

    @property
    def topic(self) -> str:
        """The name by which what waits for a browser is replaced; 32 characters of a URL at most, and tells nothing."""
        return hashlib.sha256(self.tag.encode()).hexdigest()[:32]


def is_urgent(kind: Push, *, critical: bool = False) -> bool:
    """Whether a telephone that saves its battery is woken."""
    return critical or kind in (Push.CALL, Push.OFFER, Push.HELP)


def wanted(kinds: Iterable[str] | None) -> frozenset[Push]:
    """All of them where nothing was said. Raises ``Invalid("push_kind")``."""
    if kinds is None:
        return frozenset(CHOSEN)
    try:
        found = frozenset(Push(kind) for kind in kinds)
    except ValueError:
        raise Invalid("push_kind") from None
    if not found <= set(CHOSEN):
        raise Invalid("push_kind")
    return found


def worth_until(kind: Push, at: datetime, ends: datetime | None = None) -> datetime:
    return min(at + WORTH[kind], ends) if ends is not None else at + WORTH[kind]
