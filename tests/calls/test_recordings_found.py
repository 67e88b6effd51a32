"""Recordings described, found, heard and taken away."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from relevo.adapters.storage import sound
from relevo.adapters.storage.local import LocalRecordings
from relevo.calls.media.recorder import QUIET
from relevo.calls.ports import FRAME_SAMPLES
from relevo.calls.rules import Direction, EndReason
from relevo.calls.rules.recordings import Search
from relevo.conversations.rules import Reply
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import Invalid, NotFound, NotReady
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work

from .recorded import JULIAN, MARTA, Bench, Make, benches, level, read, tone


@pytest.fixture
async def made(
    db: Database, live: Live, work: Work, clock: FixedClock, ids: CountingIds, tmp_path: Path
) -> AsyncIterator[Make]:
    async with benches(db, live, work, clock, ids, tmp_path / "recordings") as make:
        yield make


@pytest.fixture
async def bench(made: Make) -> AsyncIterator[Bench]:
    bench = made()
    yield bench
    bench.recordings.close()


# The sidecar.


async def test_the_sidecar_says_everything(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    await bench.says(call, "Quiero una habitación doble", 200, 900, 1)
    async with bench.db.write() as tx:
        replies = [Reply("¿Para qué fechas?")]
        meta = {"call_id": call.id, "heard": False, "spoken_text": ""}
        spoken = await bench.conversations.bot_says(tx, call.conversation_id, version=1, replies=replies, meta=meta)
        heard = {"heard": True, "spoken_text": "¿Para qué fechas?", "at_ms": 1_000, "end_ms": 1_800}
        await bench.conversations.amend(tx, spoken.messages[0].id, text=None, meta=heard)
    for tick in range(200):
        if tick == 100:
            recorder.marker("takeover", "Marta")
            async with bench.db.write() as tx:
                await bench.conversations.take_over(tx, call.conversation_id, staff=MARTA)
        if tick == 120:
            recorder.pause("Marta")
        if tick == 160:
            recorder.resume("Marta")
        recorder.customer(tone(440, 20)[0], tick * FRAME_SAMPLES)
        recorder.tick(QUIET)
    await bench.says(call, "cuatro dos cuatro dos", 2_500, 3_100, 2)
    bench.clock.advance(timedelta(seconds=4))
    await bench.ends(call)
    await bench.recordings.finish(recording_id, [{"author": "customer", "began_ms": 200, "ended_ms": 900}])
    await bench.work.drain()
    facts = bench.sidecar(recording_id)
    opus = bench.shelf.packed(recording_id)
    assert facts["name"] == "llamada_001_Juan García_20261121_090000.opus"
    assert (facts["number"], facts["state"], facts["duration_seconds"]) == (1, "ready", 4.0)
    assert facts["file_size_bytes"] == opus.stat().st_size
    assert facts["started_at"] == "2026-11-21T12:00:00.000Z"
    assert facts["ended_at"] == "2026-11-21T12:00:04.000Z"
    assert facts["contact"] == {"name": "Juan García", "phone": "+5493415550101"}
    assert facts["agent"] == "Marta"
    assert [one["role"] for one in facts["participants"]] == ["customer", "bot", "agent"]
    assert facts["call"]["id"] == call.id
    assert facts["end_reason"] == "customer_hung_up"
    assert facts["format"] == {"container": "ogg", "codec": "opus", "channels": 2, "sample_rate": 8_000}
    assert [(mark["kind"], mark["at_ms"]) for mark in facts["markers"]] == [
        ("takeover", 2_000), ("pause", 2_400), ("resume", 3_200),
    ]  # fmt: skip
    assert facts["transcript"] == [
        {"at_ms": 200, "end_ms": 900, "author": "customer", "name": "Juan García",
         "text": "Quiero una habitación doble"},
        {"at_ms": 1_000, "end_ms": 1_800, "author": "bot", "name": None, "text": "¿Para qué fechas?"},
    ]  # fmt: skip
    assert facts["said"] == [{"author": "customer", "began_ms": 200, "ended_ms": 900}]
    assert len(facts["peaks"]["customer"]) == len(facts["peaks"]["ours"]) == 200
    assert facts["peaks"]["customer"][50] > 0.2
    assert max(facts["peaks"]["customer"][121:159]) == 0
    assert max(facts["peaks"]["ours"]) == 0
    kept = await bench.kept(recording_id)
    assert (facts["sha256"], "stf_marta") == (kept.sha256, kept.agent_id)


# Found.


async def test_recordings_are_found_by_what_was_said_who_when_and_how_it_ended(bench: Bench) -> None:
    ids: list[str] = []
    for number, (name, text, reason) in enumerate(
        [("Juan García", "Quiero una HABITACIÓN doble", EndReason.CUSTOMER_HUNG_UP),
         ("Ñusta Pérez", "100% de acuerdo_", EndReason.SILENCE), (None, "Hola", EndReason.RESOLVED)]
    ):  # fmt: skip
        call = await bench.call(
            name, f"+549341555010{number}", Direction.OUTBOUND if number == 1 else Direction.INBOUND
        )
        recording_id, recorder = await bench.begin(call)
        recorder.tick(QUIET)
        await bench.says(call, text, 0, 20, 1)
        await bench.ends(call, reason)
        await bench.recordings.finish(recording_id)
        ids.append(recording_id)
        bench.clock.advance(timedelta(days=1))
    a, b, c = ids
    assert await bench.found() == [c, b, a]
    assert await bench.found(text="habitacion DOBLE") == [a]
    assert await bench.found(text="100%") == [b]
    assert await bench.found(text="%") == [b]
    assert await bench.found(text="nada de eso") == []
    assert await bench.found(person="garcia") == [a]
    assert await bench.found(person="nusta") == [b]
    assert await bench.found(person=(await bench.kept(c)).call.person_id) == [c]
    assert await bench.found(number="341 555-0101") == [b]
    assert await bench.found(number="abc") == []
    assert await bench.found(result=EndReason.SILENCE) == [b]
    since = bench.clock.now() - timedelta(days=2)
    assert await bench.found(since=since) == [c, b]
    assert await bench.found(until=since) == [a]
    assert await bench.found(text="hola", result=EndReason.RESOLVED, since=since) == [c]
    async with bench.db.read() as session:
        page, following = await bench.archive.find(session, Search(), limit=2, before=None)
        assert ([kept.id for kept in page], following) == ([c, b], b)
        page, following = await bench.archive.find(session, Search(), limit=2, before=following)
        assert ([kept.id for kept in page], following) == ([a], None)
        assert await bench.archive.find(session, Search(), limit=2, before="rec_none") == ([], None)
    assert [(await bench.kept(one)).number for one in ids] == [1, 2, 3]


async def test_one_that_is_being_made_shows_what_it_has(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for tick in range(150):
        if tick == 50:
            recorder.marker("takeover", "Marta")
        recorder.tick(tone(700, 20)[0])
    recorder.stop(discard=False)
    async with bench.db.read() as session:
        data = await bench.archive.as_json(session, await bench.archive.get(session, recording_id))
    assert (data["state"], data["seconds"]) == ("recording", 3.0)
    assert data["markers"] == [{"kind": "takeover", "at_ms": 1_000, "name": "Marta"}]
    await bench.recordings.finish(recording_id)
    peaks = await bench.archive.peaks(recording_id, 10)
    assert len(peaks["ours"]) == 10
    assert min(peaks["ours"]) > 0.2
    assert max(peaks["customer"]) == 0
    assert peaks["seconds"] == 3.0


# Heard.


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
@pytest.mark.parametrize("packed", [True, False], ids=["from opus", "from wav"])
async def test_it_is_exported_at_any_rate(made: Make, rate: int, packed: bool) -> None:
    bench = made(packs=packed)
    _, recording_id = await bench.recorded(3.0)
    await bench.work.drain()
    access = await bench.archive.grant(
        recording_id, JULIAN, format="wav", rate=rate, download=True, reason=" Reclamo  12 "
    )
    sent = await bench.archive.sounding(access.id)
    assert sent.name == "llamada_001_Juan García_20261121_090000.wav"
    assert (sent.media_type, sent.attachment) == ("audio/wav", True)
    assert sent.temporary is (packed or rate != 8_000)
    pcm, found = read(sent.path)
    assert (len(pcm), found) == (3 * rate, rate)
    for channel, mine, theirs in ((pcm[:, 0], 440, 700), (pcm[:, 1], 700, 440)):
        assert level(channel, mine, rate) > 60
        assert level(channel, mine, rate) - level(channel, theirs, rate) > 50
    async with bench.db.read() as session:
        accesses = await bench.archive.accesses_json(session, recording_id)
    assert accesses == [
        {"by": {"id": "stf_julian", "name": "Julián"}, "kind": "download", "format": "wav", "rate": rate,
         "reason": "Reclamo 12", "at": "2026-11-21T12:00:03.000Z"},
    ]  # fmt: skip
    bench.recordings.close()


async def test_listening_is_on_record_and_downloading_needs_a_reason(bench: Bench) -> None:
    _, recording_id = await bench.recorded()
    with pytest.raises(Invalid, match="reason_missing"):
        await bench.archive.grant(recording_id, JULIAN, format="wav", rate=8_000, download=True, reason=" \n ")
    access = await bench.archive.grant(recording_id, JULIAN, format="opus", rate=None, download=False, reason="")
    await bench.work.drain()
    sent = await bench.archive.sounding(access.id)
    assert (sent.media_type, sent.attachment, sent.temporary) == ("audio/ogg", False, False)
    async with bench.db.read() as session:
        assert [one["kind"] for one in await bench.archive.accesses_json(session, recording_id)] == ["listen"]
    for wrong in ("acc_none", recording_id, ""):
        with pytest.raises(NotFound):
            await bench.archive.sounding(wrong)


async def test_an_export_that_fails_says_so_and_leaves_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    _, recording_id = await bench.recorded()
    access = await bench.archive.grant(recording_id, JULIAN, format="wav", rate=44_100, download=True, reason="x")

    def full(_source: str, target: str, _rate: int) -> None:
        Path(target).write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(sound, "export", full)
    with pytest.raises(NotReady, match="export_failed"):
        await bench.archive.sounding(access.id)
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}


async def test_downloads_left_by_a_dead_process_are_swept(bench: Bench) -> None:
    left, fresh = bench.shelf.aside("wav"), bench.shelf.aside("wav")
    for path in (left, fresh):
        path.write_bytes(b"x")
    os.utime(left, (0, 0))
    assert not LocalRecordings(bench.folder).aside("wav").exists()
    assert bench.files() == {fresh.name}
