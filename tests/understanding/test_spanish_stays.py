"""Dates, people and rooms in several hundred expressions of guests from six countries, with accepted alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.understanding.spanish.reading import read_entities
from relevo.bot.ports import Entities, Expecting, ReadingContext, RoomTypeName

DATA = Path(__file__).parents[1] / "data" / "understanding"
DAYS = {
    "A": date(2026, 6, 10),
    "B": date(2026, 11, 21),
    "C": date(2025, 12, 29),
    "D": date(2026, 11, 26),
    "E": date(2027, 2, 16),
    "F": date(2026, 8, 19),
    "G": date(2027, 4, 30),
}
ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


@dataclass(frozen=True)
class Wanted:
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None
    children: int | None = None
    room_type: str | None = None
    nights: int | None = None


def wanted(text: str) -> Wanted:
    """``2026-06-12>2026-06-14 g3 c1 rdoble n2``; ``-`` for nothing."""
    values: dict[str, object] = {}
    for part in text.split():
        if part[0] in "2>":
            first, _, second = part.partition(">")
            values["check_in"] = date.fromisoformat(first) if first else None
            values["check_out"] = date.fromisoformat(second) if second else None
        elif part not in ("-", "?"):
            name = {"g": "guests", "c": "children", "n": "nights", "r": "room_type"}[part[0]]
            values[name] = part[1:] if part[0] == "r" else int(part[1:])
    return Wanted(**values)  # type: ignore[arg-type]


def lines(name: str) -> list[list[str]]:
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [row.split("|") for row in rows if row and not row.startswith("#")]


def at(day: str, **known: object) -> ReadingContext:
    return ReadingContext(datetime.combine(DAYS[day], datetime.min.time(), ZONE), **known)  # type: ignore[arg-type]


def seen(said: Entities, *, nights: bool) -> Wanted:
    return Wanted(
        said.check_in, said.check_out, said.guests, said.children, said.room_type, said.nights if nights else None
    )


@pytest.mark.parametrize("name", ["stays_first.txt", "stays_second.txt", "stays_third.txt", "stays_fourth.txt"])
def test_guests_expressions(name: str) -> None:
    wrong = []
    rows = lines(name)
    for day, text, expected in rows:
        got = seen(read_entities(text, at(day)), nights=False)
        if got not in [wanted(each) for each in expected.split(" / ")]:
            wrong.append((text, got))
    assert len(rows) >= 55
    assert len(wrong) <= len(rows) // 50, wrong


@pytest.mark.parametrize(
    "name",
    [
        "stays_fifth.txt",
        "stays_sixth.txt",
        "stays_seventh.txt",
        "stays_eighth.txt",
        "stays_ninth.txt",
        "stays_tenth.txt",
    ],
)
def test_expressions_of_six_countries_and_what_they_leave_open(name: str) -> None:
    """``?`` among what is expected: the doubt has to be told."""
    wrong = []
    rows = lines(name)
    for where, text, expected in rows:
        day, _, country = where.partition("/")
        said = read_entities(text, at(day), country or "AR")
        got, readings = seen(said, nights=False), expected.split(" / ")
        if not any(got == wanted(each) and (said.ambiguities or "?" not in each) for each in readings):
            wrong.append((text, got))
    assert len(rows) >= 75
    assert len(wrong) <= len(rows) // 40, wrong


def test_expressions_in_a_conversation() -> None:
    wrong = []
    for day, asked, stay, text, expected in lines("stays_in_context.txt"):
        known = wanted(stay)
        context = at(day, expecting=Expecting(asked), check_in=known.check_in, check_out=known.check_out)
        want = wanted(expected)
        got = seen(read_entities(text, context), nights=want.nights is not None)
        if got != want:
            wrong.append((text, got))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("el finde que viene", ("2026-06-19/2026-06-21", "2026-06-12/2026-06-14")),
        ("semana santa", ("2027-03-25/2027-03-28", "2027-03-24/2027-03-28", "2027-03-21/2027-03-28")),
        ("en julio", ("2026-07-01/2026-08-01",)),
        ("el viernes que viene", ("2026-06-12", "2026-06-19")),
    ],
)
def test_what_has_two_fair_readings_says_so(text: str, readings: tuple[str, ...]) -> None:
    (unclear,) = read_entities(text, at("A")).ambiguities
    assert (unclear.kind, unclear.readings) == ("dates", readings)
    assert unclear.text in text


def test_plain_dates_are_not_doubted() -> None:
    for text in ("del 5 al 8 de agosto", "mañana", "este finde", "el viernes", "3 noches desde el lunes", "24/12"):
        assert read_entities(text, at("A")).ambiguities == ()


@pytest.mark.parametrize(
    ("text", "kind", "readings"),
    [
        ("somos 3 o 4", "guests", ("3", "4")),
        ("3/4 personas", "guests", ("3", "4")),
        ("una doble o una triple", "room_type", ("doble", "triple")),
    ],
)
def test_people_and_rooms_in_doubt(text: str, kind: str, readings: tuple[str, ...]) -> None:
    (unclear,) = read_entities(text, at("A")).ambiguities
    assert (unclear.kind, unclear.readings) == (kind, readings)


@pytest.mark.parametrize("text", ["del 5 al 8 de junio de 2025", "el 3/2/2026", "15 de enero de 2026"])
def test_dates_gone_by_are_said_to_be_past(text: str) -> None:
    said = read_entities(text, at("A"))
    assert said.past_dates
    assert said.check_in is None
    assert said.check_out is None


@pytest.mark.parametrize(
    "text", ["reservé ayer", "estuve la semana pasada", "hace tres días pagué", "el martes pasado"]
)
def test_what_is_told_of_the_past_is_no_stay(text: str) -> None:
    said = read_entities(text, at("A"))
    assert (said.check_in, said.check_out, said.nights, said.past_dates) == (None, None, None, False)


@pytest.mark.parametrize(
    "text",
    [
        "lo consulto con mi marido y te digo",
        "quiero hablar con una persona",
        "me dejó mi novia",
        "por ahora no",
        "y ahora?",
        "mi mamá está enferma",
    ],
)
def test_people_and_times_spoken_of_are_not_booked_for(text: str) -> None:
    said = read_entities(text, at("A"))
    assert (said.guests, said.children, said.check_in) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dl 7 al 10 d enero c mi pareja", "2027-01-07>2027-01-10 g2"),
        ("de el doce eeh al mmm quince deagosto", "2026-08-12>2026-08-15"),
        ("el miierc 17 poruna noche", "2026-06-17>2026-06-18"),
        ("ddos adutlos del 2 al 4 d juulio", "2026-07-02>2026-07-04 g2"),
        ("del vi 19 al do 21", "2026-06-19>2026-06-21"),
        ("este finde no, el otro", "2026-06-19>2026-06-21"),
        ("no es el 8 de enero, es el 9", "2027-01-09"),
        ("suite junior en agosto del 3 al 5", "2026-08-03>2026-08-05 rsuite"),
    ],
)
def test_as_it_is_typed_and_taken_back(text: str, expected: str) -> None:
    assert seen(read_entities(text, at("A")), nights=False) == wanted(expected)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("el 20 o el 27", ("2026-06-20", "2026-06-27")),
        ("del 5 al 7 o del 12 al 14 de agosto", ("2026-08-05/2026-08-07", "2026-08-12/2026-08-14")),
        ("3 o 4 noches desde el 1 de julio", ("2026-07-01/2026-07-05", "2026-07-01/2026-07-04")),
        ("la primera o la segunda semana de julio", ("2026-07-01/2026-07-08", "2026-07-08/2026-07-15")),
    ],
)
def test_a_choice_left_open_is_told(text: str, readings: tuple[str, ...]) -> None:
    (unclear,) = read_entities(text, at("A")).ambiguities
    assert (unclear.kind, unclear.readings) == ("dates", readings)


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("ES", "el puente de diciembre", "2026-12-05>2026-12-08"),
        ("CO", "el puente de Reyes", "2027-01-09>2027-01-11"),
        ("MX", "el puente de noviembre", "2026-11-14>2026-11-16"),
        ("PE", "feriado largo de octubre", "2026-10-08>2026-10-11"),
    ],
)
def test_bridges_are_those_of_the_country(country: str, text: str, expected: str) -> None:
    said = read_entities(text, at("A"), country)
    first, _, last = expected.partition(">")
    assert f"{first}/{last}" in said.ambiguities[0].readings


def test_a_room_is_the_code_of_the_business_where_one_fits() -> None:
    types = (
        RoomTypeName("simple", ("simple", "single", "individual", "sencilla"), 1),
        RoomTypeName("doble", ("doble", "matrimonial", "twin"), 2),
        RoomTypeName("suite", ("suite con vista al rio", "suite"), 2),
        RoomTypeName("departamento", ("departamento familiar", "departamento", "depto", "familiar"), 5),
    )
    said = {
        "una matrimonial": "doble",
        "con dos camas separadas": "doble",
        "cama king": "doble",
        "cuarto sencillo": "simple",
        "un depto": "departamento",
        "la suite con vista al río": "suite",
        "habitación familiar": "departamento",
        "una quíntuple": "departamento",
        "una cabaña": "cabana",
    }
    assert {text: read_entities(text, at("A", room_types=types)).room_type for text in said} == said


def test_rooms_are_counted() -> None:
    said = {"dos dobles": 2, "3 habitaciones": 3, "una doble": None, "la habitación 201": None, "dos camas": None}
    assert {text: read_entities(text, at("A")).rooms for text in said} == said


def test_what_was_read_is_shown_with_its_words() -> None:
    text = "Hola, una doble del 5 al 8 de agosto para 2 adultos y 1 nene"
    evidence = read_entities(text, at("A")).evidence
    assert ("dates", "del 5 al 8 de agosto") in evidence
    assert ("room_type", "doble") in evidence
    assert ("guests", "2 adultos") in evidence
    assert ("guests", "1 nene") in evidence


@pytest.mark.parametrize(
    ("country", "text", "check_in"),
    [
        ("AR", "el día de la madre", date(2026, 10, 18)),
        ("MX", "el día de la madre", date(2027, 5, 10)),
        ("ES", "el puente del pilar", date(2026, 10, 9)),
        ("ES", "el puente de la constitución", date(2026, 12, 4)),
        ("CL", "para fiestas patrias", date(2026, 9, 18)),
        ("PE", "para fiestas patrias", date(2026, 7, 28)),
        ("CO", "el día de la independencia", date(2026, 7, 20)),
        ("AR", "para el verano", date(2026, 12, 21)),
        ("ES", "este verano", date(2026, 6, 21)),
    ],
)
def test_feasts_belong_to_a_country(country: str, text: str, check_in: date) -> None:
    assert read_entities(text, at("A"), country).check_in == check_in


def test_strange_input_is_read_without_complaint() -> None:
    for text in ("", " ", "¿?", "31/31/31", "99 99 99", "del al", "2026-13-45", "😀" * 50, "a" * 4000, "1" * 300):
        read_entities(text, at("A"))
