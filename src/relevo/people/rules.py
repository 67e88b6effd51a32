"""People: customers with many identities, staff with one role each, and the one function that says who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SESSION_LENGTH = timedelta(hours=12)
LOGIN_WINDOW = timedelta(minutes=15)
LOGIN_TRIES = 8
"""Failed sign-ins per e-mail and per address within the window before everybody has to wait."""


class IdentityKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    WEBCHAT = "webchat"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Identity:
    kind: IdentityKind
    value: str
    """Phones folded by ``kit.phone.identity``, e-mails lower-case, the rest opaque."""


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str | None
    locale: str | None
    identities: tuple[Identity, ...] = ()

    def first(self, kind: IdentityKind) -> str | None:
        return next((identity.value for identity in self.identities if identity.kind == kind), None)


@dataclass(frozen=True, slots=True)
class LegalHold:
    """Nothing of ``person_id`` is deleted by age until it is ended."""

    id: str
    person_id: str
    reason: str
    by: str
    at: datetime
    ended_at: datetime | None = None


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Everything that is guarded. A route, a socket topic and an export name one of these."""

    SEE_CONVERSATIONS = "see_conversations"
    ANSWER = "answer"
    """Take over, write, hand back, resolve."""
    TAKE_FROM_COLLEAGUE = "take_from_colleague"
    SEE_CALLS = "see_calls"
    HANG_UP = "hang_up"
    PLACE_CALL = "place_call"
    LISTEN = "listen"
    """Listen to, whisper into and step into a colleague's live call, and command it."""
    HEAR_RECORDINGS = "hear_recordings"
    SEE_BOOKINGS = "see_bookings"
    CHANGE_BOOKINGS = "change_bookings"
    CONFIRM_DEPOSITS = "confirm_deposits"
    SEE_ALERTS = "see_alerts"
    """What needs a person, and the mode the house works in."""
    MANUAL_MODE = "manual_mode"
    LEGAL_HOLD = "legal_hold"
    """Keep something from being deleted when its time is over."""
    TRY_ASSISTANT = "try_assistant"
    SEE_HEALTH = "see_health"


_DESK = frozenset(
    {
        Action.SEE_CONVERSATIONS,
        Action.ANSWER,
        Action.SEE_CALLS,
        Action.HANG_UP,
        Action.PLACE_CALL,
        Action.SEE_BOOKINGS,
        Action.CHANGE_BOOKINGS,
        Action.CONFIRM_DEPOSITS,
        Action.SEE_ALERTS,
        Action.TRY_ASSISTANT,
    }
)
GRANTS: dict[Role, frozenset[Action]] = {
    Role.AGENT: _DESK,
    Role.SUPERVISOR: _DESK | {Action.TAKE_FROM_COLLEAGUE, Action.LISTEN, Action.HEAR_RECORDINGS, Action.MANUAL_MODE},
    Role.EXECUTIVE: frozenset({Action.SEE_BOOKINGS, Action.SEE_CALLS, Action.SEE_ALERTS}),
    Role.ADMIN: frozenset(Action),
    Role.AUDITOR: frozenset(
        {Action.SEE_CONVERSATIONS, Action.SEE_CALLS, Action.SEE_BOOKINGS, Action.HEAR_RECORDINGS, Action.SEE_HEALTH}
    ),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. ``session_version`` grows when the password changes or the account is switched off."""

    id: str
    email: str
    name: str
    role: Role
    active: bool = True
    session_version: int = 1
    password_hash: str = field(default="", repr=False)


def may(staff: Staff, action: Action) -> bool:
    """Whether ``staff`` may do ``action``. The only place that decides; HTTP, sockets and exports all ask here."""
    return staff.active and action in GRANTS[staff.role]


def permissions(staff: Staff) -> list[str]:
    return sorted(action.value for action in Action if may(staff, action))


def session_is_good(staff: Staff, *, version: int, expires_at: datetime, now: datetime) -> bool:
    return staff.active and staff.session_version == version and now < expires_at
