"""Threads: adding to them and reading them.

Nothing here sends anything (``delivering`` does) or moves control (``service`` does), on top of this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import attachment_store, reach_store, rules, store
from relevo.conversations.attachments import Attachments
from relevo.conversations.files import Attachment, attachment_json
from relevo.conversations.ports import Channel
from relevo.conversations.rules import ATTACHED, Author, Conversation, Delivery, Kind, Mark, Message
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Invalid, NotFound
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Work
from relevo.people.rules import Action, Staff, may, reaches
from relevo.people.service import People
from relevo.texts import Texts

DELIVER = "conversations.deliver"
FETCH = "conversations.fetch"
"""Job: fetch what came with a message from its carrier. Payload: ``message_id``, ``media``."""
INBOX = "inbox"
SHOWN_AGAIN = 20


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
        self.felt: Callable[[str], float] | None = None
        """How a customer feels by what they wrote; nobody's feelings are read where there is none."""
        self._changed: WeakKeyDictionary[Tx, dict[str, None]] = WeakKeyDictionary()
        self._written: WeakKeyDictionary[Tx, dict[str, Conversation]] = WeakKeyDictionary()
        """What a transaction has written itself: nobody else can change those rows before its end."""

    def carries(self, channel: str) -> bool:
        """Whether it is a text channel, whose replies are durable jobs."""
        return channel in self._channels

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
        held = any(conversation.agent_id for conversation in conversations)
        names = await self._people.staff_names(session) if held else {}
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
                self.why(conversation.reason),
            )
            for conversation in conversations
        ]

    def why(self, reason: str | None) -> str | None:
        """Why a person is needed, in words. A reason that is no code is words already."""
        key = f"conversations.reason.{reason}"
        return self._texts.here.say(key) if reason and self._texts.has(key) else reason

    async def listing(
        self, session: AsyncSession, *, folder: str, viewer: Staff, limit: int = 50, before: Mark | None = None
    ) -> list[Conversation]:
        if folder not in reach_store.FOLDERS:
            raise Invalid("bad_folder")
        return await reach_store.listing(session, folder=folder, viewer=viewer, limit=limit, before=before)

    async def seen(self, session: AsyncSession, conversation_id: str, viewer: Staff) -> Conversation:
        """As ``get``, for ``viewer``: what is outside of their part of the house is not there."""
        conversation = await self._get(session, conversation_id)
        if not reaches(viewer, conversation.queue_id, conversation.holders):
            raise NotFound("no_conversation")
        return conversation

    async def came_to(self, tx: Tx, conversation_id: str, queue_id: str | None) -> None:
        """It is of this queue's teams from now on."""
        conversation = await self.now(tx, conversation_id)
        if conversation.queue_id != queue_id:
            changed = await store.set_contact(tx.session, conversation_id, queue_id=queue_id)
            await self._announce(tx, self._write(tx, changed))

    async def called_in(self, tx: Tx, conversation_id: str, staff_id: str) -> None:
        """Somebody is asked to help with it: it is theirs to see from now on, whosever it is."""
        conversation = await self.now(tx, conversation_id)
        if staff_id not in conversation.holders:
            changed = await store.add_holder(tx.session, conversation, staff_id)
            await self._announce(tx, self._write(tx, changed))

    async def of_people(
        self, session: AsyncSession, ids: Collection[str], *, limit: int = 100, viewer: Staff | None = None
    ) -> list[Conversation]:
        """All that was ever said with somebody who is known under these ids, as far as ``viewer`` sees it."""
        return await reach_store.of_people(session, ids, limit, viewer)

    async def announce_people(self, tx: Tx, ids: Collection[str]) -> None:
        """Who they are has changed: conversations that are shown say so."""
        for conversation in await reach_store.of_people(tx.session, ids, SHOWN_AGAIN):
            await self._announce(tx, conversation)

    async def message_json(self, session: AsyncSession, messages: Sequence[Message]) -> list[dict[str, Any]]:
        signed = any(message.author_id for message in messages)
        names = await self._people.staff_names(session) if signed else {}
        return [rules.message_json(message, names, self._failure(message)) for message in messages]

    def _failure(self, message: Message) -> str | None:
        """Why it did not arrive, in words."""
        if message.delivery is not Delivery.FAILED:
            return None
        key = f"error.{message.meta.get(rules.ERROR)}"
        return self._texts.here.say(key if self._texts.has(key) else "error.delivery_failed")

    async def _get(self, session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Conversation:
        conversation = await store.conversation(session, conversation_id, lock=lock)
        if conversation is None:
            raise NotFound("no_conversation")
        return conversation

    async def now(self, tx: Tx, conversation_id: str) -> Conversation:
        """As it is in this transaction, which holds it to its end."""
        written = self._written.get(tx, {}).get(conversation_id)
        return written or await self._get(tx.session, conversation_id, lock=True)

    def _write(self, tx: Tx, conversation: Conversation) -> Conversation:
        """Remember the row that a statement of this transaction has left."""
        self._written.setdefault(tx, {})[conversation.id] = conversation
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
            meta={**(meta or {}), "event": event, **({"said": params} if params else {})},
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
        preview: str = "",
    ) -> Message:
        """``elsewhere``: it has been sent already, from a telephone or a mail client."""
        ours = author is not Author.CUSTOMER and kind is Kind.TEXT
        channel = self._channels.get(conversation.channel) if ours and not elsewhere else None
        # Where the customer's side fetches, what is stored has been handed over.
        carried = channel is not None and not getattr(channel, "fetched", False)
        delivery = Delivery.PENDING if carried else Delivery.SENT if channel is not None or elsewhere else None
        said = dict(meta or {})
        felt = self._felt(conversation, author, kind, text, said)
        if felt is not None and (mood := rules.mood_of(felt)) is not rules.Mood.NEUTRAL:
            said[rules.MOOD] = mood
        if attachments:
            said[ATTACHED] = [attachment_json(each) for each in attachments]
        message, after = await store.add_message(
            tx.session,
            self._ids.new("msg"),
            conversation,
            author=author,
            author_id=author_id,
            kind=kind,
            text=text,
            buttons=buttons,
            delivery=delivery,
            external_id=external_id,
            meta=said,
            at=self._clock.now(),
            preview=preview or rules.preview(text, attachments),
            felt=felt,
        )
        if attachments:
            await attachment_store.attach(tx.session, message.id, [each.id for each in attachments])
        if carried:
            await self._work.promise(
                tx,
                DELIVER,
                key=f"deliver:{message.id}",
                payload={"message_id": message.id},
                lane=f"deliver:{conversation.id}",
            )
        await self._announce_message(tx, message)
        await self._announce(tx, self._write(tx, after))
        return message

    def _felt(
        self, conversation: Conversation, author: Author, kind: Kind, text: str, meta: Mapping[str, Any]
    ) -> float | None:
        """Only of what a customer wrote: the words of calls and voice notes come from a voice."""
        spoken = conversation.channel == "call" or rules.VOICE in meta
        wrote = author is Author.CUSTOMER and kind is Kind.TEXT and bool(text.strip()) and not spoken
        return self.felt(text) if self.felt is not None and wrote else None

    async def _announce(self, tx: Tx, conversation: Conversation) -> None:
        """At the end of the transaction, and once however often it changes in it, everybody is told how it is then."""
        changed = self._changed.get(tx)
        if changed is None:
            changed = self._changed[tx] = {}
            tx.before_commit(lambda: self._tell_of(tx))
        changed[conversation.id] = None

    async def _tell_of(self, tx: Tx) -> None:
        for conversation_id in self._changed.pop(tx):
            written = self._written.get(tx, {}).get(conversation_id)
            conversation = written or await self._get(tx.session, conversation_id)
            data = await self.as_json(tx.session, conversation, None)
            await self._live.announce(tx, INBOX, "conversation", data)
            await self._live.announce(tx, topic(conversation_id), "conversation", data)

    async def _announce_message(self, tx: Tx, message: Message) -> None:
        data = (await self.message_json(tx.session, [message]))[0]
        await self._live.announce(tx, topic(message.conversation_id), "message", data)
