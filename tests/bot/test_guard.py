from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from talking import NOW, ZONE, Talk, pesos

from relevo.bot.rules.guard import facts, invented
from relevo.texts import Texts

TEXTS = Texts("es_AR")
KNOWN = facts(
    pesos(136_000), pesos(68_000), date(2026, 12, 11), date(2026, 12, 13), NOW, 2, "RL-4K7Q2", "Juan Pérez",
    "juan@ejemplo.com", "Doble", zone=ZONE,
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Del viernes 11 al domingo 13 de diciembre, Doble para 2 personas: $ 68.000/noche. Total $ 136.000.",
        "El total es $136.000,00 por las dos noches.",
        "Código RL-4K7Q2, a nombre de Juan Pérez (juan@ejemplo.com).",
        "Hasta las 09:00 del 11/12.",
        "Llegada el 2026-12-11.",
        "1) Doble\n2) Doble",
    ],
)
def test_facts_pass(text: str) -> None:
    assert invented(text, KNOWN, TEXTS) == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Total $ 135.000.", "$ 135.000"),
        ("Te lo dejo en 1.000 pesos", "1.000 pesos"),
        ("Total $ 136.000,50", "$ 136.000,50"),
        ("Del viernes 11 al lunes 14 de diciembre", "14 de diciembre"),
        ("El sábado 11 de diciembre", "sabado 11"),
        ("El 11 de enero", "11 de enero"),
        ("En enero", "enero"),
        ("El 12/12", "12/12"),
        ("El 2026-12-12", "2026-12-12"),
        ("Hasta las 10:30", "10:30"),
        ("Código RL-4K7Q3", "RL-4K7Q3"),
        ("Escribinos a otro@ejemplo.com", "otro@ejemplo.com"),
        ("Somos 7", "7"),
        ("Son cinco noches", "cinco"),
        ("Queda a nombre de Ricardo Gómez", "Ricardo"),
    ],
)
def test_inventions_are_found(text: str, wrong: str) -> None:
    assert wrong in invented(text, KNOWN, TEXTS)


def test_a_number_is_no_amount() -> None:
    assert invented("Son $ 2", KNOWN, TEXTS)


def test_a_booking_allows_all_that_is_in_it(talk: Talk) -> None:
    days = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}
    talk.says("", "check_availability", guests=2, room_type="doble", **days)
    talk.says("", "afirmar")
    assert talk.hold is not None
    known = facts(talk.hold, talk.business, zone=ZONE)
    said = (
        "Código RL-4K7Q2, Doble del viernes 11 al domingo 13 de diciembre, total $ 136.000, seña $ 40.800 hasta 09:20."
    )
    assert invented(said, known, TEXTS) == ()
    cheaper = facts(replace(talk.hold, total=pesos(1)), zone=ZONE)
    assert "$ 136.000" in invented(said, cheaper, TEXTS)


def test_facts_add_up() -> None:
    both = facts(pesos(1), zone=ZONE) | facts("Ana", zone=ZONE)
    assert both.amounts == {100}
    assert both.words == {"ana"}
