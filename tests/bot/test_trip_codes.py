"""The code of a place on an excursion, as customers write it, and what only looks like one."""

from __future__ import annotations

import pytest

from relevo.bot.rules import trips


@pytest.mark.parametrize("text", ["EX-22ABC", "mi código es ex-abcde", "ex22abc", "(EX-7PQRS)"])
def test_a_code_is_read_with_and_without_its_hyphen(text: str) -> None:
    assert trips.code_in(text) is not None


@pytest.mark.parametrize("text", ["flor@example.com", "example", "www.example.com", "ex-a", "examen", "a@ex-ample.com"])
def test_an_address_or_a_word_is_none(text: str) -> None:
    assert trips.code_in(text) is None
