"""Queries of attachments. The files themselves lie elsewhere, under their ``path_key``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations.files import Attachment
from relevo.conversations.models import AttachmentRow


async def add(session: AsyncSession, attachment: Attachment) -> None:
    session.add(
        AttachmentRow(
            id=attachment.id, conversation_id=attachment.conversation_id, message_id=attachment.message_id,
            name=attachment.name, media_type=attachment.media_type, size=attachment.size, sha256=attachment.sha256,
            path_key=attachment.path_key, created_at=attachment.created_at,
        )
    )  # fmt: skip
    await session.flush()


async def drop(session: AsyncSession, attachment_id: str) -> None:
    await session.execute(delete(AttachmentRow).where(AttachmentRow.id == attachment_id))


async def attach(session: AsyncSession, message_id: str, attachment_ids: Sequence[str]) -> None:
    """They belong to this message from here on."""
    await session.execute(
        update(AttachmentRow).where(AttachmentRow.id.in_(attachment_ids)).values(message_id=message_id)
    )


async def one(session: AsyncSession, attachment_id: str) -> Attachment | None:
    query = select(AttachmentRow).where(AttachmentRow.id == attachment_id).execution_options(populate_existing=True)
    row = (await session.execute(query)).scalar_one_or_none()
    return _attachment(row) if row else None


async def of_conversation(session: AsyncSession, conversation_id: str) -> list[Attachment]:
    query = (
        select(AttachmentRow)
        .where(AttachmentRow.conversation_id == conversation_id)
        .order_by(AttachmentRow.created_at, AttachmentRow.id)
        .execution_options(populate_existing=True)
    )
    return [_attachment(row) for row in (await session.execute(query)).scalars()]


async def count(session: AsyncSession, conversation_id: str) -> int:
    query = select(func.count()).select_from(AttachmentRow).where(AttachmentRow.conversation_id == conversation_id)
    return int((await session.execute(query)).scalar_one())


async def older(session: AsyncSession, conversation_id: str, before: datetime) -> list[str]:
    query = select(AttachmentRow.id).where(
        AttachmentRow.conversation_id == conversation_id, AttachmentRow.created_at < before
    )
    return list((await session.execute(query)).scalars())


async def drop_all(session: AsyncSession, attachment_ids: Collection[str]) -> None:
    await session.execute(delete(AttachmentRow).where(AttachmentRow.id.in_(attachment_ids)))


async def files_in_use(session: AsyncSession, keys: Collection[str]) -> frozenset[str]:
    query = select(AttachmentRow.path_key).where(AttachmentRow.path_key.in_(keys))
    return frozenset((await session.execute(query)).scalars())


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(
        row.id, row.conversation_id, row.message_id, row.name, row.media_type, row.size, row.sha256, row.path_key,
        row.created_at,
    )  # fmt: skip


async def ids_of(session: AsyncSession, conversation_ids: Collection[str]) -> list[str]:
    found = await session.execute(select(AttachmentRow.id).where(AttachmentRow.conversation_id.in_(conversation_ids)))
    return list(found.scalars())
