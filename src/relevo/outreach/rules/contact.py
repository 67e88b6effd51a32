"""The words in which rules about contacting people are written: purposes, ways, consents, and what a rule tests.

Values only; the rules themselves are in ``law.py`` and are asked in ``asking.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Purpose(StrEnum):
    SERVICE = "service"
    """About a booking or a question of theirs, strictly."""
    REMINDER = "reminder"
    SURVEY = "survey"
    COMMERCIAL = "commercial"
    ANY = "any"
    """Only in consents: whatever it is for."""


class Way(StrEnum):
    CALL = "call"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEBCHAT = "webchat"
    ANY = "any"
    """Only in consents: whatever way."""


class Given(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    purpose: Purpose
    way: Way
    state: Given
    at: datetime
    proof: str
    """Where it can be read or heard: a message, a signed form. Without one it proves nothing."""
    automated: bool = False
    """Whether it was given for machines that call, too."""

    def is_about(self, purpose: Purpose, way: Way) -> bool:
        return self.purpose in (purpose, Purpose.ANY) and self.way in (way, Way.ANY)


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """What a do-not-call register said about the number."""

    listed: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known about somebody, as far as it decides whether they may be contacted."""

    zones: tuple[ZoneInfo, ...]
    """Where they may be (``hours.zones_of``)."""
    region: str | None = None
    """Subdivision of the country, for its holidays. None: a holiday anywhere in the country counts."""
    consents: Sequence[Consent] = ()
    registers: Mapping[str, RegisterCheck] = field(default_factory=dict)
    last_relation_at: datetime | None = None
    """When they last bought, stayed or wrote."""
    wrote_at: datetime | None = None
    """When they last wrote to us this way."""

    def objects(self, purpose: Purpose, way: Way) -> bool:
        """The last word about this purpose and way was a no; of two at the same moment the no counts."""
        said = [consent for consent in self.consents if consent.is_about(purpose, way)]
        last = max(said, key=lambda consent: (consent.at, consent.state is Given.WITHDRAWN), default=None)
        return last is not None and last.state is Given.WITHDRAWN

    def consent(
        self, purpose: Purpose, way: Way, *, automated: bool, now: datetime, no_older_than: timedelta | None = None
    ) -> bool:
        """A consent that stands, can be proved, covers machines where one calls, and has not grown too old."""
        if self.objects(purpose, way):
            return False
        return any(
            consent.state is Given.GIVEN
            and consent.is_about(purpose, way)
            and bool(consent.proof.strip())
            and (consent.automated or not automated)
            and (no_older_than is None or now - consent.at <= no_older_than)
            for consent in self.consents
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """Not before, not from then on, not in the pause, only on these days (Monday is 0) and not on holidays, where
    they are."""

    opens: time
    closes: time
    pause: tuple[time, time] | None = None
    days: frozenset[int] = frozenset(range(7))
    holidays_of: str | None = None
    """Country whose public holidays are no days."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The house's night, where they are."""


@dataclass(frozen=True, slots=True)
class NoObjection:
    """They have not said that they do not want it."""


@dataclass(frozen=True, slots=True)
class NeedsConsent:
    """A consent that can be proved; ``or_relation``: or they are a customer, seen no longer ago than this."""

    or_relation: timedelta | None = None
    no_older_than: timedelta | None = None
    for_machines: bool = False
    """It must say that a machine may call."""


@dataclass(frozen=True, slots=True)
class Register:
    """Not listed, by a check that is recent; an express consent prevails."""

    name: str
    checked_within: timedelta


@dataclass(frozen=True, slots=True)
class OptIn:
    """They wrote to us this way first, or agreed to be written to."""


Test = Hours | QuietHours | NoObjection | NeedsConsent | Register | OptIn


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    reason: str
    """Text ``outreach.denied.<reason>``."""
    source: str
    test: Test
    purposes: frozenset[Purpose]
    ways: frozenset[Way]
    countries: frozenset[str] = frozenset()
    """Of the number. Empty: everywhere."""
    automated: bool | None = None
    """Only for machines (True), only for people (False)."""
    since: date = date.min
    is_law: bool = True
    """False: our own prudence, where no law was found."""

    def is_about(self, purpose: Purpose, way: Way, automated: bool, now: datetime) -> bool:
        return (
            purpose in self.purposes
            and way in self.ways
            and self.automated in (None, automated)
            and self.since <= now.date()
        )
