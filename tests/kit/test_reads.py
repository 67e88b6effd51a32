"""Who looked at what: once within a while, in batches, and nothing lost by a stop or a database that is away."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from relevo.kit import reads as module
from relevo.kit.audit import deeds
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.reads import AGAIN, Reads
from relevo.kit.tasks import Tasks


async def test_the_same_look_is_one_line_within_a_while(db: Database, clock: FixedClock) -> None:
    reads = Reads(db, clock)
    for _ in range(3):
        reads.saw("customer_read", "per_1", by="stf_1")
    reads.saw("customer_read", "per_1", by="stf_2")
    reads.saw("customer_read", "per_2", by="stf_1")
    reads.saw("recording_heard", "rec_1", by="stf_1", how="training", details={"reason": "training"})
    reads.saw("recording_heard", "rec_1", by="stf_1", how="complaint", details={"reason": "complaint"})
    assert await deeds(db) == []
    await reads.flush()
    assert len(await deeds(db)) == 5
    clock.advance(AGAIN - timedelta(seconds=1))
    reads.saw("customer_read", "per_1", by="stf_1")
    await reads.flush()
    assert len(await deeds(db)) == 5
    clock.advance(timedelta(seconds=1))
    reads.saw("customer_read", "per_1", by="stf_1")
    await reads.flush()
    found = await deeds(db)
    assert len(found) == 6
    assert found[0]["at"] == clock.now().isoformat()
    assert found[1]["details"] == {"reason": "complaint"}


async def test_what_waits_is_kept_while_the_database_is_away(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Reads(db, clock)
    reads.saw("customer_read", "per_1", by="stf_1")

    async def away(*_: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(module, "noted_all", away)
        with pytest.raises(OSError, match="away"):
            await reads.flush()
        reads.saw("customer_read", "per_2", by="stf_1")
    await reads.flush()
    assert [each["subject"] for each in await deeds(db)] == ["per_2", "per_1"]


async def test_it_is_written_by_itself(db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_SECONDS", 0)
    reads, tasks = Reads(db, clock), Tasks()
    tasks.start(reads.run(), name="reads")
    reads.saw("customer_read", "per_1", by="stf_1")
    async with asyncio.timeout(5):
        while not await deeds(db):
            pass
    await tasks.close()
    await reads.flush()
    assert len(await deeds(db)) == 1


async def test_memory_of_looks_does_not_grow_for_ever(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 10)
    reads = Reads(db, clock)
    for number in range(10):
        reads.saw("customer_read", f"per_{number}", by="stf_1")
    clock.advance(AGAIN)
    reads.saw("customer_read", "per_x", by="stf_1")
    assert len(reads._known) == 1
