"""Recordings: two channels in their place, and a file that survives the death of its process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import wave
from pathlib import Path

import numpy as np
import pytest

from relevo.adapters.storage.local import LocalRecordings
from relevo.calls.media.recorder import HEADER, Recorder, WriterThread, header, repair
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE

from .world import loudest_hz, tone


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, LINE_RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


async def test_each_side_on_its_channel_and_in_its_place(tmp_path: Path) -> None:
    writer = WriterThread()
    recorder = Recorder(writer, tmp_path / "a" / "call.wav")
    ours, theirs, quiet = tone(700, 1_000), tone(440, 1_000), np.zeros(FRAME_SAMPLES, np.int16)
    for tick in range(150):
        if tick < 50:
            recorder.customer(theirs[tick * FRAME_SAMPLES : (tick + 1) * FRAME_SAMPLES], tick * FRAME_SAMPLES)
        now = ours[(tick - 50) * FRAME_SAMPLES : (tick - 49) * FRAME_SAMPLES] if 50 <= tick < 100 else quiet
        recorder.tick(now)
    assert await recorder.close() == 3.0
    writer.close()
    sound = read(tmp_path / "a" / "call.wav")
    assert np.array_equal(sound[:LINE_RATE, 0], theirs)
    assert np.array_equal(sound[LINE_RATE : 2 * LINE_RATE, 1], ours)
    assert not sound[LINE_RATE:, 0].any()
    assert not sound[:LINE_RATE, 1].any()


async def test_packets_that_come_late_or_in_a_burst_keep_their_place(tmp_path: Path) -> None:
    writer = WriterThread()
    recorder = Recorder(writer, tmp_path / "call.wav")
    theirs, quiet = tone(440, 1_000), np.zeros(FRAME_SAMPLES, np.int16)
    for tick in range(100):
        for late in {0: [0], 8: range(1, 9), 20: range(9, 21)}.get(tick, [tick] if 20 < tick < 50 else []):
            recorder.customer(theirs[late * FRAME_SAMPLES : (late + 1) * FRAME_SAMPLES], late * FRAME_SAMPLES)
        recorder.tick(quiet)
    await recorder.close()
    writer.close()
    assert np.array_equal(read(tmp_path / "call.wav")[:LINE_RATE, 0], theirs)


CRASH = """
import sys, time
from pathlib import Path
import numpy as np
from relevo.calls.media.recorder import Recorder, WriterThread
writer = WriterThread()
recorder = Recorder(writer, Path(sys.argv[1]))
at = np.arange(160)
for tick in range(500):
    recorder.customer((np.sin(2 * np.pi * 440 * (at + tick * 160) / 8000) * 9000).astype(np.int16), tick * 160)
    recorder.tick(np.zeros(160, np.int16))
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
    assert abs(loudest_hz(sound[:, 0], LINE_RATE) - 440) < 2


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


async def test_a_disk_that_fails_does_not_stop_the_call(tmp_path: Path) -> None:
    writer = WriterThread()
    (tmp_path / "file").write_text("")
    recorder = Recorder(writer, tmp_path / "file" / "call.wav")
    for _ in range(60):
        recorder.tick(np.zeros(FRAME_SAMPLES, np.int16))
    await asyncio.wait_for(recorder.close(), 5)
    writer.close()


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
