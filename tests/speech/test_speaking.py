from __future__ import annotations

import numpy as np
import pytest

from relevo.adapters.speech.speaking import pause, sentences, trimmed

RATE = 16_000


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hola. ¿Querés reservar?", ["Hola.", "Querés reservar?"]),
        ("Son tres noches: del 4 al 7", ["Son tres noches:", "del 4 al 7"]),
        ("Una línea\notra línea\n\n", ["Una línea", "otra línea"]),
        ("ciento treinta y seis mil pesos", ["ciento treinta y seis mil pesos"]),
        ("«Sí» dijo. *Negrita* y #más", ["Sí dijo.", "Negrita y más"]),
        ("¿?", []),
        ("", []),
    ],
)
def test_a_text_in_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_longer_after_a_full_stop_than_after_a_comma() -> None:
    assert pause("Hola.") > pause("hola,") > pause("hola") > 0


def tone(seconds: float, level: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return (np.sin(np.arange(int(seconds * RATE)) * 0.2) * level).astype(np.int16)


def test_silence_of_the_engine_goes_and_ours_comes() -> None:
    said = np.concatenate([tone(0.7, 20), tone(1, 9_000), tone(0.5, 90)])
    left = trimmed(said, RATE, pause_seconds=0.2)
    assert len(left) / RATE == pytest.approx(1.26, abs=0.03)
    assert not left[-int(0.2 * RATE) :].any()


@pytest.mark.parametrize("samples", [0, 5, 8_000])
def test_silence_alone_is_nothing(samples: int) -> None:
    assert len(trimmed(np.zeros(samples, np.int16), RATE, pause_seconds=0.2)) == 0
