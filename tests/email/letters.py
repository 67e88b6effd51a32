"""Mails as they come over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime


def letter(body: str = "Hola, quiero reservar.", **headers: str | None) -> bytes:
    """A guest's mail; ``None`` leaves a header out, ``_`` stands for ``-``."""
    given: dict[str, str | None] = {
        "From": "Ana Pérez <ana@casa.example>",
        "To": "reservas@mirador.example",
        "Subject": "Reserva",
        "Date": format_datetime(datetime.now(UTC)),
        "Message-ID": "<1@casa.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{head}\r\n{body}".encode()


def multipart(*parts: tuple[str, bytes], kind: str = "mixed", **headers: str | None) -> bytes:
    """Parts are (headers, content)."""
    body = b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in parts)
    mail = letter("", Content_Type=f"multipart/{kind}; boundary=b", **headers)
    return mail + body + b"--b--\r\n"


DSN = multipart(
    ("Content-Type: text/plain", b"Your message could not be delivered."),
    (
        "Content-Type: message/delivery-status",
        b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; Ana@casa.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 The account does not exist\r\n",
    ),
    (
        "Content-Type: message/rfc822",
        b"From: reservas@mirador.example\r\nMessage-ID: <c.cnv_1.msg_2.00000000000000000000@mirador.example>\r\n"
        b"Subject: Re: Reserva\r\n\r\nHola Ana",
    ),
    kind="report; report-type=delivery-status",
    From="Mail Delivery Subsystem <mailer-daemon@mx.example>",
    Subject="Delivery Status Notification (Failure)",
    Return_Path="<>",
)
