"""A wish to hear no more, and a score: what counts as one, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.bot.rules.scores import Score, score_of
from relevo.outreach.rules.contact import Way
from relevo.outreach.rules.words import withdraws


@pytest.mark.parametrize(
    "text",
    [
        "baja",
        "BAJA",
        "Baja por favor",
        "stop",
        "STOP!",
        "Darme de baja",
        "no quiero más mensajes",
        "No quiero recibir más recordatorios, gracias",
        "no quiero más mensajes de este hotel",
        "no deseo recibir promociones",
        "no quiero que me manden ofertas",
        "no me escriban más",
        "no me manden más mensajes",
        "por favor no me manden más",
        "No me envíen recordatorios",
        "dejen de mandarme mensajes",
        "dejen de escribirme",
        "deja de molestarme",
        "basta de avisos",
        "no vuelvan a escribirme",
        "sáquenme de la lista",
        "bórrenme de su base",
        "quiero darme de baja de los mensajes",
        "den de baja de la lista mi número",
        "unsubscribe",
        "stop sending me emails",
        "please don't text me",
        "no more reminders",
    ],
)
def test_they_want_no_more_messages(text: str) -> None:
    assert withdraws(text) is Way.ANY


@pytest.mark.parametrize(
    "text",
    ["no me llamen más", "dejen de llamarme", "no quiero más llamadas", "no vuelvan a llamarme", "don't call me again"],
)
def test_they_want_no_more_calls(text: str) -> None:
    assert withdraws(text) is Way.CALL


@pytest.mark.parametrize(
    "text",
    [
        "una habitación en planta baja",
        "quiero dar de baja la reserva",
        "den de baja mi reserva por favor",
        "¿cuánto sale en temporada baja?",
        "la tarifa más baja",
        "baja la música",
        "no me mandaron el voucher",
        "no me llegó el mensaje",
        "no quiero más noches, con tres alcanza",
        "no quiero desayuno",
        "¿me mandan un recordatorio?",
        "no me escribas tarde",
        "no me llamen más tarde de las ocho",
        "no me manden más de una opción",
        "no me contacten a la mañana, mejor a la tarde",
        "paren en la puerta",
        "dejé un mensaje",
        "no quiero una habitación con stop",
        "",
    ],
)
def test_it_only_looks_like_it(text: str) -> None:
    assert withdraws(text) is None


def test_nobody_who_books_is_taken_for_one_who_leaves() -> None:
    files = (Path(__file__).parents[1] / "data" / "understanding").iterdir()
    lines = [line for file in files for line in file.read_text().splitlines()]
    # Who changes their data may well ask for no more messages.
    said = [part for line in lines if not line.startswith("actualizar_perfil") for part in line.split("\t")]
    assert len(said) > 100
    assert [text for text in said if withdraws(text)] == []


@pytest.mark.parametrize(
    ("text", "score", "rest"),
    [
        ("5", 5, None),
        (" 4 ", 4, None),
        ("4!", 4, None),
        ("un 4", 4, None),
        ("cinco", 5, None),
        ("Cinco estrellas", 5, None),
        ("3/5", 3, None),
        ("3 de 5", 3, None),
        ("4 out of 5", 4, None),
        ("le doy un 2", 2, None),
        ("⭐⭐⭐⭐", 4, None),
        ("⭐⭐⭐ bien", 3, "bien"),
        ("5, todo genial", 5, "todo genial"),
        ("4 pero el desayuno flojo", 4, "pero el desayuno flojo"),
        ("1. Había ruido toda la noche", 1, "Había ruido toda la noche"),
        ("Puntuación: 2", 2, None),
        ("5 - ¡Volvería!", 5, "¡Volvería"),
        ("una estrella", 1, None),
    ],
)
def test_a_score(text: str, score: int, rest: str | None) -> None:
    assert score_of(text) == Score(score, rest)


@pytest.mark.parametrize(
    "text",
    [
        "2 personas",
        "somos 2",
        "dos noches",
        "una consulta",
        "una habitación",
        "2 toallas por favor",
        "12",
        "5.000 pesos",
        "5,5",
        "3:30",
        "5 de marzo",
        "0",
        "6",
        "10/5",
        "4 adultos y un menor",
        "hola",
        "",
        "⭐" * 6,
    ],
)
def test_no_score(text: str) -> None:
    assert score_of(text) is None
