"""What a hesitating customer says, and what only sounds like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.bot.arguments import read_arguments
from relevo.bot.rules.copilot import supported
from relevo.bot.rules.knowledge import Knowledge
from relevo.bot.rules.objections import Objection, objection_in
from relevo.kit.errors import Misconfigured

PRICE = [
    "Es muy caro", "uf, carísimo", "me parece caro para dos noches", "Está un poco cara la suite",
    "se me va del presupuesto",
    "no me alcanza", "es mucha plata", "¿hacen algún descuento?", "me harías un descuento?", "hay algo más barato?",
    "no hay nada más económico?", "qué caro!", "sale caro", "me bajás el precio?", "too expensive for us",
]  # fmt: skip
DELAY = [
    "lo pienso", "Lo voy a pensar", "dejame pensarlo", "lo tengo que consultar con mi marido", "después te aviso",
    "te aviso mañana", "todavía no sé", "no estoy seguro", "quiero pensarlo bien", "mañana te confirmo",
    "tengo que hablar con mi señora", "I need to think about it",
]  # fmt: skip
COMPETITION = [
    "En Booking está más barato", "vi otro hotel más barato", "el hotel de al lado, otro hotel me cobra menos",
    "encontré algo más barato cerca", "estoy comparando con otros hoteles",
    "me ofrecieron un mejor precio en otro lado",
    "en Airbnb sale menos", "tengo otra oferta",
]  # fmt: skip
NONE = [
    "¿Cuánto cuesta la doble?", "qué precio tiene?", "no es caro", "no me parece caro, dale", "quiero reservar",
    "sí, reservala", "hola", "¿aceptan mascotas?", "quiero hablar con una persona", "quiero consultar disponibilidad",
    "del 12 al 15 de diciembre para dos", "gracias!", "", "¿tienen cochera?", "necesito dos camas",
]  # fmt: skip


@pytest.mark.parametrize("text", PRICE)
def test_it_is_the_price(text: str) -> None:
    assert objection_in(text) is Objection.PRICE


@pytest.mark.parametrize("text", DELAY)
def test_it_is_to_be_thought_over(text: str) -> None:
    assert objection_in(text) is Objection.DELAY


@pytest.mark.parametrize("text", COMPETITION)
def test_it_is_another_house(text: str) -> None:
    assert objection_in(text) is Objection.COMPETITION


@pytest.mark.parametrize("text", NONE)
def test_it_is_no_objection(text: str) -> None:
    assert objection_in(text) is None


def test_what_says_most_is_answered() -> None:
    assert objection_in("es caro, lo voy a pensar") is Objection.PRICE
    assert objection_in("es caro, en booking está más barato") is Objection.COMPETITION


def test_an_argument_without_its_ground_is_not_offered(knowledge: Knowledge) -> None:
    every = read_arguments(None, demo=True)
    assert {each.objection for each in every} == set(Objection)
    for objection in Objection:
        offered = supported(every, knowledge, objection)
        assert offered
        assert all(topic in knowledge.topics for each in offered for topic in each.about)
    nothing = Knowledge({})
    assert all(not each.about for objection in Objection for each in supported(every, nothing, objection))
    assert supported(every, knowledge, None) == ()


def test_a_house_of_its_own_does_not_argue_with_the_demos_words(tmp_path: Path) -> None:
    assert read_arguments(None, demo=False) == ()
    own = tmp_path / "own.toml"
    own.write_text('[[arguments]]\nobjection = "price"\ntext = "Incluye todo."\n', encoding="utf-8")
    (only,) = read_arguments(own, demo=False)
    assert (only.objection, only.text) == (Objection.PRICE, "Incluye todo.")


@pytest.mark.parametrize("content", ["", "arguments = 3", '[[arguments]]\nobjection = "love"\ntext = "x"', "{{{"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(Misconfigured, match="arguments_file"):
        read_arguments(own, demo=False)
