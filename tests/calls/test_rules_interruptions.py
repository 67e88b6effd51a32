"""Fall silent at once, find out, then go on or give way."""

from __future__ import annotations

import pytest

from relevo.calls.rules.interruptions import Interruptions, Nearness, Verdict, asked

VOICE, QUIET = 0.95, 0.02


def hear(rule: Interruptions, *parts: tuple[float, int], ours: bool = True) -> list[tuple[int, Verdict]]:
    """Feed (probability, ms) stretches; answers the verdicts with the moment (ms) they came."""
    heard, at = [], 0
    for probability, ms in parts:
        for _ in range(ms // 32):
            at += 32
            verdict = rule.hear(probability, ours=ours)
            if verdict is not None:
                heard.append((at, verdict))
    return heard


def test_a_voice_silences_our_side_within_an_eighth_of_a_second() -> None:
    assert hear(Interruptions(), (QUIET, 320), (VOICE, 640)) == [(320 + 128, Verdict.HOLD)]


def test_nobody_is_held_who_does_not_speak() -> None:
    assert hear(Interruptions(), (VOICE, 640), ours=False) == []


def test_our_side_begins_while_they_speak() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), ours=False)
    assert hear(rule, (VOICE, 32)) == [(32, Verdict.HOLD)]


@pytest.mark.parametrize("ms", [32, 64, 96])
def test_a_click_does_not_even_hold(ms: int) -> None:
    assert hear(Interruptions(), (VOICE, ms), (QUIET, 96), (VOICE, ms), (QUIET, 960)) == []


def test_a_cough_is_over_before_any_word_is_known() -> None:
    assert hear(Interruptions(), (VOICE, 160), (QUIET, 640)) == [(128, Verdict.HOLD), (160 + 192, Verdict.GO_ON)]


@pytest.mark.parametrize("text", ["Ajá.", "Sí, claro.", "ok", "", "La llamada se graba y queda."])
def test_a_nod_and_an_echo_let_our_side_go_on(text: str) -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), (QUIET, 160))
    assert rule.words(text, said="Hola. La llamada se graba y queda guardada.") is Verdict.GO_ON
    assert not rule.held
    assert rule.open
    assert rule.over() is None


@pytest.mark.parametrize("text", ["No", "Pará", "Espere un momento", "Sí, pero para tres", "¿Cuánto sale?"])
def test_who_says_something_has_the_word(text: str) -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), (QUIET, 160))
    assert rule.words(text) is Verdict.GIVE_WAY
    assert not rule.open


def test_a_yes_at_the_end_of_a_question_is_an_answer() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), (QUIET, 160))
    assert rule.words("Sí", asked=True) is Verdict.GIVE_WAY
    assert asked("¿Quiere reservar?", 700)
    assert not asked("¿Quiere reservar?", 1_500)
    assert not asked("Incluye desayuno.", 300)


def test_a_nod_that_grows_into_a_sentence_is_one() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), (QUIET, 160))
    assert rule.words("Sí") is Verdict.GO_ON
    assert hear(rule, (QUIET, 96), (VOICE, 320)) == [(96 + 128, Verdict.HOLD)]
    assert rule.words("Sí, quiero la doble") is Verdict.GIVE_WAY


def test_when_the_words_take_long_our_side_goes_on_and_may_be_silenced_by_them_later() -> None:
    rule = Interruptions()
    assert hear(rule, (VOICE, 320), (QUIET, 960)) == [(128, Verdict.HOLD), (320 + 640, Verdict.GO_ON)]
    assert rule.words("No") is Verdict.GIVE_WAY


def test_a_long_sentence_is_waited_for() -> None:
    rule = Interruptions()
    assert hear(rule, (VOICE, 1_600), (QUIET, 1_600)) == [(128, Verdict.HOLD)]
    assert rule.words("quiero otra fecha") is Verdict.GIVE_WAY


def test_made_up_words_in_a_short_noise_are_not_believed() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 320), (QUIET, 160))
    assert rule.words("Gracias por ver el video", confidence=0.2) is Verdict.GO_ON


def test_a_turn_that_is_over_leaves_nobody_silent() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 1_600))
    assert rule.over() is Verdict.GO_ON
    assert rule.words("no") is None
    assert hear(rule, (VOICE, 128)) == [(128, Verdict.HOLD)]


def test_a_television_is_not_the_customer() -> None:
    near = Nearness()
    assert near.believed(0.9, 0.01, speaking=False) == 0.9
    for _ in range(20):
        near.learn(0.95, 0.1)
    assert near.usual_db == pytest.approx(-20, abs=0.5)
    assert near.believed(0.9, 0.1, speaking=False) == 0.9
    assert near.believed(0.9, 0.02, speaking=False) == 0.9
    assert near.believed(0.9, 0.015, speaking=False, ours=True) == 0.0
    assert near.believed(0.9, 0.015, speaking=True, ours=True) == 0.9
    assert near.believed(0.9, 0.012, speaking=False) == 0.0
    assert near.believed(0.9, 0.012, speaking=True) == 0.9
    assert near.believed(0.9, 0.012, speaking=True, ours=True) == 0.0
    assert near.believed(0.9, 0.005, speaking=True) == 0.0
    assert near.theirs(0.08)
    assert not near.theirs(0.06)
    assert near.believed(0.1, 0.005, speaking=True) == 0.1


def test_who_speaks_as_loud_as_ever_is_sure_sooner() -> None:
    near, rule = Nearness(), Interruptions()
    assert not near.loud(0.99, 0.1)
    near.learn(0.95, 0.1)
    assert near.loud(0.99, 0.05)
    assert not near.loud(0.99, 0.015)
    assert not near.loud(0.5, 0.1)
    assert rule.hear(VOICE, ours=True, speaking=False, loud=True) is None
    assert rule.hear(VOICE, ours=True, speaking=False, loud=True) is Verdict.HOLD
    assert [rule.hear(QUIET, ours=True, speaking=False) for _ in range(6)][-1] is Verdict.GO_ON


def test_where_it_is_noisy_only_words_silence_our_side() -> None:
    rule = Interruptions()
    for _ in range(2):
        assert hear(rule, (VOICE, 960))[0][1] is Verdict.HOLD
        assert rule.words("") is Verdict.GO_ON
        rule.over()
    assert rule.wary
    assert hear(rule, (VOICE, 960)) == []
    assert rule.words("") is None
    assert rule.words("quiero otra fecha") is Verdict.GIVE_WAY
    assert not rule.wary


def test_a_nod_shows_that_somebody_is_there() -> None:
    rule = Interruptions()
    for _ in range(3):
        assert hear(rule, (VOICE, 320), (QUIET, 96))[0][1] is Verdict.HOLD
        assert rule.words("ajá") is Verdict.GO_ON
        rule.over()
    assert not rule.wary


def test_silence_is_nobody_however_sure_the_detector_is() -> None:
    assert Nearness().believed(0.99, 0.001, speaking=False) == 0.0


def test_a_customer_who_comes_nearer_is_known_at_once() -> None:
    near = Nearness()
    near.learn(0.95, 0.01)
    for _ in range(20):
        near.learn(0.95, 0.1)
    assert near.usual_db == pytest.approx(-20, abs=0.5)
    for _ in range(5):
        near.learn(0.95, 0.05)
    assert near.usual_db > -21
    near.learn(0.5, 1.0)
    assert near.usual_db < -19


def test_who_surely_spoke_is_asked_what_they_said() -> None:
    rule = Interruptions()
    for _ in range(30):
        rule.hear(VOICE, ours=True, loud=True)
    assert rule.words("") is Verdict.GIVE_WAY
    rule.over()
    for _ in range(10):
        rule.hear(VOICE, ours=True, loud=True)
    assert rule.words("") is Verdict.GO_ON


def test_words_that_are_not_loud_enough_are_somebody_elses() -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 1_280))
    assert rule.words("mañana lloverá en todo el país", theirs=False) is Verdict.GO_ON


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("Ajázlaro.", 0.6, Verdict.GO_ON), ("Vueno.", 0.6, Verdict.GO_ON), ("Perfect.", 0.5, Verdict.GO_ON),
        ("¡Daca!", 0.41, Verdict.GO_ON), ("Disculpe.", 0.41, Verdict.GIVE_WAY), ("No.", 0.35, Verdict.GIVE_WAY),
        ("El desayuno.", 0.7, Verdict.GIVE_WAY),
    ],
)  # fmt: skip
def test_a_short_sound_that_was_misheard(text: str, confidence: float, expected: Verdict) -> None:
    rule = Interruptions()
    hear(rule, (VOICE, 480))
    assert rule.words(text, confidence=confidence) is expected
