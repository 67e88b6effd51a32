"""Signed Message-IDs, subjects and references."""

from __future__ import annotations

import pytest

from relevo.adapters.channels.email.threading import (
    MOST_REFERENCES,
    Signer,
    Token,
    answer_subject,
    named,
    references_for,
    subject_key,
)

SIGNER = Signer("secret", "mirador.example")
TOKEN = Token("cnv_7h2k9qm4t0xd", "msg_1")


def test_what_was_signed_is_recognised_anywhere_in_the_thread() -> None:
    ours = SIGNER.message_id(TOKEN)
    assert SIGNER.read(ours) == TOKEN
    later = SIGNER.message_id(Token("cnv_2", "msg_9"))
    assert SIGNER.newest(("x@casa.example", ours, later, "y@casa.example")) == Token("cnv_2", "msg_9")
    assert SIGNER.newest(("x@casa.example",)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda ours: ours.replace("cnv_7h2k9qm4t0xd", "cnv_7h2k9qm4t0xe"),
        lambda ours: ours.replace("msg_1.", "msg_2."),
        lambda ours: ours.replace("@", "0@"),
        lambda ours: "c.cnv_1.msg_1." + "0" * 20 + "@mirador.example",
        lambda ours: ours + "@x",
        lambda ours: ours + "\n",
        lambda ours: "x" + ours,
    ],
)
def test_an_invented_one_is_nobody_s(change) -> None:  # type: ignore[no-untyped-def]
    assert SIGNER.read(change(SIGNER.message_id(TOKEN))) is None


def test_another_secret_signs_otherwise() -> None:
    assert SIGNER.read(Signer("other", "mirador.example").message_id(TOKEN)) is None


@pytest.mark.parametrize(
    "subject",
    ["Reserva de enero", "Re: Reserva de enero", "RV: RE: reserva  de enero", "Rta: Fwd: Reserva de Enero",
     "RES: ENC: Reserva de enero", "Re[2]: Reserva de enero", "AW: [EXTERNO] Reserva de enero"],
)  # fmt: skip
def test_a_subject_is_the_same_under_every_prefix(subject: str) -> None:
    assert subject_key(subject) == "reserva de enero"


def test_subjects_that_only_look_prefixed() -> None:
    assert subject_key("Rentería: consulta") == "renteria: consulta"
    assert subject_key("") == ""
    assert answer_subject("Reserva") == "Re: Reserva"
    assert answer_subject("RE: Reserva") == "RE: Reserva"
    assert answer_subject("") == "Re:"


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    ids = [f"{number}@casa.example" for number in range(50)]
    kept = references_for(ids, "last@casa.example")
    assert len(kept) == MOST_REFERENCES
    assert kept[0] == ids[0]
    assert kept[-1] == "last@casa.example"
    assert named(("b",), ("a", "b")) == ("a", "b")
