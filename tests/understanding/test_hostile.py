"""Messages made to be slow to read: calls share the processor with whoever writes them."""

from __future__ import annotations

import time

import pytest

from relevo.adapters.understanding.embedded import MAX_READ, MAX_WORD, Embedded, readable
from relevo.bot.ports import ReadingContext
from tests.conftest import NOW

HOSTILE = {
    "one letter": "ñ" * 4_000,
    "one digit": "1" * 4_000,
    "days in a row": "1, " * 1_300,
    "days without blanks": "1," * 2_000,
    "weekdays": "lunes, " * 570,
    "dashes": "3-" * 2_000,
    "half an address": "a.b-" * 1_000,
    "spoken half": "a punto " * 500,
    "spoken addresses": "a arroba " * 450,
    "addresses": "a@b." * 1_000,
    "prices": "1.1." * 1_000,
    "blanks": "hola" + " " * 3_990 + "y",
    "lines": "\n" * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_effort_of_reading_is_bounded(engine: Embedded, name: str) -> None:
    began = time.thread_time()
    engine.read(HOSTILE[name], ReadingContext(NOW))
    # Processor time, several times what it takes; the longest of them took ten seconds before there were limits.
    assert time.thread_time() - began < 1


def test_ordinary_messages_are_read_as_they_are() -> None:
    written = "hola!\n\nquiero una doble  del 3 al 5, soy ana.perez@example.com.ar"
    assert readable(written) == written


def test_endless_words_blanks_and_texts_are_cut() -> None:
    assert readable("a" * 200 + " b") == "a" * MAX_WORD + " b"
    assert readable("a" + " " * 50 + "b" + " \n " * 50 + "c") == "a b\nc"
    assert len(readable("hola " * 2_000)) == MAX_READ


def test_a_spoken_address_is_found_wherever_it_is(engine: Embedded) -> None:
    for lead in ("", "buenas tardes " * 40, "una arroba pesa once kilos; " * 20):
        said = engine.read(f"{lead} mi mail es ana punto perez arroba gmail punto com gracias", ReadingContext(NOW))
        assert said.entities.email == "ana.perez@gmail.com"
