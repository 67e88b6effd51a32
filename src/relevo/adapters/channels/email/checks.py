"""What the doctor wants to know of a mailbox: whether we get in, whether it is read, whether anything is put aside."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from relevo.adapters.channels.email import store
from relevo.adapters.channels.email.imap import Account
from relevo.desk.ports import Finding
from relevo.kit.clock import Clock
from relevo.kit.db import Database

LATE = timedelta(minutes=15)
"""Longer than any pause between two looks."""


class Checks:
    """``db``: None where only the settings are known."""

    def __init__(self, name: str, account: Account, db: Database | None, clock: Clock) -> None:
        self._name = name
        self._account = account
        self._db = db
        self._clock = clock

    async def check(self) -> Sequence[Finding]:
        await asyncio.to_thread(self._account.look)
        found = [Finding("mailbox", True, {"account": self._name})]
        if self._db is None:
            return found
        async with self._db.read() as session:
            looked_at, _ = await store.condition(session, self._name)
            aside = len(await store.quarantined(session))
        found.append(Finding("mail_read", self._fresh(looked_at)))
        if aside:
            found.append(Finding("mail_quarantine", False, {"count": aside}, severe=False))
        return found

    def _fresh(self, looked_at: datetime | None) -> bool:
        return looked_at is not None and self._clock.now() - looked_at < LATE
