"""A voice note that was hardly understood: its words are guesses, and nothing is done on a guess."""

from __future__ import annotations

from datetime import date

from talking import Talk

from relevo.bot.rules.dialogue import Pending
from relevo.bot.rules.escalation import Reason

DAYS = {"check_in": date(2026, 12, 11), "check_out": date(2026, 12, 13)}
UNCLEAR = "Perdón, no te entendí bien en el audio. ¿Me lo escribís, por favor?"


def test_it_is_asked_for_in_writing(talk: Talk) -> None:
    reply = talk.says("cíporta bon reservarla", "make_reservation", sure=0.9, mumbled=True)
    assert reply.text == UNCLEAR
    assert talk.outcome
    assert talk.outcome.handoff is None


def test_silence_is_asked_for_in_writing_too(talk: Talk) -> None:
    assert talk.says("", "fuera_de_alcance", sure=0.0, mumbled=True).text == UNCLEAR


def test_a_guess_books_nothing_and_the_offer_stays(talk: Talk) -> None:
    talk.says("", "check_availability", guests=2, room_type="doble", **DAYS)
    reply = talk.says("y dale con firma la recedada", "afirmar", mumbled=True)
    assert reply.text.startswith(UNCLEAR)
    assert "¿Querés reservar?" in reply.text or reply.buttons
    assert talk.asked == []
    assert talk.hold is None
    assert talk.dialogue.pending is Pending.HOLD
    talk.says("dale", "afirmar")
    assert talk.hold is not None


def test_guessed_dates_are_not_kept(talk: Talk) -> None:
    talk.says("del siguiente alviste", "check_availability", mumbled=True, guests=7, guest_name="Al Viste", **DAYS)
    assert talk.dialogue.guest.name is None
    assert talk.says("una doble", "check_availability", room_type="doble").text == (
        "¿Para qué fechas y para cuántas personas?"
    )


def test_the_second_one_in_a_row_brings_a_person(talk: Talk) -> None:
    talk.says("bla", "saludar", mumbled=True)
    talk.says("ble", "saludar", mumbled=True)
    assert talk.outcome
    assert talk.outcome.handoff is Reason.NOT_UNDERSTOOD


def test_one_that_was_written_in_between_starts_anew(talk: Talk) -> None:
    talk.says("bla", "saludar", mumbled=True)
    talk.says("para 2 del 11 al 13", "check_availability", guests=2, **DAYS)
    assert talk.says("ble", "saludar", mumbled=True).text.startswith(UNCLEAR)


def test_a_person_is_brought_however_badly_one_asks(talk: Talk) -> None:
    talk.says("quiero hablar con una persona", "fuera_de_alcance", sure=0.2, mumbled=True)
    assert talk.outcome
    assert talk.outcome.handoff is Reason.REQUESTED
