"""E-mail as a channel, wired: a mailbox that is read, and answers through the server that posts everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING

import httpx

from relevo.adapters import catalog
from relevo.adapters.channels.email.checks import Checks
from relevo.adapters.channels.email.imap import Account
from relevo.adapters.channels.email.mailbox import Mailbox
from relevo.adapters.channels.email.mailbox import Settings as Given
from relevo.adapters.channels.email.quarantine import Quarantine
from relevo.adapters.channels.email.receiving import Receiving
from relevo.adapters.channels.email.sending import Email
from relevo.adapters.channels.email.threading import Signer
from relevo.adapters.channels.smtp import Smtp
from relevo.adapters.storage.files import LocalFiles
from relevo.conversations.events import MessagesForgotten
from relevo.kit.clock import SystemClock
from relevo.kit.errors import Misconfigured
from relevo.kit.forgetting import Held
from relevo.settings import Settings
from relevo.web import mail as mail_http

if TYPE_CHECKING:
    from relevo.app.messaging import Messaging, Parts

KEEP_COPIES = ("imap.gmail.com", "imap.googlemail.com", "outlook.office365.com", "imap-mail.outlook.com")
"""Servers that put what is sent through them among what was sent."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What e-mail consists of."""

    mailbox: Mailbox
    receiving: Receiving
    channel: Email

    async def forget_old(self, before: datetime, *, held: Held, rule: str, at: datetime) -> int:  # noqa: ARG002
        """What is nobody's cannot be held."""
        return await self.receiving.forget_old(before)


def account(settings: Settings) -> str:
    """The address of the mailbox, as far as the settings alone say it."""
    return parseaddr(settings.mail_from)[1].lower()


def checks(settings: Settings, _http: httpx.AsyncClient) -> Checks | None:
    """For the doctor, who has nothing but the settings. Raises ``Misconfigured``."""
    url = settings.imap_url.get_secret_value().strip()
    if not url:
        return None
    return Checks(account(settings), Account(url, catalog.make_mail_tokens(settings)), None, SystemClock())


def wire(parts: Parts, made: Messaging) -> None:
    settings = parts.settings
    if not settings.imap_url.get_secret_value().strip():
        return
    smtp = parts.mailer
    if not isinstance(smtp, Smtp):
        raise Misconfigured("mail_off")
    address = smtp.sender.addr_spec.lower()
    signer = Signer(parts.secret, smtp.sender.domain)
    ours = frozenset({address, parts.business.email.lower()})
    quarantine = Quarantine(address, parts.db, LocalFiles(settings.data_dir / "mail"), parts.clock, parts.ids)
    receiving = Receiving(
        address, ours, signer, parts.db, made.inbox, parts.conversations, parts.people, parts.attachments,
        quarantine, parts.texts, parts.clock, parts.ids,
    )  # fmt: skip
    mailbox = Mailbox(Given(url=settings.imap_url), receiving, smtp.tokens)
    copies = mailbox.address.host not in KEEP_COPIES
    channel = Email(
        address,
        smtp,
        signer,
        mailbox,
        parts.db,
        parts.texts,
        parts.clock,
        parts.ids,
        house=parts.business.name,
        copies=copies,
    )

    async def start() -> None:
        mailbox.start()

    made.mail = Mail(mailbox, receiving, channel)
    made.channels[channel.name] = channel
    made.routers.append(mail_http.router(receiving, parts.db, parts.conversations, parts.gate, parts.texts))
    made.health.watch(
        channel.name, address, checks=Checks(address, mailbox.account, parts.db, parts.clock), tester=channel
    )
    made.starts.append(start)
    made.closes.append(mailbox.close)
    parts.db.events.on_within(MessagesForgotten, receiving.forget)
