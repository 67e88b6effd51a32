"""What bookings keep and forget with time: the guest of one that came to nothing; the words that a stay still needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.bookings import store
from relevo.kit.db import Database, Tx
from relevo.kit.forgetting import Found, Held, count, forget, sparing


async def forget_guests(db: Database, before: datetime, *, held: Held, rule: str, at: datetime) -> int:
    """Bookings made before that were cancelled or ran out lose name, telephone and e-mail; dates and sums stay for the
    figures. Returns how many."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    async def drop(tx: Tx, booking_id: str) -> int:
        await store.forget_guest(tx.session, booking_id)
        return 1

    return await forget(db, "guest", page, sparing(held), drop, rule=rule, at=at)


async def count_guests(db: Database, before: datetime, *, held: Held) -> int:
    """How many bookings would lose their guest."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    return await count(db, page, sparing(held))


async def in_use(session: AsyncSession, conversations: Collection[str], since: date) -> frozenset[str]:
    """Conversations that a booking which stands still needs."""
    return await store.conversations_in_use(session, conversations, since)


async def papers_among(session: AsyncSession, attachments: Collection[str]) -> frozenset[str]:
    """Files that a booking needs, its receipts and vouchers: they stay as long as its row."""
    return await store.papers_among(session, attachments)
