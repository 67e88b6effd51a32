"""Access tokens, against a provider in this process; and a mail server that takes nothing else."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from relevo.adapters import catalog
from relevo.adapters.channels.email.imap import Account
from relevo.adapters.channels.email.oauth import Settings, Tokens
from relevo.adapters.channels.smtp import Settings as SmtpSettings
from relevo.adapters.channels.smtp import Smtp
from relevo.kit.clock import FixedClock
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady
from relevo.settings import Settings as Boot


class Provider:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: httpx.Response | None = None
        self.now = 0.0

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.content.decode())
        token = {"access_token": f"token-{len(self.asked)}", "expires_in": 3600}
        return self.answer or httpx.Response(200, json=token)

    def tokens(self) -> Tokens:
        given = Settings(client_id="id", client_secret=SecretStr("s&cret"), refresh_token=SecretStr("refresh"))
        return Tokens(given, clock=lambda: self.now, transport=httpx.MockTransport(self.handle))


def test_a_token_is_made_once_and_again_before_it_ends() -> None:
    provider = Provider()
    tokens = provider.tokens()
    assert [tokens.get(), tokens.get()] == ["token-1", "token-1"]
    assert provider.asked == ["grant_type=refresh_token&client_id=id&client_secret=s%26cret&refresh_token=refresh"]
    provider.now = 3_500
    assert tokens.get() == "token-2"
    tokens.forget()
    assert tokens.get() == "token-3"
    tokens.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, '{"error": "invalid_grant"}', BadCredentials),
        (503, "{}", NotReady),
        (200, "<html>", NotReady),
        (200, "[]", NotReady),
        (200, json.dumps({"access_token": 3}), NotReady),
    ],
)
def test_a_provider_that_gives_none(status: int, body: str, kind: type[Exception]) -> None:
    provider = Provider()
    provider.answer = httpx.Response(status, text=body)
    tokens = provider.tokens()
    with pytest.raises(kind):
        tokens.get()
    tokens.close()


def test_half_a_registration_is_none() -> None:
    with pytest.raises(Misconfigured):
        catalog.make_mail_tokens(Boot(imap_xoauth2_client_id="id"))
    assert catalog.make_mail_tokens(Boot()) is None


class Office:
    """Takes XOAUTH2 and nothing else."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.letters = 0
        self.good = True

    async def auth_XOAUTH2(self, server: Server, args: list[str]) -> AuthResult:  # noqa: N802 - the server's name for it
        self.said.append(base64.b64decode(args[1]).decode())
        return AuthResult(success=self.good, handled=False)

    async def handle_DATA(self, _server: Server, _session: Any, _envelope: Any) -> str:  # noqa: N802
        self.letters += 1
        return "250 OK"


@pytest.fixture
async def office() -> AsyncIterator[tuple[Office, int]]:
    post = Office()
    made = lambda: Server(  # noqa: E731 - a factory
        post, hostname="localhost", auth_require_tls=False, auth_exclude_mechanism=["LOGIN", "PLAIN"]
    )
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    yield post, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_letters_go_out_by_token(office: tuple[Office, int], clock: FixedClock) -> None:
    post, port = office
    tokens = Provider().tokens()
    given = SmtpSettings(url=SecretStr(f"smtp://hotel%40x.example@127.0.0.1:{port}"), sender="hotel@x.example")
    mailer = Smtp(given, clock, tokens)
    await mailer.send(to="ana@casa.example", subject="s", text="t", key="k")
    assert post.letters == 1
    assert post.said == ["user=hotel@x.example\x01auth=Bearer token-1\x01\x01"]
    post.good = False
    with pytest.raises(BadCredentials):
        await mailer.send(to="ana@casa.example", subject="s", text="t", key="k")
    assert tokens.get() == "token-2"
    tokens.close()


def test_nothing_that_is_shown_of_a_mailbox_has_its_password() -> None:
    account = Account("imaps://ana:s3cret@mail.example/INBOX")
    assert "s3cret" not in f"{account.address!r} {account!r} {account.address}"
