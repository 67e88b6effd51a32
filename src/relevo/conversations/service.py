"""Use cases of conversations. Every change is one short transaction that also announces itself to the live feed.

Functions that take a ``Tx`` join the caller's transaction. Control moves only here, by compare-and-set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import rules, store
from relevo.conversations.events import AgentSpoke, ControlChanged, MessageReceived
from relevo.conversations.ports import Channel
from relevo.conversations.rules import Author, Change, Control, Conversation, Delivery, Kind, Message, Reply
from relevo.kit.clock import Clock
from relevo.kit.db import Database, Tx
from relevo.kit.errors import Conflict, Invalid, NotFound, ProviderError
from relevo.kit.ids import Ids
from relevo.kit.live import Live
from relevo.kit.work import Job, Work
from relevo.people.rules import Action, Staff, may
from relevo.people.service import People
from relevo.texts import Texts

DELIVER = "conversations.deliver"
INBOX = "inbox"


def topic(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


@dataclass(frozen=True, slots=True)
class Received:
    message: Message
    duplicate: bool
    """The same external id was received before; nothing was added."""


@dataclass(frozen=True, slots=True)
class Spoken:
    messages: tuple[Message, ...]
    stale: bool
    """Somebody took over meanwhile: the text was kept as a suggestion and goes nowhere."""


class Conversations:
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

    def carries(self, channel: str) -> bool:
        """Whether it is a text channel, whose replies are durable jobs."""
        return channel in self._channels

    async def open(
        self,
        tx: Tx,
        *,
        channel: str,
        person_id: str,
        control: Control = Control.BOT,
        meta: Mapping[str, Any] | None = None,
    ) -> Conversation:
        conversation = await store.add_conversation(
            tx.session,
            self._ids.new("cnv"),
            channel=channel,
            person_id=person_id,
            control=control,
            meta=dict(meta or {}),
            at=self._clock.now(),
        )
        await self._announce(tx, conversation)
        return conversation

    async def receive(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        text: str,
        external_id: str | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> Received:
        """Store what a customer said. Writing to a closed conversation opens it again for the bot."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        if external_id is not None:
            known = await store.message_by_external(tx.session, conversation.channel, external_id)
            if known is not None:
                return Received(known, duplicate=True)
        if conversation.control is Control.CLOSED:
            conversation = await self._change(tx, conversation, Change(Control.BOT, None), event="reopened")
        message = await self._add(
            tx, conversation, Author.CUSTOMER, text=rules.clean_text(text), external_id=external_id, meta=meta
        )
        await tx.publish(
            MessageReceived(
                conversation.id, message.id, conversation.channel, conversation.control, conversation.control_version
            )
        )
        return Received(message, duplicate=False)

    async def bot_says(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        version: int,
        replies: Sequence[Reply],
        meta: Mapping[str, Any] | None = None,
    ) -> Spoken:
        """Send what the bot prepared under ``version``; if a person decided otherwise meanwhile, keep it as a draft."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        stale = not rules.bot_may_speak(conversation, version)
        messages = [
            await self._add(
                tx,
                conversation,
                Author.BOT,
                kind=Kind.SUGGESTION if stale else Kind.TEXT,
                text=reply.text,
                buttons=reply.buttons,
                meta={**(meta or {}), **reply.meta, "control_version": version},
            )
            for reply in replies
        ]
        return Spoken(tuple(messages), stale)

    async def amend(
        self, tx: Tx, message_id: str, *, text: str | None = None, meta: Mapping[str, Any] | None = None
    ) -> Message:
        """Correct what is recorded of a spoken message (how much of it was heard)."""
        message = await store.merge_message_meta(tx.session, message_id, text, dict(meta or {}))
        await self._announce_message(tx, message)
        return message

    async def ask_for_person(self, tx: Tx, conversation_id: str, *, version: int, reason: str) -> Conversation:
        conversation = await self._get(tx.session, conversation_id, lock=True)
        change = rules.decide_ask_for_person(conversation, version=version, reason=reason)
        if change is None:
            return conversation
        return await self._change(tx, conversation, change, event="asked_for_person", reason=reason)

    async def take_over(
        self, tx: Tx, conversation_id: str, *, staff: Staff, version: int | None = None
    ) -> Conversation:
        conversation = await self._get(tx.session, conversation_id, lock=True)
        names = await self._people.staff_names(tx.session)
        change = rules.decide_take_over(
            conversation,
            staff_id=staff.id,
            version=version,
            may_take_from_colleague=may(staff, Action.TAKE_FROM_COLLEAGUE),
            holder=names.get(conversation.agent_id or ""),
        )
        if change is None:
            return conversation
        return await self._change(tx, conversation, change, event="took_over", staff=staff)

    async def hand_back(self, tx: Tx, conversation_id: str, *, staff: Staff, note: str) -> Conversation:
        """Give it back to the bot with one line of what was agreed, which the bot reads."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        change = rules.decide_hand_back(
            conversation, staff_id=staff.id, may_take_from_colleague=may(staff, Action.TAKE_FROM_COLLEAGUE)
        )
        note = rules.clean_text(note) if note.strip() else ""
        return await self._change(tx, conversation, change, event="handed_back", staff=staff, note=note)

    async def pass_on(
        self,
        tx: Tx,
        conversation_id: str,
        to: Change,
        *,
        event: str,
        staff: Staff | None,
        version: int | None = None,
        colleague: str = "",
    ) -> Conversation:
        """From its holder to a colleague, the queue or, where the holder is lost (no ``staff``), back to the bot."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        change = rules.decide_pass_on(
            conversation,
            staff_id=staff.id if staff else None,
            version=version,
            may_take_from_colleague=staff is not None and may(staff, Action.TAKE_FROM_COLLEAGUE),
            to=to,
        )
        return await self._change(tx, conversation, change, event=event, staff=staff, reason=to.reason, to=colleague)

    async def resolve(self, tx: Tx, conversation_id: str, *, staff: Staff) -> Conversation:
        conversation = await self._get(tx.session, conversation_id, lock=True)
        change = rules.decide_close(conversation)
        if change is None:
            return conversation
        held_by_other = conversation.agent_id not in (None, staff.id)
        if held_by_other and not may(staff, Action.TAKE_FROM_COLLEAGUE):
            names = await self._people.staff_names(tx.session)
            raise Conflict("control_taken", name=names.get(conversation.agent_id or ""))
        return await self._change(tx, conversation, change, event="resolved", staff=staff)

    async def reopen(self, tx: Tx, conversation_id: str) -> None:
        """A closed conversation begins again with the bot: the call is tried once more."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        if conversation.control is Control.CLOSED:
            await self._change(tx, conversation, Change(Control.BOT, None), event="called_again")

    async def close(
        self, tx: Tx, conversation_id: str, *, event: str, reason: str | None = None, **params: str
    ) -> Conversation:
        """Close by the system: the call ended, the node died."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        change = rules.decide_close(conversation)
        if change is None:
            return conversation
        return await self._change(tx, conversation, change, event=event, staff=None, note=None, reason=reason, **params)

    async def agent_says(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        staff: Staff,
        text: str,
        kind: Kind = Kind.TEXT,
        client_id: str | None = None,
    ) -> Message:
        """Write to the customer, or a note to colleagues. The same ``client_id`` again answers the same message."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        external_id = f"{staff.id}:{conversation_id}:{client_id}" if client_id else None
        if external_id is not None:
            known = await store.message_by_external(tx.session, conversation.channel, external_id)
            if known is not None:
                return known
        rules.decide_agent_speaks(conversation, staff_id=staff.id, kind=kind)
        message = await self._add(
            tx,
            conversation,
            Author.AGENT,
            author_id=staff.id,
            kind=kind,
            text=rules.clean_text(text),
            external_id=external_id,
            meta={"client_id": client_id} if client_id else None,
        )
        if kind is Kind.TEXT:
            await tx.publish(AgentSpoke(conversation.id, message.id, conversation.channel, message.text))
        return message

    async def agent_said(
        self, tx: Tx, conversation_id: str, *, staff_id: str, text: str, external_id: str, meta: Mapping[str, Any]
    ) -> Message:
        """What a member of staff said aloud on a call, as it was understood."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        return await self._add(
            tx, conversation, Author.AGENT, author_id=staff_id, text=rules.clean_text(text), external_id=external_id,
            meta=meta,
        )  # fmt: skip

    async def suggest(self, tx: Tx, conversation_id: str, replies: Sequence[Reply], meta: Mapping[str, Any]) -> None:
        """What the bot would say, for the person who holds the conversation."""
        conversation = await self._get(tx.session, conversation_id, lock=True)
        for reply in replies:
            await self._add(tx, conversation, Author.BOT, kind=Kind.SUGGESTION, text=reply.text, meta=meta)

    async def record(
        self, tx: Tx, conversation_id: str, *, event: str, meta: Mapping[str, Any] | None = None, **params: str
    ) -> Message:
        """Add an event line to the thread (text ``conversations.event.<event>``)."""
        conversation = await self._get(tx.session, conversation_id)
        return await self._event(tx, conversation, event, staff=None, meta=meta, **params)

    async def mark_read(self, conversation_id: str) -> None:
        async with self._db.write() as tx:
            await store.mark_read(tx.session, conversation_id)
            await self._announce(tx, await self._get(tx.session, conversation_id))

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
            reached = await self._channels[conversation.channel].deliver(message)
        except ProviderError as error:
            if not error.retryable:
                async with self._db.write() as tx:
                    await self._delivered(tx, message.id, Delivery.FAILED, error.code)
            raise
        async with self._db.write() as tx:
            await self._delivered(tx, message.id, reached)

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

    async def _change(
        self,
        tx: Tx,
        before: Conversation,
        change: Change,
        *,
        event: str,
        staff: Staff | None = None,
        note: str | None = None,
        reason: str | None = None,
        **params: str,
    ) -> Conversation:
        closed_at = self._clock.now() if change.control is Control.CLOSED else None
        after = await store.change_control(tx.session, before, change, closed_at=closed_at)
        if after is None:
            raise Conflict("control_changed")
        meta = {key: value for key, value in {"note": note, "reason": reason}.items() if value}
        who = staff.name if staff else ""
        await self._event(tx, after, event, staff=staff, meta=meta, name=who, note=note or "", **params)
        await self._announce(tx, await self._get(tx.session, after.id))
        await tx.publish(
            ControlChanged(after.id, after.channel, after.control, after.control_version, after.agent_id, note)
        )
        return await self._get(tx.session, after.id)

    async def _event(
        self,
        tx: Tx,
        conversation: Conversation,
        event: str,
        *,
        staff: Staff | None = None,
        meta: Mapping[str, Any] | None = None,
        **params: str,
    ) -> Message:
        return await self._add(
            tx,
            conversation,
            Author.SYSTEM,
            author_id=staff.id if staff else None,
            kind=Kind.EVENT,
            text=self._texts.say(f"conversations.event.{event}", **params),
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
        meta: Mapping[str, Any] | None = None,
    ) -> Message:
        carried = author in (Author.BOT, Author.AGENT) and kind is Kind.TEXT and conversation.channel in self._channels
        message = await store.add_message(
            tx.session,
            self._ids.new("msg"),
            conversation,
            author=author,
            author_id=author_id,
            kind=kind,
            text=text,
            buttons=buttons,
            delivery=Delivery.PENDING if carried else None,
            external_id=external_id,
            meta=dict(meta or {}),
            at=self._clock.now(),
        )
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

    async def _delivered(self, tx: Tx, message_id: str, reached: Delivery, error: str | None = None) -> None:
        message = await store.message(tx.session, message_id)
        if message is None or not rules.forward(message.delivery, reached):
            return
        changed = await store.set_delivery(tx.session, message_id, reached, error)
        if changed is not None:
            await self._announce_message(tx, changed)

    async def _announce(self, tx: Tx, conversation: Conversation) -> None:
        data = await self.as_json(tx.session, conversation, None)
        await self._live.announce(tx, INBOX, "conversation", data)
        await self._live.announce(tx, topic(conversation.id), "conversation", data)

    async def _announce_message(self, tx: Tx, message: Message) -> None:
        data = (await self.message_json(tx.session, [message]))[0]
        await self._live.announce(tx, topic(message.conversation_id), "message", data)
