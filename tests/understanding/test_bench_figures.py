"""What the bench of understanding computes, on readings made up for it, and what its noise leaves of a sentence."""

from __future__ import annotations

import random

import pytest

from bench.noise import transcribed, typos, whatsapp
from bench.understanding import SETS, Read, accuracy, auroc, calibration_error, confusions, macro_f1, messages, recalls
from relevo.adapters.understanding.intents import OUT_OF_SCOPE
from relevo.bot.ports import Understanding


def read(intent: str, said: str, sure: float, outside: float = 0.0) -> Read:
    return Read(intent, Understanding("", said, sure, ((OUT_OF_SCOPE, outside),)))


def test_accuracy_recall_and_f1_of_two_intents() -> None:
    reads = [read("a", "a", 1.0), read("a", "b", 1.0), read("b", "b", 1.0), read("b", "b", 1.0)]
    assert accuracy(reads) == 0.75
    assert recalls(reads) == {"a": 0.5, "b": 1.0}
    assert macro_f1(reads) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert confusions(reads) == [("a > b", 1)]


def test_a_reject_class_that_ranks_at_random_has_half() -> None:
    inside = [read("a", "a", 0.6, outside) for outside in (0.1, 0.3)]
    assert auroc([*inside, read(OUT_OF_SCOPE, "a", 0.6, 0.2)]) == 0.5
    assert auroc([*inside, read(OUT_OF_SCOPE, OUT_OF_SCOPE, 0.9)]) == 1.0


def test_a_claim_is_held_against_what_is_right() -> None:
    sure = [read("a", "a", 0.9), read("a", "b", 0.9)]
    assert calibration_error(sure) == pytest.approx(0.4)
    assert calibration_error([read("a", "a", 1.0)]) == 0.0


@pytest.mark.parametrize("name", SETS)
def test_the_sets_cover_the_intents_and_hold_nothing_twice(name: str) -> None:
    pairs = messages(name)
    assert len({intent for intent, _ in pairs}) == 24
    texts = [text.casefold() for _, text in pairs]
    assert len(set(texts)) == len(texts)


def test_noise_is_that_of_its_dice_and_leaves_the_length() -> None:
    text = "Quiero reservar una habitación para mañana por la noche, por favor"
    noises = (
        lambda dice: typos(text, 0.12, dice),
        lambda dice: whatsapp(text, dice),
        lambda dice: transcribed(text, dice),
    )
    for noise in noises:
        first, again = noise(random.Random(4)), noise(random.Random(4))
        assert first == again != text
        assert 0.6 * len(text) < len(first) < 1.4 * len(text)
    assert typos(text, 0.0, random.Random(4)) == text
