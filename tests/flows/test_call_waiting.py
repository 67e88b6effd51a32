"""Waiting for a person: told so, offered to be called back, and called back if they want."""

from __future__ import annotations

from pathlib import Path

import pytest

from relevo.kit.errors import Conflict
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, World, tone, until, world

HELLO, YES, STAY = 440.0, 520.0, 600.0


async def queued(w: World, guest: Guest) -> None:
    w.recognizer.sentences = {
        440: "Quiero hablar con una persona.",
        520: "Sí, por favor, llámenme.",
        600: "No, espero.",
    }
    call = await w.call(guest)
    await until(lambda: guest.ms >= 3_000)
    await call._send("dtmf", {"track": "inbound_track", "digit": "0"})
    await until(lambda: guest.ms >= 6_000)


@virtual
async def test_who_wants_is_called_back_and_need_not_wait(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(45_000, tone(YES, 1_200))], hangs_up_at=90_000)
        await queued(w, guest)
        await w.settle()
        row = (await w.rows())[0]
        assert row["end_reason"] == "callback"
        assert guest.ms < 70_000
        async with w.db.read() as session:
            (wanted,) = await w.callbacks.waiting(session)
        assert (wanted["number"], wanted["done_at"]) == ("+5493415550101", None)
        assert wanted["begin"] < wanted["end"]
        done = await w.callbacks.done(wanted["id"], w.agent)
        assert done["done_by"]["name"] == "Marta"
        with pytest.raises(Conflict):
            await w.callbacks.done(wanted["id"], w.agent)
        async with w.db.read() as session:
            assert await w.callbacks.waiting(session) == []


@virtual
async def test_who_stays_keeps_waiting(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest([(45_000, tone(STAY, 1_200))], hangs_up_at=70_000)
        await queued(w, guest)
        await w.settle()
        assert (await w.rows())[0]["end_reason"] == "customer_hung_up"
        async with w.db.read() as session:
            assert await w.callbacks.waiting(session) == []


@virtual
async def test_a_key_says_it_too_and_a_person_may_still_come_first(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=80_000)
        await queued(w, guest)
        await until(lambda: guest.ms >= 45_000, seconds=60)
        await w.take_over()
        await until(lambda: guest.ms >= 50_000)
        row = (await w.rows())[0]
        assert (row["status"], row["control"]) == ("active", "agent")
        await w.hand_back()
        await until(lambda: guest.ms >= 55_000)
        assert list(w.callbacks.handling)[0] == pytest.approx(5, abs=0.5)
        await w.settle()
