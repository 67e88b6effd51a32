"""A process that dies in the middle of a call: what was said stays, the call is closed with its reason."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

from relevo.calls.media.recorder import HEADER
from tests.calls.virtual_time import virtual
from tests.calls.world import Guest, tone, until, world


@virtual
async def test_after_a_restart_the_call_is_closed_and_its_recording_kept(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero una doble."}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=60_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 8_000)
        # What a killed process leaves: rows as they are, a file whose header may be behind.
        database = (tmp_path / "test.db", tmp_path / "test.db-wal")
        snapshot = {path.name: path.read_bytes() for path in database if path.exists()}
        # Virtual time runs ahead of the disk's own thread; what was handed to it is written before the kill.
        written = threading.Event()
        w.calls._recordings._writer.do(written.set)
        assert written.wait(10)
        sound = next((tmp_path / "recordings").rglob("*.wav"))
        content = sound.read_bytes()
    place = tmp_path / "after"
    place.mkdir()
    for name, data in snapshot.items():
        (place / name).write_bytes(data)
    kept = place / "recordings" / sound.relative_to(tmp_path / "recordings")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content + b"\x01")
    async with world(place, again=True) as w:
        assert (await w.rows())[0]["status"] == "active"
        assert await w.calls.close_orphans() == 1
        assert await w.calls.close_orphans() == 0
        row = (await w.rows())[0]
        assert (row["status"], row["end_reason"], row["control"]) == ("ended", "node_died", "closed")
        assert row["recording"]["seconds"] > 6.9
        assert 7 <= row["seconds"] <= 8
        assert row["recording"]["size"] == kept.stat().st_size
        assert (kept.stat().st_size - HEADER) % 4 == 0
        assert json.loads(kept.with_suffix(".json").read_text())["end_reason"] == "node_died"
        texts = [message.text for message in await w.messages()]
        assert "Quiero una doble." in texts
        ended = [message for message in await w.messages(["event"]) if message.meta["event"] == "call_ended"]
        assert [message.text for message in ended] == ["Terminó la llamada: el servicio se interrumpió"]
        assert len(await w.recording()) > 6.9 * 8_000


@virtual
async def test_calls_of_other_nodes_are_left_alone(tmp_path: Path) -> None:
    async with world(tmp_path, node="node-2") as w:
        guest = Guest()
        await w.call(guest)
        await until(lambda: guest.ms >= 1_000)
        assert await w.calls.close_orphans(["node-1"]) == 0
        assert (await w.rows())[0]["status"] == "active"


@virtual
async def test_stopping_the_service_ends_calls_with_that_reason(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest()
        await w.call(guest)
        await until(lambda: guest.ms >= 3_000)
        await w.calls.close()
        assert (await w.rows())[0]["end_reason"] == "node_stopped"
        assert len(asyncio.all_tasks()) < 5


@virtual
async def test_an_hour_of_calls_leaves_nothing_behind(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        for number in range(10):
            guest = Guest(hangs_up_at=2_000)
            await w.call(guest, from_=f"+54934155501{number:02}")
            await w.settle()
        assert w.calls.carried == 0
        assert not w.calls.here._by_conversation
        assert not w.detector.rows
        assert not w.calls.media._ticks
        assert len(asyncio.all_tasks()) <= 3
