"""What a message costs the database, so that no read creeps back in that a transaction has made before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from relevo.conversations.rules import Reply
from relevo.conversations.service import DELIVER
from relevo.kit.db import Database
from relevo.kit.work import Job
from tests.conversations.carrier import AT, incoming
from tests.conversations.conftest import Desk

IGNORED = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT pg_advisory")
"""PostgreSQL's turns are SQLite's single writer."""

MOST = (13, 10, 7)
"""To store a message, to add the answer, to hand it over."""


@contextmanager
def counted(db: Database) -> Iterator[Counter[str]]:
    """The statements of a block, by their words."""
    said: Counter[str] = Counter()

    def heard(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(IGNORED):
            said[" ".join(statement.split())] += 1

    engines = {db._writer.sync_engine, db._readers.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", heard)


async def test_a_message_costs_at_most_so_many_statements(desk: Desk) -> None:
    taken = await desk.take(incoming("wamid.1", "hola"))
    with counted(desk.db) as stored:
        taken = await desk.take(incoming("wamid.2", "una habitación doble", at=AT + timedelta(seconds=1)))
    with counted(desk.db) as answered:
        async with desk.db.write() as tx:
            spoken = await desk.conversations.bot_says(
                tx, taken.conversation.id, version=taken.conversation.control_version,
                replies=[Reply("¿Para cuándo?")],
            )  # fmt: skip
    with counted(desk.db) as delivered:
        await desk.conversations.deliver_job(
            Job(1, DELIVER, "deliver", {"message_id": spoken.messages[0].id}, 1, desk.work)
        )
    totals = (stored.total(), answered.total(), delivered.total())
    assert all(had <= most for had, most in zip(totals, MOST, strict=True)), (totals, stored, answered, delivered)
