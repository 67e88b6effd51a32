"""Keys, languages, and what is offered to those who wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relevo.calls.rules.callbacks import (
    Choice,
    Queue,
    choice,
    estimated_wait_s,
    minutes,
    request,
    should_offer,
    window,
)
from relevo.calls.rules.languages import locale_for, wanted
from relevo.calls.rules.menu import CHOICES, Help, Keypad, Meaning, Misunderstandings, Pressed, as_dates
from relevo.texts import Texts


def type_in(keypad: Keypad, keys: str) -> Pressed | None:
    found = None
    for key in keys:
        found = keypad.press(key)
    return found


def test_zero_is_a_person_with_and_without_a_menu() -> None:
    keypad = Keypad()
    assert keypad.press("0") == CHOICES["0"]
    keypad.offered = True
    assert keypad.press("0") == CHOICES["0"]


def test_a_choice_counts_at_once_and_only_while_the_menu_is_open() -> None:
    keypad = Keypad()
    keypad.offered = True
    assert keypad.press("9") == CHOICES["9"]
    assert keypad.press("9") is None
    assert keypad.press("#") == Pressed(Meaning.SAY, "9", keys="9")


def test_digits_are_one_number() -> None:
    keypad = Keypad()
    assert type_in(keypad, "4807#") == Pressed(Meaning.SAY, "4807", keys="4807")
    assert type_in(keypad, "12*34#") == Pressed(Meaning.SAY, "34", keys="34")
    assert keypad.press("#") is None


def test_a_number_is_over_when_no_digit_comes() -> None:
    keypad = Keypad(pause_ms=100)
    assert keypad.wait(20) is None
    assert type_in(keypad, "15") is None
    assert [keypad.wait(20) for _ in range(4)] == [None] * 4
    assert keypad.press("0") is None
    assert [keypad.wait(20) for _ in range(5)][-1] == Pressed(Meaning.SAY, "150", keys="150")
    assert keypad.wait(20) is None


def test_nobody_types_for_ever() -> None:
    assert type_in(Keypad(), "1" * Keypad.MOST) == Pressed(Meaning.SAY, "1" * Keypad.MOST, keys="1" * Keypad.MOST)


def test_who_speaks_instead_leaves_the_menu() -> None:
    keypad = Keypad()
    keypad.offered = True
    keypad.spoken()
    assert keypad.press("1") is None


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("1503", "15/03"), ("150327", "15/03/2027"), ("15032027", "15/03/2027"), ("15031703", "15/03 - 17/03"),
        ("150327170327", "15/03/2027 - 17/03/2027"), ("4827", None), ("15", None), ("3415550101", None),
        ("15031999", None), ("2902", "29/02"),
    ],
)  # fmt: skip
def test_dates_by_keys(digits: str, expected: str | None) -> None:
    assert as_dates(digits) == expected


@pytest.mark.parametrize("locale", ["es", "es_AR", "en"])
def test_the_menu_says_every_key_that_it_knows(locale: str) -> None:
    offer = Texts(locale).say("calls.menu.offer")
    assert all(key in offer for key in CHOICES)


def test_after_two_failures_the_menu_and_after_two_more_a_person() -> None:
    counts = Misunderstandings()
    assert [counts.failed() for _ in range(4)] == [None, Help.MENU, None, Help.PERSON]
    counts = Misunderstandings()
    counts.failed()
    counts.understood()
    assert counts.failed() is None


@pytest.mark.parametrize(
    "text",
    [
        "Do you speak English?", "In English, please.", "English please", "English?", "¿Habla inglés?",
        "en inglés por favor", "¿Podemos hablar en inglés?", "I don't speak Spanish", "No hablo español",
        "Prefiero inglés",
        "Hi, I would like to book a room for two people",
    ],
)  # fmt: skip
def test_who_wants_english(text: str) -> None:
    assert wanted(text, "es") == "en"
    assert wanted(text, "en") is None


@pytest.mark.parametrize(
    "text", ["En español, por favor", "¿Hablás castellano?", "Spanish please", "I can't speak English"]
)
def test_who_wants_spanish(text: str) -> None:
    assert wanted(text, "en") == "es"
    assert wanted(text, "es") is None


@pytest.mark.parametrize(
    "text",
    ["Ok, el check in es a las tres?", "¿Tienen libros en inglés?", "Quiero una habitación doble", "Sí", "",
     "okay thanks", "¿El desayuno es inglés?", "Somos un grupo español"],
)  # fmt: skip
def test_a_borrowed_word_changes_nothing(text: str) -> None:
    assert wanted(text, "es") is None


def test_home_is_the_houses_own_spanish() -> None:
    assert locale_for("es", "es_AR") == "es_AR"
    assert locale_for("en", "es_AR") == "en"


def test_a_wait_is_estimated_from_who_is_ahead_and_how_long_talks_take() -> None:
    assert estimated_wait_s(Queue(0, 2, 1)) == 0
    assert estimated_wait_s(Queue(0, 0, 0)) is None
    assert estimated_wait_s(Queue(0, 1, 0, [300])) == 150
    assert estimated_wait_s(Queue(4, 2, 0, [300, 5_000, 300])) == 750
    assert estimated_wait_s(Queue(1, 1, 0, [5])) == 45
    assert minutes(61) == 2
    assert minutes(3) == 1


def test_calling_back_is_offered_when_it_takes_long_and_not_all_the_time() -> None:
    assert should_offer(None, 0, None)
    assert should_offer(200, 0, None)
    assert not should_offer(60, 20, None)
    assert should_offer(60, 60, None)
    assert not should_offer(600, 100, 30)
    assert should_offer(600, 300, 180)


@pytest.mark.parametrize(
    ("now", "wait", "expected"),
    [
        ("2026-11-20T10:07:30", 600, ("2026-11-20T10:30:00", "2026-11-20T11:30:00")),
        ("2026-11-20T19:40:00", 300, ("2026-11-20T19:45:00", "2026-11-20T20:00:00")),
        ("2026-11-20T23:10:00", 300, ("2026-11-23T09:00:00", "2026-11-23T10:00:00")),
        ("2026-11-21T10:00:00", None, ("2026-11-23T09:00:00", "2026-11-23T10:00:00")),
        ("2026-11-20T06:00:00", 0, ("2026-11-20T09:00:00", "2026-11-20T10:00:00")),
    ],
)
def test_people_are_called_at_decent_hours(now: str, wait: float | None, expected: tuple[str, str]) -> None:
    begin, end = window(datetime.fromisoformat(now).replace(tzinfo=UTC), wait)
    assert (begin.isoformat()[:19], end.isoformat()[:19]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Choice.CALL_BACK), ("2", Choice.STAY), ("Sí", Choice.CALL_BACK), ("Dale, perfecto", Choice.CALL_BACK),
        ("Prefiero que me llamen", Choice.CALL_BACK), ("No puedo esperar", Choice.CALL_BACK),
        ("call me back", Choice.CALL_BACK),
        ("No, mejor llámenme", Choice.CALL_BACK), ("No, espero", Choice.STAY),
        ("Sí, espero", Choice.STAY),
        ("no", Choice.STAY), ("No hace falta que me llamen", Choice.STAY),
        ("I'll wait", Choice.STAY), ("¿Cuánto falta?", None), ("", None),
    ],
)  # fmt: skip
def test_what_they_chose(text: str, expected: Choice | None) -> None:
    assert choice(text) is expected


def test_only_a_number_can_be_called_back() -> None:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    found = request("+54 9 341 555-0101", now, 300)
    assert found is not None
    assert found.number == "+5493415550101"
    assert request("browser", now, 300) is None
    assert request("", now, 300) is None
