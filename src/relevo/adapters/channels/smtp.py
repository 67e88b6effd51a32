"""Outgoing e-mail over SMTP, to the server that the settings name.

Passwords go over TLS only, unless the server is this machine. One letter, one recipient, one connection: what is sent
here is vouchers and reminders, not mailings.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import BaseModel, ConfigDict, SecretStr

from relevo.kit.clock import Clock
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady, ProviderError
from relevo.kit.mail import MailFile


class _Letters(EmailPolicy):
    """As the library writes mails, but for Message-IDs: long ones (Outlook's) it would take for words and encode, and
    no mail program finds its thread by that."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() not in ("message-id", "in-reply-to", "references"):
            return str(super().fold(name, value))
        ids = f"{self.linesep} ".join(str(value).split())
        return f"{name}: {ids}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() not in ("message-id", "in-reply-to", "references"):
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii", "replace")


POLICY = _Letters(linesep="\r\n", cte_type="7bit")
"""Of every letter. Some servers still take seven bits only."""
LOCAL = {"localhost", "127.0.0.1", "::1"}
PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT = 20.0


class Settings(BaseModel):
    """``smtp[s]://user:password@host:port`` and who the letters come from (``Hotel <reservas@...>`` or an address)."""

    model_config = ConfigDict(extra="forbid")
    url: SecretStr
    sender: str
    timeout: float = TIMEOUT


class Tokens(Protocol):
    """Access in place of a password."""

    def get(self) -> str:
        """A good one. Blocking. Raises ``ProviderError``."""
        ...

    def forget(self) -> None:
        """It was refused."""
        ...


class NoMail:
    """Where no server is configured."""

    on = False

    async def send(self, **_letter: object) -> None:
        raise Misconfigured("mail_off")


class Smtp:
    on = True

    def __init__(self, settings: Settings, clock: Clock, tokens: Tokens | None = None) -> None:
        """``tokens``: where the address has no password. Raises ``Misconfigured`` for an address that cannot be
        used."""
        url = urlsplit(settings.url.get_secret_value().strip())
        try:
            port = url.port
            self._sender = _mailbox(settings.sender)
        except ValueError as error:
            raise Misconfigured("mail_settings") from error
        if url.scheme not in PORTS or not url.hostname:
            raise Misconfigured("mail_settings")
        self._clock = clock
        self._timeout = settings.timeout
        self._host = url.hostname
        self._port = port or PORTS[url.scheme]
        self._user = unquote(url.username) if url.username else None
        self._password = unquote(url.password) if url.password else None
        self.tokens = tokens
        self._by_token = tokens is not None and bool(self._user) and not self._password
        self._tls = url.scheme == "smtps"
        # None: encrypted wherever the server can.
        self._upgrade = True if self._user and not self._tls and self._host not in LOCAL else None

    async def send(
        self,
        *,
        to: str,
        subject: str,
        text: str,
        html: str | None = None,
        attachments: Sequence[MailFile] = (),
        key: str,
    ) -> None:
        await self.post(self._write(to, subject, text, html, attachments, key))

    @property
    def sender(self) -> Address:
        return self._sender

    def recipient(self, to: str) -> Address:
        """Raises ``ProviderError`` for what is not exactly one address."""
        try:
            return _address(to)
        except ValueError as error:
            raise ProviderError("mail_address") from error

    async def _access(self) -> str:
        if self.tokens is None:
            raise BadCredentials("mail_credentials")
        return await asyncio.to_thread(self.tokens.get)

    async def post(self, letter: EmailMessage) -> None:
        """Hand over a letter that is written under ``POLICY``. Raises ``ProviderError`` like ``send``."""
        try:
            await aiosmtplib.send(
                letter.as_bytes(),
                sender=self._sender.addr_spec,
                recipients=[each.addr_spec for each in letter["To"].addresses],
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                oauth_token_generator=self._access if self._by_token else None,
                use_tls=self._tls,
                start_tls=False if self._tls else self._upgrade,
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPAuthenticationError as error:
            if self.tokens is not None:
                self.tokens.forget()
            raise BadCredentials("mail_credentials") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            raise _refusal(min(codes, default=550)) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotReady("mail_unavailable") from error

    def _write(
        self, to: str, subject: str, text: str, html: str | None, attachments: Sequence[MailFile], key: str
    ) -> EmailMessage:
        letter = EmailMessage(policy=POLICY)
        letter["To"] = self.recipient(to)
        letter["From"] = self._sender
        letter["Subject"] = " ".join(subject.split())
        letter["Date"] = format_datetime(self._clock.now())
        mark = hashlib.sha256(key.encode()).hexdigest()[:32]
        letter["Message-ID"] = f"<{mark}@{self._sender.domain}>"
        # Absence notices and the like answer people, not machines.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        if html is not None:
            letter.add_alternative(html, subtype="html")
        for each in attachments:
            main, _, sub = each.media_type.partition("/")
            letter.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
        return letter


def _mailbox(written: str) -> Address:
    """``Name <address>`` or an address. Raises ``ValueError``."""
    name, bracket, rest = written.strip().rpartition("<")
    if not bracket:
        return _address(rest)
    return _address(rest.removesuffix(">").strip(), name.strip().strip('"'))


def _address(written: str, name: str = "") -> Address:
    """Exactly one address, and nothing around it. Raises ``ValueError``."""
    try:
        found = Address(name, addr_spec=written)
    except (MessageError, IndexError) as error:
        raise ValueError("not an address") from error
    if not found.domain or not written.isascii():
        raise ValueError("not an address")
    return found


def _refusal(code: int) -> ProviderError:
    """4xx asks for another try later, everything else is final."""
    return NotReady("mail_unavailable") if 400 <= code < 500 else ProviderError("mail_refused")
