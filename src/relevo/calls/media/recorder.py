"""Recording a call as it goes: 8 kHz, 16 bit, two channels, the customer on the left and our side on the right.

Laid out for speed: a tick appends 20 ms of mu-law to a list; twice a second the lists go to the one writer thread of
the process, which decodes and interleaves them and writes them at their place, then the header. A killed process
leaves a playable file that lacks less than a second; ``repair`` makes the header of any such file agree with its size.
A disk that fails ends the recording and not the call. It knows no ids, people or rules about who may listen.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from relevo.calls.media import mulaw
from relevo.calls.ports import FRAME_MS, FRAME_SAMPLES, LINE_RATE
from relevo.calls.rules.recordings import Marker
from relevo.kit import log

_log = log.get("calls.recorder")

HEADER = 44
BLOCK = 4
FLUSH_TICKS = 25
SLACK = 8 * FRAME_SAMPLES
"""How late the customer's sound may come and still be written in one go with ours (160 ms)."""
EARLY = 2 * LINE_RATE
LATE = 30 * LINE_RATE
"""A stream whose own time is further off than this has jumped, and is tied to our time anew."""
GATHER = 0.1
"""Seconds the writer lets work gather, so that hundreds of calls wake it ten times a second and not hundreds."""
QUIET = bytes([mulaw.SILENCE]) * FRAME_SAMPLES
_SILENT = bytes([mulaw.SILENCE])
_FOREVER = 1 << 62


def _decoded_pairs() -> NDArray[np.uint32]:
    """Two mu-law bytes, read as one number, to a block of the file: decoding and interleaving in one step."""
    pairs = np.arange(65_536, dtype=np.uint16)
    return mulaw.decode(pairs.tobytes()).reshape(-1, 2).copy().view(np.uint32).reshape(-1)


_DECODED = _decoded_pairs()


class State(StrEnum):
    ON = "on"
    PAUSED = "paused"
    """Silence is recorded (card data)."""
    OFF = "off"
    """Stopped for good: the customer objected, or the call is over."""
    FAILED = "failed"
    """The disk gave up; what was written before is kept."""


def header(data_bytes: int) -> bytes:
    """The head of a WAV file with ``data_bytes`` of stereo sound."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, 2, LINE_RATE, LINE_RATE * BLOCK, BLOCK, 16,
        b"data", data_bytes,
    )  # fmt: skip


def repair(path: Path) -> float:
    """Make the header agree with the file's size, drop half a sample at the end; answers the seconds it holds."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        if size < HEADER:
            file.truncate(0)
            file.write(header(0))
            return 0.0
        data = (size - HEADER) // BLOCK * BLOCK
        file.truncate(HEADER + data)
        file.write(header(data))
    return data / BLOCK / LINE_RATE


def markers_beside(path: Path) -> list[Marker]:
    """The markers that a recording which was never closed has left beside its file."""
    try:
        lines = _notes(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(Marker(**json.loads(line)))
        except (ValueError, TypeError):
            # The line that was being written when the process died.
            _log.warning("half a marker left out", recording=path.stem)
    return found


def forget(path: Path) -> None:
    """Delete a recording and what lies beside it."""
    path.unlink(missing_ok=True)
    _notes(path).unlink(missing_ok=True)


def _notes(path: Path) -> Path:
    return path.with_suffix(".marks")


class WriterThread:
    """The disk's side: one thread that does jobs in order, started with the first one."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None
        self._recorders = 0

    def turn(self) -> int:
        """Ticks until a new recording's first flush: recordings take turns, so that they do not flush all at once."""
        self._recorders += 1
        return FLUSH_TICKS - self._recorders % FLUSH_TICKS

    def do(self, job: Callable[[], None], *, now: bool = False) -> None:
        """Do this after everything handed in before; within a tenth of a second, or at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
            self._thread.start()
        self._jobs.put(job)
        if now:
            self._hurry.set()

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        if self._thread is not None:
            self._jobs.put(None)
            self._hurry.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            self._hurry.wait(GATHER)
            self._hurry.clear()
            while True:
                if job is None:
                    return
                try:
                    job()
                except Exception:
                    _log.exception("a job of the writer failed")
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break


class Recorder:
    """One call's recording, seen from the media clock. Every method but ``close`` returns at once.

    ``on_fault`` is called on the loop, once, when the disk has failed.
    """

    def __init__(self, writer: WriterThread, path: Path, on_fault: Callable[[], None] | None = None) -> None:
        self.path = path
        self.state = State.ON
        self.markers: list[Marker] = []
        self._writer = writer
        self._on_fault = on_fault
        self._sink = _Sink(path)
        self._on = True
        self._ticks = 0
        self._due = writer.turn()
        self._left: list[tuple[int, int, bytes]] = []
        self._right: list[bytes] = []
        self._pauses: tuple[tuple[int, int], ...] = ()

    @property
    def position_ms(self) -> int:
        """Time since the recording began; goes on when it is paused or stopped."""
        return self._ticks * FRAME_MS

    @property
    def recording(self) -> bool:
        """Whether the time line is still written (silence, when paused)."""
        return self.state in (State.ON, State.PAUSED)

    def customer(self, mulaw_bytes: bytes, position: int) -> None:
        """Sound of the customer at ``position`` of their stream, tied to our time by the promptest first piece."""
        if self._on:
            self._left.append((position, self._ticks, mulaw_bytes))

    def tick(self, ours: bytes) -> None:
        """Another 20 ms have passed, in which the customer heard ``ours``."""
        if self._on:
            self._right.append(ours)
        elif self.state is State.PAUSED:
            self._right.append(QUIET)
        self._ticks = ticks = self._ticks + 1
        if ticks >= self._due:
            self._flush(SLACK)

    def pause(self, name: str = "") -> bool:
        """From this tick on both channels are silence, on disk and in memory. False: it was not recording."""
        if self.state is not State.ON:
            return False
        self.marker("pause", name)
        self._enter(State.PAUSED)
        self._pauses = (*self._pauses, (self._ticks * FRAME_SAMPLES, _FOREVER))
        return True

    def resume(self, name: str = "") -> bool:
        """Sound again. What the customer said during the pause and arrives only now stays out."""
        if self.state is not State.PAUSED:
            return False
        self._enter(State.ON)
        self._pauses = (*self._pauses[:-1], (self._pauses[-1][0], self._ticks * FRAME_SAMPLES))
        self.marker("resume", name)
        return True

    def stop(self, *, discard: bool, name: str = "") -> bool:
        """No more from this tick on. ``discard``: the customer objected, and what was recorded so far is deleted."""
        if self.state is State.OFF:
            return False
        recording = self.recording
        if discard:
            self.marker("objection", name)
            self._left, self._right = [], []
        elif recording:
            self._flush(0)
        self._enter(State.OFF)
        self._writer.do(self._sink.discard if discard else self._sink.end, now=discard)
        return True

    def marker(self, kind: str, name: str = "") -> None:
        """Note that something happened here. ``pause``, ``resume`` and ``objection`` note themselves."""
        marker = Marker(kind, self.position_ms, name)
        self.markers.append(marker)
        if self.recording:
            self._writer.do(partial(self._sink.note, marker))

    async def close(self) -> float:
        """Write the rest and make it safe; answers the length in seconds (0: nothing is kept)."""
        if self.recording:
            self._flush(0)
        await asyncio.to_thread(self._finish)
        self._check()
        if self.state is not State.FAILED:
            self._enter(State.OFF)
        return self._sink.samples / LINE_RATE

    def _enter(self, state: State) -> None:
        self.state, self._on = state, state is State.ON

    def _flush(self, slack: int) -> None:
        self._due = self._ticks + FLUSH_TICKS
        if self.recording:
            left, right = self._left, self._right
            self._left, self._right = [], []
            self._writer.do(partial(self._sink.write, left, right, self._ticks * FRAME_SAMPLES, slack, self._pauses))
            self._check()

    def _check(self) -> None:
        if self._sink.failed and self.state is not State.FAILED and self.state is not State.OFF:
            self.marker("fault")
            self._enter(State.FAILED)
            self._left, self._right = [], []
            if self._on_fault is not None:
                self._on_fault()

    def _finish(self) -> None:
        written = threading.Event()
        self._writer.do(written.set, now=True)
        written.wait()
        self._sink.seal()


class _Sink:
    """The file, seen from the writer thread."""

    def __init__(self, path: Path) -> None:
        self.samples = 0
        self.failed = False
        self._path = path
        self._file = -1
        self._begun = False
        self._origin: int | None = None
        self._waiting: list[tuple[int, bytes]] = []
        self._ours = bytearray()

    def _begin(self) -> bool:
        """With the first sound, so that a call that never came about has no file. Whether there is one now."""

        def make() -> None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            self._put(header(0), 0)

        if not self._begun:
            self._begun = True
            self._try(make)
        return self._file >= 0

    def write(
        self,
        left: Sequence[tuple[int, int, bytes]],
        right: Sequence[bytes],
        now: int,
        slack: int,
        pauses: Sequence[tuple[int, int]],
    ) -> None:
        """Both sides up to ``now`` less ``slack``; what is later of them waits here."""
        if not self._begin():
            return
        self._ours += b"".join(right)
        self._waiting += self._placed(left)
        until = now - slack
        if until > self.samples:
            self._try(lambda: self._write(until, pauses))

    def note(self, marker: Marker) -> None:
        def append() -> None:
            with _notes(self._path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(marker), ensure_ascii=False) + "\n")

        if self._begin():
            self._try(append)

    def end(self) -> None:
        """Nothing more is written."""
        self._begun = True
        self._waiting.clear()
        self._ours.clear()
        self.seal()

    def discard(self) -> None:
        self.end()
        self.samples = 0
        self._try(lambda: forget(self._path))

    def seal(self) -> None:
        """Safe on the disk, and closed."""
        file, self._file = self._file, -1
        if file >= 0:
            try:
                os.fsync(file)
            except OSError:
                _log.exception("a recording could not be made safe", recording=self._path.stem)
                self.failed = True
            finally:
                os.close(file)

    def _write(self, until: int, pauses: Sequence[tuple[int, int]]) -> None:
        start, pieces = self.samples, self._waiting
        theirs = bytearray(_SILENT * (until - start))
        self._waiting, late = [], []
        for at, sound in pieces:
            offset, end = at - start, at - start + len(sound)
            if offset < 0:
                late.append((at, sound[:-offset]))
                if end <= 0:
                    continue
                sound, offset = sound[-offset:], 0
            if end > len(theirs):
                room = len(theirs) - offset
                self._waiting.append((max(at, until), sound[max(0, room) :]))
                if room <= 0:
                    continue
                sound, end = sound[:room], len(theirs)
            theirs[offset:end] = sound
        _blank(theirs, start, pauses)
        ours = bytes(self._ours[: until - start]).ljust(until - start, _SILENT)
        del self._ours[: until - start]
        pairs = bytearray(2 * (until - start))
        pairs[0::2], pairs[1::2] = theirs, ours
        self._put(_DECODED.take(np.frombuffer(pairs, np.uint16)).tobytes(), HEADER + start * BLOCK)
        self.samples = until
        self._put(header(until * BLOCK), 0)
        if late:
            self._patch(late, start, pauses)

    def _patch(self, late: Sequence[tuple[int, bytes]], settled: int, pauses: Sequence[tuple[int, int]]) -> None:
        """Sound that came after its place had been written (a stalled network) still goes there."""
        start = max(0, min(at for at, _ in late))
        kept = os.pread(self._file, (settled - start) * BLOCK, HEADER + start * BLOCK)
        both = np.frombuffer(kept, np.int16).reshape(-1, 2).copy()
        for at, sound in late:
            piece = bytearray(sound[max(0, start - at) :])
            at = max(at, start)
            _blank(piece, at, pauses)
            both[at - start : at - start + len(piece), 0] = mulaw.decode(bytes(piece))
        self._put(both.tobytes(), HEADER + start * BLOCK)

    def _placed(self, left: Sequence[tuple[int, int, bytes]]) -> list[tuple[int, bytes]]:
        """On our time line, packets that follow each other as one piece. A stream that jumps goes on from here."""
        if not left:
            return []
        origin = self._origin
        if origin is None:
            # Sound that waited while the call was being connected comes all at once: its last piece is from now.
            origin = min(ticks * FRAME_SAMPLES - position for position, ticks, _ in left)
        runs: list[tuple[int, list[bytes]]] = []
        follows = None
        for position, ticks, sound in left:
            if position == follows:
                runs[-1][1].append(sound)
            else:
                now = ticks * FRAME_SAMPLES
                if not -LATE < origin + position - now < EARLY:
                    origin = now - position
                runs.append((origin + position, [sound]))
            follows = position + len(sound)
        self._origin = origin
        return [(at, b"".join(sounds)) for at, sounds in runs]

    def _put(self, data: bytes | memoryview, at: int) -> None:
        view = memoryview(data)
        while view:
            written = os.pwrite(self._file, view, at)
            view, at = view[written:], at + written

    def _try(self, work: Callable[[], None]) -> None:
        """A full disk or a lost one ends the recording; what is written keeps a header that agrees with it."""
        try:
            work()
        except OSError:
            _log.exception("a recording ends: the disk failed", recording=self._path.stem)
            self.failed = True
            self._waiting.clear()
            self._ours.clear()
            if self._file >= 0:
                self._close_failed()

    def _close_failed(self) -> None:
        try:
            os.pwrite(self._file, header(self.samples * BLOCK), 0)
            os.ftruncate(self._file, HEADER + self.samples * BLOCK)
        except OSError:
            _log.warning("the recording's header could not be corrected", recording=self._path.stem)
        self.seal()


def _blank(sound: bytearray, start: int, pauses: Sequence[tuple[int, int]]) -> None:
    """Silence where the recording was paused; ``start`` is the place of the first sample."""
    end = start + len(sound)
    for began, ended in pauses:
        first, last = max(began, start), min(ended, end)
        if first < last:
            sound[first - start : last - start] = _SILENT * (last - first)
