"""Use cases of conversations. Every change is one short transaction that also announces itself to the live feed.

Functions that take a ``Tx`` join the caller's transaction. Control moves only here, by compare-and-set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relevo.conversations import attachment_store, files, rules, store
from relevo.conversations.ending import Endings
from relevo.conversations.events import (
    AgentSpoke,
    AttachmentReceived,
    MessageReceived,
    PriorityChanged,
)
from relevo.conversations.files import Attachment, StoredFile
from relevo.conversations.incoming import Media, MediaKind, media_json
from relevo.conversations.rules import Author, Change, Control, Conversation, Kind, Message, Priority, Reply
from relevo.conversations.threads import DELIVER, FETCH, INBOX, topic
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict, NotFound
from relevo.people.rules import Action, Staff, may

_LARGEST = files.MAX_MEDIA // 1_000_000
__all__ = ["DELIVER", "FETCH", "INBOX", "Conversations", "Received", "Spoken", "topic"]


@dataclass(frozen=True, slots=True)
class Received:
    message: Message
    duplicate: bool
    """The same external id was received before; nothing was added."""


@dataclass(frozen=True, slots=True)
class Spoken:
    messages: tuple[Message, ...]
    stale: bool
    """Somebody took over meanwhile: the text was kept as a suggestion and goes nowhere. Or it had been said before."""


class Conversations(Endings):
    async def open(
        self,
        tx: Tx,
        *,
        channel: str,
        person_id: str,
        control: Control = Control.BOT,
        meta: Mapping[str, Any] | None = None,
        account: str | None = None,
        address: str | None = None,
        window_until: datetime | None = None,
    ) -> Conversation:
        conversation = await store.add_conversation(
            tx.session,
            self._ids.new("cnv"),
            channel=channel,
            person_id=person_id,
            control=control,
            meta=dict(meta or {}),
            at=self._clock.now(),
            account=account,
            address=address,
            window_until=window_until,
        )
        await self._announce(tx, self._write(tx, conversation))
        return conversation

    async def writes_from(
        self, tx: Tx, conversation_id: str, address: str, account: str, window_until: datetime | None
    ) -> Conversation:
        """The customer's latest address, and the window that writing has opened."""
        return self._write(tx, await store.set_address(tx.session, conversation_id, address, account, window_until))

    async def receive(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        text: str,
        external_id: str | None = None,
        attachments: Sequence[Attachment] = (),
        media: Sequence[Media] = (),
        meta: Mapping[str, Any] | None = None,
        answer: bool = True,
        nothing: bool = False,
        looked_for: bool = False,
    ) -> Received:
        """Store what a customer said or sent: words, files or both. Writing to a closed conversation opens it again
        for the bot. ``media`` is fetched before anything is answered. ``nothing``: it may be empty. ``looked_for``:
        whoever calls knows that ``external_id`` is new, and that nobody else adds it meanwhile."""
        conversation = await self.now(tx, conversation_id)
        if external_id is not None and not looked_for:
            known = await store.message_by_external(tx.session, conversation.channel, external_id)
            if known is not None:
                return Received(known, duplicate=True)
        if conversation.control is Control.CLOSED:
            conversation = await self._change(tx, conversation, Change(Control.BOT, None), event="reopened")
        wordless = not text.strip() and bool(attachments or media or nothing)
        message = await self._add(
            tx, conversation, Author.CUSTOMER, text="" if wordless else rules.clean_text(text),
            external_id=external_id, attachments=attachments, meta=meta,
            preview="" if text.strip() or not media else self.media_name(media[0].kind),
        )  # fmt: skip
        sound = any(files.is_sound(each.media_type) for each in attachments)
        if media or (sound and self.carries(conversation.channel)):
            # In the lane of the answers and before this message's own.
            await self._work.promise(
                tx, FETCH, key=f"fetch:{message.id}", lane=f"reply:{conversation.id}",
                payload={"message_id": message.id, "media": [media_json(each) for each in media]},
            )  # fmt: skip
        await tx.publish(
            MessageReceived(
                conversation.id,
                message.id,
                conversation.channel,
                conversation.control,
                conversation.control_version,
                answer,
                conversation.account,
            )
        )
        for each in attachments:
            await tx.publish(AttachmentReceived(conversation.id, each.id, message.id, conversation.control))
        return Received(message, duplicate=False)

    def media_name(self, kind: MediaKind) -> str:
        """What a file is called that its sender gave no name."""
        return self._texts.say(f"conversations.media.{kind}")

    async def attach(
        self,
        tx: Tx,
        message_id: str,
        attachments: Sequence[Attachment],
        *,
        refused: Sequence[str] = (),
        lost: Sequence[str] = (),
    ) -> Message:
        """What was fetched for a message, and why the rest of it was not (error codes)."""
        message = await store.message(tx.session, message_id)
        if message is None:
            raise NotFound("no_message")
        conversation = await self.now(tx, message.conversation_id)
        meta: dict[str, Any] = {rules.FETCHED: True}
        if attachments:
            await attachment_store.attach(tx.session, message_id, [each.id for each in attachments])
            known = [*message.attachments, *(files.attachment_json(each) for each in attachments)]
            meta[rules.ATTACHED] = known
        meta |= {key: list(why) for key, why in (("refused", refused), ("lost", lost)) if why}
        message = await self.amend(tx, message_id, meta=meta)
        for code in refused:
            await self._event(tx, conversation, "media_refused", why=self._texts.say(f"error.{code}", maximum=_LARGEST))
        for _ in lost:
            await self._event(tx, conversation, "media_lost")
        for each in attachments:
            await tx.publish(AttachmentReceived(conversation.id, each.id, message_id, conversation.control))
        return message

    async def write_down(self, tx: Tx, message_id: str, text: str, voice: Mapping[str, Any]) -> Message:
        """What a voice note says becomes the text of its message, unless that has words of its own: those are sure."""
        message = await store.message(tx.session, message_id)
        if message is None:
            raise NotFound("no_message")
        await self.now(tx, message.conversation_id)
        own = bool(message.text) or not text
        guessed = bool(voice["low"]) and not message.text
        meta = {rules.VOICE: {**voice, "low": guessed, **({"text": text} if own and text else {})}}
        message = await self.amend(tx, message_id, text=None if own else text, meta=meta)
        shown = await store.set_preview(tx.session, message, text) if not own else None
        if shown is not None:
            await self._announce(tx, self._write(tx, shown))
        return message

    async def system_says(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        text: str,
        attachments: Sequence[Attachment] = (),
        meta: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Message:
        """A message of the house to the customer (a voucher, a reminder), whoever holds the conversation, and a closed
        one stays closed. The same ``key`` again answers the same message. A call carries none: see ``carries``."""
        conversation = await self.now(tx, conversation_id)
        external_id = f"system:{key}" if key else None
        if external_id is not None:
            known = await store.message_by_external(tx.session, conversation.channel, external_id)
            if known is not None:
                return known
        return await self._add(
            tx, conversation, Author.SYSTEM, text=rules.clean_text(text), external_id=external_id,
            attachments=attachments, meta=meta,
        )  # fmt: skip

    async def bot_says(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        version: int,
        replies: Sequence[Reply],
        meta: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Spoken:
        """Send what the bot prepared under ``version``; if a person decided otherwise meanwhile, keep it as a draft.
        The same ``key`` again adds nothing."""
        conversation = await self.now(tx, conversation_id)
        if key is not None and await store.message_by_external(tx.session, conversation.channel, f"bot:{key}:0"):
            return Spoken((), stale=True)
        stale = not rules.bot_may_speak(conversation, version)
        messages = [
            await self._add(
                tx,
                conversation,
                Author.BOT,
                kind=Kind.SUGGESTION if stale else Kind.TEXT,
                text=reply.text,
                buttons=reply.buttons,
                external_id=f"bot:{key}:{number}" if key is not None else None,
                meta={**(meta or {}), **reply.meta, "control_version": version},
            )
            for number, reply in enumerate(replies)
        ]
        return Spoken(tuple(messages), stale)

    async def bot_speaks(
        self, tx: Tx, conversation_id: str, *, version: int, key: str, name: str, stored: StoredFile, seconds: float
    ) -> Message | None:
        """What the bot has just written, as a voice note; None where somebody took over meanwhile. The same ``key``
        again adds nothing."""
        conversation = await self.now(tx, conversation_id)
        external_id = f"spoken:{key}"
        if not rules.bot_may_speak(conversation, version) or self._attachments is None:
            return None
        if await store.message_by_external(tx.session, conversation.channel, external_id) is not None:
            return None
        attachment = await self._attachments.add(tx, conversation.id, name=name, stored=stored)
        return await self._add(
            tx, conversation, Author.BOT, text="", external_id=external_id, attachments=[attachment],
            meta={rules.VOICE: {"seconds": round(seconds, 1)}, "control_version": version},
        )  # fmt: skip

    async def amend(
        self, tx: Tx, message_id: str, *, text: str | None = None, meta: Mapping[str, Any] | None = None
    ) -> Message:
        """Correct what is recorded of a spoken message (how much of it was heard)."""
        message = await store.merge_message_meta(tx.session, message_id, text, dict(meta or {}))
        await self._announce_message(tx, message)
        return message

    async def ask_for_person(
        self, tx: Tx, conversation_id: str, *, version: int, reason: str, priority: Priority = Priority.NORMAL
    ) -> Conversation:
        """``reason``: a code (``conversations.reason.*``), or words."""
        conversation = await self.now(tx, conversation_id)
        change = rules.decide_ask_for_person(conversation, version=version, reason=reason, priority=priority)
        if change is None:
            return conversation
        why = self.why(reason) or ""
        return await self._change(tx, conversation, change, event="asked_for_person", reason=reason, why=why)

    async def prioritise(self, tx: Tx, conversation_id: str, priority: Priority, *, staff: Staff) -> Conversation:
        """What a person thinks of its urgency. Again the same says nothing."""
        conversation = await self.now(tx, conversation_id)
        if conversation.priority is priority:
            return conversation
        conversation = self._write(tx, await store.set_priority(tx.session, conversation_id, priority))
        words = self._texts.say(f"conversations.priority.{priority.value}")
        meta = {"priority": priority.value}
        await self._event(tx, conversation, "prioritised", staff=staff, meta=meta, name=staff.name, priority=words)
        await tx.publish(PriorityChanged(conversation_id, priority))
        return await self.now(tx, conversation_id)

    async def take_over(
        self, tx: Tx, conversation_id: str, *, staff: Staff, version: int | None = None
    ) -> Conversation:
        conversation = await self.now(tx, conversation_id)
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
        conversation = await self.now(tx, conversation_id)
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
        conversation = await self.now(tx, conversation_id)
        change = rules.decide_pass_on(
            conversation,
            staff_id=staff.id if staff else None,
            version=version,
            may_take_from_colleague=staff is not None and may(staff, Action.TAKE_FROM_COLLEAGUE),
            to=to,
        )
        return await self._change(tx, conversation, change, event=event, staff=staff, reason=to.reason, to=colleague)

    async def agent_says(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        staff: Staff,
        text: str,
        kind: Kind = Kind.TEXT,
        client_id: str | None = None,
        attachments: Sequence[Attachment] = (),
        template: Mapping[str, Any] | None = None,
        seen: int | None = None,
    ) -> Message:
        """Write to the customer, or a note to colleagues. The same ``client_id`` again answers the same message.
        ``template``: which approved template of the carrier's it is, past whose window one may write. ``seen``: the
        last message that was there when the writing began; ``Conflict`` where a colleague has answered since."""
        conversation = await self.now(tx, conversation_id)
        external_id = f"{staff.id}:{conversation_id}:{client_id}" if client_id else None
        if external_id is not None:
            known = await store.message_by_external(tx.session, conversation.channel, external_id)
            if known is not None:
                return known
        rules.decide_agent_speaks(conversation, staff_id=staff.id, kind=kind)
        if seen is not None and kind is Kind.TEXT:
            await self._nobody_else_answered(tx, conversation, seen, staff)
        if kind is Kind.TEXT and template is None and not rules.window_open(conversation, self._clock.now()):
            raise Conflict("window_closed")
        meta: dict[str, Any] = {"client_id": client_id} if client_id else {}
        if template is not None:
            meta[rules.TEMPLATE] = dict(template)
        message = await self._add(
            tx,
            conversation,
            Author.AGENT,
            author_id=staff.id,
            kind=kind,
            text=rules.clean_text(text) if text.strip() or not attachments else "",
            external_id=external_id,
            attachments=attachments,
            meta=meta,
        )
        if kind is Kind.TEXT:
            await tx.publish(AgentSpoke(conversation.id, message.id, conversation.channel, message.text))
        return message

    async def said_outside(self, tx: Tx, conversation_id: str, *, text: str, external_id: str) -> Message:
        """Somebody of ours answered from the paired telephone or a mail client, and has the conversation with it;
        nobody knows who it was, so anybody may take it from there."""
        conversation = await self.now(tx, conversation_id)
        if conversation.control is not Control.AGENT:
            change = Change(Control.AGENT, None)
            conversation = await self._change(tx, conversation, change, event="took_over_outside")
        message = await self._add(
            tx, conversation, Author.AGENT, text=text, external_id=external_id, meta={"outside": True}, elsewhere=True
        )
        await tx.publish(AgentSpoke(conversation.id, message.id, conversation.channel, message.text))
        return message

    async def agent_said(
        self, tx: Tx, conversation_id: str, *, staff_id: str, text: str, external_id: str, meta: Mapping[str, Any]
    ) -> Message:
        """What a member of staff said aloud on a call, as it was understood."""
        conversation = await self.now(tx, conversation_id)
        return await self._add(
            tx, conversation, Author.AGENT, author_id=staff_id, text=rules.clean_text(text), external_id=external_id,
            meta=meta,
        )  # fmt: skip

    async def suggest(self, tx: Tx, conversation_id: str, replies: Sequence[Reply], meta: Mapping[str, Any]) -> None:
        """What the bot would say, for the person who holds the conversation."""
        conversation = await self.now(tx, conversation_id)
        for reply in replies:
            await self._add(tx, conversation, Author.BOT, kind=Kind.SUGGESTION, text=reply.text, meta=meta)

    async def record(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        event: str,
        meta: Mapping[str, Any] | None = None,
        attachments: Sequence[Attachment] = (),
        external_id: str | None = None,
        **params: str,
    ) -> Message:
        """Add an event line to the thread (text ``conversations.event.<event>``)."""
        conversation = await self.now(tx, conversation_id)
        return await self._event(
            tx, conversation, event, staff=None, meta=meta, attachments=attachments, external_id=external_id, **params
        )

    async def mark_read(self, conversation_id: str) -> None:
        async with self._db.write() as tx:
            read = await store.mark_read(tx.session, conversation_id)
            if read is None:
                raise NotFound("no_conversation")
            await self._announce(tx, self._write(tx, read))
