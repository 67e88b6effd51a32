"""What excursions forget with time: the customer of places that were given back. Days and sums stay for the figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit.db import Database, Tx
from relevo.kit.forgetting import Found, Held, count, forget, sparing
from relevo.tours import store


async def forget_travellers(db: Database, before: datetime, *, held: Held, rule: str, at: datetime) -> int:
    """Places taken before that were cancelled lose name and telephone. Returns how many."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    async def drop(tx: Tx, place_id: str) -> int:
        await store.forget_customer(tx.session, place_id)
        return 1

    return await forget(db, "traveller", page, sparing(held), drop, rule=rule, at=at)


async def count_travellers(db: Database, before: datetime, *, held: Held) -> int:
    """How many places would lose their customer."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    return await count(db, page, sparing(held))
