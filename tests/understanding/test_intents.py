"""The intent model: what its corpus must be, how well it reads unseen messages, and its cache."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from relevo.adapters.understanding.concepts import concepts
from relevo.adapters.understanding.folding import fold, mask, phonetic
from relevo.adapters.understanding.intents import OUT_OF_SCOPE, IntentModel, load_corpus
from relevo.adapters.understanding.spelling import Speller
from tests import trained

HELD_OUT = Path(__file__).parents[1] / "data" / "understanding" / "heldout.tsv"
HOTEL = {
    "check_availability",
    "get_prices",
    "make_reservation",
    "modify_reservation",
    "cancel_reservation",
    "ask_services",
    "ask_policies",
    "enviar_comprobante",
    "consulta_estado",
}
GENERAL = {
    "saludo",
    "despedida",
    "ayuda",
    "afirmar",
    "negar",
    "hablar_con_humano",
    "queja",
    "dar_datos",
    "agendar_cita",
    "cancelar_cita",
    "consultar_paquetes",
    "pagar_servicio",
    "consultar_historial",
    "consultar_horarios",
    "actualizar_perfil",
}
MINIMUM = {**dict.fromkeys(HOTEL, 300), **dict.fromkeys(GENERAL, 200), OUT_OF_SCOPE: 1000}

SMALL = [
    ("hola", "saludo"),
    ("hola buenas", "saludo"),
    ("chau", "despedida"),
    ("chau gracias", "despedida"),
]
"""Enough to fit; features seen once are left out, so each word comes twice."""

FLOOR = 0.885
TYPO_LOSS = 0.04
REJECT_FLOOR = 0.97


def held_out() -> list[tuple[str, str]]:
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(text, intent) for intent, text in pairs]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return trained.model()


def accuracy(model: IntentModel, pairs: list[tuple[str, str]]) -> float:
    return sum(model.predict(text)[0][0] == intent for text, intent in pairs) / len(pairs)


def with_typos(text: str, rate: float, dice: random.Random) -> str:
    def slips() -> Iterator[str]:
        for char in text:
            if not char.isalpha() or dice.random() >= rate:
                yield char
                continue
            kind = dice.choice(("drop", "double", "other"))
            if kind == "double":
                yield char * 2
            elif kind == "other":
                yield dice.choice("abcdefghijklmnopqrstuvwxyz")

    return "".join(slips())


def test_every_intent_has_its_minimum_of_examples() -> None:
    counts = Counter(intent for _, intent in load_corpus())
    assert set(counts) == set(MINIMUM)
    assert {intent: n for intent, n in counts.items() if n < MINIMUM[intent]} == {}


def test_no_message_is_twice_in_the_corpus() -> None:
    counts = Counter(fold(text) or text for text, _ in load_corpus())
    assert [text for text, times in counts.items() if times > 1] == []


def test_held_out_messages_are_not_in_the_corpus_and_cover_every_intent() -> None:
    known = {fold(text) or text for text, _ in load_corpus()}
    pairs = held_out()
    assert [text for text, _ in pairs if (fold(text) or text) in known] == []
    counts = Counter(intent for _, intent in pairs)
    assert set(counts) == set(MINIMUM)
    assert min(counts.values()) >= 15


def test_held_out_accuracy_keeps_its_floor(model: IntentModel) -> None:
    assert accuracy(model, held_out()) >= FLOOR


def test_typing_slips_cost_little(model: IntentModel) -> None:
    dice = random.Random(7)
    slipped = [(with_typos(text, 0.06, dice), intent) for text, intent in held_out()]
    assert accuracy(model, slipped) >= accuracy(model, held_out()) - TYPO_LOSS


def test_out_of_scope_messages_are_told_apart(model: IntentModel) -> None:
    chances = [(dict(model.predict(text))[OUT_OF_SCOPE], intent == OUT_OF_SCOPE) for text, intent in held_out()]
    outside = [chance for chance, is_outside in chances if is_outside]
    inside = [chance for chance, is_outside in chances if not is_outside]
    wins = sum((a > b) + (a == b) / 2 for a in outside for b in inside)
    assert wins / (len(outside) * len(inside)) >= REJECT_FLOOR


def test_probabilities_are_ordered_and_sum_to_one(model: IntentModel) -> None:
    guesses = model.predict("¿hay lugar para dos el 14 de febrero?")
    chances = [chance for _, chance in guesses]
    assert guesses[0][0] == "check_availability"
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1.0, abs=1e-5)
    assert {intent for intent, _ in guesses} == set(MINIMUM)


def test_confidence_is_honest_on_unseen_messages(model: IntentModel) -> None:
    pairs = held_out()
    first = [(model.predict(text)[0], intent) for text, intent in pairs]
    claimed = sum(chance for (_, chance), _ in first) / len(pairs)
    right = sum(guess == intent for (guess, _), intent in first) / len(pairs)
    assert abs(claimed - right) < 0.07


@pytest.mark.parametrize(
    ("text", "expecting", "intent"),
    [
        ("sí", "confirmation", "afirmar"),
        ("no", "confirmation", "negar"),
        ("2", "guests", "dar_datos"),
        ("Juan Pérez", "guest_name", "dar_datos"),
        ("mejor la triple", "room_type", "dar_datos"),
        ("quiero cancelar mi reserva", "dates", "cancel_reservation"),
        ("¿aceptan mascotas?", "guests", "ask_policies"),
    ],
)
def test_what_the_bot_asked_helps_but_does_not_rule(model: IntentModel, text: str, expecting: str, intent: str) -> None:
    assert model.predict(text, expecting)[0][0] == intent


def test_an_expected_answer_gains_probability(model: IntentModel) -> None:
    unasked = dict(model.predict("el viernes"))["dar_datos"]
    assert dict(model.predict("el viernes", "dates"))["dar_datos"] > unasked


@pytest.mark.parametrize("text", ["", "   ", "¿?", "😀", "a" * 5000, "\x00\n\t", "ñ" * 900])
def test_any_text_gets_an_answer(model: IntentModel, text: str) -> None:
    assert len(model.predict(text)) == len(MINIMUM)


def test_an_unknown_state_is_read_as_nothing(model: IntentModel) -> None:
    assert model.predict("hola", "weather") == model.predict("hola")


def test_cache_gives_the_same_answers_back(tmp_path: Path) -> None:
    some = load_corpus()[::12]
    first, again = (IntentModel.cached(tmp_path, some) for _ in range(2))
    assert again.predict("cuanto sale la noche?") == first.predict("cuanto sale la noche?")
    assert [path.suffix for path in tmp_path.iterdir()] == [".joblib"]


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped"])
def test_a_damaged_cache_is_refitted_and_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr("relevo.adapters.understanding.intents.load_corpus", lambda: SMALL)
    IntentModel.cached(tmp_path)
    (path,) = tmp_path.iterdir()
    sound = path.read_bytes()
    flipped = sound[:-1] + bytes([sound[-1] ^ 1])
    path.write_bytes({"empty": b"", "cut": sound[: len(sound) // 2], "flipped": flipped}[damage])
    assert IntentModel.cached(tmp_path).predict("hola")[0][0] == "saludo"
    assert path.read_bytes() == sound


def test_a_place_that_cannot_be_written_costs_only_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relevo.adapters.understanding.intents.load_corpus", lambda: SMALL)
    occupied = tmp_path / "file"
    occupied.write_text("")
    assert IntentModel.cached(occupied).predict("hola")[0][0] == "saludo"


def test_a_changed_corpus_is_another_cache_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for greeting in ("hola", "buen día"):
        pairs = [(greeting, "saludo"), ("chau", "despedida")]
        monkeypatch.setattr("relevo.adapters.understanding.intents.load_corpus", lambda pairs=pairs: pairs)
        IntentModel.cached(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_fit_is_deterministic() -> None:
    pairs = load_corpus()[::12]
    first, second = IntentModel().fit(pairs), IntentModel().fit(pairs)
    assert first.predict("tienen pileta?") == second.predict("tienen pileta?")


def test_one_intent_is_not_enough() -> None:
    with pytest.raises(ValueError, match="two intents"):
        IntentModel().fit([("hola", "saludo")])


def test_an_unfitted_model_refuses() -> None:
    with pytest.raises(RuntimeError):
        IntentModel().predict("hola")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hoooola, ¿cómo estás?", "hola como estas ?"),
        ("SIIII", "si"),
        ("xfa tmb kiero una hab dbl", "por favor tambien quiero una habitacion doble"),
        ("el finde dsp vemos", "el fin de semana despues vemos"),
        ("mañana", "manana"),
        ("mñn", "manana"),
        ("jajajaja", "jaja"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("del 3 al 8 de enero", "del __num__ al __fecha__"),
        ("15/2", "__fecha__"),
        ("el viernes 14 de marzo", "el __fecha__"),
        ("somos cuatro", "somos __num__"),
        ("a las 14:30", "a las __hora__"),
        ("me llamo Lucía Fernández", "me llamo __nombre__"),
        ("a nombre de Nahuel Ibarra", "a nombre de __nombre__"),
        ("transferí $50.000", "transferi __monto__"),
        ("ana.ruiz@mail.com", "__contacto__"),
        ("11 4567 8901", "__contacto__"),
        ("reserva HX2231", "reserva __codigo__"),
        ("la triple", "la __tipo__"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(fold(text)) == masked


def test_a_slip_in_a_known_word_is_repaired_and_a_known_word_left_alone() -> None:
    speller = Speller(["reserva", "reserva", "habitacion", "habitacion", "casa", "caza"])
    assert speller.repair("la resreva de la habitacon") == "la reserva de la habitacion"
    assert speller.repair("una abitasion") == "una habitacion"
    assert speller.repair("rezerba") == "reserva"
    assert speller.repair("una habitudes") == "una habitudes"
    assert speller.repair("casa caza xyz __fecha__") == "casa caza xyz __fecha__"
    assert speller.repair("reservado") == "reservado"


def test_a_word_of_a_family_stands_for_it() -> None:
    assert "pileta" in concepts("hay alberca ?")
    assert "mascota" in concepts("mis perritos")
    assert "mascota&pileta" in concepts("perro en la piscina")


@pytest.mark.parametrize(
    ("one", "other"),
    [("reserva", "reserba"), ("habitacion", "abitasion"), ("quiero", "kiero"), ("llega", "yega"), ("gente", "jente")],
)
def test_words_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert phonetic(one) == phonetic(other)
