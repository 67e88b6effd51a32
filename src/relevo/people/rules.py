"""People: customers with many identities, staff with one role each, and the one function that says who may do what."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

MAX_NAME = 120
MAX_USERNAME = 64
SESSION_LENGTH = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
"""So often at most it is written down that a session is used."""
MAX_DEVICE = 200
RECOVERY_CODES = 10
CODE_SECONDS = 30
"""Length of a step of RFC 6238, and of every authenticator there is."""
LOGIN_WINDOW = timedelta(minutes=15)
LOGIN_TRIES = 8
"""Failed sign-ins per e-mail and per address within the window before everybody has to wait."""


class IdentityKind(StrEnum):
    WHATSAPP = "whatsapp"
    """The id that Meta gives a customer towards this business; the number behind it may be hidden."""
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
    profile_name: str | None = None
    """What their account is called. It may be anything, so nothing is booked in this name."""
    username: str | None = None
    others: tuple[str, ...] = ()
    """Ids under which they are known too, since somebody saw that these people are one."""

    @property
    def shown_name(self) -> str | None:
        return self.name or self.profile_name or self.username

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.id, *self.others))

    def first(self, kind: IdentityKind) -> str | None:
        return next((identity.value for identity in self.identities if identity.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Match:
    """Who some identities belong to. ``person_id`` None: somebody new."""

    person_id: str | None
    free: tuple[Identity, ...]
    """Those that nobody has yet, to be theirs."""
    alike: tuple[str, ...] = ()
    """Other people who have one of them, and may be the same."""


def match(
    identities: Sequence[Identity], owners: Mapping[Identity, str], accounts: Mapping[str, Sequence[Identity]]
) -> Match:
    """``owners``: who has each; ``accounts``: all that those people have. The carrier's own id decides before the
    number. A number whose owner has another account of the same kind has changed hands, or is shared: never taken
    for proof, a person looks at it. Two numbers come together only where the carrier says that one became the other;
    then the account may be new as well."""
    own = sorted(identities, key=lambda identity: identity.kind is not IdentityKind.WHATSAPP)
    account = next((each for each in own if each.kind is IdentityKind.WHATSAPP), None)
    vouched = sum(each.kind is IdentityKind.PHONE for each in own) > 1
    chosen: str | None = None
    for identity in own:
        owner = owners.get(identity)
        if owner is None or chosen is not None:
            continue
        if (
            account is not None
            and identity is not account
            and not vouched
            and _has_other(account, accounts.get(owner, ()))
        ):
            continue
        chosen = owner
    alike = tuple(dict.fromkeys(owners[each] for each in own if each in owners and owners[each] != chosen))
    return Match(chosen, tuple(each for each in own if each not in owners), alike)


def _has_other(account: Identity, known: Sequence[Identity]) -> bool:
    accounts = [each for each in known if each.kind is account.kind]
    return bool(accounts) and account not in accounts


def name_key(name: str | None) -> str | None:
    """A name as it is searched: no accents, capitals or signs."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.casefold()).split()
    return " ".join(words)[:120] or None


def clean_name(name: str | None) -> str | None:
    """A name as it is kept: strangers choose them, and some are a page long or of characters that print nothing."""
    kept = "".join(char if char.isprintable() else " " for char in name or "")
    return " ".join(kept.split())[:MAX_NAME].strip() or None


@dataclass(frozen=True, slots=True)
class Merge:
    """``other`` was found to be ``kept``, or was for a while."""

    kept: str
    other: str
    by: str
    at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


class Why(StrEnum):
    """What makes two people look like one."""

    ACCOUNT = "account"
    """A message came with an account of one and a number of the other."""
    CLAIMED = "claimed"
    """One gave a number or an address that is the other's."""
    CHANGED_NUMBER = "changed_number"
    CONTACT = "contact"
    """One booked with a number or an address of the other."""
    NAME = "name"


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
    KEEP_SHIFT = "keep_shift"
    """Say what one does, and see one's own time."""
    SEE_STATES = "see_states"
    """Who of the staff does what now, without the reasons."""
    SEE_TEAM = "see_team"
    """The time of each member of staff, and why they paused."""
    CHANGE_TEAM = "change_team"
    """Change somebody else's state, and correct what was recorded of it."""
    SEE_TEAM_TOTALS = "see_team_totals"
    """The time of all staff together, without names."""
    SEE_QUEUES = "see_queues"
    """How queues stand, and how they are set up."""
    MANAGE_DESK = "manage_desk"
    """Set up teams, queues, hours, skills, results and canned replies."""
    TRY_ASSISTANT = "try_assistant"
    TEACH_ASSISTANT = "teach_assistant"
    """Say what a message meant, train, and set how the assistant works."""
    SEE_HEALTH = "see_health"
    MANAGE_SITES = "manage_sites"
    """Say which web sites may show the chat."""
    MANAGE_MAIL = "manage_mail"
    """See mails that could not be taken, and have them tried again."""
    SEE_COMMISSIONS = "see_commissions"
    """Agencies, the stays they brought, and what they have earned."""
    MANAGE_PARTNERS = "manage_partners"
    """Say which agencies there are and at what rate."""
    CHOOSE_MODEL = "choose_model"
    """Say which language model is asked first."""
    MANAGE_STAFF = "manage_staff"
    """Who may sign in, as what; end their sessions, take away a lost second factor."""
    SEE_REPORTS = "see_reports"
    """Figures of the whole house, and what they are made of."""
    EXPORT = "export"
    """Take rows away as a file; what is in them has to be allowed besides."""
    SEE_AUDIT = "see_audit"
    """Who did and looked at what."""


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
        Action.KEEP_SHIFT,
        Action.SEE_STATES,
        Action.TRY_ASSISTANT,
    }
)
_SEES_TEAM = frozenset({Action.SEE_STATES, Action.SEE_TEAM, Action.SEE_TEAM_TOTALS})
GRANTS: dict[Role, frozenset[Action]] = {
    Role.AGENT: _DESK,
    Role.SUPERVISOR: _DESK
    | _SEES_TEAM
    | {Action.CHANGE_TEAM, Action.SEE_QUEUES}
    | {Action.TAKE_FROM_COLLEAGUE, Action.LISTEN, Action.HEAR_RECORDINGS, Action.MANUAL_MODE}
    | {Action.TEACH_ASSISTANT, Action.SEE_REPORTS, Action.EXPORT},
    Role.EXECUTIVE: frozenset(
        {
            Action.SEE_BOOKINGS,
            Action.SEE_CALLS,
            Action.SEE_ALERTS,
            Action.SEE_TEAM_TOTALS,
            Action.SEE_REPORTS,
            Action.SEE_COMMISSIONS,
            Action.MANAGE_PARTNERS,
        }
    ),
    Role.ADMIN: frozenset(Action),
    Role.AUDITOR: _SEES_TEAM
    | frozenset(
        {
            Action.SEE_CONVERSATIONS,
            Action.SEE_CALLS,
            Action.SEE_BOOKINGS,
            Action.HEAR_RECORDINGS,
            Action.SEE_HEALTH,
            Action.SEE_AUDIT,
            Action.SEE_REPORTS,
            Action.EXPORT,
            Action.SEE_QUEUES,
        }
    ),
}


class Breadth(StrEnum):
    """How much of the house an account is for."""

    HOUSE = "house"
    TEAMS = "teams"
    """Only what is of their teams, what they hold or held, and what is of no team."""


NARROWED = frozenset({Role.AGENT, Role.SUPERVISOR})
"""The roles that ``Breadth.TEAMS`` means something for; the others are for the whole house."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What part of the house somebody sees. ``teams`` None: all of it."""

    teams: frozenset[str] | None = None
    queues: frozenset[str] = frozenset()
    """The queues that their teams, or no team, serve: ``allows`` of each, so that lists can be asked for by it."""
    colleagues: frozenset[str] = frozenset()
    """Who else is in their teams, or in none."""

    @property
    def whole(self) -> bool:
        return self.teams is None

    def allows(self, team_ids: Collection[str]) -> bool:
        """Whether what belongs to these teams is theirs to see; what belongs to none is everybody's."""
        return self.teams is None or not team_ids or not self.teams.isdisjoint(team_ids)


WHOLE = Scope()
NOTHING = Scope(frozenset())
"""Of somebody whose teams were not looked up: only what is of no team, and what they held."""


def scope_in(
    teams: Collection[str], serving: Mapping[str, Collection[str]], staff: Mapping[str, Collection[str]]
) -> Scope:
    """The scope of a member of ``teams``; the teams that serve each queue there is, and those of everybody."""
    scope = Scope(frozenset(teams))
    return replace(
        scope,
        queues=frozenset(queue for queue, served in serving.items() if scope.allows(served)),
        colleagues=frozenset(who for who, their in staff.items() if scope.allows(their)),
    )


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
    breadth: Breadth = Breadth.HOUSE
    scope: Scope = WHOLE
    """What ``breadth`` comes to with the teams they are in now."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in somewhere. ``id`` names it where it is listed; the token is known to its holder only."""

    id: str | None
    staff_id: str
    version: int
    created_at: datetime
    expires_at: datetime
    address: str | None = None
    device: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor: its sealed secret, and up to which step its codes are used."""

    sealed: str = field(repr=False)
    confirmed_at: datetime | None
    last_step: int


HOUSE_ONLY = frozenset({Action.SEE_REPORTS, Action.SEE_TEAM_TOTALS, Action.TEACH_ASSISTANT, Action.MANUAL_MODE})
"""What is of the house as one: its figures, its assistant, its mode. Not of whoever is there for their teams only."""


def may(staff: Staff, action: Action) -> bool:
    """Whether ``staff`` may do ``action``. The only place that decides; HTTP, sockets and exports all ask here. Which
    conversations it is about, and what came of them, is ``reaches``."""
    granted = staff.active and action in GRANTS[staff.role]
    return granted and (staff.scope.whole or action not in HOUSE_ONLY)


def narrowed(role: Role, breadth: Breadth) -> bool:
    return breadth is Breadth.TEAMS and role in NARROWED


def reaches(staff: Staff, queue_id: str | None, holders: Collection[str]) -> bool:
    """Whether ``staff`` may see what came to this queue and was held by these. The only place that decides; beside it
    only ``reach_store`` says the same to the database. A queue that is no more is nobody's but the house's."""
    scope = staff.scope
    return scope.whole or queue_id is None or queue_id in scope.queues or staff.id in holders


def permissions(staff: Staff) -> list[str]:
    return sorted(action.value for action in Action if may(staff, action))


def session_is_good(staff: Staff, *, version: int, expires_at: datetime, now: datetime) -> bool:
    return staff.active and staff.session_version == version and now < expires_at
