"""Whether somebody may be contacted now, for this purpose, this way: one pure function, asked at dial or send time.

The rules are data (``law.py``): each is dated, sourced and says whom it is about. A number's own country decides, not
the account's; where no law of that country is known all rules apply. It refuses to guess: a register that was not
consulted, or a consent that nobody can prove, is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import holidays

from relevo.outreach.rules.contact import (
    Contact,
    Hours,
    NeedsConsent,
    NoObjection,
    OptIn,
    Purpose,
    QuietHours,
    Register,
    Rule,
    Test,
    Way,
)
from relevo.outreach.rules.hours import is_quiet
from relevo.outreach.rules.law import RULES


@dataclass(frozen=True, slots=True)
class Allow:
    rules: tuple[str, ...] = ()
    """Those that were asked."""


@dataclass(frozen=True, slots=True)
class Deny:
    reason: str
    rule_id: str
    source: str


Decision = Allow | Deny


def may_contact(
    contact: Contact,
    purpose: Purpose,
    way: Way,
    automated: bool,
    now: datetime,
    country: str | None,
    rules: Sequence[Rule] = RULES,
) -> Decision:
    """``country`` is the number's own (``hours.country_of``); ``way`` the channel. The first no counts."""
    if purpose is Purpose.ANY or way is Way.ANY:
        raise ValueError("a contact has one purpose and one way")
    known = frozenset[str]().union(*(rule.countries for rule in rules))
    asked = []
    for rule in rules:
        of_there = not rule.countries or country in rule.countries or country not in known
        if of_there and rule.is_about(purpose, way, automated, now):
            if not _holds(rule.test, contact, purpose, way, automated, now):
                return Deny(rule.reason, rule.id, rule.source)
            asked.append(rule.id)
    return Allow(tuple(asked))


def _holds(test: Test, contact: Contact, purpose: Purpose, way: Way, automated: bool, now: datetime) -> bool:
    match test:
        case QuietHours():
            return not is_quiet(now, contact.zones)
        case Hours():
            return all(_open(test, now.astimezone(zone), contact.region) for zone in contact.zones)
        case NoObjection():
            return not contact.objects(purpose, way)
        case OptIn():
            agreed = contact.consent(purpose, way, automated=False, now=now)
            return agreed or contact.wrote_at is not None
        case Register():
            if contact.consent(purpose, way, automated=automated, now=now):
                return True
            check = contact.registers.get(test.name)
            return check is not None and not check.listed and now - check.checked_at <= test.checked_within
        case NeedsConsent():
            if contact.consent(
                purpose, way, automated=automated and test.for_machines, now=now, no_older_than=test.no_older_than
            ):
                return True
            seen = contact.last_relation_at
            return test.or_relation is not None and seen is not None and now - seen <= test.or_relation


def _open(hours: Hours, local: datetime, region: str | None) -> bool:
    at = local.time()
    if local.weekday() not in hours.days or not hours.opens <= at < hours.closes:
        return False
    if hours.pause is not None and hours.pause[0] <= at < hours.pause[1]:
        return False
    return hours.holidays_of is None or local.date() not in _holidays(hours.holidays_of, region, local.year)


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """Those of the region; of every region where it is not known which."""
    regions: Sequence[str | None] = [region] if region else (None, *_regions(country))
    return frozenset(day for each in regions for day in holidays.country_holidays(country, subdiv=each, years=year))


@lru_cache(maxsize=32)
def _regions(country: str) -> tuple[str, ...]:
    return tuple(holidays.list_supported_countries().get(country, ()))
