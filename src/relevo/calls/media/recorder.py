"""Recording a call as it goes: 8 kHz, 16 bit, two channels, the customer on the left and our side on the right.

Laid out for speed: ticks only note where sound belongs; twice a second what is settled is interleaved and handed to the
one writer thread of the process, which appends it and corrects the file's header. A killed process therefore leaves a
playable file that lacks less than a second; ``repair`` makes the header of any such file agree with its size. It knows
no ids, people or rules about who may listen.
"""

from __future__ import annotations

import asyncio
import os
import queue
import struct
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.kit import log

_log = log.get("calls.recorder")

HEADER = 44
BLOCK = 4
FLUSH_TICKS = 25
SLACK = 8 * FRAME_SAMPLES
"""How late the customer's sound may come and still be put in its place (160 ms)."""


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


class WriterThread:
    """The disk's side: one thread that does jobs in order, started with the first one."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(self, job: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except OSError:
                _log.exception("writing a recording failed")


class Recorder:
    def __init__(self, writer: WriterThread, path: Path) -> None:
        self._writer = writer
        self.path = path
        self._file: BinaryIO | None = None
        self._written = 0
        self._ticks = 0
        self._settled = 0
        self._origin: int | None = None
        self._left: deque[tuple[int, Pcm]] = deque()
        self._right: deque[tuple[int, Pcm]] = deque()
        writer.do(self._open)

    @property
    def position_ms(self) -> int:
        return self._ticks * FRAME_SAMPLES * 1_000 // LINE_RATE

    def customer(self, pcm: Pcm, position: int) -> None:
        """Sound of the customer at ``position`` of their stream, which is tied to our time by its first piece."""
        if self._origin is None:
            self._origin = self._ticks * FRAME_SAMPLES - position
        self._left.append((self._origin + position, pcm))

    def tick(self, ours: Pcm) -> None:
        """Another 20 ms have passed, in which the customer heard ``ours``."""
        self._right.append((self._ticks * FRAME_SAMPLES, ours))
        self._ticks += 1
        if self._ticks % FLUSH_TICKS == 0:
            self._flush(self._ticks * FRAME_SAMPLES - SLACK)

    async def close(self) -> float:
        """Write the rest; answers the length in seconds."""
        self._flush(self._ticks * FRAME_SAMPLES)
        finished = threading.Event()

        def finish() -> None:
            try:
                if self._file is not None:
                    self._file.flush()
                    os.fsync(self._file.fileno())
                    self._file.close()
            finally:
                finished.set()

        self._writer.do(finish)
        await asyncio.to_thread(finished.wait)
        return self._settled / LINE_RATE

    def _flush(self, until: int) -> None:
        if until <= self._settled:
            return
        sound = np.zeros((until - self._settled, 2), np.int16)
        self._paste(self._left, sound[:, 0], until)
        self._paste(self._right, sound[:, 1], until)
        self._settled = until
        self._writer.do(lambda: self._append(sound.tobytes()))

    def _paste(self, pieces: deque[tuple[int, Pcm]], channel: Pcm, until: int) -> None:
        while pieces and pieces[0][0] < until:
            at, pcm = pieces.popleft()
            if at + len(pcm) > until:
                pieces.appendleft((until, pcm[until - at :]))
                pcm = pcm[: until - at]
            if at < self._settled:
                pcm, at = pcm[self._settled - at :], self._settled
            channel[at - self._settled : at - self._settled + len(pcm)] = pcm

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w+b", buffering=0)
        self._file.write(header(0))

    def _append(self, data: bytes) -> None:
        if self._file is None:
            return
        self._file.write(data)
        self._written += len(data)
        self._file.seek(0)
        self._file.write(header(self._written))
        self._file.seek(0, os.SEEK_END)
