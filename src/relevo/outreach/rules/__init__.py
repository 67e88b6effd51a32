"""Whom we may contact, when, and what about: pure rules over values. Nothing is sent or stored here."""

from relevo.bot.rules.scores import HIGHEST, LOW, LOWEST, Score, score_of
from relevo.outreach.rules.asking import Allow, Decision, Deny, may_contact
from relevo.outreach.rules.contact import Consent, Contact, Given, Purpose, RegisterCheck, Rule, Way
from relevo.outreach.rules.hours import QUIET_FROM, QUIET_UNTIL, country_of, is_quiet, next_allowed, zones_of
from relevo.outreach.rules.law import RULES
from relevo.outreach.rules.plan import (
    PURPOSES,
    Kind,
    Planned,
    Reach,
    Road,
    Sent,
    State,
    Stay,
    again,
    may_go_again,
    plan,
    roads,
)
from relevo.outreach.rules.words import withdraws

__all__ = [
    "HIGHEST",
    "LOW",
    "LOWEST",
    "PURPOSES",
    "QUIET_FROM",
    "QUIET_UNTIL",
    "RULES",
    "Allow",
    "Consent",
    "Contact",
    "Decision",
    "Deny",
    "Given",
    "Kind",
    "Planned",
    "Purpose",
    "Reach",
    "RegisterCheck",
    "Road",
    "Rule",
    "Score",
    "Sent",
    "State",
    "Stay",
    "Way",
    "again",
    "country_of",
    "is_quiet",
    "may_contact",
    "may_go_again",
    "next_allowed",
    "plan",
    "roads",
    "score_of",
    "withdraws",
    "zones_of",
]
