"""What a stay costs, which ones are taken, what becomes of a booking: no database anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relevo.bookings import rules
from relevo.bookings.rules import Booking, BookingStatus, DepositStatus, Season
from relevo.kit.errors import Conflict, Invalid
from relevo.kit.money import Money
from tests.bookings.world import HOTEL

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DOUBLE = HOTEL.room_type("doble")

BOOKING = Booking(
    id="bkg_1", code="RL-4K7Q2", status=BookingStatus.HOLD, room_number="201", room_type="doble", type_name="Doble",
    check_in=date(2027, 6, 12), check_out=date(2027, 6, 15), guests=2, children=0, guest_name="Ana Paz",
    guest_phone="+5493415550000", guest_email=None, total=Money(20400000, "ARS"), deposit=Money(6120000, "ARS"),
    deposit_status=DepositStatus.REQUESTED, hold_expires_at=NOW + timedelta(minutes=20), extensions=0,
    conversation_id="cnv_1", person_id="per_1", created_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (2000, "04-23"), (2008, "03-23"), (2011, "04-24"), (2019, "04-21"), (2024, "03-31"), (2025, "04-20"),
        (2026, "04-05"), (2027, "03-28"), (2028, "04-16"), (2029, "04-01"), (2030, "04-21"), (2038, "04-25"),
        (2076, "04-19"), (2285, "03-22"),
    ],
)  # fmt: skip
def test_easter_is_where_the_almanac_has_it(year: int, easter: str) -> None:
    assert rules.easter_sunday(year) == date.fromisoformat(f"{year}-{easter}")


@given(st.integers(1600, 4000))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = rules.easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("night", "percent"),
    [
        ("2026-12-19", 100), ("2026-12-20", 125), ("2026-12-31", 125), ("2027-01-01", 125), ("2027-02-28", 125),
        ("2027-03-01", 100), ("2028-02-29", 100), ("2027-03-24", 100), ("2027-03-25", 140), ("2027-03-28", 140),
        ("2027-03-29", 100),
    ],
)  # fmt: skip
def test_the_season_of_a_night(night: str, percent: int) -> None:
    price = rules.night_price(HOTEL, DOUBLE, date.fromisoformat(night))
    assert price == DOUBLE.price_per_night.percent(percent)


def test_where_seasons_overlap_the_highest_multiplier_counts() -> None:
    house = replace(
        HOTEL, seasons=(*HOTEL.seasons, Season("marzo", 110, (3, 1), (3, 31)), Season("baja", 80, (5, 1), (5, 31)))
    )
    assert rules.night_price(house, DOUBLE, date(2027, 3, 26)) == DOUBLE.price_per_night.percent(140)
    assert rules.night_price(house, DOUBLE, date(2027, 3, 2)) == DOUBLE.price_per_night.percent(110)
    assert rules.night_price(house, DOUBLE, date(2027, 5, 2)) == DOUBLE.price_per_night.percent(80)


def test_an_even_stay_costs_nights_times_price_and_asks_thirty_per_cent() -> None:
    quote = rules.quote(HOTEL, DOUBLE, date(2027, 6, 12), date(2027, 6, 14), guests=2)
    assert (quote.nights, quote.uniform, quote.currency) == (2, True, "ARS")
    assert quote.price_per_night == Money(6800000, "ARS")
    assert quote.total == Money(13600000, "ARS")
    assert quote.deposit == Money(4080000, "ARS")


def test_a_stay_across_a_season_adds_up_its_nights_and_shows_their_average() -> None:
    quote = rules.quote(HOTEL, DOUBLE, date(2026, 12, 18), date(2026, 12, 21), guests=2)
    assert [night.price.amount for night in quote.nightly] == [6800000, 6800000, 8500000]
    assert quote.total.amount == 22100000
    assert quote.uniform is False
    assert quote.price_per_night.amount == 7366667


def test_the_deposit_rounds_halves_up_to_the_centavo() -> None:
    odd = replace(DOUBLE, price_per_night=Money(5, "ARS"))
    assert rules.quote(HOTEL, odd, date(2027, 6, 12), date(2027, 6, 13), guests=1).deposit.amount == 2


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.sampled_from(HOTEL.room_types))
def test_a_total_is_the_sum_of_its_nights(check_in: date, nights: int, kind: rules.RoomType) -> None:
    quote = rules.quote(HOTEL, kind, check_in, check_in + timedelta(days=nights), guests=1)
    assert quote.total.amount == sum(night.price.amount for night in quote.nightly)
    assert [night.night for night in quote.nightly] == [check_in + timedelta(days=day) for day in range(nights)]
    assert abs(quote.price_per_night.amount * nights - quote.total.amount) <= nights


@pytest.mark.parametrize(
    ("check_in", "check_out", "code"),
    [
        (TODAY, TODAY, "dates_order"),
        (TODAY, TODAY - timedelta(days=1), "dates_order"),
        (TODAY - timedelta(days=1), TODAY + timedelta(days=1), "dates_past"),
        (TODAY, TODAY + timedelta(days=61), "stay_too_long"),
        (TODAY + timedelta(days=549), TODAY + timedelta(days=550), "too_far"),
    ],
)
def test_stays_that_are_not_taken(check_in: date, check_out: date, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_stay(HOTEL, check_in, check_out, now=NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(("first", "nights"), [(0, 1), (0, 60), (548, 1)])
def test_stays_at_the_edge_are_taken(first: int, nights: int) -> None:
    rules.check_stay(HOTEL, TODAY + timedelta(days=first), TODAY + timedelta(days=first + nights), now=NOW)


def test_today_is_the_hotels_today() -> None:
    late_evening_in_rosario = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    rules.check_stay(HOTEL, TODAY, TODAY + timedelta(days=1), now=late_evening_in_rosario)


@pytest.mark.parametrize(
    ("party", "code"),
    [((0, 0, 0), "party_empty"), ((2, 2, 0), "party_empty"), ((2, -1, 0), "party_empty"), ((3, 1, 2), "party_empty"),
     ((6, 0, 0), "party_too_big"), ((7, 2, 1), "party_too_big")],
)  # fmt: skip
def test_parties_that_are_not_taken(party: tuple[int, int, int], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_party(HOTEL, *party)
    assert refused.value.code == code


def test_babies_need_no_place() -> None:
    rules.check_party(HOTEL, 3, 1, 1, room_type=DOUBLE)
    with pytest.raises(Invalid):
        rules.check_party(HOTEL, 3, 1, 0, room_type=DOUBLE)
    rules.check_party(HOTEL, 6, 2, 1)


def test_offers_are_the_types_with_beds_and_a_room_cheapest_first() -> None:
    busy = {"301": {date(2027, 6, 13)}, "302": {date(2027, 6, 12)}}
    found = rules.offers(HOTEL, date(2027, 6, 12), date(2027, 6, 14), guests=2, busy=busy)
    assert [(offer.room_type, offer.free) for offer in found] == [("doble", 5), ("suite", 2), ("departamento", 1)]
    family = rules.offers(HOTEL, date(2027, 6, 14), date(2027, 6, 15), guests=3, babies=1, busy={})
    assert [offer.room_type for offer in family] == ["doble", "triple", "suite", "departamento"]


def test_alternatives_are_other_types_first_then_the_nearest_dates() -> None:
    full = {room: {date(2027, 6, 12)} for room in DOUBLE.rooms}
    found = rules.alternatives(
        HOTEL, date(2027, 6, 12), date(2027, 6, 13), guests=2, room_type="doble", today=TODAY, busy=full
    )
    assert [(offer.room_type, offer.quote.check_in.day) for offer in found] == [
        ("triple", 12),
        ("suite", 12),
        ("doble", 13),
    ]


def test_alternatives_for_a_full_house_are_other_dates_none_of_them_past() -> None:
    today = date(2027, 6, 12)
    full = {room: {today} for kind in HOTEL.room_types for room in kind.rooms}
    found = rules.alternatives(HOTEL, today, date(2027, 6, 13), guests=2, room_type=None, today=today, busy=full)
    assert [(offer.room_type, offer.quote.check_in.day) for offer in found] == [
        ("doble", 13),
        ("doble", 14),
        ("doble", 15),
    ]
    assert all(offer.quote.nights == 1 for offer in found)


def test_nothing_is_invented_when_everything_is_full() -> None:
    always = {date(2027, 6, 1) + timedelta(days=day) for day in range(40)}
    full = {room: always for kind in HOTEL.room_types for room in kind.rooms}
    assert (
        rules.alternatives(
            HOTEL, date(2027, 6, 12), date(2027, 6, 13), guests=2, room_type=None, today=TODAY, busy=full
        )
        == ()
    )


@given(st.floats(0, 1, exclude_max=True), st.lists(st.integers(), unique=True, max_size=12))
def test_rooms_are_tried_from_anywhere_each_once_at_most_five(start: float, numbers: list[int]) -> None:
    rooms = [str(number) for number in numbers]
    tried = rules.in_turn(rooms, start)
    assert len(tried) == len(set(tried)) == min(len(rooms), 5)
    assert set(tried) <= set(rooms)


@pytest.mark.parametrize("heard", ["RL-4K7Q2", "rl 4k7q2", "4K7Q2", " rl4k7q2. ", "4k 7q 2"])
def test_a_code_is_known_however_it_is_written(heard: str) -> None:
    assert rules.code_of(HOTEL, heard) == "RL-4K7Q2"


def test_a_code_that_begins_like_the_house_is_not_cut() -> None:
    assert rules.code_of(HOTEL, "RL777") == "RL-RL777"
    assert rules.code_of(HOTEL, "RL-RL777") == "RL-RL777"


ALLOWED = {
    ("hold", "confirming"), ("hold", "expired"), ("hold", "cancelled"), ("hold", "needs_staff"),
    ("confirming", "confirmed"), ("confirming", "needs_staff"), ("confirming", "cancelled"),
    ("confirmed", "cancelled"), ("needs_staff", "confirming"), ("needs_staff", "cancelled"), ("expired", "hold"),
    ("expired", "confirming"), ("expired", "needs_staff"), ("expired", "cancelled"), ("cancelled", "needs_staff"),
}  # fmt: skip


@pytest.mark.parametrize("status", BookingStatus)
@pytest.mark.parametrize("to", BookingStatus)
def test_a_booking_moves_only_along_its_road(status: BookingStatus, to: BookingStatus) -> None:
    if (status.value, to.value) in ALLOWED:
        rules.check_move(status, to)
    else:
        with pytest.raises(Conflict):
            rules.check_move(status, to)


def test_a_hold_ends_at_its_time_whether_swept_or_not() -> None:
    end = BOOKING.hold_expires_at
    assert BOOKING.as_of(end - timedelta(seconds=1)).status is BookingStatus.HOLD
    assert BOOKING.as_of(end).status is BookingStatus.EXPIRED
    confirmed = replace(BOOKING, status=BookingStatus.CONFIRMED)
    assert confirmed.as_of(end + timedelta(days=9)) == confirmed


@pytest.mark.parametrize(
    ("booking", "minutes", "code"),
    [
        (BOOKING, 20, "hold_expired"),
        (replace(BOOKING, extensions=2), 5, "hold_extensions_spent"),
        (replace(BOOKING, status=BookingStatus.CONFIRMED), 5, "not_held"),
        (replace(BOOKING, status=BookingStatus.EXPIRED), 5, "hold_expired"),
    ],
)
def test_holds_that_cannot_be_extended(booking: Booking, minutes: int, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        rules.extend(booking, HOTEL, NOW + timedelta(minutes=minutes))
    assert refused.value.code == code


def test_an_extension_gives_the_whole_time_again_from_now() -> None:
    later = NOW + timedelta(minutes=15)
    assert rules.extend(BOOKING, HOTEL, later) == later + timedelta(minutes=20)


def test_guest_data_is_trimmed_and_bounded() -> None:
    assert rules.clean_guest("  Ana   Paz ", " ", None) == {"guest_name": "Ana Paz"}
    with pytest.raises(Invalid):
        rules.clean_guest("a" * 121, None, None)


def test_personal_data_stays_out_of_reprs() -> None:
    assert "Ana" not in repr(BOOKING)
    assert "341555" not in repr(BOOKING)


def test_json_is_what_the_interface_promises() -> None:
    assert rules.as_json(BOOKING, HOTEL, NOW) == {
        "id": "bkg_1",
        "code": "RL-4K7Q2",
        "status": "hold",
        "room": {"number": "201", "type": "doble", "type_name": "Doble"},
        "check_in": "2027-06-12",
        "check_out": "2027-06-15",
        "nights": 3,
        "guests": 2,
        "children": 0,
        "guest_name": "Ana Paz",
        "guest_phone": "+5493415550000",
        "guest_email": None,
        "total": {"amount": 20400000, "currency": "ARS"},
        "deposit": {"amount": 6120000, "currency": "ARS", "status": "requested", "paid": 0, "refund": 0},
        "hold_expires_at": "2026-11-21T12:20:00Z",
        "hold_extensions_left": 2,
        "conversation_id": "cnv_1",
        "created_at": "2026-11-21T12:00:00Z",
        "pms_number": None,
        "confirmed_at": None,
        "cancelled_at": None,
        "needs": None,
        "version": 1,
        "actions": ["extend", "release"],
    }


def test_json_offers_only_what_can_be_done() -> None:
    assert rules.as_json(replace(BOOKING, extensions=2), HOTEL, NOW)["actions"] == ["release"]
    over = rules.as_json(BOOKING, HOTEL, NOW + timedelta(minutes=20))
    assert (over["status"], over["actions"], over["hold_expires_at"]) == ("expired", [], None)
