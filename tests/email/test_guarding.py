"""Who is never answered, and what did not arrive."""

from __future__ import annotations

import pytest

from relevo.adapters.channels.email.guarding import Why, bounce, why_not
from relevo.adapters.channels.email.parsing import read
from tests.email.letters import DSN, letter

OURS = {"reservas@mirador.example"}


def test_a_guest_is_answered() -> None:
    assert why_not(read(letter()), OURS) is None
    assert why_not(read(letter(Auto_Submitted="no", X_Auto_Response_Suppress="None")), OURS) is None


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, Why.AUTOMATIC),
        ({"Auto_Submitted": "auto-generated; x=1"}, Why.AUTOMATIC),
        ({"Precedence": "bulk"}, Why.LIST),
        ({"Precedence": "auto_reply"}, Why.AUTOMATIC),
        ({"List_Id": "<noticias.example>"}, Why.LIST),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, Why.LIST),
        ({"X_Auto_Response_Suppress": "DR, AutoReply"}, Why.AUTOMATIC),
        ({"X_Autoreply": "yes"}, Why.AUTOMATIC),
        ({"X_Loop": "a"}, Why.AUTOMATIC),
        ({"X_Relevo_Loop": "1"}, Why.OURS),
        ({"Return_Path": "<>"}, Why.BOUNCE),
        ({"From": "Mail Delivery <MAILER-DAEMON@mx.example>"}, Why.BOUNCE),
        ({"From": "no-reply@booking.example"}, Why.MACHINE),
        ({"From": "NoReply+x@booking.example"}, Why.MACHINE),
        ({"From": "Hotel <Reservas@Mirador.example>"}, Why.OURS),
        ({"From": "not an address"}, Why.NOBODY),
        ({"From": None}, Why.NOBODY),
        ({"Subject": "Respuesta automática: Reserva"}, Why.AUTOMATIC),
        ({"Subject": "Fuera de la oficina"}, Why.AUTOMATIC),
        ({"Subject": "=?utf-8?q?Resposta_autom=C3=A1tica?="}, Why.AUTOMATIC),
        ({"Authentication_Results": "mx.mirador.example; spf=pass; dmarc=fail (p=none)"}, Why.SPOOFED),
        ({"Authentication_Results": "mx.mirador.example; spf=fail; dkim=fail"}, Why.SPOOFED),
        ({"Authentication_Results": "mx.mirador.example; spf=fail; dkim=pass; dmarc=pass"}, None),
        ({"From": "norberto@casa.example"}, None),
    ],
)
def test_machines_are_not(headers: dict[str, str | None], why: Why | None) -> None:
    assert why_not(read(letter(**headers)), OURS) is why


def test_only_the_first_verdict_counts_which_our_server_wrote() -> None:
    two = letter(Authentication_Results="mx.mirador.example; dmarc=pass").replace(
        b"From:", b"Authentication-Results: evil.example; dmarc=fail\r\nFrom:", 1
    )
    assert why_not(read(two), OURS) is Why.SPOOFED  # a line above the server's would be the server's
    below = letter(Authentication_Results="mx.mirador.example; dmarc=pass").replace(
        b"\r\n\r\n", b"\r\nAuthentication-Results: evil.example; dmarc=fail\r\n\r\n", 1
    )
    assert why_not(read(below), OURS) is None


def test_a_report_names_what_did_not_arrive() -> None:
    mail = read(DSN)
    assert why_not(mail, OURS) is Why.BOUNCE
    found = bounce(mail)
    assert found is not None
    assert found.returned[-1] == "c.cnv_1.msg_2.00000000000000000000@mirador.example"
    assert (found.status, found.recipient) == ("5.1.1", "ana@casa.example")
    assert "does not exist" in found.detail


def test_a_delay_is_no_failure() -> None:
    assert bounce(read(DSN.replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1", b"4.4.1"))) is None
    assert bounce(read(letter())) is None


def test_a_report_in_words_only() -> None:
    raw = letter(
        "Tu mensaje no llegó.\r\nMessage-ID: <c.cnv_1.msg_2.0@mirador.example>",
        From="mailer-daemon@mx.example",
        Subject="Undelivered Mail Returned to Sender",
        X_Failed_Recipients="Ana@casa.example",
    )
    found = bounce(read(raw))
    assert found is not None
    assert found.returned == ("c.cnv_1.msg_2.0@mirador.example",)
    assert found.recipient == "ana@casa.example"
