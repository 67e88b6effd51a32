"""Every rule about contacting people, by who is let through and who is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relevo.outreach.rules import (
    RULES,
    Allow,
    Consent,
    Contact,
    Deny,
    Given,
    Purpose,
    RegisterCheck,
    Way,
    may_contact,
)
from relevo.texts import Texts

MADRID, BUENOS_AIRES = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Argentina/Buenos_Aires")
MEXICO = ZoneInfo("America/Mexico_City")
ZONES = {"ES": MADRID, "AR": BUENOS_AIRES, "MX": MEXICO, None: BUENOS_AIRES, "BR": ZoneInfo("America/Sao_Paulo")}
TUESDAY = "2026-06-16T11:00"
COMMERCIAL = Purpose.COMMERCIAL


def when(local: str, country: str | None) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONES[country]).astimezone(UTC)


def consent(
    at: datetime, *, purpose: Purpose = COMMERCIAL, way: Way = Way.CALL, automated: bool = True, proof: str = "msg_1"
) -> Consent:
    return Consent(purpose, way, Given.GIVEN, at, proof, automated)


def ruling(
    contact: Contact | None = None,
    *,
    country: str | None = "AR",
    purpose: Purpose = COMMERCIAL,
    way: Way = Way.CALL,
    automated: bool = False,
    local: str = TUESDAY,
) -> str | None:
    """The id of the rule that says no; None where it is allowed."""
    contact = contact or Contact((ZONES[country],))
    decision = may_contact(contact, purpose, way, automated, when(local, country), country)
    return decision.rule_id if isinstance(decision, Deny) else None


def known(country: str, **changes: object) -> Contact:
    """A customer who stayed last month and stands in no register."""
    now = when(TUESDAY, country)
    register = {"ES": "robinson", "AR": "no_llame", "MX": "repep"}[country]
    contact = Contact(
        (ZONES[country],),
        registers={register: RegisterCheck(False, now - timedelta(days=3))},
        last_relation_at=now - timedelta(days=30),
    )
    return replace(contact, **changes)  # type: ignore[arg-type]


def agreed(country: str, **how: object) -> Contact:
    now = when(TUESDAY, country)
    return Contact((ZONES[country],), consents=(consent(now - timedelta(days=10), **how),))  # type: ignore[arg-type]


def test_a_reminder_may_go_to_anybody_who_booked_by_day() -> None:
    for country in ZONES:
        for way in (Way.EMAIL, Way.WEBCHAT, Way.SMS):
            assert ruling(country=country, purpose=Purpose.REMINDER, way=way, automated=True) is None


@pytest.mark.parametrize("purpose", [Purpose.REMINDER, Purpose.SURVEY])
@pytest.mark.parametrize("way", [Way.EMAIL, Way.WEBCHAT, Way.WHATSAPP])
@pytest.mark.parametrize(("local", "denied"), [("20:59", None), ("21:00", 1), ("07:59", 1), ("08:00", None)])
def test_nobody_is_reminded_at_night(purpose: Purpose, way: Way, local: str, denied: int | None) -> None:
    contact = Contact((BUENOS_AIRES,), wrote_at=when(TUESDAY, "AR"))
    said = ruling(contact, purpose=purpose, way=way, automated=True, local=f"2026-06-10T{local}")
    assert said == ("house.quiet_hours" if denied else None)


def test_what_is_about_their_own_booking_is_written_at_any_time_but_no_machine_rings_at_night() -> None:
    night = "2026-06-10T23:00"
    assert ruling(purpose=Purpose.SERVICE, way=Way.EMAIL, automated=True, local=night) is None
    assert ruling(purpose=Purpose.SERVICE, automated=False, local=night) is None
    assert ruling(purpose=Purpose.SERVICE, automated=True, local=night) == "house.quiet_calls"
    assert ruling(purpose=Purpose.SERVICE, automated=True, local="2026-06-13T12:00") is None


@pytest.mark.parametrize("purpose", [Purpose.REMINDER, Purpose.SURVEY, COMMERCIAL, Purpose.SERVICE])
@pytest.mark.parametrize("way", [Way.EMAIL, Way.CALL, Way.WEBCHAT])
def test_who_objects_is_left_alone_until_they_agree_again(purpose: Purpose, way: Way) -> None:
    now = when(TUESDAY, "AR")
    no = Consent(purpose, Way.ANY, Given.WITHDRAWN, now - timedelta(days=2), "msg_7")
    assert ruling(Contact((BUENOS_AIRES,), consents=(no,)), purpose=purpose, way=way) == "any.objection"
    before = consent(now - timedelta(days=9), purpose=purpose, way=way)
    assert ruling(Contact((BUENOS_AIRES,), consents=(no, before)), purpose=purpose, way=way) == "any.objection"
    after = consent(now - timedelta(days=1), purpose=purpose, way=way)
    assert ruling(Contact((BUENOS_AIRES,), consents=(after, no)), purpose=purpose, way=way) is None


def test_an_objection_to_calls_leaves_messages_and_one_to_offers_leaves_reminders() -> None:
    now = when(TUESDAY, "AR")
    calls = Contact((BUENOS_AIRES,), consents=(Consent(Purpose.ANY, Way.CALL, Given.WITHDRAWN, now, "msg_1"),))
    assert ruling(calls, purpose=Purpose.REMINDER, way=Way.CALL) == "any.objection"
    assert ruling(calls, purpose=Purpose.REMINDER, way=Way.EMAIL) is None
    offers = Contact((BUENOS_AIRES,), consents=(Consent(COMMERCIAL, Way.ANY, Given.WITHDRAWN, now, "msg_1"),))
    assert ruling(offers, purpose=COMMERCIAL, way=Way.EMAIL) == "any.objection"
    assert ruling(offers, purpose=Purpose.REMINDER, way=Way.EMAIL) is None


def test_spain_a_machine_sells_only_to_those_who_agreed_to_machines() -> None:
    assert ruling(known("ES"), country="ES", automated=True) == "es.lgt_66_1_a"
    assert ruling(agreed("ES", automated=False), country="ES", automated=True) == "es.lgt_66_1_a"
    assert ruling(agreed("ES", proof=" "), country="ES", automated=True) == "es.lgt_66_1_a"
    assert ruling(agreed("ES"), country="ES", automated=True) is None


def test_spain_a_person_calls_own_customers_of_the_last_year_or_those_who_agreed() -> None:
    assert ruling(known("ES"), country="ES") is None
    now = when(TUESDAY, "ES")
    assert ruling(known("ES", last_relation_at=now - timedelta(days=365)), country="ES") is None
    assert ruling(known("ES", last_relation_at=now - timedelta(days=366)), country="ES") == "es.aepd_1_2023"
    assert ruling(known("ES", last_relation_at=None), country="ES") == "es.aepd_1_2023"
    assert ruling(agreed("ES", automated=False), country="ES") is None


def test_spain_a_consent_lasts_two_years() -> None:
    now = when(TUESDAY, "ES")
    for days, said in ((729, None), (731, "es.ley_10_2025")):
        contact = Contact((MADRID,), consents=(consent(now - timedelta(days=days)),))
        assert ruling(contact, country="ES") == said
    old = Contact((MADRID,), consents=(consent(now - timedelta(days=731)),))
    assert ruling(old, country="ES", automated=True) == "es.lgt_66_1_a"


def test_a_rule_holds_from_its_day_on() -> None:
    before, after = "2025-12-22T11:00", "2025-12-29T11:00"
    old = Contact((MADRID,), consents=(consent(when("2023-12-01T11:00", "ES")),))
    assert ruling(old, country="ES", local=before) is None
    assert ruling(old, country="ES", local=after) == "es.ley_10_2025"


@pytest.mark.parametrize(("country", "rule"), [("ES", "es.robinson"), ("AR", "ar.no_llame"), ("MX", "mx.repep")])
def test_a_register_is_asked_within_a_month_and_a_consent_prevails(country: str, rule: str) -> None:
    now = when(TUESDAY, country)
    name = {"ES": "robinson", "AR": "no_llame", "MX": "repep"}[country]
    assert ruling(known(country), country=country) is None
    for check in (None, RegisterCheck(True, now), RegisterCheck(False, now - timedelta(days=31))):
        contact = known(country, registers={name: check} if check else {})
        assert ruling(contact, country=country) == rule
        assert ruling(replace(contact, consents=(consent(now),)), country=country) is None
    recent = known(country, registers={name: RegisterCheck(False, now - timedelta(days=30))})
    assert ruling(recent, country=country) is None


@pytest.mark.parametrize(
    ("local", "open_"),
    [
        ("2026-06-16T08:59", False),
        ("2026-06-16T09:00", True),
        ("2026-06-16T14:59", True),
        ("2026-06-16T15:30", False),
        ("2026-06-16T16:00", True),
        ("2026-06-16T20:59", True),
        ("2026-06-16T21:00", False),
        ("2026-06-13T11:00", False),
        ("2026-06-14T11:00", False),
        ("2026-10-12T11:00", False),
        ("2026-12-25T11:00", False),
    ],
)
def test_spain_hours_weekends_and_holidays(local: str, open_: bool) -> None:
    contact = agreed("ES")
    said = ruling(replace(contact, consents=(consent(when("2026-01-08T11:00", "ES")),)), country="ES", local=local)
    assert (said is None) is open_
    assert said in (None, "es.lgdcu_96_2", "es.siesta")


def test_spain_a_holiday_of_the_province_counts_and_of_any_province_where_it_is_not_known() -> None:
    diada = "2026-09-11T11:00"
    given = (consent(when("2026-01-08T11:00", "ES")),)
    for region, said in (("CT", "es.lgdcu_96_2"), ("MD", None), (None, "es.lgdcu_96_2")):
        assert ruling(Contact((MADRID,), region=region, consents=given), country="ES", local=diada) == said


@pytest.mark.parametrize(("country", "closes"), [("AR", 20), ("MX", 19)])
def test_hours_where_no_law_was_found(country: str, closes: int) -> None:
    rule = f"{country.lower()}.hours"
    given = (consent(when("2026-01-08T11:00", country)),)
    contact = Contact((ZONES[country],), consents=given)
    for hour, said in ((8, rule), (9, None), (closes - 1, None), (closes, rule)):
        assert ruling(contact, country=country, local=f"2026-06-16T{hour:02}:30") == said
    assert ruling(contact, country=country, local="2026-06-13T11:00") == rule


@pytest.mark.parametrize("country", [None, "BR"])
def test_where_no_law_is_known_every_rule_counts(country: str | None) -> None:
    assert ruling(country=country) == "es.aepd_1_2023"
    now = when(TUESDAY, country)
    given = Contact((ZONES[country],), consents=(consent(now - timedelta(days=1)),))
    assert ruling(given, country=country) is None
    assert ruling(given, country=country, local="2026-06-16T19:30") == "mx.hours"
    assert ruling(given, country=country, local="2026-06-13T11:00") == "es.lgdcu_96_2"


def test_whatsapp_wants_that_they_wrote_first_or_agreed() -> None:
    now = when(TUESDAY, "AR")
    asked = {"purpose": Purpose.REMINDER, "way": Way.WHATSAPP, "automated": True}
    assert ruling(**asked) == "whatsapp.opt_in"  # type: ignore[arg-type]
    assert ruling(Contact((BUENOS_AIRES,), wrote_at=now), **asked) is None  # type: ignore[arg-type]
    agreed_ = consent(now, purpose=Purpose.REMINDER, way=Way.WHATSAPP, automated=False)
    assert ruling(Contact((BUENOS_AIRES,), consents=(agreed_,)), **asked) is None  # type: ignore[arg-type]
    assert ruling(purpose=Purpose.SERVICE, way=Way.WHATSAPP, automated=True) is None


@pytest.mark.parametrize("way", [Way.EMAIL, Way.WEBCHAT])
def test_offers_are_written_only_to_those_who_agreed(way: Way) -> None:
    assert ruling(way=way) == "house.commercial_consent"
    now = when(TUESDAY, "AR")
    assert ruling(Contact((BUENOS_AIRES,), consents=(consent(now, way=way),)), way=way) is None


def test_a_machine_sells_nowhere_without_consent() -> None:
    assert ruling(known("AR"), automated=True) == "house.machines"
    assert ruling(known("AR"), automated=False) is None


def test_the_answer_says_why_and_where_it_was_read() -> None:
    texts, page = Texts("es"), (Path(__file__).parents[2] / "docs" / "outreach.md").read_text()
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert texts.has(f"outreach.denied.{rule.reason}")
        assert f"`{rule.id}`" in page
    allowed = may_contact(agreed("ES"), COMMERCIAL, Way.CALL, True, when(TUESDAY, "ES"), "ES")
    assert isinstance(allowed, Allow)
    assert {"any.objection", "es.lgt_66_1_a", "es.robinson", "es.lgdcu_96_2"} <= set(allowed.rules)


@pytest.mark.parametrize(("purpose", "way"), [(Purpose.ANY, Way.CALL), (Purpose.SERVICE, Way.ANY)])
def test_a_contact_has_one_purpose_and_one_way(purpose: Purpose, way: Way) -> None:
    with pytest.raises(ValueError, match="one purpose"):
        ruling(purpose=purpose, way=way)
