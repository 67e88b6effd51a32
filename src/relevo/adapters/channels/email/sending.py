"""Answers as mails: a reply in the customer's thread, under an identity of ours that a reply to it brings back.

What a machine wrote says so, so that no other machine answers it. A mail whose fate is unknown is looked for among
what was sent before it is sent again, and keeps its Message-ID in any case.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Protocol

from relevo.adapters.channels.email import store, threading
from relevo.adapters.channels.email.receiving import CHANNEL
from relevo.adapters.channels.email.store import Direction, Kept, State
from relevo.adapters.channels.smtp import POLICY, Smtp
from relevo.conversations.ports import Outgoing, Sent
from relevo.conversations.rules import Author, Delivery, Message
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database
from relevo.kit.errors import ProviderError
from relevo.kit.ids import Ids
from relevo.kit.mail import MailFile
from relevo.texts import Texts

_log = log.get("mail")

LOOKED_FOR = 3
"""Tries before which a mail whose fate is unknown is not sent without looking."""
MAX_FILES = 18_000_000
"""Bytes; encoded they are a third more, and most servers take 25 MB."""


class Outbox(Protocol):
    """What of the mailbox is needed to send."""

    async def has_sent(self, message_id: str) -> bool: ...

    async def keep_sent(self, letter: bytes, message_id: str) -> None: ...


class Email:
    """The channel."""

    name = CHANNEL

    def __init__(
        self,
        account: str,
        smtp: Smtp,
        signer: threading.Signer,
        outbox: Outbox,
        db: Database,
        texts: Texts,
        clock: Clock,
        ids: Ids,
        *,
        house: str,
        copies: bool,
    ) -> None:
        """``house``: its name; ``copies``: the server does not put what it sends among what was sent; we do."""
        self._account = account
        self._smtp = smtp
        self._signer = signer
        self._outbox = outbox
        self._db = db
        self._texts = texts
        self._clock = clock
        self._ids = ids
        self._house = house
        self._copies = copies

    async def send_test(self, to: str, text: str) -> str | None:
        await self._smtp.send(to=to, subject=self._texts.say("mail.subject"), text=text, key=self._ids.new("eml"))
        return None

    async def deliver(self, outgoing: Outgoing) -> Sent:
        message, conversation = outgoing.message, outgoing.conversation
        to = conversation.reach
        if not to:
            raise ProviderError("mail_address")
        message_id = self._signer.message_id(threading.Token(conversation.id, message.id))
        if await self._is_there(message_id, outgoing.attempt):
            return Sent(Delivery.SENT, message_id)
        async with self._db.read() as session:
            last = await store.last_of(session, conversation.id)
        files, size = [], 0
        for each in message.attachments:
            size += int(each["size"])
            if size > MAX_FILES:
                raise ProviderError("mail_too_large")
            files.append(MailFile(str(each["name"]), str(each["media_type"]), await outgoing.read(each)))
        letter = self._write(message, to, message_id, last, files)
        await self._remember(message, to, message_id, last)
        await self._smtp.post(letter)
        if self._copies:
            try:
                await self._outbox.keep_sent(letter.as_bytes(), message_id)
            except ProviderError:
                _log.warning("a copy of a sent mail could not be kept")
        return Sent(Delivery.SENT, message_id)

    async def _is_there(self, message_id: str, attempt: int) -> bool:
        """Whether an earlier try did send it. A mailbox that stays out of reach does not hold up answers for ever."""
        try:
            return attempt > 1 and await self._outbox.has_sent(message_id)
        except ProviderError:
            if attempt > LOOKED_FOR:
                return False
            raise

    def _write(
        self, message: Message, to: str, message_id: str, last: Kept | None, files: list[MailFile]
    ) -> EmailMessage:
        letter = EmailMessage(policy=POLICY)
        letter["From"] = self._smtp.sender
        letter["To"] = self._smtp.recipient(to)
        subject = last.subject if last else ""
        letter["Subject"] = threading.answer_subject(subject) if subject else self._texts.say("mail.subject")
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{message_id}>"
        if last is not None and last.message_id.isascii():
            letter["In-Reply-To"] = f"<{last.message_id}>"
            thread = threading.references_for(last.references, last.message_id)
            letter["References"] = " ".join(f"<{each}>" for each in thread if each.isascii())
        letter["X-Relevo-Loop"] = "1"
        if message.author is not Author.AGENT:
            answers = message.author is Author.BOT
            letter["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
            letter["X-Auto-Response-Suppress"] = "All"
        text = "\n".join([message.text, *(f"- {label}" for label in message.buttons)]).strip()
        if message.author is Author.BOT:
            text = f"{text}\n\n{self._texts.say('mail.signature', house=self._house)}"
        letter.set_content(text or self._texts.say("mail.attached"))
        if text:
            paragraphs = "".join(f"<p>{escape(each)}</p>" for each in text.split("\n\n"))
            letter.add_alternative(f"<html><body>{paragraphs.replace(chr(10), '<br>')}</body></html>", subtype="html")
        for each in files:
            main, _, sub = each.media_type.partition("/")
            letter.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
        return letter

    async def _remember(self, message: Message, to: str, message_id: str, last: Kept | None) -> None:
        """Before it leaves: what answers it must find it, and it counts whether it arrives or not."""
        subject = last.subject if last else ""
        async with self._db.write() as tx:
            await store.put(
                tx.session,
                Kept(
                    self._ids.new("eml"), self._account, store.hashed(message_id, self._account), message_id,
                    Direction.OUT, State.TAKEN, self._clock.now(),
                    address=to.lower(), subject=subject, subject_key=threading.subject_key(subject),
                    conversation_id=message.conversation_id, message_ref=message.id,
                ),
            )  # fmt: skip
