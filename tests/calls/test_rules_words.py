"""What the end of a transcript shows, how long to wait for more, and what is only a nod."""

from __future__ import annotations

import pytest

from relevo.calls.rules.turns import TurnPolicy, enough_quiet_ms
from relevo.calls.rules.words import Shape, is_backchannel, is_hum, shape

POLICY = TurnPolicy()


@pytest.mark.parametrize(
    "text",
    [
        "Quiero una habitación doble.", "Sí.", "del 15 al 17 de marzo", "¿para qué?", "Florencia Gutiérrez", "Bueno.",
        "dos", "una", "Ya.", "para 2", "somos 4", "el 15/03", "¿Cuánto sale el 341?", "2 adultos y 1", "Dale, perfecto",
        "¿Me lo mandás por mail?", "mi mail es juan punto pérez arroba gmail punto com", "juan.perez@gmail.com",
        "tres cuatro uno cinco cinco cinco cero uno cero uno", "mi teléfono es el 341 555 0101", "Te digo que sí",
        "me llamo Ana", "una habitación que dé al río", "I would like a room", "No, con eso está bien",
    ],
)  # fmt: skip
def test_whole(text: str) -> None:
    assert shape(text) is Shape.WHOLE


@pytest.mark.parametrize(
    "text", ["Quería una habitación para el.", "somos dos y", "del 15 al", "Mi nombre es...", "hola,", "we want the"]
)
def test_more_must_come(text: str) -> None:
    assert shape(text) is Shape.LEADS_ON


@pytest.mark.parametrize("text", ["eh", "Quería, esteee", "quiero, o sea", "bueno,", "Para el, emmm...", "A ver"])
def test_somebody_looks_for_a_word(text: str) -> None:
    assert shape(text) is Shape.HESITATES


@pytest.mark.parametrize(
    "text",
    [
        "tres cuatro uno", "11 55", "mi teléfono es el 341", "mi mail es juan", "mi mail es juan punto pérez arroba",
        "juan.perez@gmail", "juan punto pérez", "ge u te i", "G, U, T.", "be de burro", "el código es 4",
    ],
)  # fmt: skip
def test_somebody_dictates(text: str) -> None:
    assert shape(text) is Shape.DICTATES


def test_a_number_may_be_long_enough() -> None:
    assert shape("30 123 456") is Shape.NUMBER


@pytest.mark.parametrize(
    ("text", "done", "expected"),
    [
        ("Quiero una doble.", None, POLICY.finished_ms),
        ("Quiero una doble.", 0.95, POLICY.finished_ms),
        ("Quiero una doble.", 0.05, POLICY.doubtful_ms),
        ("Quiero una doble para el", None, POLICY.unfinished_ms),
        ("Quiero una doble para el", 0.99, POLICY.unfinished_ms),
        ("Quiero una doble para el", 0.05, POLICY.thinking_ms),
        ("tres cuatro uno", None, POLICY.thinking_ms),
        ("tres cuatro uno", 0.99, POLICY.unfinished_ms),
        ("Quería, esteee", None, POLICY.thinking_ms),
        ("30123456", None, POLICY.unfinished_ms),
        ("30123456", 0.05, POLICY.thinking_ms),
        ("", None, POLICY.unfinished_ms),
        ("", 0.99, POLICY.doubtful_ms),
        (None, None, POLICY.unfinished_ms),
        (None, 0.99, POLICY.unfinished_ms),
    ],
)
def test_how_long_to_wait_for_more(text: str | None, done: float | None, expected: int) -> None:
    assert enough_quiet_ms(text, done, POLICY) == expected


@pytest.mark.parametrize("text", ["Ajá.", "mhm, ajá", "Uh-huh", "Mmm."])
def test_a_nod_is_always_a_nod(text: str) -> None:
    assert is_backchannel(text)
    assert is_backchannel(text, explaining=True)


@pytest.mark.parametrize(
    "text", ["Sí", "sí, sí", "Claro.", "dale, perfecto", "Ok, ok", "Muy bien", "de acuerdo", "Ah, bueno", "Yes, okay"]
)
def test_a_yes_is_a_nod_only_while_the_other_explains(text: str) -> None:
    assert not is_backchannel(text)
    assert is_backchannel(text, explaining=True)


@pytest.mark.parametrize(
    "text",
    ["no", "", "Sí, quiero", "¿Sí?", "qué", "por", "sí pero", "pará", "espere", "no, está bien", "sí sí sí sí sí sí"],
)
def test_an_objection_is_no_nod(text: str) -> None:
    assert not is_backchannel(text, explaining=True)


def test_a_hum_is_no_answer() -> None:
    assert is_hum("Mmm, eh")
    assert not is_hum("ajá")
    assert not is_hum("")
