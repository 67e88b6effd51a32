"""E-mail as a channel, wired: a mailbox that is read, and answers through the server that posts everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from relevo.adapters.channels.email import oauth
from relevo.adapters.channels.email.checks import Checks
from relevo.adapters.channels.email.mailbox import Mailbox
from relevo.adapters.channels.email.mailbox import Settings as Given
from relevo.adapters.channels.email.receiving import Receiving
from relevo.adapters.channels.email.sending import Email
from relevo.adapters.channels.email.store import forget, forget_old
from relevo.adapters.channels.email.threading import Signer
from relevo.adapters.channels.smtp import Smtp
from relevo.adapters.storage.files import LocalFiles
from relevo.conversations.events import MessagesForgotten
from relevo.kit.db import Tx
from relevo.kit.errors import Misconfigured
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


def tokens(settings: Settings) -> oauth.Tokens | None:
    """None where a password is used. Raises ``Misconfigured``."""
    given = (
        settings.imap_xoauth2_client_id,
        settings.imap_xoauth2_client_secret.get_secret_value(),
        settings.imap_xoauth2_refresh_token.get_secret_value(),
    )
    if not any(given):
        return None
    if not all(given):
        raise Misconfigured("imap_settings")
    try:
        return oauth.Tokens(
            oauth.Settings(
                client_id=settings.imap_xoauth2_client_id,
                client_secret=settings.imap_xoauth2_client_secret,
                refresh_token=settings.imap_xoauth2_refresh_token,
                token_url=settings.imap_xoauth2_token_url,
            )
        )
    except ValidationError:
        raise Misconfigured("imap_settings") from None


def wire(parts: Parts, made: Messaging) -> None:
    settings = parts.settings
    if not settings.imap_url.get_secret_value().strip():
        return
    smtp = parts.mailer
    if not isinstance(smtp, Smtp):
        raise Misconfigured("mail_off")
    account = smtp.sender.addr_spec.lower()
    signer = Signer(parts.secret, smtp.sender.domain)
    ours = frozenset({account, parts.business.email.lower()})
    receiving = Receiving(
        account, ours, signer, parts.db, made.inbox, parts.conversations, parts.people, parts.attachments,
        LocalFiles(settings.data_dir / "mail"), parts.texts, parts.clock, parts.ids,
    )  # fmt: skip
    mailbox = Mailbox(Given(url=settings.imap_url), receiving, tokens(settings))
    copies = mailbox.address.host not in KEEP_COPIES
    channel = Email(
        account,
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

    async def forgotten(tx: Tx, event: MessagesForgotten) -> None:
        await forget(tx.session, event.conversation_id, event.before, all_=event.all)
        await forget_old(tx.session, event.before)

    made.mail = Mail(mailbox, receiving, channel)
    made.channels[channel.name] = channel
    made.routers.append(mail_http.router(receiving, parts.db, parts.conversations, parts.gate, parts.texts))
    made.health.watch(channel.name, account, checks=Checks(account, mailbox, parts.db, parts.clock))
    made.starts.append(start)
    made.closes.append(mailbox.close)
    parts.db.events.on_within(MessagesForgotten, forgotten)
