"""All queries of the e-mail channel."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.adapters.channels.email.guarding import Why
from relevo.adapters.channels.email.models import MailboxRow, MailRow
from relevo.kit.db import upsert

HELD = "held"
"""Why a mail got no automatic answer: a person has its conversation."""


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    """By us."""
    SENT = "sent"
    """By a person with a mail program."""


class State(StrEnum):
    TAKEN = "taken"
    LEFT = "left"
    """Seen and left alone: nobody's words, or nothing of ours."""
    BOUNCED = "bounced"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Cursor:
    uidvalidity: int
    last_uid: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a mail."""

    id: str
    account: str
    key: str
    message_id: str
    direction: Direction
    state: State
    at: datetime
    references: tuple[str, ...] = ()
    reason: str | None = None
    folder: str | None = None
    uid: int | None = None
    address: str | None = None
    subject: str = ""
    subject_key: str = ""
    conversation_id: str | None = None
    message_ref: str | None = None
    html: str | None = field(default=None, repr=False)
    raw_key: str | None = None
    tries: int = 0
    retry_at: datetime | None = None


def hashed(*said: str) -> str:
    return hashlib.sha256("\0".join(said).encode(errors="replace")).hexdigest()


async def cursor(session: AsyncSession, account: str, folder: str) -> Cursor | None:
    row = await session.get(MailboxRow, (account, folder), populate_existing=True)
    return Cursor(row.uidvalidity, row.last_uid, row.last_at) if row else None


async def begin(session: AsyncSession, account: str, folder: str, at: Cursor) -> None:
    """Read from here on."""
    values = {"uidvalidity": at.uidvalidity, "last_uid": at.last_uid}
    if at.last_at is not None:
        values["last_at"] = at.last_at  # type: ignore[assignment]
    new = upsert(session, MailboxRow).values(account=account, folder=folder, mode="", **values)
    await session.execute(new.on_conflict_do_update(index_elements=["account", "folder"], set_=values))


async def advance(session: AsyncSession, account: str, folder: str, uidvalidity: int, uid: int, at: datetime) -> None:
    """Never back, and not where the folder is a new one meanwhile."""
    await session.execute(
        update(MailboxRow)
        .where(
            MailboxRow.account == account, MailboxRow.folder == folder,
            MailboxRow.uidvalidity == uidvalidity, MailboxRow.last_uid < uid,
        )
        .values(last_uid=uid, last_at=at)
    )  # fmt: skip


async def looked(session: AsyncSession, account: str, *, at: datetime, mode: str | None, error: str | None) -> None:
    values: dict[str, object] = {"error": error}
    if error is None:
        values |= {"looked_at": at, "mode": mode or ""}
    await session.execute(update(MailboxRow).where(MailboxRow.account == account).values(**values))


async def condition(session: AsyncSession, account: str) -> tuple[datetime | None, str | None]:
    """When the mailbox was last read, and what is wrong with it."""
    query = select(func.max(MailboxRow.looked_at), func.max(MailboxRow.error)).where(MailboxRow.account == account)
    row = (await session.execute(query)).one()
    return row[0], row[1]


async def known(session: AsyncSession, account: str, key: str) -> Kept | None:
    query = select(MailRow).where(MailRow.account == account, MailRow.key == key)
    row = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    return _kept(row) if row else None


async def by_id(session: AsyncSession, mail_id: str) -> Kept | None:
    row = await session.get(MailRow, mail_id, populate_existing=True)
    return _kept(row) if row else None


async def put(session: AsyncSession, mail: Kept) -> None:
    """Write it, over what was known of the same mail."""
    values = {
        "id_hash": hashed(mail.message_id), "message_id": mail.message_id, "references": list(mail.references),
        "direction": mail.direction.value, "state": mail.state.value, "reason": mail.reason, "folder": mail.folder,
        "uid": mail.uid, "address": mail.address, "subject": mail.subject, "subject_key": mail.subject_key,
        "conversation_id": mail.conversation_id, "message_ref": mail.message_ref, "html": mail.html,
        "raw_key": mail.raw_key, "tries": mail.tries, "retry_at": mail.retry_at, "at": mail.at,
    }  # fmt: skip
    new = upsert(session, MailRow).values(id=mail.id, account=mail.account, key=mail.key, **values)
    await session.execute(new.on_conflict_do_update(index_elements=["account", "key"], set_=values))


async def drop_quarantined(session: AsyncSession, mail_id: str) -> None:
    """Unless it was taken meanwhile."""
    gone = delete(MailRow).where(MailRow.id == mail_id, MailRow.state == State.QUARANTINED.value)
    await session.execute(gone)


async def conversation_of(session: AsyncSession, account: str, message_ids: Sequence[str]) -> str | None:
    """Where the newest of these mails is; they come oldest first."""
    if not message_ids:
        return None
    hashes = {hashed(each): at for at, each in enumerate(message_ids)}
    query = select(MailRow.id_hash, MailRow.conversation_id).where(
        MailRow.account == account, MailRow.id_hash.in_(hashes), MailRow.conversation_id.is_not(None)
    )
    found = [(hashes[row[0]], row[1]) for row in (await session.execute(query)).all()]
    return max(found)[1] if found else None


async def conversation_about(
    session: AsyncSession, account: str, address: str, subject_key: str, since: datetime
) -> str | None:
    """The latest one with this address about this."""
    query = (
        select(MailRow.conversation_id)
        .where(
            MailRow.account == account, MailRow.address == address, MailRow.at >= since,
            MailRow.subject_key == subject_key, MailRow.conversation_id.is_not(None),
            _not_stranger(),
        )
        .order_by(MailRow.at.desc())
        .limit(1)
    )  # fmt: skip
    return (await session.execute(query)).scalar_one_or_none()


async def takes_part(session: AsyncSession, conversation_id: str, address: str) -> bool:
    """Whether they wrote in this conversation as somebody who belongs there, or were written to."""
    query = select(MailRow.id).where(
        MailRow.conversation_id == conversation_id, MailRow.address == address, _not_stranger()
    )
    return (await session.execute(query.limit(1))).first() is not None


async def last_of(session: AsyncSession, conversation_id: str) -> Kept | None:
    """The mail that an answer answers: the newest from somebody who takes part."""
    query = (
        select(MailRow)
        .where(
            MailRow.conversation_id == conversation_id, MailRow.direction == Direction.IN.value,
            MailRow.state == State.TAKEN.value, _not_stranger(),
        )
        .order_by(MailRow.at.desc(), MailRow.uid.desc())
        .limit(1)
    )  # fmt: skip
    row = (await session.execute(query)).scalar_one_or_none()
    return _kept(row) if row else None


async def answered_to(session: AsyncSession, account: str, address: str, since: datetime) -> int:
    """How many mails of theirs got an automatic answer."""
    return await _count_answered(session, MailRow.account == account, MailRow.address == address, MailRow.at >= since)


async def answered_in(session: AsyncSession, conversation_id: str, since: datetime) -> int:
    return await _count_answered(session, MailRow.conversation_id == conversation_id, MailRow.at >= since)


async def of_message(session: AsyncSession, message_ref: str) -> Kept | None:
    query = select(MailRow).where(MailRow.message_ref == message_ref).limit(1)
    row = (await session.execute(query)).scalar_one_or_none()
    return _kept(row) if row else None


async def quarantined(session: AsyncSession, limit: int = 200) -> list[Kept]:
    query = select(MailRow).where(MailRow.state == State.QUARANTINED.value).order_by(MailRow.at.desc()).limit(limit)
    return [_kept(row) for row in (await session.execute(query)).scalars()]


async def due(session: AsyncSession, account: str, now: datetime, limit: int = 20) -> list[Kept]:
    """Quarantined mails whose next try has come."""
    query = (
        select(MailRow)
        .where(MailRow.state == State.QUARANTINED.value, MailRow.retry_at <= now, MailRow.account == account)
        .order_by(MailRow.retry_at)
        .limit(limit)
    )
    return [_kept(row) for row in (await session.execute(query)).scalars()]


async def forget(session: AsyncSession, conversation_id: str, before: datetime, *, all_: bool) -> None:
    """What was said is deleted: pages and subjects go; where nothing is left of a conversation, its mails do."""
    of = MailRow.conversation_id == conversation_id
    if all_:
        await session.execute(delete(MailRow).where(of))
        return
    await session.execute(update(MailRow).where(of, MailRow.at < before).values(html=None, subject="", subject_key=""))


async def forget_old(session: AsyncSession, before: datetime) -> list[str | None]:
    """Mails that belong to no conversation. Answers where the bytes of each are."""
    gone = delete(MailRow).where(MailRow.conversation_id.is_(None), MailRow.at < before).returning(MailRow.raw_key)
    return list((await session.execute(gone)).scalars())


async def needed(session: AsyncSession, raw_keys: Collection[str]) -> frozenset[str]:
    """Those of these bytes that a mail has still to be read from."""
    query = select(MailRow.raw_key).where(MailRow.raw_key.in_(list(raw_keys)))
    return frozenset(key for key in (await session.execute(query)).scalars() if key)


async def _count_answered(session: AsyncSession, *where: ColumnElement[bool]) -> int:
    answered = (MailRow.direction == Direction.IN.value, MailRow.state == State.TAKEN.value, MailRow.reason.is_(None))
    query = select(func.count()).select_from(MailRow).where(*answered, *where)
    return (await session.execute(query)).scalar_one()


def _not_stranger() -> ColumnElement[bool]:
    return or_(MailRow.reason.is_(None), MailRow.reason.not_in((Why.STRANGER.value, Why.SPOOFED.value)))


def _kept(row: MailRow) -> Kept:
    return Kept(
        row.id, row.account, row.key, row.message_id, Direction(row.direction), State(row.state), row.at,
        tuple(row.references), row.reason, row.folder, row.uid, row.address, row.subject, row.subject_key,
        row.conversation_id, row.message_ref, row.html, row.raw_key, row.tries, row.retry_at,
    )  # fmt: skip
