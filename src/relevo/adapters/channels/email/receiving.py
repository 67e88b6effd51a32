"""What becomes of a mail: a message of a conversation, a person's own answer, a bounce, or nothing at all.

Every mail is dealt with in one transaction that also moves the cursor. One that fails is put aside with its bytes and
its reason, and tried again later; the next one never waits for it. Whether a mail may be answered by a machine is
decided here, before anybody thinks about an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.adapters.channels.email import guarding, store, threading
from relevo.adapters.channels.email.guarding import Why
from relevo.adapters.channels.email.mailbox import HEAD, Fetched
from relevo.adapters.channels.email.parsing import Mail, Poisoned
from relevo.adapters.channels.email.preparing import Prepared, prepare
from relevo.adapters.channels.email.quarantine import Quarantine
from relevo.adapters.channels.email.store import Cursor, Direction, Kept, State
from relevo.conversations.attachments import Attachments
from relevo.conversations.events import MessagesForgotten
from relevo.conversations.files import StoredFile
from relevo.conversations.inbox import Inbox
from relevo.conversations.incoming import Incoming
from relevo.conversations.rules import Control, Conversation, Delivery
from relevo.conversations.service import Conversations
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx, retried, take_turns
from relevo.kit.errors import NotFound, RelevoError
from relevo.kit.ids import Ids
from relevo.people.rules import Identity, IdentityKind
from relevo.people.service import People
from relevo.texts import Texts

_log = log.get("mail")

CHANNEL = "email"
SAME_SUBJECT = timedelta(days=14)
MIN_SUBJECT = 3
"""Words."""
OLD = timedelta(days=3)
QUOTED = 20_000
"""Characters of what was quoted that stay with the message."""
NOBODYS = frozenset({Why.OURS, Why.NOBODY, Why.BOUNCE})


class Receiving:
    """Takes what the mailbox's thread hands over (``mailbox.Reader``)."""

    def __init__(
        self,
        account: str,
        ours: frozenset[str],
        signer: threading.Signer,
        db: Database,
        inbox: Inbox,
        conversations: Conversations,
        people: People,
        attachments: Attachments,
        quarantine: Quarantine,
        texts: Texts,
        clock: Clock,
        ids: Ids,
    ) -> None:
        """``ours``: every address that is one of ours."""
        self._account = account
        self._ours = ours | {account}
        self._signer = signer
        self._db = db
        self._inbox = inbox
        self._conversations = conversations
        self._people = people
        self._attachments = attachments
        self._quarantine = quarantine
        self._texts = texts
        self._clock = clock
        self._ids = ids

    async def cursor(self, folder: str) -> Cursor | None:
        async with self._db.read() as session:
            return await store.cursor(session, self._account, folder)

    async def begin(self, folder: str, at: Cursor) -> None:
        async with self._db.write() as tx:
            await store.begin(tx.session, self._account, folder, at)

    async def looked(self, *, mode: str | None, error: str | None) -> None:
        async with self._db.write() as tx:
            await store.looked(tx.session, self._account, at=self._clock.now(), mode=mode, error=error)

    async def take(self, mail: Fetched) -> None:
        await self._take(mail, None)

    async def retry_due(self) -> None:
        for each in await self._quarantine.due():
            await self._again(each)

    async def retry(self, mail_id: str) -> Kept:
        """Try a quarantined mail again now. Raises ``NotFound``, ``Conflict("mail_not_kept")``."""
        kept = await self._quarantine.get(mail_id)
        await self._again(kept)
        async with self._db.read() as session:
            return await store.by_id(session, mail_id) or kept

    async def leave(self, mail_id: str) -> Kept:
        """Not to be tried any more; it stays in the mailbox. Raises ``NotFound``."""
        return await self._quarantine.leave(mail_id)

    async def quarantined(self) -> list[Kept]:
        return await self._quarantine.listing()

    async def page(self, message_id: str) -> str | None:
        """The mail of a message, made safe; None where it had no page."""
        async with self._db.read() as session:
            kept = await store.of_message(session, message_id)
        return kept.html if kept else None

    async def forget(self, tx: Tx, event: MessagesForgotten) -> None:
        """What was said is deleted, and with it what is kept of its mails."""
        await store.forget(tx.session, event.conversation_id, event.before, all_=event.all)

    async def forget_old(self, before: datetime) -> int:
        """Mails that belong to no conversation, and the bytes of those that were put aside. Returns how many."""
        async with self._db.write() as tx:
            gone = await store.forget_old(tx.session, before)
        await self._quarantine.throw_away([key for key in gone if key is not None])
        return len(gone)

    async def _again(self, kept: Kept) -> None:
        raw = await self._quarantine.read(kept)
        sent = kept.direction is Direction.SENT
        await self._take(
            Fetched(kept.folder or "", sent, 0, kept.uid or 0, kept.at, len(raw or b""), raw, len(raw or b"") != HEAD),
            kept,
        )

    async def _take(self, fetched: Fetched, kept: Kept | None) -> None:
        try:
            ready = await asyncio.to_thread(prepare, fetched)
            files, refused = await self._store(ready.mail)
            await self._deal(fetched, ready, files, refused, kept)
            if kept is not None and kept.raw_key is not None:
                await self._quarantine.throw_away([kept.raw_key])
        except Poisoned as error:
            await self._quarantine.put(fetched, error.reason, kept)
        except Exception as error:
            # Whatever is wrong with it, the others do not wait; if nothing can be written at all, this raises too.
            _log.exception("a mail could not be taken; it is put aside")
            await self._quarantine.put(fetched, error.code if isinstance(error, RelevoError) else "failed", kept)

    async def _store(self, mail: Mail) -> tuple[tuple[tuple[str, StoredFile], ...], tuple[str, ...]]:
        """Put its files on the disk. What is not taken is named."""
        taken, refused = [], list(mail.refused)
        for file in mail.files:
            name = file.name or self._texts.say("mail.nameless")
            try:
                taken.append((name, await self._attachments.store(file.content)))
            except RelevoError:
                refused.append(name)
        return tuple(taken), tuple(refused)

    @retried
    async def _deal(
        self,
        fetched: Fetched,
        ready: Prepared,
        files: tuple[tuple[str, StoredFile], ...],
        refused: tuple[str, ...],
        kept: Kept | None,
    ) -> None:
        async with self._db.write() as tx:
            await take_turns(tx.session, f"mail {self._account} {ready.key}")
            known = await store.known(tx.session, self._account, ready.key)
            if kept is not None:
                await store.drop_quarantined(tx.session, kept.id)
            if known is None or known.state is State.QUARANTINED:
                about = self._about(fetched, ready, kept or known)
                if fetched.sent:
                    about = await self._sent(tx, ready, about)
                else:
                    about = await self._received(tx, ready, about, files, refused)
                await store.put(tx.session, about)
            if fetched.uidvalidity:
                await store.advance(
                    tx.session, self._account, fetched.folder, fetched.uidvalidity, fetched.uid, fetched.at
                )

    def _about(self, fetched: Fetched, ready: Prepared, known: Kept | None) -> Kept:
        mail = ready.mail
        other = mail.sender if not fetched.sent else next(iter(mail.to), None)
        return Kept(
            known.id if known else self._ids.new("eml"), self._account, ready.key, ready.message_id,
            Direction.SENT if fetched.sent else Direction.IN, State.LEFT, min(fetched.at, self._clock.now()),
            references=threading.named(mail.in_reply_to, mail.references), folder=fetched.folder, uid=fetched.uid,
            address=other.address if other else None, subject=mail.subject,
            subject_key=threading.subject_key(mail.subject),
        )  # fmt: skip

    async def _received(
        self,
        tx: Tx,
        ready: Prepared,
        about: Kept,
        files: tuple[tuple[str, StoredFile], ...],
        refused: tuple[str, ...],
    ) -> Kept:
        mail = ready.mail
        failed = guarding.bounce(mail)
        if failed is not None and await self._bounced(tx, failed, about):
            return replace(about, state=State.BOUNCED, reason=failed.status or "failed")
        why = guarding.why_not(mail, self._ours)
        if mail.sender is None or why in NOBODYS:
            return replace(about, reason=why)
        conversation = await self._thread(tx.session, about)
        stranger = conversation is not None and not await self._takes_part(
            tx.session, conversation, mail.sender.address
        )
        if why not in (None, Why.SPOOFED) and (conversation is None or stranger):
            return replace(about, reason=why)
        if stranger:
            why = Why.STRANGER
        if why is None and self._is_old(about, mail):
            why = Why.OLD
        if why is None and await self._too_many(tx.session, mail.sender.address, conversation):
            why = Why.MANY
        taken = await self._inbox.take(tx, self._incoming(ready, about, conversation, why, files, refused))
        await self._call_somebody(tx, taken.conversation, why, mail)
        if refused:
            names = ", ".join(name for name in refused if name)[:300]
            await self._conversations.record(tx, taken.conversation.id, event="mail_files_refused", names=names)
        held = None if taken.conversation.control is Control.BOT else store.HELD
        return replace(
            about, state=State.TAKEN, reason=why or held, conversation_id=taken.conversation.id,
            message_ref=taken.message.id, html=ready.page,
        )  # fmt: skip

    def _incoming(
        self,
        ready: Prepared,
        about: Kept,
        conversation: Conversation | None,
        why: Why | None,
        files: tuple[tuple[str, StoredFile], ...],
        refused: tuple[str, ...],
    ) -> Incoming:
        mail, sender = ready.mail, ready.mail.sender
        if sender is None:
            raise Poisoned("sender")
        told: dict[str, Any] = {"subject": mail.subject, "from": sender.address, "page": ready.page is not None}
        if ready.said.rest:
            told["quoted"] = ready.said.rest[:QUOTED]
        if mail.cut or refused:
            told |= {"cut": mail.cut, "refused": [name for name in refused if name]}
        if why is not None:
            told["unanswered"] = why.value
        # Neither a stranger nor somebody who writes under another's name becomes that person, or gets their answers.
        known = () if why in (Why.STRANGER, Why.SPOOFED) else (Identity(IdentityKind.EMAIL, sender.address),)
        address, name = sender.address, sender.name
        if why is Why.STRANGER and conversation is not None:
            address, name = conversation.address or address, None
            told["stranger"] = {"address": sender.address, "name": sender.name}
        said = ready.said.text
        if conversation is None and _says_something(mail.subject):
            said = f"{mail.subject}\n\n{said}".strip()
        return Incoming(
            CHANNEL, self._account, address, about.key, known, about.at, said or mail.subject, name, files=files,
            meta={"mail": told}, answer=why is None, conversation_id=conversation.id if conversation else None,
            fresh=conversation is None,
        )  # fmt: skip

    async def _thread(self, session: AsyncSession, about: Kept) -> Conversation | None:
        """The conversation that it goes on: what we signed, what it refers to, the same people about the same."""
        token = self._signer.newest(about.references)
        found = token.conversation_id if token else None
        if found is None:
            found = await store.conversation_of(session, self._account, about.references)
        if found is None and about.address and about.subject_key:
            found = await store.conversation_about(
                session, self._account, about.address, about.subject_key, about.at - SAME_SUBJECT
            )
        if found is None:
            return None
        try:
            conversation = await self._conversations.get(session, found)
        except NotFound:
            return None
        return conversation if conversation.channel == CHANNEL else None

    async def _takes_part(self, session: AsyncSession, conversation: Conversation, address: str) -> bool:
        if address == (conversation.address or "").lower():
            return True
        if await store.takes_part(session, conversation.id, address):
            return True
        person = await self._people.get(session, conversation.person_id)
        return person is not None and Identity(IdentityKind.EMAIL, address) in person.identities

    def _is_old(self, about: Kept, mail: Mail) -> bool:
        """It was moved here, or collected from elsewhere: its sender waits for nothing any more."""
        return self._clock.now() - min(about.at, mail.at or about.at) > OLD

    async def _too_many(self, session: AsyncSession, address: str, conversation: Conversation | None) -> bool:
        now = self._clock.now()
        if await store.answered_to(session, self._account, address, now - guarding.HOUR) >= guarding.MOST_PER_HOUR:
            return True
        if conversation is None:
            return False
        return await store.answered_in(session, conversation.id, now - guarding.DAY) >= guarding.MOST_PER_DAY

    async def _call_somebody(self, tx: Tx, conversation: Conversation, why: Why | None, mail: Mail) -> None:
        """What a machine may not answer is somebody's to look at."""
        if why in guarding.SHOWN and conversation.control is Control.BOT:
            who = mail.sender.address if mail.sender else ""
            reason = self._texts.say(f"mail.reason.{why}", address=who)
            await self._conversations.ask_for_person(
                tx, conversation.id, version=conversation.control_version, reason=reason[:200]
            )

    async def _bounced(self, tx: Tx, failed: guarding.Bounce, about: Kept) -> bool:
        """Whether it is about a message of ours."""
        token = self._signer.newest(failed.returned)
        if token is None:
            return False
        message = await self._conversations.message(tx.session, token.message_id)
        if message is None or message.conversation_id != token.conversation_id:
            return False
        moved = await self._inbox.status(
            tx, channel=CHANNEL, delivery=Delivery.FAILED, at=about.at, message_id=message.id, error="mail_bounced"
        )
        conversation = await self._conversations.get(tx.session, message.conversation_id)
        if moved and conversation.control is Control.BOT:
            await self._conversations.ask_for_person(
                tx,
                conversation.id,
                version=conversation.control_version,
                reason=self._texts.say("mail.reason.bounced", address=failed.recipient or conversation.address or "")[
                    :200
                ],
            )
        return True

    async def _sent(self, tx: Tx, ready: Prepared, about: Kept) -> Kept:
        """From the folder of what was sent: a person's answer is a takeover, ours is known already."""
        mail = ready.mail
        if self._signer.read(ready.message_id) is not None or mail.header("x-relevo-loop"):
            return replace(about, reason=Why.OURS)
        if mail.sender is None or mail.sender.address not in self._ours:
            return replace(about, reason=Why.MACHINE)
        conversation = await self._thread(tx.session, about)
        if conversation is None:
            return about
        about = replace(about, conversation_id=conversation.id)
        to = await self._first_of(tx.session, conversation, [party.address for party in mail.to])
        if to is None:
            # Passed on to a colleague: no answer to the customer.
            return replace(about, reason=Why.STRANGER)
        said = ready.said.text or mail.subject or self._texts.say("mail.nameless")
        taken = await self._inbox.outside(
            tx, channel=CHANNEL, account=self._account, address=conversation.address or to, external_id=about.key,
            text=said, at=about.at, conversation_id=conversation.id,
        )  # fmt: skip
        return replace(about, state=State.TAKEN, address=to, message_ref=taken.message.id, html=ready.page)

    async def _first_of(self, session: AsyncSession, conversation: Conversation, to: Sequence[str]) -> str | None:
        for address in to:
            if await self._takes_part(session, conversation, address):
                return address
        return None


def _says_something(subject: str) -> bool:
    """Many write what they want into the subject alone; «Consulta» is no part of what they want."""
    return len(subject.split()) >= MIN_SUBJECT or any(char.isdigit() for char in subject)
