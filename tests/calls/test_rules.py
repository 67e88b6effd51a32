"""Turn taking, patience, clauses and the order of a call's states."""

from __future__ import annotations

import pytest

from relevo.calls.rules import (
    CallStatus,
    Nudge,
    Patience,
    Signal,
    TurnTaking,
    clauses,
    is_backchannel,
    is_echo,
    looks_finished,
    moves_forward,
)

SPEECH, QUIET, DOUBT = 0.9, 0.05, 0.42


def hear(turns: TurnTaking, *parts: tuple[float, int]) -> list[tuple[int, Signal]]:
    """Feed (probability, ms) stretches; answers the signals with the moment (ms) they came."""
    heard, at = [], 0
    for probability, ms in parts:
        for _ in range(ms // 32):
            at += 32
            signal = turns.hear(probability)
            if signal is not None:
                heard.append((at, signal))
    return heard


def test_speech_begins_within_a_tenth_of_a_second() -> None:
    assert hear(TurnTaking(), (QUIET, 320), (SPEECH, 320)) == [(416, Signal.STARTED)]


def test_a_click_is_not_speech() -> None:
    assert hear(TurnTaking(), (SPEECH, 64), (QUIET, 320), (SPEECH, 64), (QUIET, 320)) == []


def test_a_stutter_is_speech() -> None:
    assert hear(TurnTaking(), (SPEECH, 64), (QUIET, 32), (SPEECH, 64))[0][1] is Signal.STARTED


def test_a_pause_begins_recognition_and_speech_that_goes_on_takes_it_back() -> None:
    signals = hear(TurnTaking(), (SPEECH, 640), (QUIET, 192), (SPEECH, 320), (QUIET, 192))
    assert [signal for _, signal in signals] == [Signal.STARTED, Signal.PAUSED, Signal.RESUMED, Signal.PAUSED]


def test_who_stays_quiet_is_worth_a_second_look() -> None:
    assert hear(TurnTaking(), (SPEECH, 640), (QUIET, 512))[1:] == [(800, Signal.PAUSED), (864, Signal.QUIET)]


def test_a_click_in_a_pause_costs_neither_the_words_nor_the_time() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 192))
    assert turns.judge(enough_ms=320) is None
    assert hear(turns, (SPEECH, 32), (QUIET, 320)) == [(64, Signal.QUIET), (128, Signal.ENDED)]


def test_a_turn_does_not_end_in_the_middle_of_a_click_that_may_be_a_word() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 288))
    assert turns.judge(enough_ms=320) is None
    assert hear(turns, (SPEECH, 96))[0] == (64, Signal.RESUMED)


def test_without_a_verdict_a_turn_ends_after_almost_a_second() -> None:
    signals = hear(TurnTaking(), (SPEECH, 640), (QUIET, 1_600))
    assert signals[-1] == (640 + 960, Signal.ENDED)


def test_a_finished_sentence_ends_early() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 224))
    assert turns.judge(enough_ms=320) is None
    assert hear(turns, (QUIET, 320))[0] == (96, Signal.ENDED)


def test_a_late_verdict_ends_at_once() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 480))
    assert turns.judge(enough_ms=320) is Signal.ENDED
    assert not turns.speaking


def test_an_unfinished_sentence_gets_its_time() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 480))
    assert turns.judge(enough_ms=960) is None
    assert hear(turns, (QUIET, 960))[0] == (480, Signal.ENDED)


def test_a_verdict_about_words_before_more_speech_is_void() -> None:
    turns = TurnTaking()
    hear(turns, (SPEECH, 640), (QUIET, 256), (SPEECH, 96))
    assert turns.judge(enough_ms=320) is None
    assert [signal for _, signal in hear(turns, (QUIET, 640))] == [Signal.PAUSED, Signal.QUIET]


def test_doubt_neither_begins_nor_breaks_a_pause() -> None:
    assert hear(TurnTaking(), (DOUBT, 3_200)) == []
    signals = hear(TurnTaking(), (SPEECH, 320), (QUIET, 64), (DOUBT, 96))
    assert signals[-1][1] is Signal.PAUSED


def test_nobody_speaks_for_ever() -> None:
    signals = hear(TurnTaking(), (SPEECH, 60_000))
    assert [signal for _, signal in signals] == [Signal.STARTED, Signal.ENDED] * 2 + [Signal.STARTED]


@pytest.mark.parametrize(
    "text",
    [
        "Quiero una habitación doble.",
        "Sí.",
        "del 15 al 17 de marzo",
        "¿Tenés cochera?",
        "¿para qué?",
        "Florencia Gutiérrez",
    ],
)
def test_finished_sentences(text: str) -> None:
    assert looks_finished(text)


@pytest.mark.parametrize(
    "text",
    ["Quería una habitación para el.", "somos dos y", "del 15 al", "Mi nombre es...", "11 55", "hola,", "", "eh"],
)
def test_unfinished_sentences(text: str) -> None:
    assert not looks_finished(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("Ajá.", True), ("mhm, ajá", True), ("sí", False), ("no", False), ("", False)]
)
def test_a_nod_is_told_from_an_answer(text: str, expected: bool) -> None:
    assert is_backchannel(text) is expected


def test_our_own_question_heard_back_is_no_answer() -> None:
    assert is_echo("¿querés reservar", "¿Querés reservar?")
    assert not is_echo("Quiero reservar", "¿Querés reservar?")
    assert not is_echo("Sí", "Sí.")


def test_patience_asks_then_says_goodbye() -> None:
    patience = Patience(ask_ms=100, goodbye_ms=60)
    nudges = [(ms, nudge) for ms in range(20, 400, 20) if (nudge := patience.wait(20))]
    assert nudges[:2] == [(100, Nudge.ASK), (160, Nudge.GOODBYE)]


def test_our_own_question_does_not_buy_a_second_one() -> None:
    patience = Patience(ask_ms=100, goodbye_ms=60)
    for _ in range(5):
        last = patience.wait(20)
    assert last is Nudge.ASK
    patience.activity(customer=False)
    assert [patience.wait(20) for _ in range(3)][-1] is Nudge.GOODBYE
    patience.activity(customer=True)
    assert [patience.wait(20) for _ in range(5)][-1] is Nudge.ASK


def test_clauses_keep_every_word_and_amounts_whole() -> None:
    text = "Tengo una doble. Sale $ 68.000 por noche, en total $ 136.000. ¿Querés reservar?"
    assert clauses(text) == ["Tengo una doble.", "Sale $ 68.000 por noche, en total $ 136.000.", "¿Querés reservar?"]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    text = "Del lunes 15 al miércoles 17 de marzo, para dos personas, tengo la doble a buen precio, con desayuno."
    pieces = clauses(text)
    assert len(pieces) > 1
    assert " ".join(pieces) == text


def test_states_only_move_forward() -> None:
    assert moves_forward(CallStatus.RINGING, CallStatus.ACTIVE)
    assert not moves_forward(CallStatus.ENDED, CallStatus.RINGING)
    assert not moves_forward(CallStatus.ACTIVE, CallStatus.ACTIVE)
