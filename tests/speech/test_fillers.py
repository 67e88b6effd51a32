from __future__ import annotations

import pytest

from relevo.adapters.speech.fillers import cleaned


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("Eh, quería, este, reservar una una habitación doble.", "Quería reservar una habitación doble."),
        ("Hola, este, ¿tienen cochera?", "Hola, ¿tienen cochera?"),
        ("¿Eh, aceptan mascotas?", "¿Aceptan mascotas?"),
        ("Ehm, sí, este... el viernes 5.", "Sí, el viernes 5."),
        ("Quería… quería reservar para para dos.", "Quería reservar para dos."),
        ("Mi teléfono es 11 5555, eh, 4444.", "Mi teléfono es 11 5555 4444."),
        ("Mmm. No sé.", "No sé."),
        ("Hola, eh, buenas tardes, eh, quería una doble.", "Hola, buenas tardes, quería una doble."),
        ("Bueno, eeeh, dos noches, mmm, o tres.", "Bueno, dos noches o tres."),
        ("Uh, I want, um, a room.", "I want a room."),
        ("Eh.", ""),
        ("Mmm...", ""),
        ("", ""),
    ],
)
def test_hesitation_goes(heard: str, kept: str) -> None:
    assert cleaned(heard) == kept


@pytest.mark.parametrize(
    "meant",
    [
        "Para este viernes, por favor.",
        "¿Este, el de arriba, o el otro?",
        "No, no, gracias.",
        "Sí, sí, dale.",
        "Mi teléfono es 11 11 5555.",
        "Once once, doble cinco.",
        "La doble, la superior.",
        "Ella es Em García.",
        "Quiero ver el mar.",
        "Ah, sí, claro.",
        "¡Hola! ¿Cómo están?",
    ],
)
def test_what_may_mean_something_stays(meant: str) -> None:
    assert cleaned(meant) == meant


def test_cleaning_twice_changes_nothing_more() -> None:
    once = cleaned("Eh, este, quería, mmm, una una doble, eh, para, este, dos.")
    assert cleaned(once) == once == "Quería una doble para dos."
