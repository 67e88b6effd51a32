"""A server that speaks IMAP: signing in, and what the library does not say about folders and mails.

Passwords and tokens travel encrypted, unless the server is this machine. Blocking: for threads.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxLoginError

from relevo.adapters.channels.smtp import Tokens
from relevo.kit.errors import BadCredentials, Misconfigured, NotReady

LOCAL = {"localhost", "127.0.0.1", "::1"}
PORTS = {"imap": 143, "imaps": 993}
TIMEOUT = 30.0
"""Seconds for one answer of the server."""
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: bool

    @classmethod
    def read(cls, url: str) -> Address:
        """Raises ``Misconfigured``."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError as error:
            raise Misconfigured("imap_settings") from error
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise Misconfigured("imap_settings")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(
            parts.hostname, port or PORTS[parts.scheme], unquote(parts.username), unquote(parts.password or ""), folder,
            parts.scheme == "imaps",
        )  # fmt: skip


class Account:
    def __init__(self, url: str, tokens: Tokens | None = None) -> None:
        """Raises ``Misconfigured``."""
        self.address = Address.read(url)
        self._tokens = tokens
        if not self.address.password and tokens is None:
            raise Misconfigured("imap_settings")

    def look(self) -> None:
        """Sign in and out again. Raises ``NotReady``, ``BadCredentials``."""
        with self.connected() as box:
            try:
                box.folder.set(self.address.folder, readonly=True)
            except ImapToolsError as error:
                raise Misconfigured("imap_folder") from error

    @contextmanager
    def connected(self) -> Iterator[imap_tools.BaseMailBox]:
        """Signed in. Raises ``NotReady``, ``BadCredentials``."""
        at = self.address
        box: imap_tools.BaseMailBox
        try:
            if at.tls:
                box = imap_tools.MailBox(at.host, at.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
            elif at.host in LOCAL:
                box = imap_tools.MailBoxUnencrypted(at.host, at.port, timeout=TIMEOUT)
            else:
                box = imap_tools.MailBoxStartTls(
                    at.host, at.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context()
                )
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise NotReady("mail_unavailable") from error
        try:
            self._sign_in(box)
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                box.client.logout()
            with suppress(OSError):
                box.client.shutdown()

    def _sign_in(self, box: imap_tools.BaseMailBox) -> None:
        at = self.address
        try:
            if self._tokens is not None:
                box.xoauth2(at.user, self._tokens.get(), initial_folder=None)
            elif (at.user + at.password).isascii():
                box.login(at.user, at.password, initial_folder=None)
            else:
                box.login_utf8(at.user, at.password, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise NotReady("mail_unavailable") from error
            if self._tokens is not None:
                self._tokens.forget()
            raise BadCredentials("mailbox_credentials") from error


class Refused(Exception):  # noqa: N818 - says what happened
    """The server does not give this one mail."""


def body(box: imap_tools.BaseMailBox, uid: int, part: str) -> bytes | None:
    """None: it is gone."""
    try:
        kind, data = box.client.uid("fetch", str(uid), f"(BODY.PEEK[]{part})")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Refused from error
    if kind != "OK":
        raise Refused
    return next((bytes(line[1]) for line in data if isinstance(line, tuple) and len(line) > 1), b"")


def sent_folder(box: imap_tools.BaseMailBox) -> str | None:
    """Where the server keeps what was sent, by its special use or by a name that says so."""
    folders = box.folder.list()
    for each in folders:
        if any(flag.lower() == "\\sent" for flag in each.flags):
            return each.name
    names = {"sent", "sent items", "sent messages", "enviados", "elementos enviados", "itens enviados"}
    return next((each.name for each in folders if each.name.split(each.delim or "/")[-1].lower() in names), None)


def number(box: imap_tools.BaseMailBox, name: str) -> int:
    """What the server said of the folder when it was opened; 0 where it did not."""
    said = (box.client.untagged_responses.get(name) or [b"0"])[-1]
    found = re.search(rb"\d+", said) if isinstance(said, bytes) else None
    return int(found[0]) if found else 0


def something_waits(box: imap_tools.BaseMailBox) -> bool:
    """Whether an announcement came in one piece with an earlier answer: the socket stays silent then."""
    reading = getattr(box.client, "file", None) or getattr(box.client, "_file", None)
    timeout = box.client.sock.gettimeout()
    box.client.sock.settimeout(0)
    try:
        return bool(reading.peek(1)) if reading is not None else False
    except OSError:
        return False
    finally:
        box.client.sock.settimeout(timeout)


def internal_date(said: bytes) -> datetime:
    found = _DATE.search(said)
    with suppress(ValueError):
        if found:
            return datetime.strptime(found[1].decode("ascii", "replace").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(
                UTC
            )
    return datetime.now(UTC)
