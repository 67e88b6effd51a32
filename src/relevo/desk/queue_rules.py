"""Queues in plain values: what a queue promises and takes, what its people can, who waits, and how it may end.

Everything that comes from a form is checked here. Which agent gets what is decided in ``routing``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from relevo.conversations.rules import Priority
from relevo.desk.clocks import Targets
from relevo.kit.errors import Invalid

CHANNELS = ("call", "webchat", "whatsapp", "email")
CALL = "call"
CAPACITY: Mapping[str, int] = MappingProxyType({CALL: 1, "webchat": 3, "whatsapp": 5, "email": 8})
"""How many of each somebody has at once, where nobody said otherwise."""
LANGUAGES = ("es",)
"""What somebody speaks who said nothing."""
HIGHEST_LEVEL = 5
MOST_AT_ONCE = 50
MOST_SECONDS = 90 * 24 * 3_600
LOWEST_PRIORITY, HIGHEST_PRIORITY = 0, 10
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,29}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SHORTCUT = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
DECLINE_PAUSE = timedelta(minutes=2)
"""So long somebody who let one pass is not asked about it again."""


class Mode(StrEnum):
    OFFER = "offer"
    """It is suggested, and taken by accepting."""
    ASSIGN = "assign"
    """It is theirs at once."""


class EntryState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    ENDED = "ended"


class Ended(StrEnum):
    RESOLVED = "resolved"
    HANDED_BACK = "handed_back"
    ABANDONED = "abandoned"
    """It ended before anybody had it."""


class Requeued(StrEnum):
    OFFLINE = "agent_offline"
    PASSED_ON = "passed_on"
    LOST = "agent_lost"


class Passed(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    GONE = "gone"
    """Somebody else had it, or whoever was asked went away."""


@dataclass(frozen=True, slots=True)
class Queue:
    id: str
    name: str
    active: bool = True
    channels: tuple[str, ...] = ()
    """None named: every one. The same holds for languages and reasons."""
    languages: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    """What is wanted of whoever takes one of these, each with its lowest level."""
    priority: int = 0
    mode: Mode = Mode.OFFER
    offer_seconds: int = 30
    capacity: Mapping[str, int] = field(default_factory=dict)
    """At most so many of a channel at once for one of its people, whatever else they may have."""
    hours_id: str | None = None
    wrap_up_seconds: int = 60
    targets: Targets = Targets()
    closed_answer: str | None = None
    closed_callback: bool = True
    result_required: bool = False
    teams: tuple[str, ...] = ()
    """Without any everybody who may answer is one of its people."""


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    members: Mapping[str, bool]
    """Whether each leads it."""


@dataclass(frozen=True, slots=True)
class Profile:
    staff_id: str
    languages: tuple[str, ...] = LANGUAGES
    skills: Mapping[str, int] = field(default_factory=dict)
    capacity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    code: str
    name: str
    needs_note: bool = False
    callback: bool = False
    do_not_call: bool = False
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    conversation_id: str
    person_id: str
    queue_id: str | None
    channel: str
    language: str | None
    reason: str | None
    priority: Priority
    skills: Mapping[str, int]
    state: EntryState
    since: datetime
    offered_to: str | None = None
    offered_until: datetime | None = None
    offers: int = 0
    declined: Mapping[str, datetime] = field(default_factory=dict)
    last_agent_id: str | None = None
    requeues: int = 0
    requeued_why: str | None = None
    closed_hours: bool = False
    callback_offered: str | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


def choose_queue(queues: Iterable[Queue], *, channel: str, language: str | None, reason: str | None) -> Queue | None:
    """The one that says most about what has come; of equals the more urgent, then the one named first."""
    fitting = [each for each in queues if each.active and _takes(each, channel, language, reason)]
    return min(
        fitting,
        key=lambda each: (not each.reasons, not each.languages, not each.channels, -each.priority, each.name, each.id),
        default=None,
    )


def _takes(queue: Queue, channel: str, language: str | None, reason: str | None) -> bool:
    return (
        (not queue.channels or channel in queue.channels)
        and (not queue.languages or language in queue.languages)
        and (not queue.reasons or reason in queue.reasons)
    )


def language_of(locale: str | None) -> str | None:
    """``es_AR`` is Spanish."""
    found = (locale or "").replace("-", "_").partition("_")[0].lower()
    return found if _LANGUAGE.fullmatch(found) else None


def decide_result(results: Sequence[Result], code: str, *, note: str, callback_at: datetime | None) -> Result:
    """Raises ``Invalid`` where it is not one of these, or lacks what it asks for."""
    found = next((each for each in results if each.code == code), None)
    if found is None:
        raise Invalid("unknown_result")
    if found.needs_note and not note.strip():
        raise Invalid("result_note_missing")
    if found.callback and callback_at is None:
        raise Invalid("result_callback_missing")
    return found


def clean_name(name: str) -> str:
    kept = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:60].strip()
    if not kept:
        raise Invalid("empty_name")
    return kept


def clean_codes(codes: Iterable[str], *, of: Collection[str] | None = None) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    if any(_CODE.fullmatch(code) is None or (of is not None and code not in of) for code in kept):
        raise Invalid("bad_code")
    return kept


def clean_languages(languages: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(each.strip().lower() for each in languages if each.strip()))
    if any(_LANGUAGE.fullmatch(each) is None for each in kept):
        raise Invalid("bad_language")
    return kept


def clean_skills(skills: Mapping[str, int]) -> dict[str, int]:
    kept = {" ".join(name.lower().split())[:40]: level for name, level in skills.items() if name.strip()}
    if any(not 1 <= level <= HIGHEST_LEVEL for level in kept.values()) or len(kept) > MOST_AT_ONCE:
        raise Invalid("bad_skill_level")
    return kept


def clean_capacity(capacity: Mapping[str, int]) -> dict[str, int]:
    if any(channel not in CHANNELS or not 0 <= most <= MOST_AT_ONCE for channel, most in capacity.items()):
        raise Invalid("bad_capacity")
    return dict(capacity)


def clean_seconds(seconds: int | None) -> int | None:
    """A target; zero is none."""
    if seconds is not None and not 0 <= seconds <= MOST_SECONDS:
        raise Invalid("bad_seconds")
    return seconds or None


def clean_shortcut(shortcut: str) -> str:
    kept = shortcut.strip().lstrip("/").lower()
    if _SHORTCUT.fullmatch(kept) is None:
        raise Invalid("bad_shortcut")
    return kept


def check_queue(queue: Queue) -> None:
    if not LOWEST_PRIORITY <= queue.priority <= HIGHEST_PRIORITY:
        raise Invalid("bad_queue_priority")
    if not 5 <= queue.offer_seconds <= 600 or not 0 <= queue.wrap_up_seconds <= 3_600:
        raise Invalid("bad_seconds")
