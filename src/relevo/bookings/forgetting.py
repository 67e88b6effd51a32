"""What bookings keep and forget with time: the guest of one that came to nothing; the words that a stay still needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store
from relevo.kit import audit
from relevo.kit.db import Database

Held = Callable[[AsyncSession, Collection[str]], Awaitable[frozenset[str]]]
"""Those of some people of whom nothing may be deleted."""


async def forget_guests(db: Database, before: datetime, *, held: Held, rule: str, at: datetime) -> int:
    """Bookings made before that were cancelled or ran out lose name, telephone and e-mail; dates and sums stay for the
    figures. Returns how many."""
    count, after = 0, ""
    while True:
        async with db.read() as session:
            found = await store.fruitless(session, before, after=after)
            spared = await held(session, {person for _, person in found})
        if not found:
            return count
        after = found[-1][0]
        for booking_id, person in found:
            if person in spared:
                continue
            async with db.write() as tx:
                await store.forget_guest(tx.session, booking_id)
                await audit.deleted(tx, "guest", booking_id, count=1, rule=rule, at=at)
            count += 1


async def in_use(session: AsyncSession, conversations: Collection[str], since: date) -> frozenset[str]:
    """Conversations that a booking which stands still needs."""
    return await store.conversations_in_use(session, conversations, since)


async def papers_among(session: AsyncSession, attachments: Collection[str]) -> frozenset[str]:
    """Files that a booking needs, its receipts and vouchers: they stay as long as its row."""
    return await store.receipts_among(session, attachments) | await store.vouchers_among(session, attachments)
