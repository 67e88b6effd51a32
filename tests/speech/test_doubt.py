from __future__ import annotations

import numpy as np
import pytest

from relevo.adapters.speech.doubt import collapsed, loops, made_up
from relevo.adapters.speech.whisper import with_lead
from relevo.calls.ports import SPEECH_RATE

PHONE = "Mi teléfono es 11-5-5-3-2-48-91"


@pytest.mark.parametrize(
    ("text", "once"),
    [
        (f"{PHONE} {PHONE} Mi teléfono es", PHONE),
        ("¿Cuánto es la tarifa para tres? ¿Cuanto es la tarifa", "¿Cuánto es la tarifa para tres?"),
        ("Quiero una doble. Quiero una doble.", "Quiero una doble."),
        ("no, no, no, no, no, no, no", "no"),
        ("que si que si que si que si que si", "que si"),
    ],
)
def test_going_round_in_circles_is_noticed_and_cut(text: str, once: str) -> None:
    assert loops(text)
    assert collapsed(text) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no, no, no",
        "sí, dale, sí, dale",
        "11 11 11 11 11 11",
        "quiero una habitación para dos personas y otra para dos personas más",
        "del cinco al ocho, no, mejor del cinco al nueve",
        "una doble para el lunes y una doble para el martes",
    ],
)
def test_what_people_do_repeat_is_left_alone(text: str) -> None:
    assert not loops(text)
    assert collapsed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Subtítulos realizados por la comunidad de Amara.org",
        "¡Suscríbete al canal!",
        "Gracias por ver el video.",
        "¡Hasta la próxima!",
        "Nos vemos en el próximo video.",
        "[Música]",
        "♪ música ♪",
        "Más información www.alimmenta.com",
        "...",
        "",
    ],
)
def test_subtitles_are_not_speech(text: str) -> None:
    assert made_up(text, 0.9, 0.0)


@pytest.mark.parametrize("text", ["Gracias.", "Sí.", "Sí, dale, confirmá la reserva.", "¿Hay música en vivo?", "4"])
def test_what_guests_say_is_believed(text: str) -> None:
    assert not made_up(text, 0.6, 0.1)


def test_a_doubtful_model_is_believed_only_where_there_was_speech() -> None:
    assert made_up("hola", 0.29, 0.0)
    assert made_up("hola", 0.44, 0.7)
    assert not made_up("hola", 0.44, 0.3)
    assert not made_up("hola", 0.6, 0.7)


def test_a_cut_beginning_gets_some_silence_in_front() -> None:
    voice = np.random.default_rng(0).normal(0, 0.1, SPEECH_RATE).astype(np.float32)
    assert len(with_lead(voice)) == len(voice) + SPEECH_RATE // 5
    quiet = np.concatenate([np.zeros(SPEECH_RATE // 5, np.float32), voice])
    assert with_lead(quiet) is quiet
    assert len(with_lead(np.zeros(SPEECH_RATE, np.float32))) >= SPEECH_RATE
