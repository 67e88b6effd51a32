"""What appointments forget with time: the customer of one that was cancelled. Times and sums stay for the figures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.appointments import store
from relevo.kit.db import Database, Tx
from relevo.kit.forgetting import Found, Held, count, forget, sparing


async def forget_customers(db: Database, before: datetime, *, held: Held, rule: str, at: datetime) -> int:
    """Appointments made before that were cancelled lose name and telephone. Returns how many."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    async def drop(tx: Tx, appointment_id: str) -> int:
        await store.forget_customer(tx.session, appointment_id)
        return 1

    return await forget(db, "customer", page, sparing(held), drop, rule=rule, at=at)


async def count_customers(db: Database, before: datetime, *, held: Held) -> int:
    """How many appointments would lose their customer."""

    async def page(session: AsyncSession, after: str) -> Found:
        return await store.fruitless(session, before, after=after)

    return await count(db, page, sparing(held))
