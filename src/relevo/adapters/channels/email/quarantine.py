"""Mails that could not be taken: their reason, their bytes, and when they are tried again. Nothing is thrown away
before it was taken or its time is over; in the mailbox they are still there in any case."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from relevo.adapters.channels.email import store
from relevo.adapters.channels.email.mailbox import Fetched
from relevo.adapters.channels.email.store import Direction, Kept, State
from relevo.conversations.ports import FileStore
from relevo.kit import log
from relevo.kit.clock import Clock
from relevo.kit.db import Database, retried
from relevo.kit.errors import Conflict, NotFound
from relevo.kit.ids import Ids

_log = log.get("mail")

RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
HOPELESS = frozenset({"headers", "nested", "unreadable"})
"""What does not become readable by waiting."""


class Quarantine:
    def __init__(self, account: str, db: Database, files: FileStore, clock: Clock, ids: Ids) -> None:
        self._account = account
        self._db = db
        self._files = files
        self._clock = clock
        self._ids = ids

    async def listing(self) -> list[Kept]:
        async with self._db.read() as session:
            return await store.quarantined(session)

    async def due(self) -> list[Kept]:
        """Those whose next try has come."""
        async with self._db.read() as session:
            return await store.due(session, self._account, self._clock.now())

    async def get(self, mail_id: str) -> Kept:
        """Raises ``NotFound``, ``Conflict("mail_not_kept")``."""
        async with self._db.read() as session:
            kept = await store.by_id(session, mail_id)
        if kept is None or kept.state is not State.QUARANTINED:
            raise NotFound("no_mail")
        if kept.raw_key is None:
            raise Conflict("mail_not_kept")
        return kept

    async def leave(self, mail_id: str) -> Kept:
        """Somebody saw to it elsewhere. Its bytes go with age. Raises ``NotFound``."""
        async with self._db.write() as tx:
            kept = await store.by_id(tx.session, mail_id)
            if kept is None or kept.state is not State.QUARANTINED:
                raise NotFound("no_mail")
            left = replace(kept, state=State.LEFT, retry_at=None)
            await store.put(tx.session, left)
        return left

    async def read(self, kept: Kept) -> bytes | None:
        """None where its bytes are gone: the others are tried all the same."""
        if kept.raw_key is None:
            return None
        try:
            return await asyncio.to_thread(self._files.read, kept.raw_key)
        except FileNotFoundError:
            _log.error("the bytes of a mail that was put aside are gone", mail=kept.id)
            return None

    async def throw_away(self, raw_keys: Collection[str]) -> None:
        """Bytes that no mail needs any more. The same mail may have been put aside twice, from two folders."""
        async with self._db.read() as session:
            needed = await store.needed(session, raw_keys)
        now = self._clock.now()
        for key in set(raw_keys) - needed:
            await asyncio.to_thread(self._files.remove, key, untouched_since=now)

    async def put(self, fetched: Fetched, reason: str, kept: Kept | None) -> None:
        """Bytes first; then the row, and with it the cursor. ``kept``: it is here already and failed again."""
        tries = (kept.tries if kept else 0) + 1
        raw_key = kept.raw_key if kept else None
        if fetched.raw is not None and raw_key is None:
            sha256 = hashlib.sha256(fetched.raw).hexdigest()
            raw_key = f"{sha256[:2]}/{sha256}"
            await asyncio.to_thread(self._files.put, raw_key, fetched.raw)
        again = None
        if fetched.raw is not None and reason not in HOPELESS and tries <= len(RETRIES):
            again = self._clock.now() + RETRIES[tries - 1]
        await self._write(fetched, kept or self._new(fetched), reason, raw_key, tries, again)

    def _new(self, fetched: Fetched) -> Kept:
        where = store.hashed("quarantine", fetched.folder, str(fetched.uidvalidity), str(fetched.uid))
        return Kept(
            self._ids.new("eml"), self._account, where, f"{where}@quarantine",
            Direction.SENT if fetched.sent else Direction.IN, State.QUARANTINED, fetched.at, folder=fetched.folder,
            uid=fetched.uid,
        )  # fmt: skip

    @retried
    async def _write(
        self, fetched: Fetched, mail: Kept, reason: str, raw_key: str | None, tries: int, again: datetime | None
    ) -> None:
        async with self._db.write() as tx:
            await store.put(tx.session, replace(mail, reason=reason[:40], raw_key=raw_key, tries=tries, retry_at=again))
            if fetched.uidvalidity:
                await store.advance(
                    tx.session, self._account, fetched.folder, fetched.uidvalidity, fetched.uid, fetched.at
                )
