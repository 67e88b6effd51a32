"""Threads: adding to them, reading them, and handing what is outgoing to the channel that carries it.

Nothing here moves control; ``service`` does, on top of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import rules, store
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import Attachment, attachment_json
from relevo.conversations.incoming import folded
from relevo.conversations.ports import Channel, Outgoing, Sent
from relevo.conversations.rules import ATTACHED, Author, Conversation, Delivery, Kind, Message
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Invalid, NotFound, ProviderError
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.texts import Texts

DELIVER = "conversations.deliver"
FETCH = "conversations.fetch"
"""Job: fetch what came with a message from its carrier. Payload: ``message_id``, ``media``."""
INBOX = "inbox"


def topic(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


class Threads:
    def __init__(
        self,
        db: Database,
        live: Live,
        work: Work,
        people: People,
        clock: Clock,
        ids: Ids,
        texts: Texts,
        channels: Mapping[str, Channel],
        attachments: Attachments | None = None,
    ) -> None:
        self._db = db
        self._live = live
        self._work = work
        self._people = people
        self._clock = clock
        self._ids = ids
        self._texts = texts
        self._channels = channels
        """Text channels by name. A channel that is not here (a call) delivers by itself."""
        self._attachments = attachments

    def carries(self, channel: str) -> bool:
        """Whether it is a text channel, whose replies are durable jobs."""
        return channel in self._channels

    async def customer_has(self, conversation_id: str, up_to_seq: int) -> None:
        """The customer's side has fetched everything up to ``up_to_seq``."""
        async with self._db.read() as session:
            ids = await store.undelivered(session, conversation_id, up_to_seq)
        if not ids:
            return
        async with self._db.write() as tx:
            for message_id in ids:
                await self._delivered(tx, message_id, Delivery.DELIVERED)

    async def deliver_job(self, job: Job) -> None:
        """Hand one outgoing message to its channel."""
        async with self._db.read() as session:
            message = await store.message(session, job.payload["message_id"])
            conversation = await store.conversation(session, message.conversation_id) if message else None
        if message is None or conversation is None or message.delivery is not Delivery.PENDING:
            return
        try:
            sent = await self._channels[conversation.channel].deliver(
                Outgoing(message, conversation, job.attempts, self._read_file)
            )
        except ProviderError as error:
            if not error.retryable:
                async with self._db.write() as tx:
                    await self._delivered(tx, message.id, Delivery.FAILED, error.code)
            raise
        async with self._db.write() as tx:
            await self._sent(tx, message, sent)

    async def _sent(self, tx: Tx, message: Message, sent: Sent) -> None:
        if sent.carrier_id is not None:
            await store.set_carrier_id(tx.session, message.id, folded(sent.carrier_id))
        await self._delivered(tx, message.id, sent.delivery)
        if sent.address is not None:
            await self._reached_at(tx, message, sent.address)

    async def status(
        self,
        tx: Tx,
        *,
        channel: str,
        delivery: Delivery,
        at: datetime,
        carrier_id: str | None = None,
        message_id: str | None = None,
        error: str | None = None,
        address_used: str | None = None,
    ) -> bool:
        """See ``Inbox.status``."""
        message = await store.message(tx.session, message_id) if message_id else None
        if message is None and carrier_id is not None:
            message = await store.message_by_carrier(tx.session, channel, folded(carrier_id))
        if message is None:
            return False
        if carrier_id is not None and message.carrier_id is None:
            await store.set_carrier_id(tx.session, message.id, folded(carrier_id))
        if address_used is not None:
            await self._reached_at(tx, message, address_used)
        return await self._delivered(tx, message.id, delivery, error, at=at)

    async def _reached_at(self, tx: Tx, message: Message, address: str) -> None:
        conversation = await self._get(tx.session, message.conversation_id, lock=True)
        if address != conversation.reach:
            await store.set_contact(tx.session, conversation.id, meta={**conversation.meta, rules.REACH: address})

    async def _read_file(self, attachment: Mapping[str, Any]) -> bytes:
        if self._attachments is None:
            raise NotFound("no_attachment")
        async with self._db.read() as session:
            found = await self._attachments.get(session, str(attachment["id"]))
        return await self._attachments.read(found)

    async def get(self, session: AsyncSession, conversation_id: str) -> Conversation:
        return await self._get(session, conversation_id)

    async def message(self, session: AsyncSession, message_id: str) -> Message | None:
        return await store.message(session, message_id)

    async def messages(
        self, session: AsyncSession, conversation_id: str, *, after_seq: int = 0, limit: int = 500
    ) -> list[Message]:
        return await store.messages(session, conversation_id, after_seq=after_seq, limit=limit)

    async def as_json(self, session: AsyncSession, conversation: Conversation, viewer: Staff | None) -> dict[str, Any]:
        return (await self.list_json(session, [conversation], viewer))[0]

    async def list_json(
        self, session: AsyncSession, conversations: Sequence[Conversation], viewer: Staff | None
    ) -> list[dict[str, Any]]:
        people = await self._people.get_many(session, [conversation.person_id for conversation in conversations])
        names = await self._people.staff_names(session)
        return [
            rules.conversation_json(
                conversation,
                people.get(conversation.person_id),
                names,
                rules.actions_for(
                    conversation,
                    staff_id=viewer.id,
                    may_answer=may(viewer, Action.ANSWER),
                    may_take=may(viewer, Action.TAKE_FROM_COLLEAGUE),
                )
                if viewer
                else None,
            )
            for conversation in conversations
        ]

    async def listing(
        self, session: AsyncSession, *, folder: str, viewer: Staff, limit: int = 50, before: Any = None
    ) -> list[Conversation]:
        if folder not in store.FOLDERS:
            raise Invalid("bad_folder")
        return await store.listing(session, folder=folder, staff_id=viewer.id, limit=limit, before=before)

    async def message_json(self, session: AsyncSession, messages: Sequence[Message]) -> list[dict[str, Any]]:
        names = await self._people.staff_names(session)
        return [rules.message_json(message, names) for message in messages]

    async def _get(self, session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Conversation:
        conversation = await store.conversation(session, conversation_id, lock=lock)
        if conversation is None:
            raise NotFound("no_conversation")
        return conversation

    async def _event(
        self,
        tx: Tx,
        conversation: Conversation,
        event: str,
        *,
        staff: Staff | None = None,
        meta: Mapping[str, Any] | None = None,
        attachments: Sequence[Attachment] = (),
        external_id: str | None = None,
        **params: str,
    ) -> Message:
        return await self._add(
            tx,
            conversation,
            Author.SYSTEM,
            external_id=external_id,
            author_id=staff.id if staff else None,
            kind=Kind.EVENT,
            text=self._texts.say(f"conversations.event.{event}", **params),
            attachments=attachments,
            meta={**(meta or {}), "event": event},
        )

    async def _add(
        self,
        tx: Tx,
        conversation: Conversation,
        author: Author,
        *,
        text: str,
        kind: Kind = Kind.TEXT,
        author_id: str | None = None,
        buttons: Sequence[str] = (),
        external_id: str | None = None,
        attachments: Sequence[Attachment] = (),
        meta: Mapping[str, Any] | None = None,
        elsewhere: bool = False,
    ) -> Message:
        """``elsewhere``: it has been sent already, from a telephone or a mail client."""
        ours = author is not Author.CUSTOMER and kind is Kind.TEXT
        carried = ours and conversation.channel in self._channels and not elsewhere
        said = dict(meta or {})
        if attachments:
            said[ATTACHED] = [attachment_json(each) for each in attachments]
        message = await store.add_message(
            tx.session,
            self._ids.new("msg"),
            conversation,
            author=author,
            author_id=author_id,
            kind=kind,
            text=text,
            buttons=buttons,
            delivery=Delivery.PENDING if carried else Delivery.SENT if elsewhere else None,
            external_id=external_id,
            meta=said,
            at=self._clock.now(),
            preview=rules.preview(text, attachments),
        )
        if attachments:
            await store.attach(tx.session, message.id, [each.id for each in attachments])
        if carried:
            await self._work.promise(
                tx,
                DELIVER,
                key=f"deliver:{message.id}",
                payload={"message_id": message.id},
                lane=f"deliver:{conversation.id}",
            )
        await self._announce_message(tx, message)
        await self._announce(tx, await self._get(tx.session, conversation.id))
        return message

    async def _delivered(
        self, tx: Tx, message_id: str, reached: Delivery, error: str | None = None, at: datetime | None = None
    ) -> bool:
        message = await store.message(tx.session, message_id)
        if message is None or not rules.forward(message.delivery, reached):
            return False
        changed = await store.set_delivery(tx.session, message_id, reached, error, at)
        if changed is not None:
            await self._announce_message(tx, changed)
        return True

    async def _announce(self, tx: Tx, conversation: Conversation) -> None:
        data = await self.as_json(tx.session, conversation, None)
        await self._live.announce(tx, INBOX, "conversation", data)
        await self._live.announce(tx, topic(conversation.id), "conversation", data)

    async def _announce_message(self, tx: Tx, message: Message) -> None:
        data = (await self.message_json(tx.session, [message]))[0]
        await self._live.announce(tx, topic(message.conversation_id), "message", data)
