"""What a recording becomes after its call: at rest, compressed, deleted on an objection; whatever crashes when."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from relevo.adapters.storage import sound
from relevo.adapters.storage.converter import Converter
from relevo.adapters.storage.local import LocalRecordings
from relevo.calls import store
from relevo.calls.media import mulaw
from relevo.calls.media.recorder import QUIET
from relevo.calls.ports import LINE_RATE
from relevo.calls.recordings import PATIENCE
from relevo.calls.rules import EndReason
from relevo.calls.rules.recordings import RecordingState
from relevo.kit.audit import deletions
from relevo.kit.clock import FixedClock
from relevo.kit.db import Database
from relevo.kit.errors import NotFound
from relevo.kit.ids import CountingIds
from relevo.kit.live import Live
from relevo.kit.work import Work

from .recorded import JULIAN, Bench, Make, benches, level, read, tone


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


# At rest.


async def test_after_the_call_it_is_compressed_and_the_wav_is_gone(bench: Bench) -> None:
    call, recording_id = await bench.recorded(4.0)
    resting = await bench.kept(recording_id)
    assert (resting.state, resting.seconds, resting.number) == (RecordingState.KEPT_WAV, 4.0, 1)
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    await bench.work.drain()
    ready = await bench.kept(recording_id)
    assert ready.state is RecordingState.READY
    assert ready.call.id == call.id
    assert ready.seconds == 4.0
    assert bench.files() == {f"{recording_id}.opus", f"{recording_id}.json"}
    opus = bench.shelf.packed(recording_id)
    assert ready.size == opus.stat().st_size < 64_000 / 3
    assert abs(sound.seconds(str(opus)) - 4.0) < 0.02
    before = opus.read_bytes()
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    assert (await bench.work.counts()) == {"done": 2}
    assert opus.read_bytes() == before


@pytest.mark.parametrize("ticks", [1, 2, 7, 50, 333])
def test_its_length_is_exact_and_no_side_is_heard_on_the_other(tmp_path: Path, ticks: int) -> None:
    wav, opus = tmp_path / "a.wav", tmp_path / "a.opus"
    write(wav, ticks)
    assert sound.pack(str(wav), str(opus))
    assert sound.seconds(str(opus)) == pytest.approx(ticks * 0.02, abs=1e-9)
    if ticks < 50:
        return
    both = np.concatenate([part for part, _ in sound._opus(opus)])
    for channel, mine, theirs in ((both[:, 0], 440, 700), (both[:, 1], 700, 440)):
        assert level(channel, mine, 48_000) - level(channel, theirs, 48_000) > 60


def write(wav: Path, ticks: int) -> None:
    left = np.frombuffer(b"".join(tone(440, ticks * 20)), np.uint8)
    right = np.frombuffer(b"".join(tone(700, ticks * 20)), np.uint8)
    with wave.open(str(wav), "wb") as file:
        file.setparams((2, 2, LINE_RATE, 0, "NONE", ""))
        file.writeframes(mulaw.decode(np.stack([left, right], 1).tobytes()).tobytes())


async def test_where_nothing_can_compress_the_wav_is_kept(made: Make) -> None:
    bench = made(packs=False)
    _, recording_id = await bench.recorded()
    await bench.work.drain()
    kept = await bench.kept(recording_id)
    assert kept.state is RecordingState.KEPT_WAV
    assert kept.sha256
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    assert bench.sidecar(recording_id)["format"]["codec"] == "pcm_s16le"
    bench.recordings.close()


async def test_a_compressed_file_that_is_not_the_same_is_not_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, recording_id = await bench.recorded()
    monkeypatch.setattr(sound, "_opus", lambda _path: iter([(np.zeros((48_000, 2), np.float32), 48_000)]))
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.KEPT_WAV
    assert bench.files() == {f"{recording_id}.wav", f"{recording_id}.json"}
    assert len(read(bench.shelf.place(recording_id))[0]) == 4 * LINE_RATE


STEPS = [
    (sound, "_encode"), (sound, "_settle"), (Path, "replace"), (sound, "peaks"), (LocalRecordings, "describe"),
    (store, "describe"), (LocalRecordings, "shed"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_step_loses_nothing_and_is_made_good(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, where: Any, step: str, after: bool
) -> None:
    _, recording_id = await bench.recorded(1.0)
    real = getattr(where, step)

    def dies(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise OSError("the process died here")

    async def dies_later(*args: Any, **kwargs: Any) -> Any:
        if after:
            await real(*args, **kwargs)
        raise OSError("the process died here")

    with monkeypatch.context() as patch:
        patch.setattr(where, step, dies_later if where is store else dies)
        await bench.work.drain()
    assert (await bench.work.counts())["waiting"] == 2
    source = bench.shelf.find(recording_id)
    assert source is not None
    assert abs(sound.seconds(str(source)) - 1.0) < 0.02
    bench.clock.advance(timedelta(seconds=10))
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.READY
    assert bench.files() == {f"{recording_id}.opus", f"{recording_id}.json"}
    assert bench.sidecar(recording_id)["peaks"]["customer"]


async def test_a_call_whose_process_died_before_its_file_was_closed(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    recorder.marker("takeover", "Marta")
    await bench.ends(call)
    bench.recordings.close()
    # The file as a killed process leaves it: never closed, torn in the middle of a sample.
    path = bench.shelf.place(recording_id)
    left = path.read_bytes() + b"\x01"
    again = made()
    path.write_bytes(left)
    await again.work.drain()
    assert (await again.kept(recording_id)).state is RecordingState.RECORDING
    again.clock.advance(PATIENCE)
    await again.work.drain()
    kept = await again.kept(recording_id)
    assert kept.state is RecordingState.READY
    assert kept.seconds is not None
    assert 1.0 < kept.seconds <= 2.0
    assert [(marker.kind, marker.name) for marker in kept.markers] == [("takeover", "Marta")]
    assert kept.number == 1
    again.recordings.close()


async def test_a_call_that_died_with_its_process_ends_when_its_sound_ends(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(QUIET)
    bench.recordings.close()
    again = made()
    again.clock.advance(timedelta(hours=1))
    async with again.db.read() as session:
        found = await store.call(session, call.id)
    assert found is not None
    died = await again.recordings.died_at(found)
    assert died is not None
    assert 1.0 < (died - call.started_at).total_seconds() <= 2.0
    await again.ends(call, EndReason.NODE_DIED)
    await again.recordings.finish(recording_id)
    assert again.sidecar(recording_id)["end_reason"] == "node_died"
    await again.work.drain()
    assert (await again.kept(recording_id)).state is RecordingState.READY
    again.recordings.close()


async def test_a_recording_that_is_still_being_made_is_left_alone(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(50):
        recorder.tick(QUIET)
    await bench.ends(call)
    for _ in range(3):
        bench.clock.advance(PATIENCE)
        await bench.work.drain()
        assert (await bench.kept(recording_id)).state is RecordingState.RECORDING
    await bench.recordings.finish(recording_id)
    await bench.work.drain()
    assert (await bench.kept(recording_id)).state is RecordingState.READY


async def test_a_call_over_at_once_has_no_recording(bench: Bench) -> None:
    call = await bench.call()
    recording_id, _ = await bench.begin(call)
    await bench.ends(call)
    await bench.recordings.finish(recording_id)
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    kept = await bench.kept(recording_id)
    assert (kept.state, kept.number) == (RecordingState.LOST, None)
    assert await bench.found() == []
    assert set(await bench.work.counts()) == {"done"}


async def test_a_call_that_does_not_come_about_leaves_no_file(bench: Bench) -> None:
    call = await bench.call()

    async def fails() -> None:
        async with bench.db.write() as tx:
            _, recorder = await bench.recordings.begin(tx, call.id)
            recorder.tick(QUIET)
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    bench.recordings.close()
    assert bench.files() == set()
    assert bench.recordings._running == {}


# Objections.


async def test_an_objection_leaves_nothing_behind(bench: Bench) -> None:
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    await bench.says(call, "No quiero que me graben", 500, 1_500, 1)
    assert recorder.stop(discard=True)
    async with bench.db.write() as tx:
        await bench.recordings.objected(tx, recording_id)
    for _ in range(100):
        recorder.tick(tone(700, 20)[0])
    await bench.ends(call)
    await bench.recordings.finish(recording_id)
    bench.clock.advance(PATIENCE)
    await bench.work.drain()
    assert bench.files() == set()
    kept = await bench.kept(recording_id)
    assert (kept.state, kept.number) == (RecordingState.DISCARDED, None)
    assert await bench.found() == await bench.found(text="graben") == []
    with pytest.raises(NotFound):
        await bench.archive.grant(recording_id, JULIAN, format="wav", rate=8_000, download=False, reason="")
    async with bench.db.read() as session:
        found = await store.call(session, call.id)
    assert found is not None
    assert found.recording is None


async def test_an_objection_holds_even_if_the_process_dies_before_the_file_is_deleted(made: Make) -> None:
    bench = made()
    call = await bench.call()
    recording_id, recorder = await bench.begin(call)
    for _ in range(100):
        recorder.tick(QUIET)
    async with bench.db.write() as tx:
        await bench.recordings.objected(tx, recording_id)
    bench.recordings.close()
    assert bench.files() == {f"{recording_id}.wav"}
    again = made()
    await again.work.drain()
    assert again.files() == set()
    await again.recordings.finish(recording_id)
    assert (await again.kept(recording_id)).state is RecordingState.DISCARDED
    again.recordings.close()


# Their time is over.


async def test_a_recording_is_deleted_after_its_time_unless_its_customer_is_held(made: Make) -> None:
    bench = made()
    ids = []
    for _ in range(2):
        call = await bench.call()
        recording_id, recorder = await bench.begin(call)
        for _ in range(100):
            recorder.tick(tone(700, 20)[0])
        await bench.ends(call)
        await bench.recordings.finish(recording_id)
        await bench.work.drain()
        ids.append((recording_id, call.person_id))
        bench.clock.advance(timedelta(days=20))
    (old, held), (young, _) = ids
    asked: list[set[str]] = []

    async def holding(_session: object, people: Collection[str]) -> frozenset[str]:
        asked.append(set(people))
        return frozenset({held}) if len(asked) == 1 else frozenset()

    before = bench.clock.now() - timedelta(days=30)
    assert await bench.recordings.forget(before, held=holding, rule="keep_audio=30") == 0
    assert asked[0] == {held}
    assert {name.split(".")[0] for name in bench.files()} == {old, young}
    asked.append(set())
    assert await bench.recordings.forget(before, held=holding, rule="keep_audio=30") == 1
    await bench.work.drain()
    assert {name.split(".")[0] for name in bench.files()} == {young}
    assert (await bench.kept(old)).state is RecordingState.DISCARDED
    assert [each["subject"] for each in await deletions(bench.db)] == [old]
    bench.recordings.close()


# The process that converts.


async def test_conversions_run_in_a_process_of_their_own_which_is_replaced_when_it_dies(tmp_path: Path) -> None:
    wav, opus = tmp_path / "a.wav", tmp_path / "a.opus"
    write(wav, 50)
    converter = Converter()
    try:
        assert await converter.pack(wav, opus)
        executor: Any = converter._executor
        for process in executor._processes.values():
            process.kill()
            process.join()
        peaks = await converter.peaks(opus, 5)
        assert len(peaks.customer) == 5
        assert converter._executor is not executor
    finally:
        await converter.close()
