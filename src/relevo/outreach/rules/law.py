"""The rules that ``may_contact`` asks, as data: what holds where, since when, and where that was read.

Facts with sources, no legal advice. What could not be confirmed as law is not here, or stands as our own prudence.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from relevo.outreach.rules.contact import (
    Hours,
    NeedsConsent,
    NoObjection,
    OptIn,
    Purpose,
    QuietHours,
    Register,
    Rule,
    Way,
)

_COMMERCIAL = frozenset({Purpose.COMMERCIAL})
_NOT_ASKED_FOR = frozenset({Purpose.REMINDER, Purpose.SURVEY, Purpose.COMMERCIAL})
_EVERYTHING = frozenset(Purpose) - {Purpose.ANY}
_WAYS = frozenset(Way) - {Way.ANY}
_CALL = frozenset({Way.CALL})
_BY_NUMBER = frozenset({Way.CALL, Way.SMS, Way.WHATSAPP})
_WORKDAYS = frozenset(range(5))
_YEAR = timedelta(days=365)
_MONTH = timedelta(days=30)

RULES: tuple[Rule, ...] = (
    Rule(
        "any.objection", "objected",
        "GDPR 21; AR Ley 26.951 (own block list); MX objection list (nixonpeabody.com, allendebrea.com.ar)",
        NoObjection(), _EVERYTHING, _WAYS,
    ),
    Rule(
        "es.lgt_66_1_a", "no_consent_for_machines", "LGT 66.1.a (globallex.es, maldita.es, ultimahora.es)",
        NeedsConsent(no_older_than=2 * _YEAR, for_machines=True), _COMMERCIAL, _CALL, frozenset({"ES"}), automated=True,
    ),
    Rule(
        "es.lgdcu_96_3", "no_consent_for_machines", "LGDCU 96.3 (genbeta.com, xatakamovil.com)",
        NeedsConsent(for_machines=True), _COMMERCIAL, _CALL, frozenset({"ES"}), automated=True,
    ),
    Rule(
        "es.aepd_1_2023", "no_relation", "AEPD Circular 1/2023 (riverogustafson.com, elderecho.com); LGT 66.1.b",
        NeedsConsent(or_relation=_YEAR), _COMMERCIAL, _CALL, frozenset({"ES"}), automated=False,
    ),
    Rule(
        "es.ley_10_2025", "consent_expired",
        "Ley 10/2025: consent renewed every two years (santiagomediano.com, codigo-civil.es)",
        NeedsConsent(or_relation=_YEAR, no_older_than=2 * _YEAR), _COMMERCIAL, _CALL, frozenset({"ES"}),
        since=date(2025, 12, 28),
    ),
    Rule(
        "es.robinson", "register", "AEPD Circular 1/2023, exclusion systems (elcorreo.com, diariodecadiz.es)",
        Register("robinson", _MONTH), _COMMERCIAL, _BY_NUMBER | {Way.EMAIL}, frozenset({"ES"}),
    ),
    Rule(
        "es.lgdcu_96_2", "hours", "LGDCU 96.2 (genbeta.com, xatakamovil.com, huffingtonpost.es)",
        Hours(time(9), time(21), days=_WORKDAYS, holidays_of="ES"), _COMMERCIAL, _CALL, frozenset({"ES"}),
    ),
    Rule(
        "es.siesta", "hours", "Sector code of practice: 15 to 16 h is avoided (genbeta.com)",
        Hours(time(9), time(21), pause=(time(15), time(16))), _COMMERCIAL, _CALL, frozenset({"ES"}), is_law=False,
    ),
    Rule(
        "ar.no_llame", "register",
        "Ley 26.951 and Decreto 2501/2014: consulted at least every 30 days (allendebrea.com.ar, marval.com)",
        Register("no_llame", _MONTH), _COMMERCIAL, _BY_NUMBER, frozenset({"AR"}),
    ),
    Rule(
        "ar.hours", "hours", "No national limit was found: 9 to 20, Monday to Friday",
        Hours(time(9), time(20), days=_WORKDAYS), _COMMERCIAL, _CALL, frozenset({"AR"}), is_law=False,
    ),
    Rule(
        "mx.repep", "register", "REPEP of PROFECO, tourism among its sectors (adn40.mx, elsiglodetorreon.com.mx)",
        Register("repep", _MONTH), _COMMERCIAL, _BY_NUMBER, frozenset({"MX"}),
    ),
    Rule(
        "mx.hours", "hours", "A bill of 2019, not confirmed as law (jornada.com.mx): 9 to 19, Monday to Friday",
        Hours(time(9), time(19), days=_WORKDAYS), _COMMERCIAL, _CALL, frozenset({"MX"}), is_law=False,
    ),
    Rule(
        "whatsapp.opt_in", "no_opt_in", "WhatsApp Business policy: opt-in before a business writes first",
        OptIn(), _NOT_ASKED_FOR, frozenset({Way.WHATSAPP}), is_law=False,
    ),
    Rule(
        "house.commercial_consent", "no_consent", "The house writes offers only to those who agreed to get them",
        NeedsConsent(), _COMMERCIAL, _WAYS - {Way.CALL}, is_law=False,
    ),
    Rule(
        "house.machines", "no_consent_for_machines", "The house has machines sell by telephone only with consent",
        NeedsConsent(for_machines=True), _COMMERCIAL, _CALL, automated=True, is_law=False,
    ),
    Rule(
        "house.quiet_hours", "quiet_hours", "The house's quiet hours: 21:00 to 08:00 where the guest is",
        QuietHours(), _NOT_ASKED_FOR, _WAYS, is_law=False,
    ),
    Rule(
        "house.quiet_calls", "quiet_hours", "The house's quiet hours: no machine rings at night, whatever it is for",
        QuietHours(), frozenset({Purpose.SERVICE}), _CALL, automated=True, is_law=False,
    ),
)  # fmt: skip
