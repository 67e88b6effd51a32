"""Which reminders a stay gets and when: booked early, late and today; moved; in zones and over clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relevo.outreach.rules import Kind, Planned, Reach, Road, Sent, Stay, Way, again, is_quiet, plan, roads, zones_of

HOUSE = ZoneInfo("America/Argentina/Buenos_Aires")
MADRID = ZoneInfo("Europe/Madrid")
NUMBERS = (
    "+5491145678901", "+34612345678", "+34911234567", "+525512345678", "+12125551234", "+61412345678", "+819012345678",
    "+56912345678", "+79161234567", "+18005551234", None,
)  # fmt: skip


def at(local: str, zone: ZoneInfo = HOUSE) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


def stay(check_in: str, check_out: str, confirmed: str, zone: ZoneInfo = HOUSE) -> Stay:
    return Stay(date.fromisoformat(check_in), date.fromisoformat(check_out), at(confirmed, zone))


def planned(it: Stay, zones: tuple[ZoneInfo, ...] = (HOUSE,), sent: tuple[Sent, ...] = ()) -> dict[Kind, Planned]:
    return {each.kind: each for each in plan(it, zones, HOUSE, sent)}


def skipped(it: Stay, sent: tuple[Sent, ...] = ()) -> dict[str, str]:
    return {kind.value: each.skip for kind, each in planned(it, sent=sent).items() if each.skip}


def test_a_stay_booked_early_gets_all_four_by_day() -> None:
    due = {kind: each.due_at for kind, each in planned(stay("2026-06-20", "2026-06-23", "2026-05-01T12:00")).items()}
    assert due == {
        Kind.WEEK_BEFORE: at("2026-06-13T10:00"),
        Kind.DAY_BEFORE: at("2026-06-19T10:00"),
        Kind.ARRIVAL_DAY: at("2026-06-20T09:00"),
        Kind.FEEDBACK: at("2026-06-24T11:00"),
    }


@pytest.mark.parametrize(
    ("confirmed", "late"),
    [
        ("2026-06-13T06:59", []),
        ("2026-06-13T07:01", ["week_before"]),
        ("2026-06-13T10:00", ["week_before"]),
        ("2026-06-16T12:00", ["week_before"]),
        ("2026-06-19T06:59", ["week_before"]),
        ("2026-06-19T09:00", ["week_before", "day_before"]),
        ("2026-06-19T15:00", ["week_before", "day_before"]),
        ("2026-06-20T05:00", ["week_before", "day_before"]),
        ("2026-06-20T08:00", ["week_before", "day_before", "arrival_day"]),
        ("2026-06-20T19:00", ["week_before", "day_before", "arrival_day"]),
    ],
)
def test_what_had_passed_when_it_was_confirmed_is_not_made_up_for(confirmed: str, late: list[str]) -> None:
    assert sorted(skipped(stay("2026-06-20", "2026-06-21", confirmed))) == sorted(late)


def test_a_stay_of_one_night_booked_for_today_is_asked_about_afterwards() -> None:
    today = planned(stay("2026-06-20", "2026-06-21", "2026-06-20T18:30"))
    assert today[Kind.FEEDBACK].skip is None
    assert today[Kind.FEEDBACK].due_at == at("2026-06-22T11:00")


def test_hours_are_the_guests() -> None:
    both = zones_of("+34612345678", HOUSE)
    due = planned(stay("2026-06-20", "2026-06-23", "2026-05-01T12:00"), both)
    assert due[Kind.DAY_BEFORE].due_at == at("2026-06-19T11:00", MADRID)
    assert due[Kind.ARRIVAL_DAY].due_at == at("2026-06-20T10:00", MADRID)


@pytest.mark.parametrize(
    ("check_in", "utc"), [("2026-03-29", 7), ("2026-03-28", 8), ("2026-10-25", 8), ("2026-10-24", 7)]
)
def test_nine_o_clock_is_nine_o_clock_on_the_days_on_which_clocks_are_moved(check_in: str, utc: int) -> None:
    due = planned(stay(check_in, "2026-12-01", "2026-01-10T12:00"), (MADRID,))[Kind.ARRIVAL_DAY].due_at
    assert (due.astimezone(UTC).hour, due.astimezone(MADRID).hour) == (utc, 9)


def test_a_moved_stay_is_not_told_the_same_again() -> None:
    told = (Sent(Kind.WEEK_BEFORE, date(2026, 6, 20)), Sent(Kind.DAY_BEFORE, date(2026, 6, 20)))
    longer = stay("2026-06-20", "2026-06-25", "2026-06-12T12:00")
    assert skipped(longer, told) == {"week_before": "already_sent", "day_before": "already_sent"}
    later = stay("2026-08-20", "2026-08-25", "2026-06-19T12:00")
    assert skipped(later, told) == {}
    asked = (Sent(Kind.FEEDBACK, date(2026, 6, 25)),)
    assert skipped(later, asked) == {"feedback": "already_sent"}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    number=st.sampled_from(NUMBERS),
    check_in=st.dates(date(2026, 1, 5), date(2027, 3, 1)),
    nights=st.integers(1, 60),
    before=st.integers(0, 24 * 30),
)
def test_whatever_the_stay_nothing_is_due_at_night_or_in_the_past(
    number: str | None, check_in: date, nights: int, before: int
) -> None:
    zones = zones_of(number, HOUSE)
    confirmed = datetime.combine(check_in, datetime.min.time(), HOUSE) + timedelta(hours=20 - before)
    it = Stay(check_in, check_in + timedelta(days=nights), confirmed)
    all_four = plan(it, zones, HOUSE)
    assert [each.kind for each in all_four] == list(Kind)
    assert [each.due_at for each in all_four] == sorted(each.due_at for each in all_four)
    for each in all_four:
        assert each.until > each.due_at
        assert not is_quiet(each.due_at, zones) or not is_quiet(each.due_at, (HOUSE,))
        if each.skip is None:
            assert each.due_at >= confirmed
        if number != "+61412345678":
            assert not is_quiet(each.due_at, zones)


def test_it_is_tried_again_later_and_later_and_not_at_night() -> None:
    noon = at("2026-06-10T12:00")
    assert [(again(noon, tries, (HOUSE,), HOUSE) - noon).seconds // 60 for tries in range(6)] == [
        10,
        20,
        40,
        80,
        80,
        80,
    ]
    assert again(at("2026-06-10T20:55"), 0, (HOUSE,), HOUSE) == at("2026-06-11T08:00")


NOW = at("2026-06-10T12:00")
JUST, LONG_AGO = NOW - timedelta(hours=1), NOW - timedelta(days=9)
CHAT, LETTER = (Road.CONVERSATION, Way.WEBCHAT), (Road.EMAIL, Way.EMAIL)
WHATSAPP, TEMPLATE = (Road.CONVERSATION, Way.WHATSAPP), (Road.TEMPLATE, Way.WHATSAPP)


@pytest.mark.parametrize(
    ("channel", "wrote_at", "email", "template", "expected"),
    [
        ("webchat", JUST, True, False, [CHAT, LETTER]),
        ("webchat", LONG_AGO, True, False, [LETTER, CHAT]),
        ("webchat", LONG_AGO, True, True, [TEMPLATE, LETTER, CHAT]),
        ("webchat", None, False, False, [CHAT]),
        ("whatsapp", JUST, True, True, [WHATSAPP, LETTER]),
        ("whatsapp", LONG_AGO, True, True, [TEMPLATE, LETTER]),
        ("whatsapp", LONG_AGO, False, False, []),
        ("email", LONG_AGO, True, False, [(Road.CONVERSATION, Way.EMAIL)]),
        ("call", JUST, True, False, [LETTER]),
        ("call", JUST, False, False, []),
    ],
)
def test_the_ways_to_a_guest(
    channel: str, wrote_at: datetime | None, email: bool, template: bool, expected: list[tuple[Road, Way]]
) -> None:
    reach = Reach(channel, channel != "call", wrote_at, email, template)
    assert list(roads(reach, NOW)) == expected
