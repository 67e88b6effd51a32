"""What may be kept of a message, when a training is refused, what a threshold means, and what settings may be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relevo.bookings.rules import Business
from relevo.bot.ports import Exam, Expecting, Learned, Understanding
from relevo.bot.rules.dialogue import Dialogue, Option, Question
from relevo.bot.rules.knowledge import HOUSE, Knowledge, TopicEdit, knowledge_of
from relevo.bot.rules.masking import masked
from relevo.bot.rules.orchestrate import meant
from relevo.bot.rules.steps import Scene
from relevo.bot.rules.teaching import curve, example_key, refusal, says_something
from relevo.bot.rules.tuning import Bands, Manner, checked_settings, checked_topic, manner_of
from relevo.kit.errors import Invalid
from relevo.texts import Texts

NAMES = {"martin", "maria", "juan", "lucia"}
KNOWN = (
    "hola soy mi es el la los de del al por favor quiero quiere reservar saber si aceptan a nombre que para habitacion"
    " doble tel mail dni alias ya pago pagar mercado"
)
WORDS = frozenset(KNOWN.split())


def is_name(word: str) -> bool | None:
    plain = word.lower().translate(str.maketrans("áéíóú", "aeiou"))
    return True if plain in NAMES else False if plain in WORDS else None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hola soy Martín Gómez", "Hola soy Ana"),
        ("a nombre de María de la Cruz Fernández por favor", "a nombre de Ana por favor"),
        ("juan perez quiere saber", "Ana quiere saber"),
        ("quiero saber si Xóchitl ya pagó", "quiero saber si Ana ya pagó"),
        ("Xóchitl", "Ana"),
        ("mi mail es pepe.lopez@gmail.com", "mi mail es correo@ejemplo.com"),
        ("mi mail es pepe arroba gmail punto com", "mi mail es correo@ejemplo.com"),
        ("mi tel es +54 9 11 4567-8901", "mi tel es 11 5555 0000"),
        ("DNI 30.123.456", "DNI 11 5555 0000"),
        ("mi reserva es RL-AB3K9", "mi reserva es RL-00000"),
        ("alias perro.gato.casa", "alias cuenta.de.ejemplo"),
        ("https://fotos.example/yo.jpg", "https://ejemplo.com"),
        ("del 12/12/2026 al 15/12, habitacion doble para 2 a $45.000", None),
        ("del 2026-12-11 al 2026-12-13", None),
        ("¿aceptan Mercado Pago?", None),
    ],
)
def test_what_says_whose_it_was_goes_and_the_rest_stays(said: str, kept: str | None) -> None:
    found = masked(said, is_name, [])
    assert found == (said if kept is None else kept)
    assert masked(found, is_name, []) == found


def test_names_that_are_known_go_however_they_are_written() -> None:
    assert masked("hola soy wilfredo, quiero pagar", lambda _word: False, ["Wilfredo de los Ríos"]) == (
        "hola soy Ana, quiero pagar"
    )


def test_the_same_words_are_the_same_example() -> None:
    assert example_key("¿Me PASÁS la clave?") == example_key("me pasas la clave")
    assert example_key("me pasas la clave") != example_key("me pasas la llave")
    assert not says_something("?? 12")


def exam(**right: int) -> Exam:
    return Exam(100 * len(right), sum(right.values()), {intent: (100, each) for intent, each in right.items()})


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (exam(queja=90, saludo=90), exam(queja=90, saludo=90), None),
        (exam(queja=90, saludo=90), exam(queja=88, saludo=89), None),
        (exam(queja=90, saludo=90), exam(queja=86, saludo=88), "worse"),
        (exam(queja=90, saludo=80), exam(queja=70, saludo=99), "worse:queja"),
        (Exam(40, 40, {"queja": (40, 40)}), Exam(40, 38, {"queja": (40, 38)}), None),
    ],
)
def test_a_training_is_refused_when_it_got_clearly_worse(before: Exam, after: Exam, why: str | None) -> None:
    assert refusal(Learned(before, after, 1, 0, (), 1.0)) == why


def test_a_higher_threshold_acts_less_and_is_right_more_often() -> None:
    points = curve([0.3, 0.5, 0.7, 0.9])
    assert [(each.threshold, each.acted, each.right) for each in points if each.threshold in (0.2, 0.6)] == [
        (0.2, 1.0, 0.6),
        (0.6, 0.5, 0.8),
    ]
    assert curve([0.1])[0].right is None
    assert curve([])[0].acted == 0


def test_settings_stay_within_sane_limits() -> None:
    good = {"act": 0.55, "guess": 0.3, "locale": "es", "vip_words": [" Embajada  X ", "Embajada X"]}
    stored = checked_settings(**good, locales=["es", "es_AR"])  # type: ignore[arg-type]
    assert stored["vip_words"] == ["Embajada X"]
    assert manner_of(stored, {}) == Manner(Bands(0.55, 0.3), "es", ("Embajada X",), {})
    assert manner_of({}, {}).bands == Bands()
    for bad in ({"act": 0.24}, {"act": 0.81}, {"guess": 0.56}, {"guess": 0.05}, {"locale": "fr"}):
        with pytest.raises(Invalid):
            checked_settings(**{**good, **bad}, locales=["es"])  # type: ignore[arg-type]


def test_a_topic_is_rewritten_switched_off_and_added(business: Business, knowledge: Knowledge) -> None:
    key = next(iter(knowledge.topics))
    edits = {
        key: TopicEdit(on=False),
        "luna": TopicEdit("Se ve desde {name}.", ("luna llena",)),
        "nada": TopicEdit("Sin {nothing}"),
    }
    with pytest.raises(Invalid):
        checked_topic("nada", edits["nada"], facts=["name"], known=[])
    edited = knowledge_of(business, edits={name: edits[name] for name in (key, "luna")}).topics
    assert key not in edited
    assert (edited["luna"].text, edited["luna"].source) == (f"Se ve desde {business.name}.", HOUSE)
    assert knowledge_of(business, edits={}).topics == knowledge.topics


@pytest.mark.parametrize(
    ("key", "said", "intent"),
    [
        ("bot.ask.did_you_mean", "Precios", "get_prices"),
        ("bot.ask.did_you_mean", "2", "get_prices"),
        ("bot.ask.did_you_mean", "otra cosa", None),
        ("bot.ask.did_you_mean", "Hablar con una persona", None),
        ("bot.ask.menu", "Precios", None),
    ],
)
def test_what_a_customer_picks_says_what_they_had_meant(
    business: Business, knowledge: Knowledge, key: str, said: str, intent: str | None
) -> None:
    options = (Option("Disponibilidad", "check_availability"), Option("Precios", "get_prices"))
    asked = Dialogue(question=Question(key, Expecting.MENU, (), options))
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    heard = Understanding(said, "saludo", 0.3)
    assert meant(Scene(heard, asked, business, knowledge, Texts("es"), now)) == intent
