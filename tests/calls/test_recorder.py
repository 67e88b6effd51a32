"""Recordings as they are written: channels in place, pauses, objections, disks that fail, killed processes."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.storage.local import LocalRecordings
from relevo.calls.media import mulaw
from relevo.calls.media.recorder import (
    HEADER,
    QUIET,
    Marker,
    Recorder,
    State,
    WriterThread,
    header,
    markers_beside,
    repair,
)
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE

LOUD = mulaw.encode(np.full(FRAME_SAMPLES, 8_000, np.int16))


@pytest.fixture
def writer() -> Iterator[WriterThread]:
    thread = WriterThread()
    yield thread
    thread.close()


def tone(hz: float, ms: int) -> np.ndarray:
    return (np.sin(2 * np.pi * hz * np.arange(LINE_RATE * ms // 1_000) / LINE_RATE) * 9_000).astype(np.int16)


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, LINE_RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def run(recorder: Recorder, ticks: int, theirs: bytes | None = LOUD, ours: bytes = LOUD) -> None:
    """The customer's packets arrive in the tick they belong to."""
    for _ in range(ticks):
        if theirs is not None:
            recorder.customer(theirs, recorder.position_ms * LINE_RATE // 1_000)
        recorder.tick(ours)


def frames(pcm: np.ndarray) -> list[bytes]:
    sound = mulaw.encode(pcm)
    return [sound[at : at + FRAME_SAMPLES] for at in range(0, len(sound), FRAME_SAMPLES)]


def loud_ms(channel: np.ndarray) -> list[tuple[int, int]]:
    """Where sound begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (channel != 0).astype(int), [0]))))
    return [(int(a) // 8, int(b) // 8) for a, b in edges.reshape(-1, 2)]


async def test_each_side_on_its_channel_and_in_its_place(writer: WriterThread, tmp_path: Path) -> None:
    recorder = Recorder(writer, tmp_path / "a" / "call.wav")
    ours, theirs = frames(tone(700, 1_000)), frames(tone(440, 1_000))
    for tick in range(150):
        if tick < 50:
            recorder.customer(theirs[tick], tick * FRAME_SAMPLES)
        recorder.tick(ours[tick - 50] if 50 <= tick < 100 else QUIET)
    assert await recorder.close() == 3.0
    assert recorder.state is State.OFF
    sound = read(tmp_path / "a" / "call.wav")
    assert np.array_equal(sound[:LINE_RATE, 0], mulaw.decode(b"".join(theirs)))
    assert np.array_equal(sound[LINE_RATE : 2 * LINE_RATE, 1], mulaw.decode(b"".join(ours)))
    assert not sound[LINE_RATE:, 0].any()
    assert not sound[:LINE_RATE, 1].any()


@pytest.mark.parametrize("stall", [8, 20, 60, 200])
async def test_packets_that_come_late_or_in_a_burst_keep_their_place(
    writer: WriterThread, tmp_path: Path, stall: int
) -> None:
    """A burst after a stall of up to seconds: what was written as silence is filled in."""
    recorder = Recorder(writer, tmp_path / "call.wav")
    theirs = frames(tone(440, 6_000))
    for tick in range(300):
        for at in {0: [0], stall: range(1, stall + 1)}.get(tick, [tick] if tick > stall else []):
            recorder.customer(theirs[at], at * FRAME_SAMPLES)
        recorder.tick(LOUD)
    assert await recorder.close() == 6.0
    sound = read(tmp_path / "call.wav")
    assert np.array_equal(sound[:, 0], mulaw.decode(b"".join(theirs)))
    assert np.array_equal(sound[:, 1], mulaw.decode(LOUD * 300))


@pytest.mark.parametrize("waited", [1, 9, 37, 100])
async def test_what_waited_for_the_call_to_be_connected_does_not_push_the_rest_away(
    writer: WriterThread, tmp_path: Path, waited: int
) -> None:
    """It comes in one burst with the first tick; the customer's last words are not cut off for it."""
    recorder = Recorder(writer, tmp_path / "call.wav")
    theirs = frames(tone(440, 4_000))
    for at in range(waited):
        recorder.customer(theirs[at], at * FRAME_SAMPLES)
    for at in range(waited, 200):
        recorder.tick(QUIET)
        recorder.customer(theirs[at], at * FRAME_SAMPLES)
    recorder.tick(QUIET)
    await recorder.close()
    left = read(tmp_path / "call.wav")[:, 0]
    assert np.array_equal(left, mulaw.decode(b"".join(theirs[waited - 1 :])))


async def test_packets_of_any_size_and_out_of_order_keep_their_place(writer: WriterThread, tmp_path: Path) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    sound = mulaw.encode(tone(440, 2_000))
    pieces = [(at, sound[at : at + 400]) for at in range(0, len(sound), 400)]
    for at in range(0, len(pieces), 2):
        pieces[at : at + 2] = reversed(pieces[at : at + 2])
    recorder.customer(b"", 0)
    for tick in range(100):
        while pieces and pieces[0][0] <= tick * FRAME_SAMPLES:
            recorder.customer(pieces[0][1], pieces.pop(0)[0])
        recorder.tick(QUIET)
    await recorder.close()
    assert np.array_equal(read(recorder.path)[:15_200, 0], mulaw.decode(sound[:15_200]))


async def test_a_stream_that_starts_anywhere_or_jumps_goes_on_from_here(writer: WriterThread, tmp_path: Path) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    run(recorder, 50, None)
    for tick in range(150):
        position = (10**9 if tick < 50 else 7) + tick * FRAME_SAMPLES
        recorder.customer(LOUD, position if tick < 100 else 3 * 10**9 + position)
        recorder.tick(QUIET)
    assert await recorder.close() == 4.0
    assert loud_ms(read(recorder.path)[:, 0]) == [(1_000, 4_000)]


async def test_a_pause_is_silence_on_both_channels_from_its_tick_to_its_tick(
    writer: WriterThread, tmp_path: Path
) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    run(recorder, 73)
    assert recorder.pause("Marta")
    assert not recorder.pause()
    assert recorder.state is State.PAUSED
    assert recorder.position_ms == 1_460
    run(recorder, 91)
    assert recorder.resume("Marta")
    assert not recorder.resume()
    run(recorder, 36)
    assert await recorder.close() == 4.0
    sound = read(recorder.path)
    assert loud_ms(sound[:, 0]) == loud_ms(sound[:, 1]) == [(0, 1_460), (3_280, 4_000)]
    assert recorder.markers == [Marker("pause", 1_460, "Marta"), Marker("resume", 3_280, "Marta")]


async def test_what_was_said_in_a_pause_stays_out_however_late_or_early_it_comes(
    writer: WriterThread, tmp_path: Path
) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    recorder.customer(LOUD, 0)
    run(recorder, 50, None)
    for at in range(1, 80):
        recorder.customer(LOUD, at * FRAME_SAMPLES)
    recorder.pause()
    run(recorder, 50, None)
    recorder.resume()
    for at in range(80, 100):
        recorder.customer(LOUD, at * FRAME_SAMPLES)
    run(recorder, 50)
    await recorder.close()
    sound = read(recorder.path)
    assert loud_ms(sound[:, 0]) == [(0, 1_000), (2_000, 3_000)]


async def test_a_crash_in_a_pause_leaves_no_card_numbers(writer: WriterThread, tmp_path: Path) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    run(recorder, 50)
    recorder.pause("Marta")
    run(recorder, 100)
    await on_disk(writer)
    copy = tmp_path / "crashed.wav"
    copy.write_bytes(recorder.path.read_bytes() + b"\x01")
    copy.with_suffix(".marks").write_text(recorder.path.with_suffix(".marks").read_text() + '{"kind": "res')
    assert 2.3 <= repair(copy) <= 3.0
    assert loud_ms(read(copy)[:, 0]) == [(0, 1_000)]
    assert markers_beside(copy) == [Marker("pause", 1_000, "Marta")]
    await recorder.close()


async def on_disk(writer: WriterThread) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    writer.do(lambda: loop.call_soon_threadsafe(done.set) and None, now=True)
    await asyncio.wait_for(done.wait(), 5)


async def test_an_objection_deletes_what_was_recorded_and_the_call_goes_on(
    writer: WriterThread, tmp_path: Path
) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    run(recorder, 100)
    recorder.marker("takeover", "Marta")
    await on_disk(writer)
    assert recorder.path.exists()
    assert recorder.stop(discard=True)
    assert not recorder.stop(discard=True)
    assert recorder.state is State.OFF
    run(recorder, 100)
    assert not recorder.pause()
    assert not recorder.resume()
    assert recorder.position_ms == 4_000
    assert await recorder.close() == 0.0
    assert os.listdir(tmp_path) == []
    assert [marker.kind for marker in recorder.markers] == ["takeover", "objection"]


async def test_stopping_without_an_objection_keeps_what_there_is(writer: WriterThread, tmp_path: Path) -> None:
    recorder = Recorder(writer, tmp_path / "call.wav")
    run(recorder, 60)
    recorder.stop(discard=False)
    run(recorder, 60)
    assert await recorder.close() == 1.2
    assert len(read(recorder.path)) == 9_600


async def test_a_full_disk_ends_the_recording_and_not_the_call(
    writer: WriterThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, faults = os.pwrite, []

    def full(file: int, data: bytes, at: int) -> int:
        if at + len(data) > HEADER + 60_000:
            if at >= HEADER + 60_000:
                raise OSError(errno.ENOSPC, "no space left")
            return write(file, data[: HEADER + 60_000 - at], at)
        return write(file, data, at)

    monkeypatch.setattr(os, "pwrite", full)
    recorder = Recorder(writer, tmp_path / "call.wav", lambda: faults.append(recorder.state))
    for _ in range(8):
        run(recorder, 25)
        await on_disk(writer)
    assert recorder.state is State.FAILED
    assert faults == [State.FAILED]
    assert recorder.markers[-1].kind == "fault"
    assert not recorder.pause()
    seconds = await recorder.close()
    assert 1.0 <= seconds < 2.0
    assert len(read(recorder.path)) == seconds * LINE_RATE
    assert recorder.state is State.FAILED


async def test_a_folder_that_cannot_be_made_is_a_fault_too(writer: WriterThread, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = Recorder(writer, tmp_path / "file" / "call.wav")
    run(recorder, 60)
    assert await asyncio.wait_for(recorder.close(), 5) == 0.0
    assert recorder.state is State.FAILED
    assert not recorder.path.exists()


async def test_recordings_take_turns_at_the_disk(writer: WriterThread, tmp_path: Path) -> None:
    recorders = [Recorder(writer, tmp_path / f"{number}.wav") for number in range(25)]
    flushes = []
    for _ in range(25):
        for recorder in recorders:
            recorder.tick(QUIET)
        flushes.append(sum(not recorder._right for recorder in recorders))
    assert flushes == [1] * 25
    await asyncio.gather(*(recorder.close() for recorder in recorders))


CRASH = """
import sys, time
from pathlib import Path
import numpy as np
from relevo.calls.media import mulaw
from relevo.calls.media.recorder import QUIET, Recorder, WriterThread
writer = WriterThread()
recorder = Recorder(writer, Path(sys.argv[1]))
at = np.arange(160)
for tick in range(500):
    sound = (np.sin(2 * np.pi * 440 * (at + tick * 160) / 8000) * 9000).astype(np.int16)
    recorder.customer(mulaw.encode(sound), tick * 160)
    recorder.tick(QUIET)
writer.do(lambda: print("written", flush=True))
time.sleep(60)
"""


def test_a_killed_process_leaves_a_playable_file(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(CRASH), str(path)], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    sound = read(path)
    assert 9.0 <= len(sound) / LINE_RATE <= 10.0
    whole = tone(440, 10_000)[: len(sound)].astype(int)
    assert np.abs(sound[:, 0] - whole).max() < 600


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x01\x02\x03"])
def test_a_torn_file_is_repaired(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(header(0) + b"\x01\x00\x02\x00" * 4_000 + junk)
    assert repair(path) == 0.5
    assert len(read(path)) == 4_000
    assert path.stat().st_size == HEADER + 16_000


def test_a_file_without_a_whole_header_becomes_an_empty_recording(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(b"RIFF")
    assert repair(path) == 0.0
    assert len(read(path)) == 0


def test_recordings_live_under_opaque_ids_only(tmp_path: Path) -> None:
    store = LocalRecordings(tmp_path)
    path = store.place("rec_1a2b")
    path.parent.mkdir(parents=True)
    path.write_bytes(header(0))
    assert store.find("rec_1a2b") == path
    assert store.find("rec_none") is None
    assert store.find("../../etc/passwd") is None
    with pytest.raises(ValueError, match="not a recording"):
        store.place("rec_../x")
    store.describe("rec_1a2b", {"end_reason": "node_died"})
    assert json.loads(path.with_suffix(".json").read_text()) == {"end_reason": "node_died"}
