"""Teaching for real: a process of its own learns, sits the exam, and leaves a model that every process can take up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from relevo.adapters.understanding.embedded import Embedded
from relevo.adapters.understanding.intents import IntentModel, load_corpus
from relevo.adapters.understanding.lesson import TIMES, curriculum, exam_of, exam_paper, learn
from relevo.adapters.understanding.retraining import Retraining
from relevo.bot.ports import Learned
from relevo.bot.rules.teaching import refusal
from relevo.kit.errors import NotReady

INTENTS = ("get_prices", "queja", "ask_services", "despedida")
CORPUS = [
    each for intent in INTENTS for each in [(text, found) for text, found in load_corpus() if found == intent][:40]
]
SLANG = "tirame la posta de cuantas lucas es el bulo"


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel().fit(CORPUS)


@pytest.fixture
def embedded(model: IntentModel) -> Embedded:
    return Embedded(model=model)


async def test_what_is_taught_is_learned_elsewhere_and_taken_up_by_everybody(
    embedded: Embedded, model: IntentModel, tmp_path: Path
) -> None:
    pupil = Retraining(embedded, tmp_path, corpus=CORPUS)
    steps: list[str] = []
    turns = 0

    async def told(step: str) -> None:
        steps.append(step)

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    beside = asyncio.create_task(others())
    taught = [(SLANG, "get_prices")]
    learned = await pupil.study(taught, [], told)
    beside.cancel()
    assert steps == ["before", "after", "learning", "checking"]
    assert turns > 20
    assert (learned.before.asked, learned.after.asked) == (40, 40)
    assert (learned.taught, learned.missed) == (1, ())
    assert refusal(learned) is None
    assert embedded.model is model
    other = Embedded(model=model)
    for each in (pupil, Retraining(other, tmp_path, corpus=CORPUS)):
        await each.use(taught)
    assert embedded.model.predict(SLANG)[0][0] == other.model.predict(SLANG)[0][0] == "get_prices"
    await pupil.use([])
    assert embedded.model is model


def test_who_says_otherwise_than_everybody_is_refused(tmp_path: Path) -> None:
    prices = [text for text, intent in load_corpus() if intent == "get_prices"]
    found = learn([(text, "queja") for text in prices[40:160]], [], tmp_path, lambda _step: None, CORPUS)
    before, after = exam_of(found["before"]), exam_of(found["after"])
    assert after.shares["get_prices"] < before.shares["get_prices"]
    assert refusal(Learned(before, after, 120, 0, (), 0.0)) is not None


async def test_a_lesson_that_breaks_changes_nothing(
    embedded: Embedded, model: IntentModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil = Retraining(embedded, tmp_path, corpus=CORPUS)
    monkeypatch.setattr("relevo.adapters.understanding.retraining.sys.executable", "/bin/false")
    with pytest.raises(NotReady, match="training_stopped"):
        await pupil.use([(SLANG, "get_prices")])
    assert embedded.model is model


def test_staff_outweigh_the_corpus_and_the_exam_asks_nothing_they_taught() -> None:
    corpus = [(f"frase numero {number} de prueba", "queja") for number in range(8)] + [("¿cuánto sale?", "queja")]
    learned = curriculum(corpus, [("CUANTO SALE", "get_prices")])
    assert [intent for text, intent in learned if "sale" in text.lower()] == ["get_prices"] * TIMES
    paper, asked = exam_paper(corpus, ["cuanto sale"])
    assert len(paper) + len(asked) == len(corpus)
    assert asked == [corpus[3], corpus[7]]


def test_names_are_told_from_words(embedded: Embedded, tmp_path: Path) -> None:
    pupil = Retraining(embedded, tmp_path)
    assert pupil.is_name("Martín") is True
    assert pupil.is_name("habitación") is False
    assert pupil.is_name("diciembre") is False
    assert pupil.is_name("Xochiquetzal") is None
    text, intent = load_corpus()[0]
    assert pupil.known(text.upper()) == intent
