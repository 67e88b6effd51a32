"""A pool of speech worker processes, seen from the event loop: jobs go in, pieces come out, nothing ever blocks.

A job that nobody wants any more is dropped if it has not begun and told to stop if it has. A worker that dies is
replaced; its job is tried once more unless part of its result was already handed out. The pool knows nothing of sound.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any

from relevo.adapters.speech.wire import SIZES, Frame, pack
from relevo.kit import log
from relevo.kit.errors import Misconfigured, NotReady, ProviderError
from relevo.kit.tasks import Tasks

_log = log.get("speech.workers")

LOAD_SECONDS = 120.0
PATIENCE_SECONDS = 30.0
"""A worker that says nothing for so long during a job is stuck and is replaced."""
NICE = 10
"""Of work that may wait for live calls."""
REST_SECONDS = 600.0
"""A worker that is needed now and then gives its memory back after so long."""
_GRACE_SECONDS = 2.0
_TRIES = 2
_REST_SECONDS = 0.5
"""Between two starts of an engine that does not come up."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Job:
    __slots__ = ("body", "dropped", "given", "head", "number", "pieces", "worker")

    def __init__(self, number: int, head: Mapping[str, Any], body: bytes) -> None:
        self.number = number
        self.head = head
        self.body = body
        self.pieces: asyncio.Queue[Frame | NotReady] = asyncio.Queue()
        self.dropped = False
        self.given = False
        self.worker: _Worker | None = None


class _Gone(Exception):
    """The process ended, never began, or is stuck."""


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    async def send(self, frame: Frame) -> None:
        if self.process.stdin is None or self.process.returncode is not None:
            raise _Gone
        try:
            self.process.stdin.write(pack(frame))
            await self.process.stdin.drain()
        except (ConnectionError, RuntimeError) as error:
            raise _Gone from error

    def cancel(self, number: int) -> None:
        if self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(pack(Frame({"cancel": number})))

    async def receive(self, seconds: float) -> Frame:
        stream = self.process.stdout
        if stream is None:
            raise _Gone
        try:
            async with asyncio.timeout(seconds):
                head, body = SIZES.unpack(await stream.readexactly(SIZES.size))
                return Frame(json.loads(await stream.readexactly(head)), await stream.readexactly(body))
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
            raise _Gone from error

    async def close(self) -> None:
        """Close its input, which ends it; kill it if it does not listen."""
        if self.process.stdin is not None:
            self.process.stdin.close()
            with suppress(ConnectionError):
                await self.process.stdin.wait_closed()
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                await self.process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
            with suppress(ConnectionError):
                await self.process.stdin.wait_closed()
        await self.process.wait()


class Pool:
    """``engine`` is ``module:Class`` for ``worker.make``; ``options`` is what it is made from (plain JSON)."""

    def __init__(
        self,
        name: str,
        engine: str,
        options: Mapping[str, Any],
        *,
        size: int = 1,
        threads: int = 1,
        patience: float = PATIENCE_SECONDS,
        most_waiting: int | None = None,
        nice: int = 0,
        rest: float | None = None,
    ) -> None:
        """Beyond ``most_waiting`` the job that has waited longest is given up. ``nice`` workers take what processor
        others leave. After ``rest`` seconds without a job a worker ends, and is started again by the next one."""
        self._name = name
        self._setup = Frame({"engine": engine, "options": dict(options), "nice": nice})
        self._size = size
        self._threads = threads
        self._patience = patience
        self._most_waiting = most_waiting
        self._waiting: deque[_Job] = deque()
        self._work = asyncio.Event()
        self._rest = rest
        self._alive: dict[int, _Worker] = {}
        self._resting: set[int] = set()
        self._numbers = 0
        self._tasks = Tasks()
        self._starting: asyncio.Lock = asyncio.Lock()
        self._running = False
        self._closed = False

    @property
    def pids(self) -> list[int]:
        return [worker.pid for worker in self._alive.values()]

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def healthy(self) -> bool:
        return len(self._alive) == self._size

    async def start(self) -> None:
        """Start every worker and wait until all are loaded. Raises ``NotReady`` or ``Misconfigured``."""
        async with self._starting:
            if self._running:
                return
            self._closed = False
            tries = await asyncio.gather(*(self._spawn(index) for index in range(self._size)), return_exceptions=True)
            if failures := [outcome for outcome in tries if isinstance(outcome, BaseException)]:
                await self._end_workers()
                raise self._not_ready() if isinstance(failures[0], _Gone) else failures[0]
            self._running = True
            for index in range(self._size):
                self._tasks.start(self._serve(index), name=f"speech {self._name} {index}")

    async def wake(self) -> None:
        """A job is about to come: begin to start what rests."""
        await self.start()
        self._resting.clear()
        self._work.set()

    async def close(self) -> None:
        """End every worker and fail what is left."""
        self._running, self._closed = False, True
        await self._tasks.close()
        await self._end_workers()
        while self._waiting:
            self._waiting.popleft().pieces.put_nowait(self._not_ready())

    async def stream(self, head: Mapping[str, Any], body: bytes = b"") -> AsyncGenerator[Frame]:
        """Do one job and yield its pieces as they are made. Raises ``NotReady`` if it cannot be done."""
        if self._closed:
            raise self._not_ready()
        await self.start()
        self._numbers += 1
        job = _Job(self._numbers, head, body)
        self._waiting.append(job)
        if self._most_waiting is not None and len(self._waiting) > self._most_waiting:
            self._waiting.popleft().pieces.put_nowait(self._not_ready())
        self._work.set()
        try:
            while True:
                piece = await job.pieces.get()
                if isinstance(piece, NotReady):
                    raise piece
                if "done" in piece.head:
                    return
                yield piece
        finally:
            job.dropped = True
            with suppress(ValueError):
                self._waiting.remove(job)
            if job.worker is not None:
                job.worker.cancel(job.number)

    async def _serve(self, index: int) -> None:
        """Give jobs to one worker, one at a time, and replace it when it dies, be it at work or idle."""
        while True:
            while not self._waiting and (index in self._resting or not self._dead(index)):
                self._work.clear()
                try:
                    async with asyncio.timeout(None if index in self._resting else self._rest):
                        await self._work.wait()
                except TimeoutError:
                    self._resting.add(index)
                    await self._bury(index)
            if not self._waiting:
                await self._replace(index)
                continue
            job = self._waiting.popleft()
            try:
                await self._finish(job, index)
            except asyncio.CancelledError:
                job.pieces.put_nowait(self._not_ready())
                raise

    async def _finish(self, job: _Job, index: int) -> None:
        for _ in range(_TRIES):
            if (not self._dead(index) or await self._replace(index)) and await self._did(job, index):
                return
            if job.given or job.dropped:
                break
        job.pieces.put_nowait(self._not_ready())

    def _dead(self, index: int) -> bool:
        worker = self._alive.get(index)
        return worker is None or worker.process.returncode is not None

    async def _replace(self, index: int) -> bool:
        await self._bury(index)
        try:
            await self._spawn(index)
        except (_Gone, ProviderError):
            await self._bury(index)
            await asyncio.sleep(_REST_SECONDS)
            return False
        return True

    async def _did(self, job: _Job, index: int) -> bool:
        """Whether the worker answered the job, for better or worse; one that did not is dead."""
        try:
            await self._do(job, self._alive[index])
        except _Gone:
            _log.error("a speech worker died", engine=self._name)
            await self._bury(index)
            return False
        return True

    async def _do(self, job: _Job, worker: _Worker) -> None:
        job.worker = worker
        try:
            await worker.send(Frame({**job.head, "job": job.number}, job.body))
            if job.dropped:
                worker.cancel(job.number)
            while True:
                piece = await worker.receive(self._patience)
                if "error" in piece.head:
                    _log.error("a speech job failed", engine=self._name, reason=piece.head["error"])
                    job.pieces.put_nowait(self._not_ready())
                    return
                job.given = True
                job.pieces.put_nowait(piece)
                if "done" in piece.head:
                    return
        finally:
            job.worker = None

    async def _spawn(self, index: int) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "relevo.adapters.speech.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **dict.fromkeys(_THREADS, str(self._threads))},
        )
        worker = self._alive[index] = _Worker(process)
        self._resting.discard(index)
        await worker.send(self._setup)
        answer = await worker.receive(LOAD_SECONDS)
        if "failed" in answer.head:
            _log.error("a speech engine cannot be loaded", engine=self._name, reason=answer.head["failed"])
            if code := answer.head.get("misconfigured"):
                raise Misconfigured(code, **answer.head["params"])
            raise _Gone
        self._tasks.start(self._watch(worker), name=f"speech {self._name} watch")

    async def _watch(self, worker: _Worker) -> None:
        await worker.process.wait()
        self._work.set()

    async def _bury(self, index: int) -> None:
        if (worker := self._alive.pop(index, None)) is not None:
            await worker.kill()

    async def _end_workers(self) -> None:
        workers = list(self._alive.values())
        self._alive.clear()
        await asyncio.gather(*(worker.close() for worker in workers))

    def _not_ready(self) -> NotReady:
        return NotReady("speech_not_ready", engine=self._name)
