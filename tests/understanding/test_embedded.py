"""The whole engine: rules for short answers, data beside intents, several wishes, noise, speed."""

from __future__ import annotations

import random
import statistics
import time
import unicodedata
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relevo.adapters.understanding.embedded import CERTAIN, Embedded
from relevo.bot.ports import Expecting, ReadingContext, RoomTypeName

DATA = Path(__file__).parents[1] / "data" / "understanding"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("America/Argentina/Buenos_Aires"))
TYPES = (RoomTypeName("doble", ("doble", "matrimonial"), 2), RoomTypeName("triple", ("triple",), 3))
NOTHING = ReadingContext(NOW, room_types=TYPES)
CONFIRMING = ReadingContext(
    NOW, Expecting.CONFIRMATION, date(2026, 12, 11), date(2026, 12, 13), guests=2, room_types=TYPES
)


def asked(expecting: Expecting) -> ReadingContext:
    return ReadingContext(NOW, expecting, room_types=TYPES)


def test_a_first_message_says_what_and_when(engine: Embedded) -> None:
    heard = engine.read("Hola! quiero reservar una doble del 11 al 13 de diciembre para dos", NOTHING)
    said = heard.entities
    assert heard.intent == "make_reservation"
    assert (said.check_in, said.check_out, said.nights) == (date(2026, 12, 11), date(2026, 12, 13), 2)
    assert (said.guests, said.room_type) == (2, "doble")
    assert 0.4 < heard.confidence <= 1
    assert heard.alternatives == tuple(sorted(heard.alternatives, key=lambda each: -each[1]))


@pytest.mark.parametrize(
    "text",
    ["sí", "si", "Sii", "dale", "ok", "de una", "sí, por favor", "si dale", "claro que sí", "listo, dale", "correcto",
     "sí, a nombre de Juan Pérez", "perfecto, reservala", "si confirmo", "no hay problema", "va", "órale", "👍",
     "sí, ¿tienen cochera?", "ya", "me parece bien", "esta bien", "sí quiero"],
)  # fmt: skip
def test_yes(engine: Embedded, text: str) -> None:
    heard = engine.read(text, CONFIRMING)
    assert (heard.intent, heard.confidence) == ("afirmar", CERTAIN)


@pytest.mark.parametrize(
    "text",
    ["no", "No, gracias", "nop", "mejor no", "todavía no", "no quiero", "para nada", "no, está mal", "no, dejalo",
     "por ahora no", "no me convence", "no reserves"],
)  # fmt: skip
def test_no(engine: Embedded, text: str) -> None:
    assert engine.read(text, CONFIRMING).intent == "negar"


@pytest.mark.parametrize(
    "text",
    ["si cancelo me devuelven la plata?", "no entiendo", "¿aceptan mascotas?", "mejor del 5 al 8", "no, mejor el 12",
     "sí pero para tres personas", "no me llegó el mail"],
)  # fmt: skip
def test_neither_yes_nor_no(engine: Embedded, text: str) -> None:
    assert engine.read(text, CONFIRMING).intent not in ("afirmar", "negar")


def test_a_change_instead_of_a_yes_is_a_change(engine: Embedded) -> None:
    heard = engine.read("no, mejor del 5 al 8 y somos tres", CONFIRMING)
    assert heard.intent == "modify_reservation"
    assert (heard.entities.check_in, heard.entities.check_out) == (date(2026, 12, 5), date(2026, 12, 8))
    assert heard.entities.guests == 3


def test_a_yes_with_a_question_says_both(engine: Embedded) -> None:
    heard = engine.read("sí, ¿tienen cochera?", CONFIRMING)
    assert heard.intents == ("afirmar", "ask_services")
    assert heard.entities.topics == ("cochera",)


@pytest.mark.parametrize(
    "text",
    ["quiero hablar con una persona", "pasame con alguien", "operador", "humano", "recepción por favor", "un agente",
     "¿me comunica con un asesor?", "no quiero hablar con un robot", "necesito hablar con alguien de recepción",
     "prefiero que me atienda un humano", "quisiera hablar con el encargado", "páseme con un asesor humano",
     "hay alguien de verdad ahí?", "atención humana", "quiero una persona real", "derivame con recepción",
     "HABLAR CON UNA PERSONA", "quiero ablar con alguien porfa"],
)  # fmt: skip
@pytest.mark.parametrize(
    "expecting", [Expecting.NOTHING, Expecting.DATES, Expecting.CONFIRMATION, Expecting.GUEST_NAME]
)
def test_a_person_is_understood_at_any_turn(engine: Embedded, text: str, expecting: Expecting) -> None:
    heard = engine.read(text, asked(expecting))
    assert heard.intent == "hablar_con_humano"
    assert heard.confidence >= 0.5
    assert heard.entities.guests is None


@pytest.mark.parametrize(
    "text",
    ["habitación para una persona", "quiero agregar una persona a mi reserva", "¿cuánto sale para una persona?",
     "somos una persona y un bebé", "a qué hora abre la recepción", "quiero agendar una reunión con un asesor"],
)  # fmt: skip
def test_a_person_who_sleeps_is_not_a_person_to_talk_to(engine: Embedded, text: str) -> None:
    assert engine.read(text, NOTHING).intent != "hablar_con_humano"


@pytest.mark.parametrize("text", ["hola", "Buenas tardes!", "holaa", "hola, ¿cómo están?", "buen día", "qué tal"])
def test_greetings(engine: Embedded, text: str) -> None:
    assert engine.read(text, NOTHING).intent == "saludo"


@pytest.mark.parametrize(
    ("text", "expecting", "value"),
    [
        ("Juan Pérez", Expecting.GUEST_NAME, "guest_name"),
        ("ana@ejemplo.com", Expecting.CONTACT, "email"),
        ("341 555 1234", Expecting.CONTACT, "phone"),
        ("RL-4K7Q2", Expecting.BOOKING_CODE, "booking_code"),
    ],
)
def test_data_that_was_asked_for(engine: Embedded, text: str, expecting: Expecting, value: str) -> None:
    heard = engine.read(text, asked(expecting))
    assert getattr(heard.entities, value)
    assert (heard.intent, heard.confidence) == ("dar_datos", CERTAIN)


@pytest.mark.parametrize(
    "text", ["del 5 al 8", "somos tres", "para dos", "mañana", "una triple", "el finde, 2 adultos"]
)
def test_bare_data_asks_what_there_is(engine: Embedded, text: str) -> None:
    heard = engine.read(text, NOTHING)
    assert (heard.intent, heard.confidence) == ("check_availability", CERTAIN)


def test_a_choice_of_a_menu(engine: Embedded) -> None:
    assert engine.read("la segunda", asked(Expecting.MENU)).entities.choice == 2


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("quiero reservar una doble del 5 al 8. ¿Aceptan mascotas?", {"make_reservation", "ask_policies"}),
        ("¿cuánto sale la doble y tienen cochera?", {"get_prices", "ask_services"}),
        ("hola, hay lugar mañana? además quería saber si tienen wifi", {"check_availability", "ask_services"}),
    ],
)
def test_several_wishes_in_one_message(engine: Embedded, text: str, intents: set[str]) -> None:
    heard = engine.read(text, NOTHING)
    assert heard.intents[0] == heard.intent
    assert set(heard.intents) == intents


@pytest.mark.parametrize(
    "text", ["¿a qué hora cierran hoy?", "nos vemos el viernes", "¿va a llover mañana?", "nadie atiende desde el lunes"]
)
def test_days_beside_the_point_are_no_stay(engine: Embedded, text: str) -> None:
    heard = engine.read(text, NOTHING)
    assert heard.entities.check_in is None, heard


def test_a_complaint_is_no_question(engine: Embedded) -> None:
    heard = engine.read("no anda el wifi y nadie me da bola, una vergüenza", NOTHING)
    assert (heard.intent, heard.entities.topics) == ("queja", ())


def test_long_and_strange_texts(engine: Embedded) -> None:
    for text in ("", "   ", "?", "😀😀", "a" * 10_000, "reservar " * 2_000, "\x00\ud83d", "<script>alert(1)</script>"):
        heard = engine.read(text, NOTHING)
        assert 0 <= heard.confidence <= 1
        assert heard.intent


def held_out() -> list[tuple[str, str]]:
    rows = (DATA / "heldout.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [row.split("\t")[:2] for row in rows if row and not row.startswith("#")]
    return [(intent, text) for intent, text in pairs if intent != "dar_datos"]


def without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def recognised(text: str) -> str:
    """As a recogniser writes it: no capitals, no punctuation."""
    return "".join(char for char in text.lower() if char.isalnum() or char.isspace())


def mistyped(text: str, share: float) -> str:
    dice = random.Random(7)
    typed: list[str] = []
    for char in text:
        slip = dice.random() if char.isalpha() and dice.random() < share else 1.0
        if slip < 0.3:
            continue
        typed.append(char if slip > 0.6 else char * 2)
    return "".join(typed)


def accuracy(engine: Embedded, change: object = None) -> float:
    pairs = held_out()
    right = 0
    for intent, text in pairs:
        said = change(text) if callable(change) else text
        right += engine.read(said, NOTHING).intent == intent
    return right / len(pairs)


def test_noise_costs_little(engine: Embedded) -> None:
    clean = accuracy(engine)
    assert clean >= 0.885
    assert accuracy(engine, without_accents) >= clean - 0.03
    assert accuracy(engine, recognised) >= clean - 0.05
    assert accuracy(engine, lambda text: mistyped(text, 0.06)) >= clean - 0.05
    assert accuracy(engine, lambda text: mistyped(text, 0.12)) >= clean - 0.09


def test_reading_takes_milliseconds(engine: Embedded) -> None:
    times = []
    for _, text in held_out()[:150]:
        begun = time.thread_time()
        engine.read(text, NOTHING)
        times.append(time.thread_time() - begun)
    assert statistics.median(times) < 0.010


@pytest.mark.parametrize(
    ("text", "check_in", "guests"),
    [("nochebuena", date(2026, 12, 24), None), ("una persona", None, 1), ("viajo por trabajo, solo", None, 1)],
)
def test_a_message_of_nothing_but_a_stay_keeps_it(
    engine: Embedded, text: str, check_in: date | None, guests: int | None
) -> None:
    said = engine.read(text, ReadingContext(NOW)).entities
    assert (said.check_in, said.guests) == (check_in, guests)
