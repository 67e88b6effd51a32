from __future__ import annotations

from datetime import date

import pytest

from relevo.bot.ports import Entities, Expecting
from relevo.bot.rules.dialogue import Dialogue, Draft, Guest, merged, names_stay, with_guest
from relevo.bot.rules.reading import (
    bare_name,
    complains,
    finished,
    fold,
    hesitates,
    money_trouble,
    named,
    plain_yes,
    relative_children,
    relative_guests,
    relative_nights,
    wants_it,
    wants_person,
)

DEC = [date(2026, 12, day) for day in range(1, 32)]


def dec(day: int) -> date:
    return DEC[day - 1]


STAY = Draft(dec(10), dec(13), guests=2, children=0, room_type="doble")


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (Draft(), Entities(check_in=dec(10), check_out=dec(13)), Draft(dec(10), dec(13))),
        (Draft(), Entities(check_in=dec(10), nights=2), Draft(dec(10), dec(12))),
        (Draft(), Entities(nights=2), Draft(nights=2)),
        (Draft(nights=2), Entities(check_in=dec(10)), Draft(dec(10), dec(12))),
        (Draft(dec(10)), Entities(nights=3), Draft(dec(10), dec(13))),
        (Draft(dec(10)), Entities(check_out=dec(12)), Draft(dec(10), dec(12))),
        (STAY, Entities(check_in=dec(5)), Draft(dec(5), dec(8), guests=2, children=0, room_type="doble")),
        (STAY, Entities(check_out=dec(15)), Draft(dec(10), dec(15), guests=2, children=0, room_type="doble")),
        (STAY, Entities(check_out=dec(8)), Draft(dec(5), dec(8), guests=2, children=0, room_type="doble")),
        (STAY, Entities(nights=1), Draft(dec(10), dec(11), guests=2, children=0, room_type="doble")),
        (STAY, Entities(room_type="triple"), Draft(dec(10), dec(13), guests=2, children=0, room_type="triple")),
        (Draft(), Entities(guests=4, adults=2, children=2), Draft(guests=4, children=2)),
        (Draft(guests=2), Entities(children=1), Draft(guests=3, children=1)),
        (Draft(guests=4, children=2), Entities(guests=5), Draft(guests=5, children=2)),
        (Draft(guests=4, children=2), Entities(guests=2), Draft(guests=2, children=0)),
        (Draft(guests=4, children=2), Entities(guests=2, adults=2), Draft(guests=2, children=0)),
    ],
)
def test_what_was_said_last_wins(before: Draft, said: Entities, after: Draft) -> None:
    assert merged(before, said) == after


def test_a_single_day_answers_how_many_nights() -> None:
    said = Entities(check_in=dec(14))
    assert merged(Draft(dec(10)), said, expecting=Expecting.NIGHTS) == Draft(dec(10), dec(14))
    assert merged(Draft(dec(10)), Entities(check_in=dec(8)), expecting=Expecting.NIGHTS) == Draft(dec(8))


def test_relative_changes_count_from_the_stay() -> None:
    assert merged(STAY, Entities(nights=1), more_nights=1).check_out == dec(14)
    assert merged(STAY, Entities(), more_nights=-5).check_out == dec(11)
    assert merged(STAY, Entities(), more_guests=1).guests == 3


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("una noche más", 1),
        ("agregame 2 noches", 2),
        ("¿y dos noches mas?", 2),
        ("otra noche", 1),
        ("una noche menos", -1),
        ("sacale una noche", -1),
        ("una noche", 0),
        ("tres noches", 0),
    ],
)
def test_relative_nights(text: str, more: int) -> None:
    assert relative_nights(text) == more


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("somos uno más", 1),
        ("se suma una persona", 1),
        ("una persona mas", 1),
        ("un adulto menos", -1),
        ("una noche más", 0),
        ("algo más barato", 0),
        ("uno más grande", 0),
        ("somos 3", 0),
    ],
)
def test_relative_guests(text: str, more: int) -> None:
    assert relative_guests(text) == more


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Juan Pérez", "Juan Pérez"),
        ("juan pérez", "Juan Pérez"),
        ("a nombre de María de los Ángeles Gómez", "María de los Ángeles Gómez"),
        ("soy Ana, la de antes", "Ana"),
        ("JOSE DE LA CRUZ", "Jose de la Cruz"),
        ("Martina O'Connor McDonald", "Martina O'Connor McDonald"),
        ("carlos ruiz 341 555 1234", "Carlos Ruiz"),
        ("Nicolás Vera nico@ejemplo.com", "Nicolás Vera"),
        ("no sé", None),
        ("¿tienen cochera?", None),
        ("sí", None),
        ("12", None),
        ("quiero cambiar la fecha de mi reserva por favor", None),
    ],
)
def test_a_bare_name(text: str, name: str | None) -> None:
    assert bare_name(text) == name


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("quiero hablar con una persona", True),
        ("HABLAR CON UNA PERSONA", True),
        ("me pasás con alguien?", True),
        ("comunicame con recepción por favor", True),
        ("prefiero un humano", True),
        ("quiero una persona más en la reserva", False),
        ("quiero una habitación para una persona", False),
        ("somos tres personas", False),
    ],
)
def test_a_person_is_asked_for(text: str, wants: bool) -> None:
    assert wants_person(text) is wants


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("me cobraron dos veces", True),
        ("quiero que me devuelvan la plata", True),
        ("exijo un reembolso", True),
        ("cuánto me cobran", False),
        ("¿devuelven la seña si cancelo?", False),
    ],
)
def test_trouble_with_money(text: str, trouble: bool) -> None:
    assert money_trouble(text) is trouble


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("sí", True),
        ("dale, reservala nomás porfa", True),
        ("Perfecto, procedamos con la reserva", True),
        ("sí, a nombre de María de los Ángeles Gómez Iturraspe Anchorena, m@ejemplo.com", True),
        ("siii", True),
        ("órale va, apártamela", True),
        ("listo, hágale", True),
        ("👍", True),
        ("hmm", False),
        ("gracias", False),
        ("está fuera de mi presupuesto", False),
        ("ok, tengo que ver los pasajes", False),
        ("dale, cuando cobre te hablo", False),
        ("entiendo, gracias igual", False),
        ("ya me atendieron pésimo la otra vez, una vergüenza", False),
        ("bueno mirá primero contame qué incluye el precio", False),
    ],
)
def test_a_plain_yes(text: str, plain: bool) -> None:
    assert plain_yes(text) is plain


@pytest.mark.parametrize(
    "text",
    ["mmm no sé", "quizás", "puede ser", "uh es caro, dejá", "sí pero más barato", "ok, después veo", "te aviso",
     "si consigo vacaciones te escribo", "te confirmo más tarde", "perfecto, qué incluye?", "ok gracias, lo pienso"],
)  # fmt: skip
def test_what_holds_a_yes_back(text: str) -> None:
    assert hesitates(text)
    assert not wants_it(text)


@pytest.mark.parametrize(
    "text",
    ["sí", "ok reservala", "me la reservás?", "no hay problema, dale", "cómo no", "de una", "dale nomás",
     "dale reservala, después te transfiero", "sí, a nombre de Paso Caro", "sí pero a nombre de Ana Gil"],
)  # fmt: skip
def test_what_does_not(text: str) -> None:
    assert not hesitates(text)


def test_taking_up_what_was_turned_down() -> None:
    assert wants_it("ah no, sabés qué, sí la quiero")
    assert wants_it("cambié de idea, reservala")
    assert not wants_it("sí")
    assert not wants_it("no quiero reservarla")


def test_names_complaints_and_children_in_passing() -> None:
    assert named("ponela a nombre de Susana Lima mejor") == "Susana Lima"
    assert named("ponela a mi nombre") is None
    assert complains("me atendieron re mal, quiero quejarme")
    assert not complains("¿me atienden por acá?")
    assert relative_children("se suma otro nene, seríamos 4") == 1
    assert relative_children("2 nenes") == 0
    assert merged(Draft(guests=3, children=1), Entities(guests=4), more_children=1) == Draft(guests=4, children=2)
    assert merged(Draft(guests=2), Entities(), more_children=1) == Draft(guests=3, children=1)


def test_a_goodbye_in_other_words() -> None:
    assert all(
        finished(text) for text in ("No, gracias, eso es todo.", "nada más", "no, nada", "así está bien, gracias")
    )
    assert not any(finished(text) for text in ("no, gracias", "¿eso está todo incluido?", "no quiero esa"))


def test_fold() -> None:
    assert fold("  ¿Mañana,  ACÁ?\n") == "manana aca"


def test_names_and_contacts_are_remembered() -> None:
    dialogue = with_guest(Dialogue(), Entities(guest_name="Ana", phone="+5493415551234"))
    dialogue = with_guest(dialogue, Entities(email="ana@ejemplo.com"))
    assert dialogue.guest == Guest("Ana", "+5493415551234", "ana@ejemplo.com")
    assert with_guest(dialogue, Entities()) is dialogue


def test_what_names_a_stay() -> None:
    assert names_stay(Entities(nights=2))
    assert not names_stay(Entities(topics=("cochera",), guest_name="Ana"))
