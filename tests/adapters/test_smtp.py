"""Letters, sent to a real SMTP server in this process."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from relevo.adapters.channels.smtp import NoMail, Settings, Smtp
from relevo.kit.clock import FixedClock
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady, ProviderError
from relevo.kit.mail import MailFile

SENDER = "Hotel Mirador del Río <reservas@mirador.example>"


class PostOffice:
    """Keeps what it is sent; refuses the recipients it is told to, and every password but one."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answer = "250 OK"
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, _server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, _server: Server, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"the right one"
        return AuthResult(success=right, handled=False)

    @property
    def letters(self) -> list[EmailMessage]:
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            found.append(letter)
        return found

    def mailer(self, clock: FixedClock, user: str = "") -> Smtp:
        url = f"smtp://{user}127.0.0.1:{self.port}"
        return Smtp(Settings(url=SecretStr(url), sender=SENDER, timeout=5), clock)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    post = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(post, authenticator=post.authenticate, auth_require_tls=False, hostname="localhost"),
        "127.0.0.1",
        0,
    )
    post.port = server.sockets[0].getsockname()[1]
    yield post
    server.close()
    await server.wait_closed()


async def test_a_letter_arrives_with_its_files_and_accents(office: PostOffice, clock: FixedClock) -> None:
    await office.mailer(clock).send(
        to="ana@casa.example",
        subject="Tu reserva está confirmada\r\nBcc: otro@x.com",
        text="¡Hola, Ana! Te esperamos.",
        html="<p>¡Hola, Ana!</p>",
        attachments=[
            MailFile("voucher ñ.pdf", "application/pdf", b"%PDF-1.7"),
            MailFile("e.ics", "text/calendar", b"B"),
        ],
        key="voucher:bkg_1:1",
    )
    letter = office.letters[0]
    assert office.envelopes[0].rcpt_tos == ["ana@casa.example"]
    assert letter["From"] == SENDER
    assert letter["Subject"] == "Tu reserva está confirmada Bcc: otro@x.com"
    assert letter["Bcc"] is None
    body = letter.get_body(("plain",))
    assert body is not None
    assert "¡Hola, Ana!" in body.get_content()
    files = [(part.get_filename(), part.get_content_type()) for part in letter.iter_attachments()]
    assert files == [("voucher ñ.pdf", "application/pdf"), ("e.ics", "text/calendar")]
    assert letter["Auto-Submitted"] == "auto-generated"


async def test_the_same_key_makes_the_same_message_id(office: PostOffice, clock: FixedClock) -> None:
    mailer = office.mailer(clock)
    for key in ("a", "a", "b"):
        await mailer.send(to="ana@casa.example", subject="s", text="t", key=key)
    first, again, other = (letter["Message-ID"] for letter in office.letters)
    assert first == again != other
    assert first.endswith("@mirador.example>")


async def test_a_password_is_used_and_a_wrong_one_is_said(office: PostOffice, clock: FixedClock) -> None:
    await office.mailer(clock, "hotel:the%20right%20one@").send(to="a@b.example", subject="s", text="t", key="k")
    with pytest.raises(BadCredentials):
        await office.mailer(clock, "hotel:wrong@").send(to="a@b.example", subject="s", text="t", key="k")
    assert len(office.envelopes) == 1


@pytest.mark.parametrize(("answer", "kind"), [("450 later", NotReady), ("550 nobody here", ProviderError)])
async def test_a_refusal_is_final_and_a_delay_is_not(
    office: PostOffice, clock: FixedClock, answer: str, kind: type[ProviderError]
) -> None:
    office.answer = answer
    with pytest.raises(kind) as refused:
        await office.mailer(clock).send(to="a@b.example", subject="s", text="t", key="k")
    assert refused.value.retryable is (kind is NotReady)


async def test_a_server_that_is_away_is_tried_again(clock: FixedClock) -> None:
    away = Smtp(Settings(url=SecretStr("smtp://127.0.0.1:1"), sender=SENDER, timeout=5), clock)
    with pytest.raises(NotReady):
        await away.send(to="a@b.example", subject="s", text="t", key="k")


@pytest.mark.parametrize(
    "to", ["", "ana", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b.example>"]
)
async def test_an_address_is_one_address(office: PostOffice, clock: FixedClock, to: str) -> None:
    with pytest.raises(ProviderError):
        await office.mailer(clock).send(to=to, subject="s", text="t", key="k")
    assert office.envelopes == []


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port"])
def test_a_server_that_cannot_be_one(url: str, clock: FixedClock) -> None:
    with pytest.raises(Misconfigured):
        Smtp(Settings(url=SecretStr(url), sender=SENDER), clock)


@pytest.mark.parametrize("sender", ["", "Hotel", "Hotel <>", "Hotel <a@b.example> x"])
def test_a_sender_that_cannot_be_one(sender: str, clock: FixedClock) -> None:
    with pytest.raises(Misconfigured):
        Smtp(Settings(url=SecretStr("smtp://localhost"), sender=sender), clock)


async def test_without_a_server_it_says_so() -> None:
    assert NoMail.on is False
    with pytest.raises(Misconfigured):
        await NoMail().send(to="a@b.example", subject="s", text="t", key="k")
