"""A call's recording from the first ring to the compressed file: continuous, paused for cards, gone on an objection."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from relevo.adapters.storage import sound
from relevo.adapters.storage.converter import Converter
from relevo.calls.recordings import COMPRESS

from .virtual_time import virtual
from .world import Guest, World, tone, until, world


def files(folder: Path) -> list[str]:
    return sorted(path.suffix for path in (folder / "recordings").rglob("*") if path.is_file())


async def rest(w: World) -> None:
    """Do the jobs that the call has left."""
    recordings = w.calls._recordings
    converter = recordings._converter = Converter(lambda: ThreadPoolExecutor(1))
    recordings._work.handle(COMPRESS, recordings.compress_job)
    await recordings._work.drain()
    await converter.close()


def sidecar(folder: Path) -> dict[str, Any]:
    return dict(json.loads(next((folder / "recordings").rglob("*.json")).read_text()))


@virtual
async def test_after_the_call_its_recording_is_small_and_described(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Quiero una doble."}
        guest = Guest([(4_000, tone(440, 800))], hangs_up_at=9_000)
        await w.call(guest)
        await w.settle()
        before = (await w.rows())[0]["recording"]
        assert files(tmp_path) == [".json", ".wav"]
        await rest(w)
        assert files(tmp_path) == [".json", ".opus"]
        after = (await w.rows())[0]["recording"]
        assert after["seconds"] == before["seconds"]
        assert after["size"] < before["size"] / 4
        opus = next((tmp_path / "recordings").rglob("*.opus"))
        assert abs(sound.seconds(str(opus)) - after["seconds"]) < 0.02
        facts = sidecar(tmp_path)
        assert facts["end_reason"] == "customer_hung_up"
        assert facts["transcript"][0]["author"] == "bot"
        said = next(part for part in facts["transcript"] if part["author"] == "customer")
        assert said["text"] == "Quiero una doble."
        assert abs(said["at_ms"] - 4_000) < 300
        loud = np.array(facts["peaks"]["customer"])
        middle = (said["at_ms"] + said["end_ms"]) // 40
        assert loud[middle] > 0.2
        assert loud[: said["at_ms"] // 20 - 20].max() < 0.05


@virtual
async def test_a_pause_is_silence_in_sound_waveform_and_transcript(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        w.recognizer.sentences = {440: "Cuatro dos cuatro dos."}
        guest = Guest([(5_000, tone(440, 1_500))], hangs_up_at=10_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 1_000)
        await w.take_over()
        await until(lambda: guest.ms >= 4_500)
        call_id = (await w.rows())[0]["id"]
        await w.commands.pause_recording(call_id, w.agent, on=True)
        await until(lambda: guest.ms >= 8_000)
        await w.commands.pause_recording(call_id, w.agent, on=False)
        await w.settle()
        await rest(w)
        facts = sidecar(tmp_path)
        marks = {mark["kind"]: mark for mark in facts["markers"]}
        assert marks["pause"]["name"] == marks["resume"]["name"] == "Marta"
        assert marks["takeover"]["at_ms"] < marks["pause"]["at_ms"] < marks["resume"]["at_ms"]
        paused = slice(marks["pause"]["at_ms"] // 20, marks["resume"]["at_ms"] // 20)
        assert max(facts["peaks"]["customer"][paused]) == max(facts["peaks"]["ours"][paused]) == 0
        assert not [part for part in facts["transcript"] if "uatro" in part["text"]]
        assert not [message for message in await w.messages() if "uatro" in message.text]


@virtual
async def test_an_objection_deletes_the_recording_and_the_call_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        guest = Guest(hangs_up_at=9_000)
        await w.call(guest)
        await until(lambda: guest.ms >= 5_000)
        call_id = (await w.rows())[0]["id"]
        session = w.calls.here.session_of(call_id)
        assert session is not None
        await session._stop_recording()
        row = (await w.rows())[0]
        assert (row["recording"], row["status"], row["voice"]["recording"]) == (None, "active", "off")
        await until(lambda: guest.ms >= 8_000)
        await w.settle()
        await rest(w)
        row = (await w.rows())[0]
        assert (row["recording"], row["end_reason"]) == (None, "customer_hung_up")
        assert files(tmp_path) == []
