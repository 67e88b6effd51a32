"""All queries of the conversations room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.files import Attachment
from relevo.conversations.models import AttachmentRow, ConversationRow, MessageRow
from relevo.conversations.rules import (
    ERROR,
    PREVIEW,
    Author,
    Change,
    Control,
    Conversation,
    Delivery,
    Kind,
    Mark,
    Message,
    Priority,
    iso,
    priority_after,
)

QUEUE = "queued"
FOLDERS = ("mine", QUEUE, "bot", "all", "closed")
_urgency = case({each.value: each.rank for each in Priority}, value=ConversationRow.priority, else_=0)


async def conversation(session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    """``lock`` holds the row until the end of the transaction (a no-op on SQLite, whose writers queue anyway)."""
    query = select(ConversationRow).where(ConversationRow.id == conversation_id)
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return _conversation(row) if row else None


async def add_conversation(
    session: AsyncSession,
    conversation_id: str,
    *,
    channel: str,
    person_id: str,
    control: Control,
    meta: dict[str, Any],
    at: datetime,
    account: str | None = None,
    address: str | None = None,
    window_until: datetime | None = None,
) -> Conversation:
    row = ConversationRow(
        id=conversation_id, channel=channel, person_id=person_id, control=control.value, control_version=1,
        unread=0, messages=0, meta=meta, created_at=at, last_at=at, account=account, address=address,
        window_until=window_until,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return _conversation(row)


async def conversation_with(
    session: AsyncSession,
    channel: str,
    account: str,
    *,
    address: str | None = None,
    person_ids: Collection[str] = (),
) -> Conversation | None:
    """The latest one of this account with an address, or with a person under whatever address."""
    who = ConversationRow.address == address if address is not None else ConversationRow.person_id.in_(person_ids)
    query = (
        select(ConversationRow)
        .where(ConversationRow.channel == channel, ConversationRow.account == account, who)
        .order_by(ConversationRow.created_at.desc(), ConversationRow.id.desc())
        .limit(1)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    return _conversation(row) if row else None


async def set_contact(session: AsyncSession, conversation_id: str, **values: Any) -> None:
    """Columns that say how the customer is reached: ``address``, ``window_until``, ``meta``."""
    await session.execute(update(ConversationRow).where(ConversationRow.id == conversation_id).values(**values))


async def change_control(
    session: AsyncSession, before: Conversation, change: Change, *, closed_at: datetime | None
) -> Conversation | None:
    """Compare-and-set on the version; None if somebody was faster."""
    changed = await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == before.id, ConversationRow.control_version == before.control_version)
        .values(
            control=change.control.value,
            control_version=before.control_version + 1,
            agent_id=change.agent_id,
            reason=change.reason,
            priority=priority_after(before, change).value,
            closed_at=closed_at,
        )
        .returning(ConversationRow)
        .execution_options(populate_existing=True)
    )
    row: ConversationRow | None = changed.scalar_one_or_none()
    return _conversation(row) if row else None


async def mark_read(session: AsyncSession, conversation_id: str) -> None:
    await session.execute(update(ConversationRow).where(ConversationRow.id == conversation_id).values(unread=0))


async def add_message(
    session: AsyncSession,
    message_id: str,
    conversation: Conversation,
    *,
    author: Author,
    author_id: str | None,
    kind: Kind,
    text: str,
    buttons: Sequence[str],
    delivery: Delivery | None,
    external_id: str | None,
    meta: dict[str, Any],
    at: datetime,
    preview: str | None = None,
) -> Message:
    """Append to the thread. ``seq`` is counted in the conversation's row, so that it has no holes and no twins."""
    values: dict[str, Any] = {"messages": ConversationRow.messages + 1}
    if kind is Kind.TEXT:
        values |= {"last_text": preview or text[:PREVIEW], "last_author": author.value, "last_at": at}
    if author is Author.CUSTOMER:
        values["unread"] = ConversationRow.unread + 1
    elif author is Author.AGENT and kind is Kind.TEXT:
        values["unread"] = 0
    counted = await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation.id)
        .values(**values)
        .returning(ConversationRow.messages)
    )
    row = MessageRow(
        id=message_id, conversation_id=conversation.id, seq=counted.scalar_one(), channel=conversation.channel,
        external_id=external_id, author=author.value, author_id=author_id, kind=kind.value, text=text,
        buttons=list(buttons), delivery=delivery.value if delivery else None, meta=meta, at=at,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return _message(row)


async def message(session: AsyncSession, message_id: str, *, fresh: bool = False, lock: bool = False) -> Message | None:
    """``fresh``: as it is now, though it was read before in this transaction."""
    row = await session.get(MessageRow, message_id, populate_existing=fresh, with_for_update=lock or None)
    return _message(row) if row else None


async def message_by_external(session: AsyncSession, channel: str, external_id: str) -> Message | None:
    query = select(MessageRow).where(MessageRow.channel == channel, MessageRow.external_id == external_id)
    row = (await session.execute(query)).scalar_one_or_none()
    return _message(row) if row else None


async def message_by_carrier(session: AsyncSession, channel: str, carrier_id: str) -> Message | None:
    query = select(MessageRow).where(MessageRow.channel == channel, MessageRow.carrier_id == carrier_id).limit(1)
    row = (await session.execute(query)).scalar_one_or_none()
    return _message(row) if row else None


async def messages(
    session: AsyncSession, conversation_id: str, *, after_seq: int = 0, limit: int = 500
) -> list[Message]:
    """The latest ``limit`` messages after ``after_seq``, oldest first."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > after_seq)
        .order_by(MessageRow.seq.desc())
        .limit(limit)
    )
    return [_message(row) for row in reversed((await session.execute(query)).scalars().all())]


async def set_delivery(
    session: AsyncSession, message_id: str, delivery: Delivery, error: str | None, at: datetime | None = None
) -> Message | None:
    row = await session.get(MessageRow, message_id)
    if row is None:
        return None
    row.delivery = delivery.value
    if error:
        row.meta = {**row.meta, ERROR: error}
    if at is not None:
        row.meta = {**row.meta, f"{delivery.value}_at": iso(at)}
    await session.flush()
    return _message(row)


async def set_carrier_id(session: AsyncSession, message_id: str, carrier_id: str) -> None:
    row = await session.get_one(MessageRow, message_id)
    row.carrier_id = carrier_id
    await session.flush()


async def hand_over(session: AsyncSession, message_id: str) -> Message:
    row = await session.get_one(MessageRow, message_id)
    row.handed += 1
    await session.flush()
    return _message(row)


async def begin_delivery_again(session: AsyncSession, message_id: str, meta: dict[str, Any]) -> Message:
    row = await session.get_one(MessageRow, message_id)
    row.delivery, row.carrier_id = Delivery.PENDING.value, None
    row.meta = {key: value for key, value in row.meta.items() if key != ERROR} | meta
    await session.flush()
    return _message(row)


async def make_suggestion(session: AsyncSession, message_id: str) -> Message:
    row = await session.get_one(MessageRow, message_id)
    row.kind, row.delivery = Kind.SUGGESTION.value, None
    await session.flush()
    return _message(row)


async def bot_pending(session: AsyncSession, conversation_id: str) -> list[Message]:
    """What the bot said and its carrier does not have yet, for certain."""
    query = (
        select(MessageRow)
        .where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.author == Author.BOT.value,
            MessageRow.delivery == Delivery.PENDING.value,
        )
        .order_by(MessageRow.seq)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [_message(row) for row in (await session.execute(query)).scalars()]


async def undelivered(session: AsyncSession, conversation_id: str, up_to_seq: int) -> list[str]:
    """Outgoing messages the customer has now received and that are not marked so yet."""
    query = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation_id,
        MessageRow.seq <= up_to_seq,
        MessageRow.delivery.in_((Delivery.PENDING.value, Delivery.SENT.value)),
    )
    return list((await session.execute(query)).scalars())


async def merge_message_meta(session: AsyncSession, message_id: str, text: str | None, meta: dict[str, Any]) -> Message:
    row = await session.get_one(MessageRow, message_id)
    row.meta = {**row.meta, **meta}
    if text is not None:
        row.text = text
    await session.flush()
    return _message(row)


async def set_preview(session: AsyncSession, message: Message, text: str) -> bool:
    """Show these words of a message in lists, if it is the latest; whether it is."""
    shown = await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == message.conversation_id, ConversationRow.last_at == message.at)
        .values(last_text=text[:PREVIEW])
        .returning(ConversationRow.id)
    )
    return shown.first() is not None


async def add_attachment(session: AsyncSession, attachment: Attachment) -> None:
    session.add(
        AttachmentRow(
            id=attachment.id, conversation_id=attachment.conversation_id, message_id=attachment.message_id,
            name=attachment.name, media_type=attachment.media_type, size=attachment.size, sha256=attachment.sha256,
            path_key=attachment.path_key, created_at=attachment.created_at,
        )
    )  # fmt: skip
    await session.flush()


async def drop_attachment(session: AsyncSession, attachment_id: str) -> None:
    await session.execute(delete(AttachmentRow).where(AttachmentRow.id == attachment_id))


async def attach(session: AsyncSession, message_id: str, attachment_ids: Sequence[str]) -> None:
    """They belong to this message from here on."""
    await session.execute(
        update(AttachmentRow).where(AttachmentRow.id.in_(attachment_ids)).values(message_id=message_id)
    )


async def attachment(session: AsyncSession, attachment_id: str) -> Attachment | None:
    query = select(AttachmentRow).where(AttachmentRow.id == attachment_id).execution_options(populate_existing=True)
    row = (await session.execute(query)).scalar_one_or_none()
    return _attachment(row) if row else None


async def attachments_of(session: AsyncSession, conversation_id: str) -> list[Attachment]:
    query = (
        select(AttachmentRow)
        .where(AttachmentRow.conversation_id == conversation_id)
        .order_by(AttachmentRow.created_at, AttachmentRow.id)
        .execution_options(populate_existing=True)
    )
    return [_attachment(row) for row in (await session.execute(query)).scalars()]


async def count_attachments(session: AsyncSession, conversation_id: str) -> int:
    query = select(func.count()).select_from(AttachmentRow).where(AttachmentRow.conversation_id == conversation_id)
    return int((await session.execute(query)).scalar_one())


async def listing(
    session: AsyncSession, *, folder: str, staff_id: str, limit: int, before: Mark | None = None
) -> list[Conversation]:
    """The latest first; those who wait for a person by their priority before that."""
    query = _folder(select(ConversationRow), folder, staff_id)
    order = [ConversationRow.last_at.desc(), ConversationRow.id]
    earlier = ConversationRow.last_at < before.at if before else None
    if folder == QUEUE:
        order.insert(0, _urgency.desc())
        if before is not None and earlier is not None:
            rank = before.priority.rank
            earlier = or_(_urgency < rank, and_(_urgency == rank, earlier))
    if earlier is not None:
        query = query.where(earlier)
    query = query.order_by(*order).limit(limit)
    return [_conversation(row) for row in (await session.execute(query)).scalars().all()]


async def of_people(session: AsyncSession, ids: Collection[str], limit: int) -> list[Conversation]:
    """With these people, the latest first."""
    query = select(ConversationRow).where(ConversationRow.person_id.in_(ids))
    query = query.order_by(ConversationRow.last_at.desc(), ConversationRow.id).limit(limit)
    return [_conversation(row) for row in (await session.execute(query)).scalars()]


async def set_priority(session: AsyncSession, conversation_id: str, priority: Priority) -> None:
    await session.execute(
        update(ConversationRow).where(ConversationRow.id == conversation_id).values(priority=priority.value)
    )


def _folder(query: Select[ConversationRow], folder: str, staff_id: str) -> Select[ConversationRow]:
    if folder == "mine":
        return query.where(ConversationRow.agent_id == staff_id, ConversationRow.control == Control.AGENT.value)
    if folder == "all":
        return query.where(ConversationRow.control != Control.CLOSED.value)
    return query.where(ConversationRow.control == folder)


def _conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        row.id, row.channel, row.person_id, Control(row.control), row.control_version, row.agent_id, row.reason,
        row.last_text, Author(row.last_author) if row.last_author else None, row.last_at, row.unread, row.meta,
        row.created_at, row.closed_at, row.account, row.address, row.window_until, Priority(row.priority),
    )  # fmt: skip


def _message(row: MessageRow) -> Message:
    return Message(
        row.id, row.conversation_id, row.seq, Author(row.author), row.author_id, Kind(row.kind), row.text,
        tuple(row.buttons), Delivery(row.delivery) if row.delivery else None, row.meta, row.at,
        row.carrier_id, row.handed,
    )  # fmt: skip


async def with_old_messages(
    session: AsyncSession, before: datetime, *, after: str = "", limit: int = 200
) -> list[tuple[str, str]]:
    """(conversation, person) with something that was said before, in the order of their ids and after ``after``."""
    old = select(MessageRow.id).where(MessageRow.conversation_id == ConversationRow.id, MessageRow.at < before)
    query = (
        select(ConversationRow.id, ConversationRow.person_id)
        .where(ConversationRow.id > after, old.exists())
        .order_by(ConversationRow.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def forget_messages(session: AsyncSession, conversation_id: str, before: datetime) -> int:
    """Delete what was said before, and the preview with it. Returns how many messages that was."""
    gone = await session.execute(
        delete(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.at < before)
        .returning(MessageRow.id)
    )
    await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id, ConversationRow.last_at < before)
        .values(last_text=None, last_author=None)
    )
    return len(gone.all())


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(
        row.id, row.conversation_id, row.message_id, row.name, row.media_type, row.size, row.sha256, row.path_key,
        row.created_at,
    )  # fmt: skip


async def count(session: AsyncSession, control: Control) -> int:
    """How many conversations are in somebody's hands, or nobody's."""
    query = select(func.count()).select_from(ConversationRow).where(ConversationRow.control == control.value)
    return (await session.execute(query)).scalar_one()


async def old_attachments(session: AsyncSession, conversation_id: str, before: datetime) -> list[str]:
    query = select(AttachmentRow.id).where(
        AttachmentRow.conversation_id == conversation_id, AttachmentRow.created_at < before
    )
    return list((await session.execute(query)).scalars())


async def drop_attachments(session: AsyncSession, attachment_ids: Collection[str]) -> None:
    await session.execute(delete(AttachmentRow).where(AttachmentRow.id.in_(attachment_ids)))


async def files_in_use(session: AsyncSession, keys: Collection[str]) -> frozenset[str]:
    query = select(AttachmentRow.path_key).where(AttachmentRow.path_key.in_(keys))
    return frozenset((await session.execute(query)).scalars())
