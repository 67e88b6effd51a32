"""All queries of the conversations room.

Those of every message's road are made once, with places for their values: to put a query together costs more than to
run it. Rows of conversations and messages are read and written as rows, never as objects that a session remembers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.models import ConversationRow, MessageRow
from relevo.conversations.rules import (
    ERROR,
    PREVIEW,
    Author,
    Change,
    Control,
    Conversation,
    Delivery,
    Kind,
    Message,
    Priority,
    iso,
    priority_after,
)

CONVERSATION = _C = cast(Table, ConversationRow.__table__)
MOST_HOLDERS = 50
_M = cast(Table, MessageRow.__table__)
_BY_ID = select(_C).where(_C.c.id == bindparam("conversation_id"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_OF_MESSAGE_LOCKED = (
    select(_C)
    .where(_C.c.id == select(_M.c.conversation_id).where(_M.c.id == bindparam("message_id")).scalar_subquery())
    .with_for_update()
)
_MESSAGE = select(_M).where(_M.c.id == bindparam("message_id"))
_MESSAGE_LOCKED = _MESSAGE.with_for_update()
_BY_EXTERNAL = select(_M).where(_M.c.channel == bindparam("channel"), _M.c.external_id == bindparam("external_id"))
_BY_CARRIER = (
    select(_M).where(_M.c.channel == bindparam("channel"), _M.c.carrier_id == bindparam("carrier_id")).limit(1)
)
_WITH_ADDRESS = (
    select(_C)
    .where(
        _C.c.channel == bindparam("channel"), _C.c.account == bindparam("account"), _C.c.address == bindparam("address")
    )
    .order_by(_C.c.created_at.desc(), _C.c.id.desc())
    .limit(1)
)
_AFTER = (
    select(_M)
    .where(_M.c.conversation_id == bindparam("conversation_id"), _M.c.seq > bindparam("after_seq"))
    .order_by(_M.c.seq.desc())
    .limit(bindparam("most"))
)
_NEXT = update(_C).where(_C.c.id == bindparam("conversation_id")).values(messages=_C.c.messages + 1).returning(_C)
_SHOWN: dict[str, Any] = {
    "last_text": bindparam("shown"), "last_author": bindparam("shown_author"), "last_at": bindparam("shown_at"),
}  # fmt: skip
_mood = func.coalesce(func.coalesce(_C.c.mood, 0.0) / 2 + bindparam("felt", type_=_C.c.mood.type), _C.c.mood)
_NEXT_BY: dict[str, Any] = {
    # Whoever writes is shown in lists; a customer is to be read, an agent has read.
    "customer": _NEXT.values(**_SHOWN, unread=_C.c.unread + 1, mood=_mood),
    "agent": _NEXT.values(**_SHOWN, unread=0),
    "": _NEXT.values(**_SHOWN),
}
_CONTACT = update(_C).where(_C.c.id == bindparam("conversation_id")).returning(_C)
_READ = _CONTACT.values(unread=0)
_REACHED: dict[str, Any] = {"address": bindparam("new_address"), "account": bindparam("new_account")}
_AT_ADDRESS = _CONTACT.values(**_REACHED)
_AT_ADDRESS_UNTIL = _CONTACT.values(**_REACHED, window_until=bindparam("new_window"))
_HANDED = update(_M).where(_M.c.id == bindparam("message_id")).values(handed=_M.c.handed + 1).returning(_M)
_ARRIVED = update(_M).where(_M.c.id == bindparam("message_id")).values(delivery=bindparam("reached")).returning(_M)
_SENT = (
    update(_M)
    .where(_M.c.id == bindparam("message_id"), _M.c.delivery == Delivery.PENDING.value)
    .values(delivery=bindparam("reached"), carrier_id=bindparam("carrier"))
    .returning(_M)
)
_CARRIED_AS = update(_M).where(_M.c.id == bindparam("message_id")).values(carrier_id=bindparam("carrier"))
_INSERT = insert(_M)


async def conversation(session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Conversation | None:
    """``lock`` holds the row until the end of the transaction (a no-op on SQLite, whose writers queue anyway)."""
    query = _BY_ID_LOCKED if lock else _BY_ID
    row = (await session.execute(query, {"conversation_id": conversation_id})).first()
    return conversation_of_row(row) if row else None


async def conversation_of(session: AsyncSession, message_id: str) -> Conversation | None:
    """The one with a message, held to the end of the transaction."""
    row = (await session.execute(_OF_MESSAGE_LOCKED, {"message_id": message_id})).first()
    return conversation_of_row(row) if row else None


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
    values = {
        "id": conversation_id, "channel": channel, "person_id": person_id, "control": control.value,
        "control_version": 1, "unread": 0, "messages": 0, "meta": meta, "created_at": at, "last_at": at,
        "account": account, "address": address, "window_until": window_until,
    }  # fmt: skip
    return conversation_of_row((await session.execute(insert(_C).values(values).returning(_C))).one())


async def conversation_with(
    session: AsyncSession,
    channel: str,
    account: str,
    *,
    address: str | None = None,
    person_ids: Collection[str] = (),
) -> Conversation | None:
    """The latest one of this account with an address, or with a person under whatever address."""
    if address is not None:
        found = await session.execute(_WITH_ADDRESS, {"channel": channel, "account": account, "address": address})
    else:
        query = (
            select(_C)
            .where(_C.c.channel == channel, _C.c.account == account, _C.c.person_id.in_(person_ids))
            .order_by(_C.c.created_at.desc(), _C.c.id.desc())
            .limit(1)
        )
        found = await session.execute(query)
    row = found.first()
    return conversation_of_row(row) if row else None


async def set_contact(session: AsyncSession, conversation_id: str, **values: Any) -> Conversation:
    """Columns that say how the customer is reached (``window_until``, ``meta``), and which queue it came to."""
    changed = await session.execute(_CONTACT.values(**values), {"conversation_id": conversation_id})
    return conversation_of_row(changed.one())


async def set_address(
    session: AsyncSession, conversation_id: str, address: str, account: str, window_until: datetime | None
) -> Conversation:
    """Where the customer has just written from; the window stays as it is for None."""
    values = {"conversation_id": conversation_id, "new_address": address, "new_account": account}
    if window_until is None:
        changed = await session.execute(_AT_ADDRESS, values)
    else:
        changed = await session.execute(_AT_ADDRESS_UNTIL, {**values, "new_window": window_until})
    return conversation_of_row(changed.one())


async def change_control(
    session: AsyncSession, before: Conversation, change: Change, *, closed_at: datetime | None
) -> Conversation | None:
    """Compare-and-set on the version; None if somebody was faster."""
    changed = await session.execute(
        update(_C)
        .where(_C.c.id == before.id, _C.c.control_version == before.control_version)
        .values(
            control=change.control.value,
            control_version=before.control_version + 1,
            agent_id=change.agent_id,
            holders=_holders(before.holders, change.agent_id),
            reason=change.reason,
            priority=priority_after(before, change).value,
            closed_at=closed_at,
        )
        .returning(_C)
    )
    row = changed.first()
    return conversation_of_row(row) if row else None


async def mark_read(session: AsyncSession, conversation_id: str) -> Conversation | None:
    row = (await session.execute(_READ, {"conversation_id": conversation_id})).first()
    return conversation_of_row(row) if row else None


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
    felt: float | None = None,
) -> tuple[Message, Conversation]:
    """Append to the thread. ``seq`` is counted in the conversation's row, so that it has no holes and no twins; with
    the message goes the conversation as it is then."""
    counting, values = _NEXT, dict[str, Any](conversation_id=conversation.id)
    if kind is Kind.TEXT:
        counting = _NEXT_BY.get(author.value, _NEXT_BY[""])
        values |= {"shown": preview or text[:PREVIEW], "shown_author": author.value, "shown_at": at}
        values |= {"felt": felt} if counting is _NEXT_BY["customer"] else {}
    elif author is Author.CUSTOMER:
        counting = _NEXT.values(unread=_C.c.unread + 1)
    counted = (await session.execute(counting, values)).one()
    row = {
        "id": message_id, "conversation_id": conversation.id, "seq": counted.messages, "channel": conversation.channel,
        "external_id": external_id, "author": author.value, "author_id": author_id, "kind": kind.value, "text": text,
        "buttons": list(buttons), "delivery": delivery.value if delivery else None, "meta": meta, "at": at,
        "handed": 0,
    }  # fmt: skip
    await session.execute(_INSERT, row)
    added = Message(
        message_id, conversation.id, counted.messages, author, author_id, kind, text, tuple(buttons), delivery, meta, at
    )
    return added, conversation_of_row(counted)


async def message(session: AsyncSession, message_id: str, *, lock: bool = False) -> Message | None:
    """As it is now in this transaction."""
    row = (await session.execute(_MESSAGE_LOCKED if lock else _MESSAGE, {"message_id": message_id})).first()
    return _message(row) if row else None


async def message_by_external(session: AsyncSession, channel: str, external_id: str) -> Message | None:
    row = (await session.execute(_BY_EXTERNAL, {"channel": channel, "external_id": external_id})).first()
    return _message(row) if row else None


async def message_by_carrier(session: AsyncSession, channel: str, carrier_id: str) -> Message | None:
    row = (await session.execute(_BY_CARRIER, {"channel": channel, "carrier_id": carrier_id})).first()
    return _message(row) if row else None


async def messages(
    session: AsyncSession, conversation_id: str, *, after_seq: int = 0, limit: int = 500
) -> list[Message]:
    """The latest ``limit`` messages after ``after_seq``, oldest first."""
    values = {"conversation_id": conversation_id, "after_seq": after_seq, "most": limit}
    return [_message(row) for row in reversed((await session.execute(_AFTER, values)).all())]


async def last_resolved(session: AsyncSession, conversation_id: str) -> dict[str, Any] | None:
    """What it was before it was last resolved; None where nothing says so."""
    query = (
        select(_M.c.meta)
        .where(_M.c.conversation_id == conversation_id, _M.c.kind == Kind.EVENT.value)
        .order_by(_M.c.seq.desc())
        .limit(20)
    )
    for meta in (await session.execute(query)).scalars():
        if meta.get("event") == "resolved":
            was: dict[str, Any] | None = meta.get("was")
            return was
    return None


async def answered_after(session: AsyncSession, conversation_id: str, seq: int, staff_id: str) -> str | None:
    """Who else of the staff wrote to the customer after ``seq``, the last of them; "" where nobody knows who."""
    query = (
        select(func.coalesce(_M.c.author_id, ""))
        .where(_M.c.conversation_id == conversation_id, _M.c.seq > seq, _M.c.author == Author.AGENT.value)
        .where(_M.c.kind == Kind.TEXT.value, func.coalesce(_M.c.author_id, "") != staff_id)
        .order_by(_M.c.seq.desc())
        .limit(1)
    )
    found: str | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def set_delivery(
    session: AsyncSession, message_id: str, delivery: Delivery, error: str | None, at: datetime | None = None
) -> Message | None:
    arrived = (await session.execute(_ARRIVED, {"message_id": message_id, "reached": delivery.value})).first()
    if arrived is None or (not error and at is None):
        return _message(arrived) if arrived else None
    meta = {ERROR: error} if error else {}
    return await merge_message_meta(
        session, message_id, None, meta | ({f"{delivery.value}_at": iso(at)} if at is not None else {})
    )


async def set_sent(session: AsyncSession, message_id: str, delivery: Delivery, carrier_id: str) -> Message | None:
    """What its carrier answered, under its number there; None where the carrier was faster with news of it."""
    values = {"message_id": message_id, "reached": delivery.value, "carrier": carrier_id}
    row = (await session.execute(_SENT, values)).first()
    return _message(row) if row else None


async def set_carrier_id(session: AsyncSession, message_id: str, carrier_id: str) -> None:
    await session.execute(_CARRIED_AS, {"message_id": message_id, "carrier": carrier_id})


async def hand_over(session: AsyncSession, message_id: str) -> Message:
    return _message((await session.execute(_HANDED, {"message_id": message_id})).one())


async def begin_delivery_again(session: AsyncSession, message_id: str, meta: dict[str, Any]) -> Message:
    row = (await session.execute(_MESSAGE, {"message_id": message_id})).one()
    meta = {key: value for key, value in row.meta.items() if key != ERROR} | meta
    return await _set(session, message_id, delivery=Delivery.PENDING.value, carrier_id=None, meta=meta)


async def make_suggestion(session: AsyncSession, message_id: str) -> Message:
    return await _set(session, message_id, kind=Kind.SUGGESTION.value, delivery=None)


async def _set(session: AsyncSession, message_id: str, **values: Any) -> Message:
    changed = await session.execute(update(_M).where(_M.c.id == message_id).values(**values).returning(_M))
    return _message(changed.one())


async def bot_pending(session: AsyncSession, conversation_id: str) -> list[Message]:
    """What the bot said and its carrier does not have yet, for certain."""
    query = (
        select(_M)
        .where(
            _M.c.conversation_id == conversation_id,
            _M.c.author == Author.BOT.value,
            _M.c.delivery == Delivery.PENDING.value,
        )
        .order_by(_M.c.seq)
        .with_for_update()
    )
    return [_message(row) for row in await session.execute(query)]


async def undelivered(session: AsyncSession, conversation_id: str, up_to_seq: int) -> list[str]:
    """Outgoing messages the customer has now received and that are not marked so yet."""
    query = select(MessageRow.id).where(
        MessageRow.conversation_id == conversation_id,
        MessageRow.seq <= up_to_seq,
        MessageRow.delivery.in_((Delivery.PENDING.value, Delivery.SENT.value)),
    )
    return list((await session.execute(query)).scalars())


async def merge_message_meta(session: AsyncSession, message_id: str, text: str | None, meta: dict[str, Any]) -> Message:
    row = (await session.execute(_MESSAGE, {"message_id": message_id})).one()
    values: dict[str, Any] = {"meta": {**row.meta, **meta}}
    return await _set(session, message_id, **(values if text is None else {**values, "text": text}))


async def set_preview(session: AsyncSession, message: Message, text: str) -> Conversation | None:
    """Show these words of a message in lists, if it is the latest; None where it is not."""
    shown = await session.execute(
        update(_C)
        .where(_C.c.id == message.conversation_id, _C.c.last_at == message.at)
        .values(last_text=text[:PREVIEW])
        .returning(_C)
    )
    row = shown.first()
    return conversation_of_row(row) if row else None


async def set_priority(session: AsyncSession, conversation_id: str, priority: Priority) -> Conversation:
    changed = await session.execute(
        update(_C).where(_C.c.id == conversation_id).values(priority=priority.value).returning(_C)
    )
    return conversation_of_row(changed.one())


def conversation_of_row(row: Row[Any]) -> Conversation:
    return Conversation(
        row.id, row.channel, row.person_id, Control(row.control), row.control_version, row.agent_id, row.reason,
        row.last_text, Author(row.last_author) if row.last_author else None, row.last_at, row.unread, row.meta,
        row.created_at, row.closed_at, row.account, row.address, row.window_until, Priority(row.priority), row.mood,
        row.queue_id, tuple(row.holders.split()),
    )  # fmt: skip


async def add_holder(session: AsyncSession, before: Conversation, staff_id: str) -> Conversation:
    return await set_contact(session, before.id, holders=_holders(before.holders, staff_id))


def _holders(before: Sequence[str], agent_id: str | None) -> str:
    """With spaces around each, so that one can be looked for."""
    kept = [*(each for each in before if each != agent_id), *([agent_id] if agent_id else [])]
    return f" {' '.join(kept[-MOST_HOLDERS:])} " if kept else ""


def _message(row: Row[Any]) -> Message:
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
        .values(last_text=None, last_author=None, mood=None)
    )
    return len(gone.all())


async def count(session: AsyncSession, control: Control) -> int:
    """How many conversations are in somebody's hands, or nobody's."""
    query = select(func.count()).select_from(ConversationRow).where(ConversationRow.control == control.value)
    return (await session.execute(query)).scalar_one()
