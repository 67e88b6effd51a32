"""Keeping files of conversations: content first, outside any transaction; then the row, inside the caller's.

Content without a row is harmless and is swept by whoever deletes; a row without content does not come about.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.conversations import attachment_store, files
from relevo.conversations.files import Attachment, StoredFile
from relevo.conversations.ports import FileStore
from relevo.kit.clock import Clock
from relevo.kit.db import Tx
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids

MOST_IN_CONVERSATION = 100
"""Files of one conversation: a visitor is a stranger, and the disk has an end."""


class Attachments:
    def __init__(self, kept: FileStore, clock: Clock, ids: Ids) -> None:
        self._kept = kept
        self._clock = clock
        self._ids = ids

    async def store(self, content: bytes, *, most: int = files.MAX_FILE) -> StoredFile:
        """Check it and put it on the disk. Never inside a transaction. Raises ``Invalid`` and ``TooLarge``."""
        files.check_size(content, most)

        def keep() -> StoredFile:
            media_type = files.sniff(content)
            sha256 = hashlib.sha256(content).hexdigest()
            self._kept.put(files.key_of(sha256), content)
            return StoredFile(sha256, len(content), media_type)

        return await asyncio.to_thread(keep)

    async def add(self, tx: Tx, conversation_id: str, *, name: str, stored: StoredFile) -> Attachment:
        """A file of this conversation. One without a message is shown by nobody until a message takes it."""
        attachment = Attachment(
            id=self._ids.new("att"),
            conversation_id=conversation_id,
            message_id=None,
            name=files.clean_name(name, stored.media_type),
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            path_key=files.key_of(stored.sha256),
            created_at=self._clock.now(),
        )
        await attachment_store.add(tx.session, attachment)
        return attachment

    async def drop(self, tx: Tx, attachment: Attachment) -> None:
        """Take back what ``add`` wrote in this transaction: its message was there already."""
        await attachment_store.drop(tx.session, attachment.id)

    async def check_room(self, session: AsyncSession, conversation_id: str) -> None:
        """Raises ``Conflict`` where a customer has sent as many files as one may."""
        if await attachment_store.count(session, conversation_id) >= MOST_IN_CONVERSATION:
            raise Conflict("too_many_files")

    async def get(self, session: AsyncSession, attachment_id: str) -> Attachment:
        attachment = await attachment_store.one(session, attachment_id)
        if attachment is None:
            raise NotFound("no_attachment")
        return attachment

    async def of(self, session: AsyncSession, conversation_id: str) -> Sequence[Attachment]:
        """All of a conversation, oldest first."""
        return await attachment_store.of_conversation(session, conversation_id)

    async def read(self, attachment: Attachment) -> bytes:
        """Its content. ``NotFound`` where it was deleted meanwhile."""
        try:
            return await asyncio.to_thread(self._kept.read, attachment.path_key)
        except FileNotFoundError as error:
            raise NotFound("no_attachment") from error
