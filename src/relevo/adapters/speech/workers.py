"""Speech engines in processes of their own: they use a whole core or hold the GIL, and neither may touch the audio.

A worker is one spawned process with one engine and one pipe. Jobs wait here, in order, and are dropped if the caller
gives up before they begin. A worker that dies is started again and its job fails as ``NotReady``. When this process
dies its pipes close and the workers end by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from relevo.kit import log
from relevo.kit.errors import NotReady

_log = log.get("speech")

STOP_SECONDS = 5.0


class Engine(Protocol):
    """What lives in the worker: answers a job with any number of pieces."""

    def run(self, job: Any) -> Iterator[Any]: ...


Factory = Callable[[], Engine]
"""Builds the engine inside the worker; must be picklable."""


@dataclass(slots=True, eq=False)
class _Job:
    work: Any
    loop: asyncio.AbstractEventLoop
    pieces: asyncio.Queue[tuple[str, Any]] = field(default_factory=asyncio.Queue)
    gone: bool = False

    def put(self, kind: str, value: Any = None) -> None:
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.pieces.put_nowait, (kind, value))


def _serve(factory: Factory, pipe: Connection) -> None:
    """The worker's main loop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        engine = factory()
    except Exception as error:
        with contextlib.suppress(OSError):
            pipe.send(("failed", repr(error)))
        return
    with contextlib.suppress(EOFError, OSError):
        pipe.send(("ready", None))
        while (work := pipe.recv()) is not None:
            try:
                for piece in engine.run(work):
                    pipe.send(("piece", piece))
            except Exception as error:
                pipe.send(("error", repr(error)))
            else:
                pipe.send(("end", None))


class Worker:
    """One process and the thread that talks to it."""

    def __init__(self, name: str, factory: Factory) -> None:
        self.name = name
        self._factory = factory
        self._jobs: deque[_Job] = deque()
        self._condition = threading.Condition()
        self._closing = False
        self._process: Any = None
        self._ready = threading.Event()
        self.failure: str | None = None
        self._thread = threading.Thread(target=self._drive, name=f"speech {name}", daemon=True)

    @property
    def waiting(self) -> int:
        return len(self._jobs)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        self._thread.start()

    async def ready(self) -> None:
        """Wait until the engine is loaded. Raises ``NotReady`` if it cannot be."""
        await asyncio.to_thread(self._ready.wait)
        if self.failure is not None:
            raise NotReady("speech_not_ready", engine=self.name)

    def submit(self, job: _Job) -> None:
        with self._condition:
            self._jobs.append(job)
            self._condition.notify()

    def close(self) -> None:
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(STOP_SECONDS)
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _drive(self) -> None:
        while not self._closing:
            pipe = self._spawn()
            if pipe is None:
                self._fail_all()
                return
            with pipe:
                self._talk(pipe)
            self._process.join(STOP_SECONDS)

    def _spawn(self) -> Connection | None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(self._factory, theirs), name=f"relevo {self.name}", daemon=True)
        # The engines' libraries read these when they are loaded; one worker is one core's worth of work.
        saved = {key: os.environ.get(key) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        os.environ.update(dict.fromkeys(saved, "1"))
        try:
            process.start()
        finally:
            for key, value in saved.items():
                if value is None:
                    os.environ.pop(key, None)
                else:
                    os.environ[key] = value
        theirs.close()
        self._process = process
        try:
            state, reason = ours.recv()
        except (EOFError, OSError):
            state, reason = "failed", "died while loading"
        if state != "ready":
            self.failure = str(reason)
            _log.error("a speech engine cannot be loaded", engine=self.name, reason=self.failure)
            self._ready.set()
            ours.close()
            return None
        self._ready.set()
        return ours

    def _talk(self, pipe: Connection) -> None:
        while True:
            with self._condition:
                while not self._jobs and not self._closing:
                    self._condition.wait()
                if self._closing:
                    with contextlib.suppress(OSError):
                        pipe.send(None)
                    self._fail_all()
                    return
                job = self._jobs.popleft()
            if job.gone:
                continue
            try:
                pipe.send(job.work)
                while True:
                    kind, value = pipe.recv()
                    if kind != "piece":
                        job.put(kind, value)
                        break
                    if not job.gone:
                        job.put(kind, value)
            except (EOFError, OSError):
                _log.error("a speech worker died", engine=self.name)
                job.put("error", "died")
                return

    def _fail_all(self) -> None:
        while self._jobs:
            self._jobs.popleft().put("error", "closed")


class Pool:
    """Workers of one kind; a job goes to the one with the shortest queue."""

    def __init__(self, name: str, factory: Factory, *, size: int = 1) -> None:
        self._workers = [Worker(f"{name}-{number}", factory) for number in range(1, size + 1)]
        self._turn = 0

    async def start(self) -> None:
        for worker in self._workers:
            worker.start()
        for worker in self._workers:
            await worker.ready()

    async def close(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(worker.close) for worker in self._workers))

    @property
    def pids(self) -> list[int | None]:
        return [worker.pid for worker in self._workers]

    def healthy(self) -> bool:
        return all(worker.failure is None for worker in self._workers)

    async def stream(self, work: Any) -> AsyncIterator[Any]:
        """Give the job to a worker and yield its pieces. Raises ``NotReady`` if the engine fails."""
        self._turn += 1
        order = self._workers[self._turn % len(self._workers) :] + self._workers[: self._turn % len(self._workers)]
        worker = min(order, key=lambda each: each.waiting)
        job = _Job(work, asyncio.get_running_loop())
        worker.submit(job)
        try:
            while True:
                kind, value = await job.pieces.get()
                if kind == "piece":
                    yield value
                elif kind == "end":
                    return
                else:
                    raise NotReady("speech_not_ready", engine=worker.name)
        finally:
            job.gone = True
