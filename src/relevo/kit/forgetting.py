"""Deleting by age, subject by subject: each in a transaction of its own, so that nothing waits for a long night.

What is deleted and how belongs to its room; whom the law protects is asked page by page, right before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from relevo.kit import audit
from relevo.kit.db import Database, Tx

Held = Callable[[AsyncSession, Collection[str]], Awaitable[frozenset[str]]]
"""Those of some people of whom nothing may be deleted."""
Found = Sequence[tuple[str, str]]
"""What is past its time, each with the person it belongs to, by rising ids."""
Spare = Callable[[AsyncSession, Found], Awaitable[frozenset[str]]]
"""Those of them, by their ids, that stay."""


def sparing(held: Held) -> Spare:
    """What belongs to people who are ``held`` stays."""

    async def spare(session: AsyncSession, found: Found) -> frozenset[str]:
        people = await held(session, {person for _, person in found})
        return frozenset(subject for subject, person in found if person in people)

    return spare


async def count(db: Database, page: Callable[[AsyncSession, str], Awaitable[Found]], spare: Spare) -> int:
    """How many ``forget`` would delete now. Deletes nothing."""
    found_in_all, after = 0, ""
    while True:
        async with db.read() as session:
            found = await page(session, after)
            spared = await spare(session, found)
        if not found:
            return found_in_all
        after = found[-1][0]
        found_in_all += sum(subject not in spared for subject, _ in found)


async def forget(
    db: Database,
    what: str,
    page: Callable[[AsyncSession, str], Awaitable[Found]],
    spare: Spare,
    drop: Callable[[Tx, str], Awaitable[int]],
    *,
    rule: str,
    at: datetime,
) -> int:
    """``page`` finds what comes after an id; ``drop`` deletes one and says how much that was. Returns how much in all;
    each is noted with the ``rule``."""
    count, after = 0, ""
    while True:
        async with db.read() as session:
            found = await page(session, after)
            spared = await spare(session, found)
        if not found:
            return count
        after = found[-1][0]
        for subject, _ in found:
            if subject in spared:
                continue
            async with db.write() as tx:
                gone = await drop(tx, subject)
                await audit.deleted(tx, what, subject, count=gone, rule=rule, at=at)
            count += gone
